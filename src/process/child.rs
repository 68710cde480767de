//! A child that has been started.

use crate::{
    AsFd, BorrowedFd, Errno, OwnedFd, Pid, Result, WaitStatus,
    consts::{PidfdSignal, Sig, Wait},
    sys,
};

/// A child, by the descriptor that stands for it: never another process that has got its number.
///
/// The descriptor can be polled: it is readable when the child has ended. A child that is not waited for stays in the system's tables when it has ended, also
/// if this value is dropped.
#[derive(Debug)]
pub struct Child {
    pub(super) pid: Pid,
    pub(super) pidfd: OwnedFd,
}

impl Child {
    /// The child's number. It is another process's some time after the child has been waited for.
    #[must_use]
    #[inline]
    pub fn id(&self) -> Pid {
        self.pid
    }

    /// Waits for the end of the child.
    ///
    /// # Errors
    ///
    /// [`ECHILD`](Errno::ECHILD): somebody has waited for it already, or the program ignores `SIGCHLD`. [`EINTR`](Errno::EINTR).
    #[inline]
    pub fn wait(&self) -> Result<WaitStatus> {
        self.status(Wait::EXITED)?.ok_or(Errno::ECHILD)
    }

    /// How the child has ended, if it has.
    ///
    /// # Errors
    ///
    /// As for [`wait`](Self::wait).
    #[inline]
    pub fn try_wait(&self) -> Result<Option<WaitStatus>> {
        self.status(Wait::EXITED | Wait::NOHANG)
    }

    #[inline]
    fn status(&self, options: Wait) -> Result<Option<WaitStatus>> {
        Ok(sys::waitid::pidfd(&self.pidfd, options, None)?.wait_status())
    }

    /// Sends the child a signal.
    ///
    /// # Errors
    ///
    /// [`ESRCH`](Errno::ESRCH): it has ended, and has been waited for. [`EPERM`](Errno::EPERM).
    #[inline]
    pub fn kill(&self, sig: Sig) -> Result<()> {
        sys::pidfd_send_signal(&self.pidfd, Some(sig), PidfdSignal::empty())
    }
}

impl AsFd for Child {
    #[inline]
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.pidfd.as_fd()
    }
}
