//! Slices as the kernel takes them, for programs without std.

use crate::uapi::iovec;
use core::{
    marker::PhantomData,
    ops::{Deref, DerefMut},
};

/// A slice that a call reads, laid out as the kernel's `iovec`.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct IoSlice<'a> {
    vec: iovec,
    bytes: PhantomData<&'a [u8]>,
}

/// A slice that a call writes, laid out as the kernel's `iovec`.
#[repr(transparent)]
pub struct IoSliceMut<'a> {
    vec: iovec,
    bytes: PhantomData<&'a mut [u8]>,
}

// SAFETY: the types stand for references to bytes, which may go to other threads.
unsafe impl Send for IoSlice<'_> {}
// SAFETY: as for `Send`.
unsafe impl Sync for IoSlice<'_> {}
// SAFETY: as for `IoSlice`.
unsafe impl Send for IoSliceMut<'_> {}
// SAFETY: as for `IoSlice`.
unsafe impl Sync for IoSliceMut<'_> {}

impl<'a> IoSlice<'a> {
    /// The slice.
    #[must_use]
    #[inline]
    pub const fn new(bytes: &'a [u8]) -> Self {
        let vec = iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() as _ };
        Self { vec, bytes: PhantomData }
    }
}

impl<'a> IoSliceMut<'a> {
    /// The slice.
    #[must_use]
    #[inline]
    pub const fn new(bytes: &'a mut [u8]) -> Self {
        let vec = iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() as _ };
        Self { vec, bytes: PhantomData }
    }
}

impl Deref for IoSlice<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        // SAFETY: pointer and length are those of the slice that the value was made of.
        unsafe { core::slice::from_raw_parts(self.vec.iov_base.cast(), self.vec.iov_len as usize) }
    }
}

impl Deref for IoSliceMut<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        // SAFETY: pointer and length are those of the slice that the value was made of.
        unsafe { core::slice::from_raw_parts(self.vec.iov_base.cast(), self.vec.iov_len as usize) }
    }
}

impl DerefMut for IoSliceMut<'_> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: pointer and length are those of the slice that the value was made of, and nobody else has it.
        unsafe { core::slice::from_raw_parts_mut(self.vec.iov_base.cast(), self.vec.iov_len as usize) }
    }
}
