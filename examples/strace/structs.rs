//! What lies behind an argument: buffers, numbers and structs, by the layouts of the tables.

use crate::{
    decode::number,
    known::{bits, clone_args, limits, message, poll, sigaction, signals, socket_address, stat, wait_status},
    memory::{Memory, integer},
    text::{self, SHOWN},
};
use alloc::string::String;
use core::fmt::Write as _;
use ring3::{Result, abi};

/// Fields that are flags or a value of a set: struct, field, set.
const SETS: [(&str, &str, &str); 13] = [
    ("epoll_event", "events", "Epoll"),
    ("flock", "l_type", "FLock"),
    ("flock", "l_whence", "Seek"),
    ("flock64", "l_type", "FLock"),
    ("flock64", "l_whence", "Seek"),
    ("open_how", "flags", "O"),
    ("open_how", "mode", "Mode"),
    ("open_how", "resolve", "Resolve"),
    ("sigaltstack", "ss_flags", "Ss"),
    ("sigevent", "sigev_notify", "Sigev"),
    ("statx", "stx_mask", "Statx"),
    ("statx", "stx_mode", "Mode"),
    ("user_msghdr", "msg_flags", "Msg"),
];

/// How many fields of a struct are shown that nothing here knows better; of some strace shows fewer.
const FIELDS: usize = 8;
const FEWER: [(&str, usize); 2] = [("rusage", 2), ("sysinfo", 4)];

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
        "sockaddr" => return socket_address(out, &memory.bytes(address, count.min(128))?),
        "sigset_t" => return signals(out, memory, &memory.bytes(address, 8)?),
        "bits" => {
            // As many as the kernel's own type has.
            let words = count.min(1024).div_ceil(8 * memory.word());
            return bits(out, &memory.bytes(address, words * memory.word())?);
        }
        _ => {}
    }
    let one = memory.size_of(to.element);
    let list = !matches!(to.length, abi::Length::Fixed(1)) || one > 0;
    let size = match (one, memory.abi.layout(to.element)) {
        (0, Some(layout)) => layout.size(),
        (0, None) => return Err(ring3::Errno::EFAULT),
        (size, _) => size,
    };
    if list {
        out.push('[');
    }
    let shown = count.min(SHOWN);
    let bytes = memory.bytes(address, shown * size)?;
    for (index, bytes) in bytes.chunks_exact(size).enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        element(out, memory, to.element, bytes)?;
    }
    if shown < count {
        out.push_str(", ...");
    }
    if list {
        out.push(']');
    }
    Ok(())
}

/// One element of memory: a number or a struct.
fn element(out: &mut String, memory: Memory, ty: &str, bytes: &[u8]) -> Result<()> {
    if memory.size_of(ty) == 0 {
        return compound(out, memory, ty, bytes);
    }
    let value = integer(bytes);
    match ty.split_once(':') {
        Some((_, "WaitStatus")) => wait_status(out, value as i32),
        Some(("set", set)) => text::constant(out, memory.abi, set, value),
        Some((ty, of)) => number(out, memory, ty, of, value),
        None if matches!(ty, "addr" | "ptr") => text::address(out, value),
        None if ty == "fd" => number(out, memory, "i32", "", value),
        None => number(out, memory, ty, "", value),
    }
    Ok(())
}

/// A struct whose bytes are there.
pub struct Compound<'a> {
    pub memory: Memory,
    name: &'a str,
    bytes: &'a [u8],
}

impl Compound<'_> {
    pub fn field(&self, name: &str) -> Option<(abi::Field, u64)> {
        let layout = self.memory.abi.layout(self.name)?;
        let field = layout.fields().find(|field| field.name == name)?;
        Some((field, integer(self.part(field)?)))
    }

    pub fn get(&self, name: &str) -> Option<u64> {
        self.field(name).map(|(_, value)| value)
    }

    /// The bytes of a field.
    pub fn part(&self, field: abi::Field) -> Option<&[u8]> {
        let one = match self.memory.size_of(field.ty) {
            0 => self.memory.abi.layout(field.ty)?.size(),
            size => size,
        };
        self.bytes.get(field.offset..field.offset + one * field.count)
    }
}

fn compound(out: &mut String, memory: Memory, name: &str, bytes: &[u8]) -> Result<()> {
    let it = Compound { memory, name, bytes };
    if it.get("st_mode").is_some() {
        stat(out, &it);
    } else if it.get("rlim_cur").is_some() {
        limits(out, &it);
    } else if name == "sigaction" {
        sigaction(out, &it)?;
    } else if name == "sigset_t" {
        signals(out, memory, bytes)?;
    } else if name == "pollfd" {
        poll(out, &it);
    } else if name == "clone_args" {
        clone_args(out, &it);
    } else if name == "user_msghdr" {
        message(out, &it)?;
    } else {
        fields(out, &it)?;
    }
    Ok(())
}

/// Every field, up to a number of them.
fn fields(out: &mut String, it: &Compound<'_>) -> Result<()> {
    let Some(layout) = it.memory.abi.layout(it.name) else { return Err(ring3::Errno::EFAULT) };
    let inside = |name: &str| {
        name.starts_with('_') || name.contains("pad") || name.contains("reserved") || name.contains("unused")
    };
    let known = layout.fields().filter(|field| !inside(field.name));
    let most = FEWER.iter().find(|(name, _)| *name == it.name).map_or(FIELDS, |(_, most)| *most);
    out.push('{');
    for (index, field) in known.enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        if index == most {
            out.push_str("...");
            break;
        }
        out.push_str(field.name);
        out.push('=');
        let Some(bytes) = it.part(field) else { return Err(ring3::Errno::EFAULT) };
        let set = SETS.iter().find(|(name, of, _)| *name == it.name && *of == field.name);
        match set {
            Some((_, _, set)) => text::constant(out, it.memory.abi, set, integer(bytes)),
            None if field.count > 1 && matches!(field.ty, "u8" | "i8") => {
                let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
                text::quote(out, &bytes[..end], false);
            }
            None if field.count > 1 => {
                out.push('[');
                for (index, bytes) in bytes.chunks_exact(bytes.len() / field.count).enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    element(out, it.memory, field.ty, bytes)?;
                }
                out.push(']');
            }
            None => element(out, it.memory, field.ty, bytes)?,
        }
    }
    out.push('}');
    Ok(())
}

fn buffer(out: &mut String, memory: Memory, address: u64, count: usize) -> Result<()> {
    let bytes = memory.bytes(address, count.min(SHOWN))?;
    text::quote(out, &bytes, count > SHOWN);
    Ok(())
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
    let list = memory.bytes(address, shown * 2 * word)?;
    let mut rest = all;
    out.push('[');
    for (index, slice) in list.chunks_exact(2 * word).enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        let (base, length) = (integer(&slice[..word]), integer(&slice[word..]));
        out.push_str("{iov_base=");
        match &mut rest {
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
    }
    out.push_str(if shown < count { ", ...]" } else { "]" });
    Ok(())
}
