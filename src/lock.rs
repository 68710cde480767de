//! A lock of one word, and futex(2) where another thread has it: the heap's, and that of `thread::Mutex`.
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

const FREE: u32 = 0;
const TAKEN: u32 = 1;
/// Taken, and somebody may be asleep until it is free.
const AWAITED: u32 = 2;

/// How often a thread looks before it goes to sleep: what is done with a lock mostly takes less time than sleeping.
const LOOKS: u32 = 100;

/// The lock.
#[derive(Debug)]
pub struct Lock(AtomicU32);

impl Lock {
    #[inline]
    pub const fn new() -> Self {
        Self(AtomicU32::new(FREE))
    }

    #[inline]
    pub fn lock(&self) {
        if !self.try_lock() {
            self.wait();
        }
    }

    #[inline]
    pub fn try_lock(&self) -> bool {
        self.0.compare_exchange(FREE, TAKEN, Acquire, Relaxed).is_ok()
    }

    /// Gives the lock back. Who does not have it takes it away from another.
    #[inline]
    pub fn unlock(&self) {
        if self.0.swap(FREE, Release) == AWAITED {
            let _ = futex::wake(&self.0, Futex::PRIVATE_FLAG, 1);
        }
    }

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
