//! The Linux system call for programs that carry no libc.

#![no_std]
#![deny(missing_docs)]

#[cfg(test)]
extern crate std;

pub mod arch;
mod errno;
pub mod raw;
#[doc(hidden)]
pub mod rt;
mod sysno;
mod text;
pub mod uapi;

pub use arch::Arg;
pub use errno::{Errno, Result};
#[doc(inline)]
pub use rt::{env::Env, exit::ExitCode};
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
        $crate::arch::$arity($crate::Sysno::from($nr).number() $(, $arg)*).map($crate::arch::Word::addr)
    };
}
