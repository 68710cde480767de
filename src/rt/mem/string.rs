//! The string instructions of x86, which outrun every loop once there is enough to do.
//!
//! Since Ivy Bridge (ERMS, "enhanced rep movsb") they move whole cache lines. To begin costs them some tens of cycles, so that
//! short runs go by words; a processor without ERMS takes a byte a cycle or two.

use super::words;
use core::arch::asm;

/// From how many bytes on the instructions are faster than words of SSE2: measured with ERMS, where both take the same time.
const ENOUGH: usize = 1024;

/// How far `src` has to lie after `dest`: measured where 63 bytes are copied one by one, and 64 as if they did not overlap.
const APART: usize = 64;

/// Copies `n` bytes, the first one first.
///
/// # Safety
///
/// As for [`words::forward`]. `behind` is how far `src` lies after `dest`, or more.
#[inline(always)]
pub unsafe fn forward(dest: *mut u8, src: *const u8, n: usize, behind: usize) {
    if n < ENOUGH || behind < APART {
        // SAFETY: the caller's promise.
        unsafe { words::forward::<true>(dest, src, n) };
        return;
    }
    // SAFETY: the caller's promise; the direction flag is clear at every function's entry.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        asm!(
            "rep movsb",
            inout("rdi") dest => _,
            inout("rsi") src => _,
            inout("rcx") n => _,
            options(nostack, preserves_flags),
        );
        // esi is the compiler's own.
        #[cfg(target_arch = "x86")]
        asm!(
            "xchg esi, {src}",
            "rep movsb",
            "mov esi, {src}",
            src = inout(reg) src => _,
            inout("edi") dest => _,
            inout("ecx") n => _,
            options(nostack, preserves_flags),
        );
    }
}

/// Fills `n` bytes.
///
/// # Safety
///
/// `dest` is valid for writing `n` bytes.
#[inline(always)]
pub unsafe fn fill(dest: *mut u8, byte: u8, n: usize) {
    if n < ENOUGH {
        // SAFETY: the caller's promise.
        unsafe { words::fill::<true>(dest, byte, n) };
        return;
    }
    // SAFETY: the caller's promise; the direction flag is clear at every function's entry.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        asm!("rep stosb", inout("rdi") dest => _, inout("rcx") n => _, in("al") byte, options(nostack, preserves_flags));
        #[cfg(target_arch = "x86")]
        asm!("rep stosb", inout("edi") dest => _, inout("ecx") n => _, in("al") byte, options(nostack, preserves_flags));
    }
}
