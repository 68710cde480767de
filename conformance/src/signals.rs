//! Signals: blocked, waited for, handled.

use crate::{
    constants::*,
    files::{close, nowhere},
    portable::{SignalAction, SignalInfo},
    processes::{in_child, me},
    report::{Failure, Outcome, Run},
    time::{now, spec},
};
use core::{
    ffi::c_int,
    ptr::{null, null_mut},
    sync::atomic::{AtomicI32, Ordering},
};
use ring3::uapi::__kernel_old_itimerval;

checks! { "signals":
    block_and_wait, mask_wrong, action, action_wrong, handler, interrupts_sleep, suspend, queued_value, to_thread, to_nobody,
    descriptor, alternate_stack, wait_timeout, default_kills,
}

/// The size of the kernel's signal set, on all of these ABIs.
const SIZE: usize = 8;

const fn bit(signal: c_int) -> u64 {
    1 << (signal - 1)
}

/// Ignores a signal from now on.
pub fn ignore(run: &Run, signal: c_int) -> Outcome {
    let action = SignalAction::new(SIG_IGN, 0);
    same!(run, ok!(run, rt_sigaction(signal, (&raw const action).cast(), null_mut(), SIZE)), 0);
    Ok(())
}

/// Blocks these signals; gives those that were blocked before.
fn block(run: &Run, mask: u64) -> Result<u64, Failure> {
    let mut old = 0u64;
    let new = mask;
    same!(
        run,
        ok!(run, rt_sigprocmask(SIG_BLOCK, (&raw const new).cast_mut().cast(), (&raw mut old).cast(), SIZE)),
        0
    );
    Ok(old)
}

fn restore(run: &Run, mask: u64) -> Outcome {
    same!(
        run,
        ok!(run, rt_sigprocmask(SIG_SETMASK, (&raw const mask).cast_mut().cast(), null_mut(), SIZE)),
        0
    );
    Ok(())
}

fn pending(run: &Run) -> Result<u64, Failure> {
    let mut set = 0u64;
    same!(run, ok!(run, rt_sigpending((&raw mut set).cast(), SIZE)), 0);
    Ok(set)
}

/// Takes one of these signals that is pending.
fn take(run: &Run, mask: u64) -> Result<SignalInfo, Failure> {
    let mut info = SignalInfo::default();
    let (time, mask) = (spec(5, 0), mask);
    let signal =
        ok!(run, rt_sigtimedwait((&raw const mask).cast(), info.as_mut_ptr(), &raw const time, SIZE));
    same!(run, signal, info.signal() as usize);
    Ok(info)
}

fn block_and_wait(run: &Run) -> Outcome {
    let pid = ok!(run, getpid());
    let old = block(run, bit(SIGUSR1) | bit(SIGUSR2))?;
    same!(run, pending(run)? & (bit(SIGUSR1) | bit(SIGUSR2)), 0);
    same!(run, ok!(run, kill(pid as _, SIGUSR1)), 0);
    same!(run, pending(run)? & (bit(SIGUSR1) | bit(SIGUSR2)), bit(SIGUSR1));
    let info = take(run, bit(SIGUSR1) | bit(SIGUSR2))?;
    same!(run, (info.signal(), info.code(), info.pid()), (SIGUSR1, SI_USER, pid));
    same!(run, pending(run)? & bit(SIGUSR1), 0);
    restore(run, old)
}

fn mask_wrong(run: &Run) -> Outcome {
    let mask = 0u64;
    fails!(run, EINVAL, rt_sigprocmask(99, (&raw const mask).cast_mut().cast(), null_mut(), SIZE));
    fails!(run, EINVAL, rt_sigprocmask(SIG_BLOCK, null_mut(), null_mut(), SIZE + 1));
    fails!(run, EFAULT, rt_sigprocmask(SIG_BLOCK, nowhere(), null_mut(), SIZE));
    fails!(run, EFAULT, rt_sigpending(nowhere(), SIZE));
    Ok(())
}

fn action(run: &Run) -> Outcome {
    let mut action = SignalAction::new(SIG_IGN, 0);
    action.mask[0] = bit(SIGUSR2) as usize;
    let mut old = SignalAction::new(99, 0);
    same!(run, ok!(run, rt_sigaction(SIGHUP, (&raw const action).cast(), (&raw mut old).cast(), SIZE)), 0);
    let mut found = SignalAction::new(99, 0);
    same!(run, ok!(run, rt_sigaction(SIGHUP, null(), (&raw mut found).cast(), SIZE)), 0);
    same!(run, (found.handler, found.flags, found.mask), (SIG_IGN, action.flags, action.mask));
    same!(run, ok!(run, kill(me(run)? as _, SIGHUP)), 0);
    same!(run, ok!(run, rt_sigaction(SIGHUP, (&raw const old).cast(), null_mut(), SIZE)), 0);
    Ok(())
}

fn action_wrong(run: &Run) -> Outcome {
    let action = SignalAction::new(SIG_IGN, 0);
    fails!(run, EINVAL, rt_sigaction(SIGKILL, (&raw const action).cast(), null_mut(), SIZE));
    fails!(run, EINVAL, rt_sigaction(99, null(), null_mut(), SIZE));
    fails!(run, EINVAL, rt_sigaction(SIGHUP, null(), null_mut(), SIZE - 1));
    fails!(run, EFAULT, rt_sigaction(SIGHUP, nowhere(), null_mut(), SIZE));
    Ok(())
}

static HANDLED: AtomicI32 = AtomicI32::new(0);

extern "C" fn note(signal: c_int) {
    HANDLED.store(signal, Ordering::Relaxed);
}

/// Lets `note` handle a signal.
fn handle(run: &Run, signal: c_int) -> Outcome {
    HANDLED.store(0, Ordering::Relaxed);
    let action = SignalAction::new(note as *const () as usize, 0);
    same!(run, ok!(run, rt_sigaction(signal, (&raw const action).cast(), null_mut(), SIZE)), 0);
    Ok(())
}

/// The handler runs before the call that sends the signal is back, and its return leaves the result of the call alone.
fn handler(run: &Run) -> Outcome {
    handle(run, SIGUSR1)?;
    same!(run, ok!(run, kill(me(run)? as _, SIGUSR1)), 0);
    same!(run, HANDLED.load(Ordering::Relaxed), SIGUSR1);
    ignore(run, SIGUSR1)
}

fn interrupts_sleep(run: &Run) -> Outcome {
    handle(run, SIGALRM)?;
    // SAFETY: itimerval is plain data.
    let mut soon: __kernel_old_itimerval = unsafe { core::mem::zeroed() };
    soon.it_value.tv_usec = 20_000;
    // Should the first signal come before the sleep does, the next one ends it.
    soon.it_interval.tv_usec = 500_000;
    same!(run, ok!(run, setitimer(ITIMER_REAL, &raw mut soon, null_mut())), 0);
    let (time, mut left) = (spec(100, 0), spec(0, 0));
    let before = now(run, CLOCK_MONOTONIC)?;
    fails!(run, EINTR, clock_nanosleep(CLOCK_MONOTONIC, 0, &raw const time, &raw mut left));
    holds!(run, now(run, CLOCK_MONOTONIC)? - before < 90_000_000_000);
    holds!(run, (9..=100).contains(&left.tv_sec));
    same!(run, HANDLED.load(Ordering::Relaxed), SIGALRM);
    soon.it_value.tv_usec = 0;
    ok!(run, setitimer(ITIMER_REAL, &raw mut soon, null_mut()));
    ignore(run, SIGALRM)
}

fn suspend(run: &Run) -> Outcome {
    handle(run, SIGUSR2)?;
    let old = block(run, bit(SIGUSR2))?;
    same!(run, ok!(run, kill(me(run)? as _, SIGUSR2)), 0);
    same!(run, HANDLED.load(Ordering::Relaxed), 0);
    let none = 0u64;
    fails!(run, EINTR, rt_sigsuspend((&raw const none).cast_mut().cast(), SIZE));
    same!(run, HANDLED.load(Ordering::Relaxed), SIGUSR2);
    restore(run, old)?;
    ignore(run, SIGUSR2)
}

fn queued_value(run: &Run) -> Outcome {
    let pid = ok!(run, getpid());
    let old = block(run, bit(SIGUSR1))?;
    let mut info = SignalInfo::queued(SIGUSR1, 0x1234_5678);
    same!(run, ok!(run, rt_sigqueueinfo(pid as _, SIGUSR1, info.as_mut_ptr())), 0);
    let info = take(run, bit(SIGUSR1))?;
    same!(run, (info.code(), info.value()), (SI_QUEUE, 0x1234_5678));
    let mut info = SignalInfo::queued(SIGUSR1, 7);
    same!(run, ok!(run, rt_tgsigqueueinfo(pid as _, pid as _, SIGUSR1, info.as_mut_ptr())), 0);
    same!(run, take(run, bit(SIGUSR1))?.value(), 7);
    restore(run, old)
}

fn to_thread(run: &Run) -> Outcome {
    let (pid, tid) = (ok!(run, getpid()), ok!(run, gettid()));
    let old = block(run, bit(SIGUSR1))?;
    same!(run, ok!(run, tgkill(pid as _, tid as _, SIGUSR1)), 0);
    let info = take(run, bit(SIGUSR1))?;
    same!(run, (info.code(), info.pid()), (SI_TKILL, pid));
    same!(run, ok!(run, tkill(tid as _, SIGUSR1)), 0);
    same!(run, take(run, bit(SIGUSR1))?.code(), SI_TKILL);
    restore(run, old)
}

fn to_nobody(run: &Run) -> Outcome {
    fails!(run, EINVAL, tgkill(-1, 1, 0));
    fails!(run, ESRCH, tgkill(i32::MAX, i32::MAX, 0));
    fails!(run, EINVAL, tkill(0, 0));
    fails!(run, ESRCH, kill(i32::MAX, 0));
    Ok(())
}

fn descriptor(run: &Run) -> Outcome {
    let old = block(run, bit(SIGUSR1))?;
    let mask = bit(SIGUSR1);
    let fd = ok!(run, signalfd4(-1, (&raw const mask).cast_mut().cast(), SIZE, O_NONBLOCK));
    let mut info = [0u32; 32];
    fails!(run, EAGAIN, read(fd as _, info.as_mut_ptr().cast(), 128));
    ok!(run, kill(me(run)? as _, SIGUSR1));
    same!(run, ok!(run, read(fd as _, info.as_mut_ptr().cast(), 128)), 128);
    same!(run, info[0], SIGUSR1 as u32);
    fails!(run, EINVAL, signalfd4(-1, (&raw const mask).cast_mut().cast(), SIZE, 1));
    close(run, fd)?;
    restore(run, old)
}

fn alternate_stack(run: &Run) -> Outcome {
    // sp, flags, size: a word each, flags padded.
    #[repr(C)]
    #[derive(Clone, Copy, PartialEq, Debug)]
    struct Stack {
        sp: usize,
        flags: c_int,
        size: usize,
    }
    let memory = crate::memory::pages(run, 16)?;
    let new = Stack { sp: memory.expose_provenance(), flags: 0, size: 16 * run.page };
    let mut old = Stack { sp: 1, flags: 1, size: 1 };
    same!(run, ok!(run, sigaltstack((&raw const new).cast(), (&raw mut old).cast())), 0);
    same!(run, old.flags, SS_DISABLE);
    let mut found = old;
    let off = Stack { sp: 0, flags: SS_DISABLE, size: 0 };
    same!(run, ok!(run, sigaltstack((&raw const off).cast(), (&raw mut found).cast())), 0);
    same!(run, found, new);
    let small = Stack { size: 16, ..new };
    fails!(run, ENOMEM, sigaltstack((&raw const small).cast(), null_mut()));
    crate::memory::free(run, memory, 16)
}

fn wait_timeout(run: &Run) -> Outcome {
    let old = block(run, bit(SIGUSR1))?;
    let (mask, time) = (bit(SIGUSR1), spec(0, 2_000_000));
    fails!(run, EAGAIN, rt_sigtimedwait((&raw const mask).cast(), null_mut(), &raw const time, SIZE));
    let time = spec(0, -1);
    fails!(run, EINVAL, rt_sigtimedwait((&raw const mask).cast(), null_mut(), &raw const time, SIZE));
    restore(run, old)
}

fn default_kills(run: &Run) -> Outcome {
    let code = in_child(run, || {
        let action = SignalAction::new(0, 0);
        ok!(run, rt_sigaction(SIGTERM, (&raw const action).cast(), null_mut(), SIZE));
        ok!(run, kill(me(run)? as _, SIGTERM));
        Ok(0)
    })?;
    same!(run, code, 256 + SIGTERM);
    Ok(())
}
