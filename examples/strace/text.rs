//! Strings, flags and numbers as strace writes them.

use alloc::{format, string::String, vec::Vec};
use core::{cmp::Reverse, fmt::Write as _};
use ring3::abi::{Abi, Set};

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

/// Appends an address.
pub fn address(out: &mut String, address: u64) {
    if address == 0 {
        out.push_str("NULL");
    } else {
        let _ = write!(out, "{address:#x}");
    }
}

/// Appends a member of a set, or the members that join to the value.
pub fn constant(out: &mut String, abi: &Abi, name: &str, value: u64) {
    let Some(set) = abi.set(name) else {
        let _ = write!(out, "{value:#x}");
        return;
    };
    let value = value & (u64::MAX >> (64 - set.width()));
    match name {
        "Mode" => mode(out, set, value),
        "Sig" => signal(out, set, value),
        "Ipc" | "Shm" => permissions(out, set, value),
        _ if set.is_flags() => flags(out, set, value),
        _ => match exact(set, value) {
            Some(name) => out.push_str(name),
            None if value < 256 => {
                let _ = write!(out, "{value}");
            }
            None => {
                let _ = write!(out, "{value:#x}");
            }
        },
    }
}

/// The bits of a constant; none where the ABI does not have it.
pub fn bits(abi: &Abi, set: &str, name: &str) -> u64 {
    let mut members = abi.set(set).into_iter().flat_map(Set::entries);
    members.find(|member| member.0 == name).map_or(0, |member| member.1)
}

fn exact(set: Set, value: u64) -> Option<&'static str> {
    set.entries().find(|&(name, member)| member == value && !is_mask(name)).map(|(name, _)| name)
}

/// Whether a constant is no flag: it says where a number stands.
fn is_mask(name: &str) -> bool {
    name.ends_with("_MASK") || is_field(name)
}

/// Whether the bits that a constant says hold one of several members.
fn is_field(name: &str) -> bool {
    name.ends_with("_ACCMODE") || name.ends_with("_IFMT") || name == "MAP_TYPE"
}

fn flags(out: &mut String, set: Set, value: u64) {
    let field = set.entries().find(|(name, _)| is_field(name)).map_or(0, |(_, mask)| mask);
    if field == 0
        && let Some(name) = exact(set, value)
    {
        out.push_str(name);
        return;
    }
    let mut found: Vec<(u64, &str)> = Vec::new();
    if field != 0
        && let Some(name) = exact(set, value & field)
    {
        found.push((value & field, name));
    }
    let mut rest = if found.is_empty() { value } else { value & !field };
    let mut members: Vec<_> = set.entries().filter(|&(name, bits)| bits != 0 && !is_mask(name)).collect();
    // The greatest first, so that one of several bits comes before its parts; of equal ones the table's first.
    members.sort_by_key(|&(_, bits)| Reverse(bits));
    for (name, bits) in members {
        if rest & bits == bits {
            rest &= !bits;
            found.push((bits, name));
        }
    }
    found.sort_by_key(|&(bits, _)| if bits & !field == 0 { 0 } else { bits });
    for (index, (_, name)) in found.iter().enumerate() {
        if index > 0 {
            out.push('|');
        }
        out.push_str(name);
    }
    match (found.is_empty(), rest) {
        (true, 0) => out.push('0'),
        (false, 0) => {}
        (true, rest) => {
            let _ = write!(out, "{rest:#x}");
        }
        (false, rest) => {
            let _ = write!(out, "|{rest:#x}");
        }
    }
}

/// Permissions in octal, after the type of a file.
fn mode(out: &mut String, set: Set, value: u64) {
    let kind = value & 0o170_000;
    match exact(set, kind) {
        Some(name) if kind != 0 => {
            let _ = write!(out, "{name}|{}", octal(value & 0o7777));
        }
        _ => out.push_str(&octal(value)),
    }
}

/// A number in octal as C writes it: with a 0 before it, and at least three digits.
fn octal(number: u64) -> String {
    match number {
        0 => String::from("000"),
        number => format!("0{number:02o}"),
    }
}

/// Flags, and permissions in octal.
fn permissions(out: &mut String, set: Set, value: u64) {
    if value & !0o777 != 0 {
        flags(out, set, value & !0o777);
        out.push('|');
    }
    out.push_str(&octal(value & 0o777));
}

fn signal(out: &mut String, set: Set, value: u64) {
    match exact(set, value) {
        Some(name) if name != "SIGRTMAX" => out.push_str(name),
        _ if (33..=64).contains(&value) => {
            let _ = write!(out, "SIGRT_{}", value - 32);
        }
        _ => {
            let _ = write!(out, "{}", value as i32);
        }
    }
}

/// The name of a signal.
pub fn signal_name(number: i32) -> String {
    let mut out = String::new();
    constant(&mut out, Abi::native(), "Sig", number as u64);
    out
}
