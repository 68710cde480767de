//! Arguments in the ways that `views` has for them.

use crate::{
    answer::Answer,
    buffers, dates,
    decode::Argument,
    known,
    memory::{Memory, integer, signed},
    message, sets,
    structs::{self, Compound},
    text::{self, SHOWN, list},
    views::View,
};
use alloc::{format, string::String};
use core::fmt::Write as _;
use ring3::{
    Errno, Result,
    abi::{Abi, Meaning, Set},
    consts::Af,
};

/// An argument, and what it depends on.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub memory: Memory,
    pub argument: &'a Argument,
    /// All arguments of the call.
    pub values: &'a [u64],
    /// Of memory that can be shown: how many elements there are.
    pub count: Option<usize>,
    /// Nothing when the call begins.
    pub answer: Option<Answer>,
}

impl Place<'_> {
    /// Whether the option of a socket is not as long as its type: it is then of another one.
    fn misfits(&self, element: &str) -> bool {
        let size = structs::size_of(self.memory, element).unwrap_or(0);
        self.answer.is_none() && self.values.get(4).is_some_and(|length| *length as usize != size)
    }
}

/// What has to be remembered of an argument until the call ends.
pub fn kept(memory: Memory, argument: &Argument) -> u64 {
    let Meaning::Memory(to) = argument.meaning else { return 0 };
    let read = || {
        let bytes = memory.bytes(argument.value, structs::size_of(memory, to.element).ok()?).ok()?;
        match argument.view {
            View::Room => Some(integer(&bytes)),
            View::Header => {
                Compound { memory, name: to.element, bytes: &bytes, writes: true }.get("msg_namelen")
            }
            _ => None,
        }
    };
    read().unwrap_or(0)
}

/// Appends an argument that has a way of its own; else gives false.
pub fn show(out: &mut String, it: &Place<'_>) -> bool {
    let Argument { meaning, view, value, .. } = *it.argument;
    let abi = it.memory.abi;
    match (view, meaning) {
        (View::Address, Meaning::Integer(..)) => text::address(out, value),
        (View::Hex, Meaning::Word | Meaning::Address | Meaning::Set(_) | Meaning::Integer(..)) => {
            text::hex(out, value)
        }
        (View::Request, Meaning::Integer(..)) => request(out, value as u32),
        (View::Pages, _) => text::hex(out, value << 12),
        (View::Key, _) if value as u32 == 0 => out.push_str("IPC_PRIVATE"),
        (View::Key, _) => text::hex(out, u64::from(value as u32)),
        (View::Set(set), _) => sets::constant(out, abi, set, value),
        (View::Flags, Meaning::Set(set)) => sets::flags_alone(out, abi, set, value),
        (View::Synced, Meaning::Set(set)) => sets::flags_with(out, abi, set, value, "AT_STATX_SYNC_TYPE"),
        (View::Bitset, _) => return bitset(out, it),
        (View::Protocol, _) => match it.values.first().map(|family| Af::new(*family as i32)) {
            Some(Af::INET | Af::INET6) => sets::constant(out, abi, "Ipproto", value),
            Some(Af::NETLINK) => sets::constant(out, abi, "Netlink", value),
            _ => return false,
        },
        (View::Choice, Meaning::Integer(..)) => match options(it) {
            Some(set) => sets::constant(out, abi, set, value),
            None => return false,
        },
        (View::Given, _) if it.answer.is_some_and(|answer| answer.value <= 0) => text::address(out, value),
        (View::Left, _) if !it.answer.is_some_and(|answer| answer.was_cut()) => text::address(out, value),
        (View::Event, _) if it.values.get(1).copied() == deleted(abi) => text::address(out, value),
        _ if value == 0 => return false,
        _ => {
            let mut text = String::new();
            let shown = match (view, meaning) {
                (View::Mask, _) => mask(&mut text, it),
                (View::Room, _) => room(&mut text, it),
                (View::Chosen, Meaning::Address) => chosen(&mut text, it),
                (View::Header, Meaning::Memory(to)) => header(&mut text, it, to.element),
                (View::Left, Meaning::Memory(to)) => {
                    structs::memory(&mut text, it.memory, to, value, 1, None)
                }
                (_, Meaning::Memory(to)) => match it.count {
                    Some(count) => match behind(&mut text, it, to.element, count) {
                        Some(shown) => shown,
                        None => return false,
                    },
                    None => return false,
                },
                _ => return false,
            };
            match shown {
                Ok(()) => out.push_str(&text),
                Err(_) => text::address(out, value),
            }
        }
    }
    true
}

/// What an address leads to, of so many elements; none if there is no way of its own for it.
fn behind(out: &mut String, it: &Place<'_>, element: &str, count: usize) -> Option<Result<()>> {
    let (memory, value) = (it.memory, it.argument.value);
    Some(match it.argument.view {
        View::Raw => buffers::raw(out, memory, value, count),
        // The room is the last argument.
        View::Wanted if it.values.last() == Some(&0) => Err(Errno::EFAULT),
        View::Bytes => {
            let pages = it.values.get(1).map_or(0, |length| length.div_ceil(4096));
            buffers::numbers(out, memory, value, pages as usize)
        }
        View::Text => memory.string(value, count.min(SHOWN + 1)).map(|(bytes, _)| {
            text::quote(out, &bytes[..bytes.len().min(SHOWN)], bytes.len() > SHOWN);
        }),
        View::Entries => {
            let length = it.answer.map_or(0, |answer| answer.value);
            // Both have a number of the file and a place before it.
            let at = if element == "linux_dirent" { 2 * memory.word() } else { 16 };
            buffers::entries(out, memory, value, length as usize, at)
        }
        View::Cpus => memory.bytes(value, count.min(1024)).map(|bytes| buffers::descriptors(out, &bytes)),
        View::Message => posted(out, it),
        View::Dates => times(out, it, element, count),
        View::Headers => headers(out, it, element, count),
        View::Chosen if element == "u8" || it.misfits(element) => chosen(out, it),
        _ => return None,
    })
}

/// Appends what the call has made of memory whose beginning is printed already.
pub fn change(out: &mut String, memory: Memory, argument: &Argument, answer: Answer) {
    let Meaning::Memory(to) = argument.meaning else { return };
    if answer.is_error || answer.value == 0 || argument.value == 0 {
        return;
    }
    let Ok(bytes) = structs::size_of(memory, to.element).and_then(|size| memory.bytes(argument.value, size))
    else {
        return;
    };
    if argument.view == View::Filled {
        let it = Compound { memory, name: to.element, bytes: &bytes, writes: true };
        return known::clone_results(out, &it);
    }
    let mut text = String::new();
    if structs::element(&mut text, memory, to.element, &bytes, true).is_ok() {
        let _ = write!(out, " => [{text}]");
    }
}

fn bitset(out: &mut String, it: &Place<'_>) -> bool {
    let waits = it.values.get(1).is_some_and(|op| matches!(op & 0x7f, 9 | 10));
    match it.argument.value as u32 {
        u32::MAX if waits => out.push_str("FUTEX_BITSET_MATCH_ANY"),
        bits if waits => text::hex(out, bits.into()),
        _ => return false,
    }
    true
}

/// Which way the memory goes, a letter for the driver, a number, and how much memory it is: where most machines have these.
fn request(out: &mut String, value: u32) {
    let part = |low: u32, bits: u32| u64::from(value >> low & ((1 << bits) - 1));
    let way = ["_IOC_NONE", "_IOC_WRITE", "_IOC_READ", "_IOC_READ|_IOC_WRITE"][part(30, 2) as usize];
    let _ = write!(out, "_IOC({way}, ");
    list(out, ", ", [part(8, 8), part(0, 8), part(16, 14)], text::hex);
    out.push(')');
}

/// The operation of epoll_ctl that no event goes with.
fn deleted(abi: &Abi) -> Option<u64> {
    Some(sets::bits(abi, "EpollCtl", "EPOLL_CTL_DEL"))
}

/// The set of a socket's options.
fn options(it: &Place<'_>) -> Option<&'static str> {
    const LEVELS: [(&str, &str); 5] = [
        ("SOL_IP", "Ip"),
        ("SOL_TCP", "Tcp"),
        ("SOL_UDP", "Udp"),
        ("SOL_IPV6", "Ipv6"),
        ("SOL_SOCKET", "So"),
    ];
    let level = u64::from(*it.values.get(1)? as u32);
    let found = LEVELS.iter().find(|(name, _)| sets::bits(it.memory.abi, "Sol", name) == level);
    found.map(|(_, set)| *set)
}

/// The value of an option that nothing is known of.
fn chosen(out: &mut String, it: &Place<'_>) -> Result<()> {
    let last = it.values.get(4).copied().unwrap_or(0);
    let length = match it.answer {
        None => last,
        Some(answer) if answer.is_error => return Err(Errno::EFAULT),
        Some(_) => integer(&it.memory.bytes(last, 4)?),
    };
    if length != 4 {
        return buffers::buffer(out, it.memory, it.argument.value, length as u32 as usize);
    }
    let bytes = it.memory.bytes(it.argument.value, 4)?;
    let _ = write!(out, "[{}]", integer(&bytes) as i32);
    Ok(())
}

/// A length before the call and after it.
fn room(out: &mut String, it: &Place<'_>) -> Result<()> {
    let before = it.argument.kept as i32;
    let failed = it.answer.is_none_or(|answer| answer.is_error);
    let after = integer(&it.memory.bytes(it.argument.value, 4)?) as i32;
    out.push_str(&if failed || before == after {
        format!("[{before}]")
    } else {
        format!("[{before} => {after}]")
    });
    Ok(())
}

/// Signals, and how many bytes of them.
fn mask(out: &mut String, it: &Place<'_>) -> Result<()> {
    let word = it.memory.word();
    let both = it.memory.bytes(it.argument.value, 2 * word)?;
    let (address, size) = (integer(&both[..word]), integer(&both[word..]));
    out.push_str("{sigmask=");
    match it.memory.bytes(address, 8) {
        Ok(bytes) if address != 0 => known::signals(out, it.memory, &bytes)?,
        _ => text::address(out, address),
    }
    let _ = write!(out, ", sigsetsize={size}}}");
    Ok(())
}

/// A message of a queue, and all the room for it.
fn posted(out: &mut String, it: &Place<'_>) -> Result<()> {
    let word = it.memory.word();
    let length = it.values.get(2).map_or(0, |length| *length as usize);
    let kind = signed(integer(&it.memory.bytes(it.argument.value, word)?), word);
    let _ = write!(out, "{{mtype={kind}, mtext=");
    buffers::buffer(out, it.memory, it.argument.value + word as u64, length)?;
    out.push('}');
    Ok(())
}

/// Times, each with its date.
fn times(out: &mut String, it: &Place<'_>, element: &str, count: usize) -> Result<()> {
    let size = structs::size_of(it.memory, element)?;
    let bytes = it.memory.bytes(it.argument.value, count * size)?;
    let mut known = Ok(());
    let several = count > 1;
    out.push_str(if several { "[" } else { "" });
    list(out, ", ", bytes.chunks_exact(size), |out, bytes| {
        let time = Compound { memory: it.memory, name: element, bytes, writes: false };
        let part =
            |name: &str| time.field(name).map(|(field, value)| signed(value, it.memory.size_of(field.ty)));
        let mut meant = it.memory.abi.set("Utime").into_iter().flat_map(Set::entries);
        if let Some((name, _)) = meant.find(|(_, value)| part("tv_nsec") == Some(*value as i64)) {
            return out.push_str(name);
        }
        let (fraction, digits) = match (part("tv_nsec"), part("tv_usec")) {
            (Some(fraction), _) => (fraction, 9),
            (_, fraction) => (fraction.unwrap_or(-1), 6),
        };
        known = known.and(structs::element(out, it.memory, element, bytes, false));
        dates::comment(out, part("tv_sec").unwrap_or(0), fraction as u64, digits);
    });
    out.push_str(if several { "]" } else { "" });
    known
}

/// What has been received: if nothing, the room for its address alone.
fn header(out: &mut String, it: &Place<'_>, element: &str) -> Result<()> {
    let before = it.argument.kept as i32;
    let Some(answer) = it.answer.filter(|answer| !answer.is_error) else {
        let _ = write!(out, "{{msg_namelen={before}}}");
        return Ok(());
    };
    let bytes = it.memory.bytes(it.argument.value, structs::size_of(it.memory, element)?)?;
    let header = Compound { memory: it.memory, name: element, bytes: &bytes, writes: true };
    message::header(out, &header, Some(before), answer.value as usize)
}

/// As many headers as the result says. Of received messages the length is that of the text.
fn headers(out: &mut String, it: &Place<'_>, element: &str, count: usize) -> Result<()> {
    let size = structs::size_of(it.memory, element)?;
    let done = it.answer.map_or(0, |answer| answer.value as usize).min(count);
    let bytes = it.memory.bytes(it.argument.value, done * size)?;
    let mut known = Ok(());
    out.push('[');
    list(out, ", ", bytes.chunks_exact(size), |out, bytes| {
        let one = Compound { memory: it.memory, name: element, bytes, writes: true };
        let Some(header) = one.inner("msg_hdr") else { return };
        let length = one.get("msg_len").unwrap_or(0) as usize;
        out.push_str("{msg_hdr=");
        known = known.and(message::header(out, &header, None, length));
        let _ = write!(out, ", msg_len={length}}}");
    });
    out.push(']');
    known
}
