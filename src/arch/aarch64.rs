//! aarch64: `svc #0`.
//!
//! - number in x8, arguments in x0 to x5
//! - result in x0; -4095..=-1 is a negated error number
//! - general registers, flags and the low 128 bits of v0 to v31 are kept
//! - SVE: the rest of z0 to z31, p0 to p15 and ffr are lost; streaming mode is left, and all of z0 to z31 with it
//!   (`Documentation/arch/arm64/sve.rst`, `sme.rst`)
//!
//! The predicates cost nothing to name where there is no SVE. The vectors do: v8 to v15 are callee-saved, so each function around
//! a call would save them. They are named only where the target has SVE. ffr is the other way round: where the target has it, the compiler
//! reserves it, keeps nothing in it, and warns of a clobber.

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
        asm!("svc #0", "udf #0", in("x8") $nr, in($reg0) $arg0, options(noreturn, nostack))
    };
    ($nr:ident;) => {{
        let ret;
        trap!(@ $nr, lateout("x0") ret,);
        ret
    }};
    ($nr:ident; $reg0:tt = $arg0:ident $(, $reg:tt = $arg:ident)*) => {{
        let ret;
        trap!(@ $nr, inlateout($reg0) $arg0 => ret, $(in($reg) $arg,)*);
        ret
    }};
    (@ $nr:ident, $($operands:tt)*) => {
        asm!(
            "svc #0",
            in("x8") $nr,
            $($operands)*
            lateout("p0") _, lateout("p1") _, lateout("p2") _, lateout("p3") _,
            lateout("p4") _, lateout("p5") _, lateout("p6") _, lateout("p7") _,
            lateout("p8") _, lateout("p9") _, lateout("p10") _, lateout("p11") _,
            lateout("p12") _, lateout("p13") _, lateout("p14") _, lateout("p15") _,
            #[cfg(not(target_feature = "sve"))]
            lateout("ffr") _,
            #[cfg(target_feature = "sve")]
            lateout("v0") _,
            #[cfg(target_feature = "sve")]
            lateout("v1") _,
            #[cfg(target_feature = "sve")]
            lateout("v2") _,
            #[cfg(target_feature = "sve")]
            lateout("v3") _,
            #[cfg(target_feature = "sve")]
            lateout("v4") _,
            #[cfg(target_feature = "sve")]
            lateout("v5") _,
            #[cfg(target_feature = "sve")]
            lateout("v6") _,
            #[cfg(target_feature = "sve")]
            lateout("v7") _,
            #[cfg(target_feature = "sve")]
            lateout("v8") _,
            #[cfg(target_feature = "sve")]
            lateout("v9") _,
            #[cfg(target_feature = "sve")]
            lateout("v10") _,
            #[cfg(target_feature = "sve")]
            lateout("v11") _,
            #[cfg(target_feature = "sve")]
            lateout("v12") _,
            #[cfg(target_feature = "sve")]
            lateout("v13") _,
            #[cfg(target_feature = "sve")]
            lateout("v14") _,
            #[cfg(target_feature = "sve")]
            lateout("v15") _,
            #[cfg(target_feature = "sve")]
            lateout("v16") _,
            #[cfg(target_feature = "sve")]
            lateout("v17") _,
            #[cfg(target_feature = "sve")]
            lateout("v18") _,
            #[cfg(target_feature = "sve")]
            lateout("v19") _,
            #[cfg(target_feature = "sve")]
            lateout("v20") _,
            #[cfg(target_feature = "sve")]
            lateout("v21") _,
            #[cfg(target_feature = "sve")]
            lateout("v22") _,
            #[cfg(target_feature = "sve")]
            lateout("v23") _,
            #[cfg(target_feature = "sve")]
            lateout("v24") _,
            #[cfg(target_feature = "sve")]
            lateout("v25") _,
            #[cfg(target_feature = "sve")]
            lateout("v26") _,
            #[cfg(target_feature = "sve")]
            lateout("v27") _,
            #[cfg(target_feature = "sve")]
            lateout("v28") _,
            #[cfg(target_feature = "sve")]
            lateout("v29") _,
            #[cfg(target_feature = "sve")]
            lateout("v30") _,
            #[cfg(target_feature = "sve")]
            lateout("v31") _,
            options(nostack, preserves_flags),
        )
    };
}

syscalls!("x0" "x1" "x2" "x3" "x4" "x5");
