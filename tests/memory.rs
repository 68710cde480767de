//! The memory functions against what they must do to each byte: as [`ring3::entry!`] exports them on this machine, and by words as
//! processors take them that read a word at any address and those that do not.

#[path = "../xtask/fixtures/memory/src/check.rs"]
mod check;

use check::Functions;
use core::ffi::{c_char, c_int};
use ring3::rt::mem::{self, words};

/// Functions of C's types around others.
macro_rules! functions {
    ($($name:ident($($parameter:ident: $type:ty),*) -> $result:ty { $body:expr })*) => {{
        $(
            unsafe extern "C" fn $name($($parameter: $type),*) -> $result {
                // SAFETY: the caller's promise.
                unsafe { $body }
            }
        )*
        Functions { memcpy, memmove, memset, memcmp, bcmp: memcmp, strlen }
    }};
}

fn check(functions: &Functions) {
    match check::all(functions) {
        Ok(checks) => assert!(checks > 100_000),
        Err(failure) => panic!("{failure}"),
    }
}

#[test]
fn exported_ones() {
    check(&functions! {
        memcpy(dest: *mut u8, src: *const u8, n: usize) -> *mut u8 { mem::memcpy(dest, src, n) }
        memmove(dest: *mut u8, src: *const u8, n: usize) -> *mut u8 { mem::memmove(dest, src, n) }
        memset(dest: *mut u8, c: c_int, n: usize) -> *mut u8 { mem::memset(dest, c, n) }
        memcmp(a: *const u8, b: *const u8, n: usize) -> c_int { mem::memcmp(a, b, n) }
        strlen(s: *const c_char) -> usize { mem::strlen(s) }
    });
}

/// By words, forward where that is right.
macro_rules! by_words {
    ($any:literal) => {
        functions! {
            memcpy(dest: *mut u8, src: *const u8, n: usize) -> *mut u8 {{
                words::backward::<$any>(dest, src, n);
                dest
            }}
            memmove(dest: *mut u8, src: *const u8, n: usize) -> *mut u8 {{
                if dest.cast_const() < src {
                    words::forward::<$any>(dest, src, n);
                } else {
                    words::backward::<$any>(dest, src, n);
                }
                dest
            }}
            memset(dest: *mut u8, c: c_int, n: usize) -> *mut u8 {{
                words::fill::<$any>(dest, c as u8, n);
                dest
            }}
            memcmp(a: *const u8, b: *const u8, n: usize) -> c_int { words::compare::<$any>(a, b, n) }
            strlen(s: *const c_char) -> usize { words::count(s.cast()) }
        }
    };
}

#[test]
fn words_at_any_address() {
    check(&by_words!(true));
}

#[test]
fn words_at_their_boundaries() {
    check(&by_words!(false));
}
