//! The macro that makes a program.

/// Makes a program of the function `main`: defines `_start` and all else that a program without a libc owes to the linker
/// and the compiler.
///
/// ```no_run
/// #![cfg_attr(panic = "abort", no_std)]
/// #![no_main]
///
/// fn main() {
///     // ..
/// }
///
/// ring3::entry!(main);
/// ```
///
/// `main` takes nothing or an [`Env`](crate::Env), and returns `()`, `!`, `u8`, `i32`, [`ExitCode`](crate::ExitCode), or a
/// `Result` of one of these and an error that implements `Display`, which is then printed to standard error; the program exits with 1.
/// A panic is reported there too, and the program exits with 101.
///
/// # The package
///
/// ```toml
/// [profile.dev]
/// panic = "abort"
///
/// [profile.release]
/// panic = "abort"
/// opt-level = "z"
/// lto = true
/// codegen-units = 1
/// ```
///
/// Only `panic = "abort"` is needed; nothing but the package itself can say it. `cargo test` compiles the programs of a
/// package for unwinding whatever the profile says. `entry!` then leaves the program to std, which starts the same `main`;
/// hence the `cfg_attr`. A `[[bin]]` with unit tests begins with `#![cfg_attr(not(test), no_main)]`.
///
/// # Options
///
/// In any order behind `main`: `ring3::entry!(main, layout = tiny, panic = abort)`.
///
/// | option | |
/// |---|---|
/// | `layout = default` | a small file; see below |
/// | `layout = tiny` | a smaller one for a program that writes to no static and needs no relocation |
/// | `layout = full` | sections, symbols and unwind tables, thread-local variables, constructors |
/// | `layout = fixed` | as `default`, at 4 MiB |
/// | `panic = message` | a panic is reported with its place, and the program exits with 101. The default |
/// | `panic = abort` | a panic is SIGABRT without a word. With `lto = true`, nothing of `core::fmt` is in the file |
/// | `memory = own` | the functions that the compiler calls; see below. The default |
/// | `memory = none` | none of them, for a program that links others |
/// | `heap = own` | the global allocator is a `ring3::heap::Heap`. The default with the feature `alloc`, and an error without |
/// | `heap = none` | no allocator, or the program's own. The default without the feature `alloc` |
///
/// # Layouts
///
/// A layout is a linker script that comes with this crate, and that lld reads without being told. lld is the linker of x86_64, and
/// can be that of every target: `linker = "rust-lld"`. GNU ld, gold and mold link the program in their own way whatever the layout
/// is, larger by kilobytes. It runs as well.
///
/// A dev build, or any with debug assertions, is `full` unless it says `fixed`. `strip = true` in a profile takes the symbols
/// from `full`, and nothing from the others.
///
/// What the file consists of (64-bit and 32-bit files; hello on x86_64):
///
/// | bytes | `default` | `tiny` |
/// |---|---|---|
/// | ELF header | 64, 52 | 64, 52 |
/// | program header of code and constants: `R E` | 56, 32 | 56, 32 |
/// | program header of data: `RW`, or `NULL` if there is none | 56, 32 | |
/// | program header of the stack: `RW`, not executable | 56, 32 | 56, 32 |
/// | relocations, in pairs or triples of words | none in hello | |
/// | the entry: clears the frame pointer, aligns the stack, calls | 11 | 5: the kernel has done both |
/// | self-relocation | 49 | |
/// | `main` and exit | 37 | 37 |
/// | constants | 13 | 13 |
/// | data, on a page of its own | none in hello | |
/// | all of hello | 342 | 231 |
///
/// Both are position-independent (so the kernel chooses where they lie), have no page that is both written and executed and no
/// executable stack. With `-Crelocation-model=static` they are linked at 4 MiB.
///
/// What they give up:
///
/// - Sections and symbols: tools that ask for these, `nm`, `objdump -d`, `perf`'s names, find none. strace and gdb run the file, but
///   gdb has no names.
/// - Unwind tables: there are no backtraces beyond frame pointers, if the program is compiled with them.
/// - Thread-local variables and constructors (`.init_array`): the link says so, and names `full`. C code and `#[thread_local]`
///   have them, Rust alone does not.
/// - Read-only relocated data (RELRO): constants that hold addresses, such as tables of strings and vtables, stay writable.
/// - A page in the file, mostly of zeros, if there is any data, such a table included: 4 KiB, and 64 KiB on aarch64, whose kernels
///   may have pages of that size. In this kind of file a byte's place is its place in memory.
/// - `tiny`, further: every static that is written to, and every constant that holds an address. The link says so. Most panics
///   need one, so `panic = abort` goes with it.
///
/// `full` is what lld makes by itself, without an interpreter and without what libc's start files add. The program relocates
/// itself (`RELATIVE` and `RELR`), points the thread pointer at its variables, makes RELRO read-only, and runs `.preinit_array` and
/// `.init_array`. Nothing runs `.fini_array`.
///
/// `fixed` gives every address 32 bits, for which hello_int80 among the examples has a use. It gives up the choice of the
/// kernel where to put the program, needs lld, and is the same in a dev build.
///
/// With mold (1.10 to 3.0), `-Crelocation-model=static` wants `-Ctarget-feature=+crt-static` beside it: otherwise mold names an
/// interpreter, as cc tells it to, but writes no dynamic section for a program that needs no shared library, and the interpreter
/// crashes.
///
/// # The memory functions
///
/// The compiler calls `memcpy`, `memmove`, `memset`, `memcmp`, `bcmp` and `strlen` on its own. The macro defines them; those
/// that nothing calls are not in the file, and the others cost 16 to 372 bytes each, by instruction set and function (`memcpy` 223 on
/// x86_64, 168 on aarch64, 70 on Thumb-2). `memory = none` leaves all six out, for a program that links others.
#[macro_export]
macro_rules! entry {
    ($main:path $(, $option:ident = $value:ident)* $(,)?) => {
        $crate::__ring3_options!({ $main, default, message, own, default } $($option = $value,)*);
    };
}

/// Collects the options of [`entry!`](crate::entry), in whatever order they come: layout, panic handler, memory functions, allocator.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_options {
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident, $heap:ident } layout = default, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, default, $panic, $memory, $heap } $($rest)*);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident, $heap:ident } layout = tiny, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, tiny, $panic, $memory, $heap } $($rest)*);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident, $heap:ident } layout = full, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, full, $panic, $memory, $heap } $($rest)*);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident, $heap:ident } layout = fixed, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, fixed, $panic, $memory, $heap } $($rest)*);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident, $heap:ident } panic = message, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, $layout, message, $memory, $heap } $($rest)*);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident, $heap:ident } panic = abort, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, $layout, abort, $memory, $heap } $($rest)*);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident, $heap:ident } memory = own, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, $layout, $panic, own, $heap } $($rest)*);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident, $heap:ident } memory = none, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, $layout, $panic, none, $heap } $($rest)*);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident, $heap:ident } heap = own, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, $layout, $panic, $memory, own } $($rest)*);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident, $heap:ident } heap = none, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, $layout, $panic, $memory, none } $($rest)*);
    };
    ({ $main:path, full, $panic:ident, $memory:ident, $heap:ident }) => {
        $crate::__ring3_program!($main, full if [any()], $panic, $memory, $heap);
    };
    // The one layout that a dev build has, too: the program depends on where it lies.
    ({ $main:path, fixed, $panic:ident, $memory:ident, $heap:ident }) => {
        $crate::__ring3_program!($main, fixed if [all()], $panic, $memory, $heap);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident, $heap:ident }) => {
        $crate::__ring3_program!($main, $layout if [not(debug_assertions)], $panic, $memory, $heap);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident, $heap:ident } $option:ident = $value:ident, $($rest:tt)*) => {
        ::core::compile_error!(::core::concat!(
            "`ring3::entry!` has no option `",
            ::core::stringify!($option = $value),
            "`: there are `layout = default`, `tiny`, `full`, `fixed`, `panic = message`, `abort`, `memory = own`, `none`, and `heap = own`, `none`",
        ));
    };
}

/// The expansion of [`entry!`](crate::entry), once its options are told apart. Everything is inside a block, so that no
/// name of it can meet one of the program's.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_program {
    ($main:path, $layout:ident if [$($release:tt)*], $panic:ident, $memory:ident, $heap:ident) => {
        #[cfg(all(panic = "abort", $($release)*))]
        $crate::__ring3_layout!($layout, $main);

        #[cfg(all(panic = "abort", not($($release)*)))]
        $crate::__ring3_layout!(full, $main);

        #[cfg(panic = "abort")]
        $crate::__ring3_start_full!();

        // core and alloc are compiled for unwinding and name what would do it; nothing ever calls it. No functions of Rust:
        // on arm LLVM crashes over tables that name one that it compiles itself.
        #[cfg(panic = "abort")]
        ::core::arch::global_asm!(
            ".pushsection .text.rust_eh_personality,\"ax\",%progbits",
            ".globl rust_eh_personality",
            ".hidden rust_eh_personality",
            ".type rust_eh_personality,%function",
            "rust_eh_personality:",
            ".globl _Unwind_Resume",
            ".hidden _Unwind_Resume",
            ".type _Unwind_Resume,%function",
            "_Unwind_Resume:",
            ".popsection",
        );

        #[cfg(panic = "abort")]
        const _: () = {
            #[unsafe(no_mangle)]
            unsafe extern "C" fn __ring3_relocate(stack: *const ::core::primitive::usize) {
                // SAFETY: only the entry point of the full layout calls this, first.
                unsafe { $crate::rt::relocate::relocate_by_headers(stack) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn __ring3_prepare(stack: *const ::core::primitive::usize) {
                // SAFETY: only the entry point of the full layout calls this, next.
                unsafe { $crate::rt::prepare::prepare(stack) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn __ring3_enter(stack: *const ::core::primitive::usize) -> ! {
                #[cfg($($release)*)]
                $crate::__ring3_relocate!($layout);
                // SAFETY: only the entry points call this.
                unsafe { $crate::rt::start(stack, $main) }
            }

            const _: () = {
                $crate::__ring3_memory!($memory);
            };

            $crate::__ring3_heap!($heap);
            $crate::__ring3_panic!($panic);
            $crate::__ring3_owed!();
        };

        #[cfg(not(panic = "abort"))]
        $crate::__ring3_threads!($crate::rt::threads::Program::Hosted);

        #[cfg(all(not(panic = "abort"), not(test)))]
        const _: () = {
            fn __ring3_check() {
                #[allow(unused_imports)]
                use $crate::rt::hosted::Fallback as _;
                $crate::rt::hosted::has_std(&(&$crate::rt::hosted::Probe).to_owned());
            }

            #[unsafe(export_name = "main")]
            unsafe extern "C" fn __ring3_enter(
                _: ::core::ffi::c_int,
                argv: *const ::core::primitive::usize,
            ) -> ::core::ffi::c_int {
                __ring3_check();
                // SAFETY: only libc's start function calls this.
                unsafe { $crate::rt::start_hosted(argv, $main) }
            }
        };

        #[cfg(test)]
        const _: () = {
            let _ = $main;
        };
    };
}
