//! Signals.

use super::*;
use crate::portable::SignalAction;
use core::{
    ffi::c_int,
    mem::{transmute_copy, zeroed},
    sync::atomic::{AtomicI32, Ordering},
};
use ring3::{
    KillPid, Pid,
    consts::{PidfdSignal, Sfd, Si, Sig, SigHow, Ss},
    sys::{sigset, timespec},
    uapi::{sigaction, sigaltstack, siginfo},
};

checks! { "sys::signals":
    sets, sending, sending_to_nobody, to_itself, queued, queued_to_a_descriptor, handlers, suspending, waiting, descriptors, another_stack,
}

/// These signals and no other.
pub fn set_of(list: &[Sig]) -> sigset {
    // SAFETY: a set is words of bits.
    let mut set: sigset = unsafe { zeroed() };
    for signal in list {
        let bit = signal.raw() as u32 - 1;
        set.sig[(bit / usize::BITS) as usize] |= 1 << (bit % usize::BITS);
    }
    set
}

/// Blocks signals; gives the set that was blocked before.
pub fn block(run: &Run, list: &[Sig]) -> Result<sigset, Failure> {
    Ok(ok!(run, rt_sigprocmask(SigHow::BLOCK, Some(&set_of(list)))))
}

pub fn unblock(run: &Run, before: sigset) -> Outcome {
    ok!(run, rt_sigprocmask(SigHow::SETMASK, Some(&before)));
    Ok(())
}

static LAST: AtomicI32 = AtomicI32::new(0);

extern "C" fn note(signal: c_int) {
    LAST.store(signal, Ordering::Relaxed);
}

/// The kernel's struct, whose handler and restorer the exported headers have in several ways.
fn action(handler: usize) -> sigaction {
    let action = SignalAction::new(handler, 0);
    // SAFETY: both are the kernel's struct, of the same size.
    unsafe { transmute_copy(&action) }
}

/// Lets a signal interrupt calls and do nothing else.
pub fn handle(run: &Run, signal: Sig) -> Outcome {
    ok!(run, rt_sigaction(signal, Some(&action(note as *const () as usize)), None));
    Ok(())
}

pub fn default(run: &Run, signal: Sig) -> Outcome {
    ok!(run, rt_sigaction(signal, Some(&action(0)), None));
    Ok(())
}

/// The head of the struct: number, error and code, and what follows of a signal of a process: its number, its user, the value.
pub fn words(info: &siginfo) -> [c_int; 8] {
    // SAFETY: the struct has 128 bytes, all of which the functions of `sys` initialise.
    unsafe { (&raw const *info).cast::<[c_int; 8]>().read() }
}

/// Where the words of the sender begin: aligned to a pointer.
pub const SENDER: usize = if size_of::<usize>() == 8 { 4 } else { 3 };

fn soon() -> timespec {
    timespec { tv_sec: 60, tv_nsec: 0 }
}

fn nobody() -> Pid {
    Pid::new(0x3fff_ffff).unwrap_or(Pid::INIT)
}

fn sets(run: &Run) -> Outcome {
    /// Signal 60, in the last word.
    const HIGH: usize = 1 << (59 % usize::BITS);
    let before = ok!(run, rt_sigprocmask(SigHow::BLOCK, Some(&set_of(&[Sig::USR1, Sig::new(60)]))));
    let now = ok!(run, rt_sigprocmask(SigHow::BLOCK, None));
    holds!(run, now.sig[0] & set_of(&[Sig::USR1]).sig[0] != 0);
    holds!(run, now.sig[now.sig.len() - 1] as usize & HIGH != 0);
    ok!(run, rt_sigprocmask(SigHow::UNBLOCK, Some(&set_of(&[Sig::new(60)]))));
    holds!(run, ok!(run, rt_sigprocmask(SigHow::BLOCK, None)).sig[now.sig.len() - 1] as usize & HIGH == 0);
    fails!(run, EINVAL, rt_sigprocmask(SigHow::new(99), Some(&before)));
    unblock(run, before)
}

fn sending(run: &Run) -> Outcome {
    let before = block(run, &[Sig::USR1])?;
    same!(run, ok!(run, rt_sigpending()).sig, set_of(&[]).sig);
    let own = value!(run, getpid());
    ok!(run, kill(KillPid::process(own), Some(Sig::USR1)));
    same!(run, ok!(run, rt_sigpending()).sig, set_of(&[Sig::USR1]).sig);
    let (signal, info) = ok!(run, rt_sigtimedwait(&set_of(&[Sig::USR1]), Some(&soon())));
    same!(run, (signal, words(&info)[0], words(&info)[2]), (Sig::USR1, Sig::USR1.raw(), Si::USER.raw()));
    same!(run, words(&info)[SENDER], own.as_raw());
    let nothing = timespec { tv_sec: 0, tv_nsec: 1_000_000 };
    fails!(run, EAGAIN, rt_sigtimedwait(&set_of(&[Sig::USR1]), Some(&nothing)));
    let wrong = timespec { tv_sec: 0, tv_nsec: -1 };
    fails!(run, EINVAL, rt_sigtimedwait(&set_of(&[Sig::USR1]), Some(&wrong)));
    unblock(run, before)
}

fn sending_to_nobody(run: &Run) -> Outcome {
    let own = value!(run, getpid());
    ok!(run, kill(KillPid::process(own), None));
    fails!(run, ESRCH, kill(KillPid::process(nobody()), None));
    fails!(run, EINVAL, kill(KillPid::process(own), Some(Sig::new(99))));
    fails!(run, ESRCH, tkill(nobody(), None));
    fails!(run, EINVAL, tkill(own, Some(Sig::new(99))));
    fails!(run, ESRCH, tgkill(nobody(), nobody(), None));
    fails!(run, EINVAL, tgkill(own, value!(run, gettid()), Some(Sig::new(99))));
    Ok(())
}

fn to_itself(run: &Run) -> Outcome {
    let before = block(run, &[Sig::USR1, Sig::USR2])?;
    let (process, thread) = (value!(run, getpid()), value!(run, gettid()));
    ok!(run, tkill(thread, Some(Sig::USR1)));
    ok!(run, tgkill(process, thread, Some(Sig::USR2)));
    for expected in [Sig::USR1, Sig::USR2] {
        let (signal, info) = ok!(run, rt_sigtimedwait(&set_of(&[Sig::USR1, Sig::USR2]), Some(&soon())));
        same!(run, (signal, words(&info)[2]), (expected, Si::TKILL.raw()));
    }
    unblock(run, before)
}

/// What a program sends with a value.
fn info(signal: Sig, value: c_int) -> siginfo {
    let queued = crate::portable::SignalInfo::queued(signal.raw(), value);
    // SAFETY: both are the kernel's struct of 128 bytes.
    unsafe { transmute_copy(&queued) }
}

fn queued(run: &Run) -> Outcome {
    let before = block(run, &[Sig::USR1, Sig::USR2])?;
    let (process, thread) = (value!(run, getpid()), value!(run, gettid()));
    ok!(run, rt_sigqueueinfo(process, Some(Sig::USR1), &info(Sig::USR1, 77)));
    ok!(run, rt_tgsigqueueinfo(process, thread, Some(Sig::USR2), &info(Sig::USR2, 78)));
    for (expected, value) in [(Sig::USR1, 77), (Sig::USR2, 78)] {
        let (signal, info) = ok!(run, rt_sigtimedwait(&set_of(&[expected]), Some(&soon())));
        same!(run, (signal, words(&info)[2]), (expected, Si::QUEUE.raw()));
        same!(run, words(&info)[SENDER + 2], value);
    }
    fails!(run, ESRCH, rt_sigqueueinfo(nobody(), Some(Sig::USR1), &info(Sig::USR1, 77)));
    fails!(run, ESRCH, rt_tgsigqueueinfo(nobody(), nobody(), Some(Sig::USR1), &info(Sig::USR1, 77)));
    fails!(run, EINVAL, rt_sigqueueinfo(process, Some(Sig::new(99)), &info(Sig::new(99), 77)));
    unblock(run, before)
}

fn queued_to_a_descriptor(run: &Run) -> Outcome {
    let before = block(run, &[Sig::USR1])?;
    let none = PidfdSignal::empty();
    fails!(run, EBADF, pidfd_send_signal(closed(), None, none));
    fails!(run, EBADF, pidfd_send_signal::with_info(closed(), Some(Sig::USR1), &info(Sig::USR1, 79), none));
    let itself = ok!(run, pidfd_open(value!(run, getpid()), ring3::consts::Pidfd::empty()));
    ok!(run, pidfd_send_signal(&itself, Some(Sig::USR1), none));
    let (_, sent) = ok!(run, rt_sigtimedwait(&set_of(&[Sig::USR1]), Some(&soon())));
    same!(run, words(&sent)[2], Si::USER.raw());
    ok!(run, pidfd_send_signal::with_info(&itself, Some(Sig::USR1), &info(Sig::USR1, 79), none));
    let (_, sent) = ok!(run, rt_sigtimedwait(&set_of(&[Sig::USR1]), Some(&soon())));
    same!(run, (words(&sent)[2], words(&sent)[SENDER + 2]), (Si::QUEUE.raw(), 79));
    fails!(run, EINVAL, pidfd_send_signal(&itself, Some(Sig::new(99)), none));
    unblock(run, before)
}

fn handlers(run: &Run) -> Outcome {
    LAST.store(0, Ordering::Relaxed);
    handle(run, Sig::USR2)?;
    ok!(run, kill(KillPid::process(value!(run, getpid())), Some(Sig::USR2)));
    same!(run, LAST.load(Ordering::Relaxed), Sig::USR2.raw());
    // SAFETY: the struct is plain data, zeros are the default action.
    let mut old: sigaction = unsafe { zeroed() };
    ok!(run, rt_sigaction(Sig::USR2, Some(&action(1)), Some(&mut old)));
    // SAFETY: both are the kernel's struct.
    let old: SignalAction = unsafe { transmute_copy(&old) };
    same!(run, old.handler, note as *const () as usize);
    // Ignored.
    ok!(run, kill(KillPid::process(value!(run, getpid())), Some(Sig::USR2)));
    fails!(run, EINVAL, rt_sigaction(Sig::KILL, Some(&action(1)), None));
    fails!(run, EINVAL, rt_sigaction(Sig::new(99), None, None));
    default(run, Sig::USR2)
}

fn suspending(run: &Run) -> Outcome {
    let before = block(run, &[Sig::USR2])?;
    LAST.store(0, Ordering::Relaxed);
    handle(run, Sig::USR2)?;
    ok!(run, kill(KillPid::process(value!(run, getpid())), Some(Sig::USR2)));
    same!(run, LAST.load(Ordering::Relaxed), 0);
    fails!(run, EINTR, rt_sigsuspend(&before));
    same!(run, LAST.load(Ordering::Relaxed), Sig::USR2.raw());
    unblock(run, before)?;
    default(run, Sig::USR2)
}

/// A signal comes while `ppoll` and its kin have let it through.
fn waiting(run: &Run) -> Outcome {
    let before = block(run, &[Sig::USR2])?;
    handle(run, Sig::USR2)?;
    let own = KillPid::process(value!(run, getpid()));
    ok!(run, kill(own, Some(Sig::USR2)));
    let none = set_of(&[]);
    fails!(run, EINTR, ppoll(&mut [], None, Some(&none)));
    ok!(run, kill(own, Some(Sig::USR2)));
    fails!(run, EINTR, pselect6(None, None, None, None, Some(&none)));
    let epoll = ok!(run, epoll_create1(ring3::consts::EpollCreate::CLOEXEC));
    // SAFETY: plain data.
    let mut events: [ring3::uapi::epoll_event; 1] = unsafe { zeroed() };
    ok!(run, kill(own, Some(Sig::USR2)));
    fails!(run, EINTR, epoll_pwait(&epoll, &mut events, 60_000, Some(&none)));
    ok!(run, kill(own, Some(Sig::USR2)));
    fails!(run, EINTR, epoll_pwait2(&epoll, &mut events, Some(&soon()), Some(&none)));
    unblock(run, before)?;
    default(run, Sig::USR2)
}

fn descriptors(run: &Run) -> Outcome {
    let before = block(run, &[Sig::USR1, Sig::USR2])?;
    let own = KillPid::process(value!(run, getpid()));
    let fd = ok!(run, signalfd4(&set_of(&[Sig::USR1]), Sfd::CLOEXEC | Sfd::NONBLOCK));
    let mut record = [0; 128];
    fails!(run, EAGAIN, read(&fd, &mut record));
    ok!(run, kill(own, Some(Sig::USR1)));
    same!(run, ok!(run, read(&fd, &mut record)), 128);
    same!(run, &record[..4], &Sig::USR1.raw().to_ne_bytes());
    ok!(run, signalfd4::set(&fd, &set_of(&[Sig::USR2])));
    ok!(run, kill(own, Some(Sig::USR2)));
    same!(run, ok!(run, read(&fd, &mut record)), 128);
    same!(run, &record[..4], &Sig::USR2.raw().to_ne_bytes());
    let other = ok!(run, signalfd(&set_of(&[Sig::USR1])));
    ok!(run, kill(own, Some(Sig::USR1)));
    same!(run, ok!(run, read(&other, &mut record)), 128);
    fails!(run, EINVAL, signalfd4(&set_of(&[]), Sfd::from_bits_retain(1)));
    fails!(run, EBADF, signalfd4::set(closed(), &set_of(&[])));
    fails!(run, EINVAL, read(&fd, &mut record[..100]));
    unblock(run, before)
}

fn another_stack(run: &Run) -> Outcome {
    let before = ok!(run, sigaltstack(None));
    same!(run, before.ss_flags, Ss::DISABLE.bits());
    let mut memory = [0u8; 16384];
    let stack = sigaltstack { ss_sp: memory.as_mut_ptr().cast(), ss_flags: 0, ss_size: memory.len() as _ };
    ok!(run, sigaltstack(Some(&stack)));
    let now = ok!(run, sigaltstack(Some(&before)));
    same!(run, (now.ss_sp, now.ss_size), (stack.ss_sp, stack.ss_size));
    fails!(run, ENOMEM, sigaltstack(Some(&sigaltstack { ss_size: 1, ..stack })));
    fails!(run, EINVAL, sigaltstack(Some(&sigaltstack { ss_flags: 99, ..stack })));
    Ok(())
}
