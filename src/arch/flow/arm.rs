//! arm EABI, ARM and Thumb.
//!
//! - a handler returns to the action's restorer, or into a page of the kernel's; debuggers know the instructions of ARM state. A handler of
//!   three arguments has another frame than one of one argument, hence the two restorers
//! - bit 0 of a function's address chooses Thumb
//! - functions take arguments in r0 to r3 and then on the stack; sp is a multiple of 8; r11 (ARM) or r7 (Thumb) is the frame pointer
//!
//! Every other sequence assembles alike for ARM and for both editions of Thumb.

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

#[cfg(ring3_thumb)]
macro_rules! set_number {
    () => {
        "movs r7, #{nr}"
    };
}

#[cfg(not(ring3_thumb))]
macro_rules! set_number {
    () => {
        "mov r7, #{nr}"
    };
}

#[unsafe(naked)]
unsafe extern "C" fn rt_sigreturn() {
    naked_asm!(set_number!(), "svc #0", nr = const Sysno::RT_SIGRETURN.number())
}

#[unsafe(naked)]
unsafe extern "C" fn sigreturn() {
    naked_asm!(set_number!(), "svc #0", nr = const Sysno::SIGRETURN.number())
}

#[inline]
pub fn set_restorer(action: &mut sigaction) {
    let informed = action.sa_flags & Sa::SIGINFO.bits() != 0;
    action.sa_flags |= SA_RESTORER;
    action.sa_restorer = Some(if informed { rt_sigreturn } else { sigreturn });
}

#[inline]
pub fn program_counter(context: &ucontext) -> usize {
    context.uc_mcontext.arm_pc as usize
}

/// Bit 0 of the address goes where the processor has it: into the T bit of the status.
#[inline]
pub fn set_program_counter(context: &mut ucontext, address: usize) {
    const THUMB: u32 = 1 << 5;
    let status = context.uc_mcontext.arm_cpsr;
    context.uc_mcontext.arm_cpsr = if address & 1 == 1 { status | THUMB } else { status & !THUMB };
    context.uc_mcontext.arm_pc = (address & !1) as u32;
}

#[inline]
pub fn stack_pointer(context: &ucontext) -> usize {
    context.uc_mcontext.arm_sp as usize
}

/// # Safety
///
/// See [`clone`](super::clone).
#[unsafe(naked)]
pub unsafe extern "C" fn enter(a0: Bits, a1: Bits, a2: Bits, a3: Bits, a4: Bits, nr: u32) -> Ret {
    naked_asm!(
        "push {{r4, r7, lr}}",
        "ldr r4, [sp, #12]",
        "ldr r7, [sp, #16]",
        "svc #0",
        "cmp r0, #0",
        "beq 2f",
        "pop {{r4, r7, pc}}",
        "2:",
        "movs r7, #0",
        "mov r11, r7",
        "mov lr, r7",
        "ldr r1, [sp, #0]",
        "ldr r0, [sp, #{data}]",
        "blx r1",
        "movs r7, #{exit}",
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
        "movs r7, #{munmap}",
        "svc #0",
        "movs r0, #0",
        "movs r7, #{exit}",
        "svc #0",
        "udf #0",
        munmap = const Sysno::MUNMAP.number(),
        exit = const Sysno::EXIT.number(),
    )
}
