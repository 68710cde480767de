//! Processes: children that run another program, or a function on a stack of its own.
//!
//! | | the child | |
//! |---|---|---|
//! | [`Spawn`] | runs a program | safe: as posix_spawn(3), with what goes wrong in the child for the caller's error |
//! | [`fork`] | is a copy that goes on where the caller does | unsafe where there are threads |
//! | [`vfork`] | runs a function in the caller's memory, while the caller waits | unsafe |
//! | [`clone()`], [`clone3`] | runs a function, and shares what the flags say | unsafe |
//! | [`execve`], [`execveat`] | none: another program takes the caller's place | safe |
//!
//! ```
//! use ring3::{CStrPtr, CStrs, process::Spawn};
//!
//! let argv = [CStrPtr::new(c"sh"), CStrPtr::new(c"-c"), CStrPtr::new(c"exit 3"), CStrPtr::END];
//! let argv = CStrs::new(&argv).unwrap();
//! let child = Spawn::new(c"/bin/sh", argv, CStrs::EMPTY).spawn()?;
//! assert_eq!(child.wait()?.exit_code(), Some(3));
//!
//! let missing = Spawn::new(c"/does/not/exist", argv, CStrs::EMPTY).spawn();
//! assert_eq!(missing.err(), Some(ring3::Errno::ENOENT));
//! # Ok::<(), ring3::Errno>(())
//! ```
//!
//! # Soundness
//!
//! No function of Rust can return twice on one stack, or return on another one. So the child of [`vfork`], [`clone()`] and [`clone3`] does not return at all: it begins in a few
//! instructions (`src/arch/flow/`) that clear the frame pointer, take a function and its argument from the new stack, call the one with the
//! other, and end the thread with what it gives. To the compiler the parent's side is a function like any other: what the child overwrites is on
//! the child's stack, and the registers that a function has to keep are kept.
//!
//! What stays the caller's promise is what the child does, because it shares memory, or has a copy of it that was made at any point of the other threads; hence
//! `unsafe`. [`Spawn`] keeps that promise by itself:
//!
//! - The child makes system calls and nothing else: it takes no lock, allocates nothing, and uses no thread-local variable, of this crate's or of a libc's.
//! - What it reads is borrowed for the time of [`Spawn::spawn`], and the thread that has lent it does not run before the child has
//!   left the memory. The child writes to its own stack alone, which is part of the frame of that function.
//! - All signals are blocked when it begins, and have no handler any more when they are let in again: no handler runs in it, on memory
//!   that is the parent's.
//! - Its descriptors, working directory and signal actions are copies. A number that it opens or closes is not the parent's.

mod child;
mod spawn;

pub use crate::sys::{execve, execveat, fork};
pub use child::Child;
pub use spawn::{FileAction, Spawn};

use crate::{
    Errno, Pid, Result,
    arch::flow::{self, STACK_ALIGN, Task},
    consts::{Clone, Sig, SigHow},
    raw,
    uapi::{clone_args, sigset_t},
};
use core::{
    ffi::{c_int, c_void},
    mem::{ManuallyDrop, MaybeUninit},
    ptr,
};

/// What a child runs: its result is the child's exit status.
pub type Run = unsafe extern "C" fn(*mut c_void) -> c_int;

/// Puts what the child runs at the upper end of its stack.
#[inline]
fn put(args: &clone_args, run: Run, data: *mut c_void) -> Result<*mut Task> {
    const ROOM: usize = size_of::<Task>().next_multiple_of(STACK_ALIGN);
    let address = |number: u64| usize::try_from(number).map_err(|_| Errno::EINVAL);
    let lowest = address(args.stack)?;
    let end = lowest.checked_add(address(args.stack_size)?).ok_or(Errno::EINVAL)? & !(STACK_ALIGN - 1);
    let task = end.checked_sub(ROOM).filter(|&task| lowest != 0 && task >= lowest).ok_or(Errno::EINVAL)?;
    let task = ptr::with_exposed_provenance_mut::<Task>(task);
    // The kernel tells whether memory can be written to: it does, for a set of signals, which fits in there.
    let none = ptr::null_mut();
    // SAFETY: the stack is the child's, and not in use yet.
    unsafe {
        raw::rt_sigprocmask(SigHow::BLOCK.raw(), none, task.cast(), size_of::<sigset_t>())?;
        task.write(Task { run, data });
    }
    Ok(task)
}

/// [clone(2)](https://man7.org/linux/man-pages/man2/clone.2.html): makes a child that runs a function on a stack of its own.
///
/// The arguments are [`clone3`]'s, as far as this call has them: flags of 32 bits, no `set_tid`, no `cgroup`, and either `pidfd` or `parent_tid`. `stack` is the lowest address of
/// the stack, and `stack_size` tells where it ends.
///
/// # Errors
///
/// [`EINVAL`](Errno::EINVAL): the flags contradict each other, the call does not have the arguments, or the stack is no stack. [`EFAULT`](Errno::EFAULT): the upper end of the stack cannot
/// be written to. [`EAGAIN`](Errno::EAGAIN): there are as many processes as there may be. [`ENOMEM`](Errno::ENOMEM), [`EPERM`](Errno::EPERM).
///
/// # Safety
///
/// - The stack is memory that nothing else uses as long as the child runs on it, large enough for what it runs.
/// - What the flags let the child share with its parent is sound to share: with `CLONE_VM` it is another thread of the program, with the
///   thread-local variables that `CLONE_SETTLS` gives it or else with the parent's; without, it is the copy that [`fork`] makes.
/// - `run` is right to be called with `data` there. It does not unwind.
/// - The addresses in the arguments lead to memory that the kernel may write to, now and when the child ends.
#[inline]
pub unsafe fn clone(args: &clone_args, run: Run, data: *mut c_void) -> Result<Pid> {
    /// Where the signal is that tells the parent of the child's end.
    const CSIGNAL: u64 = 0xff;
    let lacking = args.set_tid | args.set_tid_size | args.cgroup | args.flags >> 32 | args.flags & CSIGNAL;
    let both = args.pidfd != 0 && args.parent_tid != 0;
    if lacking != 0 || both || args.exit_signal > 8 * size_of::<sigset_t>() as u64 {
        return Err(Errno::EINVAL);
    }
    let task = put(args, run, data)?;
    // SAFETY: the task lies at the end of the child's stack; the rest is the caller's promise.
    let child = unsafe { flow::clone(args, task) }.number()?;
    Ok(Pid::from_raw(child as i32))
}

/// [clone3(2)](https://man7.org/linux/man-pages/man2/clone3.2.html): makes a child that runs a function on a stack of its own.
///
/// Since Linux 5.3.
///
/// # Errors
///
/// As for [`clone()`]; and [`ENOSYS`](Errno::ENOSYS), [`EEXIST`](Errno::EEXIST), [`EBUSY`](Errno::EBUSY).
///
/// # Safety
///
/// As for [`clone()`].
#[inline]
pub unsafe fn clone3(args: &clone_args, run: Run, data: *mut c_void) -> Result<Pid> {
    let task = put(args, run, data)?;
    let args = clone_args { stack_size: task.addr() as u64 - args.stack, ..*args };
    // SAFETY: the task lies at the end of the child's stack; the rest is the caller's promise.
    let child = unsafe { flow::clone3(&args) }.number()?;
    Ok(Pid::from_raw(child as i32))
}

/// The arguments of a child on this stack that tells of its end by `SIGCHLD`.
#[inline]
fn on_stack(flags: Clone, stack: &mut [MaybeUninit<u8>]) -> clone_args {
    clone_args {
        flags: flags.bits(),
        pidfd: 0,
        child_tid: 0,
        parent_tid: 0,
        exit_signal: Sig::CHLD.raw() as u64,
        stack: stack.as_mut_ptr().expose_provenance() as u64,
        stack_size: stack.len() as u64,
        tls: 0,
        set_tid: 0,
        set_tid_size: 0,
        cgroup: 0,
    }
}

/// [vfork(2)](https://man7.org/linux/man-pages/man2/vfork.2.html): lets a child run a function in the caller's memory, on a stack of its own; the calling thread goes on when the child
/// has ended or runs another program.
///
/// ```
/// use core::mem::MaybeUninit;
/// use ring3::{CStrPtr, CStrs, consts::Wait, process, sys};
///
/// let argv = [CStrPtr::new(c"true"), CStrPtr::END];
/// let argv = CStrs::new(&argv).unwrap();
/// let mut stack = [MaybeUninit::uninit(); 16 << 10];
/// // SAFETY: the child makes one call; the program's handlers of signals are right in it, too.
/// let child = unsafe {
///     process::vfork(&mut stack, || {
///         process::execve(c"/bin/true", argv, CStrs::EMPTY);
///         127
///     })
/// }?;
/// let (_, status) = sys::waitpid(child.into(), Wait::empty())?.unwrap();
/// assert_eq!(status.exit_code(), Some(0));
/// # Ok::<(), ring3::Errno>(())
/// ```
///
/// # Errors
///
/// As for [`clone()`].
///
/// # Safety
///
/// - The stack is large enough for what `f` does.
/// - The child is a thread of the program with the calling thread's thread-local variables, but another process: what `f` does, and every handler of a signal that may come meanwhile,
///   must be right there. Calls of [`sys`](crate::sys) are.
/// - Not everywhere is the memory really shared: an emulator may make a copy. Nothing may rely on what the child writes.
/// - `f` does not unwind.
#[inline]
pub unsafe fn vfork<F: FnOnce() -> c_int>(stack: &mut [MaybeUninit<u8>], f: F) -> Result<Pid> {
    unsafe extern "C" fn run<F: FnOnce() -> c_int>(data: *mut c_void) -> c_int {
        // SAFETY: `data` is the function, which nobody else takes.
        let f = unsafe { data.cast::<F>().read() };
        f()
    }
    let args = on_stack(Clone::VM | Clone::VFORK, stack);
    let mut f = ManuallyDrop::new(f);
    // SAFETY: the stack is borrowed, and the function stays where it is while the child has the memory; the rest is the caller's promise.
    let child = unsafe { clone(&args, run::<F>, (&raw mut f).cast()) };
    if child.is_err() {
        // SAFETY: no child has taken it.
        unsafe { ManuallyDrop::drop(&mut f) };
    }
    child
}
