//! The constants that calls take, as one type for each set of them: `O::CREAT` for C's `O_CREAT`.
//!
//! A type is named after the kernel's prefix, a constant after the rest, or in full where the rest would begin with a digit,
//! as in `Map::MAP_32BIT`. Searching this documentation for C's name finds it.
//!
//! There are two kinds of types. [`Flags`] join with `|`; they hold bits of any meaning, whether or not they have a name here, so that
//! newer kernels' flags can be given and are not lost when the kernel answers them. [`Values`] are one of several, and can be matched;
//! they too hold any number. `Debug` prints names. `O` is `Flags<c_int, Of<tag::O>>`: the tag keeps the sets apart.
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

use core::{
    ffi::*,
    fmt,
    marker::PhantomData,
    ops::{BitAnd, BitOr, BitOrAssign, Not, Sub},
};

// One generic type for all sets, and none of `bitflags`: the compiler takes several times as long for a type of its own for each set, and
// longer for the macro's expansion than for all the rest of this crate. The names of the methods and their meanings are its own.

/// Flags of the set `S`, bits of the integer `I`: [`O`], [`Mode`].
#[derive(PartialEq)]
#[repr(transparent)]
pub struct Flags<I, S>(I, PhantomData<S>);

/// One of the values of the set `S`, an integer `I`: [`Clock`], [`Seek`].
#[derive(PartialEq)]
#[repr(transparent)]
pub struct Values<I, S>(I, PhantomData<S>);

impl<I: Copy, S> Flags<I, S> {
    /// The flags of these bits, whatever they mean.
    #[inline]
    pub const fn from_bits_retain(bits: I) -> Self {
        Self(bits, PhantomData)
    }

    /// The bits.
    #[inline]
    pub const fn bits(self) -> I {
        self.0
    }
}

impl<I: Copy, S> Values<I, S> {
    /// The value of this number, whether or not it has a name.
    #[inline]
    pub const fn new(raw: I) -> Self {
        Self(raw, PhantomData)
    }

    /// The number.
    #[inline]
    pub const fn raw(self) -> I {
        self.0
    }
}

// What is usable in constants cannot be generic over integers.
macro_rules! constant_functions {
    ($($integer:ty)*) => {$(
        impl<S> Flags<$integer, S> {
            /// No flag.
            #[inline]
            pub const fn empty() -> Self {
                Self(0, PhantomData)
            }

            /// Whether all bits of `other` are set.
            #[inline]
            pub const fn contains(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// The bits of both: `|` for constants.
            #[inline]
            pub const fn union(self, other: Self) -> Self {
                Self(self.0 | other.0, PhantomData)
            }
        }

        impl sealed::Integer for $integer {
            #[inline]
            fn widened(self) -> u64 {
                self as u64
            }
        }
    )*};
}

constant_functions!(u8 u16 u32 u64 i16 i32 i64);

impl<I: BitOr<Output = I>, S> BitOr for Flags<I, S> {
    type Output = Self;

    #[inline]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0, PhantomData)
    }
}

impl<I: BitOrAssign, S> BitOrAssign for Flags<I, S> {
    #[inline]
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl<I: BitAnd<Output = I>, S> BitAnd for Flags<I, S> {
    type Output = Self;

    #[inline]
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0, PhantomData)
    }
}

impl<I: BitAnd<Output = I> + Not<Output = I>, S> Sub for Flags<I, S> {
    type Output = Self;

    /// The bits that `other` does not have.
    #[inline]
    fn sub(self, other: Self) -> Self {
        Self(self.0 & !other.0, PhantomData)
    }
}

// By hand: a derived one would ask the same of the tag.
macro_rules! common {
    ($name:ident, $debug:ident) => {
        impl<I: Copy, S> Copy for $name<I, S> {}

        impl<I: Copy, S> core::clone::Clone for $name<I, S> {
            #[inline]
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<I: Eq, S: PartialEq> Eq for $name<I, S> {}

        impl<I: sealed::Integer, S: sealed::Set> fmt::Debug for $name<I, Of<S>> {
            #[inline]
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                debug::$debug(f, self.0.widened(), S::NAMES)
            }
        }
    };
}

common!(Flags, flags);
common!(Values, value);

/// The tag of a set, said so that constants can be matched: tags themselves have no implementation of [`PartialEq`].
pub struct Of<T>(PhantomData<T>);

impl<T> PartialEq for Of<T> {
    #[inline]
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

mod sealed {
    /// The integers that sets are made of.
    pub trait Integer: Copy {
        /// With the bits that its sign has, if it has one.
        fn widened(self) -> u64;
    }

    /// The tag of a set.
    pub trait Set {
        /// What the module `debug` reads.
        const NAMES: &'static str;
    }
}

// The tags: types without a value, in a module of their own because the sets have their names.
macro_rules! tags {
    ($($name:ident $names:literal)*) => {
        #[doc(hidden)]
        pub mod tag {$(
            pub enum $name {}

            impl super::sealed::Set for $name {
                const NAMES: &'static str = $names;
            }
        )*}
    };
}

mod debug;

include!(concat!(env!("OUT_DIR"), "/sets.rs"));
