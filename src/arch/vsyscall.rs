//! i386's other trap, `__kernel_vsyscall`: a function of the kernel's that knows the processor's fastest instruction.
//!
//! - registers as for `int 0x80`: number in eax, arguments in ebx, ecx, edx, esi, edi, ebp, result in eax
//! - every other register is kept, but not the flags (`arch/x86/entry/vdso/vdso32/system_call.S`)
//!
//! AT_SYSINFO of the auxiliary vector says where it is. Where it is not said, `int 0x80` it is, in a function of the same kind. Either address is
//! found by the first call and then remembered, so that every further one is a load, a test that always comes out the same,
//! and an indirect call. [`vdso::init`](crate::vdso::init) saves the first call the search.
//!
//! Calls that depend on where they return, vfork and sigreturn, are not for this gate: they would return into the function, whose part of the stack
//! is gone.
//!
//! ```no_run
//! use ring3::{Sysno, arch::vsyscall};
//!
//! // SAFETY: getppid touches no memory.
//! let parent = unsafe { vsyscall::syscall0(Sysno::GETPPID.number()) }?;
//! # Ok::<(), ring3::Errno>(())
//! ```
//!
//! As in the other gate's file, esi and ebp are swapped in, and what has no register of its own comes in a block. There, the gate's
//! address comes in a register where one is left, and in the block where none is.

use super::{answer, word::Bits};
use crate::Result;
use crate::auxv::AT_SYSINFO;
use core::arch::{asm, naked_asm};
use core::ffi::c_void;
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering::Relaxed};

/// The address of the function, once it was looked for.
static GATE: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());

/// What stands in for the function where the kernel has none.
#[unsafe(naked)]
unsafe extern "C" fn int80() {
    naked_asm!("int 0x80", "ret")
}

#[inline(always)]
fn gate() -> Bits {
    // Relaxed: what the pointer leads to was there before the program.
    let gate = GATE.load(Relaxed);
    if gate.is_null() { find() } else { gate }
}

/// Looks for the function. All who do so at once find the same.
#[cold]
#[inline]
fn find() -> Bits {
    let gate = match crate::vdso::auxiliary::find(AT_SYSINFO) {
        Some(address) => ptr::with_exposed_provenance_mut(address),
        None => int80 as *mut c_void,
    };
    GATE.store(gate, Relaxed);
    gate
}

macro_rules! trap {
    (const $nr:ident; $($operands:tt)*) => {
        in_register!($nr; $($operands)*)
    };
    (noreturn const $nr:ident; $($operands:tt)*) => {
        in_register!(noreturn $nr; $($operands)*)
    };
    (noreturn $nr:ident; $reg0:tt = $arg0:ident) => {
        asm!("int 0x80", "ud2", in("eax") $nr, in($reg0) $arg0, options(noreturn, nostack))
    };
    ($nr:ident; $r0:tt = $a0:ident, $r1:tt = $a1:ident, $r2:tt = $a2:ident, $r3:tt = $a3:ident) => {{
        let block: [Bits; 2] = [$a3, gate()];
        let ret;
        asm!(
            "push esi",
            "mov esi, [edi]",
            "call dword ptr [edi + 4]",
            "pop esi",
            in("edi") &raw const block,
            inlateout("eax") $nr => ret,
            in($r0) $a0,
            in($r1) $a1,
            in($r2) $a2,
        );
        ret
    }};
    ($nr:ident; $r0:tt = $a0:ident, $r1:tt = $a1:ident, $r2:tt = $a2:ident, $r3:tt = $a3:ident, $r4:tt = $a4:ident) => {{
        let block: [Bits; 3] = [$a3, $nr, gate()];
        let ret;
        asm!(
            "push esi",
            "push dword ptr [eax + 8]",
            "mov esi, [eax]",
            "mov eax, [eax + 4]",
            "call dword ptr [esp]",
            "add esp, 4",
            "pop esi",
            inlateout("eax") &raw const block => ret,
            in($r0) $a0,
            in($r1) $a1,
            in($r2) $a2,
            in($r4) $a4,
        );
        ret
    }};
    (
        $nr:ident; $r0:tt = $a0:ident, $r1:tt = $a1:ident, $r2:tt = $a2:ident, $r3:tt = $a3:ident, $r4:tt = $a4:ident,
        $r5:tt = $a5:ident
    ) => {{
        let block: [Bits; 4] = [$a3, $a5, $nr, gate()];
        let ret;
        asm!(
            "push esi",
            "push ebp",
            "push dword ptr [eax + 12]",
            "mov esi, [eax]",
            "mov ebp, [eax + 4]",
            "mov eax, [eax + 8]",
            "call dword ptr [esp]",
            "add esp, 4",
            "pop ebp",
            "pop esi",
            inlateout("eax") &raw const block => ret,
            in($r0) $a0,
            in($r1) $a1,
            in($r2) $a2,
            in($r4) $a4,
        );
        ret
    }};
    ($nr:ident; $($reg:tt = $arg:ident),*) => {{
        let ret;
        asm!("call edi", in("edi") gate(), inlateout("eax") $nr => ret, $(in($reg) $arg,)*);
        ret
    }};
}

syscalls!("ebx" "ecx" "edx" "esi" "edi" "ebp");

/// What the kernel answers: a count, a descriptor, an address.
type Answer = Result<usize>;

#[inline(always)]
fn answer(bits: Bits) -> Answer {
    answer::answer(bits).number()
}
