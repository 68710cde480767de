//! The runtime: from the kernel's jump into the program to its `exit_group`.
//!
//! Nothing here is part of a program that does not say [`entry!`](crate::entry): the symbols a program without a libc owes to the
//! linker and to the compiler are defined in what the macro expands to, and the bodies below are inlined there.
//!
//! 1. The entry point (`arch`), a few instructions per instruction set, hands the initial stack to what follows.
//! 2. `relocate` gives the program its addresses. Where the file may have more to set up, `prepare` does: thread-local variables
//!    (`tls`, which `threads` asks for others), read-only pages, constructors.
//! 3. `start` below makes an [`Env`] of the stack (`env`, `auxv`), calls `main` and exits with what that returns (`exit`).
//! 4. `panic` reports a panic; `mem` has the functions that the compiler calls on its own; `layout` chooses the shape of the
//!    file.

pub mod arch;
pub mod auxv;
pub mod elf;
pub mod entry;
pub mod env;
pub mod exit;
pub mod heap;
pub mod hosted;
pub mod layout;
pub mod mem;
pub mod panic;
pub mod prepare;
pub mod relocate;
#[cfg(feature = "runtime")]
pub mod threads;
pub mod tls;

use env::Env;
use exit::Main;

/// Runs the program.
///
/// # Safety
///
/// To be called by the entry point alone, with the stack that the kernel made, once the program is relocated.
#[inline(always)]
pub unsafe fn start<Shape>(stack: *const usize, main: impl Main<Shape>) -> ! {
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
#[inline(always)]
pub(crate) fn exit(status: i32) -> ! {
    const EXIT_GROUP: u32 = crate::Sysno::EXIT_GROUP.number();
    // The call does not come back, but the compiler must not know: it takes a block that ends in nowhere for one that is seldom
    // run, and would inline nothing there, not even the only call of `main`.
    loop {
        // SAFETY: nothing that the program borrowed outlives it.
        let _ = unsafe { crate::arch::call1::<EXIT_GROUP>(status) };
    }
}

/// Without the feature there are no threads, and nothing asks for them.
#[cfg(not(feature = "runtime"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_threads {
    ($how:expr) => {};
}
