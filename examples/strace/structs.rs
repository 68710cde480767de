//! What lies behind an argument: numbers and structs, by the layouts of the tables.

use crate::{
    buffers::{buffer, descriptors, slices},
    dates,
    decode::number,
    known::{clone_args, limits, poll, sigaction, signals, stat, wait_status},
    memory::{Memory, integer, signed},
    message::{self, socket_address},
    sets,
    shapes::{self, Shape},
    signal,
    termios::termios,
    text::{self, SHOWN, list},
};
use alloc::string::String;
use core::fmt::Write as _;
use ring3::{Errno, Result, abi};

/// How many fields of a struct are shown that has no shape.
const FIELDS: usize = 8;

/// Appends what an address leads to; `result` is what the call has answered.
pub fn memory(
    out: &mut String,
    memory: Memory,
    to: abi::Memory,
    address: u64,
    count: usize,
    result: Option<i64>,
) -> Result<()> {
    match to.element {
        "u8" => return buffer(out, memory, address, count),
        "slices" | "iovec" => {
            let all = if to.writes {
                result.and_then(|result| usize::try_from(result).ok())
            } else {
                Some(usize::MAX)
            };
            return slices(out, memory, address, count, all);
        }
        "sockaddr" if count == 0 => return Err(Errno::EFAULT),
        "sockaddr" => return socket_address(out, &memory.bytes(address, count.min(128))?),
        "sigset_t" => return signals(out, memory, &memory.bytes(address, 8)?),
        "bits" => {
            // As many as the kernel's own type has.
            let words = count.min(1024).div_ceil(8 * memory.word());
            descriptors(out, &memory.bytes(address, words * memory.word())?);
            return Ok(());
        }
        _ => {}
    }
    let one = memory.size_of(to.element);
    let several = !matches!(to.length, abi::Length::Fixed(1)) || one > 0;
    let size = size_of(memory, to.element)?;
    let shown = count.min(SHOWN);
    let bytes = memory.bytes(address, shown * size)?;
    let mut all = String::new();
    let mut known = Ok(());
    list(&mut all, ", ", bytes.chunks_exact(size), |all, bytes| {
        known = known.and(element(all, memory, to.element, bytes, to.writes));
    });
    known?;
    let more = if shown < count { ", ..." } else { "" };
    let _ = if several { write!(out, "[{all}{more}]") } else { write!(out, "{all}") };
    Ok(())
}

/// The size of an integer or a struct.
pub fn size_of(memory: Memory, ty: &str) -> Result<usize> {
    match (memory.size_of(ty), memory.abi.layout(ty)) {
        (0, Some(layout)) => Ok(layout.size()),
        (0, None) => Err(Errno::EFAULT),
        (size, _) => Ok(size),
    }
}

/// One element of memory: a number or a struct, which the call `writes` or reads only.
pub fn element(out: &mut String, memory: Memory, ty: &str, bytes: &[u8], writes: bool) -> Result<()> {
    if memory.size_of(ty) == 0 {
        return compound(out, &Compound { memory, name: ty, bytes, writes });
    }
    let value = integer(bytes);
    match ty.split_once(':') {
        Some((_, "WaitStatus")) => wait_status(out, value as i32),
        Some(("set", set)) => sets::constant(out, memory.abi, set, value),
        Some((ty, of)) => number(out, memory, ty, of, value),
        None if matches!(ty, "addr" | "ptr") => text::address(out, value),
        None if ty == "fd" => number(out, memory, "i32", "", value),
        None => number(out, memory, ty, "", value),
    }
    Ok(())
}

/// A struct whose bytes are there.
#[derive(Clone, Copy)]
pub struct Compound<'a> {
    pub memory: Memory,
    pub name: &'a str,
    pub bytes: &'a [u8],
    /// Whether the call has written it.
    pub writes: bool,
}

impl<'a> Compound<'a> {
    pub fn field(&self, name: &str) -> Option<(abi::Field, u64)> {
        let layout = self.memory.abi.layout(self.name)?;
        let field = layout.fields().find(|field| field.name == name)?;
        Some((field, integer(self.part(field)?)))
    }

    pub fn get(&self, name: &str) -> Option<u64> {
        self.field(name).map(|(_, value)| value)
    }

    /// The bytes of a field.
    pub fn part(&self, field: abi::Field) -> Option<&'a [u8]> {
        let one = size_of(self.memory, field.ty).ok()?;
        self.bytes.get(field.offset..field.offset + one * field.count)
    }

    /// A struct in it.
    pub fn inner(&self, name: &str) -> Option<Self> {
        let (field, _) = self.field(name)?;
        Some(Compound { name: field.ty, bytes: self.part(field)?, ..*self })
    }
}

fn compound(out: &mut String, it: &Compound<'_>) -> Result<()> {
    match it.name {
        "sigaction" => sigaction(out, it)?,
        "sigset_t" => signals(out, it.memory, it.bytes)?,
        "pollfd" => poll(out, it),
        "clone_args" => clone_args(out, it),
        "user_msghdr" => message::header(out, it, None, usize::MAX)?,
        "termios" => termios(out, it),
        "siginfo" => signal::details(out, it),
        _ if it.get("st_mode").is_some() => stat(out, it),
        _ if it.get("rlim_cur").is_some() => limits(out, it),
        name => match Shape::of(name, it.writes) {
            Some(shape) => shaped(out, it, shape)?,
            None => fields(out, it)?,
        },
    }
    Ok(())
}

/// The fields of a shape, and those of them that the ABI has.
fn shaped(out: &mut String, it: &Compound<'_>, shape: Shape) -> Result<()> {
    let wanted = |shown: &shapes::Shown| {
        let field = it.field(shown.name).and_then(|(field, _)| it.part(field));
        let zero = field.is_some_and(|bytes| bytes.iter().all(|byte| *byte == 0));
        shown.name == "..." || field.is_some() && !(shown.optional && zero)
    };
    let mut known = Ok(());
    out.push(if shape.named { '{' } else { '[' });
    list(out, ", ", shape.fields().filter(wanted), |out, shown| {
        if shape.named {
            out.push_str(shown.name);
        }
        let Some((named, _)) = it.field(shown.name) else { return };
        if shape.named {
            out.push('=');
        }
        known = known.and(field(out, it, named, shown.how));
    });
    out.push(if shape.named { '}' } else { ']' });
    known
}

/// Every field, up to a number of them.
fn fields(out: &mut String, it: &Compound<'_>) -> Result<()> {
    let Some(layout) = it.memory.abi.layout(it.name) else { return Err(Errno::EFAULT) };
    let inside = |name: &str| {
        name.starts_with('_') || name.contains("pad") || name.contains("reserved") || name.contains("unused")
    };
    let mut known = Ok(());
    out.push('{');
    let shown = layout.fields().filter(|field| !inside(field.name));
    list(out, ", ", shown.enumerate().take(FIELDS + 1), |out, (index, it_is)| {
        if index == FIELDS {
            out.push_str("...");
            return;
        }
        let _ = write!(out, "{}=", it_is.name);
        known = known.and(field(out, it, it_is, ""));
    });
    out.push('}');
    known
}

/// The value of a field.
fn field(out: &mut String, it: &Compound<'_>, field: abi::Field, how: &str) -> Result<()> {
    let Some(bytes) = it.part(field) else { return Err(Errno::EFAULT) };
    if field.count > 1 && how.is_empty() && matches!(field.ty, "u8" | "i8") {
        let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        text::quote(out, &bytes[..end], false);
        return Ok(());
    }
    let one = |out: &mut String, bytes: &[u8]| {
        let value = integer(bytes);
        let number = signed(value, bytes.len());
        match how {
            "" => return element(out, it.memory, field.ty, bytes, it.writes),
            "hex" => text::hex(out, value),
            "octal" => out.push_str(&text::octal(value & 0o7777)),
            "both" => {
                let _ = write!(out, "{{u32={}, u64={value}}}", value as u32);
            }
            "date" => {
                let _ = write!(out, "{number}");
                dates::comment(out, number, 0, 9);
            }
            "ticks" => text::ticks(out, number),
            set => sets::constant(out, it.memory.abi, set, value),
        }
        Ok(())
    };
    if field.count <= 1 {
        return one(out, bytes);
    }
    let mut known = Ok(());
    out.push('[');
    list(out, ", ", bytes.chunks_exact(bytes.len() / field.count), |out, bytes| {
        known = known.and(one(out, bytes));
    });
    out.push(']');
    known
}
