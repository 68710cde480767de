//! Strings behind an argument, and lists of them.

use crate::{
    memory::{Memory, integer},
    text::{self, SHOWN},
};
use alloc::string::String;
use core::fmt::Write as _;

/// The most bytes of a path.
pub const PATH_MAX: usize = 4095;

/// A string up to a zero, of which at most so many bytes are shown.
pub fn string(out: &mut String, memory: Memory, address: u64, most: usize) {
    match memory.string(address, most + 1) {
        Ok((bytes, whole)) if address != 0 => {
            let shown = bytes.len().min(most);
            text::quote(out, &bytes[..shown], !whole);
        }
        _ => text::address(out, address),
    }
}

/// A list of strings, up to as many as are shown.
pub fn strings(out: &mut String, memory: Memory, address: u64) {
    if address == 0 || memory.bytes(address, memory.word()).is_err() {
        return text::address(out, address);
    }
    out.push('[');
    let shown = pointers(memory, address).enumerate().take(SHOWN + 1);
    text::list(out, ", ", shown, |out, (index, pointer)| match index {
        SHOWN => out.push_str("..."),
        _ => string(out, memory, pointer, SHOWN),
    });
    out.push(']');
}

/// The pointers of a list, up to a null.
fn pointers(memory: Memory, address: u64) -> impl Iterator<Item = u64> {
    let word = memory.word();
    (0..).map_while(move |index| {
        let bytes = memory.bytes(address + index * word as u64, word).ok()?;
        Some(integer(&bytes)).filter(|&pointer| pointer != 0)
    })
}

/// The environment: how many strings there are.
pub fn variables(out: &mut String, memory: Memory, address: u64) {
    text::address(out, address);
    if address != 0 {
        let count = pointers(memory, address).count();
        let _ = write!(out, " /* {count} var{} */", if count == 1 { "" } else { "s" });
    }
}
