//! riscv32, riscv64: entering the program.
//!
//! - sp points to argc, then argv, a null, envp, a null, the auxiliary vector, and is aligned to 16 bytes
//! - a0 holds what to register with `atexit`: 0 without a dynamic linker; every other register is unspecified
//! - no return address; a zero s0 marks the outermost frame, a zero ra its caller
//! - gp is the program's to set, to `__global_pointer$`, where the linker makes use of it; lld does so only when told to
//! - relocations are Elf32_Rela and Elf64_Rela, R_RISCV_RELATIVE
//!
//! crt1.o calls `__libc_start_main` with argv in a2.

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

/// Where the layout's script put its origin, the relocations' first byte, and the byte after their last.
#[inline(always)]
pub fn relocations() -> (usize, usize, usize) {
    let (origin, start, end);
    // SAFETY: only computes addresses.
    unsafe {
        core::arch::asm!(
            ".weak __ring3_origin, __ring3_relocations, __ring3_relocations_end",
            ".hidden __ring3_origin, __ring3_relocations, __ring3_relocations_end",
            "lla {origin}, __ring3_origin",
            "lla {start}, __ring3_relocations",
            "lla {end}, __ring3_relocations_end",
            origin = out(reg) origin,
            start = out(reg) start,
            end = out(reg) end,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    (origin, start, end)
}

/// Defines the function `$symbol`, which the kernel can jump to: it hands the initial stack to `$start`.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_start {
    ($symbol:literal, $start:path) => {
        #[unsafe(naked)]
        #[unsafe(export_name = $symbol)]
        unsafe extern "C" fn __ring3_entry() -> ! {
            ::core::arch::naked_asm!(
                "li s0, 0",
                "li ra, 0",
                "mv a0, sp",
                "andi sp, sp, -16",
                "call {}",
                sym $start,
            )
        }
    };
}

/// Defines `_start` for a linker that does not read the layout, and what crt1.o's own `_start` wants where it is linked in.
/// Both go to the function `$start`, with the stack pointer as the kernel set it; the word of argc may be overwritten.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_crt {
    ($start:literal) => {
        ::core::arch::global_asm!(
            ".pushsection .text._start,\"ax\",%progbits",
            ".weak _start",
            ".type _start,%function",
            "_start:",
            ".weak __global_pointer$",
            ".option push",
            ".option norelax",
            "lla gp, __global_pointer$",
            ".option pop",
            concat!("tail ", $start),
            ".globl main, __libc_start_main",
            ".hidden main, __libc_start_main",
            ".type main,%function",
            ".type __libc_start_main,%function",
            "main:",
            "__libc_start_main:",
            "addi sp, a2, -{word}",
            concat!("tail ", $start),
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
