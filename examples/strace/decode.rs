//! A call in strace's words: its arguments, as far as they are known when it begins, the others when it ends, and its result.

use crate::{
    memory::{Memory, integer, signed},
    special, structs,
    text::{self, SHOWN},
};
use alloc::{format, string::String, vec::Vec};
use core::fmt::Write as _;
use ring3::{
    Errno,
    abi::{Abi, Call, Half, Length, Meaning},
};

/// The working directory in the place of a descriptor.
const AT_FDCWD: i32 = -100;

/// The most bytes of a path.
const PATH_MAX: usize = 4095;

/// What a call has answered.
#[derive(Clone, Copy)]
pub struct Answer {
    pub value: i64,
    pub is_error: bool,
}

/// An argument that is printed.
#[derive(Clone, Copy)]
pub struct Argument {
    /// `flags=` where arguments have names, else nothing.
    pub label: &'static str,
    pub meaning: Meaning,
    pub value: u64,
}

impl Argument {
    pub fn new(meaning: Meaning, value: u64) -> Self {
        Self { label: "", meaning, value }
    }
}

/// A call that is being made.
pub struct Shown {
    pub name: String,
    pub call: Option<Call>,
    /// The arguments that are printed, and what they are.
    arguments: Vec<Argument>,
    /// All arguments of the prototype: what the first ones are numbers of.
    pub values: Vec<u64>,
    result: Meaning,
    /// How many are printed already.
    printed: usize,
}

/// The arguments in the prototype's order, each put together from its registers.
fn values(call: Call, registers: &[u64; 6]) -> Vec<u64> {
    let abi = call.abi();
    let place = |name: &str| abi.argument_registers().iter().position(|register| *register == name);
    let value = |name: &str| place(name).and_then(|place| registers.get(place)).copied().unwrap_or(0);
    let whole = |names: &[&str]| match names {
        [low, high] if cfg!(target_endian = "little") => value(low) & 0xffff_ffff | value(high) << 32,
        [high, low] => value(low) & 0xffff_ffff | value(high) << 32,
        names => names.first().map_or(0, |name| value(name)),
    };
    call.arguments().map(|argument| whole(argument.registers())).collect()
}

impl Shown {
    /// A call that begins, and the text up to the first argument that its end alone tells.
    pub fn new(memory: Memory, number: u64, registers: &[u64; 6], stack: u64) -> (Self, String) {
        let call = u32::try_from(number).ok().and_then(|number| memory.abi.by_number(number));
        let mut shown = Self {
            name: call.map_or_else(|| format!("syscall_{number:#x}"), |call| call.name().into()),
            call,
            arguments: Vec::new(),
            values: call.map_or_else(|| registers.to_vec(), |call| values(call, registers)),
            result: Meaning::Integer("isize", ""),
            printed: 0,
        };
        match call.and_then(|call| Some((call, call.form(&shown.values)?))) {
            Some((call, form)) => {
                shown.result = form.result();
                shown.arguments = match special::arguments(memory, call, &shown.values, stack) {
                    Some(arguments) => arguments,
                    None => printed(memory.abi, form.arguments().collect(), &shown.values),
                };
            }
            None => {
                shown.arguments.extend(registers.iter().map(|&value| Argument::new(Meaning::Word, value)))
            }
        }
        let mut text = format!("{}(", shown.name);
        shown.print(&mut text, memory, None);
        (shown, text)
    }

    /// Whether all arguments have been printed.
    pub fn is_whole(&self) -> bool {
        self.printed == self.arguments.len()
    }

    /// The rest of the arguments, and the result.
    pub fn end(&mut self, memory: Memory, answer: Answer) -> (String, String) {
        let mut rest = String::new();
        self.print(&mut rest, memory, Some(answer));
        (rest, self.answer(memory.abi, answer))
    }

    fn print(&mut self, out: &mut String, memory: Memory, answer: Option<Answer>) {
        let first = self.printed;
        while let Some(&Argument { label, meaning, value }) = self.arguments.get(self.printed) {
            if answer.is_none() && value != 0 && is_late(memory, meaning) {
                break;
            }
            if self.printed > first {
                out.push_str(", ");
            }
            out.push_str(label);
            self.argument(out, memory, meaning, value, answer);
            self.printed += 1;
        }
        // The comma stands before what waits for the end.
        if self.printed > first && self.printed < self.arguments.len() {
            out.push_str(", ");
        }
    }

    fn argument(
        &self,
        out: &mut String,
        memory: Memory,
        meaning: Meaning,
        value: u64,
        answer: Option<Answer>,
    ) {
        let failed = answer.is_some_and(|answer| answer.is_error);
        match meaning {
            Meaning::Descriptor if value as i32 == AT_FDCWD => out.push_str("AT_FDCWD"),
            Meaning::Descriptor => {
                let _ = write!(out, "{}", value as i32);
            }
            Meaning::Path => string(out, memory, value, PATH_MAX),
            Meaning::String => string(out, memory, value, SHOWN),
            Meaning::Strings => {
                let first = self.arguments.iter().position(|argument| argument.meaning == Meaning::Strings);
                if first == Some(self.printed) {
                    strings(out, memory, value);
                } else {
                    variables(out, memory, value);
                }
            }
            Meaning::Set(name) => text::constant(out, memory.abi, name, value),
            Meaning::Constant(name) => out.push_str(name),
            Meaning::Integer(_, of) if special::number(out, memory, of, value) => {}
            Meaning::Integer(ty, of) => number(out, memory, ty, of, value),
            Meaning::Half(_) => {
                let _ = write!(out, "{}", value as i64);
            }
            Meaning::Memory(to) => {
                let count = self.count(memory, to.length, to.result, answer);
                let known = if failed && !to.reads { None } else { count };
                match known {
                    Some(count) if value != 0 && to.element != "futex" => {
                        let result = answer.map(|answer| answer.value);
                        if structs::memory(out, memory, to, value, count, result).is_err() {
                            text::address(out, value);
                        }
                    }
                    _ => text::address(out, value),
                }
            }
            Meaning::Word
                if value as i64 as i32 as i64 == value as i64 && (-4096..4096).contains(&(value as i64)) =>
            {
                let _ = write!(out, "{}", value as i64);
            }
            _ => text::address(out, value),
        }
    }

    /// The number of an argument's elements; none if it cannot be known.
    fn count(&self, memory: Memory, length: Length, result: bool, answer: Option<Answer>) -> Option<usize> {
        let room = match length {
            Length::Fixed(count) => count,
            Length::Argument(index) => usize::try_from(*self.values.get(index)?).unwrap_or(usize::MAX),
            Length::Behind(index) => {
                let size = memory.bytes(*self.values.get(index)?, 4).ok()?;
                integer(&size) as usize
            }
        };
        match answer {
            Some(answer) if result => Some(usize::try_from(answer.value).ok()?.min(room)),
            _ => Some(room),
        }
    }

    fn answer(&self, abi: &Abi, Answer { value, is_error }: Answer) -> String {
        let mut out = String::new();
        if is_error {
            return failure(value);
        }
        match self.result {
            Meaning::Address | Meaning::Word => {
                let _ = write!(out, "{:#x}", special::masked(abi, value as u64));
            }
            Meaning::Set("Mode") => text::constant(&mut out, abi, "Mode", value as u64),
            Meaning::Set(name) => {
                let mut names = String::new();
                text::constant(&mut names, abi, name, value as u64);
                let flags = abi.set(name).is_some_and(|set| set.is_flags());
                let named = names.starts_with(|c: char| c.is_ascii_alphabetic());
                let _ = match (flags, named) {
                    (true, true) if value == 0 => write!(out, "0 (flags {names})"),
                    (true, true) => write!(out, "{value:#x} (flags {names})"),
                    (false, true) => write!(out, "{value} ({names})"),
                    _ => write!(out, "{value}"),
                };
            }
            _ => {
                let _ = write!(out, "{value}");
            }
        }
        out
    }
}

/// Whether the end of the call alone tells what an argument leads to.
fn is_late(memory: Memory, meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Memory(to) if to.writes && (!to.reads || memory.size_of(to.element) > 0))
}

/// The arguments that strace prints: without those that nothing looks at.
fn printed(abi: &Abi, meanings: Vec<Meaning>, values: &[u64]) -> Vec<Argument> {
    let mut arguments: Vec<Argument> = Vec::new();
    let mut low = 0;
    for (meaning, &value) in meanings.into_iter().zip(values) {
        let before = arguments.last();
        match meaning {
            Meaning::Unused if before.is_some_and(|before| special::keeps(abi, before)) => {
                arguments.push(Argument::new(Meaning::Address, value));
            }
            Meaning::Unused => {}
            Meaning::Half(Half::Low) => low = value,
            Meaning::Half(Half::High) => {
                let whole = if abi.pointer_width() == 64 { low } else { low & 0xffff_ffff | value << 32 };
                arguments.push(Argument::new(Meaning::Half(Half::Low), whole));
            }
            _ if before.is_some_and(|before| special::drops(abi, before, meaning)) => {}
            _ => arguments.push(Argument::new(meaning, value)),
        }
    }
    arguments
}

fn string(out: &mut String, memory: Memory, address: u64, most: usize) {
    match memory.string(address, most + 1) {
        Ok((bytes, whole)) if address != 0 => {
            let shown = bytes.len().min(most);
            text::quote(out, &bytes[..shown], !whole);
        }
        _ => text::address(out, address),
    }
}

/// A list of strings, up to as many as are shown.
fn strings(out: &mut String, memory: Memory, address: u64) {
    if address == 0 || memory.bytes(address, memory.word()).is_err() {
        return text::address(out, address);
    }
    out.push('[');
    for (index, pointer) in pointers(memory, address).enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        if index == SHOWN {
            out.push_str("...");
            break;
        }
        string(out, memory, pointer, SHOWN);
    }
    out.push(']');
}

/// The pointers of a list, up to a null.
fn pointers(memory: Memory, address: u64) -> impl Iterator<Item = u64> {
    let word = memory.word();
    (0..).map_while(move |index| {
        let bytes = memory.bytes(address + index * word as u64, word).ok()?;
        Some(integer(&bytes)).filter(|&pointer| pointer != 0)
    })
}

/// The environment: how many strings there are.
fn variables(out: &mut String, memory: Memory, address: u64) {
    text::address(out, address);
    if address != 0 {
        let count = pointers(memory, address).count();
        let _ = write!(out, " /* {count} var{} */", if count == 1 { "" } else { "s" });
    }
}

/// A number of a type; an id of none is -1.
pub fn number(out: &mut String, memory: Memory, ty: &str, of: &str, value: u64) {
    let size = memory.size_of(ty).max(1);
    let signed = signed(value, size);
    let unsigned = ty.starts_with('u') && !(signed == -1 && matches!(of, "Uid" | "Gid"));
    let _ = if unsigned {
        write!(out, "{}", value & (u64::MAX >> (64 - 8 * size)))
    } else {
        write!(out, "{signed}")
    };
}

/// An error by name and meaning; those that the kernel keeps to itself are what a signal makes of the call.
fn failure(value: i64) -> String {
    let number = value.unsigned_abs();
    let inside = match number {
        512 => "ERESTARTSYS (To be restarted if SA_RESTART is set)",
        513 => "ERESTARTNOINTR (To be restarted)",
        514 => "ERESTARTNOHAND (To be restarted if no handler)",
        516 => "ERESTART_RESTARTBLOCK (Interrupted by signal)",
        _ => match u16::try_from(number).ok().and_then(Errno::new) {
            Some(errno) if errno.name().is_some() => return format!("-1 {errno:?} ({errno})"),
            _ => return format!("-1 (errno {number})"),
        },
    };
    format!("? {inside}")
}
