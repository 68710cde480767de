//! Processes: who they are, how they begin and end.

use crate::{
    constants::*,
    files::{close, nowhere},
    pipes,
    portable::{self, SignalInfo},
    report::{Failure, Outcome, Run, say},
};
use core::{
    ffi::c_char,
    ptr::{null, null_mut},
};
use ring3::{
    Errno, Sysno, syscall,
    uapi::{rlimit64, robust_list_head, rusage},
};

checks! { "processes":
    ids, by_number, users, groups, fork_and_exit, child_writes, wait_for_child, wait_for_none, killed, run_missing, run_program,
    run_at, groups_of_processes, session, priority, limits, limit_wrong, usage, thread_id_address, robust_list, descriptor,
    descriptor_wrong, descriptor_signal, descriptor_copy (privileged), compare (privileged), new_namespaces (privileged),
    enter_namespace (privileged), trace_missing (privileged), restart,
}

/// The exit code of a child to which the kernel said ENOSYS.
const NO_SUCH_CALL: i32 = 98;

/// Runs `child` in a process of its own; gives its exit code, or 256 and the signal that ended it.
pub fn in_child(run: &Run, child: impl FnOnce() -> Result<i32, Failure>) -> Result<i32, Failure> {
    match portable::fork(run) {
        Err(errno) => Err(Failure::Refused("fork", errno)),
        Ok(0) => portable::exit(match child() {
            Ok(code) => code,
            Err(Failure::Refused(_, Errno::ENOSYS)) => NO_SUCH_CALL,
            Err(failure) => {
                say(format_args!("in a child: {}\n", run.explain(&failure).as_str()));
                99
            }
        }),
        Ok(pid) => match portable::wait(run, pid) {
            Ok(NO_SUCH_CALL) => Err(Failure::Refused("in a child", Errno::ENOSYS)),
            result => result.map_err(|errno| Failure::Refused("wait", errno)),
        },
    }
}

/// This process.
pub fn me(run: &Run) -> Result<usize, Failure> {
    Ok(ok!(run, getpid()))
}

fn ids(run: &Run) -> Outcome {
    let (process, thread) = (ok!(run, getpid()), ok!(run, gettid()));
    holds!(run, process > 0 && process == thread);
    same!(
        run,
        in_child(run, || {
            let (child, parent) = (ok!(run, getpid()), ok!(run, getppid()));
            Ok(i32::from(parent == process && child != process))
        })?,
        1
    );
    Ok(())
}

/// The same through `syscall!`, where nothing but the number says which call it is.
fn by_number(run: &Run) -> Outcome {
    // SAFETY: getpid takes nothing and cannot fail; close gets a descriptor that is not open.
    let (pid, error) = unsafe { (syscall!(Sysno::GETPID), syscall!(Sysno::CLOSE, 12345)) };
    same!(run, pid, call!(run, getpid()));
    same!(run, error, Err(Errno::EBADF));
    // SAFETY: no call has this number.
    let none = unsafe { syscall!(0x7fff) };
    same!(run, none, Err(Errno::ENOSYS));
    let text = b"12345";
    let mut ends = [0i32; 2];
    ok!(run, pipe2(ends.as_mut_ptr(), 0));
    // SAFETY: the kernel reads as many bytes as the text has.
    same!(run, unsafe { syscall!(Sysno::WRITE, ends[1], text.as_ptr(), text.len()) }, Ok(5));
    close(run, ends[0] as usize)?;
    close(run, ends[1] as usize)
}

fn users(run: &Run) -> Outcome {
    let (mut real, mut effective, mut saved) = (0, 0, 0);
    same!(run, ok!(run, getresuid(&raw mut real, &raw mut effective, &raw mut saved)), 0);
    same!(run, ok!(run, getuid()), real as usize);
    same!(run, ok!(run, geteuid()), effective as usize);
    same!(run, ok!(run, setresuid(u32::MAX as _, u32::MAX as _, u32::MAX as _)), 0);
    fails!(run, EFAULT, getresuid(nowhere(), nowhere(), nowhere()));
    Ok(())
}

fn groups(run: &Run) -> Outcome {
    let (mut real, mut effective, mut saved) = (0, 0, 0);
    same!(run, ok!(run, getresgid(&raw mut real, &raw mut effective, &raw mut saved)), 0);
    same!(run, ok!(run, getgid()), real as usize);
    same!(run, ok!(run, getegid()), effective as usize);
    same!(run, ok!(run, setresgid(u32::MAX as _, u32::MAX as _, u32::MAX as _)), 0);
    let count = ok!(run, getgroups(0, null_mut()));
    holds!(run, count <= 65536);
    fails!(run, EINVAL, getgroups(-1, null_mut()));
    Ok(())
}

fn fork_and_exit(run: &Run) -> Outcome {
    for code in [0, 1, 42, 255] {
        same!(run, in_child(run, || Ok(code))?, code);
    }
    // The code is eight bits wide.
    same!(run, in_child(run, || Ok(0x1_07))?, 7);
    Ok(())
}

fn child_writes(run: &Run) -> Outcome {
    let ends = pipes::pipe(run, 0)?;
    let mut mine = 1;
    let code = in_child(run, || {
        mine = 2;
        same!(run, ok!(run, write(ends[1] as _, b"child".as_ptr().cast(), 5)), 5);
        Ok(mine)
    })?;
    // What the child changes is a copy.
    same!(run, (code, mine), (2, 1));
    let mut bytes = [0u8; 8];
    same!(run, ok!(run, read(ends[0] as _, bytes.as_mut_ptr().cast(), 8)), 5);
    same!(run, &bytes[..5], b"child");
    close(run, ends[0])?;
    close(run, ends[1])
}

fn wait_for_child(run: &Run) -> Outcome {
    let child = portable::fork(run).map_err(|errno| Failure::Refused("fork", errno))?;
    if child == 0 {
        portable::exit(77);
    }
    let mut info = SignalInfo::default();
    same!(run, ok!(run, waitid(P_PID, child as _, info.as_mut_ptr(), WEXITED, null_mut())), 0);
    same!(run, (info.signal(), info.code(), info.pid(), info.status()), (SIGCHLD, CLD_EXITED, child, 77));
    Ok(())
}

fn wait_for_none(run: &Run) -> Outcome {
    let mut info = SignalInfo::default();
    fails!(run, ECHILD, waitid(P_ALL, 0, info.as_mut_ptr(), WEXITED, null_mut()));
    fails!(run, EINVAL, waitid(P_ALL, 0, info.as_mut_ptr(), 0, null_mut()));
    fails!(run, EINVAL, waitid(99, 0, info.as_mut_ptr(), WEXITED, null_mut()));
    same!(run, portable::wait(run, 1), Err(Errno::ECHILD));
    Ok(())
}

fn killed(run: &Run) -> Outcome {
    let ends = pipes::pipe(run, 0)?;
    let child = portable::fork(run).map_err(|errno| Failure::Refused("fork", errno))?;
    if child == 0 {
        // Nobody writes, so this ends by the signal alone.
        let mut byte = 0u8;
        let _ = call!(run, read(ends[0] as _, (&raw mut byte).cast(), 1));
        portable::exit(0);
    }
    same!(run, ok!(run, kill(child as _, 0)), 0);
    same!(run, ok!(run, kill(child as _, SIGKILL)), 0);
    same!(run, portable::wait(run, child), Ok(256 + SIGKILL));
    fails!(run, ESRCH, kill(child as _, 0));
    fails!(run, EINVAL, kill(me(run)? as _, 999));
    close(run, ends[0])?;
    close(run, ends[1])
}

fn run_missing(run: &Run) -> Outcome {
    let arguments: [*const c_char; 2] = [c"missing".as_ptr(), null()];
    fails!(run, ENOENT, execve(c"missing".as_ptr(), arguments.as_ptr(), [null()].as_ptr()));
    fails!(run, EACCES, execve(c".".as_ptr(), arguments.as_ptr(), [null()].as_ptr()));
    fails!(run, EFAULT, execve(nowhere(), arguments.as_ptr(), [null()].as_ptr()));
    Ok(())
}

/// Ends in the error that the kernel has for a file that is no program.
fn run_program(run: &Run) -> Outcome {
    let fd = ok!(run, openat(AT_FDCWD, c"f".as_ptr(), O_CREAT | O_WRONLY, 0o700));
    same!(run, ok!(run, write(fd as _, b"no program".as_ptr().cast(), 10)), 10);
    close(run, fd)?;
    let arguments: [*const c_char; 2] = [c"f".as_ptr(), null()];
    fails!(run, ENOEXEC, execve(c"f".as_ptr(), arguments.as_ptr(), [null()].as_ptr()));
    crate::files::remove(run, c"f")
}

fn run_at(run: &Run) -> Outcome {
    let arguments: [*const c_char; 2] = [c"missing".as_ptr(), null()];
    let (path, environment) = (c"missing".as_ptr(), [null()]);
    fails!(run, ENOENT, execveat(AT_FDCWD, path, arguments.as_ptr(), environment.as_ptr(), 0));
    fails!(run, EBADF, execveat(12345, path, arguments.as_ptr(), environment.as_ptr(), 0));
    fails!(run, EINVAL, execveat(AT_FDCWD, path, arguments.as_ptr(), environment.as_ptr(), 1));
    Ok(())
}

fn groups_of_processes(run: &Run) -> Outcome {
    let group = ok!(run, getpgid(0));
    let code = in_child(run, || {
        same!(run, ok!(run, getpgid(0)), group);
        same!(run, ok!(run, setpgid(0, 0)), 0);
        Ok(i32::from(ok!(run, getpgid(0)) == ok!(run, getpid())))
    })?;
    same!(run, code, 1);
    fails!(run, ESRCH, getpgid(i32::MAX));
    fails!(run, EINVAL, setpgid(0, -1));
    Ok(())
}

fn session(run: &Run) -> Outcome {
    let code = in_child(run, || {
        let session = ok!(run, setsid());
        fails!(run, EPERM, setsid());
        Ok(i32::from(session == ok!(run, getsid(0)) && session == ok!(run, getpid())))
    })?;
    same!(run, code, 1);
    fails!(run, ESRCH, getsid(i32::MAX));
    Ok(())
}

fn priority(run: &Run) -> Outcome {
    // The raw call gives 20 - nice, so that no result is negative.
    let before = ok!(run, getpriority(0, 0));
    holds!(run, (1..=40).contains(&before));
    let code = in_child(run, || {
        same!(run, ok!(run, setpriority(0, 0, 19)), 0);
        Ok(ok!(run, getpriority(0, 0)) as i32)
    })?;
    same!(run, code, 1);
    fails!(run, EINVAL, getpriority(99, 0));
    fails!(run, ESRCH, getpriority(0, i32::MAX as _));
    Ok(())
}

fn limits(run: &Run) -> Outcome {
    let mut limit = rlimit64 { rlim_cur: 0, rlim_max: 0 };
    same!(run, ok!(run, prlimit64(0, RLIMIT_NOFILE, null(), &raw mut limit)), 0);
    holds!(run, limit.rlim_cur >= 64 && limit.rlim_cur <= limit.rlim_max);
    let code = in_child(run, || {
        let less = rlimit64 { rlim_cur: 40, rlim_max: limit.rlim_max };
        same!(run, ok!(run, prlimit64(0, RLIMIT_NOFILE, &raw const less, null_mut())), 0);
        fails!(run, EINVAL, fcntl(0, F_DUPFD, 40));
        let mut now = rlimit64 { rlim_cur: 0, rlim_max: 0 };
        same!(run, ok!(run, prlimit64(0, RLIMIT_NOFILE, null(), &raw mut now)), 0);
        Ok(now.rlim_cur as i32)
    })?;
    same!(run, code, 40);
    Ok(())
}

fn limit_wrong(run: &Run) -> Outcome {
    let mut limit = rlimit64 { rlim_cur: 0, rlim_max: 0 };
    fails!(run, EINVAL, prlimit64(0, 99, null(), &raw mut limit));
    fails!(run, ESRCH, prlimit64(i32::MAX, RLIMIT_NOFILE, null(), &raw mut limit));
    limit.rlim_cur = 2;
    limit.rlim_max = 1;
    fails!(run, EINVAL, prlimit64(0, RLIMIT_NOFILE, &raw const limit, null_mut()));
    Ok(())
}

fn usage(run: &Run) -> Outcome {
    // SAFETY: rusage is plain data.
    let mut used: rusage = unsafe { core::mem::zeroed() };
    same!(run, ok!(run, getrusage(0, &raw mut used)), 0);
    holds!(run, used.ru_maxrss > 0 && (0..1_000_000).contains(&used.ru_utime.tv_usec));
    fails!(run, EINVAL, getrusage(99, &raw mut used));
    Ok(())
}

fn thread_id_address(run: &Run) -> Outcome {
    let thread = ok!(run, gettid());
    same!(run, ok!(run, set_tid_address(null_mut())), thread);
    Ok(())
}

fn robust_list(run: &Run) -> Outcome {
    // SAFETY: robust_list_head is plain data.
    let mut head: robust_list_head = unsafe { core::mem::zeroed() };
    head.list.next = (&raw mut head).cast();
    let (mut found, mut len) = (null_mut(), 0usize);
    same!(run, ok!(run, set_robust_list(&raw mut head, size_of_val(&head))), 0);
    same!(run, ok!(run, get_robust_list(0, &raw mut found, &raw mut len)), 0);
    same!(run, (found, len), (&raw mut head, size_of_val(&head)));
    fails!(run, EINVAL, set_robust_list(&raw mut head, 1));
    ok!(run, set_robust_list(null_mut(), size_of_val(&head)));
    Ok(())
}

fn descriptor(run: &Run) -> Outcome {
    let ends = pipes::pipe(run, 0)?;
    let child = portable::fork(run).map_err(|errno| Failure::Refused("fork", errno))?;
    if child == 0 {
        let mut byte = 0u8;
        let _ = call!(run, close(ends[1] as _));
        let _ = call!(run, read(ends[0] as _, (&raw mut byte).cast(), 1));
        portable::exit(5);
    }
    let opened = call!(run, pidfd_open(child as _, 0));
    // The end of the pipe lets the child go on, whatever came before.
    close(run, ends[1])?;
    close(run, ends[0])?;
    let ended = portable::wait(run, child);
    let fd = opened.map_err(|errno| Failure::Refused("pidfd_open", errno))?;
    same!(run, ended, Ok(5));
    fails!(run, ESRCH, pidfd_send_signal(fd as _, 0, null_mut(), 0));
    close(run, fd)
}

fn descriptor_wrong(run: &Run) -> Outcome {
    fails!(run, EINVAL, pidfd_open(-1, 0));
    fails!(run, ESRCH, pidfd_open(i32::MAX, 0));
    fails!(run, EINVAL, pidfd_open(1, 1));
    fails!(run, EBADF, pidfd_send_signal(12345, 0, null_mut(), 0));
    Ok(())
}

fn descriptor_signal(run: &Run) -> Outcome {
    let fd = ok!(run, pidfd_open(me(run)? as _, 0));
    same!(run, ok!(run, pidfd_send_signal(fd as _, 0, null_mut(), 0)), 0);
    fails!(run, EINVAL, pidfd_send_signal(fd as _, 999, null_mut(), 0));
    close(run, fd)
}

fn descriptor_copy(run: &Run) -> Outcome {
    let ends = pipes::pipe(run, 0)?;
    let fd = ok!(run, pidfd_open(me(run)? as _, 0));
    let copy = ok!(run, pidfd_getfd(fd as _, ends[1] as _, 0));
    same!(run, ok!(run, write(copy as _, b"x".as_ptr().cast(), 1)), 1);
    let mut byte = 0u8;
    same!(run, ok!(run, read(ends[0] as _, (&raw mut byte).cast(), 1)), 1);
    same!(run, byte, b'x');
    fails!(run, EBADF, pidfd_getfd(fd as _, 12345, 0));
    for fd in [fd, copy, ends[0], ends[1]] {
        close(run, fd)?;
    }
    Ok(())
}

fn compare(run: &Run) -> Outcome {
    const KCMP_FILE: i32 = 0;
    let pid = ok!(run, getpid()) as i32;
    let ends = pipes::pipe(run, 0)?;
    let copy = ok!(run, dup(ends[0] as _));
    same!(run, ok!(run, kcmp(pid, pid, KCMP_FILE, ends[0], copy)), 0);
    holds!(run, ok!(run, kcmp(pid, pid, KCMP_FILE, ends[0], ends[1])) != 0);
    fails!(run, EINVAL, kcmp(pid, pid, 99, 0, 0));
    for fd in [copy, ends[0], ends[1]] {
        close(run, fd)?;
    }
    Ok(())
}

fn new_namespaces(run: &Run) -> Outcome {
    same!(run, ok!(run, unshare(0)), 0);
    fails!(run, EINVAL, unshare(1));
    Ok(())
}

fn enter_namespace(run: &Run) -> Outcome {
    fails!(run, EBADF, setns(12345, 0));
    Ok(())
}

fn trace_missing(run: &Run) -> Outcome {
    const PTRACE_PEEKDATA: i32 = 2;
    fails!(run, ESRCH, ptrace(PTRACE_PEEKDATA as _, i32::MAX as _, 0, 0));
    Ok(())
}

/// Outside of a signal's way it has nothing to start again.
fn restart(run: &Run) -> Outcome {
    fails!(run, EINTR, restart_syscall());
    Ok(())
}
