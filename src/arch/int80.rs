//! The i386 gate, `int 0x80`, from x86_64 code.
//!
//! - i386 numbers, in eax; arguments in ebx, ecx, edx, esi, edi, ebp
//! - result in eax; -4095..=-1 is a negated error number
//! - every other register is kept, flags included, but r8 to r11, which old kernels zero (`arch/x86/entry/entry_64_compat.S`)
//!
//! The kernel takes 32 bits of each register. A pointer above 4 GiB is cut, and the call answers
//! [`Errno::EFAULT`](crate::Errno::EFAULT): the addresses of a position-independent executable and its stack lie there. A kernel without ia32
//! emulation kills the program by SIGSEGV. Structures are those of i386.
//!
//! The compiler keeps rbx and rbp to itself, so the first and the sixth argument are swapped in for the trap. They are `inout`,
//! though the second swap puts them back: an `in` of the same value as another argument may share its register, and the swap would
//! change both.
//!
//! ```no_run
//! use ring3::arch::int80;
//!
//! // getpid is 20 on i386.
//! // SAFETY: getpid touches no memory.
//! let pid = unsafe { int80::syscall0(20) }?;
//! # Ok::<(), ring3::Errno>(())
//! ```

use super::word::Bits;
use crate::{Errno, Result};
use core::arch::asm;

macro_rules! trap {
    (const $nr:ident; $($operands:tt)*) => {
        in_register!($nr; $($operands)*)
    };
    (noreturn const $nr:ident; $($operands:tt)*) => {
        in_register!(noreturn $nr; $($operands)*)
    };
    (noreturn $nr:ident; $r0:tt = $a0:ident) => {
        asm!("mov rbx, {a0}", "int 0x80", "ud2", a0 = in(reg) $a0, in("rax") $nr, options(noreturn, nostack))
    };
    ($nr:ident;) => {{
        let ret;
        trap!(@ "", $nr => ret,);
        ret
    }};
    (
        $nr:ident; $r0:tt = $a0:ident, $r1:tt = $a1:ident, $r2:tt = $a2:ident, $r3:tt = $a3:ident, $r4:tt = $a4:ident,
        $r5:tt = $a5:ident
    ) => {{
        let ret;
        asm!(
            "xchg rbx, {a0}",
            "xchg rbp, {a5}",
            "int 0x80",
            "xchg rbp, {a5}",
            "xchg rbx, {a0}",
            a0 = inout(reg) $a0 => _,
            a5 = inout(reg) $a5 => _,
            inlateout("rax") $nr => ret,
            in($r1) $a1,
            in($r2) $a2,
            in($r3) $a3,
            in($r4) $a4,
            out("r8") _, out("r9") _, out("r10") _, out("r11") _,
            options(nostack, preserves_flags),
        );
        ret
    }};
    ($nr:ident; $r0:tt = $a0:ident $(, $reg:tt = $arg:ident)*) => {{
        let ret;
        trap!(@ "xchg rbx, {a0}", $nr => ret, a0 = inout(reg) $a0 => _, $(in($reg) $arg,)*);
        ret
    }};
    (@ $swap:literal, $nr:ident => $ret:ident, $($operands:tt)*) => {
        asm!(
            $swap,
            "int 0x80",
            $swap,
            $($operands)*
            inlateout("rax") $nr => $ret,
            out("r8") _, out("r9") _, out("r10") _, out("r11") _,
            options(nostack, preserves_flags),
        )
    };
}

syscalls!("rbx" "rcx" "rdx" "rsi" "rdi" "rbp");

/// What the i386 kernel answers: a count, a descriptor, an address.
type Answer = Result<usize>;

/// Reads eax, all that the i386 kernel fills.
#[inline(always)]
fn answer(bits: Bits) -> Answer {
    let number = bits as usize as u32;
    if number > -4096_i32 as u32 {
        // SAFETY: the negated number is in 1..=4095.
        Err(unsafe { Errno::new_unchecked((number as u16).wrapping_neg()) })
    } else {
        Ok(number as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arch::Arg;

    fn answered(rax: u64) -> Result<usize> {
        answer(rax.word().0)
    }

    /// The kernel may leave anything in the upper half of rax: old ones do not clear it.
    #[test]
    fn only_eax_counts() {
        for upper in [0, 0xffff_ffff_0000_0000, 0x1234_5678_0000_0000] {
            assert_eq!(answered(upper | 0xffff_ffff), Err(Errno::new(1).unwrap()));
            assert_eq!(answered(upper | 0xffff_f001), Err(Errno::new(Errno::MAX).unwrap()));
            for eax in [0xffff_f000, 0x8000_0000, 0x7fff_ffff, 1, 0] {
                assert_eq!(answered(upper | eax), Ok(eax as usize), "{eax:#x}");
            }
        }
    }
}
