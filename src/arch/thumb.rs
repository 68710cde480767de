//! arm EABI in Thumb state, first and second edition: `svc #0`.
//!
//! The convention is [`arm`](super)'s. But r7, which carries the number, is the frame pointer of Thumb code, so it can be no
//! operand: it is kept in r12 around the trap. The first edition moves between low registers only by `movs`, which changes
//! the flags, and reaches r12 by `mov` alone; both forms are right in the second edition too.
//!
//! The compiler tells a crate neither that it makes Thumb code nor of which edition, so `build.rs` sets `ring3_thumb`
//! from the target and its flags. Were it wrong, the compiler would refuse r7 in `arm.rs`.

use super::answer::{Answer, answer};
use core::arch::asm;

macro_rules! trap {
    (const $nr:ident; $($reg:tt = $arg:ident),*) => {
        // An immediate has eight bits. The other branch goes, but may be assembled before it does.
        if $nr < 256 {
            trap!(imm $nr; $($reg = $arg),*)
        } else {
            in_register!($nr; $($reg = $arg),*)
        }
    };
    (imm $nr:ident;) => {{
        let ret;
        trap!(@ "#{nr}", const $nr & 0xff, lateout("r0") ret,);
        ret
    }};
    (imm $nr:ident; $reg0:tt = $arg0:ident $(, $reg:tt = $arg:ident)*) => {{
        let ret;
        trap!(@ "#{nr}", const $nr & 0xff, inlateout($reg0) $arg0 => ret, $(in($reg) $arg,)*);
        ret
    }};
    (noreturn const $nr:ident; $reg0:tt = $arg0:ident) => {
        if $nr < 256 {
            asm!(
                "movs r7, #{nr}",
                "svc #0",
                "udf #0",
                nr = const $nr & 0xff,
                in($reg0) $arg0,
                options(noreturn, nostack),
            )
        } else {
            in_register!(noreturn $nr; $reg0 = $arg0)
        }
    };
    (noreturn $nr:ident; $reg0:tt = $arg0:ident) => {
        asm!("movs r7, {nr}", "svc #0", "udf #0", nr = in(reg) $nr, in($reg0) $arg0, options(noreturn, nostack))
    };
    ($nr:ident;) => {{
        let ret;
        trap!(@ "{nr}", in(reg) $nr, lateout("r0") ret,);
        ret
    }};
    ($nr:ident; $reg0:tt = $arg0:ident $(, $reg:tt = $arg:ident)*) => {{
        let ret;
        trap!(@ "{nr}", in(reg) $nr, inlateout($reg0) $arg0 => ret, $(in($reg) $arg,)*);
        ret
    }};
    (@ $number:literal, $($operands:tt)*) => {
        asm!(
            "mov r12, r7",
            concat!("movs r7, ", $number),
            "svc #0",
            "mov r7, r12",
            nr = $($operands)*
            out("r12") _,
            options(nostack),
        )
    };
}

syscalls!("r0" "r1" "r2" "r3" "r4" "r5");
