//! The functions of C that the compiler calls on its own, for programs without a libc.
//!
//! The bodies are here and [`entry!`](crate::entry) exports them, so that a program that has a libc keeps using that. The linker leaves
//! out those that nothing calls. None becomes a call of itself or of another, whatever the optimiser takes for an idiom.
//!
//! The bytes of each where size is asked for (`opt-level = "z"`, Rust 1.95):
//!
//! | target                                       | memcpy | memmove | memset | memcmp | bcmp | strlen |
//! |----------------------------------------------|------|------|------|------|------|------|
//! | `x86_64-unknown-linux-gnu`                   |  223 |  372 |  164 |  281 |  281 |   16 |
//! | `i686-unknown-linux-gnu`                     |  175 |  280 |  151 |   87 |   87 |   17 |
//! | `aarch64-unknown-linux-gnu`                  |  168 |  304 |  180 |  108 |  108 |   28 |
//! | `armv5te-unknown-linux-gnueabi`              |  124 |  256 |  120 |  152 |  152 |   32 |
//! | `armv5te-unknown-linux-gnueabi+thumb-mode`   |   70 |  136 |   68 |   84 |   84 |   18 |
//! | `armv7-unknown-linux-gnueabihf`              |  124 |  252 |  120 |  152 |  152 |   32 |
//! | `thumbv7neon-unknown-linux-gnueabihf`        |   70 |  136 |   64 |   84 |   84 |   18 |
//! | `riscv64gc-unknown-linux-gnu`                |   82 |  210 |   84 |   98 |   98 |   18 |
//! | `riscv32gc-unknown-linux-gnu`                |   82 |  210 |   84 |   98 |   98 |   18 |
//!
//! x86 copies and fills up to a kibibyte by words of SSE2, more by its string instructions; x86_64 compares by words of SSE2, too. With
//! ERMS on x86_64, measured against glibc with AVX-512 (`cargo bench -p benches`): 64 bytes take 0.7 to 1.0 times as long, whatever the
//! function, and 4 KiB as long, but for two that are left to SSE2: runs that overlap so that they are copied backwards, or by less than
//! 64 bytes, 1.4 to 2.1, and comparing, 2.4. Lengths between take up to 2.6 times as long.

#[macro_use]
mod access;
pub mod any;
pub mod words;

cfg_if::cfg_if! {
    if #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))] {
        mod string;
        mod x86_64;
        use string::{fill, forward};
        use x86_64::{backward, compare, short};
    } else if #[cfg(any(target_arch = "x86_64", target_arch = "x86"))] {
        mod string;
        use any::{backward, compare, short};
        use string::{fill, forward};
    } else {
        use any::{backward, compare, fill, forward, short};
    }
}

use core::ffi::{c_char, c_int};

/// Copies `n` bytes to a place that does not overlap theirs.
///
/// # Safety
///
/// `src` is valid for reading and `dest` for writing `n` bytes.
///
/// [memcpy(3)](https://man7.org/linux/man-pages/man3/memcpy.3.html)
#[inline(always)]
pub unsafe fn memcpy(dest: *mut u8, src: *const u8, n: usize) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe {
        if !short(dest, src, n) {
            forward(dest, src, n, usize::MAX);
        }
    }
    dest
}

/// Copies `n` bytes to a place that may overlap theirs.
///
/// # Safety
///
/// `src` is valid for reading and `dest` for writing `n` bytes.
///
/// [memmove(3)](https://man7.org/linux/man-pages/man3/memmove.3.html)
#[inline(always)]
pub unsafe fn memmove(dest: *mut u8, src: *const u8, n: usize) -> *mut u8 {
    // SAFETY: the caller's promise.
    if unsafe { short(dest, src, n) } {
        return dest;
    }
    let ahead = (dest as usize).wrapping_sub(src as usize);
    // Wraps to a large number when the destination comes first, which is when the forward direction is right.
    if ahead >= n {
        // SAFETY: the caller's promise; no byte is overwritten before it is read.
        unsafe { forward(dest, src, n, ahead.wrapping_neg()) };
    } else {
        // SAFETY: as above.
        unsafe { backward(dest, src, n) };
    }
    dest
}

/// Fills `n` bytes with the low byte of `c`.
///
/// # Safety
///
/// `dest` is valid for writing `n` bytes.
///
/// [memset(3)](https://man7.org/linux/man-pages/man3/memset.3.html)
#[inline(always)]
pub unsafe fn memset(dest: *mut u8, c: c_int, n: usize) -> *mut u8 {
    // SAFETY: the caller's promise is that of `fill`.
    unsafe { fill(dest, c as u8, n) };
    dest
}

/// Compares `n` bytes: negative, zero or positive, as the first difference has it, bytes taken as unsigned.
///
/// # Safety
///
/// Both are valid for reading `n` bytes.
///
/// [memcmp(3)](https://man7.org/linux/man-pages/man3/memcmp.3.html)
#[inline(always)]
pub unsafe fn memcmp(a: *const u8, b: *const u8, n: usize) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { compare(a, b, n) }
}

/// Counts the bytes before the null.
///
/// # Safety
///
/// `s` points to a string that ends in a null.
///
/// [strlen(3)](https://man7.org/linux/man-pages/man3/strlen.3.html)
#[inline(always)]
pub unsafe fn strlen(s: *const c_char) -> usize {
    // SAFETY: the caller's promise.
    unsafe { words::count(s.cast()) }
}

/// Exports the functions above from the program, or none.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_memory {
    (none) => {};
    (own) => {
        $crate::__ring3_memory! {
            memcpy(dest: *mut u8, src: *const u8, n: usize) -> *mut u8 = memcpy;
            memmove(dest: *mut u8, src: *const u8, n: usize) -> *mut u8 = memmove;
            memset(dest: *mut u8, c: ::core::ffi::c_int, n: usize) -> *mut u8 = memset;
            memcmp(a: *const u8, b: *const u8, n: usize) -> ::core::ffi::c_int = memcmp;
            bcmp(a: *const u8, b: *const u8, n: usize) -> ::core::ffi::c_int = memcmp;
            strlen(s: *const ::core::ffi::c_char) -> usize = strlen;
        }
    };
    ($($name:ident($($parameter:ident: $type:ty),*) -> $result:ty = $body:ident;)*) => {
        $(
            #[unsafe(no_mangle)]
            unsafe extern "C" fn $name($($parameter: $type),*) -> $result {
                // SAFETY: the caller's promise is that of C, and the body asks no more.
                unsafe { $crate::rt::mem::$body($($parameter),*) }
            }
        )*
    };
}
