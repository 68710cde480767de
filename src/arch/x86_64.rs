//! x86_64 and x32: `syscall`.
//!
//! - number in rax, arguments in rdi, rsi, rdx, r10, r8, r9
//! - result in rax; -4095..=-1 is a negated error number
//! - the instruction saves the return address in rcx and the flags in r11; the kernel restores the flags from there
//! - every other register is kept, vector registers included (`arch/x86/entry/entry_64.S`)

use super::answer::{Answer, answer};
use core::arch::asm;

macro_rules! trap {
    (const $nr:ident; $($operands:tt)*) => {
        in_register!($nr; $($operands)*)
    };
    (noreturn const $nr:ident; $($operands:tt)*) => {
        in_register!(noreturn $nr; $($operands)*)
    };
    (noreturn $nr:ident; $($reg:tt = $arg:ident),*) => {
        asm!("syscall", "ud2", in("rax") $nr, $(in($reg) $arg,)* options(noreturn, nostack))
    };
    ($nr:ident; $($reg:tt = $arg:ident),*) => {{
        let ret;
        asm!(
            "syscall",
            inlateout("rax") $nr => ret,
            $(in($reg) $arg,)*
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack, preserves_flags),
        );
        ret
    }};
}

syscalls!("rdi" "rsi" "rdx" "r10" "r8" "r9");
