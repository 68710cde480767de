//! A call to make, and what the kernel must see of it.

use crate::content::Content;
use core::hint::black_box;
use core::mem::{size_of, transmute_copy};
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
use ring3::Errno;

/// A function and its arguments, and what becomes of them: often one call of the kernel, but also none or several.
pub struct Call {
    pub name: &'static str,
    pub kind: Kind,
    /// What the kernel sees, one after the other.
    pub steps: &'static [Step],
    pub answer: Answer,
    /// Makes the call, tells what it gives, and gives the error that it answered.
    pub make: fn() -> Option<Errno>,
}

/// What differs from list to list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A function of `raw` or `sys`.
    Function,
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
            Self::Function | Self::Number => true,
            Self::Never => false,
            #[cfg(target_arch = "x86_64")]
            Self::Int80 => true,
            #[cfg(target_arch = "x86_64")]
            Self::Int80Never => false,
        }
    }
}

/// What the kernel sees once, and what comes back.
pub struct Step {
    /// The number in the register.
    pub number: u32,
    pub registers: &'static [Slot],
    /// What the first register leads to, if that is all that the kernel gets.
    pub block: &'static [Slot],
    pub outcome: Outcome,
}

impl Step {
    /// A call that comes to nothing.
    pub const fn forgotten(number: u32, registers: &'static [Slot], block: &'static [Slot]) -> Self {
        Self { number, registers, block, outcome: Outcome::Forgotten }
    }

    /// A call that seems to succeed.
    pub const fn returned(
        number: u32,
        registers: &'static [Slot],
        block: &'static [Slot],
        value: i64,
        written: &'static [(usize, Content)],
    ) -> Self {
        Self { number, registers, block, outcome: Outcome::Returned { value, written } }
    }
}

/// What becomes of a call, which the kernel forgets in any case.
pub enum Outcome {
    /// It answers ENOSYS.
    Forgotten,
    /// The tracer answers: a value, and memory behind registers, which are counted from 0.
    Returned { value: i64, written: &'static [(usize, Content)] },
}

/// What the function must give.
pub enum Answer {
    Error(Errno),
    /// These values, one after the other.
    Values(&'static [Content]),
}

/// A register, or a word of a block.
pub struct Slot {
    pub argument: &'static str,
    pub expected: Expected,
}

pub enum Expected {
    /// What must be in the low `bits` of it.
    Value { value: u64, bits: u32, signed: bool },
    /// A pointer: to this one of the rooms, or anywhere.
    Pointer { room: Option<usize>, content: Content },
}

pub const fn slot(argument: &'static str, value: u64, bits: u32, signed: bool) -> Slot {
    Slot { argument, expected: Expected::Value { value, bits, signed } }
}

pub const fn pointer(argument: &'static str, room: Option<usize>, content: Content) -> Slot {
    Slot { argument, expected: Expected::Pointer { room, content } }
}

/// Nonzero makes all arguments wrong.
pub static WRONG: AtomicU32 = AtomicU32::new(0);

/// What turns an argument into a wrong one.
pub fn wrong() -> u64 {
    let wrong = u64::from(WRONG.load(Relaxed));
    wrong << 32 | wrong
}

/// An argument: what a type has of the value. The compiler does not know it, as it does not know most arguments of a program.
///
/// `T` is represented as an integer or a pointer.
pub fn arg<T>(value: u64) -> T {
    let value = black_box(value) ^ wrong();
    // SAFETY: both sides have the same size, and any bits are a value of such a type; nobody follows a pointer.
    unsafe {
        match size_of::<T>() {
            1 => transmute_copy(&(value as u8)),
            2 => transmute_copy(&(value as u16)),
            4 => transmute_copy(&(value as u32)),
            8 => transmute_copy(&value),
            _ => panic!("no integer"),
        }
    }
}
