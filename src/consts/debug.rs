//! Names of bits and values, from a text such as `"O 32 CREAT=40 WRONLY=1 RDONLY=0"`: set, width, members from the greatest down.
//!
//! One text is what costs least: the compiler evaluates no table, and a position-independent program relocates none.

use core::fmt::{self, Write as _};

/// The set's name, its bits of an integer that may have been widened by its sign, and the members.
#[inline]
fn read(
    bits: u64,
    text: &'static str,
) -> Option<(&'static str, u64, impl Iterator<Item = (&'static str, u64)>)> {
    let (set, rest) = text.split_once(' ')?;
    let (width, members) = rest.split_once(' ')?;
    let bits = bits & u64::MAX >> (64 - width.parse::<u32>().ok()?);
    let member = |member: &'static str| {
        let (name, bits) = member.split_once('=')?;
        Some((name, u64::from_str_radix(bits, 16).ok()?))
    };
    Some((set, bits, members.split(' ').filter_map(member)))
}

/// `O(CLOEXEC | WRONLY | 0x8000000)`.
#[inline]
pub fn flags(f: &mut fmt::Formatter<'_>, bits: u64, text: &'static str) -> fmt::Result {
    let (set, mut rest, members) = read(bits, text).ok_or(fmt::Error)?;
    write!(f, "{set}(")?;
    let mut separator = "";
    for (name, bits) in members {
        let named = if bits == 0 { separator.is_empty() && rest == 0 } else { rest & bits == bits };
        if named {
            write!(f, "{separator}{name}")?;
            separator = " | ";
            rest &= !bits;
        }
    }
    if rest != 0 || separator.is_empty() {
        write!(f, "{separator}{rest:#x}")?;
    }
    f.write_char(')')
}

/// `Clock(MONOTONIC)`, `Clock(0x63)`.
#[inline]
pub fn value(f: &mut fmt::Formatter<'_>, value: u64, text: &'static str) -> fmt::Result {
    let (set, value, mut members) = read(value, text).ok_or(fmt::Error)?;
    match members.find(|(_, number)| *number == value) {
        Some((name, _)) => write!(f, "{set}({name})"),
        None => write!(f, "{set}({value:#x})"),
    }
}

#[cfg(test)]
mod tests {
    use crate::consts::{At, AtFd, Clock, Mode, O, Sig, Sock};
    use std::format;

    #[test]
    fn the_largest_member_is_named_first() {
        assert_eq!(format!("{:?}", Mode::IFSOCK | Mode::IRUSR), "Mode(IFSOCK | IRUSR)");
        assert_eq!(format!("{:?}", Sock::SEQPACKET), "Sock(SEQPACKET)");
        assert_eq!(format!("{:?}", Mode::IRWXU | Mode::IRGRP), "Mode(IRWXU | IRGRP)");
    }

    #[test]
    fn what_has_no_name_is_a_number() {
        assert_eq!(format!("{:?}", O::from_bits_retain(1 << 30) | O::RDWR), "O(RDWR | 0x40000000)");
        assert_eq!(format!("{:?}", O::from_bits_retain(i32::MIN)), "O(0x80000000)");
        assert_eq!(format!("{:?}", O::empty()), "O(RDONLY)");
        assert_eq!(format!("{:?}", At::empty()), "At(STATX_SYNC_AS_STAT)");
        assert_eq!(format!("{:?}", Clock::new(99)), "Clock(0x63)");
    }

    #[test]
    fn signs_are_kept() {
        assert_eq!(AtFd::new(-100), AtFd::FDCWD);
        assert_eq!(format!("{:?}", AtFd::FDCWD), "AtFd(FDCWD)");
        assert_eq!(format!("{:?}", Sig::KILL), "Sig(KILL)");
    }

    #[test]
    fn operators() {
        let mut flags = O::CREAT | O::EXCL;
        assert_eq!(flags - O::EXCL, O::CREAT);
        assert_eq!(flags & O::EXCL, O::EXCL);
        assert!(flags.contains(O::CREAT) && !O::CREAT.contains(flags));
        flags |= O::CLOEXEC;
        assert_eq!(flags, O::CREAT.union(O::EXCL).union(O::CLOEXEC));
        assert!(matches!(Clock::new(0), Clock::REALTIME));
    }
}
