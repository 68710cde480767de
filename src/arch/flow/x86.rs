//! i386.
//!
//! - a handler returns to the action's restorer, or into the vDSO, which a kernel may lack; debuggers know the bytes of both. A handler
//!   of three arguments has another frame than one of one argument, hence the two restorers: the second one's has the signal's number on top
//! - functions take their arguments on the stack; esp is a multiple of 16 before a call

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

#[unsafe(naked)]
unsafe extern "C" fn rt_sigreturn() {
    naked_asm!("mov eax, {nr}", "int 0x80", nr = const Sysno::RT_SIGRETURN.number())
}

#[unsafe(naked)]
unsafe extern "C" fn sigreturn() {
    naked_asm!("pop eax", "mov eax, {nr}", "int 0x80", nr = const Sysno::SIGRETURN.number())
}

#[inline]
pub fn set_restorer(action: &mut sigaction) {
    let informed = action.sa_flags & Sa::SIGINFO.bits() != 0;
    action.sa_flags |= SA_RESTORER;
    action.sa_restorer = Some(if informed { rt_sigreturn } else { sigreturn });
}

#[inline]
pub fn program_counter(context: &ucontext) -> usize {
    context.uc_mcontext.eip as usize
}

#[inline]
pub fn set_program_counter(context: &mut ucontext, address: usize) {
    context.uc_mcontext.eip = address as u32;
}

#[inline]
pub fn stack_pointer(context: &ucontext) -> usize {
    context.uc_mcontext.esp as usize
}

/// # Safety
///
/// See [`clone`](super::clone).
#[unsafe(naked)]
pub unsafe extern "C" fn enter(a0: Bits, a1: Bits, a2: Bits, a3: Bits, a4: Bits, nr: u32) -> Ret {
    naked_asm!(
        "push ebx",
        "push esi",
        "push edi",
        "mov ebx, [esp + 16]",
        "mov ecx, [esp + 20]",
        "mov edx, [esp + 24]",
        "mov esi, [esp + 28]",
        "mov edi, [esp + 32]",
        "mov eax, [esp + 36]",
        "int 0x80",
        "test eax, eax",
        "jz 2f",
        "pop edi",
        "pop esi",
        "pop ebx",
        "ret",
        "2:",
        "xor ebp, ebp",
        "mov eax, [esp]",
        "mov ecx, [esp + {data}]",
        "mov [esp], ecx",
        "call eax",
        "mov ebx, eax",
        "mov eax, {exit}",
        "int 0x80",
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
        "mov ebx, [esp + 4]",
        "mov ecx, [esp + 8]",
        "mov eax, {munmap}",
        "int 0x80",
        "xor ebx, ebx",
        "mov eax, {exit}",
        "int 0x80",
        "ud2",
        munmap = const Sysno::MUNMAP.number(),
        exit = const Sysno::EXIT.number(),
    )
}
