//! arm EABI, ARM and Thumb: entering the program.
//!
//! - sp points to argc, then argv, a null, envp, a null, the auxiliary vector, and is aligned to 8 bytes
//! - r0 holds what to register with `atexit`: 0 without a dynamic linker; bit 0 of the entry's address chooses Thumb
//! - no return address; a zero r11 (ARM) or r7 (Thumb) marks the outermost frame, a zero lr its caller
//! - relocations are Elf32_Rel, R_ARM_RELATIVE
//!
//! crt1.o calls `__libc_start_main` with argv in r2.
//!
//! Every sequence assembles alike for ARM, for Thumb's first edition and for its second, since no `cfg` tells them apart.

/// `e_machine` and `e_flags` of the ELF header: version 5 of the EABI, and where float arguments travel.
pub const MACHINE: u16 = 40;
pub const FLAGS: u32 = 0x0500_0000 | if cfg!(target_abi = "eabihf") { 0x400 } else { 0x200 };

/// The largest page that a kernel may work with. There is no other.
pub const PAGE: usize = 4096;

/// The words of a relocation: three with an addend of its own, two without.
pub const RELOCATION: usize = 2;

/// The type of the relocation that adds the load bias.
pub const RELATIVE: usize = 23;

/// Where the layout's script put its origin, the relocations' first byte, and the byte after their last.
#[inline(always)]
pub fn relocations() -> (usize, usize, usize) {
    let (origin, start, end);
    // SAFETY: only computes addresses.
    unsafe {
        core::arch::asm!(
            ".weak __ring3_origin, __ring3_relocations, __ring3_relocations_end",
            ".hidden __ring3_origin, __ring3_relocations, __ring3_relocations_end",
            "adr {table}, 2f",
            "ldr {origin}, [{table}]",
            "ldr {start}, [{table}, #4]",
            "ldr {end}, [{table}, #8]",
            "b 3f",
            ".p2align 2",
            "2:",
            ".long __ring3_origin - 2b",
            ".long __ring3_relocations - 2b",
            ".long __ring3_relocations_end - 2b",
            "3:",
            "adds {origin}, {origin}, {table}",
            "adds {start}, {start}, {table}",
            "adds {end}, {end}, {table}",
            origin = out(reg) origin,
            start = out(reg) start,
            end = out(reg) end,
            table = out(reg) _,
            options(pure, readonly, nostack),
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
                "movs r1, #0",
                "movs r7, r1",
                "mov r11, r1",
                "mov lr, r1",
                "mov r0, sp",
                "mov r2, sp",
                "movs r1, #7",
                "bics r2, r1",
                "mov sp, r2",
                "bl {}",
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
            concat!("b ", $start),
            ".globl main, __libc_start_main",
            ".hidden main, __libc_start_main",
            ".type main,%function",
            ".type __libc_start_main,%function",
            "main:",
            "__libc_start_main:",
            "subs r2, #4",
            "mov sp, r2",
            concat!("b ", $start),
            ".popsection",
        );
    };
}

/// Defines what else the compiler and its library take for granted here.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_owed {
    () => {
        // The unwind tables of every function name these.
        #[unsafe(no_mangle)]
        extern "C" fn __aeabi_unwind_cpp_pr0() {}
        #[unsafe(no_mangle)]
        extern "C" fn __aeabi_unwind_cpp_pr1() {}
    };
}
