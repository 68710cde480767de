//! The auxiliary vector: what the kernel tells a program of itself, of the machine, and of the program.
//!
//! [`Env::aux`] finds a value by its tag, one of those here or any other; the methods of [`Env`] give the usual ones the types
//! that they have. Nothing is looked up before it is asked for.
//!
//! [getauxval(3)](https://man7.org/linux/man-pages/man3/getauxval.3.html); `include/uapi/linux/auxvec.h` and
//! `create_elf_tables` in `fs/binfmt_elf.c` in the kernel.

use super::env::Env;
use core::ffi::{CStr, c_char, c_void};

macro_rules! tags {
    ($($(#[$doc:meta])* $name:ident = $value:literal;)*) => {
        $($(#[$doc])* pub const $name: usize = $value;)*
    };
}

tags! {
    /// The vector ends here.
    AT_NULL = 0;
    /// The address of the program headers.
    AT_PHDR = 3;
    /// The size of a program header.
    AT_PHENT = 4;
    /// The number of program headers.
    AT_PHNUM = 5;
    /// The size of a page.
    AT_PAGESZ = 6;
    /// The address where the interpreter was loaded; 0 for a program without one.
    AT_BASE = 7;
    /// Flags, of which there are none.
    AT_FLAGS = 8;
    /// The address where the program was entered.
    AT_ENTRY = 9;
    /// The real user id.
    AT_UID = 11;
    /// The effective user id.
    AT_EUID = 12;
    /// The real group id.
    AT_GID = 13;
    /// The effective group id.
    AT_EGID = 14;
    /// The address of a string that names the hardware's platform.
    AT_PLATFORM = 15;
    /// What the processor can do: bits with a meaning for each architecture.
    AT_HWCAP = 16;
    /// The clock ticks in a second that times(2) counts in.
    AT_CLKTCK = 17;
    /// Whether the program was given privileges that its caller lacks.
    AT_SECURE = 23;
    /// The address of a string that names the real platform.
    AT_BASE_PLATFORM = 24;
    /// The address of 16 random bytes.
    AT_RANDOM = 25;
    /// More of what the processor can do.
    AT_HWCAP2 = 26;
    /// The size of the area for restartable sequences that the kernel knows.
    AT_RSEQ_FEATURE_SIZE = 27;
    /// The alignment of that area.
    AT_RSEQ_ALIGN = 28;
    /// More of what the processor can do.
    AT_HWCAP3 = 29;
    /// More of what the processor can do.
    AT_HWCAP4 = 30;
    /// The address of the name that the program was executed by.
    AT_EXECFN = 31;
    /// The address of the vDSO's entry point for system calls, on i386.
    AT_SYSINFO = 32;
    /// The address of the vDSO.
    AT_SYSINFO_EHDR = 33;
    /// The least size of a signal stack.
    AT_MINSIGSTKSZ = 51;
}

impl Env {
    /// The size of a page (`AT_PAGESZ`).
    #[must_use]
    #[inline]
    pub fn page_size(self) -> usize {
        // Every kernel gives it.
        self.aux(AT_PAGESZ).unwrap_or(4096)
    }

    /// 16 random bytes, which differ at every start of the program (`AT_RANDOM`).
    #[must_use]
    #[inline]
    pub fn random(self) -> Option<&'static [u8; 16]> {
        // SAFETY: the kernel says that so many bytes lie there, and nothing writes to them.
        self.address(AT_RANDOM).map(|address| unsafe { &*address.cast() })
    }

    /// What the processor can do, as the architecture's HWCAP bits (`AT_HWCAP`).
    #[must_use]
    #[inline]
    pub fn hwcap(self) -> usize {
        self.aux(AT_HWCAP).unwrap_or(0)
    }

    /// What else it can do, as the architecture's HWCAP2 bits (`AT_HWCAP2`).
    #[must_use]
    #[inline]
    pub fn hwcap2(self) -> usize {
        self.aux(AT_HWCAP2).unwrap_or(0)
    }

    /// The vDSO's ELF header (`AT_SYSINFO_EHDR`), unless the kernel has given none.
    #[must_use]
    #[inline]
    pub fn sysinfo_ehdr(self) -> Option<*const c_void> {
        self.address(AT_SYSINFO_EHDR).map(<*const u8>::cast)
    }

    /// The name that the program was executed by (`AT_EXECFN`), which its first argument need not be.
    #[must_use]
    #[inline]
    pub fn execfn(self) -> Option<&'static CStr> {
        self.string(AT_EXECFN)
    }

    /// The name of the hardware's platform (`AT_PLATFORM`), `x86_64` for one.
    #[must_use]
    #[inline]
    pub fn platform(self) -> Option<&'static CStr> {
        self.string(AT_PLATFORM)
    }

    /// Whether the program was given privileges that its caller lacks, and has to distrust its environment (`AT_SECURE`).
    #[must_use]
    #[inline]
    pub fn secure(self) -> bool {
        self.aux(AT_SECURE).is_some_and(|secure| secure != 0)
    }

    /// The least size of a signal stack on this processor (`AT_MINSIGSTKSZ`), where the kernel tells it.
    #[must_use]
    #[inline]
    pub fn min_signal_stack_size(self) -> Option<usize> {
        self.aux(AT_MINSIGSTKSZ)
    }

    /// The address of a tag, if it is not 0.
    #[inline]
    fn address(self, tag: usize) -> Option<*const u8> {
        self.aux(tag).map(core::ptr::with_exposed_provenance).filter(|address: &*const u8| !address.is_null())
    }

    /// The string at the address of a tag.
    #[inline]
    fn string(self, tag: usize) -> Option<&'static CStr> {
        // SAFETY: the kernel says that a string lies there, and nothing writes to it.
        self.address(tag).map(|address| unsafe { CStr::from_ptr(address.cast::<c_char>()) })
    }
}
