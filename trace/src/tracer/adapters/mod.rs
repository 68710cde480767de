//! The functions of `sys` that src/compat.rs makes: what they do is written there, and what the kernel must see of it here.
//!
//! Each element is compiled where the ABI's contracts name the function of src/compat.rs.

#![allow(
    unused_imports,
    unused_macros,
    dead_code,
    unused_unsafe,
    reason = "what is called depends on the ABI"
)]

mod files;
mod memory;
mod rest;
mod stat;
mod times;

pub use {files::FILES, memory::MEMORY, rest::REST, stat::STAT, times::TIMES};

use crate::call::{Answer, Call, Kind, Slot, Step, arg, pointer, slot};
use crate::content::{Content, Patch, Piece, fill, number};
use crate::given::{fd, kept, list, one, tell, text};
use core::mem::{offset_of, size_of};
use core::ptr::without_provenance_mut;
use ring3::{Errno, Pid, Result, Sysno, consts, sys, uapi};

const WORD: usize = size_of::<usize>();

/// A list of calls: the function of src/compat.rs, or those that are alike, the name of the call, its steps, what it gives, and how it is made.
macro_rules! adapted {
    ($list:ident: $($by:literal $(| $or:literal)* $name:literal [$($step:expr),*] $answer:expr, $make:expr;)*) => {
        pub static $list: &[Call] = &[$(
            #[cfg(any(adapter = $by $(, adapter = $or)*))]
            Call {
                name: $name,
                kind: Kind::Function,
                steps: &[$($step),*],
                answer: $answer,
                // SAFETY: the tracer has the kernel forget the call.
                make: || unsafe { $make },
            }
        ),*];
    };
}

/// The number of a row, or of the one with 64-bit times where that is another one.
#[cfg(target_pointer_width = "64")]
macro_rules! row {
    ($row:ident $(| $wide:ident)?) => {
        Sysno::$row.number()
    };
}
#[cfg(target_pointer_width = "32")]
macro_rules! row {
    ($row:ident) => {
        Sysno::$row.number()
    };
    ($row:ident | $wide:ident) => {
        Sysno::$wide.number()
    };
}

/// A step that comes to nothing, of a row and its registers.
macro_rules! forgotten {
    ($row:ident $(| $wide:ident)? ($($slot:expr),*)) => {
        Step::forgotten(row!($row $(| $wide)?), &[$($slot),*], &[])
    };
}

/// A step that is answered with a value, and memory behind registers.
macro_rules! answered {
    ($row:ident $(| $wide:ident)? ($($slot:expr),*) = $value:expr $(, $register:literal: $content:expr)*) => {
        Step::returned(row!($row $(| $wide)?), &[$($slot),*], &[], $value, &[$(($register, $content)),*])
    };
}

/// What the function must give.
macro_rules! values {
    ($($content:expr),*) => { Answer::Values(&[$($content),*]) };
}

use {adapted, answered, forgotten, row, values};

const ENOSYS: Answer = Answer::Error(Errno::ENOSYS);
const EINVAL: Answer = Answer::Error(Errno::EINVAL);

const fn int(argument: &'static str, value: i32) -> Slot {
    slot(argument, value as u64, 32, true)
}

const fn uint(argument: &'static str, value: u32) -> Slot {
    slot(argument, value as u64, 32, false)
}

const fn long(argument: &'static str, value: isize) -> Slot {
    slot(argument, value as u64, usize::BITS, true)
}

/// An `unsigned long`, or a pointer that leads nowhere.
const fn word(argument: &'static str, value: usize) -> Slot {
    slot(argument, value as u64, usize::BITS, false)
}

/// A pointer to a room.
const fn at(argument: &'static str, room: usize, content: Content) -> Slot {
    pointer(argument, Some(room), content)
}

/// A pointer to memory that is no room's.
const fn any(argument: &'static str, content: Content) -> Slot {
    pointer(argument, None, content)
}

const fn string(argument: &'static str, room: usize, seed: u64) -> Slot {
    at(argument, room, Content::Text { seed, length: 9 })
}

/// `struct __kernel_timespec`.
macro_rules! timespec {
    ($seconds:expr, $nanoseconds:expr) => {
        Content::Pieces(&[Piece::Number($seconds as i64 as u64, 8), Piece::Number($nanoseconds as u64, 8)])
    };
}
use timespec;

const CWD: i32 = -100;

/// Tells what the call gives.
fn done<T>(result: Result<T>) -> Option<Errno> {
    result.map(tell).err()
}

fn path(room: usize, seed: u64) -> &'static core::ffi::CStr {
    text(room, seed, 9)
}
