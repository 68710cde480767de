//! What a call has answered.

use crate::{
    dates,
    decode::{Argument, Shown},
    memory::Memory,
    sets, special, structs,
    text::list,
    views::View,
};
use alloc::{format, string::String, vec::Vec};
use core::fmt::Write as _;
use ring3::{
    Errno,
    abi::{Abi, Meaning},
};

/// What a call has answered.
#[derive(Clone, Copy)]
pub struct Answer {
    pub value: i64,
    pub is_error: bool,
}

/// What the kernel keeps to itself: the call is to be made again, if the signal that came lets it.
const RESTARTS: [(i64, &str); 4] = [
    (-512, "ERESTARTSYS (To be restarted if SA_RESTART is set)"),
    (-513, "ERESTARTNOINTR (To be restarted)"),
    (-514, "ERESTARTNOHAND (To be restarted if no handler)"),
    (-516, "ERESTART_RESTARTBLOCK (Interrupted by signal)"),
];

impl Answer {
    /// Whether a signal has ended the call.
    pub fn was_cut(self) -> bool {
        self.is_error && RESTARTS.iter().any(|(value, _)| *value == self.value)
    }
}

/// The result, and what strace says of it.
pub fn text(shown: &Shown, memory: Memory, answer: Answer) -> String {
    if answer.is_error {
        return failure(answer.value);
    }
    let mut out = value(&shown.result, &shown.name, memory.abi, answer.value);
    if let Some(remark) = remark(shown, memory, answer.value) {
        let _ = write!(out, " ({remark})");
    }
    out
}

fn value(result: &Meaning, call: &str, abi: &Abi, value: i64) -> String {
    match *result {
        Meaning::Address | Meaning::Word => format!("{:#x}", special::masked(abi, value as u64)),
        Meaning::Set(name) => {
            let mut names = String::new();
            sets::constant(&mut names, abi, name, value as u64);
            let flags = abi.set(name).is_some_and(|set| set.is_flags()) && name != "Sched";
            let named = names.starts_with(|c: char| c.is_ascii_alphabetic());
            // The flags of a descriptor, and of a file.
            let word = if call.starts_with("fcntl") { "flags " } else { "" };
            match (flags, named) {
                _ if name == "Mode" => names,
                (true, true) if value == 0 => format!("0 ({word}{names})"),
                (true, true) => format!("{value:#x} ({word}{names})"),
                (false, true) => format!("{value} ({names})"),
                _ => format!("{value}"),
            }
        }
        _ => format!("{value}"),
    }
}

/// What strace adds to the results of a few calls.
fn remark(shown: &Shown, memory: Memory, value: i64) -> Option<String> {
    let at = |place: usize| shown.arguments.iter().find(|argument| argument.place == place);
    let name = shown.name.trim_end_matches("_time64");
    let (mut parts, timeout) = match name {
        "time" => return Some(dates::date(value, 0, 9)),
        "adjtimex" | "clock_adjtime" | "clock_adjtime64" => {
            let mut state = String::new();
            sets::constant(&mut state, memory.abi, "TimeState", value as u64);
            return Some(state);
        }
        "poll" | "ppoll" => (Vec::from_iter(ready(memory, at(0)?, *shown.values.get(1)?)), at(2)),
        "select" | "_newselect" | "pselect6" => {
            let named = [(1, "in"), (2, "out"), (3, "except")];
            let sets = named.iter().filter_map(|(place, name)| Some((at(*place)?, name)));
            let filled = sets.filter_map(|(set, name)| {
                let text = again(memory, set, shown.values.first().copied())?;
                (text != "[]").then(|| format!("{name} {text}"))
            });
            (filled.collect(), at(4))
        }
        "recvmmsg" => (Vec::new(), at(4)),
        _ => return None,
    };
    if value == 0 && (name != "recvmmsg" || timeout.is_some()) {
        return Some("Timeout".into());
    }
    if let Some(left) = timeout.filter(|timeout| timeout.view == View::Before)
        && let Some(text) = again(memory, left, Some(1))
    {
        parts.push(format!("left {text}"));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// What an argument leads to now.
fn again(memory: Memory, argument: &Argument, count: Option<u64>) -> Option<String> {
    let Meaning::Memory(to) = argument.meaning else { return None };
    let mut text = String::new();
    let count = usize::try_from(count?).ok()?;
    structs::memory(&mut text, memory, to, argument.value, count, None).ok()?;
    (argument.value != 0).then_some(text)
}

/// The descriptors of a poll that something has happened to.
fn ready(memory: Memory, argument: &Argument, count: u64) -> Option<String> {
    let Meaning::Memory(to) = argument.meaning else { return None };
    let size = structs::size_of(memory, to.element).ok()?;
    let bytes = memory.bytes(argument.value, count as usize * size).ok()?;
    let all = bytes.chunks_exact(size).filter_map(|bytes| {
        let one = structs::Compound { memory, name: to.element, bytes, writes: true };
        Some((one.get("fd")? as i32, one.get("revents").filter(|events| *events != 0)?))
    });
    let mut text = String::from("[");
    list(&mut text, ", ", all, |text, (fd, events)| {
        let _ = write!(text, "{{fd={fd}, revents=");
        sets::constant(text, memory.abi, "Poll", events);
        text.push('}');
    });
    text.push(']');
    Some(text)
}

/// An error by name and meaning, or what a signal makes of the call.
fn failure(value: i64) -> String {
    if let Some((_, text)) = RESTARTS.iter().find(|(number, _)| *number == value) {
        return format!("? {text}");
    }
    let number = value.unsigned_abs();
    match u16::try_from(number).ok().and_then(Errno::new) {
        Some(errno) if errno.name().is_some() => format!("-1 {errno:?} ({errno})"),
        _ => format!("-1 (errno {number})"),
    }
}
