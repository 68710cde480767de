//! Descriptors: duplicates, epoll, io_uring, openat2, extended attributes.

use super::*;
use crate::{
    consts::{At, IoringSetup, O, Xattr},
    fd::{FromRawFd, OwnedFd},
};
use core::{ffi::CStr, mem::MaybeUninit};

#[cfg(ring3_by = "dup2_dup3")]
#[inline]
pub fn dup2_dup3(oldfd: impl AsFd, newfd: &mut OwnedFd) -> Result<()> {
    let (old, new) = (oldfd.as_fd().as_raw_fd(), newfd.as_raw_fd());
    // The same number twice is an error of dup3 alone. It is an open one: `newfd` owns it.
    if old == new {
        return Ok(());
    }
    // SAFETY: the caller has `newfd` alone, and what it was open for is closed.
    unsafe { raw::dup3(old as _, new as _, 0) }.map(|_| ())
}

#[cfg(ring3_by = "epoll_create_size")]
#[inline]
pub fn epoll_create_size(size: i32) -> Result<OwnedFd> {
    if size <= 0 {
        return Err(Errno::EINVAL);
    }
    // SAFETY: the result is a new descriptor.
    unsafe { raw::epoll_create1(0).map(|fd| OwnedFd::from_raw_fd(fd as _)) }
}

#[cfg(ring3_by = "io_uring_setup_fd")]
#[inline]
pub fn io_uring_setup_fd(entries: u32, params: &mut uapi::io_uring_params) -> Result<OwnedFd> {
    let refused = IoringSetup::NO_MMAP | IoringSetup::REGISTERED_FD_ONLY | IoringSetup::ATTACH_WQ;
    let known = (IoringSetup::SQ_REWIND.bits() << 1) - 1;
    if params.flags & refused.bits() != 0 || params.flags & !known != 0 {
        return Err(Errno::EINVAL);
    }
    // SAFETY: without these flags the struct holds neither an address nor a descriptor, and the result is a new descriptor.
    unsafe { raw::io_uring_setup(entries, params).map(|fd| OwnedFd::from_raw_fd(fd as _)) }
}

#[cfg(ring3_by = "openat2_large")]
#[inline]
pub fn openat2_large(dirfd: impl AsFd, path: &CStr, how: &uapi::open_how) -> Result<OwnedFd> {
    let mut how = *how;
    if cfg!(target_pointer_width = "32") && how.flags & O::PATH.bits() as u64 == 0 {
        how.flags |= O::LARGEFILE.bits() as u64;
    }
    let size = size_of_val(&how) as _;
    // SAFETY: the kernel reads a string and the struct; the result is a new descriptor.
    unsafe {
        raw::openat2(dirfd.as_fd().as_raw_fd(), path.as_ptr(), &raw mut how, size)
            .map(|fd| OwnedFd::from_raw_fd(fd as _))
    }
}

#[cfg(ring3_by = "getxattrat_args")]
#[inline]
pub fn getxattrat_args(
    dirfd: impl AsFd,
    path: Option<&CStr>,
    flags: At,
    name: &CStr,
    value: &mut [u8],
) -> Result<usize> {
    let path = path.map_or(ptr::null(), CStr::as_ptr);
    let size = u32::try_from(value.len()).unwrap_or(u32::MAX);
    let mut args = uapi::xattr_args { value: value.as_mut_ptr().expose_provenance() as u64, size, flags: 0 };
    // SAFETY: the kernel reads strings and the struct, and writes no more than `size` bytes of `value`.
    unsafe {
        raw::getxattrat(
            dirfd.as_fd().as_raw_fd(),
            path,
            flags.bits() as _,
            name.as_ptr(),
            &raw mut args,
            size_of_val(&args) as _,
        )
    }
}

#[cfg(ring3_by = "setxattrat_args")]
#[inline]
pub fn setxattrat_args(
    dirfd: impl AsFd,
    path: Option<&CStr>,
    at_flags: At,
    name: &CStr,
    value: Option<&[u8]>,
    flags: Xattr,
) -> Result<()> {
    let path = path.map_or(ptr::null(), CStr::as_ptr);
    let size = u32::try_from(value.map_or(0, <[u8]>::len)).map_err(|_| Errno::E2BIG)?;
    let value = value.map_or(ptr::null(), <[u8]>::as_ptr).expose_provenance() as u64;
    let args = uapi::xattr_args { value, size, flags: flags.bits() as _ };
    // SAFETY: the kernel reads strings, the struct and the value.
    unsafe {
        raw::setxattrat(
            dirfd.as_fd().as_raw_fd(),
            path,
            at_flags.bits() as _,
            name.as_ptr(),
            &raw const args,
            size_of_val(&args) as _,
        )
    }
    .map(|_| ())
}

macro_rules! lseek {
    ($by:literal, $name:ident, $row:ident) => {
        #[cfg(ring3_by = $by)]
        #[inline]
        pub fn $name(fd: impl AsFd, offset: i64, whence: consts::Seek) -> Result<u64> {
            let mut position = MaybeUninit::uninit();
            let (fd, high, low) = (fd.as_fd().as_raw_fd(), offset >> 32, offset as u32);
            // SAFETY: the kernel writes the position if it succeeds.
            unsafe {
                raw::$row(fd as _, high as _, low as _, position.as_mut_ptr(), whence.raw() as _)?;
                Ok(position.assume_init() as u64)
            }
        }
    };
}

lseek!("lseek_llseek", lseek_llseek, llseek);
lseek!("lseek_llseek2", lseek_llseek2, _llseek);
