//! The allocator's lock.
//!
//! talc asks for a `RawMutex`. What crates offer for a program without libc spins: a thread that waits for one that does not run
//! spends its whole time slice.

use crate::lock;
use talc::lock_api::{GuardSend, RawMutex};

/// The lock.
#[derive(Debug)]
pub struct Lock(lock::Lock);

// SAFETY: of all threads that find the word free, one alone changes it.
unsafe impl RawMutex for Lock {
    const INIT: Self = Self(lock::Lock::new());

    type GuardMarker = GuardSend;

    #[inline]
    fn lock(&self) {
        self.0.lock();
    }

    #[inline]
    fn try_lock(&self) -> bool {
        self.0.try_lock()
    }

    #[inline]
    unsafe fn unlock(&self) {
        self.0.unlock();
    }
}
