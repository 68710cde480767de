//! aarch64: entering the program.
//!
//! - sp points to argc, then argv, a null, envp, a null, the auxiliary vector, and is aligned to 16 bytes
//! - x0 holds what to register with `atexit`: 0 without a dynamic linker; every other register is unspecified
//! - no return address; a zero x29 marks the outermost frame, a zero x30 its caller
//! - relocations are Elf64_Rela, R_AARCH64_RELATIVE
//!
//! crt1.o calls `__libc_start_main` with argv in x2.

/// `e_machine` and `e_flags` of the ELF header.
pub const MACHINE: u16 = 183;
pub const FLAGS: u32 = 0;

/// The largest page that a kernel may work with. Kernels are built for pages of 4, 16 or 64 KiB.
pub const PAGE: usize = 65536;

/// The words of a relocation: three with an addend of its own, two without.
pub const RELOCATION: usize = 3;

/// The type of the relocation that adds the load bias.
pub const RELATIVE: usize = 1027;

/// Where the layout's script put its origin, the relocations' first byte, and the byte after their last.
#[inline(always)]
pub fn relocations() -> (usize, usize, usize) {
    let (origin, start, end);
    // SAFETY: only computes addresses.
    unsafe {
        core::arch::asm!(
            ".weak __ring3_origin, __ring3_relocations, __ring3_relocations_end",
            ".hidden __ring3_origin, __ring3_relocations, __ring3_relocations_end",
            "adrp {origin}, __ring3_origin",
            "add {origin}, {origin}, :lo12:__ring3_origin",
            "adrp {start}, __ring3_relocations",
            "add {start}, {start}, :lo12:__ring3_relocations",
            "adrp {end}, __ring3_relocations_end",
            "add {end}, {end}, :lo12:__ring3_relocations_end",
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
                "mov x29, xzr",
                "mov x30, xzr",
                "mov x0, sp",
                "and sp, x0, #-16",
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
            "sub x2, x2, #8",
            "mov sp, x2",
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
        // A constructor in compiler_builtins asks this for the newer atomic instructions. It never runs, and the older ones
        // do everywhere.
        #[unsafe(no_mangle)]
        extern "C" fn getauxval(_: ::core::ffi::c_ulong) -> ::core::ffi::c_ulong {
            0
        }
    };
}
