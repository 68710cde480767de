//! riscv64 and riscv32: `ecall`.
//!
//! - number in a7, arguments in a0 to a5
//! - result in a0; -4095..=-1 is a negated error number
//! - every general and floating-point register is kept
//! - all vector state is lost: v0 to v31, vl, vtype, vcsr (`Documentation/arch/riscv/vector.rst`)
//!
//! The vector registers are named whether or not the target has them: no function saves them, so naming costs nothing. vl,
//! vtype and vcsr count as flags to the compiler, which is why no option here says that flags are kept.

use super::answer::{Answer, answer};
use core::arch::asm;

macro_rules! trap {
    (const $nr:ident; $($operands:tt)*) => {
        in_register!($nr; $($operands)*)
    };
    (noreturn const $nr:ident; $($operands:tt)*) => {
        in_register!(noreturn $nr; $($operands)*)
    };
    (noreturn $nr:ident; $reg0:tt = $arg0:ident) => {
        asm!("ecall", "unimp", in("a7") $nr, in($reg0) $arg0, options(noreturn, nostack))
    };
    ($nr:ident;) => {{
        let ret;
        trap!(@ $nr, lateout("a0") ret,);
        ret
    }};
    ($nr:ident; $reg0:tt = $arg0:ident $(, $reg:tt = $arg:ident)*) => {{
        let ret;
        trap!(@ $nr, inlateout($reg0) $arg0 => ret, $(in($reg) $arg,)*);
        ret
    }};
    (@ $nr:ident, $($operands:tt)*) => {
        asm!(
            "ecall",
            in("a7") $nr,
            $($operands)*
            lateout("v0") _, lateout("v1") _, lateout("v2") _, lateout("v3") _,
            lateout("v4") _, lateout("v5") _, lateout("v6") _, lateout("v7") _,
            lateout("v8") _, lateout("v9") _, lateout("v10") _, lateout("v11") _,
            lateout("v12") _, lateout("v13") _, lateout("v14") _, lateout("v15") _,
            lateout("v16") _, lateout("v17") _, lateout("v18") _, lateout("v19") _,
            lateout("v20") _, lateout("v21") _, lateout("v22") _, lateout("v23") _,
            lateout("v24") _, lateout("v25") _, lateout("v26") _, lateout("v27") _,
            lateout("v28") _, lateout("v29") _, lateout("v30") _, lateout("v31") _,
            options(nostack),
        )
    };
}

syscalls!("a0" "a1" "a2" "a3" "a4" "a5");
