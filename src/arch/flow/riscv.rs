//! riscv64 and riscv32.
//!
//! - a handler returns into the vDSO, whose code unwinders know; an action has no restorer
//! - functions take arguments in a0 to a5; sp is a multiple of 16; s0 is the frame pointer, ra the return address

use crate::uapi::{sigaction, ucontext};
use core::ffi::c_ulong;

/// The flag of an action that has a restorer.
pub const SA_RESTORER: c_ulong = 0;

pub fn set_restorer(_: &mut sigaction) {}

pub fn program_counter(context: &ucontext) -> usize {
    context.uc_mcontext.sc_regs.pc as usize
}

pub fn set_program_counter(context: &mut ucontext, address: usize) {
    context.uc_mcontext.sc_regs.pc = address as _;
}

pub fn stack_pointer(context: &ucontext) -> usize {
    context.uc_mcontext.sc_regs.sp as usize
}
