//! Threads of a program that has no libc: a stack with a guard page, thread-local variables of its own, and no heap.
//!
//! ```no_run
//! #![cfg_attr(panic = "abort", no_std)]
//! #![no_main]
//!
//! use ring3::{Errno, println, thread};
//!
//! ring3::entry!(main);
//!
//! fn main() -> Result<(), Errno> {
//!     let sum = thread::spawn(64 << 10, || (1..=100).sum::<u32>())?;
//!     println!("{}", sum.join()?);
//!     Ok(())
//! }
//! ```
//!
//! | | |
//! |---|---|
//! | [`spawn()`] | lets a new thread run a function, on a stack of so many bytes or on the caller's |
//! | [`JoinHandle`] | waits for the thread, and gives what the function has returned; dropped, it leaves the thread alone |
//! | [`Mutex`], [`Condvar`] | what threads share, and what they wait with |
//!
//! When `main` returns, the program ends with all its threads. A panic in one thread ends the program, too: `entry!` is for `panic = "abort"`,
//! so that nothing unwinds, and whoever waits for a thread gets its result.
//!
//! # What a thread has
//!
//! One mapping: memory that cannot be touched, at least 64 KiB of it; above that the stack; and at its upper end the thread's variables, what the function has captured, and in the same place what it returns. So
//! nothing is allocated, and nothing is left when the thread has ended and its handle is gone: [`join`](JoinHandle::join) unmaps the memory once the kernel says that the thread does
//! not run any more (`CLONE_CHILD_CLEARTID`); a thread whose handle is gone by then unmaps its own stack, and ends by two instructions that need none. Who does it, one atomic swap decides: the first of the two, handle or thread, leaves it
//! to the other.
//!
//! A program in the full layout has thread-local variables (`entry!` tells of layouts): each thread gets its own, with the values that they begin with, so that code that was compiled for them is right. In the others
//! there are none.
//!
//! A thread begins with the signal mask of the one that makes it. Handlers are the whole program's, and may run in a thread from its first instruction on; while it takes down its stack, all signals are blocked. A stack for handlers is
//! each thread's own to set up: [`AltStack`](crate::signal::AltStack).
//!
//! # Soundness
//!
//! Beside libc such a thread would be unsound: there, safe functions use libc's thread-local variables, `errno` for one, and this thread has none of them. So it does not exist there. A function that [`entry!`](crate::entry) alone defines tells how the program was
//! linked, and [`spawn()`] calls it: a program without `entry!` that makes threads does not link, and the linker's message names `__ring3_thread_needs_entry`. A token that `entry!` hands to `main` would not do: it hands one to a program that
//! std has started, too, and every library on the way would have to pass it on. What `entry!` makes of a program for `cargo test`, which std starts, links; it gets [`ENOSYS`](Errno::ENOSYS), and so does a program for which an
//! interpreter has loaded libraries, because another linker than lld was told to: they may have variables that ring3 knows nothing of.
//!
//! The other promises are those of std: the function and its result are `Send`, so that they may go from thread to thread, and `'static`, because nobody has to wait for the thread. A function that needs more stack than there is touches the memory below it and gets SIGSEGV; Rust's code for
//! x86_64, i386 and aarch64 touches each page of a frame, and on the others no frame larger than 64 KiB can be beyond doubt.
//!
//! # Mutexes
//!
//! [`Mutex`] and [`Condvar`] are here because no crate serves on all ABIs. [rustix-futex-sync](https://docs.rs/rustix-futex-sync) has both, and more (`RwLock`, `Once`), over futex and for `no_std`; it makes its calls through rustix, which has no system calls of its own on riscv32
//! and wants libc there. A program that has rustix anyway can use it. What spins (`spin`) spends the time slice of a thread whose lock another one has, which does not run; `parking_lot` wants std.

mod place;
mod sync;

pub use sync::{Condvar, Mutex, MutexGuard};

use crate::{Errno, Pid, Result};
use core::{
    ffi::{c_int, c_void},
    fmt,
    marker::PhantomData,
    mem::{ManuallyDrop, MaybeUninit},
    ptr::NonNull,
};
use place::{Header, Packet, Place};

/// What a thread runs on: so many bytes of new memory, or memory of the caller.
#[derive(Debug)]
pub struct Stack {
    /// Where the caller's begins.
    memory: Option<NonNull<c_void>>,
    size: usize,
}

impl Stack {
    /// New memory, of so many bytes at least, and below it memory that cannot be touched.
    ///
    /// It goes when it is not needed any more.
    #[must_use]
    #[inline]
    pub const fn new(size: usize) -> Self {
        Self { memory: None, size }
    }

    /// Memory of the caller, in which the thread's variables, what its function has captured, and its result have their place, too.
    ///
    /// # Safety
    ///
    /// Nobody else uses the memory, and it stays, until the thread has been joined, and for as long as the program runs if it never is. It is large enough for what the thread does, or cannot be overrun.
    #[must_use]
    #[inline]
    pub const unsafe fn of_caller(memory: NonNull<[MaybeUninit<u8>]>) -> Self {
        Self { memory: Some(memory.cast()), size: memory.len() }
    }
}

impl From<usize> for Stack {
    #[inline]
    fn from(size: usize) -> Self {
        Self::new(size)
    }
}

/// Makes a thread that runs a function, on a stack of so many bytes.
///
/// ```no_run
/// use ring3::thread;
///
/// let numbers = [1, 2, 3];
/// let thread = thread::spawn(64 << 10, move || numbers.iter().sum::<i32>())?;
/// assert_eq!(thread.join()?, 6);
/// # Ok::<(), ring3::Errno>(())
/// ```
///
/// A thread needs some KiB by itself in a dev build; a handler of a signal needs as many as the kernel has registers to save, on processors with large ones 11 KiB.
///
/// # Errors
///
/// The function is dropped then.
///
/// [`EINVAL`](Errno::EINVAL): the stack has no bytes, or the caller's memory has no room for what is to lie there. [`EFAULT`](Errno::EFAULT): the caller's memory cannot be written to. [`ENOMEM`](Errno::ENOMEM): there
/// is no memory (`RLIMIT_AS`, the number of mappings). [`EAGAIN`](Errno::EAGAIN): there are as many threads as there may be (`RLIMIT_NPROC`, a cgroup's). [`ENOSYS`](Errno::ENOSYS): std has started this program, or an
/// interpreter has loaded libraries for it: see the [module](self).
#[inline]
pub fn spawn<F, T>(stack: impl Into<Stack>, f: F) -> Result<JoinHandle<T>>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let place = Place::find(stack.into(), Packet::<F, T>::LAYOUT)?;
    let packet = place.packet().cast::<Packet<F, T>>();
    // SAFETY: the place is a packet's, and nobody else's. It stays while the thread or the handle is there. The function goes to the thread, once: here it is
    // dropped if there is no thread.
    unsafe {
        (&raw mut (*packet).slot.f).write(ManuallyDrop::new(f));
        match place.start(run::<F, T>) {
            Ok(tid) => Ok(JoinHandle {
                header: packet.cast(),
                value: (&raw mut (*packet).slot.value).cast(),
                tid,
                of: PhantomData,
            }),
            Err(error) => {
                let f = (&raw mut (*packet).slot.f).read();
                place.give_back();
                drop(ManuallyDrop::into_inner(f));
                Err(error)
            }
        }
    }
}

/// What the thread does.
unsafe extern "C" fn run<F: FnOnce() -> T, T>(packet: *mut c_void) -> c_int {
    let packet = packet.cast::<Packet<F, T>>();
    // SAFETY: the function is in the slot and this thread's to take; its value is to be there until somebody takes it.
    unsafe {
        let f = ManuallyDrop::into_inner((&raw const (*packet).slot.f).read());
        let slot = (&raw mut (*packet).slot.value).cast::<T>();
        slot.write(f());
        if place::is_left_alone(packet.cast()) {
            slot.drop_in_place();
            place::leave(packet.cast());
        }
    }
    0
}

/// A thread, for whoever has made it.
///
/// Dropped, it leaves the thread alone: it runs on, and what its function returns is dropped in it.
pub struct JoinHandle<T> {
    header: *mut Header,
    value: *mut T,
    tid: Pid,
    of: PhantomData<T>,
}

// SAFETY: the handle stands for the value that the thread leaves, and its atomics.
unsafe impl<T: Send> Send for JoinHandle<T> {}
// SAFETY: a shared handle gives nothing but numbers.
unsafe impl<T: Send> Sync for JoinHandle<T> {}

impl<T> JoinHandle<T> {
    /// Waits until the thread has ended, and gives what its function has returned. The thread's memory is gone by then.
    ///
    /// A thread that waits for itself waits forever.
    ///
    /// # Errors
    ///
    /// [`EOWNERDEAD`](Errno::EOWNERDEAD): the function has not returned, because something has ended the thread alone: the call `exit`, or a seccomp filter.
    #[inline]
    pub fn join(self) -> Result<T> {
        let handle = ManuallyDrop::new(self);
        // SAFETY: the memory is there as long as the handle is, and this is the end of it.
        unsafe {
            let value =
                if place::wait(handle.header) { Ok(handle.value.read()) } else { Err(Errno::EOWNERDEAD) };
            place::unmap(handle.header);
            value
        }
    }

    /// The thread's number. It may be another thread's when this one has ended.
    #[must_use]
    #[inline]
    pub fn tid(&self) -> Pid {
        self.tid
    }

    /// Whether the thread has ended, or is about to and has its result: [`join`](Self::join) does not have to wait for long.
    #[must_use]
    #[inline]
    pub fn is_finished(&self) -> bool {
        // SAFETY: the memory is there as long as the handle is.
        unsafe { place::is_finished(self.header) }
    }
}

impl<T> Drop for JoinHandle<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: this is the end of the handle: if the memory is not left to the thread, it is this one's alone.
        unsafe {
            if !place::leave_alone(self.header) {
                if place::wait(self.header) {
                    self.value.drop_in_place();
                }
                place::unmap(self.header);
            }
        }
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").field("tid", &self.tid).finish_non_exhaustive()
    }
}
