//! aarch64.
//!
//! - a handler returns into the vDSO, whose code unwinders know; every kernel has it
//! - functions take arguments in x0 to x5; sp is a multiple of 16; x29 is the frame pointer, x30 the return address

use crate::{
    consts::Sa,
    uapi::{sigaction, ucontext},
};
use core::ffi::c_ulong;

/// The flag of an action that has a restorer.
pub const SA_RESTORER: c_ulong = Sa::RESTORER.bits();

pub fn set_restorer(_: &mut sigaction) {}

pub fn program_counter(context: &ucontext) -> usize {
    context.uc_mcontext.pc as usize
}

pub fn set_program_counter(context: &mut ucontext, address: usize) {
    context.uc_mcontext.pc = address as u64;
}

pub fn stack_pointer(context: &ucontext) -> usize {
    context.uc_mcontext.sp as usize
}
