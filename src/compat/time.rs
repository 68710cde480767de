//! Times: the calls of old structs by those of `timespec`, and timers with `long`s.

use super::*;
use crate::{
    consts::{At, Clock, Itimer},
    sys,
    uapi::__kernel_timespec as timespec,
};
use core::{ffi::CStr, mem::MaybeUninit};

/// Microseconds as nanoseconds. Those of more than a second could mean `UTIME_NOW` or worse.
#[inline]
fn to_timespec(time: &timeval) -> Result<timespec> {
    if !(0..1_000_000).contains(&time.tv_usec) {
        return Err(Errno::EINVAL);
    }
    Ok(timespec { tv_sec: time.tv_sec, tv_nsec: time.tv_usec * 1000 })
}

#[inline]
fn to_timespecs(times: Option<&[timeval; 2]>) -> Result<Option<[timespec; 2]>> {
    times.map(|[first, second]| Ok([to_timespec(first)?, to_timespec(second)?])).transpose()
}

/// The microseconds of a time of the kernel's, whose nanoseconds are below a billion: in 32 bits they need no function to divide them.
#[inline]
pub(super) fn to_microseconds(nanoseconds: i32) -> i64 {
    (nanoseconds / 1000).into()
}

#[cfg(ring3_by = "utimes_utimensat")]
#[inline]
pub fn utimes_utimensat(path: &CStr, times: Option<&[timeval; 2]>) -> Result<()> {
    sys::utimensat(crate::AT_FDCWD, Some(path), to_timespecs(times)?.as_ref(), At::empty())
}

#[cfg(ring3_by = "futimesat_utimensat")]
#[inline]
pub fn futimesat_utimensat(
    dirfd: impl AsFd,
    path: Option<&CStr>,
    times: Option<&[timeval; 2]>,
) -> Result<()> {
    sys::utimensat(dirfd, path, to_timespecs(times)?.as_ref(), At::empty())
}

#[cfg(ring3_by = "utime_utimensat")]
#[inline]
pub fn utime_utimensat(path: &CStr, times: Option<&utimbuf>) -> Result<()> {
    let time = |seconds| timespec { tv_sec: seconds, tv_nsec: 0 };
    let times = times.map(|times| [time(times.actime), time(times.modtime)]);
    sys::utimensat(crate::AT_FDCWD, Some(path), times.as_ref(), At::empty())
}

#[cfg(ring3_by = "gettimeofday_clock")]
#[inline]
pub fn gettimeofday_clock() -> Result<timeval> {
    let mut now = MaybeUninit::<timespec>::uninit();
    // SAFETY: the kernel fills the struct if it succeeds.
    let now = unsafe {
        raw::clock_gettime64(Clock::REALTIME.raw() as _, now.as_mut_ptr())?;
        now.assume_init()
    };
    Ok(timeval { tv_sec: now.tv_sec, tv_usec: to_microseconds(now.tv_nsec as i32) })
}

#[cfg(ring3_by = "settimeofday_clock")]
#[inline]
pub fn settimeofday_clock(tv: Option<&timeval>, tz: Option<&timezone>) -> Result<()> {
    let time = tv.map(to_timespec).transpose()?;
    // The zone first: where nobody has set it yet, the kernel moves the clock by it.
    if let Some(tz) = tz {
        #[cfg(ring3_by = "settimeofday_zone")]
        settimeofday_zone(tz)?;
        #[cfg(not(ring3_by = "settimeofday_zone"))]
        {
            let _ = tz;
            return Err(Errno::ENOSYS);
        }
    }
    time.map_or(Ok(()), |time| sys::clock_settime(Clock::REALTIME, &time))
}

#[cfg(ring3_by = "settimeofday_zone")]
#[inline]
pub fn settimeofday_zone(tz: &timezone) -> Result<()> {
    // SAFETY: the kernel reads two numbers.
    unsafe { raw::settimeofday(ptr::null_mut(), (&raw const *tz).cast_mut().cast()) }.map(|_| ())
}

#[cfg(ring3_by = "time_clock")]
#[inline]
pub fn time_clock() -> i64 {
    // The clock is always there.
    sys::clock_gettime(Clock::REALTIME_COARSE).map_or(0, |now| now.tv_sec)
}

/// The kernel's struct, of `long`s.
#[cfg(ring3_by = "setitimer_old")]
#[inline]
fn to_kernel(timer: &itimerval) -> Result<uapi::__kernel_old_itimerval> {
    let time = |time: &timeval| {
        Ok(uapi::__kernel_old_timeval {
            tv_sec: time.tv_sec.try_into().map_err(|_| Errno::EINVAL)?,
            tv_usec: time.tv_usec.try_into().map_err(|_| Errno::EINVAL)?,
        })
    };
    Ok(uapi::__kernel_old_itimerval {
        it_interval: time(&timer.it_interval)?,
        it_value: time(&timer.it_value)?,
    })
}

#[inline]
fn from_kernel(timer: &uapi::__kernel_old_itimerval) -> itimerval {
    let time = |time: &uapi::__kernel_old_timeval| timeval {
        tv_sec: time.tv_sec as i64,
        tv_usec: time.tv_usec as i64,
    };
    itimerval { it_interval: time(&timer.it_interval), it_value: time(&timer.it_value) }
}

#[cfg(ring3_by = "getitimer_old")]
#[inline]
pub fn getitimer_old(which: Itimer) -> Result<itimerval> {
    let mut value = MaybeUninit::uninit();
    // SAFETY: the kernel fills the struct if it succeeds.
    unsafe {
        raw::getitimer(which.raw() as _, value.as_mut_ptr())?;
        Ok(from_kernel(value.assume_init_ref()))
    }
}

#[cfg(ring3_by = "setitimer_old")]
#[inline]
pub fn setitimer_old(which: Itimer, new_value: &itimerval) -> Result<itimerval> {
    let mut new = to_kernel(new_value)?;
    let mut old = MaybeUninit::uninit();
    // SAFETY: the kernel reads one struct and fills the other if it succeeds.
    unsafe {
        raw::setitimer(which.raw() as _, &raw mut new, old.as_mut_ptr())?;
        Ok(from_kernel(old.assume_init_ref()))
    }
}

#[cfg(ring3_by = "alarm_setitimer")]
#[inline]
pub fn alarm_setitimer(seconds: u32) -> usize {
    // More than this many seconds do not fit into the kernel's struct on every ABI: as alarm(2) does, it is the most.
    let seconds = i64::from(seconds).min(i32::MAX.into());
    let new = itimerval { it_value: timeval { tv_sec: seconds, tv_usec: 0 }, ..itimerval::default() };
    let Ok(old) = sys::setitimer(Itimer::REAL, &new) else { return 0 };
    let timeval { tv_sec, tv_usec } = old.it_value;
    // Rounded, but to no less than a second when something was left.
    let more = (tv_sec == 0 && tv_usec != 0) || tv_usec >= 500_000;
    (tv_sec + i64::from(more)) as usize
}

/// The number of a clock that is no descriptor's: such a one is named by the descriptor's number, below 0.
#[inline]
fn no_descriptor(clock: Clock) -> Result<i32> {
    if clock.raw() < 0 && clock.raw() & CLOCKFD == CLOCKFD { Err(Errno::EINVAL) } else { Ok(clock.raw()) }
}

/// The number of a descriptor's clock, as clock_gettime(2) makes it.
#[inline]
fn dynamic(fd: impl AsFd) -> i32 {
    !fd.as_fd().as_raw_fd() << 3 | CLOCKFD
}

/// What the kernel has in the low bits of a descriptor's clock.
const CLOCKFD: i32 = 3;

macro_rules! set_clock {
    ($($by:literal $name:ident($argument:ident: $type:ty, $number:expr) $row:ident;)*) => {$(
        #[cfg(ring3_by = $by)]
        #[inline]
        pub fn $name($argument: $type, tp: &timespec) -> Result<()> {
            // SAFETY: the kernel reads a time; the clock is a number or the borrowed descriptor's.
            unsafe { raw::$row($number as _, tp) }.map(|_| ())
        }
    )*};
}

set_clock! {
    "clock_settime_checked" clock_settime_checked(clock: Clock, no_descriptor(clock)?) clock_settime;
    "clock_settime64_checked" clock_settime64_checked(clock: Clock, no_descriptor(clock)?) clock_settime64;
    "clock_settime_dynamic" clock_settime_dynamic(fd: impl AsFd, dynamic(fd)) clock_settime;
    "clock_settime64_dynamic" clock_settime64_dynamic(fd: impl AsFd, dynamic(fd)) clock_settime64;
}

macro_rules! adjust_clock {
    ($($by:literal $name:ident($argument:ident: $type:ty, $number:expr) $row:ident;)*) => {$(
        #[cfg(ring3_by = $by)]
        #[inline]
        pub fn $name($argument: $type, buf: &mut uapi::__kernel_timex) -> Result<i32> {
            // SAFETY: the kernel reads and writes the struct; the clock is a number or the borrowed descriptor's.
            unsafe { raw::$row($number as _, buf) }.map(|state| state as i32)
        }
    )*};
}

adjust_clock! {
    "clock_adjtime_checked" clock_adjtime_checked(clock: Clock, no_descriptor(clock)?) clock_adjtime;
    "clock_adjtime64_checked" clock_adjtime64_checked(clock: Clock, no_descriptor(clock)?) clock_adjtime64;
    "clock_adjtime_dynamic" clock_adjtime_dynamic(fd: impl AsFd, dynamic(fd)) clock_adjtime;
    "clock_adjtime64_dynamic" clock_adjtime64_dynamic(fd: impl AsFd, dynamic(fd)) clock_adjtime64;
}
