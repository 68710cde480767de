//! Every call said in Rust: slices, strings, descriptors and references instead of pointers and numbers.
//!
//! Each function is the call of the same name, or one meaning of a call that has several: [`futex::wait`]. It is there on every
//! ABI where the kernel can do it, whichever row it takes, and costs what the same call by hand costs. It is `unsafe` only where an argument could
//! break memory, descriptors or the flow of control; its documentation says how.
//!
//! - Descriptors are `impl AsFd` and come back as [`OwnedFd`]. [`AT_FDCWD`](crate::AT_FDCWD) is one, and [`STDOUT`](crate::STDOUT).
//! - A buffer and its length are a slice. What a call fills is any [`Buffer`], so that it need not be initialised.
//!   A length that the kernel takes in 32 bits is cut to them.
//! - Strings are [`CStr`]. What C returns through a pointer is returned.
//! - Times and file offsets have 64 bits.
//! - No call is repeated when a signal interrupts it.
//! - A descriptor is used by its number only if it is borrowed for it, also where it stands in a struct: [`mount_attr`], [`mnt_id_req`].
//!   What a name or a file's bytes can do is beyond that, as it is with std: `/proc/self/mem`, `/proc/self/fd`, a mount's option `fd=3`.
//!
//! ```
//! use ring3::{AT_FDCWD, consts::{Mode, O}, sys};
//!
//! let null = sys::openat(AT_FDCWD, c"/dev/null", O::WRONLY | O::CLOEXEC, Mode::empty())?;
//! assert_eq!(sys::write(&null, b"Hello World!\n")?, 13);
//! sys::close(null)?;
//! # Ok::<(), ring3::Errno>(())
//! ```
//!
//! Source: `tables/contracts.tbl`, after the kernel's source and the manual pages.

#![allow(
    clippy::unnecessary_cast,
    clippy::too_many_arguments,
    clippy::missing_safety_doc,
    clippy::type_complexity,
    clippy::identity_op,
    clippy::eq_op,
    clippy::question_mark,
    clippy::needless_borrows_for_generic_args,
    clippy::double_parens,
    clippy::needless_option_as_deref,
    clippy::not_unsafe_ptr_arg_deref,
    non_camel_case_types,
    reason = "names and types are the kernel's, and differ between ABIs"
)]

#[allow(unused_imports, reason = "which of them are used depends on the ABI")]
use crate::{
    Arg, Errno, Result, arch,
    buffer::{Buffer, sealed::Sealed as _},
    compat::{self, narrow},
    consts,
    fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd},
    ids::{AioContext, Dev, Gid, KeySerial, KillPid, Pid, TimerId, Uid, WaitPid, WaitStatus, Wd},
    io::{IoSlice, IoSliceMut, PollFd},
    net::SockAddr,
    raw,
    strings::CStrs,
    uapi,
};
#[allow(unused_imports, reason = "which of them are used depends on the ABI")]
use core::{ffi::*, mem::MaybeUninit, ptr, sync::atomic::AtomicU32};

pub use crate::compat::{
    FileHandle, RecvMMsg, RecvMsg, SendMMsg, SendMsg, Stat, file_clone_range, itimerval,
    landlock_path_beneath_attr, mnt_id_req, mount_attr, timeval, timezone, utimbuf,
};

// The functions that follow are what the generated ones have in common: fewer closures and conversions for the compiler to look at.

#[inline(always)]
fn done(result: Result<usize>) -> Result<()> {
    match result {
        Ok(_) => Ok(()),
        Err(error) => Err(error),
    }
}

#[inline(always)]
fn fd_of(fd: &impl AsFd) -> RawFd {
    fd.as_fd().as_raw_fd()
}

#[inline(always)]
fn fd_or_none(fd: Option<BorrowedFd<'_>>) -> RawFd {
    match fd {
        Some(fd) => fd.as_raw_fd(),
        None => -1,
    }
}

#[inline(always)]
fn string_or_null(string: Option<&CStr>) -> *const c_char {
    match string {
        Some(string) => string.as_ptr(),
        None => ptr::null(),
    }
}

#[inline(always)]
fn const_or_null<T>(value: Option<&T>) -> *const T {
    match value {
        Some(value) => value,
        None => ptr::null(),
    }
}

#[inline(always)]
fn mut_or_null<T>(value: Option<&mut T>) -> *mut T {
    match value {
        Some(value) => value,
        None => ptr::null_mut(),
    }
}

include!(concat!(env!("OUT_DIR"), "/sys.rs"));
