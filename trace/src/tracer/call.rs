//! A call to make, and what the kernel must see of it.

use core::hint::black_box;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
use ring3::Errno;

/// A call of a list.
pub struct Call {
    pub name: &'static str,
    /// The number in the register.
    pub number: u32,
    pub kind: Kind,
    pub registers: &'static [Slot],
    /// What the first register leads to, if that is all that the kernel gets.
    pub block: &'static [Slot],
    /// Makes the call and gives the error that it answered.
    pub make: fn() -> Option<Errno>,
}

/// What differs from list to list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A function of `raw`.
    Raw,
    /// The same, and it does not return.
    Never,
    /// `syscall!`, which promises what it makes of all bits of a register.
    Number,
    /// The gate of i386 from x86_64 code.
    #[cfg(target_arch = "x86_64")]
    Int80,
    /// The same for a call that does not return.
    #[cfg(target_arch = "x86_64")]
    Int80Never,
}

impl Kind {
    pub fn returns(self) -> bool {
        match self {
            Self::Raw | Self::Number => true,
            Self::Never => false,
            #[cfg(target_arch = "x86_64")]
            Self::Int80 => true,
            #[cfg(target_arch = "x86_64")]
            Self::Int80Never => false,
        }
    }
}

/// A register, or a word of a block.
pub struct Slot {
    pub argument: &'static str,
    /// What must be in the low `bits` of it.
    pub value: u64,
    pub bits: u32,
    pub signed: bool,
}

pub const fn slot(argument: &'static str, value: u64, bits: u32, signed: bool) -> Slot {
    Slot { argument, value, bits, signed }
}

/// Nonzero makes all arguments wrong.
pub static WRONG: AtomicU32 = AtomicU32::new(0);

/// An argument: what a type has of the value. The compiler does not know it, as it does not know most arguments of a program.
pub fn arg<T: Value>(value: u64) -> T {
    let wrong = u64::from(WRONG.load(Relaxed));
    T::of(black_box(value) ^ (wrong << 32 | wrong))
}

pub trait Value {
    fn of(value: u64) -> Self;
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl Value for $type {
            fn of(value: u64) -> Self {
                value as Self
            }
        }
    )*};
}

integers!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize);

impl<T> Value for *const T {
    fn of(value: u64) -> Self {
        core::ptr::without_provenance(value as usize)
    }
}

impl<T> Value for *mut T {
    fn of(value: u64) -> Self {
        core::ptr::without_provenance_mut(value as usize)
    }
}

impl Value for Option<unsafe extern "C" fn(core::ffi::c_int)> {
    fn of(value: u64) -> Self {
        // SAFETY: any word is an `Option` of a function pointer; nobody calls it.
        unsafe { core::mem::transmute::<*const (), Self>(core::ptr::without_provenance(value as usize)) }
    }
}
