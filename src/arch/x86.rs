//! i386: `int 0x80`.
//!
//! - number in eax, arguments in ebx, ecx, edx, esi, edi, ebp
//! - result in eax; -4095..=-1 is a negated error number
//! - every other register is kept, flags included (`arch/x86/entry/entry_32.S`, `entry_64_compat.S`)
//!
//! The compiler keeps esi and ebp to itself, and with frame pointers no register is left to bring five or six arguments in. So a
//! fourth argument is swapped in for the trap; it is an `inout`, since an `in` of the same value as another argument may share its
//! register, and the swap would change both. With five or six arguments, eax brings the fourth, or points to a block of those that
//! have no register. The number is then in the instructions where it is a constant, and in the block where it is not.

use super::{
    answer::{Answer, answer},
    word::Bits,
};
use core::arch::asm;

macro_rules! trap {
    (
        const $nr:ident; $r0:tt = $a0:ident, $r1:tt = $a1:ident, $r2:tt = $a2:ident, $r3:tt = $a3:ident, $r4:tt = $a4:ident
    ) => {{
        let ret;
        asm!(
            "push esi",
            "mov esi, eax",
            "mov eax, {nr}",
            "int 0x80",
            "pop esi",
            nr = const $nr,
            inlateout("eax") $a3 => ret,
            in($r0) $a0,
            in($r1) $a1,
            in($r2) $a2,
            in($r4) $a4,
            options(preserves_flags),
        );
        ret
    }};
    (
        const $nr:ident; $r0:tt = $a0:ident, $r1:tt = $a1:ident, $r2:tt = $a2:ident, $r3:tt = $a3:ident, $r4:tt = $a4:ident,
        $r5:tt = $a5:ident
    ) => {{
        let block: [Bits; 2] = [$a3, $a5];
        let ret;
        asm!(
            "push esi",
            "push ebp",
            "mov esi, [eax]",
            "mov ebp, [eax + 4]",
            "mov eax, {nr}",
            "int 0x80",
            "pop ebp",
            "pop esi",
            nr = const $nr,
            inlateout("eax") &raw const block => ret,
            in($r0) $a0,
            in($r1) $a1,
            in($r2) $a2,
            in($r4) $a4,
            options(preserves_flags),
        );
        ret
    }};
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
        let ret;
        asm!(
            "xchg esi, {a3}",
            "int 0x80",
            "xchg esi, {a3}",
            a3 = inout(reg) $a3 => _,
            inlateout("eax") $nr => ret,
            in($r0) $a0,
            in($r1) $a1,
            in($r2) $a2,
            options(nostack, preserves_flags),
        );
        ret
    }};
    ($nr:ident; $r0:tt = $a0:ident, $r1:tt = $a1:ident, $r2:tt = $a2:ident, $r3:tt = $a3:ident, $r4:tt = $a4:ident) => {{
        let block: [Bits; 2] = [$a3, $nr];
        let ret;
        asm!(
            "push esi",
            "mov esi, [eax]",
            "mov eax, [eax + 4]",
            "int 0x80",
            "pop esi",
            inlateout("eax") &raw const block => ret,
            in($r0) $a0,
            in($r1) $a1,
            in($r2) $a2,
            in($r4) $a4,
            options(preserves_flags),
        );
        ret
    }};
    (
        $nr:ident; $r0:tt = $a0:ident, $r1:tt = $a1:ident, $r2:tt = $a2:ident, $r3:tt = $a3:ident, $r4:tt = $a4:ident,
        $r5:tt = $a5:ident
    ) => {{
        let block: [Bits; 3] = [$a3, $a5, $nr];
        let ret;
        asm!(
            "push esi",
            "push ebp",
            "mov esi, [eax]",
            "mov ebp, [eax + 4]",
            "mov eax, [eax + 8]",
            "int 0x80",
            "pop ebp",
            "pop esi",
            inlateout("eax") &raw const block => ret,
            in($r0) $a0,
            in($r1) $a1,
            in($r2) $a2,
            in($r4) $a4,
            options(preserves_flags),
        );
        ret
    }};
    ($nr:ident; $($reg:tt = $arg:ident),*) => {{
        let ret;
        asm!("int 0x80", inlateout("eax") $nr => ret, $(in($reg) $arg,)* options(nostack, preserves_flags));
        ret
    }};
}

syscalls!("ebx" "ecx" "edx" "esi" "edi" "ebp");
