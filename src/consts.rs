//! The constants that calls take, as one type for each set of them: `O::CREAT` for C's `O_CREAT`.
//!
//! A type is named after the kernel's prefix, a constant after the rest, or in full where the rest would begin with a digit,
//! as in `Map::MAP_32BIT`. Searching this documentation for C's name finds it.
//!
//! There are two kinds of types. *Flags* join with `|`; they hold bits of any meaning, whether or not they have a name here, so that
//! newer kernels' flags can be given and are not lost when the kernel answers them. *Values* are one of several, and can be matched;
//! they too hold any number. `Debug` prints names.
//!
//! ```
//! use ring3::consts::{Clock, O};
//!
//! let flags = O::WRONLY | O::APPEND | O::CLOEXEC;
//! assert!(flags.contains(O::APPEND));
//! # #[cfg(target_arch = "x86_64")]
//! assert_eq!(format!("{flags:?}"), "O(CLOEXEC | APPEND | WRONLY)");
//! assert_eq!(format!("{:?}", Clock::MONOTONIC), "Clock(MONOTONIC)");
//! assert_eq!(Clock::new(1), Clock::MONOTONIC);
//! ```
//!
//! The integer behind a type is that of the kernel's prototype or struct. Not every ABI has every constant, and values differ. Options of
//! sockets that have a time in them ([`So::TIMESTAMP`] and its kin) are those with 64-bit times everywhere.
//!
//! Source: the kernel's exported headers and, for what these lack, its own; `tables/sets.tbl` has them all.

#![allow(non_upper_case_globals, reason = "names are the kernel's")]

use core::{ffi::*, fmt, ops};

// What every type has. Each line here is compiled more than a hundred times: hence few lines, and none of `bitflags`, whose expansion
// for as many types takes the compiler several times as long as all the rest of this crate. The names and meanings are its own.
macro_rules! common {
    ($name:ident, $debug:ident, $names:literal) => {
        impl Copy for $name {}

        impl core::clone::Clone for $name {
            #[inline]
            fn clone(&self) -> Self {
                *self
            }
        }

        impl Eq for $name {}

        impl fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                debug::$debug(f, self.0 as u64, $names)
            }
        }
    };
}

macro_rules! flags {
    ($name:ident, $integer:ty, $names:literal) => {
        impl $name {
            /// No flag.
            #[inline]
            pub const fn empty() -> Self {
                Self(0)
            }

            /// The flags of these bits, whatever they mean.
            #[inline]
            pub const fn from_bits_retain(bits: $integer) -> Self {
                Self(bits)
            }

            /// The bits.
            #[inline]
            pub const fn bits(self) -> $integer {
                self.0
            }

            /// Whether all bits of `other` are set.
            #[inline]
            pub const fn contains(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// The bits of both: `|` for constants.
            #[inline]
            pub const fn union(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }

        impl ops::BitOr for $name {
            type Output = Self;

            #[inline]
            fn bitor(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }

        impl ops::BitOrAssign for $name {
            #[inline]
            fn bitor_assign(&mut self, other: Self) {
                self.0 |= other.0;
            }
        }

        impl ops::BitAnd for $name {
            type Output = Self;

            #[inline]
            fn bitand(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }
        }

        impl ops::Sub for $name {
            type Output = Self;

            /// The bits that `other` does not have.
            #[inline]
            fn sub(self, other: Self) -> Self {
                Self(self.0 & !other.0)
            }
        }

        common!($name, flags, $names);
    };
}

macro_rules! values {
    ($name:ident, $integer:ty, $names:literal) => {
        impl $name {
            /// The value of this number, whether or not it has a name.
            #[inline]
            pub const fn new(raw: $integer) -> Self {
                Self(raw)
            }

            /// The number.
            #[inline]
            pub const fn raw(self) -> $integer {
                self.0
            }
        }

        common!($name, value, $names);
    };
}

mod debug;

include!(concat!(env!("OUT_DIR"), "/sets.rs"));
