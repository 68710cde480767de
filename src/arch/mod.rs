//! The trap: the only inline assembly of system calls in the crate.
//!
//! One file per instruction set. Each opens with the register convention it implements, says in its `trap!` macro what the
//! instruction reads and overwrites, once, and names its argument registers to `syscalls!`, which makes the same functions of
//! them everywhere: `syscall0` to `syscall6`; `call0` to `call6`, whose number is a constant that an instruction may name; and
//! `syscall1_noreturn` and `call1_noreturn` for the calls that end the thread or the process.
//!
//! No `trap!` says `readonly`, `nomem` or `pure`: the kernel reads and writes whatever memory a call's arguments lead to.

mod answer;
#[cfg(feature = "runtime")]
pub(crate) mod flow;
mod word;

pub use word::Arg;
#[doc(hidden)]
pub use {answer::Answer, word::Word};

/// Defines the functions of an instruction set from its `trap!` and the registers of its six arguments.
///
/// `trap!(nr; REG = a0, ..)` is an expression of what `answer` takes, `trap!(const NR; REG = a0, ..)` the same for a number that the
/// instructions may name; `trap!(noreturn nr; REG = a0)` and `trap!(noreturn const NR; REG = a0)` do not return.
macro_rules! syscalls {
    (@ $dynamic:ident $fixed:ident: $($reg:tt = $arg:ident),*) => {
        /// Makes the call `nr` with as many arguments as the name says.
        ///
        /// # Safety
        ///
        /// What the call does to memory, descriptors and the flow of control must be sound.
        #[inline(always)]
        pub unsafe fn $dynamic(nr: u32 $(, $arg: impl $crate::arch::Arg)*) -> Answer {
            let nr = $crate::arch::Arg::word(nr).0;
            $(let $arg = $arg.word().0;)*
            // SAFETY: the caller vouches for what the call does; `trap!` names every register that it overwrites.
            answer(unsafe { trap!(nr; $($reg = $arg),*) })
        }

        /// The same for a number that is known when the program is compiled.
        ///
        /// # Safety
        ///
        /// What the call does to memory, descriptors and the flow of control must be sound.
        #[doc(hidden)]
        #[inline(always)]
        pub unsafe fn $fixed<const NR: u32>($($arg: impl $crate::arch::Arg),*) -> Answer {
            $(let $arg = $arg.word().0;)*
            // SAFETY: the caller vouches for what the call does; `trap!` names every register that it overwrites.
            answer(unsafe { trap!(const NR; $($reg = $arg),*) })
        }
    };
    ($r0:tt $r1:tt $r2:tt $r3:tt $r4:tt $r5:tt) => {
        syscalls!(@ syscall0 call0:);
        syscalls!(@ syscall1 call1: $r0 = a0);
        syscalls!(@ syscall2 call2: $r0 = a0, $r1 = a1);
        syscalls!(@ syscall3 call3: $r0 = a0, $r1 = a1, $r2 = a2);
        syscalls!(@ syscall4 call4: $r0 = a0, $r1 = a1, $r2 = a2, $r3 = a3);
        syscalls!(@ syscall5 call5: $r0 = a0, $r1 = a1, $r2 = a2, $r3 = a3, $r4 = a4);
        syscalls!(@ syscall6 call6: $r0 = a0, $r1 = a1, $r2 = a2, $r3 = a3, $r4 = a4, $r5 = a5);

        /// Makes the call `nr`, which must be one that does not return.
        ///
        /// Should it return all the same (a seccomp filter can make it), the program dies of an illegal instruction.
        ///
        /// # Safety
        ///
        /// As for the other functions here; and nothing may rely on the caller's stack being unwound.
        #[inline(always)]
        pub unsafe fn syscall1_noreturn(nr: u32, a0: impl $crate::arch::Arg) -> ! {
            let (nr, a0) = ($crate::arch::Arg::word(nr).0, a0.word().0);
            // SAFETY: the caller vouches for what the call does; nothing runs after it.
            unsafe { trap!(noreturn nr; $r0 = a0) }
        }

        /// The same for a number that is known when the program is compiled.
        ///
        /// # Safety
        ///
        /// As for the other functions here; and nothing may rely on the caller's stack being unwound.
        #[doc(hidden)]
        #[inline(always)]
        pub unsafe fn call1_noreturn<const NR: u32>(a0: impl $crate::arch::Arg) -> ! {
            let a0 = a0.word().0;
            // SAFETY: the caller vouches for what the call does; nothing runs after it.
            unsafe { trap!(noreturn const NR; $r0 = a0) }
        }
    };
}

/// The arm of `trap!` for a number that is known when the program is compiled, where that is no gain.
macro_rules! in_register {
    (noreturn $nr:ident; $($operands:tt)*) => {{
        let nr = $crate::arch::Arg::word($nr).0;
        trap!(noreturn nr; $($operands)*)
    }};
    ($nr:ident; $($operands:tt)*) => {{
        let nr = $crate::arch::Arg::word($nr).0;
        trap!(nr; $($operands)*)
    }};
}

cfg_if::cfg_if! {
    if #[cfg(target_arch = "x86_64")] {
        pub mod int80;
        mod x86_64;
        #[doc(hidden)]
        pub use x86_64::*;
    } else if #[cfg(target_arch = "x86")] {
        #[cfg(feature = "runtime")]
        pub mod vsyscall;
        mod x86;
        #[doc(hidden)]
        pub use x86::*;
    } else if #[cfg(target_arch = "aarch64")] {
        mod aarch64;
        #[doc(hidden)]
        pub use aarch64::*;
    } else if #[cfg(all(target_arch = "arm", ring3_thumb))] {
        mod thumb;
        #[doc(hidden)]
        pub use thumb::*;
    } else if #[cfg(target_arch = "arm")] {
        mod arm;
        #[doc(hidden)]
        pub use arm::*;
    } else if #[cfg(any(target_arch = "riscv64", target_arch = "riscv32"))] {
        mod riscv;
        #[doc(hidden)]
        pub use riscv::*;
    } else {
        compile_error!("ring3 has no trap for this instruction set: it wants a file in src/arch/");
    }
}
