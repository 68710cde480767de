//! Buffers that a call fills.

use core::mem::MaybeUninit;

/// Memory that a call writes elements to, as many as it says.
///
/// | argument | result |
/// |---|---|
/// | `&mut [T]`, `&mut [T; N]` | how many elements were written |
/// | `&mut [MaybeUninit<T>]`, `&mut [MaybeUninit<T>; N]` | the elements that were written, and the rest of the buffer |
/// | `Spare`, of a `Vec` (feature `alloc`) | how many elements the vector has grown by |
///
/// ```
/// use core::mem::MaybeUninit;
/// use ring3::{consts::Grnd, sys};
///
/// let mut bytes = [MaybeUninit::uninit(); 16];
/// let (random, rest) = sys::getrandom(&mut bytes, Grnd::empty())?;
/// assert_eq!(random.len() + rest.len(), 16);
/// # Ok::<(), ring3::Errno>(())
/// ```
pub trait Buffer<T>: sealed::Sealed<T> {}

impl<T, B: sealed::Sealed<T>> Buffer<T> for B {}

pub(crate) mod sealed {
    /// What [`Buffer`](super::Buffer) can do.
    ///
    /// # Safety
    ///
    /// `parts` must give memory that may be written to for as long as the buffer lives.
    pub unsafe trait Sealed<T> {
        /// What the caller gets.
        type Output;

        /// Where the buffer begins, and how many elements it has.
        fn parts(&mut self) -> (*mut T, usize);

        /// The buffer after so many elements were written.
        ///
        /// # Safety
        ///
        /// They were, and the buffer has as many.
        unsafe fn filled(self, count: usize) -> Self::Output;
    }
}

// SAFETY: a slice that may be changed may be written to.
unsafe impl<T> sealed::Sealed<T> for &mut [T] {
    type Output = usize;

    #[inline]
    fn parts(&mut self) -> (*mut T, usize) {
        (self.as_mut_ptr(), self.len())
    }

    #[inline]
    unsafe fn filled(self, count: usize) -> usize {
        count
    }
}

// SAFETY: an array that may be changed may be written to.
unsafe impl<T, const N: usize> sealed::Sealed<T> for &mut [T; N] {
    type Output = usize;

    #[inline]
    fn parts(&mut self) -> (*mut T, usize) {
        (self.as_mut_ptr(), N)
    }

    #[inline]
    unsafe fn filled(self, count: usize) -> usize {
        count
    }
}

// SAFETY: a slice that may be changed may be written to.
unsafe impl<'a, T> sealed::Sealed<T> for &'a mut [MaybeUninit<T>] {
    type Output = (&'a mut [T], &'a mut [MaybeUninit<T>]);

    #[inline]
    fn parts(&mut self) -> (*mut T, usize) {
        (self.as_mut_ptr().cast(), self.len())
    }

    #[inline]
    unsafe fn filled(self, count: usize) -> Self::Output {
        // SAFETY: the caller's promise: so many elements are there, and initialised.
        unsafe {
            let (filled, rest) = self.split_at_mut_unchecked(count);
            (filled.assume_init_mut(), rest)
        }
    }
}

// SAFETY: an array that may be changed may be written to.
unsafe impl<'a, T, const N: usize> sealed::Sealed<T> for &'a mut [MaybeUninit<T>; N] {
    type Output = (&'a mut [T], &'a mut [MaybeUninit<T>]);

    #[inline]
    fn parts(&mut self) -> (*mut T, usize) {
        (self.as_mut_ptr().cast(), N)
    }

    #[inline]
    unsafe fn filled(self, count: usize) -> Self::Output {
        // SAFETY: the caller's promise.
        unsafe { sealed::Sealed::<T>::filled(self.as_mut_slice(), count) }
    }
}

/// The spare capacity of a vector: what a call writes there is appended.
///
/// ```
/// use ring3::{Spare, consts::Grnd, sys};
///
/// let mut bytes: Vec<u8> = Vec::with_capacity(16);
/// let count = sys::getrandom(Spare(&mut bytes), Grnd::empty())?;
/// assert_eq!(bytes.len(), count);
/// # Ok::<(), ring3::Errno>(())
/// ```
#[cfg(feature = "alloc")]
pub struct Spare<'a, T>(pub &'a mut alloc::vec::Vec<T>);

// SAFETY: the spare capacity of a vector may be written to.
#[cfg(feature = "alloc")]
unsafe impl<T> sealed::Sealed<T> for Spare<'_, T> {
    type Output = usize;

    #[inline]
    fn parts(&mut self) -> (*mut T, usize) {
        let spare = self.0.spare_capacity_mut();
        (spare.as_mut_ptr().cast(), spare.len())
    }

    #[inline]
    unsafe fn filled(self, count: usize) -> usize {
        // SAFETY: the caller's promise: so many elements after the last one are initialised.
        unsafe { self.0.set_len(self.0.len() + count) };
        count
    }
}
