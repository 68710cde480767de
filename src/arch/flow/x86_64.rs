//! x86_64 and x32.
//!
//! - a handler returns to the action's restorer, for the kernel brings none; debuggers know its bytes (`mov rax, 15; syscall`)
//! - functions take arguments in rdi, rsi, rdx, rcx, r8, r9; rsp is a multiple of 16 before a call

use crate::{
    Sysno,
    consts::Sa,
    uapi::{sigaction, ucontext},
};
use core::{arch::naked_asm, ffi::c_ulong};

/// The flag of an action that has a restorer.
pub const SA_RESTORER: c_ulong = Sa::RESTORER.bits();

#[unsafe(naked)]
unsafe extern "C" fn rt_sigreturn() {
    naked_asm!("mov rax, {nr}", "syscall", nr = const Sysno::RT_SIGRETURN.number())
}

pub fn set_restorer(action: &mut sigaction) {
    action.sa_flags |= SA_RESTORER;
    action.sa_restorer = Some(rt_sigreturn);
}

pub fn program_counter(context: &ucontext) -> usize {
    context.uc_mcontext.rip as usize
}

pub fn set_program_counter(context: &mut ucontext, address: usize) {
    context.uc_mcontext.rip = address as u64;
}

pub fn stack_pointer(context: &ucontext) -> usize {
    context.uc_mcontext.rsp as usize
}
