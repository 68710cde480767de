//! arm EABI, ARM and Thumb: entering the program.
//!
//! - sp points to argc, then argv, a null, envp, a null, the auxiliary vector, and is aligned to 8 bytes
//! - r0 holds what to register with `atexit`: 0 without a dynamic linker; bit 0 of the entry's address chooses Thumb
//! - no return address; a zero r11 (ARM) or r7 (Thumb) marks the outermost frame, a zero lr its caller
//! - relocations are Elf32_Rel, R_ARM_RELATIVE
//!
//! crt1.o calls `__libc_start_main` with argv in r2.
//!
//! Every sequence assembles alike for ARM, for Thumb's first edition and for its second, since no `cfg` of the program's tells them
//! apart. The assembler knows which it is, but does not mark the labels.

use crate::rt::tls::Tls;

/// `e_machine` and `e_flags` of the ELF header: version 5 of the EABI, and where float arguments travel.
pub const MACHINE: u16 = 40;
pub const FLAGS: u32 = 0x0500_0000 | if cfg!(target_abi = "eabihf") { 0x400 } else { 0x200 };

/// Whether this is Thumb.
pub const THUMB: bool = cfg!(ring3_thumb);

/// The largest page that a kernel may work with. There is no other.
pub const PAGE: usize = 4096;

/// The words of a relocation: three with an addend of its own, two without.
pub const RELOCATION: usize = 2;

/// The type of the relocation that adds the load bias.
pub const RELATIVE: usize = 23;

/// Where the thread pointer points: this many bytes before the thread's variables, after two words of its own.
pub const TLS: Tls = Tls::Above(8);

/// The address of a symbol, found without the global offset table.
macro_rules! address {
    ($symbol:literal) => {{
        let address: usize;
        // SAFETY: only computes an address.
        unsafe {
            core::arch::asm!(
                concat!(".weak ", $symbol),
                concat!(".hidden ", $symbol),
                "adr {table}, 2f",
                "ldr {address}, [{table}]",
                "b 3f",
                ".p2align 2",
                "2:",
                concat!(".long ", $symbol, " - 2b"),
                "3:",
                "adds {address}, {address}, {table}",
                address = out(reg) address,
                table = out(reg) _,
                options(pure, readonly, nostack),
            );
        }
        address
    }};
}
pub(in crate::rt) use address;

/// The call that maps memory.
pub use crate::raw::mmap2 as map;

/// Sets the thread pointer: user code cannot on any processor that has no register for it, and the kernel knows which have.
///
/// # Safety
///
/// To be called before anything uses it, with the address that [`TLS`] tells of.
#[inline(always)]
pub unsafe fn set_thread_pointer(address: usize) -> crate::Result<usize> {
    // SAFETY: the caller's promise.
    unsafe { crate::raw::set_tls(address as *mut _) }
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
            ".if {thumb}",
            ".thumb",
            ".thumb_func",
            ".endif",
            "__ring3_start:",
            "movs r1, #0",
            "movs r7, r1",
            "mov r11, r1",
            "mov lr, r1",
            ".if {env}",
            "mov r0, sp",
            ".endif",
            "mov r2, sp",
            "movs r1, #7",
            "bics r2, r1",
            "mov sp, r2",
            "bl __ring3_enter",
            ".popsection",
            thumb = const $crate::rt::arch::THUMB as ::core::primitive::i32,
            env = const $env as ::core::primitive::i32,
        );
    };
    (tiny, env = $env:expr) => {
        ::core::arch::global_asm!(
            ".pushsection .text.__ring3_start,\"ax\",%progbits",
            ".globl __ring3_start",
            ".hidden __ring3_start",
            ".type __ring3_start,%function",
            ".if {thumb}",
            ".thumb",
            ".thumb_func",
            ".endif",
            "__ring3_start:",
            ".if {env}",
            "mov r0, sp",
            ".endif",
            "bl __ring3_enter",
            ".popsection",
            thumb = const $crate::rt::arch::THUMB as ::core::primitive::i32,
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
            ".if {thumb}",
            ".thumb",
            ".thumb_func",
            ".endif",
            "main:",
            ".if {thumb}",
            ".thumb_func",
            ".endif",
            "__libc_start_main:",
            "subs r2, #4",
            "mov sp, r2",
            ".if {thumb}",
            ".thumb_func",
            ".endif",
            "_start:",
            ".if {thumb}",
            ".thumb_func",
            ".endif",
            "__ring3_start_full:",
            ".fnstart",
            ".cantunwind",
            "movs r1, #0",
            "movs r7, r1",
            "mov r11, r1",
            "mov lr, r1",
            "mov r4, sp",
            "mov r2, sp",
            "movs r1, #7",
            "bics r2, r1",
            "mov sp, r2",
            "movs r0, r4",
            "bl __ring3_relocate",
            "movs r0, r4",
            "bl __ring3_prepare",
            "movs r0, r4",
            "bl __ring3_enter",
            ".fnend",
            ".popsection",
            thumb = const $crate::rt::arch::THUMB as ::core::primitive::i32,
        );
        // What gives the compiler the thread pointer, and changes no other register: the kernel's own helper, which knows where each
        // processor has it. <https://docs.kernel.org/arch/arm/kernel_user_helpers.html>
        ::core::arch::global_asm!(
            ".pushsection .text.__aeabi_read_tp,\"ax\",%progbits",
            ".weak __aeabi_read_tp",
            ".hidden __aeabi_read_tp",
            ".type __aeabi_read_tp,%function",
            ".p2align 2",
            ".if {thumb}",
            ".thumb",
            ".thumb_func",
            ".endif",
            "__aeabi_read_tp:",
            "ldr r0, 2f",
            "bx r0",
            ".p2align 2",
            "2:",
            ".long 0xffff0fe0",
            ".popsection",
            thumb = const $crate::rt::arch::THUMB as ::core::primitive::i32,
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
