//! arm EABI in ARM state: `svc #0`.
//!
//! - number in r7, arguments in r0 to r6 (no call has a seventh)
//! - result in r0; -4095..=-1 is a negated error number
//! - every other register is kept, flags and vector registers included (`arch/arm/kernel/entry-common.S`)

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
        asm!("svc #0", "udf #0", in("r7") $nr, in($reg0) $arg0, options(noreturn, nostack))
    };
    ($nr:ident;) => {{
        let ret;
        asm!("svc #0", in("r7") $nr, lateout("r0") ret, options(nostack, preserves_flags));
        ret
    }};
    ($nr:ident; $reg0:tt = $arg0:ident $(, $reg:tt = $arg:ident)*) => {{
        let ret;
        asm!(
            "svc #0",
            in("r7") $nr,
            inlateout($reg0) $arg0 => ret,
            $(in($reg) $arg,)*
            options(nostack, preserves_flags),
        );
        ret
    }};
}

syscalls!("r0" "r1" "r2" "r3" "r4" "r5");
