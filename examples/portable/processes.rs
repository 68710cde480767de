//! Children, what becomes of them, and limits.

use crate::report::{Check, Outcome, Run};
use crate::tools::{ended, zeroed};
use ring3::consts::{P, Rlimit, Rusage, Sig, Wait};
use ring3::uapi::{rlimit64, rusage};
use ring3::{CStrs, KillPid, OwnedFd, Pid, WaitPid, sys};

pub const CHECKS: &[Check] = &[
    ("exit codes", exit_codes),
    ("ends by signals", signals),
    ("stopped children", stopped),
    ("children that are not ready", not_ready),
    ("children of a group", groups),
    ("waitid", waitid),
    ("resources", resources),
    ("limits", limits),
    ("no such program", no_such_program),
];

/// A child, which ends as soon as nobody holds the other end of the pipe.
struct Child {
    pid: Pid,
    /// The child waits for the end of what comes from here.
    hold: OwnedFd,
}

/// Makes a child that does `first` and then waits to end with a code.
fn child(run: &Run, code: i32, first: impl FnOnce()) -> ring3::Result<Child> {
    let [reader, hold] = call!(run, pipe())?;
    // SAFETY: the program has one thread.
    match run.heard("fork", unsafe { sys::fork() })? {
        Some(pid) => Ok(Child { pid, hold }),
        None => {
            drop(hold);
            first();
            let _ = sys::read(&reader, &mut [0; 1]);
            sys::exit_group(code)
        }
    }
}

impl Child {
    fn end(self) -> Pid {
        drop(self.hold);
        self.pid
    }

    fn signal(&self, run: &Run, signal: Sig) -> ring3::Result<()> {
        call!(run, kill(KillPid::process(self.pid), Some(signal)))
    }
}

fn exit_codes(run: &Run) -> Outcome {
    for code in [0, 1, 42, 255] {
        let pid = child(run, code, || ())?.end();
        let (who, status) = match code {
            0 => call!(run, wait4(WaitPid::ANY, Wait::empty(), None))?,
            1 => call!(run, waitpid(WaitPid::process(pid), Wait::empty()))?,
            _ => call!(run, wait4(WaitPid::process(pid), Wait::empty(), None))?,
        }
        .map_or((None, None), |(who, status)| (Some(who), Some(status.as_raw())));
        same!(run, (who, status), (Some(pid), Some(code << 8)));
        run.note("exit_group");
    }
    refused!(run, ECHILD, wait4(WaitPid::ANY, Wait::empty(), None));
    refused!(run, EINVAL, wait4(WaitPid::ANY, Wait::NOWAIT, None));
    refused!(run, EINVAL, waitpid(WaitPid::ANY, Wait::EXITED));
    refused!(run, ECHILD, waitpid(WaitPid::process(plain!(run, getpid())), Wait::empty()));
    Ok(())
}

fn signals(run: &Run) -> Outcome {
    for signal in [Sig::KILL, Sig::TERM, Sig::USR2] {
        let child = child(run, 0, || ())?;
        child.signal(run, signal)?;
        let waited = call!(run, wait4(WaitPid::process(child.pid), Wait::empty(), None))?;
        same!(run, waited.map(|(who, status)| (who, status.as_raw())), Some((child.pid, signal.raw())));
        same!(run, waited.and_then(|(_, status)| status.exit_code()), None);
    }
    Ok(())
}

fn stopped(run: &Run) -> Outcome {
    let child = child(run, 3, || ())?;
    let who = WaitPid::process(child.pid);
    child.signal(run, Sig::STOP)?;
    let status = call!(run, wait4(who, Wait::UNTRACED, None))?.map(|(_, status)| status);
    same!(run, status.and_then(|status| status.stop_signal()), Some(Sig::STOP.raw()));
    same!(run, status.map(|status| status.as_raw()), Some(Sig::STOP.raw() << 8 | 0x7f));
    child.signal(run, Sig::CONT)?;
    let status = call!(run, wait4(who, Wait::CONTINUED, None))?.map(|(_, status)| status);
    same!(run, status.map(|status| (status.continued(), status.as_raw())), Some((true, 0xffff)));
    child.end();
    let status = call!(run, waitpid(who, Wait::empty()))?.and_then(|(_, status)| ended(status));
    same!(run, status, Some(3));
    Ok(())
}

fn not_ready(run: &Run) -> Outcome {
    let child = child(run, 9, || ())?;
    let who = WaitPid::process(child.pid);
    let mut usage: rusage = zeroed();
    same!(run, call!(run, wait4(who, Wait::NOHANG, Some(&mut usage)))?.is_none(), true);
    same!(run, call!(run, waitpid(WaitPid::ANY, Wait::NOHANG))?.is_none(), true);
    child.end();
    usage.ru_maxrss = -1;
    usage.ru_utime.tv_usec = -1;
    usage.ru_nvcsw = -1;
    let waited = call!(run, wait4(who, Wait::empty(), Some(&mut usage)))?;
    same!(run, waited.and_then(|(_, status)| ended(status)), Some(9));
    // All of the struct is written; a child of ours has little memory, but some.
    holds!(run, (0..1_000_000).contains(&usage.ru_maxrss) && usage.ru_nvcsw >= 0);
    holds!(run, (0..1_000_000).contains(&usage.ru_utime.tv_usec));
    Ok(())
}

fn groups(run: &Run) -> Outcome {
    let first = child(run, 5, || ())?;
    call!(run, setpgid(Some(first.pid), Some(first.pid)))?;
    same!(run, call!(run, getpgid(Some(first.pid)))?, Some(first.pid));
    refused!(run, ECHILD, wait4(WaitPid::OWN_GROUP, Wait::NOHANG, None));
    let second = child(run, 6, || ())?;
    same!(run, call!(run, wait4(WaitPid::OWN_GROUP, Wait::NOHANG, None))?.is_none(), true);
    let group = WaitPid::group(first.pid);
    same!(run, call!(run, waitpid(group, Wait::NOHANG))?.is_none(), true);
    let (first, second) = (first.end(), second.end());
    let who = |waited: Option<(Pid, _)>| waited.map(|(pid, _)| pid);
    same!(run, who(call!(run, wait4(WaitPid::OWN_GROUP, Wait::empty(), None))?), Some(second));
    same!(run, who(call!(run, wait4(group, Wait::empty(), None))?), Some(first));
    Ok(())
}

fn waitid(run: &Run) -> Outcome {
    let pid = child(run, 7, || ())?.end();
    let options = Wait::EXITED | Wait::NOWAIT;
    // SAFETY: the id is a child's.
    let info = unsafe { sys::waitid(P::PID, pid.as_raw() as u32, options, None) };
    let info = run.heard("waitid", info)?;
    // SAFETY: a `siginfo` begins with the signal's number, the error and the code.
    let head = unsafe { (&raw const info).cast::<[i32; 3]>().read() };
    same!(run, head, [Sig::CHLD.raw(), 0, 1]);
    call!(run, waitid::pid(pid, Wait::EXITED, None))?;
    refused!(run, ECHILD, waitid::all(Wait::EXITED, None));
    Ok(())
}

fn resources(run: &Run) -> Outcome {
    for who in [Rusage::SELF, Rusage::CHILDREN] {
        let usage = call!(run, getrusage(who))?;
        holds!(run, usage.ru_minflt > 0 && (0..1_000_000).contains(&usage.ru_stime.tv_usec));
    }
    refused!(run, EINVAL, getrusage(Rusage::new(77)));
    let info = call!(run, sysinfo())?;
    holds!(run, info.uptime > 0 && info.totalram > 0 && info.procs > 0 && info.mem_unit > 0);
    let name = call!(run, uname())?;
    same!(run, name.sysname[..6].iter().map(|&byte| byte as u8).eq(*b"Linux\0"), true);
    Ok(())
}

fn limits(run: &Run) -> Outcome {
    let before = call!(run, getrlimit(Rlimit::NOFILE))?;
    holds!(run, before.rlim_cur > 10 && before.rlim_cur <= before.rlim_max);
    let lower = rlimit64 { rlim_cur: before.rlim_cur - 1, ..before };
    call!(run, setrlimit(Rlimit::NOFILE, &lower))?;
    let old = call!(run, prlimit64(None, Rlimit::NOFILE, Some(&before)))?;
    same!(run, (old.rlim_cur, old.rlim_max), (lower.rlim_cur, lower.rlim_max));
    same!(run, call!(run, getrlimit(Rlimit::NOFILE))?.rlim_cur, before.rlim_cur);

    // More than 32 bits hold, unless somebody has set a lower limit. A kernel of 32 bits takes that for none.
    let before = call!(run, getrlimit(Rlimit::FSIZE))?;
    if before.rlim_max >= 1 << 40 {
        call!(run, setrlimit(Rlimit::FSIZE, &rlimit64 { rlim_cur: 1 << 39, ..before }))?;
        let now = call!(run, getrlimit(Rlimit::FSIZE))?;
        holds!(run, now.rlim_cur == 1 << 39 || now.rlim_cur == u64::MAX);
        same!(run, now.rlim_max, before.rlim_max);
        call!(run, setrlimit(Rlimit::FSIZE, &before))?;
    } else {
        run.remark("the size of files is limited already");
    }
    refused!(run, EINVAL, getrlimit(Rlimit::new(77)));
    let wrong = rlimit64 { rlim_cur: 2, rlim_max: 1 };
    refused!(run, EINVAL, setrlimit(Rlimit::NOFILE, &wrong));
    Ok(())
}

fn no_such_program(run: &Run) -> Outcome {
    run.note("execve");
    same!(run, sys::execve(c"./nothing", CStrs::EMPTY, CStrs::EMPTY), ring3::Errno::ENOENT);
    Ok(())
}
