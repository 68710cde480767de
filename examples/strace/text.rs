//! Bytes and numbers as strace writes them.

use alloc::{format, string::String};
use core::fmt::Write as _;

/// How much of a string or a buffer is shown.
pub const SHOWN: usize = 32;

/// Appends bytes in quotes, as C would have them; `more` if not all are there.
pub fn quote(out: &mut String, bytes: &[u8], more: bool) {
    out.push('"');
    for (index, &byte) in bytes.iter().enumerate() {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            0x0b => out.push_str("\\v"),
            0x0c => out.push_str("\\f"),
            b' '..=b'~' => out.push(char::from(byte)),
            // A digit that follows would be part of a short number.
            _ if bytes.get(index + 1).is_some_and(u8::is_ascii_digit) => {
                let _ = write!(out, "\\{byte:03o}");
            }
            _ => {
                let _ = write!(out, "\\{byte:o}");
            }
        }
    }
    out.push_str(if more { "\"..." } else { "\"" });
}

/// Appends bytes in quotes, every one in hex.
pub fn raw(out: &mut String, bytes: &[u8], more: bool) {
    out.push('"');
    for byte in bytes {
        let _ = write!(out, "\\x{byte:02x}");
    }
    out.push_str(if more { "\"..." } else { "\"" });
}

/// Appends an address.
pub fn address(out: &mut String, address: u64) {
    if address == 0 {
        out.push_str("NULL");
    } else {
        hex(out, address);
    }
}

/// Appends a number in hex: 0 has no prefix.
pub fn hex(out: &mut String, number: u64) {
    let _ = if number == 0 { write!(out, "0") } else { write!(out, "{number:#x}") };
}

/// Appends hundredths of a second, and how long they are.
pub fn ticks(out: &mut String, number: i64) {
    let _ = write!(out, "{number}");
    if number != 0 {
        let _ = write!(out, " /* {}.{:02} s */", number / 100, number % 100);
    }
}

/// A number in octal as C writes it: with a 0 before it, and at least three digits.
pub fn octal(number: u64) -> String {
    match number {
        0 => String::from("000"),
        number => format!("0{number:02o}"),
    }
}

/// Appends what comes of several, with what stands between two of them.
pub fn list<T>(
    out: &mut String,
    between: &str,
    all: impl IntoIterator<Item = T>,
    mut one: impl FnMut(&mut String, T),
) {
    for (index, item) in all.into_iter().enumerate() {
        if index > 0 {
            out.push_str(between);
        }
        one(out, item);
    }
}
