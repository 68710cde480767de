//! riscv32, riscv64: entering the program.
//!
//! - sp points to argc, then argv, a null, envp, a null, the auxiliary vector, and is aligned to 16 bytes
//! - a0 holds what to register with `atexit`: 0 without a dynamic linker; every other register is unspecified
//! - no return address; a zero s0 marks the outermost frame, a zero ra its caller
//! - gp is the program's to set, to `__global_pointer$`, where the linker makes use of it; lld does so only when told to
//! - relocations are Elf32_Rela and Elf64_Rela, R_RISCV_RELATIVE
//!
//! crt1.o calls `__libc_start_main` with argv in a2.

use crate::rt::tls::Tls;

/// `e_machine` and `e_flags` of the ELF header: compressed instructions, and floats that travel in double registers, as on every
/// Linux target.
pub const MACHINE: u16 = 243;
pub const FLAGS: u32 = 4 | if cfg!(target_feature = "c") { 1 } else { 0 };

/// The largest page that a kernel may work with. There is no other.
pub const PAGE: usize = 4096;

/// The words of a relocation: three with an addend of its own, two without.
pub const RELOCATION: usize = 3;

/// The type of the relocation that adds the load bias.
pub const RELATIVE: usize = 3;

/// Where the thread pointer points: this many bytes before the thread's variables: to the first of them.
pub const TLS: Tls = Tls::Above(0);

/// The address of a symbol, found without the global offset table.
macro_rules! address {
    ($symbol:literal) => {{
        let address: usize;
        // SAFETY: only computes an address.
        unsafe {
            core::arch::asm!(
                concat!(".weak ", $symbol),
                concat!(".hidden ", $symbol),
                concat!("lla {address}, ", $symbol),
                address = out(reg) address,
                options(pure, nomem, nostack, preserves_flags),
            );
        }
        address
    }};
}
pub(in crate::rt) use address;

/// The call that maps memory.
#[cfg(target_pointer_width = "64")]
pub use crate::raw::mmap as map;
#[cfg(target_pointer_width = "32")]
pub use crate::raw::mmap2 as map;

/// Sets the thread pointer.
///
/// # Safety
///
/// To be called before anything uses it, with the address that [`TLS`] tells of.
#[inline(always)]
pub unsafe fn set_thread_pointer(address: usize) -> crate::Result<usize> {
    // SAFETY: the caller's promise; the compiler itself has no use for the register.
    unsafe { core::arch::asm!("mv tp, {}", in(reg) address, options(nostack, preserves_flags)) };
    Ok(0)
}

/// What clone takes for the thread pointer.
pub use super::Address as ThreadPointer;

/// Defines the entry points of the layouts, which call `__ring3_enter`, with the initial stack if that is asked for. The second is
/// for `layout = tiny`: the kernel has cleared the registers and aligned the stack.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_start {
    (env = $env:expr) => {
        ::core::arch::global_asm!(
            ".pushsection .text.__ring3_start,\"ax\",%progbits",
            ".globl __ring3_start",
            ".hidden __ring3_start",
            ".type __ring3_start,%function",
            "__ring3_start:",
            "li s0, 0",
            "li ra, 0",
            ".if {env}",
            "mv a0, sp",
            ".endif",
            "andi sp, sp, -16",
            "call __ring3_enter",
            ".popsection",
            env = const $env as ::core::primitive::i32,
        );
    };
    (tiny, env = $env:expr) => {
        ::core::arch::global_asm!(
            ".pushsection .text.__ring3_start,\"ax\",%progbits",
            ".globl __ring3_start",
            ".hidden __ring3_start",
            ".type __ring3_start,%function",
            "__ring3_start:",
            ".if {env}",
            "mv a0, sp",
            ".endif",
            "call __ring3_enter",
            ".popsection",
            env = const $env as ::core::primitive::i32,
        );
    };
}

/// Defines the entry point of the full layout, which is also that of every linker that reads no layout, and what crt1.o's own
/// `_start` wants where it is linked in. It calls three functions with the stack pointer as the kernel set it; the word of argc may
/// be overwritten.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_start_full {
    () => {
        ::core::arch::global_asm!(
            ".pushsection .text.__ring3_start_full,\"ax\",%progbits",
            ".weak _start",
            ".globl __ring3_start_full, main, __libc_start_main",
            ".hidden __ring3_start_full, main, __libc_start_main",
            ".type _start,%function",
            ".type __ring3_start_full,%function",
            ".type main,%function",
            ".type __libc_start_main,%function",
            "main:",
            "__libc_start_main:",
            "addi sp, a2, -{word}",
            "_start:",
            "__ring3_start_full:",
            ".cfi_startproc",
            ".cfi_undefined ra",
            ".weak __global_pointer$",
            ".option push",
            ".option norelax",
            "lla gp, __global_pointer$",
            ".option pop",
            "li s0, 0",
            "li ra, 0",
            "mv s1, sp",
            "andi sp, sp, -16",
            "mv a0, s1",
            "call __ring3_relocate",
            "mv a0, s1",
            "call __ring3_prepare",
            "mv a0, s1",
            "call __ring3_enter",
            ".cfi_endproc",
            ".popsection",
            word = const ::core::mem::size_of::<usize>(),
        );
    };
}

/// Defines what else the compiler and its library take for granted here.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_owed {
    () => {};
}
