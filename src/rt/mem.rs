//! The functions of C that the compiler calls on its own, for programs without a libc.
//!
//! The bodies are here and [`entry!`](crate::entry) exports them, so that a program that has a libc keeps using that. None may
//! become a call of itself: the loops hold an empty `asm!`, which the compiler cannot look through and so cannot take for
//! an idiom; x86 has instructions that copy and fill.

use core::arch::asm;
use core::ffi::{c_char, c_int};

/// Hides where an index comes from, so that the loop around stays a loop. No instruction comes of it.
#[inline(always)]
fn opaque(mut index: usize) -> usize {
    // SAFETY: there is no instruction in it.
    unsafe { asm!("/* {0} */", inout(reg) index, options(pure, nomem, nostack, preserves_flags)) };
    index
}

/// Copies `n` bytes to a place that does not overlap theirs.
///
/// # Safety
///
/// `src` is valid for reading and `dest` for writing `n` bytes.
///
/// [memcpy(3)](https://man7.org/linux/man-pages/man3/memcpy.3.html)
#[inline(always)]
pub unsafe fn memcpy(dest: *mut u8, src: *const u8, n: usize) -> *mut u8 {
    // SAFETY: the caller's promise is that of `forward`.
    unsafe { forward(dest, src, n) };
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
    // Wraps to a large number when the destination comes first, which is when the forward direction is right.
    if (dest as usize).wrapping_sub(src as usize) >= n {
        // SAFETY: the caller's promise; no byte is overwritten before it is read.
        unsafe { forward(dest, src, n) };
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
    let mut i = 0;
    while i != n {
        // SAFETY: `i` is less than `n`, so the caller's promise holds for both bytes.
        let (x, y) = unsafe { (*a.wrapping_add(opaque(i)), *b.wrapping_add(i)) };
        if x != y {
            return x as c_int - y as c_int;
        }
        i = i.wrapping_add(1);
    }
    0
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
    let mut n = 0_usize;
    // SAFETY: no byte before this one was the null.
    while unsafe { *s.wrapping_add(opaque(n)) } != 0 {
        n = n.wrapping_add(1);
    }
    n
}

cfg_if::cfg_if! {
    if #[cfg(any(target_arch = "x86_64", target_arch = "x86"))] {
        use string::{backward, fill, forward};
    } else {
        use loops::{backward, fill, forward};
    }
}

/// Copying and filling byte by byte.
pub mod loops {
    use super::opaque;

    /// Copies `n` bytes, the first one first.
    ///
    /// # Safety
    ///
    /// `src` is valid for reading and `dest` for writing `n` bytes.
    #[inline(always)]
    pub unsafe fn forward(dest: *mut u8, src: *const u8, n: usize) {
        let mut i = 0;
        while i != n {
            // SAFETY: `i` is less than `n`, so the caller's promise holds for both bytes.
            unsafe { *dest.wrapping_add(i) = *src.wrapping_add(opaque(i)) };
            i = i.wrapping_add(1);
        }
    }

    /// Copies `n` bytes, the last one first.
    ///
    /// # Safety
    ///
    /// As for [`forward`].
    #[inline(always)]
    pub unsafe fn backward(dest: *mut u8, src: *const u8, n: usize) {
        let mut i = n;
        while i != 0 {
            i = i.wrapping_sub(1);
            // SAFETY: `i` is less than `n`, so the caller's promise holds for both bytes.
            unsafe { *dest.wrapping_add(i) = *src.wrapping_add(opaque(i)) };
        }
    }

    /// Fills `n` bytes.
    ///
    /// # Safety
    ///
    /// `dest` is valid for writing `n` bytes.
    #[inline(always)]
    pub unsafe fn fill(dest: *mut u8, byte: u8, n: usize) {
        let mut i = 0;
        while i != n {
            // SAFETY: `i` is less than `n`, so the caller's promise holds for the byte.
            unsafe { *dest.wrapping_add(opaque(i)) = byte };
            i = i.wrapping_add(1);
        }
    }
}

/// The string instructions of x86.
#[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
mod string {
    use core::arch::asm;

    /// Runs instructions with the destination in rdi, the source in rsi, the count in rcx, by their names of the target's width.
    #[cfg(target_arch = "x86_64")]
    macro_rules! string {
        ($dest:expr, $src:expr, $n:expr, $($instruction:literal),*) => {
            asm!(
                $($instruction),*,
                inout("rdi") $dest => _,
                inout("rsi") $src => _,
                inout("rcx") $n => _,
                options(nostack),
            )
        };
    }

    /// esi is the compiler's own.
    #[cfg(target_arch = "x86")]
    macro_rules! string {
        ($dest:expr, $src:expr, $n:expr, $($instruction:literal),*) => {
            asm!(
                "xchg esi, {src}",
                $($instruction),*,
                "mov esi, {src}",
                src = inout(reg) $src => _,
                inout("edi") $dest => _,
                inout("ecx") $n => _,
                options(nostack),
            )
        };
    }

    #[inline(always)]
    pub unsafe fn forward(dest: *mut u8, src: *const u8, n: usize) {
        // SAFETY: the caller's promise; the direction flag is clear at every function's entry.
        unsafe { string!(dest, src, n, "rep movsb") };
    }

    #[inline(always)]
    pub unsafe fn backward(dest: *mut u8, src: *const u8, n: usize) {
        let last = n.wrapping_sub(1);
        let (dest, src) = (dest.wrapping_add(last), src.wrapping_add(last));
        // SAFETY: the caller's promise; the direction flag is clear again at the end.
        unsafe { string!(dest, src, n, "std", "rep movsb", "cld") };
    }

    #[inline(always)]
    pub unsafe fn fill(dest: *mut u8, byte: u8, n: usize) {
        // SAFETY: the caller's promise; the direction flag is clear at every function's entry.
        unsafe {
            #[cfg(target_arch = "x86_64")]
            asm!("rep stosb", inout("rdi") dest => _, inout("rcx") n => _, in("al") byte, options(nostack, preserves_flags));
            #[cfg(target_arch = "x86")]
            asm!("rep stosb", inout("edi") dest => _, inout("ecx") n => _, in("al") byte, options(nostack, preserves_flags));
        }
    }
}

/// Exports the functions above from the program.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_memory {
    () => {
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
