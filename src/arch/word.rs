//! What goes into a register and comes out of it.

use crate::{Errno, Result, Sysno};
use core::ffi::{c_int, c_void};

cfg_if::cfg_if! {
    if #[cfg(all(
        any(target_arch = "x86_64", target_arch = "mips64", target_arch = "mips64r6"),
        target_pointer_width = "32"
    ))] {
        // x32 and n32: registers are wider than pointers, and the kernel looks at all of one.
        pub(super) type Bits = u64;
        type Number = u64;
        type Signed = i64;
        const fn of_number(number: Number) -> Bits {
            number
        }
        fn of_pointer(pointer: *mut c_void) -> Bits {
            pointer.expose_provenance() as u64
        }
        fn to_pointer(bits: Bits) -> *mut c_void {
            core::ptr::with_exposed_provenance_mut(bits as usize)
        }
    } else {
        pub(super) type Bits = *mut c_void;
        type Number = usize;
        type Signed = isize;
        #[inline(always)]
        const fn of_number(number: Number) -> Bits {
            core::ptr::without_provenance_mut(number)
        }
        #[inline(always)]
        const fn of_pointer(pointer: *mut c_void) -> Bits {
            pointer
        }
        #[inline(always)]
        const fn to_pointer(bits: Bits) -> *mut c_void {
            bits
        }
    }
}

/// The content of a register: an argument on its way into the kernel, or a result.
///
/// A pointer in it keeps its provenance.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Word(pub(super) Bits);

impl Word {
    /// The word as a number: a count, a descriptor, an address.
    #[inline(always)]
    pub fn addr(self) -> usize {
        self.0 as usize
    }

    /// All bits of the register, which on x32 and n32 has more than an address.
    #[inline(always)]
    pub fn wide(self) -> u64 {
        self.0 as u64
    }

    /// The word as a pointer that the kernel gave.
    #[inline(always)]
    pub fn ptr(self) -> *mut c_void {
        to_pointer(self.0)
    }
}

/// Reads a result as most ABIs give it: the last 4095 values of a register are negated error numbers.
///
/// The comparison is as wide as the register: a mapping above 2 GiB of a 32-bit program is a result.
#[inline(always)]
pub(super) fn decode(ret: Bits) -> Result<Word> {
    let number = ret as Number;
    if number > -4096 as Signed as Number {
        // SAFETY: the negated number is in 1..=4095.
        Err(unsafe { Errno::new_unchecked((number as u16).wrapping_neg()) })
    } else {
        Ok(Word(ret))
    }
}

/// An argument of a system call: an integer, widened by its sign, or a pointer.
///
/// On a 32-bit ABI a 64-bit integer is no argument: it travels as two, in an order of the ABI's own, and the functions of
/// [`raw`](crate::raw) know how.
pub trait Arg: sealed::Sealed {
    #[doc(hidden)]
    fn word(self) -> Word;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! arg {
    ($($type:ty: |$value:ident| $bits:expr;)*) => {$(
        impl sealed::Sealed for $type {}
        impl Arg for $type {
            #[inline(always)]
            fn word(self) -> Word {
                let $value = self;
                Word($bits)
            }
        }
    )*};
}

arg! {
    u8: |n| of_number(n.into());
    u16: |n| of_number(n.into());
    u32: |n| of_number(n as Number);
    usize: |n| of_number(n as Number);
    i8: |n| of_number(n as Signed as Number);
    i16: |n| of_number(n as Signed as Number);
    i32: |n| of_number(n as Signed as Number);
    isize: |n| of_number(n as Signed as Number);
    Sysno: |n| of_number(n.number() as Number);
    Word: |word| word.0;
    Option<unsafe extern "C" fn(c_int)>: |f| match f {
        Some(f) => of_pointer(f as *mut c_void),
        None => of_number(0),
    };
}

#[cfg(any(
    target_pointer_width = "64",
    target_arch = "x86_64",
    target_arch = "mips64",
    target_arch = "mips64r6"
))]
arg! {
    u64: |n| of_number(n as Number);
    i64: |n| of_number(n as Number);
}

impl<T> sealed::Sealed for *const T {}
impl<T> Arg for *const T {
    #[inline(always)]
    fn word(self) -> Word {
        Word(of_pointer(self.cast_mut().cast()))
    }
}

impl<T> sealed::Sealed for *mut T {}
impl<T> Arg for *mut T {
    #[inline(always)]
    fn word(self) -> Word {
        Word(of_pointer(self.cast()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(number: Signed) -> Result<usize> {
        decode(of_number(number as Number)).map(Word::addr)
    }

    /// 2 GiB is where the numbers of 32-bit programs turn negative: a mapping there is no error.
    #[test]
    fn the_last_4095_values_are_errors_and_no_other() {
        assert_eq!(decoded(-1), Err(Errno::new(1).unwrap()));
        assert_eq!(decoded(-4095), Err(Errno::new(Errno::MAX).unwrap()));
        for number in [-4096, -4097, 0, 1, 4095, Signed::MIN, Signed::MIN + 1, Signed::MAX] {
            assert_eq!(decoded(number), Ok(number as usize), "{number:#x}");
        }
        for number in 1..=Errno::MAX {
            assert_eq!(decoded(-Signed::from(number as i16)), Err(Errno::new(number).unwrap()));
        }
    }

    #[test]
    fn an_error_is_as_wide_as_the_register() {
        // What the kernel leaves in 64 bits after a 32-bit result.
        #[cfg(target_pointer_width = "64")]
        for number in [0xffff_ffff, 0xffff_f001, 0x8000_0000] {
            assert_eq!(decoded(number), Ok(number as usize), "{number:#x}");
        }
        #[cfg(target_pointer_width = "32")]
        for number in [0x8000_0000_u32, 0xbfff_f000, 0xffff_f000] {
            assert_eq!(decoded(number as Signed), Ok(number as usize), "{number:#x}");
        }
    }

    #[test]
    fn a_pointer_comes_back_as_it_went() {
        let mut value = 1;
        let pointer = &raw mut value;
        let word = decode(pointer.word().0).unwrap();
        assert_eq!(word.addr(), pointer.addr());
        // SAFETY: the pointer has gone through words only, which keep its provenance.
        unsafe { *word.ptr().cast::<i32>() = 2 };
        assert_eq!(value, 2);
    }

    #[test]
    fn integers_are_widened_by_their_sign() {
        assert_eq!((-100_i32).word().addr(), -100_isize as usize);
        assert_eq!((-1_i8).word().addr(), usize::MAX);
        assert_eq!((-1_i16).word().addr(), usize::MAX);
        assert_eq!(u8::MAX.word().addr(), 0xff);
        assert_eq!(u16::MAX.word().addr(), 0xffff);
        assert_eq!(u32::MAX.word().addr(), 0xffff_ffff);
        assert_eq!(isize::MIN.word().addr(), isize::MIN as usize);
        assert_eq!(None::<unsafe extern "C" fn(c_int)>.word().addr(), 0);
    }
}
