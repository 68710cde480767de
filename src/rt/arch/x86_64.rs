//! x86_64: entering the program.
//!
//! - rsp points to argc, then argv, a null, envp, a null, the auxiliary vector; the psABI has it aligned to 16 bytes
//! - rdx holds what to register with `atexit`: 0 without a dynamic linker; every other register is unspecified
//! - no return address; a zero rbp marks the outermost frame
//! - relocations are Elf64_Rela, R_X86_64_RELATIVE
//!
//! crt1.o calls `__libc_start_main` with argv in rdx.

use crate::rt::tls::Tls;

/// `e_machine` and `e_flags` of the ELF header.
pub const MACHINE: u16 = 62;
pub const FLAGS: u32 = 0;

/// The largest page that a kernel may work with. There is no other.
pub const PAGE: usize = 4096;

/// The words of a relocation: three with an addend of its own, two without.
pub const RELOCATION: usize = 3;

/// The type of the relocation that adds the load bias.
pub const RELATIVE: usize = 8;

/// Where the thread pointer points: behind the thread's variables, to a word that holds the same address.
pub const TLS: Tls = Tls::Below;

/// The address of a symbol, found without the global offset table.
macro_rules! address {
    ($symbol:literal) => {{
        let address: usize;
        // SAFETY: only computes an address.
        unsafe {
            core::arch::asm!(
                concat!(".weak ", $symbol),
                concat!(".hidden ", $symbol),
                concat!("lea {address}, [rip + ", $symbol, "]"),
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
    const ARCH_SET_FS: i32 = 0x1002;
    // SAFETY: the caller's promise.
    unsafe { crate::raw::arch_prctl(ARCH_SET_FS, address) }
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
            "xor ebp, ebp",
            ".if {env}",
            "mov rdi, rsp",
            ".endif",
            "and rsp, -16",
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
            "mov rdi, rsp",
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
            "lea rsp, [rdx - 8]",
            "_start:",
            "__ring3_start_full:",
            ".cfi_startproc",
            ".cfi_undefined rip",
            "xor ebp, ebp",
            "mov rbx, rsp",
            "and rsp, -16",
            "mov rdi, rbx",
            "call __ring3_relocate",
            "mov rdi, rbx",
            "call __ring3_prepare",
            "mov rdi, rbx",
            "call __ring3_enter",
            ".cfi_endproc",
            ".popsection",
        );
    };
}

/// Defines what else the compiler and its library take for granted here.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_owed {
    () => {};
}
