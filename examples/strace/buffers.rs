//! Memory that holds bytes, or sets of bits.

use crate::{
    memory::{Memory, integer},
    text::{self, SHOWN, list},
};
use alloc::string::String;
use core::fmt::Write as _;
use ring3::Result;

/// Bytes, as far as they are shown.
pub fn buffer(out: &mut String, memory: Memory, address: u64, count: usize) -> Result<()> {
    let bytes = memory.bytes(address, count.min(SHOWN))?;
    text::quote(out, &bytes, count > SHOWN);
    Ok(())
}

/// Bytes, each in hex.
pub fn raw(out: &mut String, memory: Memory, address: u64, count: usize) -> Result<()> {
    let bytes = memory.bytes(address, count.min(SHOWN))?;
    text::raw(out, &bytes, count > SHOWN);
    Ok(())
}

/// Bytes, each a number.
pub fn numbers(out: &mut String, memory: Memory, address: u64, count: usize) -> Result<()> {
    let bytes = memory.bytes(address, count.min(SHOWN))?;
    out.push('[');
    list(out, ", ", bytes, |out, byte| {
        let _ = write!(out, "{byte}");
    });
    out.push_str(if count > SHOWN { ", ...]" } else { "]" });
    Ok(())
}

/// How many directory entries there are: where an entry says how long it is, differs.
pub fn entries(out: &mut String, memory: Memory, address: u64, length: usize, at: usize) -> Result<()> {
    let bytes = memory.bytes(address, length)?;
    let (mut count, mut rest) = (0, bytes.as_slice());
    while let Some(size) = rest.get(at..at + 2).map(|size| integer(size) as usize).filter(|size| *size > 0) {
        rest = rest.get(size..).unwrap_or_default();
        count += 1;
    }
    text::address(out, address);
    let _ = write!(out, " /* {count} entr{} */", if count == 1 { "y" } else { "ies" });
    Ok(())
}

/// What is in a set of bits.
pub fn descriptors(out: &mut String, bytes: &[u8]) {
    let set = (0..bytes.len() * 8).filter(|bit| bytes[bit / 8] >> (bit % 8) & 1 != 0);
    out.push('[');
    list(out, " ", set, |out, bit| {
        let _ = write!(out, "{bit}");
    });
    out.push(']');
}

/// Slices, and `all` bytes of what they lead to; with none of it known, where that is.
pub fn slices(
    out: &mut String,
    memory: Memory,
    address: u64,
    count: usize,
    all: Option<usize>,
) -> Result<()> {
    let word = memory.word();
    let shown = count.min(SHOWN);
    let slices = memory.bytes(address, shown * 2 * word)?;
    let mut rest = all;
    out.push('[');
    list(out, ", ", slices.chunks_exact(2 * word), |out, slice| {
        let (base, length) = (integer(&slice[..word]), integer(&slice[word..]));
        out.push_str("{iov_base=");
        match &mut rest {
            Some(_) if base == 0 => text::address(out, base),
            Some(rest) => {
                let here = (length as usize).min(*rest);
                *rest -= here;
                if buffer(out, memory, base, here).is_err() {
                    text::address(out, base);
                }
            }
            None => text::address(out, base),
        }
        let _ = write!(out, ", iov_len={length}}}");
    });
    out.push_str(if shown < count { ", ...]" } else { "]" });
    Ok(())
}
