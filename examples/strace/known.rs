//! The structs, sets and numbers that strace has words of its own for.

use crate::{
    memory::{Memory, integer},
    sets,
    structs::Compound,
    text,
};
use alloc::string::String;
use core::fmt::Write as _;
use ring3::Result;

pub fn stat(out: &mut String, it: &Compound<'_>) {
    let mode = it.get("st_mode").unwrap_or(0);
    out.push_str("{st_mode=");
    sets::constant(out, it.memory.abi, "Mode", mode);
    if matches!(mode & 0o170_000, 0o020_000 | 0o060_000) {
        let device = it.get("st_rdev").unwrap_or(0);
        let major = (device >> 8) & 0xfff;
        let minor = device & 0xff | (device >> 12) & 0xfff00;
        out.push_str(", st_rdev=makedev(");
        text::list(out, ", ", [major, minor], text::hex);
        out.push(')');
    } else {
        let _ = write!(out, ", st_size={}", it.get("st_size").unwrap_or(0));
    }
    out.push_str(", ...}");
}

/// What is waited for.
pub fn poll(out: &mut String, it: &Compound<'_>) {
    let file = it.get("fd").unwrap_or(0) as i32;
    let _ = write!(out, "{{fd={file}");
    if file >= 0 {
        out.push_str(", events=");
        sets::constant(out, it.memory.abi, "Poll", it.get("events").unwrap_or(0));
    }
    out.push('}');
}

/// The fields that the flags give a meaning.
pub fn clone_args(out: &mut String, it: &Compound<'_>) {
    let flags = it.get("flags").unwrap_or(0);
    let has = |name| flags & sets::bits(it.memory.abi, "Clone", name) != 0;
    out.push_str("{flags=");
    sets::constant(out, it.memory.abi, "Clone", flags);
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
                "exit_signal" => sets::constant(out, it.memory.abi, "Sig", value),
                _ => text::address(out, value),
            }
        }
    }
    out.push('}');
}

/// What a call has filled in at the places that the struct names.
pub fn clone_results(out: &mut String, it: &Compound<'_>) {
    let flags = it.get("flags").unwrap_or(0);
    let all = [("CLONE_PARENT_SETTID", "parent_tid"), ("CLONE_PIDFD", "pidfd")].into_iter().filter_map(
        |(flag, name)| {
            let has = flags & sets::bits(it.memory.abi, "Clone", flag) != 0;
            let bytes = it.memory.bytes(it.get(name).filter(|_| has)?, 4).ok()?;
            Some((name, integer(&bytes) as i32))
        },
    );
    let mut text = String::new();
    text::list(&mut text, ", ", all, |out, (name, value)| {
        let _ = write!(out, "{name}=[{value}]");
    });
    if !text.is_empty() {
        let _ = write!(out, " => {{{text}}}");
    }
}

pub fn limits(out: &mut String, it: &Compound<'_>) {
    out.push('{');
    text::list(out, ", ", ["rlim_cur", "rlim_max"], |out, name| {
        let Some((field, value)) = it.field(name) else { return };
        let size = it.memory.size_of(field.ty).max(1);
        let infinity = u64::MAX >> (64 - 8 * size);
        out.push_str(name);
        let _ = if value == infinity {
            write!(out, "={}", if size == 8 { "RLIM64_INFINITY" } else { "RLIM_INFINITY" })
        } else if value > 1024 && value % 1024 == 0 {
            write!(out, "={}*1024", value / 1024)
        } else {
            write!(out, "={value}")
        };
    });
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
    sets::constant(out, it.memory.abi, "Sa", flags);
    if let Some(restorer) = it.get("sa_restorer")
        && flags & sets::bits(it.memory.abi, "Sa", "SA_RESTORER") != 0
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
    let numbers = (1..=64_u64).filter(|number| shown >> (number - 1) & 1 != 0);
    text::list(out, " ", numbers, |out, number| {
        let mut name = String::new();
        sets::constant(&mut name, memory.abi, "Sig", number);
        out.push_str(name.strip_prefix("SIG").unwrap_or(&name));
    });
    out.push(']');
    Ok(())
}

/// What wait4 says of a child.
pub fn wait_status(out: &mut String, status: i32) {
    let (signal, code) = (status & 0x7f, (status >> 8) & 0xff);
    let _ = match signal {
        0 => write!(out, "{{WIFEXITED(s) && WEXITSTATUS(s) == {code}}}"),
        0x7f if status == 0xffff => write!(out, "{{WIFCONTINUED(s)}}"),
        0x7f => write!(out, "{{WIFSTOPPED(s) && WSTOPSIG(s) == {}}}", sets::signal_name(code)),
        _ => {
            let core = if status & 0x80 != 0 { " && WCOREDUMP(s)" } else { "" };
            write!(out, "{{WIFSIGNALED(s) && WTERMSIG(s) == {}{core}}}", sets::signal_name(signal))
        }
    };
}
