//! Where control goes beside calls: out of a signal handler, into a child, and out of a thread. One file per instruction set, all with the same items.
//!
//! - `SA_RESTORER`, `set_restorer()`: what a handler returns to, where that is the program's to say
//! - `program_counter()`, `set_program_counter()`, `stack_pointer()`: the registers of interrupted code
//! - `TLS_LAST`: whether clone takes the thread pointer last, or the address of the child's number
//! - `enter()`: a call whose child begins on a stack of its own
//! - `leave()`: the end of a thread and of its stack

use super::{
    answer::{Answer, answer},
    word::{Arg, Bits},
};
use crate::{Sysno, uapi::clone_args};
use core::ffi::{c_int, c_void};

cfg_if::cfg_if! {
    if #[cfg(target_arch = "x86_64")] {
        mod x86_64;
        use x86_64 as this;
    } else if #[cfg(target_arch = "x86")] {
        mod x86;
        use x86 as this;
    } else if #[cfg(target_arch = "aarch64")] {
        mod aarch64;
        use aarch64 as this;
    } else if #[cfg(target_arch = "arm")] {
        mod arm;
        use arm as this;
    } else if #[cfg(any(target_arch = "riscv64", target_arch = "riscv32"))] {
        mod riscv;
        use riscv as this;
    } else {
        compile_error!("ring3 has no signal handlers and no children for this instruction set: it wants a file in src/arch/flow/");
    }
}

pub use this::{SA_RESTORER, program_counter, set_program_counter, set_restorer, stack_pointer};

/// What a child finds at its stack pointer: the function to run, whose result is its exit status, and what the function is given.
#[repr(C)]
pub struct Task {
    pub run: unsafe extern "C" fn(*mut c_void) -> c_int,
    pub data: *mut c_void,
}

/// What the stack pointer of a function is a multiple of, on every ABI at most.
pub const STACK_ALIGN: usize = 16;

/// The call `clone`, with the numbers of `args`; `task` is the child's stack pointer.
///
/// # Safety
///
/// The task must lie in memory that is the child's for a stack, aligned to [`STACK_ALIGN`]; what flags share must be sound to share.
#[inline]
pub unsafe fn clone(args: &clone_args, task: *mut Task) -> Answer {
    let word = |address: u64| core::ptr::with_exposed_provenance_mut::<c_void>(address as usize);
    // The descriptor of the process goes where the number does.
    let parent = word(args.parent_tid | args.pidfd);
    let (tls, child) = (word(args.tls), word(args.child_tid));
    let last = if this::TLS_LAST { [child, tls] } else { [tls, child] };
    let flags = (args.flags | args.exit_signal) as u32;
    // SAFETY: the caller's promise.
    unsafe {
        answer(this::enter(
            flags.word().0,
            task.word().0,
            parent.word().0,
            last[0].word().0,
            last[1].word().0,
            Sysno::CLONE.number(),
        ))
    }
}

/// The call `clone3`; `args` leads to the task as the child's stack pointer.
///
/// # Safety
///
/// As for [`clone`].
#[inline]
pub unsafe fn clone3(args: &clone_args) -> Answer {
    let nothing: Bits = 0_usize.word().0;
    let (block, size) = ((&raw const *args).word().0, size_of::<clone_args>().word().0);
    // SAFETY: the caller's promise.
    unsafe { answer(this::enter(block, size, nothing, nothing, nothing, Sysno::CLONE3.number())) }
}

/// Unmaps memory and ends the thread, without a word of any stack in between: the memory may be the thread's own.
///
/// # Safety
///
/// Nobody else uses the memory any more, the kernel included: it is not to write the thread's number there. No signal comes that has a handler.
#[inline]
pub unsafe fn leave(memory: *mut c_void, length: usize) -> ! {
    // SAFETY: the caller's promise.
    unsafe { this::leave(memory, length) }
}
