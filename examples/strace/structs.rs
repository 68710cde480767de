//! What lies behind an argument: buffers, numbers and structs, by the layouts of the tables.

use crate::{
    decode::number,
    memory::{Memory, integer},
    text::{self, SHOWN},
};
use alloc::{string::String, vec::Vec};
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
            let words = count.div_ceil(8 * memory.word());
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
struct Compound<'a> {
    memory: Memory,
    name: &'a str,
    bytes: &'a [u8],
}

impl Compound<'_> {
    fn field(&self, name: &str) -> Option<(abi::Field, u64)> {
        let layout = self.memory.abi.layout(self.name)?;
        let field = layout.fields().find(|field| field.name == name)?;
        Some((field, integer(self.part(field)?)))
    }

    fn get(&self, name: &str) -> Option<u64> {
        self.field(name).map(|(_, value)| value)
    }

    /// The bytes of a field.
    fn part(&self, field: abi::Field) -> Option<&[u8]> {
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
fn slices(out: &mut String, memory: Memory, address: u64, count: usize, all: Option<usize>) -> Result<()> {
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

fn message(out: &mut String, it: &Compound<'_>) -> Result<()> {
    let get = |name: &str| it.get(name).unwrap_or(0);
    let (name, length) = (get("msg_name"), get("msg_namelen") as i32);
    out.push_str("{msg_name=");
    match it.memory.bytes(name, length.clamp(0, 128) as usize) {
        Ok(bytes) if name != 0 => socket_address(out, &bytes)?,
        _ => text::address(out, name),
    }
    let _ = write!(out, ", msg_namelen={length}, msg_iov=");
    let count = get("msg_iovlen");
    if slices(out, it.memory, get("msg_iov"), count as usize, Some(usize::MAX)).is_err() {
        text::address(out, get("msg_iov"));
    }
    let _ = write!(out, ", msg_iovlen={count}, msg_controllen={}, msg_flags=", get("msg_controllen"));
    text::constant(out, it.memory.abi, "Msg", get("msg_flags"));
    out.push('}');
    Ok(())
}

fn stat(out: &mut String, it: &Compound<'_>) {
    let mode = it.get("st_mode").unwrap_or(0);
    out.push_str("{st_mode=");
    text::constant(out, it.memory.abi, "Mode", mode);
    if matches!(mode & 0o170_000, 0o020_000 | 0o060_000) {
        let device = it.get("st_rdev").unwrap_or(0);
        let major = (device >> 8) & 0xfff;
        let minor = device & 0xff | (device >> 12) & 0xfff00;
        let _ = write!(out, ", st_rdev=makedev({major:#x}, {minor:#x})");
    } else {
        let _ = write!(out, ", st_size={}", it.get("st_size").unwrap_or(0));
    }
    out.push_str(", ...}");
}

/// What is waited for; what has happened only if something has.
fn poll(out: &mut String, it: &Compound<'_>) {
    let _ = write!(out, "{{fd={}", it.get("fd").unwrap_or(0) as i32);
    for (name, always) in [("events", true), ("revents", false)] {
        let bits = it.get(name).unwrap_or(0);
        if always || bits != 0 {
            let _ = write!(out, ", {name}=");
            text::constant(out, it.memory.abi, "Poll", bits);
        }
    }
    out.push('}');
}

fn clone_args(out: &mut String, it: &Compound<'_>) {
    out.push_str("{flags=");
    text::constant(out, it.memory.abi, "Clone", it.get("flags").unwrap_or(0));
    for name in ["pidfd", "child_tid", "parent_tid"] {
        if let Some(address) = it.get(name).filter(|&address| address != 0) {
            let _ = write!(out, ", {name}={address:#x}");
        }
    }
    out.push_str(", exit_signal=");
    text::constant(out, it.memory.abi, "Sig", it.get("exit_signal").unwrap_or(0));
    for name in ["stack", "stack_size", "tls"] {
        let _ = write!(out, ", {name}=");
        text::address(out, it.get(name).unwrap_or(0));
    }
    out.push('}');
}

fn limits(out: &mut String, it: &Compound<'_>) {
    out.push('{');
    for (index, name) in ["rlim_cur", "rlim_max"].into_iter().enumerate() {
        let Some((field, value)) = it.field(name) else { continue };
        let size = it.memory.size_of(field.ty).max(1);
        let infinity = u64::MAX >> (64 - 8 * size);
        out.push_str(if index > 0 { ", " } else { "" });
        out.push_str(name);
        let _ = if value == infinity {
            write!(out, "={}", if size == 8 { "RLIM64_INFINITY" } else { "RLIM_INFINITY" })
        } else if value > 1024 && value % 1024 == 0 {
            write!(out, "={}*1024", value / 1024)
        } else {
            write!(out, "={value}")
        };
    }
    out.push('}');
}

fn sigaction(out: &mut String, it: &Compound<'_>) -> Result<()> {
    let handler = it
        .get("sa_handler")
        .or_else(|| it.memory.bytes(0, 0).ok().map(|_| integer(&it.bytes[..it.memory.word()])));
    out.push_str("{sa_handler=");
    match handler.unwrap_or(0) {
        0 => out.push_str("SIG_DFL"),
        1 => out.push_str("SIG_IGN"),
        address => text::address(out, address),
    }
    out.push_str(", sa_mask=");
    match it.field("sa_mask").and_then(|(field, _)| it.part(field)) {
        Some(mask) => signals(out, it.memory, mask)?,
        None => out.push_str("[]"),
    }
    out.push_str(", sa_flags=");
    let flags = it.get("sa_flags").unwrap_or(0);
    text::constant(out, it.memory.abi, "Sa", flags);
    if let Some(restorer) = it.get("sa_restorer")
        && flags & 0x0400_0000 != 0
    {
        out.push_str(", sa_restorer=");
        text::address(out, restorer);
    }
    out.push('}');
    Ok(())
}

/// A set of signals, or where fewer are missing than there, all but those.
pub fn signals(out: &mut String, memory: Memory, bytes: &[u8]) -> Result<()> {
    let mut set: u64 = 0;
    for (index, word) in bytes.chunks(memory.word()).enumerate().take(2) {
        set |= integer(word) << (8 * memory.word() * index).min(63);
    }
    let inverted = set.count_ones() >= 33;
    let shown = if inverted { !set } else { set };
    out.push_str(if inverted { "~[" } else { "[" });
    let mut first = true;
    for number in (1..=64_u64).filter(|number| shown >> (number - 1) & 1 != 0) {
        let mut name = String::new();
        text::constant(&mut name, memory.abi, "Sig", number);
        out.push_str(if first { "" } else { " " });
        out.push_str(name.strip_prefix("SIG").unwrap_or(&name));
        first = false;
    }
    out.push(']');
    Ok(())
}

/// Descriptors in a set of bits.
fn bits(out: &mut String, bytes: &[u8]) -> Result<()> {
    let set: Vec<_> = (0..bytes.len() * 8).filter(|bit| bytes[bit / 8] >> (bit % 8) & 1 != 0).collect();
    out.push('[');
    for (index, bit) in set.iter().enumerate() {
        let _ = write!(out, "{}{bit}", if index > 0 { " " } else { "" });
    }
    out.push(']');
    Ok(())
}

fn socket_address(out: &mut String, bytes: &[u8]) -> Result<()> {
    if bytes.len() < 2 {
        text::quote(out, bytes, false);
        return Ok(());
    }
    let family = integer(&bytes[..2]);
    let port = |at: usize| bytes.get(at..at + 2).map_or(0, |port| u16::from_be_bytes([port[0], port[1]]));
    out.push_str("{sa_family=");
    text::constant(out, abi::Abi::native(), "Af", family);
    match family {
        1 => {
            let path = &bytes[2..];
            if let [0, name @ ..] = path {
                out.push_str(", sun_path=@");
                text::quote(out, name, false);
            } else if !path.is_empty() {
                let end = path.iter().position(|&byte| byte == 0).unwrap_or(path.len());
                out.push_str(", sun_path=");
                text::quote(out, &path[..end], false);
            }
        }
        2 if bytes.len() >= 8 => {
            let [a, b, c, d] = [bytes[4], bytes[5], bytes[6], bytes[7]];
            let _ = write!(out, ", sin_port=htons({}), sin_addr=inet_addr(\"{a}.{b}.{c}.{d}\")", port(2));
        }
        10 if bytes.len() >= 24 => {
            let mut ip = [0; 16];
            ip.copy_from_slice(&bytes[8..24]);
            let _ = write!(
                out,
                ", sin6_port=htons({}), inet_pton(AF_INET6, \"{}\")",
                port(2),
                core::net::Ipv6Addr::from(ip)
            );
        }
        _ => {
            out.push_str(", sa_data=");
            text::quote(out, &bytes[2..], false);
        }
    }
    out.push('}');
    Ok(())
}

/// What wait4 says of a child.
fn wait_status(out: &mut String, status: i32) {
    let (signal, code) = (status & 0x7f, (status >> 8) & 0xff);
    let _ = match signal {
        0 => write!(out, "{{WIFEXITED(s) && WEXITSTATUS(s) == {code}}}"),
        0x7f if status == 0xffff => write!(out, "{{WIFCONTINUED(s)}}"),
        0x7f => write!(out, "{{WIFSTOPPED(s) && WSTOPSIG(s) == {}}}", text::signal_name(code)),
        _ => {
            let core = if status & 0x80 != 0 { " && WCOREDUMP(s)" } else { "" };
            write!(out, "{{WIFSIGNALED(s) && WTERMSIG(s) == {}{core}}}", text::signal_name(signal))
        }
    };
}
