//! Copying, filling and comparing by words alone, by the names that [`mem`](super) goes by, for instruction sets that have nothing better.

use super::words::{self, ANY};
use core::ffi::c_int;

/// Copies nothing: [`forward`] and [`backward`] take every length.
///
/// # Safety
///
/// `src` is valid for reading and `dest` for writing `n` bytes.
#[inline(always)]
pub unsafe fn short(_dest: *mut u8, _src: *const u8, _n: usize) -> bool {
    false
}

/// Copies `n` bytes, the first one first.
///
/// # Safety
///
/// As for [`words::forward`].
#[inline(always)]
pub unsafe fn forward(dest: *mut u8, src: *const u8, n: usize, _behind: usize) {
    // SAFETY: the caller's promise.
    unsafe { words::forward::<ANY>(dest, src, n) };
}

/// Copies `n` bytes, the last one first.
///
/// # Safety
///
/// As for [`words::backward`].
#[inline(always)]
pub unsafe fn backward(dest: *mut u8, src: *const u8, n: usize) {
    // SAFETY: the caller's promise.
    unsafe { words::backward::<ANY>(dest, src, n) };
}

/// Fills `n` bytes.
///
/// # Safety
///
/// `dest` is valid for writing `n` bytes.
#[inline(always)]
pub unsafe fn fill(dest: *mut u8, byte: u8, n: usize) {
    // SAFETY: the caller's promise.
    unsafe { words::fill::<ANY>(dest, byte, n) };
}

/// Compares `n` bytes: the difference of the first that differ, or 0.
///
/// # Safety
///
/// Both are valid for reading `n` bytes.
#[inline(always)]
pub unsafe fn compare(a: *const u8, b: *const u8, n: usize) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { words::compare::<ANY>(a, b, n) }
}
