//! `stat` and its kin, which answer one struct on every ABI.

use super::*;
use crate::{
    consts::{At, Mode},
    ids::{Dev, Gid, Uid},
    uapi::__kernel_timespec as timespec,
};
use core::{ffi::CStr, mem::MaybeUninit};

/// What a file is, under the names of the manual page.
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "see stat(3type)")]
pub struct Stat {
    /// The device that the file is on.
    pub st_dev: Dev,
    pub st_ino: u64,
    /// Type and permissions.
    pub st_mode: Mode,
    pub st_nlink: u64,
    pub st_uid: Uid,
    pub st_gid: Gid,
    /// The device that the file is, if it is one.
    pub st_rdev: Dev,
    pub st_size: u64,
    pub st_blksize: u64,
    /// Units of 512 bytes.
    pub st_blocks: u64,
    pub st_atim: timespec,
    pub st_mtim: timespec,
    pub st_ctim: timespec,
}

/// All that a `Stat` has.
const BASIC_STATS: u32 = 0x7ff;

#[inline]
fn statx(dirfd: i32, path: &CStr, flags: i32) -> Result<Stat> {
    let mut buf = MaybeUninit::<uapi::statx>::uninit();
    // SAFETY: the kernel reads a string and writes a `statx`.
    let buf = unsafe {
        raw::statx(dirfd as _, path.as_ptr(), flags as _, BASIC_STATS as _, buf.as_mut_ptr())?;
        buf.assume_init()
    };
    let time = |time: uapi::statx_timestamp| timespec { tv_sec: time.tv_sec, tv_nsec: time.tv_nsec.into() };
    Ok(Stat {
        st_dev: Dev::new(buf.stx_dev_major, buf.stx_dev_minor),
        st_ino: buf.stx_ino,
        st_mode: Mode::from_bits_retain(buf.stx_mode),
        st_nlink: buf.stx_nlink.into(),
        st_uid: Uid::from_raw(buf.stx_uid),
        st_gid: Gid::from_raw(buf.stx_gid),
        st_rdev: Dev::new(buf.stx_rdev_major, buf.stx_rdev_minor),
        st_size: buf.stx_size,
        st_blksize: buf.stx_blksize.into(),
        st_blocks: buf.stx_blocks,
        st_atim: time(buf.stx_atime),
        st_mtim: time(buf.stx_mtime),
        st_ctim: time(buf.stx_ctime),
    })
}

/// Makes a call that fills the 64-bit ABI's own struct.
#[cfg(ring3_by = "fstat_fstat")]
#[inline]
fn native(call: impl FnOnce(*mut uapi::stat) -> Result<usize>) -> Result<Stat> {
    let mut buf = MaybeUninit::<uapi::stat>::uninit();
    call(buf.as_mut_ptr())?;
    // SAFETY: the call has succeeded, so it has filled the struct.
    let buf = unsafe { buf.assume_init() };
    let time = |seconds: i64, nanoseconds: i64| timespec { tv_sec: seconds, tv_nsec: nanoseconds };
    Ok(Stat {
        st_dev: Dev::from_raw(buf.st_dev as u32),
        st_ino: buf.st_ino as u64,
        st_mode: Mode::from_bits_retain(buf.st_mode as u16),
        st_nlink: buf.st_nlink as u64,
        st_uid: Uid::from_raw(buf.st_uid),
        st_gid: Gid::from_raw(buf.st_gid),
        st_rdev: Dev::from_raw(buf.st_rdev as u32),
        st_size: buf.st_size as u64,
        st_blksize: buf.st_blksize as u64,
        st_blocks: buf.st_blocks as u64,
        st_atim: time(buf.st_atime as i64, buf.st_atime_nsec as i64),
        st_mtim: time(buf.st_mtime as i64, buf.st_mtime_nsec as i64),
        st_ctim: time(buf.st_ctime as i64, buf.st_ctime_nsec as i64),
    })
}

/// What `stat` and `fstat` get that do not follow a link, and an empty path.
const SYMLINK_NOFOLLOW: i32 = 0x100;
const EMPTY_PATH: i32 = 0x1000;

#[cfg(ring3_by = "fstat_statx")]
#[inline]
pub fn fstat_statx(fd: impl AsFd) -> Result<Stat> {
    statx(fd.as_fd().as_raw_fd(), c"", EMPTY_PATH)
}

#[cfg(ring3_by = "stat_statx")]
#[inline]
pub fn stat_statx(path: &CStr) -> Result<Stat> {
    statx(CWD, path, 0)
}

#[cfg(ring3_by = "lstat_statx")]
#[inline]
pub fn lstat_statx(path: &CStr) -> Result<Stat> {
    statx(CWD, path, SYMLINK_NOFOLLOW)
}

#[cfg(ring3_by = "fstatat_statx")]
#[inline]
pub fn fstatat_statx(dirfd: impl AsFd, path: &CStr, flags: At) -> Result<Stat> {
    statx(dirfd.as_fd().as_raw_fd(), path, flags.bits() as i32)
}

#[cfg(ring3_by = "fstat_fstat")]
#[inline]
pub fn fstat_fstat(fd: impl AsFd) -> Result<Stat> {
    // SAFETY: the kernel fills the struct.
    native(|buf| unsafe { raw::fstat(fd.as_fd().as_raw_fd() as _, buf) })
}

#[cfg(ring3_by = "stat_stat")]
#[inline]
pub fn stat_stat(path: &CStr) -> Result<Stat> {
    // SAFETY: the kernel reads a string and fills the struct.
    native(|buf| unsafe { raw::stat(path.as_ptr(), buf) })
}

#[cfg(ring3_by = "lstat_lstat")]
#[inline]
pub fn lstat_lstat(path: &CStr) -> Result<Stat> {
    // SAFETY: the kernel reads a string and fills the struct.
    native(|buf| unsafe { raw::lstat(path.as_ptr(), buf) })
}

#[cfg(ring3_by = "fstatat_newfstatat")]
#[inline]
pub fn fstatat_newfstatat(dirfd: impl AsFd, path: &CStr, flags: At) -> Result<Stat> {
    newfstatat(dirfd.as_fd().as_raw_fd(), path, flags.bits() as i32)
}

#[cfg(ring3_by = "stat_newfstatat")]
#[inline]
pub fn stat_newfstatat(path: &CStr) -> Result<Stat> {
    newfstatat(CWD, path, 0)
}

#[cfg(ring3_by = "lstat_newfstatat")]
#[inline]
pub fn lstat_newfstatat(path: &CStr) -> Result<Stat> {
    newfstatat(CWD, path, SYMLINK_NOFOLLOW)
}

#[cfg(ring3_by = "fstatat_newfstatat")]
#[inline]
fn newfstatat(dirfd: i32, path: &CStr, flags: i32) -> Result<Stat> {
    // SAFETY: the kernel reads a string and fills the struct.
    native(|buf| unsafe { raw::newfstatat(dirfd, path.as_ptr(), buf, flags) })
}
