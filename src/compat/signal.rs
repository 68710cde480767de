//! Signals to one thread.

use super::*;
use crate::{
    consts::{PidfdSignal, Sig},
    ids::Pid,
};

/// The number of a signal that is not a C library's own.
///
/// glibc keeps 32 and 33 for itself, musl 32 to 34, for the cancellation of threads and to change the ids of all of them. Their handlers believe every
/// such signal that the program itself has sent to one thread (`SI_TKILL`), and follow a pointer that may be an old one.
#[inline]
fn free(sig: Option<Sig>) -> Result<i32> {
    match sig.map_or(0, Sig::raw) {
        32..=34 => Err(Errno::EINVAL),
        free => Ok(free),
    }
}

#[cfg(ring3_by = "tkill_free")]
#[inline]
pub fn tkill_free(tid: Pid, sig: Option<Sig>) -> Result<()> {
    // SAFETY: the call takes numbers alone.
    unsafe { raw::tkill(tid.as_raw(), free(sig)?) }.map(|_| ())
}

#[cfg(ring3_by = "tgkill_free")]
#[inline]
pub fn tgkill_free(tgid: Pid, tid: Pid, sig: Option<Sig>) -> Result<()> {
    // SAFETY: the call takes numbers alone.
    unsafe { raw::tgkill(tgid.as_raw(), tid.as_raw(), free(sig)?) }.map(|_| ())
}

#[cfg(ring3_by = "pidfd_send_signal_free")]
#[inline]
pub fn pidfd_send_signal_free(pidfd: impl AsFd, sig: Option<Sig>, flags: PidfdSignal) -> Result<()> {
    // SAFETY: the kernel makes the signal's information itself.
    unsafe { raw::pidfd_send_signal(pidfd.as_fd().as_raw_fd(), free(sig)?, ptr::null_mut(), flags.bits()) }
        .map(|_| ())
}
