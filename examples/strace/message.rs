//! Messages of sockets, and the addresses in them.

use crate::{
    buffers::slices,
    memory::{Memory, integer},
    sets,
    structs::Compound,
    text,
};
use alloc::{string::String, vec::Vec};
use core::fmt::Write as _;
use ring3::{Result, abi, consts::Af};

/// The header of a message, of whose text so many bytes are shown; `room` is how long its address might have been.
pub fn header(out: &mut String, it: &Compound<'_>, room: Option<i32>, shown: usize) -> Result<()> {
    let get = |name: &str| it.get(name).unwrap_or(0);
    let (name, length) = (get("msg_name"), get("msg_namelen") as i32);
    out.push_str("{msg_name=");
    match it.memory.bytes(name, length.clamp(0, 128) as usize) {
        Ok(bytes) if name != 0 && length > 0 => socket_address(out, &bytes)?,
        _ => text::address(out, name),
    }
    out.push_str(", msg_namelen=");
    if let Some(room) = room.filter(|room| *room != length) {
        let _ = write!(out, "{room} => ");
    }
    let _ = write!(out, "{length}, msg_iov=");
    let count = get("msg_iovlen");
    if slices(out, it.memory, get("msg_iov"), count as usize, Some(shown)).is_err() {
        text::address(out, get("msg_iov"));
    }
    let _ = write!(out, ", msg_iovlen={count}");
    let (control, length) = (get("msg_control"), get("msg_controllen"));
    if control != 0 && length != 0 {
        out.push_str(", msg_control=");
        match it.memory.bytes(control, length.min(4096) as usize) {
            Ok(bytes) => controls(out, it.memory, &bytes),
            Err(_) => text::address(out, control),
        }
    }
    let _ = write!(out, ", msg_controllen={length}, msg_flags=");
    sets::constant(out, it.memory.abi, "Msg", get("msg_flags"));
    out.push('}');
    Ok(())
}

/// What comes with a message: descriptors, or who has sent it.
fn controls(out: &mut String, memory: Memory, bytes: &[u8]) {
    let (word, abi) = (memory.word(), memory.abi);
    let mut rest = bytes;
    let all = core::iter::from_fn(|| {
        let length = integer(rest.get(..word)?) as usize;
        let one = rest.get(..length).filter(|one| one.len() >= word + 8)?;
        rest = rest.get(length.next_multiple_of(word)..).unwrap_or_default();
        Some(one)
    });
    out.push('[');
    text::list(out, ", ", all, |out, one| {
        let number = |at: usize| integer(&one[at..at + 4]);
        let (level, kind, data) = (number(word), number(word + 4), &one[word + 8..]);
        let _ = write!(out, "{{cmsg_len={}, cmsg_level=", one.len());
        sets::constant(out, abi, "Sol", level);
        out.push_str(", cmsg_type=");
        let sockets = level == sets::bits(abi, "Sol", "SOL_SOCKET");
        if sockets {
            sets::constant(out, abi, "Scm", kind);
        } else {
            text::hex(out, kind);
        }
        out.push_str(", cmsg_data=");
        let numbers: Vec<_> = data.chunks_exact(4).map(|number| integer(number) as i32).collect();
        let is = |name: &str| sockets && kind == sets::bits(abi, "Scm", name);
        match numbers.as_slice() {
            descriptors if is("SCM_RIGHTS") => {
                let _ = write!(out, "{descriptors:?}");
            }
            [pid, uid, gid] if is("SCM_CREDENTIALS") => {
                let _ = write!(out, "{{pid={pid}, uid={uid}, gid={gid}}}");
            }
            _ => text::quote(out, data, false),
        }
        out.push('}');
    });
    out.push(']');
}

pub fn socket_address(out: &mut String, bytes: &[u8]) -> Result<()> {
    if bytes.len() < 2 {
        text::quote(out, bytes, false);
        return Ok(());
    }
    let family = integer(&bytes[..2]);
    let port = |at: usize| bytes.get(at..at + 2).map_or(0, |port| u16::from_be_bytes([port[0], port[1]]));
    out.push_str("{sa_family=");
    sets::constant(out, abi::Abi::native(), "Af", family);
    match Af::new(family as i32) {
        Af::UNIX => {
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
        Af::INET if bytes.len() >= 8 => {
            let [a, b, c, d] = [bytes[4], bytes[5], bytes[6], bytes[7]];
            let _ = write!(out, ", sin_port=htons({}), sin_addr=inet_addr(\"{a}.{b}.{c}.{d}\")", port(2));
        }
        Af::INET6 if bytes.len() >= 24 => {
            let mut ip = [0; 16];
            ip.copy_from_slice(&bytes[8..24]);
            let _ = write!(
                out,
                ", sin6_port=htons({}), sin6_flowinfo=htonl({}), inet_pton(AF_INET6, \"{}\", &sin6_addr), sin6_scope_id={}",
                port(2),
                u32::from_be_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]),
                core::net::Ipv6Addr::from(ip),
                bytes.get(24..28).map_or(0, integer)
            );
        }
        Af::NETLINK if bytes.len() >= 12 => {
            let (pid, groups) = (integer(&bytes[4..8]) as i32, integer(&bytes[8..12]));
            let _ = write!(out, ", nl_pid={pid}, nl_groups={groups:08x}");
        }
        _ => {
            out.push_str(", sa_data=");
            text::quote(out, &bytes[2..], false);
        }
    }
    out.push('}');
    Ok(())
}
