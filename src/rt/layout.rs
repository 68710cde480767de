//! The shape of the file: how a program tells the linker, without a flag, which script to lay it out by.
//!
//! lld reads the section `.deplibs` of an object file as names of libraries to link in, looks for them on the search path,
//! to which this crate's `build.rs` adds `link/`, and takes one that is no library for a linker script. Other linkers
//! ignore the section: the program then is linked as any other, larger, and enters through `__ring3_crt!`.
//!
//! There is one script for 32-bit files and one for 64-bit files. What they have to know of the instruction set and of
//! the layout they are told by absolute symbols. `__rela_iplt_start` is lld's own, defined in programs that are not
//! position-independent (`-Crelocation-model=static`), if an object file refers to it.
//!
//! The script also chooses the entry: it defines `_start`, before crt1.o's and before the weak one of `__ring3_crt!`, as the function
//! that the layout needs. Another layout is another rule of [`entry!`](crate::entry), and what differs: a script, a symbol, a start
//! function.

/// Emits the name of the script and what it is to know, for a position-independent program or one linked at `$base`.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_layout {
    (base = $base:literal) => {
        ::core::arch::global_asm!(
            ".pushsection .deplibs,\"MS\",%llvm_dependent_libraries,1",
            ".asciz \"ring3-elf{bits}.x\"",
            ".popsection",
            ".globl __ring3_base, __ring3_page, __ring3_machine, __ring3_flags",
            ".hidden __ring3_base, __ring3_page, __ring3_machine, __ring3_flags",
            ".set __ring3_base, {base}",
            ".set __ring3_page, {page}",
            ".set __ring3_machine, {machine}",
            ".set __ring3_flags, {flags}",
            ".weak __rela_iplt_start, __rel_iplt_start",
            bits = const ::core::primitive::usize::BITS,
            base = const $base,
            page = const $crate::rt::arch::PAGE,
            machine = const $crate::rt::arch::MACHINE,
            flags = const $crate::rt::arch::FLAGS,
        );
    };
}
