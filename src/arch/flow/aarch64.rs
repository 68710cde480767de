//! aarch64.
//!
//! - a handler returns into the vDSO, whose code unwinders know; every kernel has it
//! - functions take arguments in x0 to x5; sp is a multiple of 16; x29 is the frame pointer, x30 the return address

use crate::{
    Sysno,
    arch::word::{Bits, Ret},
    consts::Sa,
    uapi::{sigaction, ucontext},
};
use core::{
    arch::naked_asm,
    ffi::{c_ulong, c_void},
};

/// The flag of an action that has a restorer.
pub const SA_RESTORER: c_ulong = Sa::RESTORER.bits();

pub const TLS_LAST: bool = false;

#[inline]
pub fn set_restorer(_: &mut sigaction) {}

#[inline]
pub fn program_counter(context: &ucontext) -> usize {
    context.uc_mcontext.pc as usize
}

#[inline]
pub fn set_program_counter(context: &mut ucontext, address: usize) {
    context.uc_mcontext.pc = address as u64;
}

#[inline]
pub fn stack_pointer(context: &ucontext) -> usize {
    context.uc_mcontext.sp as usize
}

/// # Safety
///
/// See [`clone`](super::clone).
#[unsafe(naked)]
pub unsafe extern "C" fn enter(a0: Bits, a1: Bits, a2: Bits, a3: Bits, a4: Bits, nr: u32) -> Ret {
    naked_asm!(
        "mov w8, w5",
        "svc #0",
        "cbz x0, 2f",
        "ret",
        "2:",
        "mov x29, xzr",
        "mov x30, xzr",
        "ldr x1, [sp]",
        "ldr x0, [sp, {data}]",
        "blr x1",
        "mov w8, {exit}",
        "svc #0",
        "udf #0",
        data = const core::mem::offset_of!(super::Task, data),
        exit = const Sysno::EXIT.number(),
    )
}

/// # Safety
///
/// See [`leave`](super::leave).
#[unsafe(naked)]
pub unsafe extern "C" fn leave(memory: *mut c_void, length: usize) -> ! {
    naked_asm!(
        "mov w8, {munmap}",
        "svc #0",
        "mov x0, xzr",
        "mov w8, {exit}",
        "svc #0",
        "udf #0",
        munmap = const Sysno::MUNMAP.number(),
        exit = const Sysno::EXIT.number(),
    )
}
