//! Descriptors that are owned, or borrowed for a time.
//!
//! Under the feature `std` these are std's own types; otherwise they are types of the same names with a part of their functions.

cfg_if::cfg_if! {
    if #[cfg(feature = "std")] {
        pub use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
    } else {
        mod own;
        pub use own::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
    }
}

/// The number that stands for the working directory where a directory's descriptor is wanted.
const FDCWD: RawFd = -100;

/// The working directory, for calls that take the descriptor of a directory.
// SAFETY: the number is no descriptor, so that nothing can close it.
pub const AT_FDCWD: BorrowedFd<'static> = unsafe { BorrowedFd::borrow_raw(FDCWD) };

/// Standard input: as in C, whoever starts the program has opened it.
// SAFETY: 0, 1 and 2 are everybody's to name.
pub const STDIN: BorrowedFd<'static> = unsafe { BorrowedFd::borrow_raw(0) };
/// Standard output.
// SAFETY: as for `STDIN`.
pub const STDOUT: BorrowedFd<'static> = unsafe { BorrowedFd::borrow_raw(1) };
/// Standard error.
// SAFETY: as for `STDIN`.
pub const STDERR: BorrowedFd<'static> = unsafe { BorrowedFd::borrow_raw(2) };
