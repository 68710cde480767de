//! The Linux system call for programs that carry no libc.
//!
//! Every system call of the target's ABI is a typed function, generated from the kernel's own tables, and costs the trap instruction
//! and nothing else. Above the calls there is a `_start`: with one dependency and one macro, a program is a static executable of a
//! few hundred bytes, on stable Rust.
//!
//! # A first program
//!
//! ```no_run
//! #![cfg_attr(panic = "abort", no_std)]
//! #![no_main]
//!
//! use ring3::{STDOUT, sys};
//!
//! ring3::entry!(main);
//!
//! fn main() {
//!     let _ = sys::write(STDOUT, b"Hello World!\n");
//! }
//! ```
//!
//! The package needs `panic = "abort"` in its profiles; [`entry!`] tells the rest. Without `entry!`, ring3 is a plain library: it
//! works beside std and libc, and takes nothing from them.
//!
//! # A call, three ways
//!
//! | | what | when |
//! |---|---|---|
//! | [`sys`] | slices, strings, descriptors and values; safe where no argument can break memory or descriptors; the same on every ABI | nearly always |
//! | [`raw`] | the kernel's prototype with the types of C; a 64-bit value is one argument on every ABI | the arguments are addresses and numbers anyway |
//! | [`syscall!`] | any number with any arguments | the number is known only when the program runs, or is newer than the tables |
//!
//! The last two are `unsafe`; all answer [`Result`] and never retry: [`retry`] does. An error is the kernel's, an [`Errno`]; a call that the running kernel does
//! not have answers [`Errno::ENOSYS`].
//!
//! # The map
//!
//! - [`sys`], [`raw`]: the calls. [`io`], [`net`]: what some of them take. [`uapi`]: the structs that they take. [`consts`]: the flags and selectors.
//! - [`OwnedFd`], [`BorrowedFd`], [`AsFd`]: descriptors. [`Pid`], [`Uid`] and their kin: numbers that must not be mixed up.
//! - [`Sysno`]: the numbers. [`Errno`]: the errors. `abi`: the calls of every ABI as data, by the feature `tables`.
//! - `vdso`: the time, and random bytes, without a trap. `signal`: handlers, masks, what a handler learns. `process`: children. `thread`: threads, and what they share. By the feature `runtime`.
//! - [`entry!`], [`Env`], [`ExitCode`]: the program's start and end.
//! - [`println!`], [`eprintln!`], [`dbg!`] and their kin, [`io::Writer`], [`io::Reader`]: text, without a heap. `heap`: an allocator, by the feature `alloc`.
//! - [`arch`]: the trap itself, i386's gate from x86_64 code, and i386's other gate.
//!
//! # Targets
//!
//! x86_64, i686, aarch64, arm (ARM and Thumb), riscv64 and riscv32, on Linux.
//!
//! # Features
//!
//! None is on by default.
//!
//! - `runtime`: `vdso`, `signal`, `process` and `thread`: what a program needs besides calls.
//! - `alloc`: calls that fill a buffer can fill the spare capacity of a vector, `Spare`; lines of any length are read into one; and `heap`, an
//!   allocator.
//! - `tables`: `abi`, the numbers, names, prototypes and registers of all nineteen ABIs of the tables, for tools that look at programs of others.
//! - `std`: descriptors and I/O slices are std's own types. It brings `alloc`.

#![no_std]
#![deny(missing_docs)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(test)]
extern crate std;
#[cfg(all(feature = "std", not(test)))]
extern crate std;

#[cfg(feature = "tables")]
pub mod abi;
pub mod arch;
mod buffer;
mod compat;
pub mod consts;
mod errno;
mod fd;
#[cfg(feature = "alloc")]
pub mod heap;
mod ids;
pub mod io;
#[cfg(any(feature = "alloc", feature = "runtime"))]
mod lock;
pub mod net;
mod print;
#[cfg(feature = "runtime")]
pub mod process;
pub mod raw;
#[doc(hidden)]
pub mod rt;
mod siginfo;
#[cfg(feature = "runtime")]
pub mod signal;
mod strings;
pub mod sys;
mod sysno;
mod text;
#[cfg(feature = "runtime")]
pub mod thread;
pub mod uapi;
#[cfg(feature = "runtime")]
pub mod vdso;

pub use arch::Arg;
pub use buffer::Buffer;
#[cfg(feature = "alloc")]
pub use buffer::Spare;
pub use errno::{Errno, Result, retry};
pub use fd::{
    AT_FDCWD, AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd, STDERR, STDIN, STDOUT,
};
pub use ids::{AioContext, Dev, Gid, KeySerial, KillPid, Pid, TimerId, Uid, WaitPid, WaitStatus, Wd};
#[doc(hidden)]
pub use print::print as __print;
#[doc(inline)]
pub use rt::{auxv, env::Env, exit::ExitCode};
pub use strings::{CStrPtr, CStrs};
pub use sysno::Sysno;

/// Makes a system call by its number: a [`Sysno`] or a literal, and up to six arguments.
///
/// Arguments are integers, widened to a register by their sign, and pointers: whatever is an [`Arg`]. The kernel's answer comes
/// back as `Result<usize>`.
///
/// Take it for numbers that are not known before the program runs, and for calls that [`raw`] does not have yet; where `raw` has the
/// call, it checks the arguments' types.
///
/// # Safety
///
/// The call must be made inside `unsafe`: what it does to memory, descriptors and the flow of control must be sound.
///
/// ```
/// use ring3::{Sysno, syscall};
///
/// let text = "Hello World!\n";
/// // SAFETY: the kernel reads as many bytes as the text has.
/// let written = unsafe { syscall!(Sysno::WRITE, 1, text.as_ptr(), text.len()) };
/// assert_eq!(written, Ok(text.len()));
/// ```
#[macro_export]
macro_rules! syscall {
    ($nr:expr $(,)?) => {
        $crate::__syscall!(syscall0, $nr)
    };
    ($nr:expr, $a0:expr $(,)?) => {
        $crate::__syscall!(syscall1, $nr, $a0)
    };
    ($nr:expr, $a0:expr, $a1:expr $(,)?) => {
        $crate::__syscall!(syscall2, $nr, $a0, $a1)
    };
    ($nr:expr, $a0:expr, $a1:expr, $a2:expr $(,)?) => {
        $crate::__syscall!(syscall3, $nr, $a0, $a1, $a2)
    };
    ($nr:expr, $a0:expr, $a1:expr, $a2:expr, $a3:expr $(,)?) => {
        $crate::__syscall!(syscall4, $nr, $a0, $a1, $a2, $a3)
    };
    ($nr:expr, $a0:expr, $a1:expr, $a2:expr, $a3:expr, $a4:expr $(,)?) => {
        $crate::__syscall!(syscall5, $nr, $a0, $a1, $a2, $a3, $a4)
    };
    ($nr:expr, $a0:expr, $a1:expr, $a2:expr, $a3:expr, $a4:expr, $a5:expr $(,)?) => {
        $crate::__syscall!(syscall6, $nr, $a0, $a1, $a2, $a3, $a4, $a5)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __syscall {
    ($arity:ident, $nr:expr $(, $arg:expr)*) => {
        $crate::arch::$arity($crate::Sysno::from($nr).number() $(, $arg)*).number()
    };
}
