//! The runtime: from the kernel's jump into the program to its `exit_group`.
//!
//! Nothing here is part of a program that does not say [`entry!`](crate::entry): the symbols a program without a libc owes to the
//! linker and to the compiler are defined in what the macro expands to, and the bodies below are inlined there.
//!
//! 1. The entry point (`arch`), a few instructions per instruction set, hands the initial stack to
//! 2. `start` below, which relocates the program (`relocate`), makes an [`Env`] of the stack (`env`), calls `main` and
//!    exits with what that returns (`exit`).
//! 3. `panic` reports a panic; `mem` has the functions that the compiler calls on its own; `layout` chooses the shape of the
//!    file.

pub mod arch;
pub mod entry;
pub mod env;
pub mod exit;
pub mod hosted;
pub mod layout;
pub mod mem;
pub mod panic;
pub mod relocate;

use env::Env;
use exit::Main;

/// Runs a program that was linked with a layout.
///
/// # Safety
///
/// To be called by the entry point alone, with the stack that the kernel made.
#[inline(always)]
pub unsafe fn start<Shape>(stack: *const usize, main: impl Main<Shape>) -> ! {
    // SAFETY: the entry point of a layout is no entry point without it.
    unsafe { relocate::relocate_by_layout() };
    // SAFETY: the caller's promise.
    let env = unsafe { Env::from_stack(stack) };
    exit(main.call(env))
}

/// Runs a program that was linked in another way.
///
/// # Safety
///
/// As for [`start`].
#[inline(always)]
pub unsafe fn start_bare<Shape>(stack: *const usize, main: impl Main<Shape>) -> ! {
    // SAFETY: this is the first thing the program does.
    unsafe { relocate::relocate_by_headers(stack) };
    // SAFETY: the caller's promise.
    let env = unsafe { Env::from_stack(stack) };
    exit(main.call(env))
}

/// Runs the same `main` in a program that std has started: what `cargo test` makes of an example.
///
/// # Safety
///
/// To be called by libc's start function alone, with the `argv` that the kernel made.
#[inline(always)]
pub unsafe fn start_hosted<Shape>(argv: *const usize, main: impl Main<Shape>) -> i32 {
    // SAFETY: libc hands on the kernel's argv, and argc lies before it.
    main.call(unsafe { Env::from_stack(argv.wrapping_sub(1)) })
}

/// Ends the program.
#[inline]
pub(crate) fn exit(status: i32) -> ! {
    // SAFETY: nothing that the program borrowed outlives it.
    unsafe { crate::raw::exit_group(status) }
}
