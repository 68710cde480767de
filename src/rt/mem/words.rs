//! Copying, filling and comparing by words, for any instruction set.
//!
//! Each function exists for both kinds of processor. `ANY` says that a word may lie at any address: then a run of words
//! ends, or begins, in one that overlaps its neighbour, and what is shorter than a word is two overlapping halves or quarters.
//! Otherwise there are words only as far as both addresses reach their boundaries together, and bytes before and after.
//!
//! Nothing here calls anything, optimised or not: hence macros and wrapping arithmetic, and an `opaque` index in every loop.

use super::access::opaque;
use core::ffi::c_int;

cfg_if::cfg_if! {
    if #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))] {
        use core::arch::x86_64::__m128i as Word;
    } else if #[cfg(all(target_arch = "x86", target_feature = "sse2"))] {
        use core::arch::x86::__m128i as Word;
    } else if #[cfg(target_arch = "aarch64")] {
        use u128 as Word;
    } else {
        use usize as Word;
    }
}

/// Whether this processor reads and writes a word at any address. Some arm and riscv do, but none has to.
pub const ANY: bool = cfg!(any(target_arch = "x86_64", target_arch = "x86", target_arch = "aarch64"));

const SIZE: usize = size_of::<Word>();

/// Whether both addresses reach the boundaries of words of this size together.
macro_rules! in_step {
    ($a:expr, $b:expr, $size:expr) => {
        ($a as usize ^ $b as usize) & ($size - 1) == 0
    };
}

/// Copies what fits two words of the type that may overlap.
macro_rules! copy_as_two {
    ($type:ty, $dest:expr, $src:expr, $n:expr) => {
        if size_of::<$type>() <= SIZE && $n >= size_of::<$type>() {
            let end = $n.wrapping_sub(size_of::<$type>());
            // SAFETY: both words are among the `n` bytes.
            unsafe {
                let (first, last) = (at!($type, $src, 0), at!($type, $src, end));
                at!($type, $dest, 0) = first;
                at!($type, $dest, end) = last;
            }
            return;
        }
    };
}

/// Copies `n` bytes, the first one first.
///
/// # Safety
///
/// `src` is valid for reading and `dest` for writing `n` bytes, and `dest` does not lie within the bytes after `src`.
#[inline(always)]
pub unsafe fn forward<const ANY: bool>(dest: *mut u8, src: *const u8, n: usize) {
    let mut i = 0_usize;
    let mut stop = n;
    if ANY {
        if n > 2 * SIZE {
            let end = n.wrapping_sub(2 * SIZE);
            // SAFETY: `i` is less than `end`, the place of the last two words. They are read before they can be overwritten.
            unsafe {
                let last = (at!(Word, src, end), at!(Word, src, end.wrapping_add(SIZE)));
                loop {
                    at!(Word, dest, i) = at!(Word, src, opaque(i));
                    at!(Word, dest, i.wrapping_add(SIZE)) = at!(Word, src, i.wrapping_add(SIZE));
                    i = i.wrapping_add(2 * SIZE);
                    if i >= end {
                        break;
                    }
                }
                at!(Word, dest, end) = last.0;
                at!(Word, dest, end.wrapping_add(SIZE)) = last.1;
            }
            return;
        }
        copy_as_two!(Word, dest, src, n);
        copy_as_two!(u64, dest, src, n);
        copy_as_two!(u32, dest, src, n);
    } else if in_step!(dest, src, SIZE) {
        let head = (dest as usize).wrapping_neg() & (SIZE - 1);
        if head < n {
            stop = head;
        }
    }
    loop {
        while i != stop {
            // SAFETY: `i` is less than `n`, so the caller's promise holds for both bytes.
            unsafe { *dest.wrapping_add(i) = *src.wrapping_add(opaque(i)) };
            i = i.wrapping_add(1);
        }
        if ANY || i == n {
            return;
        }
        while n.wrapping_sub(i) >= SIZE {
            // SAFETY: a word is left, and both addresses are multiples of its size.
            unsafe { *dest.wrapping_add(i).cast::<Word>() = *src.wrapping_add(opaque(i)).cast() };
            i = i.wrapping_add(SIZE);
        }
        stop = n;
    }
}

/// Copies `n` bytes, the last one first.
///
/// # Safety
///
/// `src` is valid for reading and `dest` for writing `n` bytes, and `src` does not lie within the bytes after `dest`.
#[inline(always)]
pub unsafe fn backward<const ANY: bool>(dest: *mut u8, src: *const u8, n: usize) {
    let mut i = n;
    let mut stop = 0;
    if ANY {
        if n > 2 * SIZE {
            // SAFETY: two words are left below `i`. The first two are read before they can be overwritten.
            unsafe {
                let first = (at!(Word, src, 0), at!(Word, src, SIZE));
                loop {
                    i = i.wrapping_sub(2 * SIZE);
                    at!(Word, dest, i.wrapping_add(SIZE)) = at!(Word, src, opaque(i).wrapping_add(SIZE));
                    at!(Word, dest, i) = at!(Word, src, i);
                    if i <= 2 * SIZE {
                        break;
                    }
                }
                at!(Word, dest, 0) = first.0;
                at!(Word, dest, SIZE) = first.1;
            }
            return;
        }
        copy_as_two!(Word, dest, src, n);
        copy_as_two!(u64, dest, src, n);
        copy_as_two!(u32, dest, src, n);
    } else if in_step!(dest, src, SIZE) {
        let tail = (dest as usize).wrapping_add(n) & (SIZE - 1);
        if tail < n {
            stop = n.wrapping_sub(tail);
        }
    }
    loop {
        while i != stop {
            i = i.wrapping_sub(1);
            // SAFETY: `i` is less than `n`, so the caller's promise holds for both bytes.
            unsafe { *dest.wrapping_add(i) = *src.wrapping_add(opaque(i)) };
        }
        if ANY || i == 0 {
            return;
        }
        while i >= SIZE {
            i = i.wrapping_sub(SIZE);
            // SAFETY: a word is left, and both addresses are multiples of its size.
            unsafe { *dest.wrapping_add(i).cast::<Word>() = *src.wrapping_add(opaque(i)).cast() };
        }
        stop = 0;
    }
}

/// Fills what fits two words of the type that may overlap.
macro_rules! fill_as_two {
    ($type:ty, $word:expr, $dest:expr, $n:expr) => {
        if size_of::<$type>() <= SIZE && $n >= size_of::<$type>() {
            // SAFETY: both words are among the `n` bytes.
            unsafe {
                at!($type, $dest, 0) = $word;
                at!($type, $dest, $n.wrapping_sub(size_of::<$type>())) = $word;
            }
            return;
        }
    };
}

/// Fills `n` bytes.
///
/// # Safety
///
/// `dest` is valid for writing `n` bytes.
#[inline(always)]
pub unsafe fn fill<const ANY: bool>(dest: *mut u8, byte: u8, n: usize) {
    let part = (byte as usize).wrapping_mul(usize::MAX / 0xff);
    let parts = [part, part, part, part];
    const { assert!(SIZE <= size_of::<[usize; 4]>()) };
    // SAFETY: the parts are as large as a word at least, and every pattern of bits is one.
    let word = unsafe { at!(Word, (&raw const parts).cast::<u8>(), 0) };

    let mut i = 0_usize;
    let mut stop = n;
    if ANY {
        if n > 2 * SIZE {
            let end = n.wrapping_sub(2 * SIZE);
            // SAFETY: `i` is less than `end`, the place of the last two words.
            unsafe {
                loop {
                    at!(Word, dest, opaque(i)) = word;
                    at!(Word, dest, i.wrapping_add(SIZE)) = word;
                    i = i.wrapping_add(2 * SIZE);
                    if i >= end {
                        break;
                    }
                }
                at!(Word, dest, end) = word;
                at!(Word, dest, end.wrapping_add(SIZE)) = word;
            }
            return;
        }
        fill_as_two!(Word, word, dest, n);
        fill_as_two!(u64, (byte as u64).wrapping_mul(u64::MAX / 0xff), dest, n);
        fill_as_two!(u32, part as u32, dest, n);
    } else {
        let head = (dest as usize).wrapping_neg() & (SIZE - 1);
        if head < n {
            stop = head;
        }
    }
    loop {
        while i != stop {
            // SAFETY: `i` is less than `n`, so the caller's promise holds for the byte.
            unsafe { *dest.wrapping_add(opaque(i)) = byte };
            i = i.wrapping_add(1);
        }
        if ANY || i == n {
            return;
        }
        while n.wrapping_sub(i) >= SIZE {
            // SAFETY: a word is left, and its address is a multiple of its size.
            unsafe { *dest.wrapping_add(opaque(i)).cast::<Word>() = word };
            i = i.wrapping_add(SIZE);
        }
        stop = n;
    }
}

/// Compares `n` bytes: the difference of the first that differ, or 0.
///
/// # Safety
///
/// Both are valid for reading `n` bytes.
#[inline(always)]
pub unsafe fn compare<const ANY: bool>(a: *const u8, b: *const u8, n: usize) -> c_int {
    const SIZE: usize = size_of::<usize>();
    let mut i = 0_usize;
    let mut stop = n;
    if ANY {
        stop = 0;
    } else if in_step!(a, b, SIZE) {
        let head = (a as usize).wrapping_neg() & (SIZE - 1);
        if head < n {
            stop = head;
        }
    }
    loop {
        while i != stop {
            // SAFETY: `i` is less than `n`, so the caller's promise holds for both bytes.
            let (x, y) = unsafe { (*a.wrapping_add(opaque(i)), *b.wrapping_add(i)) };
            if x != y {
                return (x as c_int).wrapping_sub(y as c_int);
            }
            i = i.wrapping_add(1);
        }
        if i == n {
            return 0;
        }
        while n.wrapping_sub(i) >= SIZE {
            let at = opaque(i);
            // SAFETY: a word is left; unless it may lie anywhere, both addresses are multiples of its size.
            let equal = unsafe {
                if ANY {
                    at!(usize, a, at) == at!(usize, b, i)
                } else {
                    *a.wrapping_add(at).cast::<usize>() == *b.wrapping_add(i).cast()
                }
            };
            if !equal {
                break;
            }
            i = i.wrapping_add(SIZE);
        }
        // The bytes that differ are among these, or these are too few for a word.
        stop = n;
    }
}

/// Counts the bytes before the null.
///
/// # Safety
///
/// `s` points to bytes of which one is null.
#[inline(always)]
pub unsafe fn count(s: *const u8) -> usize {
    let mut n = 0_usize;
    // SAFETY: no byte before this one was the null.
    while unsafe { *s.wrapping_add(opaque(n)) } != 0 {
        n = n.wrapping_add(1);
    }
    n
}
