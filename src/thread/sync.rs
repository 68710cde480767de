//! What threads that share something wait with: one word each, and futex(2).

use crate::{Errno, Result, consts::Futex, lock::Lock, sys::futex, uapi::__kernel_timespec};
use core::{
    cell::UnsafeCell,
    fmt,
    marker::PhantomData,
    ops::{Deref, DerefMut},
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

/// A value for one thread at a time.
///
/// It is beside std and libc, too, and for a `static`. Nothing is poisoned: a panic ends the program, and where it unwinds, beside std, the lock is free again. A signal handler must not
/// take a lock that the code it interrupts may have.
///
/// ```
/// use ring3::thread::Mutex;
///
/// static TOTAL: Mutex<u64> = Mutex::new(0);
///
/// *TOTAL.lock() += 2;
/// assert_eq!(*TOTAL.lock(), 2);
/// ```
pub struct Mutex<T: ?Sized> {
    lock: Lock,
    value: UnsafeCell<T>,
}

// SAFETY: the lock lets one thread at a time to the value, as if it were sent there.
unsafe impl<T: ?Sized + Send> Send for Mutex<T> {}
// SAFETY: as above.
unsafe impl<T: ?Sized + Send> Sync for Mutex<T> {}

impl<T> Mutex<T> {
    /// The value, free for whoever comes first.
    #[must_use]
    #[inline]
    pub const fn new(value: T) -> Self {
        Self { lock: Lock::new(), value: UnsafeCell::new(value) }
    }

    /// The value, which nobody else has any more.
    #[must_use]
    #[inline]
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Waits until no other thread has the value, and lends it. A thread that has it already waits forever.
    #[inline]
    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.lock.lock();
        MutexGuard { mutex: self, of_thread: PhantomData }
    }

    /// Lends the value if nobody has it.
    #[inline]
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        self.lock.try_lock().then(|| MutexGuard { mutex: self, of_thread: PhantomData })
    }

    /// The value, which nobody else can have now.
    #[inline]
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }
}

impl<T: ?Sized> fmt::Debug for Mutex<T> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mutex").finish_non_exhaustive()
    }
}

/// The value of a [`Mutex`], for as long as this lives.
#[must_use]
pub struct MutexGuard<'a, T: ?Sized> {
    mutex: &'a Mutex<T>,
    /// As std has it: the guard stays in its thread.
    of_thread: PhantomData<*mut ()>,
}

// SAFETY: a shared guard gives a shared value.
unsafe impl<T: ?Sized + Sync> Sync for MutexGuard<'_, T> {}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: this thread has the lock.
        unsafe { &*self.mutex.value.get() }
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: this thread has the lock.
        unsafe { &mut *self.mutex.value.get() }
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        self.mutex.lock.unlock();
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// What threads sleep at until another one says that something has changed.
///
/// What they wait for is behind a [`Mutex`], and is looked at again after every [`wait`](Self::wait): a thread may wake for nothing.
#[derive(Debug)]
pub struct Condvar {
    /// Counts what has been said, so that a word between unlocking and falling asleep is not missed. Only 2^32 of them at that very moment would be.
    said: AtomicU32,
}

impl Condvar {
    /// Nobody waits.
    #[must_use]
    #[inline]
    pub const fn new() -> Self {
        Self { said: AtomicU32::new(0) }
    }

    /// Lets go of the value, sleeps until another thread says that it has changed, and takes it again.
    #[inline]
    pub fn wait<'a, T: ?Sized>(&self, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        let mutex = guard.mutex;
        // Whatever it answers, the caller looks again.
        let _ = self.sleep(guard, None);
        mutex.lock()
    }

    /// As [`wait`](Self::wait), for this time at most. The error is of what has been waited for, never of the value.
    ///
    /// # Errors
    ///
    /// [`ETIMEDOUT`](Errno::ETIMEDOUT): the time is over. [`EINVAL`](Errno::EINVAL): it is no time.
    #[inline]
    pub fn wait_timeout<'a, T: ?Sized>(
        &self,
        guard: MutexGuard<'a, T>,
        time: &__kernel_timespec,
    ) -> (MutexGuard<'a, T>, Result<()>) {
        let mutex = guard.mutex;
        let woken = match self.sleep(guard, Some(time)) {
            Err(error @ (Errno::ETIMEDOUT | Errno::EINVAL)) => Err(error),
            // A word has come before the sleep, or a signal.
            _ => Ok(()),
        };
        (mutex.lock(), woken)
    }

    #[inline]
    fn sleep<T: ?Sized>(&self, guard: MutexGuard<'_, T>, time: Option<&__kernel_timespec>) -> Result<()> {
        // The lock orders this: who changes the value and then says so does both after the lock is free.
        let said = self.said.load(Relaxed);
        drop(guard);
        futex::wait(&self.said, Futex::PRIVATE_FLAG, said, time)
    }

    /// Wakes one of the threads that wait.
    #[inline]
    pub fn notify_one(&self) {
        self.say(1);
    }

    /// Wakes all threads that wait.
    #[inline]
    pub fn notify_all(&self) {
        self.say(i32::MAX as u32);
    }

    #[inline]
    fn say(&self, count: u32) {
        self.said.fetch_add(1, Relaxed);
        let _ = futex::wake(&self.said, Futex::PRIVATE_FLAG, count);
    }
}

impl Default for Condvar {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}
