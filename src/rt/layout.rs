//! The shape of the file: how a program tells the linker, without a flag, which script to lay it out by.
//!
//! lld reads the section `.deplibs` of an object file as names of libraries to link in, looks for them on the search path,
//! to which this crate's `build.rs` adds `link/`, and takes one that is no library for a linker script. Other linkers
//! ignore the section: the program then is linked as any other, larger, and enters through `__ring3_start_full!`.
//!
//! There is one script for 32-bit files and one for 64-bit files, for each layout but `full`, whose script leaves lld's own
//! layout as it is. What they have to know of the instruction set and of the layout they are told by absolute symbols.
//! `__rela_iplt_start` is lld's own, defined in programs that are not position-independent (`-Crelocation-model=static`), if an
//! object file refers to it.
//!
//! The script also chooses the entry: it defines `_start`, before crt1.o's and before the weak one of `__ring3_start_full!`, as the
//! function that the layout needs.

/// Emits the name of the script and what it is to know.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_layout {
    (full, $main:path) => {
        ::core::arch::global_asm!(
            ".pushsection .deplibs,\"MS\",%llvm_dependent_libraries,1",
            ".asciz \"ring3-full.x\"",
            ".popsection",
        );
        $crate::__ring3_threads!($crate::rt::threads::full());
    };
    (tiny, $main:path) => {
        $crate::__ring3_layout!("ring3-tiny", 0);
        $crate::__ring3_start!(tiny, env = $crate::rt::exit::wants_env(&$main));
    };
    (default, $main:path) => {
        $crate::__ring3_layout!("ring3-elf", 0);
        $crate::__ring3_start!(env = $crate::rt::exit::wants_env(&$main));
    };
    (fixed, $main:path) => {
        $crate::__ring3_layout!("ring3-elf", 0x40_0000);
        $crate::__ring3_start!(env = $crate::rt::exit::wants_env(&$main));
    };
    ($script:literal, $base:literal) => {
        ::core::arch::global_asm!(
            ".pushsection .deplibs,\"MS\",%llvm_dependent_libraries,1",
            concat!(".asciz \"", $script, "{bits}.x\""),
            ".popsection",
            ".globl __ring3_base, __ring3_page, __ring3_machine, __ring3_flags",
            ".hidden __ring3_base, __ring3_page, __ring3_machine, __ring3_flags",
            ".set __ring3_base, {base}",
            ".set __ring3_page, {page}",
            ".set __ring3_machine, {machine}",
            ".set __ring3_flags, {flags}",
            ".weak __rela_iplt_start, __rel_iplt_start",
            // What the script defines, for linkers that do not read it: nothing to relocate.
            ".pushsection .rodata.__ring3_relocations,\"a\",%progbits",
            ".weak __ring3_origin, __ring3_relocations, __ring3_relocations_end",
            ".hidden __ring3_origin, __ring3_relocations, __ring3_relocations_end",
            "__ring3_origin:",
            "__ring3_relocations:",
            "__ring3_relocations_end:",
            ".popsection",
            bits = const ::core::primitive::usize::BITS,
            base = const $base,
            page = const $crate::rt::arch::PAGE,
            machine = const $crate::rt::arch::MACHINE,
            flags = const $crate::rt::arch::FLAGS,
        );
        $crate::__ring3_threads!($crate::rt::threads::laid_out());
    };
}

/// Relocates the program, where the layout leaves that to its entry point.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_relocate {
    (tiny) => {};
    ($layout:ident) => {
        // SAFETY: this is the first thing the program does, unless `__ring3_start_full!` was, and then there is no script.
        unsafe {
            $crate::rt::relocate::relocate_by_layout()
        }
    };
}
