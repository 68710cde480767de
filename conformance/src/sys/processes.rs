//! Processes: children, groups, sessions, programs, descriptors of processes.

use super::*;
use core::mem::zeroed;
use ring3::{
    AsRawFd, CStrPtr, CStrs, KillPid, Pid, WaitPid,
    consts::{Cld, Fd, P, Pidfd, PidfdSignal, Rlimit, Rusage, Sig, Wait},
    uapi::{rlimit64, rusage},
};

checks! { "sys::processes":
    numbers, ends, signals_that_end, stops, not_yet, groups_waited_for, ends_by_kind, ends_by_descriptor, groups, sessions, programs,
    programs_run (emulator: "it starts no program of another architecture"), descriptors, descriptors_of_others, limits, limits_of_others,
    usage, lists_of_locks,
    forks,
}

/// A child that does no more than this, and says how it went.
pub fn spawn(run: &Run, part: fn(&Run) -> i32) -> Result<Pid, Failure> {
    match portable::fork(run) {
        Err(errno) => Err(Failure::Refused("fork", errno)),
        Ok(0) => value!(run, exit_group(part(run))),
        Ok(pid) => Pid::new(pid as i32).ok_or(Failure::Lacks("the child has no number")),
    }
}

/// Waits for signals that end it.
pub fn wait_forever(_: &Run) -> i32 {
    loop {
        let _ = ring3::sys::pause();
    }
}

fn end(run: &Run, pid: Pid) -> Outcome {
    ok!(run, kill(KillPid::process(pid), Some(Sig::KILL)));
    ok!(run, wait4(WaitPid::process(pid), Wait::empty(), None));
    Ok(())
}

fn nobody() -> Pid {
    Pid::new(0x3fff_ffff).unwrap_or(Pid::INIT)
}

fn numbers(run: &Run) -> Outcome {
    let own = value!(run, getpid());
    same!(run, value!(run, gettid()), own);
    holds!(run, value!(run, getppid()) != Some(own));
    child(run, |run| {
        let parent = value!(run, getppid());
        holds!(run, parent.is_some() && parent != Some(value!(run, getpid())));
        Ok(())
    })
}

fn forks(run: &Run) -> Outcome {
    match ok!(run, fork()) {
        None => portable::exit(78),
        Some(pid) => {
            let status = ok!(run, waitpid(WaitPid::process(pid), Wait::empty()));
            same!(run, status.map(|(child, status)| (child, status.exit_code())), Some((pid, Some(78))));
            Ok(())
        }
    }
}

fn ends(run: &Run) -> Outcome {
    let pid = spawn(run, |_| 77)?;
    // SAFETY: the struct is plain data.
    let mut usage: rusage = unsafe { zeroed() };
    let Some((child, status)) = ok!(run, wait4(WaitPid::process(pid), Wait::empty(), Some(&mut usage)))
    else {
        return Err(run.wrong("wait4", &None::<Pid>, &pid));
    };
    same!(run, (child, status.exit_code(), status.term_signal()), (pid, Some(77), None));
    let pid = spawn(run, |_| 255)?;
    let status = ok!(run, waitpid(WaitPid::ANY, Wait::empty()));
    same!(run, status.map(|(child, status)| (child, status.as_raw())), Some((pid, 0xff00)));
    fails!(run, ECHILD, wait4(WaitPid::process(pid), Wait::empty(), None));
    fails!(run, ECHILD, waitpid(WaitPid::process(pid), Wait::empty()));
    fails!(run, EINVAL, wait4(WaitPid::ANY, Wait::from_bits_retain(0x100), None));
    fails!(run, EINVAL, waitpid(WaitPid::ANY, Wait::from_bits_retain(0x100)));
    Ok(())
}

fn signals_that_end(run: &Run) -> Outcome {
    let pid = spawn(run, wait_forever)?;
    ok!(run, kill(KillPid::process(pid), Some(Sig::TERM)));
    let status = ok!(run, wait4(WaitPid::process(pid), Wait::empty(), None));
    same!(
        run,
        status.map(|(_, status)| (status.term_signal(), status.core_dumped())),
        Some((Some(15), false))
    );
    Ok(())
}

fn stops(run: &Run) -> Outcome {
    let pid = spawn(run, wait_forever)?;
    let whom = WaitPid::process(pid);
    ok!(run, kill(KillPid::process(pid), Some(Sig::STOP)));
    let status = ok!(run, wait4(whom, Wait::UNTRACED, None));
    same!(run, status.map(|(_, status)| status.stop_signal()), Some(Some(Sig::STOP.raw())));
    ok!(run, kill(KillPid::process(pid), Some(Sig::CONT)));
    let status = ok!(run, waitpid(whom, Wait::CONTINUED));
    same!(run, status.map(|(_, status)| status.continued()), Some(true));
    end(run, pid)
}

fn not_yet(run: &Run) -> Outcome {
    let pid = spawn(run, wait_forever)?;
    same!(run, ok!(run, wait4(WaitPid::process(pid), Wait::NOHANG, None)).map(|(pid, _)| pid), None);
    same!(run, ok!(run, waitpid(WaitPid::ANY, Wait::NOHANG)).map(|(pid, _)| pid), None);
    end(run, pid)
}

fn groups_waited_for(run: &Run) -> Outcome {
    let pid = spawn(run, wait_forever)?;
    ok!(run, setpgid(Some(pid), Some(pid)));
    same!(run, ok!(run, getpgid(Some(pid))), Some(pid));
    same!(run, ok!(run, waitpid(WaitPid::group(pid), Wait::NOHANG)).map(|(pid, _)| pid), None);
    fails!(run, ECHILD, wait4(WaitPid::OWN_GROUP, Wait::NOHANG, None));
    ok!(run, kill(KillPid::group(pid), Some(Sig::KILL)));
    let status = ok!(run, wait4(WaitPid::group(pid), Wait::empty(), None));
    same!(run, status.map(|(child, status)| (child, status.term_signal())), Some((pid, Some(9))));
    Ok(())
}

/// Signal, code, child and status.
fn report(info: &ring3::uapi::siginfo) -> (i32, i32, i32, i32) {
    let (words, at) = (signals::words(info), signals::SENDER);
    (words[0], words[2], words[at], words[at + 2])
}

fn ends_by_kind(run: &Run) -> Outcome {
    let pid = spawn(run, |_| 77)?;
    let ended = (Sig::CHLD.raw(), Cld::EXITED.raw(), pid.as_raw(), 77);
    let stay = Wait::EXITED | Wait::NOWAIT;
    same!(run, report(&ok!(run, waitid::pid(pid, stay, None))), ended);
    same!(run, report(&ok!(run, waitid::all(stay, None))), ended);
    same!(run, report(&ok!(run, waitid::pgid(None, stay, None))), ended);
    // SAFETY: the struct is plain data.
    let mut usage: rusage = unsafe { zeroed() };
    same!(run, report(&ok!(run, waitid(P::PID, pid.as_raw() as u32, Wait::EXITED, Some(&mut usage)))), ended);
    fails!(run, ECHILD, waitid::pid(pid, Wait::EXITED, None));
    fails!(run, ECHILD, waitid::all(Wait::EXITED, None));
    fails!(run, ECHILD, waitid::pgid(Some(pid), Wait::EXITED, None));
    fails!(run, EINVAL, waitid(P::new(99), 1, Wait::EXITED, None));
    fails!(run, EINVAL, waitid::all(Wait::empty(), None));
    let pid = spawn(run, wait_forever)?;
    same!(run, report(&ok!(run, waitid::pid(pid, Wait::EXITED | Wait::NOHANG, None))), (0, 0, 0, 0));
    ok!(run, kill(KillPid::process(pid), Some(Sig::KILL)));
    same!(run, report(&ok!(run, waitid::pid(pid, Wait::EXITED, None))).3, Sig::KILL.raw());
    Ok(())
}

fn ends_by_descriptor(run: &Run) -> Outcome {
    fails!(run, EBADF, waitid::pidfd(closed(), Wait::EXITED, None));
    let pid = spawn(run, |_| 77)?;
    let fd = ok!(run, pidfd_open(pid, Pidfd::empty()));
    let info = ok!(run, waitid::pidfd(&fd, Wait::EXITED, None));
    same!(run, report(&info), (Sig::CHLD.raw(), Cld::EXITED.raw(), pid.as_raw(), 77));
    fails!(run, ECHILD, waitid::pidfd(&fd, Wait::EXITED, None));
    Ok(())
}

fn groups(run: &Run) -> Outcome {
    let own = value!(run, getpgrp());
    same!(run, ok!(run, getpgid(None)), own);
    fails!(run, ESRCH, getpgid(Some(nobody())));
    fails!(run, ESRCH, setpgid(Some(nobody()), None));
    child(run, |run| {
        let own = value!(run, getpid());
        ok!(run, setpgid(None, None));
        same!(run, value!(run, getpgrp()), Some(own));
        same!(run, ok!(run, getpgid(Some(own))), Some(own));
        fails!(run, EPERM, setpgid(None, Some(nobody())));
        Ok(())
    })
}

fn sessions(run: &Run) -> Outcome {
    let session = ok!(run, getsid(None));
    same!(run, ok!(run, getsid(Some(value!(run, getpid())))), session);
    fails!(run, ESRCH, getsid(Some(nobody())));
    child(run, |run| {
        let own = value!(run, getpid());
        same!(run, ok!(run, setsid()), own);
        same!(run, (ok!(run, getsid(None)), value!(run, getpgrp())), (Some(own), Some(own)));
        fails!(run, EPERM, setsid());
        Ok(())
    })
}

/// What cannot be run: the program goes on.
fn programs(run: &Run) -> Outcome {
    let _ = file(run, c"f", b"no program")?;
    let argv = [CStrPtr::new(c"f"), CStrPtr::END];
    let Some(argv) = CStrs::new(&argv) else { return Ok(()) };
    fails!(run, ENOENT, execve(c"missing", argv, CStrs::EMPTY));
    fails!(run, EACCES, execve(c"f", argv, CStrs::EMPTY));
    fails!(run, ENOENT, execveat(AT_FDCWD, c"missing", argv, CStrs::EMPTY, At::empty()));
    fails!(run, EACCES, execveat(AT_FDCWD, c"f", argv, CStrs::EMPTY, At::empty()));
    ok!(run, chmod(c"f", mode(0o700)));
    fails!(run, ENOEXEC, execve(c"f", argv, CStrs::EMPTY));
    fails!(run, ENOEXEC, execveat(AT_FDCWD, c"f", argv, CStrs::EMPTY, At::empty()));
    fails!(run, EINVAL, execveat(AT_FDCWD, c"f", argv, CStrs::EMPTY, At::REMOVEDIR));
    remove(run, c"f")
}

/// This program once more, which ends with the number that it is given.
fn programs_run(run: &Run) -> Outcome {
    const OWN_PROGRAM: &CStr = c"/proc/self/exe";
    fn run_again(run: &Run, by_descriptor: bool) -> i32 {
        let argv = [CStrPtr::new(c"conformance"), CStrPtr::new(crate::END_AT_ONCE), CStrPtr::END];
        let path = OWN_PROGRAM;
        let Some(argv) = CStrs::new(&argv) else { return 1 };
        if by_descriptor {
            let Ok(fd) = call!(run, open(path, O::RDONLY | O::CLOEXEC, Mode::empty())) else { return 2 };
            let _ = call!(run, execveat(&fd, c"", argv, CStrs::EMPTY, At::EMPTY_PATH));
        } else {
            let _ = call!(run, execve(path, argv, CStrs::EMPTY));
        }
        3
    }
    if call!(run, access(OWN_PROGRAM, ring3::consts::Access::X_OK)).is_err() {
        return Err(Failure::Lacks("nothing is mounted on /proc"));
    }
    // A call that succeeds cannot be noted afterwards.
    for (name, part) in [
        ("execve", (|run| run_again(run, false)) as fn(&Run) -> i32),
        ("execveat", |run| run_again(run, true)),
    ] {
        run.functions.made(name, None);
        let pid = spawn(run, part)?;
        let status = ok!(run, wait4(WaitPid::process(pid), Wait::empty(), None));
        same!(run, status.map(|(_, status)| status.exit_code()), Some(Some(crate::ENDED)));
    }
    Ok(())
}

fn descriptors(run: &Run) -> Outcome {
    fails!(run, EINVAL, pidfd_open(value!(run, getpid()), Pidfd::from_bits_retain(1)));
    fails!(run, ESRCH, pidfd_open(nobody(), Pidfd::empty()));
    let pid = spawn(run, wait_forever)?;
    let fd = ok!(run, pidfd_open(pid, Pidfd::NONBLOCK));
    same!(run, ok!(run, fcntl::getfd(&fd)), Fd::CLOEXEC);
    fails!(run, EAGAIN, waitid::pidfd(&fd, Wait::EXITED, None));
    fails!(run, EBADF, process_mrelease(closed()));
    fails!(run, EINVAL, process_mrelease(&fd));
    ok!(run, pidfd_send_signal(&fd, Some(Sig::KILL), PidfdSignal::empty()));
    ok!(run, wait4(WaitPid::process(pid), Wait::empty(), None));
    fails!(run, ESRCH, pidfd_send_signal(&fd, None, PidfdSignal::empty()));
    Ok(())
}

fn descriptors_of_others(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"content")?;
    let itself = ok!(run, pidfd_open(value!(run, getpid()), Pidfd::empty()));
    fails!(run, EBADF, pidfd_getfd(closed(), 0));
    fails!(run, EBADF, pidfd_getfd(&itself, CLOSED));
    let copy = ok!(run, pidfd_getfd(&itself, fd.as_raw_fd()));
    holds!(run, copy.as_raw_fd() != fd.as_raw_fd());
    let mut bytes = [0; 8];
    same!(run, ok!(run, pread64(&copy, &mut bytes, 0)), 7);
    remove(run, c"f")
}

/// 64 bits, though the rows of old have a word.
fn limits(run: &Run) -> Outcome {
    let before = ok!(run, getrlimit(Rlimit::CORE));
    same!(run, ok!(run, prlimit64(None, Rlimit::CORE, None)).rlim_cur, before.rlim_cur);
    fails!(run, EINVAL, getrlimit(Rlimit::new(99)));
    fails!(run, EINVAL, setrlimit(Rlimit::new(99), &before));
    fails!(run, EINVAL, setrlimit(Rlimit::FSIZE, &rlimit64 { rlim_cur: 2, rlim_max: 1 }));
    child(run, |run| {
        let limit = rlimit64 { rlim_cur: 0x12_3456_7890, rlim_max: 0x12_3456_7890 };
        ok!(run, setrlimit(Rlimit::FSIZE, &limit));
        let now = ok!(run, getrlimit(Rlimit::FSIZE));
        // A 32-bit kernel keeps words, and takes more for no limit.
        let kept =
            if size_of::<usize>() == 4 && now.rlim_cur == u64::MAX { u64::MAX } else { limit.rlim_cur };
        same!(run, (now.rlim_cur, now.rlim_max), (kept, kept));
        Ok(())
    })
}

fn limits_of_others(run: &Run) -> Outcome {
    fails!(run, ESRCH, prlimit64(Some(nobody()), Rlimit::CORE, None));
    fails!(run, EINVAL, prlimit64(None, Rlimit::new(99), None));
    let before = ok!(run, prlimit64(Some(value!(run, getpid())), Rlimit::NOFILE, None));
    let less = rlimit64 { rlim_cur: before.rlim_cur - 1, ..before };
    same!(run, ok!(run, prlimit64(None, Rlimit::NOFILE, Some(&less))).rlim_cur, before.rlim_cur);
    same!(run, ok!(run, prlimit64(None, Rlimit::NOFILE, Some(&before))).rlim_cur, before.rlim_cur - 1);
    Ok(())
}

fn usage(run: &Run) -> Outcome {
    let own = ok!(run, getrusage(Rusage::SELF));
    holds!(run, own.ru_maxrss > 0 && own.ru_utime.tv_usec < 1_000_000);
    ok!(run, getrusage(Rusage::CHILDREN));
    fails!(run, EINVAL, getrusage(Rusage::new(99)));
    Ok(())
}

fn lists_of_locks(run: &Run) -> Outcome {
    // The list lies in this check's own memory until it is given up again.
    let mut head = [0usize; 3];
    head[0] = (&raw mut head).expose_provenance();
    fails!(run, ESRCH, get_robust_list(Some(nobody())));
    let before = ok!(run, get_robust_list(None));
    ok!(run, set_robust_list((&raw mut head).cast()));
    same!(run, ok!(run, get_robust_list(None)), (head[0], size_of::<[usize; 3]>()));
    ok!(run, set_robust_list(without_provenance_mut(before.0)));
    let mut word = 0u32;
    let own = value!(run, gettid());
    same!(run, value!(run, set_tid_address((&raw mut word).cast())), own);
    same!(run, value!(run, set_tid_address(core::ptr::null_mut())), own);
    Ok(())
}
