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
/// # The file
///
/// With debug assertions, as in a dev build, the program is linked as usual. Without, lld, which is the linker of x86_64 and can be
/// that of every target (`linker = "rust-lld"`), makes a file without sections: ELF header, program headers, code and
/// constants, data. It is position-independent, relocates itself, and has no page that can be both written and executed.
/// No flag is needed for that; other linkers make a larger file that runs as well.
///
/// `entry!(main, layout = fixed)` links the program at 4 MiB, so that the addresses of its code and statics fit 32 bits. This
/// layout is the same in a dev build, and needs lld.
///
/// # The memory functions
///
/// The compiler calls `memcpy`, `memmove`, `memset`, `memcmp`, `bcmp` and `strlen` on its own. The macro defines them; those
/// that nothing calls are not in the file, and the others cost 16 to 304 bytes each, by instruction set and function (`memcpy` 169 on
/// x86_64, 168 on aarch64, 70 on Thumb-2). `entry!(main, memory = none)` leaves all six out, for a program that links others.
#[macro_export]
macro_rules! entry {
    ($main:path $(, $option:ident = $value:ident)* $(,)?) => {
        $crate::__ring3_options!({ $main, default, message, own } $($option = $value,)*);
    };
}

/// Collects the options of [`entry!`](crate::entry), in whatever order they come: layout, panic handler, memory functions.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_options {
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident } layout = default, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, default, $panic, $memory } $($rest)*);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident } layout = tiny, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, tiny, $panic, $memory } $($rest)*);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident } layout = full, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, full, $panic, $memory } $($rest)*);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident } layout = fixed, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, fixed, $panic, $memory } $($rest)*);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident } panic = message, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, $layout, message, $memory } $($rest)*);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident } panic = abort, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, $layout, abort, $memory } $($rest)*);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident } memory = own, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, $layout, $panic, own } $($rest)*);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident } memory = none, $($rest:tt)*) => {
        $crate::__ring3_options!({ $main, $layout, $panic, none } $($rest)*);
    };
    ({ $main:path, full, $panic:ident, $memory:ident }) => {
        $crate::__ring3_program!($main, full if [any()], $panic, $memory);
    };
    // The one layout that a dev build has, too: the program depends on where it lies.
    ({ $main:path, fixed, $panic:ident, $memory:ident }) => {
        $crate::__ring3_program!($main, fixed if [all()], $panic, $memory);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident }) => {
        $crate::__ring3_program!($main, $layout if [not(debug_assertions)], $panic, $memory);
    };
    ({ $main:path, $layout:ident, $panic:ident, $memory:ident } $option:ident = $value:ident, $($rest:tt)*) => {
        ::core::compile_error!(::core::concat!(
            "`ring3::entry!` has no option `",
            ::core::stringify!($option = $value),
            "`: there are `layout = default`, `tiny`, `full`, `fixed`, `panic = message`, `abort`, and `memory = own`, `none`",
        ));
    };
}

/// The expansion of [`entry!`](crate::entry), once its options are told apart. Everything is inside a block, so that no
/// name of it can meet one of the program's.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_program {
    ($main:path, $layout:ident if [$($release:tt)*], $panic:ident, $memory:ident) => {
        #[cfg(all(panic = "abort", $($release)*))]
        $crate::__ring3_layout!($layout, $main);

        #[cfg(all(panic = "abort", not($($release)*)))]
        $crate::__ring3_layout!(full, $main);

        #[cfg(panic = "abort")]
        $crate::__ring3_start_full!();

        // core is compiled for unwinding and its tables name what would do it; nothing ever calls it. No function of Rust:
        // on arm LLVM crashes over tables that name one that it compiles itself.
        #[cfg(panic = "abort")]
        ::core::arch::global_asm!(
            ".pushsection .text.rust_eh_personality,\"ax\",%progbits",
            ".globl rust_eh_personality",
            ".hidden rust_eh_personality",
            ".type rust_eh_personality,%function",
            "rust_eh_personality:",
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

            $crate::__ring3_panic!($panic);
            $crate::__ring3_owed!();
        };

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
