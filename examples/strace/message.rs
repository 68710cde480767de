//! Messages of sockets, and the addresses in them.

use crate::{buffers::slices, memory::integer, sets, structs::Compound, text};
use alloc::string::String;
use core::fmt::Write as _;
use ring3::{Result, abi};

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
    let _ = write!(out, ", msg_iovlen={count}, msg_controllen={}, msg_flags=", get("msg_controllen"));
    sets::constant(out, it.memory.abi, "Msg", get("msg_flags"));
    out.push('}');
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
    sets::constant(out, abi::Abi::native(), "Af", family);
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
