//! Who the process is, and how it is scheduled.

use crate::report::{Check, Outcome, Run};
use crate::tools::{ended, nanoseconds};
use ring3::consts::{Grnd, Per, Prio, Sched, Wait};
use ring3::{Gid, WaitPid, sys};

pub const CHECKS: &[Check] = &[
    ("processes", processes),
    ("users", users),
    ("groups of users", groups),
    ("sessions", sessions),
    ("priorities", priorities),
    ("schedulers", schedulers),
    ("processors", processors),
    ("personality", personality),
    ("random bytes", random),
];

fn processes(run: &Run) -> Outcome {
    let own = plain!(run, getpid());
    same!(run, plain!(run, gettid()), own);
    holds!(run, plain!(run, getppid()) != Some(own));
    same!(run, plain!(run, getpgrp()), call!(run, getpgid(None))?);
    same!(run, call!(run, getsid(None))?, call!(run, getsid(Some(own)))?);
    Ok(())
}

/// Changes to what already is are allowed to everyone.
fn users(run: &Run) -> Outcome {
    let (uid, euid) = (plain!(run, getuid()), plain!(run, geteuid()));
    let (real, effective, saved) = call!(run, getresuid())?;
    same!(run, (real, effective), (uid, euid));
    call!(run, setresuid(Some(real), Some(effective), Some(saved)))?;
    call!(run, setresuid(None, None, None))?;
    call!(run, setreuid(None, None))?;
    call!(run, setuid(euid))?;
    same!(run, plain!(run, setfsuid(None)), euid);
    same!(run, (plain!(run, getuid()), plain!(run, geteuid())), (uid, euid));
    Ok(())
}

fn groups(run: &Run) -> Outcome {
    let (gid, egid) = (plain!(run, getgid()), plain!(run, getegid()));
    let (real, effective, saved) = call!(run, getresgid())?;
    same!(run, (real, effective), (gid, egid));
    call!(run, setresgid(Some(real), Some(effective), Some(saved)))?;
    call!(run, setregid(None, None))?;
    call!(run, setgid(egid))?;
    same!(run, plain!(run, setfsgid(None)), egid);
    let mut list = [Gid::from_raw(u32::MAX); 64];
    let count = call!(run, getgroups(&mut []))?;
    if count <= list.len() {
        same!(run, call!(run, getgroups(&mut list))?, count);
        same!(run, list.iter().position(|gid| gid.as_raw() == u32::MAX).unwrap_or(64), count);
    }
    Ok(())
}

fn sessions(run: &Run) -> Outcome {
    // SAFETY: the program has one thread.
    let Some(child) = run.heard("fork", unsafe { sys::fork() })? else {
        let own = Some(sys::getpid());
        let alone = sys::setsid().ok() == own && sys::getpgrp() == own && sys::getsid(None) == Ok(own);
        sys::exit_group(if alone { 11 } else { 12 })
    };
    let waited = call!(run, wait4(WaitPid::process(child), Wait::empty(), None))?;
    same!(run, waited.and_then(|(_, status)| ended(status)), Some(11));
    run.note("setsid");
    Ok(())
}

/// A lower priority is allowed to everyone, and no way back.
fn priorities(run: &Run) -> Outcome {
    let before = call!(run, getpriority(Prio::PROCESS, 0))?;
    holds!(run, (1..=40).contains(&before));
    // SAFETY: the program has one thread.
    let Some(child) = run.heard("fork", unsafe { sys::fork() })? else {
        let lower = before.saturating_sub(3).max(1);
        let niced = sys::nice(3) == Ok(()) && sys::getpriority(Prio::PROCESS, 0) == Ok(lower);
        let lowest = sys::setpriority(Prio::PROCESS, 0, 19) == Ok(())
            && sys::nice(100) == Ok(())
            && sys::getpriority(Prio::PROCESS, 0) == Ok(1);
        sys::exit_group(if niced && lowest { 13 } else { 14 })
    };
    let waited = call!(run, wait4(WaitPid::process(child), Wait::empty(), None))?;
    same!(run, waited.and_then(|(_, status)| ended(status)), Some(13));
    run.note("nice");
    run.note("setpriority");
    refused!(run, EINVAL, getpriority(Prio::new(77), 0));
    Ok(())
}

fn schedulers(run: &Run) -> Outcome {
    same!(run, call!(run, sched_getscheduler(None))?, Sched::NORMAL);
    let param = call!(run, sched_getparam(None))?;
    same!(run, param.sched_priority, 0);
    call!(run, sched_setparam(None, &param))?;
    call!(run, sched_setscheduler(None, Sched::NORMAL, &param))?;
    refused!(run, EINVAL, sched_setscheduler(None, Sched::FIFO, &param));
    same!(run, call!(run, sched_get_priority_max(Sched::FIFO))?, 99);
    same!(run, call!(run, sched_get_priority_min(Sched::FIFO))?, 1);
    holds!(run, nanoseconds(&call!(run, sched_rr_get_interval(None))?) >= 0);
    call!(run, sched_yield())?;
    Ok(())
}

fn processors(run: &Run) -> Outcome {
    let mut mask = [0; 1024];
    let length = call!(run, sched_getaffinity(None, &mut mask))?;
    holds!(run, mask[..length].iter().any(|&byte| byte != 0));
    call!(run, sched_setaffinity(None, &mask[..length]))?;
    let (processor, _) = call!(run, getcpu())?;
    holds!(run, mask[processor as usize / 8] >> (processor % 8) & 1 == 1);
    Ok(())
}

fn personality(run: &Run) -> Outcome {
    run.note("personality");
    let query = Per::from_bits_retain(u32::MAX);
    // SAFETY: all bits set only ask, and what is asked for changes nothing.
    let (before, after) = unsafe {
        let before = sys::personality(query);
        (before, sys::personality(before))
    };
    same!(run, after, before);
    Ok(())
}

fn random(run: &Run) -> Outcome {
    let mut bytes = [0; 64];
    same!(run, call!(run, getrandom(&mut bytes, Grnd::empty()))?, 64);
    holds!(run, bytes[..32].iter().any(|&byte| byte != 0) && bytes[..32] != bytes[32..]);
    Ok(())
}
