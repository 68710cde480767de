//! x86_64.
//!
//! - a handler returns to the action's restorer, for the kernel brings none; debuggers know its bytes (`mov rax, 15; syscall`)
//! - functions take arguments in rdi, rsi, rdx, rcx, r8, r9; rsp is a multiple of 16 before a call

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

pub const TLS_LAST: bool = true;

#[unsafe(naked)]
unsafe extern "C" fn rt_sigreturn() {
    naked_asm!("mov rax, {nr}", "syscall", nr = const Sysno::RT_SIGRETURN.number())
}

#[inline]
pub fn set_restorer(action: &mut sigaction) {
    action.sa_flags |= SA_RESTORER;
    action.sa_restorer = Some(rt_sigreturn);
}

#[inline]
pub fn program_counter(context: &ucontext) -> usize {
    context.uc_mcontext.rip as usize
}

#[inline]
pub fn set_program_counter(context: &mut ucontext, address: usize) {
    context.uc_mcontext.rip = address as u64;
}

#[inline]
pub fn stack_pointer(context: &ucontext) -> usize {
    context.uc_mcontext.rsp as usize
}

/// # Safety
///
/// See [`clone`](super::clone).
#[unsafe(naked)]
pub unsafe extern "C" fn enter(a0: Bits, a1: Bits, a2: Bits, a3: Bits, a4: Bits, nr: u32) -> Ret {
    naked_asm!(
        "mov r10, rcx",
        "mov eax, r9d",
        "syscall",
        "test rax, rax",
        "jz 2f",
        "ret",
        "2:",
        "xor ebp, ebp",
        "mov rax, [rsp]",
        "mov rdi, [rsp + {data}]",
        "call rax",
        "mov edi, eax",
        "mov eax, {exit}",
        "syscall",
        "ud2",
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
        "mov eax, {munmap}",
        "syscall",
        "xor edi, edi",
        "mov eax, {exit}",
        "syscall",
        "ud2",
        munmap = const Sysno::MUNMAP.number(),
        exit = const Sysno::EXIT.number(),
    )
}
