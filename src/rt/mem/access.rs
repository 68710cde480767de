//! Reading and writing in ways that the compiler makes no call of memcpy of.

use core::arch::asm;

/// A value at any address. Unlike `read_unaligned` it is no call of memcpy, whatever the optimiser does.
#[repr(C, packed)]
pub struct Packed<T>(pub T);

/// The value of a type at an address.
macro_rules! at {
    ($type:ty, $pointer:expr, $offset:expr) => {
        (*$pointer.wrapping_add($offset).cast::<$crate::rt::mem::access::Packed<$type>>()).0
    };
}

/// Hides where an index comes from, so that the loop around stays a loop. No instruction comes of it.
#[inline(always)]
pub fn opaque(mut index: usize) -> usize {
    // SAFETY: there is no instruction in it.
    unsafe { asm!("/* {0} */", inout(reg) index, options(pure, nomem, nostack, preserves_flags)) };
    index
}
