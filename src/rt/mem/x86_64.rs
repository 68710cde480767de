//! Copying and comparing on x86_64 by words of SSE2, four in a round.

use super::access::opaque;
use core::arch::asm;
use core::arch::x86_64::__m128i as Word;
use core::ffi::c_int;

const SIZE: usize = size_of::<Word>();
const ROUND: usize = 4 * SIZE;

/// Copies what fits two words of the type that may overlap.
macro_rules! copy_as_two {
    ($type:ty, $dest:expr, $src:expr, $n:expr) => {
        if $n >= size_of::<$type>() {
            let end = $n.wrapping_sub(size_of::<$type>());
            // SAFETY: both words are among the `n` bytes.
            unsafe {
                let (first, last) = (at!($type, $src, 0), at!($type, $src, end));
                at!($type, $dest, 0) = first;
                at!($type, $dest, end) = last;
            }
            return true;
        }
    };
}

/// Copies `n` bytes that may overlap, if they are few: all are read before the first is written.
///
/// # Safety
///
/// `src` is valid for reading and `dest` for writing `n` bytes.
#[inline(always)]
pub unsafe fn short(dest: *mut u8, src: *const u8, n: usize) -> bool {
    if n > ROUND {
        return false;
    }
    if n > 2 * SIZE {
        // SAFETY: the two first and the two last words are among the `n` bytes.
        unsafe {
            let first = (at!(Word, src, 0), at!(Word, src, SIZE));
            let (last, end) = (n.wrapping_sub(SIZE), n.wrapping_sub(2 * SIZE));
            let second = (at!(Word, src, end), at!(Word, src, last));
            at!(Word, dest, 0) = first.0;
            at!(Word, dest, SIZE) = first.1;
            at!(Word, dest, end) = second.0;
            at!(Word, dest, last) = second.1;
        }
        return true;
    }
    copy_as_two!(Word, dest, src, n);
    copy_as_two!(u64, dest, src, n);
    copy_as_two!(u32, dest, src, n);
    if n != 0 {
        let (middle, end) = (n >> 1, n.wrapping_sub(1));
        // SAFETY: of one to three bytes these are all.
        unsafe {
            let bytes = (*src, *src.wrapping_add(middle), *src.wrapping_add(end));
            *dest = bytes.0;
            *dest.wrapping_add(middle) = bytes.1;
            *dest.wrapping_add(end) = bytes.2;
        }
    }
    true
}

/// Reads four words at any address. They are no tuple: that would be copied by a call of memcpy where the program is not optimised.
macro_rules! load {
    ($a:ident, $b:ident, $c:ident, $d:ident = $src:expr, $i:expr) => {
        let from = $src.wrapping_add($i);
        let ($a, $b) = (at!(Word, from, 0), at!(Word, from, SIZE));
        let ($c, $d) = (at!(Word, from, 2 * SIZE), at!(Word, from, 3 * SIZE));
    };
}

/// Writes four words to any address.
macro_rules! store {
    ($dest:expr, $i:expr, $a:ident, $b:ident, $c:ident, $d:ident) => {
        let to = $dest.wrapping_add($i);
        at!(Word, to, 0) = $a;
        at!(Word, to, SIZE) = $b;
        at!(Word, to, 2 * SIZE) = $c;
        at!(Word, to, 3 * SIZE) = $d;
    };
}

/// Copies `n` bytes, the last one first: more than [`short`] does.
///
/// # Safety
///
/// As for `short`, and `src` does not lie within the bytes after `dest`.
#[inline(always)]
pub unsafe fn backward(dest: *mut u8, src: *const u8, n: usize) {
    let end = n.wrapping_sub(SIZE);
    let mut i = n.wrapping_sub(dest.wrapping_add(n) as usize & (SIZE - 1));
    // SAFETY: a round is left below `i`, which stays at a boundary of words. The first words and the last one are read before they can be
    // overwritten.
    unsafe {
        load!(a, b, c, d = src, 0);
        let last = at!(Word, src, end);
        while i > ROUND {
            i = i.wrapping_sub(ROUND);
            load!(e, f, g, h = src, opaque(i));
            let to = dest.wrapping_add(i).cast::<Word>();
            *to = e;
            *to.wrapping_add(1) = f;
            *to.wrapping_add(2) = g;
            *to.wrapping_add(3) = h;
        }
        store!(dest, 0, a, b, c, d);
        at!(Word, dest, end) = last;
    }
}

/// Which bytes of two words differ, a bit for each.
///
/// # Safety
///
/// Both are valid for reading a word.
#[inline(always)]
unsafe fn differences(a: *const u8, b: *const u8) -> u32 {
    // SAFETY: the caller's promise.
    let (x, y) = unsafe { (at!(Word, a, 0), at!(Word, b, 0)) };
    let equal: u32;
    // SAFETY: computes with registers. Core's functions for it are calls where the program is not optimised.
    unsafe {
        asm!(
            "pcmpeqb {x}, {y}",
            "pmovmskb {equal:e}, {x}",
            x = inout(xmm_reg) x => _,
            y = in(xmm_reg) y,
            equal = lateout(reg) equal,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    equal ^ 0xffff
}

/// Whether four words are the same.
///
/// # Safety
///
/// Both are valid for reading them.
#[inline(always)]
unsafe fn same(a: *const u8, b: *const u8) -> bool {
    let equal: u32;
    // SAFETY: the caller's promise; the rest computes with registers.
    unsafe {
        load!(x0, x1, x2, x3 = a, 0);
        load!(y0, y1, y2, y3 = b, 0);
        asm!(
            "pcmpeqb {x0}, {y0}",
            "pcmpeqb {x1}, {y1}",
            "pcmpeqb {x2}, {y2}",
            "pcmpeqb {x3}, {y3}",
            "pand {x0}, {x1}",
            "pand {x2}, {x3}",
            "pand {x0}, {x2}",
            "pmovmskb {equal:e}, {x0}",
            x0 = inout(xmm_reg) x0 => _,
            x1 = inout(xmm_reg) x1 => _,
            x2 = inout(xmm_reg) x2 => _,
            x3 = inout(xmm_reg) x3 => _,
            y0 = in(xmm_reg) y0,
            y1 = in(xmm_reg) y1,
            y2 = in(xmm_reg) y2,
            y3 = in(xmm_reg) y3,
            equal = lateout(reg) equal,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    equal == 0xffff
}

/// Compares `n` bytes: the difference of the first that differ, or 0.
///
/// # Safety
///
/// Both are valid for reading `n` bytes.
#[inline(always)]
pub unsafe fn compare(a: *const u8, b: *const u8, n: usize) -> c_int {
    // SAFETY: the caller's promise.
    let Some(at) = (unsafe { first_difference(a, b, n) }) else { return 0 };
    // SAFETY: the byte is one of the `n`.
    let (x, y) = unsafe { (*a.wrapping_add(at), *b.wrapping_add(at)) };
    (x as c_int).wrapping_sub(y as c_int)
}

/// Where the first byte is that differs.
///
/// # Safety
///
/// Both are valid for reading `n` bytes.
#[inline(always)]
unsafe fn first_difference(a: *const u8, b: *const u8, n: usize) -> Option<usize> {
    let mut i = 0_usize;
    if n >= SIZE {
        let end = n.wrapping_sub(SIZE);
        if n >= ROUND {
            loop {
                // SAFETY: four words are left at `i`.
                if unsafe { !same(a.wrapping_add(opaque(i)), b.wrapping_add(i)) } {
                    break;
                }
                i = i.wrapping_add(ROUND);
                if n.wrapping_sub(i) < ROUND {
                    break;
                }
            }
            if i == n {
                return None;
            }
            if i > end {
                i = end;
            }
        }
        loop {
            // SAFETY: a word is left at `i`.
            let bits = unsafe { differences(a.wrapping_add(opaque(i)), b.wrapping_add(i)) };
            if bits != 0 {
                return Some(i.wrapping_add(bits.trailing_zeros() as usize));
            }
            if i == end {
                return None;
            }
            i = i.wrapping_add(SIZE);
            if i > end {
                i = end;
            }
        }
    }
    if n >= 8 {
        let end = n.wrapping_sub(8);
        loop {
            // SAFETY: eight bytes are left at `i`.
            let bits = unsafe { at!(u64, a, opaque(i)) ^ at!(u64, b, i) };
            if bits != 0 {
                return Some(i.wrapping_add((bits.trailing_zeros() >> 3) as usize));
            }
            if i == end {
                return None;
            }
            i = end;
        }
    }
    while i != n {
        // SAFETY: `i` is less than `n`.
        if unsafe { *a.wrapping_add(opaque(i)) != *b.wrapping_add(i) } {
            return Some(i);
        }
        i = i.wrapping_add(1);
    }
    None
}
