//! Text in and out through a buffer, slices for calls that read or write several, and what `poll` waits for.

use crate::{
    consts::Poll,
    fd::{AsFd, AsRawFd, BorrowedFd},
    uapi,
};
use core::{fmt, marker::PhantomData};

mod reader;
mod writer;

pub use reader::{Reader, Stdin, stdin};
pub use writer::{Stdout, Writer, print, stdout, write_all};

cfg_if::cfg_if! {
    if #[cfg(feature = "std")] {
        pub use std::io::{IoSlice, IoSliceMut};
    } else {
        mod slices;
        pub use slices::{IoSlice, IoSliceMut};
    }
}

/// A descriptor, what to wait for on it, and what has happened.
///
/// ```
/// use ring3::{STDIN, consts::Poll, io::PollFd, sys};
///
/// let mut fds = [PollFd::new(&STDIN, Poll::IN)];
/// let ready = sys::poll(&mut fds, 0)?;
/// assert_eq!(ready, usize::from(fds[0].revents() != Poll::empty()));
/// # Ok::<(), ring3::Errno>(())
/// ```
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct PollFd<'fd> {
    inner: uapi::pollfd,
    owner: PhantomData<BorrowedFd<'fd>>,
}

impl<'fd> PollFd<'fd> {
    /// Waits for these events.
    #[must_use]
    #[inline]
    pub fn new(fd: &'fd impl AsFd, events: Poll) -> Self {
        let inner = uapi::pollfd { fd: fd.as_fd().as_raw_fd(), events: events.bits(), revents: 0 };
        Self { inner, owner: PhantomData }
    }

    /// What is waited for.
    #[must_use]
    #[inline]
    pub const fn events(&self) -> Poll {
        Poll::from_bits_retain(self.inner.events)
    }

    /// What has happened.
    #[must_use]
    #[inline]
    pub const fn revents(&self) -> Poll {
        Poll::from_bits_retain(self.inner.revents)
    }
}

impl fmt::Debug for PollFd<'_> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PollFd")
            .field("fd", &self.inner.fd)
            .field("events", &self.events())
            .field("revents", &self.revents())
            .finish()
    }
}
