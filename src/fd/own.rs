//! The types for programs without std.

use crate::raw;
use core::{fmt, marker::PhantomData, mem::ManuallyDrop};

/// The number of a descriptor.
pub type RawFd = core::ffi::c_int;

/// A descriptor that somebody else owns, for as long as `'fd`.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct BorrowedFd<'fd> {
    fd: RawFd,
    owner: PhantomData<&'fd OwnedFd>,
}

/// A descriptor that is closed when the value is dropped.
#[repr(transparent)]
pub struct OwnedFd {
    fd: RawFd,
}

/// What has a descriptor to lend.
pub trait AsFd {
    /// Lends it.
    fn as_fd(&self) -> BorrowedFd<'_>;
}

/// What has the number of a descriptor.
pub trait AsRawFd {
    /// The number.
    fn as_raw_fd(&self) -> RawFd;
}

/// What can take a descriptor over.
pub trait FromRawFd {
    /// Takes over the descriptor of this number.
    ///
    /// # Safety
    ///
    /// It must be open, and nothing else may own it.
    unsafe fn from_raw_fd(fd: RawFd) -> Self;
}

/// What can give its descriptor away.
pub trait IntoRawFd {
    /// The number of the descriptor, which stays open and is the caller's to close.
    fn into_raw_fd(self) -> RawFd;
}

impl BorrowedFd<'_> {
    /// Borrows the descriptor of this number.
    ///
    /// # Safety
    ///
    /// It must stay open for as long as the lifetime, and must not be -1.
    #[must_use]
    #[inline]
    pub const unsafe fn borrow_raw(fd: RawFd) -> Self {
        Self { fd, owner: PhantomData }
    }
}

impl AsRawFd for RawFd {
    #[inline]
    fn as_raw_fd(&self) -> RawFd {
        *self
    }
}

impl AsRawFd for BorrowedFd<'_> {
    #[inline]
    fn as_raw_fd(&self) -> RawFd {
        self.fd
    }
}

impl AsRawFd for OwnedFd {
    #[inline]
    fn as_raw_fd(&self) -> RawFd {
        self.fd
    }
}

impl FromRawFd for OwnedFd {
    #[inline]
    unsafe fn from_raw_fd(fd: RawFd) -> Self {
        Self { fd }
    }
}

impl IntoRawFd for OwnedFd {
    #[inline]
    fn into_raw_fd(self) -> RawFd {
        ManuallyDrop::new(self).fd
    }
}

impl AsFd for BorrowedFd<'_> {
    #[inline]
    fn as_fd(&self) -> BorrowedFd<'_> {
        *self
    }
}

impl AsFd for OwnedFd {
    #[inline]
    fn as_fd(&self) -> BorrowedFd<'_> {
        BorrowedFd { fd: self.fd, owner: PhantomData }
    }
}

impl<T: AsFd + ?Sized> AsFd for &T {
    #[inline]
    fn as_fd(&self) -> BorrowedFd<'_> {
        T::as_fd(self)
    }
}

impl<T: AsFd + ?Sized> AsFd for &mut T {
    #[inline]
    fn as_fd(&self) -> BorrowedFd<'_> {
        T::as_fd(self)
    }
}

impl Drop for OwnedFd {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the descriptor is this value's, and nobody uses it any more. Nothing can be done about an error: the
        // descriptor is gone whatever close(2) says.
        let _ = unsafe { raw::close(self.fd as _) };
    }
}

impl fmt::Debug for BorrowedFd<'_> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BorrowedFd").field("fd", &self.fd).finish()
    }
}

impl fmt::Debug for OwnedFd {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedFd").field("fd", &self.fd).finish()
    }
}
