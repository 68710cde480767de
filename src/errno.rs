//! Error numbers.

use crate::text::part;
use core::{fmt, num::NonZeroU16};

/// The error that a system call answered, numbered as on the target's architecture.
///
/// Two bytes with a niche: `Result<(), Errno>` is two bytes too, and travels in a register. There is a constant for each
/// number that the kernel's headers name; other numbers up to 4095 are kept as they are.
///
/// ```
/// use ring3::Errno;
///
/// let error = Errno::ENOENT;
/// assert_eq!(format!("{error:?}"), "ENOENT");
/// println!("{error}: {}", error.number());
/// ```
///
/// Numbers: `errno.h` of the kernel's exported headers; [errno(3)](https://man7.org/linux/man-pages/man3/errno.3.html).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Errno(NonZeroU16);

/// The result of a system call.
pub type Result<T> = core::result::Result<T, Errno>;

static_assertions::const_assert_eq!(size_of::<Result<()>>(), 2);

/// Makes a call again for as long as a signal interrupts it: until it answers anything but [`Errno::EINTR`].
///
/// No call of this crate does so by itself. Not for [`close`](crate::sys::close), which has closed the descriptor all the same, nor for calls that
/// have a time to wait, which would begin anew.
///
/// ```
/// use ring3::{STDIN, retry, sys};
///
/// let mut line = [0; 80];
/// let count = retry(|| sys::read(STDIN, &mut line))?;
/// # Ok::<(), ring3::Errno>(())
/// ```
///
/// # Errors
///
/// Those of the call, but `EINTR`.
#[inline]
pub fn retry<T>(mut call: impl FnMut() -> Result<T>) -> Result<T> {
    loop {
        match call() {
            Err(Errno::EINTR) => {}
            result => return result,
        }
    }
}

impl Errno {
    /// The largest number that a system call can answer as an error.
    pub const MAX: u16 = 4095;

    /// The error of this number, if it is in `1..=`[`MAX`](Self::MAX).
    #[must_use]
    #[inline]
    pub const fn new(number: u16) -> Option<Self> {
        match NonZeroU16::new(number) {
            Some(nonzero) if number <= Self::MAX => Some(Self(nonzero)),
            _ => None,
        }
    }

    /// The error of this number.
    ///
    /// # Safety
    ///
    /// The number must not be 0.
    #[inline(always)]
    pub(crate) const unsafe fn new_unchecked(number: u16) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { NonZeroU16::new_unchecked(number) })
    }

    /// The number, positive, as C's `errno` holds it.
    #[must_use]
    #[inline]
    pub const fn number(self) -> u16 {
        self.0.get()
    }

    /// The constant's name, `ENOENT`, if the number has one.
    #[must_use]
    #[inline]
    pub const fn name(self) -> Option<&'static str> {
        match known(self.number() as u32) {
            // SAFETY: the name begins there and is that long.
            Some((start, name, _)) => Some(unsafe { part(TEXT, start as usize, name as usize) }),
            None => None,
        }
    }

    /// What the error means, if the number has a name.
    #[must_use]
    #[inline]
    pub const fn description(self) -> Option<&'static str> {
        match known(self.number() as u32) {
            Some((start, name, description)) => {
                // SAFETY: the description follows the name.
                Some(unsafe { part(TEXT, start as usize + name as usize, description as usize) })
            }
            None => None,
        }
    }
}

impl fmt::Debug for Errno {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "Errno({})", self.number()),
        }
    }
}

impl fmt::Display for Errno {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.description() {
            Some(description) => f.write_str(description),
            None => write!(f, "error {}", self.number()),
        }
    }
}

impl core::error::Error for Errno {}

include!(concat!(env!("OUT_DIR"), "/errno.rs"));
