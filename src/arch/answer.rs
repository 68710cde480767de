//! What comes out of a register, where the last 4095 values of it are negated error numbers: on most ABIs.

#![allow(clippy::unnecessary_cast, reason = "the register is a pointer on some ABIs")]

use super::word::{Number, Ret, Signed, to_pointer};
use crate::{Errno, Result};
use core::ffi::c_void;

/// What the kernel answered, before anyone asks whether it is an error.
///
/// Each caller asks for what it wants to know, so that the test of the error is the only branch.
#[derive(Clone, Copy)]
#[must_use]
pub struct Answer(Ret);

#[inline(always)]
pub(super) fn answer(ret: Ret) -> Answer {
    Answer(ret)
}

impl Answer {
    /// A count, a descriptor, an address.
    #[inline(always)]
    pub fn number(self) -> Result<usize> {
        match self.error() {
            None => Ok(self.0 as usize),
            Some(error) => Err(error),
        }
    }

    /// The register of a call that cannot fail, where every value is a result.
    #[inline(always)]
    pub fn value(self) -> usize {
        self.0 as usize
    }

    /// The same, where every value is an address.
    #[inline(always)]
    pub fn address(self) -> *mut c_void {
        to_pointer(self.0)
    }

    /// All bits of the register, which on x32 and n32 has more than an address.
    #[inline(always)]
    pub fn wide(self) -> Result<u64> {
        match self.error() {
            None => Ok(self.0 as u64),
            Some(error) => Err(error),
        }
    }

    /// An address, with the provenance that the kernel gave it.
    #[inline(always)]
    pub fn pointer(self) -> Result<*mut c_void> {
        match self.error() {
            None => Ok(to_pointer(self.0)),
            Some(error) => Err(error),
        }
    }

    /// The comparison is as wide as the register: a mapping above 2 GiB of a 32-bit program is no error.
    #[inline(always)]
    fn error(self) -> Option<Errno> {
        let number = self.0 as Number;
        if number > -4096 as Signed as Number {
            // SAFETY: the negated number is in 1..=4095.
            Some(unsafe { Errno::new_unchecked((number as u16).wrapping_neg()) })
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arch::Arg;

    fn number(register: Signed) -> Result<usize> {
        answer(register as Number as Ret).number()
    }

    /// 2 GiB is where the numbers of 32-bit programs turn negative: a mapping there is no error.
    #[test]
    fn the_last_4095_values_are_errors_and_no_other() {
        assert_eq!(number(-1), Err(Errno::new(1).unwrap()));
        assert_eq!(number(-4095), Err(Errno::new(Errno::MAX).unwrap()));
        for register in [-4096, -4097, 0, 1, 4095, Signed::MIN, Signed::MIN + 1, Signed::MAX] {
            assert_eq!(number(register), Ok(register as usize), "{register:#x}");
        }
        for error in 1..=Errno::MAX {
            assert_eq!(number(-Signed::from(error as i16)), Err(Errno::new(error).unwrap()));
        }
    }

    #[test]
    fn an_error_is_as_wide_as_the_register() {
        // What the kernel leaves in 64 bits after a 32-bit result.
        #[cfg(target_pointer_width = "64")]
        for register in [0xffff_ffff, 0xffff_f001, 0x8000_0000] {
            assert_eq!(number(register), Ok(register as usize), "{register:#x}");
        }
        #[cfg(target_pointer_width = "32")]
        for register in [0x8000_0000_u32, 0xbfff_f000, 0xffff_f000] {
            assert_eq!(number(register as Signed), Ok(register as usize), "{register:#x}");
        }
    }

    #[test]
    fn a_pointer_comes_back_as_it_went() {
        let mut value = 1;
        let there = &raw mut value;
        let back = answer(there.word().0 as Ret).pointer().unwrap();
        assert_eq!(back.addr(), there.addr());
        // SAFETY: the pointer has gone through words only, which keep its provenance.
        unsafe { *back.cast::<i32>() = 2 };
        assert_eq!(value, 2);
    }
}
