//! System call numbers.

use crate::text::part;
use core::fmt;

/// The number of a system call on the target's ABI, as it goes into the register.
///
/// There is a constant for each row of the ABI's table. Any other number can be made by [`new`](Self::new).
///
/// ```
/// use ring3::Sysno;
///
/// assert_eq!(Sysno::WRITE.name(), Some("write"));
/// assert_eq!(Sysno::new(Sysno::WRITE.number()), Sysno::WRITE);
/// assert_eq!(Sysno::WRITE.to_string(), "write");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Sysno(u32);

impl Sysno {
    /// The call of this number, whether or not the kernel has one.
    #[must_use]
    #[inline]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    #[inline]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The name that the ABI's table gives to the number, if it lists it.
    #[must_use]
    #[inline]
    pub const fn name(self) -> Option<&'static str> {
        match known(self.0) {
            // SAFETY: the name begins there and is that long.
            Some((start, name)) => Some(unsafe { part(TEXT, start as usize, name as usize) }),
            None => None,
        }
    }
}

impl From<u32> for Sysno {
    #[inline]
    fn from(number: u32) -> Self {
        Self(number)
    }
}

impl fmt::Debug for Sysno {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "Sysno({}, {name})", self.0),
            None => write!(f, "Sysno({})", self.0),
        }
    }
}

impl fmt::Display for Sysno {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "syscall_{}", self.0),
        }
    }
}

include!(concat!(env!("OUT_DIR"), "/sysno.rs"));
