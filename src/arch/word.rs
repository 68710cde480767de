//! What goes into a register.

use crate::Sysno;
use core::ffi::{c_int, c_void};

cfg_if::cfg_if! {
    if #[cfg(all(
        any(target_arch = "x86_64", target_arch = "mips64", target_arch = "mips64r6"),
        target_pointer_width = "32"
    ))] {
        // x32 and n32: registers are wider than pointers, and the kernel looks at all of one.
        pub(super) type Bits = u64;
        pub(super) type Number = u64;
        pub(super) type Signed = i64;
        pub(super) const fn of_number(number: Number) -> Bits {
            number
        }
        fn of_pointer(pointer: *mut c_void) -> Bits {
            pointer.expose_provenance() as u64
        }
    } else {
        pub(super) type Bits = *mut c_void;
        pub(super) type Number = usize;
        pub(super) type Signed = isize;
        #[inline(always)]
        pub(super) const fn of_number(number: Number) -> Bits {
            core::ptr::without_provenance_mut(number)
        }
        #[inline(always)]
        const fn of_pointer(pointer: *mut c_void) -> Bits {
            pointer
        }
    }
}

cfg_if::cfg_if! {
    if #[cfg(any(target_arch = "riscv64", target_arch = "riscv32"))] {
        // Of a number, other than of a pointer, the compiler knows that an error is small: that saves it two instructions where it
        // puts an error and a result of 32 bits into one register.
        pub(super) type Ret = Number;
    } else {
        pub(super) type Ret = Bits;
    }
}

cfg_if::cfg_if! {
    if #[cfg(any(
        all(
            any(target_arch = "x86_64", target_arch = "mips64", target_arch = "mips64r6"),
            target_pointer_width = "32"
        ),
        target_arch = "riscv64",
        target_arch = "riscv32"
    ))] {
        /// The kernel has exposed the address.
        #[inline(always)]
        pub(super) fn to_pointer(ret: Ret) -> *mut c_void {
            #[allow(clippy::unnecessary_cast, reason = "64 bits on some ABIs")]
            core::ptr::with_exposed_provenance_mut(ret as usize)
        }
    } else {
        #[inline(always)]
        pub(super) fn to_pointer(ret: Ret) -> *mut c_void {
            ret
        }
    }
}

/// The content of a register that holds an argument. A pointer in it keeps its provenance.
#[derive(Clone, Copy)]
pub struct Word(pub(super) Bits);

/// An argument of a system call: an integer, widened by its sign, or a pointer.
///
/// On a 32-bit ABI a 64-bit integer is no argument: it travels as two, in an order of the ABI's own, and the functions of
/// [`raw`](crate::raw) know how.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no argument of a system call",
    label = "not an integer and not a pointer",
    note = "for a reference pass a pointer: `&raw const value`, `slice.as_ptr()`"
)]
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

    fn address(argument: impl Arg) -> usize {
        argument.word().0 as usize
    }

    #[test]
    fn integers_are_widened_by_their_sign() {
        assert_eq!(address(-100_i32), -100_isize as usize);
        assert_eq!(address(-1_i8), usize::MAX);
        assert_eq!(address(-1_i16), usize::MAX);
        assert_eq!(address(u8::MAX), 0xff);
        assert_eq!(address(u16::MAX), 0xffff);
        assert_eq!(address(u32::MAX), 0xffff_ffff);
        assert_eq!(address(isize::MIN), isize::MIN as usize);
        assert_eq!(address(None::<unsafe extern "C" fn(c_int)>), 0);
    }
}
