//! The structs, sets and numbers that strace has words of its own for.

use crate::{
    memory::{Memory, integer},
    structs::{Compound, slices},
    text,
};
use alloc::{string::String, vec::Vec};
use core::fmt::Write as _;
use ring3::{Result, abi};

pub fn message(out: &mut String, it: &Compound<'_>) -> Result<()> {
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

pub fn stat(out: &mut String, it: &Compound<'_>) {
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
pub fn poll(out: &mut String, it: &Compound<'_>) {
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

/// The fields that the flags give a meaning.
pub fn clone_args(out: &mut String, it: &Compound<'_>) {
    let flags = it.get("flags").unwrap_or(0);
    let has = |name| flags & text::bits(it.memory.abi, "Clone", name) != 0;
    out.push_str("{flags=");
    text::constant(out, it.memory.abi, "Clone", flags);
    for (name, wanted) in [
        ("pidfd", has("CLONE_PIDFD")),
        ("child_tid", has("CLONE_CHILD_SETTID") || has("CLONE_CHILD_CLEARTID")),
        ("parent_tid", has("CLONE_PARENT_SETTID")),
        ("exit_signal", true),
        ("stack", true),
        ("stack_size", true),
        ("tls", has("CLONE_SETTLS")),
    ] {
        let value = it.get(name).unwrap_or(0);
        if wanted {
            let _ = write!(out, ", {name}=");
            match name {
                "exit_signal" => text::constant(out, it.memory.abi, "Sig", value),
                _ => text::address(out, value),
            }
        }
    }
    out.push('}');
}

pub fn limits(out: &mut String, it: &Compound<'_>) {
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

pub fn sigaction(out: &mut String, it: &Compound<'_>) -> Result<()> {
    out.push_str("{sa_handler=");
    match it.get("sa_handler").unwrap_or(0) {
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
        && flags & text::bits(it.memory.abi, "Sa", "SA_RESTORER") != 0
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
pub fn bits(out: &mut String, bytes: &[u8]) -> Result<()> {
    let set: Vec<_> = (0..bytes.len() * 8).filter(|bit| bytes[bit / 8] >> (bit % 8) & 1 != 0).collect();
    out.push('[');
    for (index, bit) in set.iter().enumerate() {
        let _ = write!(out, "{}{bit}", if index > 0 { " " } else { "" });
    }
    out.push(']');
    Ok(())
}

pub fn socket_address(out: &mut String, bytes: &[u8]) -> Result<()> {
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
pub fn wait_status(out: &mut String, status: i32) {
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
