//! Futexes, by one thread: what it need not wait for, and what it waits for in vain.

use super::*;
use core::{
    ptr::null_mut,
    sync::atomic::{AtomicU32, Ordering},
};
use ring3::{
    consts::{Clock, Futex, Futex2},
    sys::timespec,
    uapi::futex_waitv,
};

checks! { "sys::futexes":
    waiting, with_bits, waking, requeueing, with_operations, locks, locks_refused, any_operation, newer, several, requeueing_newer,
}

const SOON: timespec = timespec { tv_sec: 0, tv_nsec: 1_000_000 };
/// Long ago, where a time is absolute.
const PAST: timespec = timespec { tv_sec: 1, tv_nsec: 0 };
const WRONG: timespec = timespec { tv_sec: 0, tv_nsec: 1_000_000_000 };
const PRIVATE: Futex = Futex::PRIVATE_FLAG;

fn waiting(run: &Run) -> Outcome {
    let word = AtomicU32::new(7);
    fails!(run, EAGAIN, futex::wait(&word, PRIVATE, 8, None));
    fails!(run, ETIMEDOUT, futex::wait(&word, PRIVATE, 7, Some(&SOON)));
    fails!(run, EINVAL, futex::wait(&word, PRIVATE, 7, Some(&WRONG)));
    Ok(())
}

fn with_bits(run: &Run) -> Outcome {
    let word = AtomicU32::new(7);
    fails!(run, EAGAIN, futex::wait_bitset(&word, PRIVATE, 8, None, 1));
    fails!(run, ETIMEDOUT, futex::wait_bitset(&word, PRIVATE, 7, Some(&PAST), 1));
    fails!(run, EINVAL, futex::wait_bitset(&word, PRIVATE, 7, None, 0));
    same!(run, ok!(run, futex::wake_bitset(&word, PRIVATE, 1, 1)), 0);
    fails!(run, EINVAL, futex::wake_bitset(&word, PRIVATE, 1, 0));
    Ok(())
}

/// A child waits on memory that both have.
fn waking(run: &Run) -> Outcome {
    same!(run, ok!(run, futex::wake(&AtomicU32::new(7), PRIVATE, 1)), 0);
    let shared = &run.functions.word;
    shared.store(7, Ordering::SeqCst);
    let pid = processes::spawn(run, |run| {
        match call!(run, futex::wait(&run.functions.word, Futex::empty(), 7, None)) {
            Ok(()) => 77,
            Err(_) => 1,
        }
    })?;
    let mut woken = 0;
    for _ in 0..10_000 {
        woken = ok!(run, futex::wake(shared, Futex::empty(), 1));
        if woken != 0 {
            break;
        }
        ok!(run, nanosleep(&SOON, None));
    }
    same!(run, woken, 1);
    let status = ok!(run, wait4(ring3::WaitPid::process(pid), ring3::consts::Wait::empty(), None));
    same!(run, status.map(|(_, status)| status.exit_code()), Some(Some(77)));
    Ok(())
}

fn requeueing(run: &Run) -> Outcome {
    let (word, other) = (AtomicU32::new(7), AtomicU32::new(8));
    same!(run, ok!(run, futex::requeue(&word, PRIVATE, 1, 1, &other)), 0);
    same!(run, ok!(run, futex::cmp_requeue(&word, PRIVATE, 1, 1, &other, 7)), 0);
    fails!(run, EAGAIN, futex::cmp_requeue(&word, PRIVATE, 1, 1, &other, 8));
    fails!(run, EINVAL, futex::requeue(&word, PRIVATE, u32::MAX, 1, &other));
    Ok(())
}

/// The call changes the second word as it is told.
fn with_operations(run: &Run) -> Outcome {
    /// `FUTEX_OP(FUTEX_OP_ADD, 5, FUTEX_OP_CMP_EQ, 8)`
    const ADD_5_COMPARE_8: u32 = 1 << 28 | 5 << 12 | 8;
    let (word, other) = (AtomicU32::new(7), AtomicU32::new(8));
    same!(run, ok!(run, futex::wake_op(&word, PRIVATE, 1, 1, &other, ADD_5_COMPARE_8)), 0);
    same!(run, (word.load(Ordering::Relaxed), other.load(Ordering::Relaxed)), (7, 13));
    Ok(())
}

/// Locks with the inheritance of priorities: the kernel writes who has them.
fn locks(run: &Run) -> Outcome {
    let word = AtomicU32::new(0);
    let own = value!(run, gettid()).as_raw() as u32;
    ok!(run, futex::lock_pi(&word, PRIVATE, None));
    same!(run, word.load(Ordering::Relaxed), own);
    fails!(run, EDEADLK, futex::lock_pi(&word, PRIVATE, None));
    fails!(run, EDEADLK, futex::trylock_pi(&word, PRIVATE));
    ok!(run, futex::unlock_pi(&word, PRIVATE));
    same!(run, word.load(Ordering::Relaxed), 0);
    ok!(run, futex::trylock_pi(&word, PRIVATE));
    same!(run, word.load(Ordering::Relaxed), own);
    ok!(run, futex::unlock_pi(&word, PRIVATE));
    ok!(run, futex::lock_pi2(&word, PRIVATE, None));
    same!(run, word.load(Ordering::Relaxed), own);
    ok!(run, futex::unlock_pi(&word, PRIVATE));
    Ok(())
}

fn locks_refused(run: &Run) -> Outcome {
    // Nobody's.
    let (word, other) = (AtomicU32::new(0x3fff_ffff), AtomicU32::new(0));
    fails!(run, ESRCH, futex::lock_pi(&word, PRIVATE, None));
    fails!(run, ESRCH, futex::lock_pi2(&word, PRIVATE, None));
    fails!(run, ESRCH, futex::trylock_pi(&word, PRIVATE));
    fails!(run, EPERM, futex::unlock_pi(&word, PRIVATE));
    let word = AtomicU32::new(0x3fff_ffff);
    fails!(run, EAGAIN, futex::wait_requeue_pi(&word, PRIVATE, 1, None, &other));
    same!(run, ok!(run, futex::cmp_requeue_pi(&word, PRIVATE, 0, &other, 0x3fff_ffff)), 0);
    fails!(run, EAGAIN, futex::cmp_requeue_pi(&word, PRIVATE, 0, &other, 1));
    Ok(())
}

fn any_operation(run: &Run) -> Outcome {
    let word = AtomicU32::new(7);
    let address = word.as_ptr().cast();
    same!(run, ok!(run, futex(address, Futex::WAKE, 1, null_mut(), null_mut(), 0)), 0);
    fails!(run, EAGAIN, futex(address, Futex::WAIT, 8, null_mut(), null_mut(), 0));
    fails!(run, EFAULT, futex(nowhere(), Futex::WAIT, 8, null_mut(), null_mut(), 0));
    fails!(run, EINVAL, futex(address.wrapping_byte_add(1), Futex::WAKE, 1, null_mut(), null_mut(), 0));
    Ok(())
}

fn newer(run: &Run) -> Outcome {
    let word = AtomicU32::new(7);
    fails!(run, EAGAIN, futex_wait::private(&word, 8, 1, None, Clock::MONOTONIC));
    fails!(run, ETIMEDOUT, futex_wait::private(&word, 7, 1, Some(&PAST), Clock::MONOTONIC));
    fails!(run, EAGAIN, futex_wait::shared(&word, 8, 1, None, Clock::MONOTONIC));
    fails!(run, EINVAL, futex_wait::shared(&word, 7, 0, None, Clock::MONOTONIC));
    same!(run, ok!(run, futex_wake::private(&word, 1, 1)), 0);
    same!(run, ok!(run, futex_wake::shared(&word, 1, 1)), 0);
    fails!(run, EINVAL, futex_wake::private(&word, 0, 1));
    let flags = Futex2::SIZE_U32 | Futex2::PRIVATE;
    fails!(run, EAGAIN, futex_wait(&word, 8, 1, flags, None, Clock::MONOTONIC));
    fails!(run, EINVAL, futex_wait(&word, 8, 1, Futex2::from_bits_retain(1 << 30), None, Clock::MONOTONIC));
    same!(run, ok!(run, futex_wake(&word, 1, 1, flags)), 0);
    fails!(run, EINVAL, futex_wake(&word, 1, 1, Futex2::from_bits_retain(1 << 30)));
    Ok(())
}

fn waiter(word: &AtomicU32, value: u64) -> futex_waitv {
    let flags = (Futex2::SIZE_U32 | Futex2::PRIVATE).bits();
    futex_waitv { val: value, uaddr: word.as_ptr().expose_provenance() as u64, flags, __reserved: 0 }
}

fn several(run: &Run) -> Outcome {
    let (word, other) = (AtomicU32::new(7), AtomicU32::new(8));
    fails!(run, EAGAIN, futex_waitv(&[waiter(&word, 7), waiter(&other, 7)], None, Clock::MONOTONIC));
    fails!(
        run,
        ETIMEDOUT,
        futex_waitv(&[waiter(&word, 7), waiter(&other, 8)], Some(&PAST), Clock::MONOTONIC)
    );
    fails!(run, EINVAL, futex_waitv(&[], None, Clock::MONOTONIC));
    fails!(run, EINVAL, futex_waitv(&[waiter(&word, 7)], Some(&PAST), Clock::new(99)));
    Ok(())
}

fn requeueing_newer(run: &Run) -> Outcome {
    let (word, other) = (AtomicU32::new(7), AtomicU32::new(8));
    fails!(run, EAGAIN, futex_requeue(&[waiter(&word, 8), waiter(&other, 8)], 1, 1));
    same!(run, ok!(run, futex_requeue(&[waiter(&word, 7), waiter(&other, 8)], 1, 1)), 0);
    fails!(run, EINVAL, futex_requeue(&[waiter(&word, 7), waiter(&other, 8)], -1, 1));
    Ok(())
}
