//! A lock for the allocator: one word, and futex(2) where another thread has it.
//!
//! talc asks for a `RawMutex`. What crates offer for a program without libc spins: a thread that waits for one that does not run
//! spends its whole time slice.
//!
//! "Futexes Are Tricky", Drepper: the second mutex.

use crate::{consts::Futex, sys::futex};
use core::{
    hint::spin_loop,
    sync::atomic::{
        AtomicU32,
        Ordering::{Acquire, Relaxed, Release},
    },
};
use talc::lock_api::{GuardSend, RawMutex};

const FREE: u32 = 0;
const TAKEN: u32 = 1;
/// Taken, and somebody may be asleep until it is free.
const AWAITED: u32 = 2;

/// How often a thread looks before it goes to sleep: cutting a block takes less time than sleeping.
const LOOKS: u32 = 100;

/// The lock.
#[derive(Debug)]
pub struct Lock(AtomicU32);

impl Lock {
    #[cold]
    #[inline(never)]
    fn wait(&self) {
        for _ in 0..LOOKS {
            if self.try_lock() {
                return;
            }
            spin_loop();
        }
        while self.0.swap(AWAITED, Acquire) != FREE {
            // Whatever it answers, the word says whether there is something to wait for.
            let _ = futex::wait(&self.0, Futex::PRIVATE_FLAG, AWAITED, None);
        }
    }
}

// SAFETY: of all threads that find the word free, one alone changes it.
unsafe impl RawMutex for Lock {
    const INIT: Self = Self(AtomicU32::new(FREE));

    type GuardMarker = GuardSend;

    #[inline]
    fn lock(&self) {
        if !self.try_lock() {
            self.wait();
        }
    }

    #[inline]
    fn try_lock(&self) -> bool {
        self.0.compare_exchange(FREE, TAKEN, Acquire, Relaxed).is_ok()
    }

    #[inline]
    unsafe fn unlock(&self) {
        if self.0.swap(FREE, Release) == AWAITED {
            let _ = futex::wake(&self.0, Futex::PRIVATE_FLAG, 1);
        }
    }
}
