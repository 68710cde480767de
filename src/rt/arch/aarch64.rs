//! aarch64: entering the program.
//!
//! - sp points to argc, then argv, a null, envp, a null, the auxiliary vector, and is aligned to 16 bytes
//! - x0 holds what to register with `atexit`: 0 without a dynamic linker; every other register is unspecified
//! - no return address; a zero x29 marks the outermost frame, a zero x30 its caller
//! - relocations are Elf64_Rela, R_AARCH64_RELATIVE
//!
//! crt1.o calls `__libc_start_main` with argv in x2.

use crate::rt::tls::Tls;

/// `e_machine` and `e_flags` of the ELF header.
pub const MACHINE: u16 = 183;
pub const FLAGS: u32 = 0;

/// The largest page that a kernel may work with. Kernels are built for pages of 4, 16 or 64 KiB.
pub const PAGE: usize = 65536;

/// The words of a relocation: three with an addend of its own, two without.
pub const RELOCATION: usize = 3;

/// The type of the relocation that adds the load bias.
pub const RELATIVE: usize = 1027;

/// Where the thread pointer points: this many bytes before the thread's variables, after two words of its own.
pub const TLS: Tls = Tls::Above(16);

/// The address of a symbol, found without the global offset table.
macro_rules! address {
    ($symbol:literal) => {{
        let address: usize;
        // SAFETY: only computes an address.
        unsafe {
            core::arch::asm!(
                concat!(".weak ", $symbol),
                concat!(".hidden ", $symbol),
                concat!("adrp {address}, ", $symbol),
                concat!("add {address}, {address}, :lo12:", $symbol),
                address = out(reg) address,
                options(pure, nomem, nostack, preserves_flags),
            );
        }
        address
    }};
}
pub(in crate::rt) use address;

/// The call that maps memory.
pub use crate::raw::mmap as map;

/// Sets the thread pointer.
///
/// # Safety
///
/// To be called before anything uses it, with the address that [`TLS`] tells of.
#[inline(always)]
pub unsafe fn set_thread_pointer(address: usize) -> crate::Result<usize> {
    // SAFETY: the caller's promise.
    unsafe { core::arch::asm!("msr tpidr_el0, {}", in(reg) address, options(nostack, preserves_flags)) };
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
            "mov x29, xzr",
            "mov x30, xzr",
            "mov x0, sp",
            "and sp, x0, #-16",
            "bl __ring3_enter",
            ".popsection",
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
            "mov x0, sp",
            ".endif",
            "bl __ring3_enter",
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
            "sub x2, x2, #8",
            "mov sp, x2",
            "_start:",
            "__ring3_start_full:",
            ".cfi_startproc",
            ".cfi_undefined x30",
            "mov x29, xzr",
            "mov x30, xzr",
            "mov x19, sp",
            "and sp, x19, #-16",
            "mov x0, x19",
            "bl __ring3_relocate",
            "mov x0, x19",
            "bl __ring3_prepare",
            "mov x0, x19",
            "bl __ring3_enter",
            ".cfi_endproc",
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
