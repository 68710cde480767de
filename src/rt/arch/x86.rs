//! i386: entering the program.
//!
//! - esp points to argc, then argv, a null, envp, a null, the auxiliary vector; the kernel has it aligned to 16 bytes
//! - edx holds what to register with `atexit`: 0 without a dynamic linker; every other register is unspecified
//! - no return address; a zero ebp marks the outermost frame
//! - functions take their arguments on the stack, which is aligned to 16 bytes before the call
//! - relocations are Elf32_Rel, R_386_RELATIVE; addresses relative to eip have to be computed from a call's return address
//!
//! crt1.o calls `__libc_start_main` with argv as its third argument.

use crate::rt::tls::Tls;

/// `e_machine` and `e_flags` of the ELF header.
pub const MACHINE: u16 = 3;
pub const FLAGS: u32 = 0;

/// The largest page that a kernel may work with. There is no other.
pub const PAGE: usize = 4096;

/// The words of a relocation: three with an addend of its own, two without.
pub const RELOCATION: usize = 2;

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
                "call 2f",
                "2:",
                "pop {address}",
                concat!("lea ", $symbol, " - 2b({address}), {address}"),
                address = out(reg) address,
                options(pure, nomem, preserves_flags, att_syntax),
            );
        }
        address
    }};
}
pub(in crate::rt) use address;

/// The call that maps memory.
pub use crate::raw::mmap2 as map;

/// What clone takes for the thread pointer, and the kernel's `struct user_desc`: a segment.
#[repr(C)]
pub struct ThreadPointer {
    entry: u32,
    base: usize,
    limit: u32,
    flags: u32,
}

impl ThreadPointer {
    /// 4 GiB from the address on, 32-bit, in pages, usable.
    #[inline(always)]
    const fn of(entry: u32, address: usize) -> Self {
        Self { entry, base: address, limit: 0xf_ffff, flags: 0x51 }
    }

    /// The address for a thread that this one makes: in the same entry of its own table, for it begins with the same gs.
    #[inline]
    pub fn new(address: usize) -> Self {
        let selector: u32;
        // SAFETY: only reads a register.
        unsafe {
            core::arch::asm!("mov {0:e}, gs", out(reg) selector, options(nomem, nostack, preserves_flags))
        };
        Self::of(selector >> 3, address)
    }

    /// The word that clone takes.
    #[inline]
    pub fn word(&self) -> usize {
        (&raw const *self).expose_provenance()
    }
}

/// Sets the thread pointer: a segment of its own, and gs with the segment's selector.
///
/// # Safety
///
/// To be called before anything uses it, with the address that [`TLS`] tells of.
#[inline(always)]
pub unsafe fn set_thread_pointer(address: usize) -> crate::Result<usize> {
    let mut segment = ThreadPointer::of(u32::MAX, address);
    // SAFETY: the caller's promise; the kernel reads the structure and writes the entry's number.
    unsafe {
        let done = crate::raw::set_thread_area((&raw mut segment).cast())?;
        core::arch::asm!("mov gs, {0:x}", in(reg) segment.entry << 3 | 3, options(nostack, preserves_flags));
        Ok(done)
    }
}

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
            "mov eax, esp",
            "and esp, -16",
            ".if {env}",
            "sub esp, 12",
            "push eax",
            ".endif",
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
            "mov eax, esp",
            "sub esp, 12",
            "push eax",
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
            "mov ecx, [esp + 12]",
            "lea esp, [ecx - 4]",
            "_start:",
            "__ring3_start_full:",
            ".cfi_startproc",
            ".cfi_undefined eip",
            "xor ebp, ebp",
            "mov ebx, esp",
            "and esp, -16",
            "sub esp, 12",
            "push ebx",
            "call __ring3_relocate",
            "mov [esp], ebx",
            "call __ring3_prepare",
            "mov [esp], ebx",
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
