//! Waiting for descriptors: `poll`, and `select`, whose sets are bits in words.

use super::*;
use crate::{
    consts,
    io::PollFd,
    sys,
    uapi::{__kernel_timespec as timespec, sigset_t as sigset},
};

#[cfg(ring3_by = "poll_ppoll")]
#[inline]
pub fn poll_ppoll(fds: &mut [PollFd<'_>], timeout: i32) -> Result<usize> {
    let mut time =
        timespec { tv_sec: i64::from(timeout / 1000), tv_nsec: i64::from(timeout % 1000 * 1_000_000) };
    sys::ppoll(fds, if timeout < 0 { None } else { Some(&mut time) }, None)
}

/// Three sets, and the count of bits that each of them has.
struct Sets {
    count: usize,
    pointers: [*mut usize; 3],
}

impl Sets {
    #[inline]
    fn new(sets: [Option<&mut [usize]>; 3]) -> Self {
        let bits = |set: &&mut [usize]| set.len().saturating_mul(usize::BITS as usize);
        let count = sets.iter().flatten().map(bits).min().unwrap_or(0).min(i32::MAX as usize);
        Self { count, pointers: sets.map(|set| set.map_or(ptr::null_mut(), |set| set.as_mut_ptr())) }
    }
}

macro_rules! pselect6 {
    ($by:literal, $name:ident, $row:ident) => {
        #[cfg(ring3_by = $by)]
        #[inline]
        pub fn $name(
            readfds: Option<&mut [usize]>,
            writefds: Option<&mut [usize]>,
            exceptfds: Option<&mut [usize]>,
            timeout: Option<&mut timespec>,
            sigmask: Option<&sigset>,
        ) -> Result<usize> {
            let sets = Sets::new([readfds, writefds, exceptfds]);
            let [read, write, except] = sets.pointers.map(<*mut usize>::cast);
            let timeout = timeout.map_or(ptr::null_mut(), ptr::from_mut);
            let mask = sigmask.map_or(ptr::null(), ptr::from_ref);
            // The set's address and its size.
            let pair = (mask, size_of::<sigset>());
            let pair = [pair.0, ptr::without_provenance(pair.1)];
            let count = sets.count as _;
            // SAFETY: the kernel reads and writes whole words of the sets up to `count` bits, and the time; it reads the pair
            // and the mask.
            unsafe { raw::$row(count, read, write, except, timeout, pair.as_ptr().cast_mut().cast()) }
        }
    };
}

pselect6!("pselect6_pack", pselect6_pack, pselect6);
pselect6!("pselect6_time64_pack", pselect6_time64_pack, pselect6_time64);

#[cfg(ring3_by = "select_select")]
#[inline]
pub fn select_select(
    readfds: Option<&mut [usize]>,
    writefds: Option<&mut [usize]>,
    exceptfds: Option<&mut [usize]>,
    timeout: Option<&mut timeval>,
) -> Result<usize> {
    let sets = Sets::new([readfds, writefds, exceptfds]);
    let [read, write, except] = sets.pointers.map(<*mut usize>::cast);
    static_assertions::assert_eq_size!(timeval, uapi::__kernel_old_timeval);
    let timeout = timeout.map_or(ptr::null_mut(), ptr::from_mut).cast();
    // SAFETY: the kernel reads and writes whole words of the sets up to `count` bits, and the time.
    unsafe { raw::select(sets.count as _, read, write, except, timeout) }
}

#[cfg(ring3_by = "select_pselect6")]
#[inline]
pub fn select_pselect6(
    readfds: Option<&mut [usize]>,
    writefds: Option<&mut [usize]>,
    exceptfds: Option<&mut [usize]>,
    timeout: Option<&mut timeval>,
) -> Result<usize> {
    let Some(timeout) = timeout else {
        return sys::pselect6(readfds, writefds, exceptfds, None, None);
    };
    // As the kernel has it: microseconds beyond a second count as seconds.
    let (seconds, rest) = (timeout.tv_usec.div_euclid(1_000_000), timeout.tv_usec.rem_euclid(1_000_000));
    let mut time =
        timespec { tv_sec: timeout.tv_sec.checked_add(seconds).ok_or(Errno::EINVAL)?, tv_nsec: rest * 1000 };
    let result = sys::pselect6(readfds, writefds, exceptfds, Some(&mut time), None);
    *timeout = timeval { tv_sec: time.tv_sec, tv_usec: to_microseconds(time.tv_nsec as i32) };
    result
}
