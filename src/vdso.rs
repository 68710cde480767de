//! The time, the processor and random bytes from the vDSO: code of the kernel's that runs in the program, without a trap.
//!
//! Each function does what the one of its name in [`sys`] does, with the same arguments and results, in a fraction of the time. Where the kernel has given
//! the program no vDSO, or one without the function, or the function cannot do what is asked, it is the trap.
//!
//! ```
//! use ring3::{consts::{Clock, Grnd}, vdso};
//!
//! let start = vdso::clock_gettime(Clock::MONOTONIC)?;
//! let mut bytes = [0; 16];
//! assert_eq!(vdso::getrandom(&mut bytes, Grnd::empty())?, 16);
//! assert!(vdso::clock_gettime(Clock::MONOTONIC)?.tv_sec >= start.tv_sec);
//! # Ok::<(), ring3::Errno>(())
//! ```
//!
//! # Where it is
//!
//! The first call of each function finds it, by name and version, and remembers its address. Nothing is locked: threads and signal handlers
//! that come at the same time find the same. The auxiliary vector says where the vDSO lies. A program of [`entry!`](crate::entry) hands it
//! over with [`init`]. Without that, and beside libc, the first call asks the kernel: by `prctl(PR_GET_AUXV)` since Linux 6.4, else by
//! `/proc/self/auxv`. Where neither is to be had, these functions are traps. Who puts a seccomp filter in force that knows neither
//! calls what it needs once before.
//!
//! In the file this is data: not for `layout = tiny`.
//!
//! # Who has what
//!
//! | | in the vDSO of Linux 7.3 | a trap on |
//! |---|---|---|
//! | [`clock_gettime`], and so [`gettimeofday`] and [`time`] | x86_64, i386, arm, aarch64, riscv64 | riscv32 |
//! | [`clock_getres`] | x86_64, i386, arm, aarch64, riscv64 | riscv32 |
//! | [`getcpu`] | x86_64, i386, riscv64, riscv32 | arm, aarch64 |
//! | [`getrandom`] | x86_64, aarch64, riscv64 | i386, arm, riscv32 |
//!
//! Source: `tables/vdso.tbl`. [vdso(7)](https://man7.org/linux/man-pages/man7/vdso.7.html)

pub(crate) mod auxiliary;
mod image;
mod random;
mod symbol;

pub use symbol::Symbol;

/// What the functions are called on this ABI; `None` where its vDSO has no such function.
pub mod symbols {
    use super::Symbol;

    include!(concat!(env!("OUT_DIR"), "/vdso.rs"));
}

use crate::buffer::Buffer;
use crate::consts::{Clock, Grnd};
use crate::sys::{self, timeval};
use crate::uapi::__kernel_timespec as timespec;
use crate::{Env, Result};
use core::ffi::{c_int, c_long, c_uint, c_void};
use core::mem::{self, MaybeUninit};
use core::ptr;
use symbol::Entry;

/// The functions that write a time.
type ClockFunction = unsafe extern "C" fn(c_int, *mut timespec) -> c_int;
/// The one that writes a processor and its node; the third argument has no meaning.
type CpuFunction = unsafe extern "C" fn(*mut c_uint, *mut c_uint, *mut c_void) -> c_long;

static CLOCK_GETTIME: Entry = Entry::new(symbols::CLOCK_GETTIME);
static CLOCK_GETRES: Entry = Entry::new(symbols::CLOCK_GETRES);
static GETCPU: Entry = Entry::new(symbols::GETCPU);

/// Tells where the program's auxiliary vector lies, so that the first calls need not ask the kernel.
///
/// ```no_run
/// #![cfg_attr(panic = "abort", no_std)]
/// #![no_main]
///
/// use ring3::{Env, consts::Clock, vdso};
///
/// fn main(env: Env) -> Result<(), ring3::Errno> {
///     vdso::init(env);
///     let now = vdso::clock_gettime(Clock::REALTIME)?;
///     // ..
/// #   let _ = now;
///     Ok(())
/// }
///
/// ring3::entry!(main);
/// ```
#[inline]
pub fn init(env: Env) {
    auxiliary::keep(env);
}

/// [clock_gettime(2)](https://man7.org/linux/man-pages/man2/clock_gettime.2.html): [`sys::clock_gettime`] from the vDSO.
///
/// The clocks of this process and thread, and those that are files, are traps all the same, inside of the function.
///
/// # Errors
///
/// [`EINVAL`](crate::Errno::EINVAL), [`ENODEV`](crate::Errno::ENODEV).
#[inline]
pub fn clock_gettime(clockid: Clock) -> Result<timespec> {
    // SAFETY: what the table calls so writes a time.
    match unsafe { time_by(&CLOCK_GETTIME, clockid) } {
        Some(time) => Ok(time),
        None => clock_gettime_by_trap(clockid),
    }
}

#[cold]
#[inline]
fn clock_gettime_by_trap(clockid: Clock) -> Result<timespec> {
    sys::clock_gettime(clockid)
}

/// [clock_getres(2)](https://man7.org/linux/man-pages/man2/clock_getres.2.html): [`sys::clock_getres`] from the vDSO.
///
/// # Errors
///
/// [`EINVAL`](crate::Errno::EINVAL), [`ENODEV`](crate::Errno::ENODEV).
#[inline]
pub fn clock_getres(clockid: Clock) -> Result<timespec> {
    // SAFETY: what the table calls so writes a time.
    match unsafe { time_by(&CLOCK_GETRES, clockid) } {
        Some(time) => Ok(time),
        None => sys::clock_getres(clockid),
    }
}

/// The time that a function writes. `None` if there is no function, or it fails: then the kernel knows the error, and whether it is
/// one. Some functions have answered ENOSYS in place of the call that would have succeeded.
///
/// # Safety
///
/// The entry is one of a `ClockFunction`.
#[inline(always)]
unsafe fn time_by(entry: &Entry, clockid: Clock) -> Option<timespec> {
    let address = entry.get()?;
    let mut time = MaybeUninit::<timespec>::uninit();
    let place = time.as_mut_ptr();
    // SAFETY: the caller says so; it writes the time and nothing else, and does so if it succeeds.
    unsafe {
        let function = mem::transmute::<*mut c_void, ClockFunction>(address.as_ptr());
        if function(clockid.raw(), place) != 0 {
            return None;
        }
        Some(timespec {
            tv_sec: field(&raw const (*place).tv_sec),
            tv_nsec: field(&raw const (*place).tv_nsec),
        })
    }
}

/// Reads what a function has just written. By itself: one load of two fields that were written one by one would have to wait until both
/// have left the processor's store buffer, for half the time of the whole call.
///
/// # Safety
///
/// The field is initialised.
#[inline(always)]
unsafe fn field<T>(place: *const T) -> T {
    // SAFETY: the caller's promise.
    unsafe { place.read_volatile() }
}

/// [gettimeofday(2)](https://man7.org/linux/man-pages/man2/gettimeofday.2.html): the time of [`Clock::REALTIME`] in microseconds, as it is in the kernel.
///
/// # Errors
///
/// None that the kernel knows; a seccomp filter may have its own.
#[inline]
pub fn gettimeofday() -> Result<timeval> {
    let now = clock_gettime(Clock::REALTIME)?;
    Ok(timeval { tv_sec: now.tv_sec, tv_usec: (now.tv_nsec as u32 / 1000).into() })
}

/// [time(2)](https://man7.org/linux/man-pages/man2/time.2.html): the seconds of [`Clock::REALTIME_COARSE`], as it is in the kernel.
#[must_use]
#[inline]
pub fn time() -> i64 {
    // The clock is always there.
    clock_gettime(Clock::REALTIME_COARSE).map_or(0, |now| now.tv_sec)
}

/// [getcpu(2)](https://man7.org/linux/man-pages/man2/getcpu.2.html): [`sys::getcpu`] from the vDSO, the processor and its node.
///
/// # Errors
///
/// None that the kernel knows; a seccomp filter may have its own.
#[inline]
pub fn getcpu() -> Result<(u32, u32)> {
    if let Some(address) = GETCPU.get() {
        let (mut cpu, mut node) = (0, 0);
        // SAFETY: what the table calls so has this type, and writes two numbers.
        unsafe {
            let function = mem::transmute::<*mut c_void, CpuFunction>(address.as_ptr());
            if function(&mut cpu, &mut node, ptr::null_mut()) == 0 {
                return Ok((field(&cpu), field(&node)));
            }
        }
    }
    sys::getcpu()
}

/// [getrandom(2)](https://man7.org/linux/man-pages/man2/getrandom.2.html): [`sys::getrandom`] from the vDSO.
///
/// The bytes come from a generator in the program's memory, whose key is the kernel's and as fresh as the kernel's own; it forgets what it has given
/// away, and a forked child has another one. Threads and signal handlers may call this at any time: none waits for another. Of
/// more than sixteen at a time, those that come last make the system call.
///
/// # Errors
///
/// [`EAGAIN`](crate::Errno::EAGAIN), [`EFAULT`](crate::Errno::EFAULT), [`EINTR`](crate::Errno::EINTR), [`EINVAL`](crate::Errno::EINVAL).
#[inline]
pub fn getrandom<B: Buffer<u8>>(buf: B, flags: Grnd) -> Result<B::Output> {
    let mut buf = buf;
    let (pointer, length) = buf.parts();
    // SAFETY: the buffer has so many bytes, and so many of them were written.
    unsafe {
        let count = random::fill(pointer, length, flags)?;
        Ok(buf.filled(count))
    }
}
