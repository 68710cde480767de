//! The calls whose obvious contract is unsound, made for real: nothing is written beyond what they were given.
//!
//! `tests/codegen/traps/list.rs` lists the traps, and which of these tests holds which.

#![cfg(target_os = "linux")]

mod commands;
mod descriptors;
mod later;
mod lengths;

use core::mem::MaybeUninit;
use ring3::{Errno, consts::Prot, sys};

/// Memory with a mark on both sides.
#[repr(C)]
struct Guarded<T, const N: usize> {
    before: [T; 8],
    room: [T; N],
    behind: [T; 8],
    mark: T,
}

impl<T: Copy + PartialEq + core::fmt::Debug, const N: usize> Guarded<T, N> {
    fn new(mark: T) -> Self {
        Self { before: [mark; 8], room: [mark; N], behind: [mark; 8], mark }
    }

    #[track_caller]
    fn check(&self) {
        // What the compiler believes of the marks is no proof.
        // SAFETY: references to arrays.
        let (before, behind) =
            unsafe { ((&raw const self.before).read_volatile(), (&raw const self.behind).read_volatile()) };
        assert_eq!((before, behind), ([self.mark; 8], [self.mark; 8]));
    }
}

/// Says that something could not be shown here, for the count of those.
fn skip(what: &str, error: Errno) {
    println!("not shown here: {what}: {error:?}");
}

/// A struct of numbers and addresses, all 0.
fn zeroed<T: Copy>() -> T {
    // SAFETY: the tests ask for no other types.
    unsafe { MaybeUninit::zeroed().assume_init() }
}

fn page() -> *mut u8 {
    sys::mmap::anonymous(3 * 4096, Prot::READ | Prot::WRITE).unwrap().cast()
}

fn is_open(fd: i32) -> bool {
    std::fs::symlink_metadata(format!("/proc/self/fd/{fd}")).is_ok()
}
