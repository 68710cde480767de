//! Structs that are the same on every ABI, where the kernel's are not, and one that has room behind it.

#![allow(non_camel_case_types, reason = "names are the kernel's")]

use core::fmt;

/// A time in seconds and microseconds, 64 bits each.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct timeval {
    /// Seconds.
    pub tv_sec: i64,
    /// Microseconds, below a million.
    pub tv_usec: i64,
}

/// What an interval timer does.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct itimerval {
    /// From one expiration to the next, 0 for one alone.
    pub it_interval: timeval,
    /// Until the next expiration, 0 for none.
    pub it_value: timeval,
}

/// When a file was accessed and changed, in seconds.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct utimbuf {
    /// The last access.
    pub actime: i64,
    /// The last change.
    pub modtime: i64,
}

/// The kernel's time zone.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct timezone {
    /// Minutes west of Greenwich.
    pub tz_minuteswest: i32,
    /// What daylight saving once depended on.
    pub tz_dsttime: i32,
}

/// A file by what its file system calls it, with room for the longest such name.
///
/// The kernel believes the struct's own word for the room, so nobody else may change it.
#[repr(C, align(8))]
#[derive(Clone, Copy)]
pub struct FileHandle {
    handle_bytes: u32,
    handle_type: i32,
    f_handle: [u8; Self::MAX],
}

impl FileHandle {
    /// The bytes of the longest handle.
    pub const MAX: usize = 128;

    /// Room for a handle.
    #[must_use]
    #[inline]
    pub const fn new() -> Self {
        Self { handle_bytes: Self::MAX as u32, handle_type: 0, f_handle: [0; Self::MAX] }
    }

    /// The handle of this type and these bytes, if they are not too many.
    #[must_use]
    #[inline]
    pub fn from_bytes(handle_type: i32, bytes: &[u8]) -> Option<Self> {
        let mut handle = Self::new();
        handle.f_handle.get_mut(..bytes.len())?.copy_from_slice(bytes);
        handle.handle_bytes = bytes.len() as u32;
        handle.handle_type = handle_type;
        Some(handle)
    }

    /// What kind of handle it is, which the file system says.
    #[must_use]
    #[inline]
    pub const fn handle_type(&self) -> i32 {
        self.handle_type
    }

    /// The handle.
    #[must_use]
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        &self.f_handle[..(self.handle_bytes as usize).min(Self::MAX)]
    }
}

impl Default for FileHandle {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for FileHandle {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileHandle")
            .field("type", &self.handle_type)
            .field("bytes", &self.as_bytes())
            .finish()
    }
}
