//! riscv64 and riscv32.
//!
//! - a handler returns into the vDSO, whose code unwinders know; an action has no restorer
//! - functions take arguments in a0 to a5; sp is a multiple of 16; s0 is the frame pointer, ra the return address

use crate::{
    Sysno,
    arch::word::{Bits, Ret},
    uapi::{sigaction, ucontext},
};
use core::{
    arch::naked_asm,
    ffi::{c_ulong, c_void},
};

/// The flag of an action that has a restorer.
pub const SA_RESTORER: c_ulong = 0;

pub const TLS_LAST: bool = false;

#[inline]
pub fn set_restorer(_: &mut sigaction) {}

#[inline]
pub fn program_counter(context: &ucontext) -> usize {
    context.uc_mcontext.sc_regs.pc as usize
}

#[inline]
pub fn set_program_counter(context: &mut ucontext, address: usize) {
    context.uc_mcontext.sc_regs.pc = address as _;
}

#[inline]
pub fn stack_pointer(context: &ucontext) -> usize {
    context.uc_mcontext.sc_regs.sp as usize
}

/// The load of a word that is as wide as an address.
macro_rules! load {
    ($operands:literal) => {
        if_wide!(concat!("ld ", $operands), concat!("lw ", $operands))
    };
}

#[cfg(target_pointer_width = "64")]
macro_rules! if_wide {
    ($wide:expr, $narrow:expr) => {
        $wide
    };
}

#[cfg(target_pointer_width = "32")]
macro_rules! if_wide {
    ($wide:expr, $narrow:expr) => {
        $narrow
    };
}

/// # Safety
///
/// See [`clone`](super::clone).
#[unsafe(naked)]
pub unsafe extern "C" fn enter(a0: Bits, a1: Bits, a2: Bits, a3: Bits, a4: Bits, nr: u32) -> Ret {
    naked_asm!(
        "mv a7, a5",
        "ecall",
        "beqz a0, 2f",
        "ret",
        "2:",
        "li s0, 0",
        "li ra, 0",
        load!("a1, 0(sp)"),
        load!("a0, {data}(sp)"),
        "jalr a1",
        "li a7, {exit}",
        "ecall",
        "unimp",
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
        "li a7, {munmap}",
        "ecall",
        "li a0, 0",
        "li a7, {exit}",
        "ecall",
        "unimp",
        munmap = const Sysno::MUNMAP.number(),
        exit = const Sysno::EXIT.number(),
    )
}
