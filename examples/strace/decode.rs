//! A call in strace's words: its arguments, as far as they are known when it begins, the others when it ends, and its result.

use crate::{
    answer::{self, Answer},
    memory::{Memory, integer, signed},
    multiplexed, sets, show, special,
    strings::{PATH_MAX, string, strings, variables},
    structs,
    text::{self, SHOWN},
    views::{self, View},
};
use alloc::{format, string::String, vec::Vec};
use core::fmt::Write as _;
use ring3::abi::{Abi, Call, Half, Length, Meaning};

/// The working directory in the place of a descriptor.
const AT_FDCWD: i32 = -100;

/// An argument that is printed.
#[derive(Clone, Copy)]
pub struct Argument {
    /// `flags=` where arguments have names, else nothing.
    pub label: &'static str,
    pub meaning: Meaning,
    pub view: View,
    /// Which one of the prototype's it is.
    pub place: usize,
    pub value: u64,
    /// Of a length that the call changes: what it was before.
    pub kept: u64,
}

impl Argument {
    pub fn new(meaning: Meaning, value: u64) -> Self {
        Self { label: "", meaning, view: View::Plain, place: usize::MAX, value, kept: 0 }
    }

    /// Whether the end of the call alone tells what it leads to.
    fn is_late(&self) -> bool {
        match self.meaning {
            Meaning::Memory(to) => to.writes && !matches!(self.view, View::Before | View::Change),
            Meaning::Address => self.view == View::Chosen,
            _ => false,
        }
    }
}

/// A call that is being made.
pub struct Shown {
    pub name: String,
    pub call: Option<Call>,
    /// The arguments that are printed, and what they are.
    pub arguments: Vec<Argument>,
    /// All arguments of the prototype: what the first ones are numbers of.
    pub values: Vec<u64>,
    pub result: Meaning,
    /// How many are printed already.
    printed: usize,
    /// Whether the next one's beginning is, too.
    begun: bool,
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
        let mut values = call.map_or_else(|| registers.to_vec(), |call| values(call, registers));
        let mut call = call;
        if let Some((inner, its)) = call.and_then(|call| multiplexed::inner(memory, call, &values)) {
            (call, values) = (Some(inner), its);
        }
        let mut shown = Self {
            name: call.map_or_else(|| format!("syscall_{number:#x}"), |call| call.name().into()),
            call,
            arguments: Vec::new(),
            values,
            result: Meaning::Integer("isize", ""),
            printed: 0,
            begun: false,
        };
        match call.and_then(|call| Some((call, call.form(&shown.values)?))) {
            Some((call, form)) => {
                shown.result = form.result();
                shown.arguments = match special::arguments(memory, call, &shown.values, stack) {
                    Some(arguments) => arguments,
                    None => printed(memory.abi, call.name(), form.arguments().collect(), &shown.values),
                };
            }
            None => shown.arguments.extend(
                registers
                    .iter()
                    .map(|&value| Argument { view: View::Hex, ..Argument::new(Meaning::Word, value) }),
            ),
        }
        for argument in &mut shown.arguments {
            argument.kept = show::kept(memory, argument);
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
        (rest, answer::text(self, memory, answer))
    }

    fn print(&mut self, out: &mut String, memory: Memory, answer: Option<Answer>) {
        let first = self.printed;
        while let Some(&argument) = self.arguments.get(self.printed) {
            if answer.is_none() && argument.value != 0 && argument.is_late() {
                break;
            }
            if self.printed > first {
                out.push_str(", ");
            }
            if !self.begun {
                out.push_str(argument.label);
                self.argument(out, memory, &argument, answer);
            }
            if matches!(argument.view, View::Change | View::Filled) {
                let Some(answer) = answer else {
                    self.begun = true;
                    return;
                };
                self.begun = false;
                show::change(out, memory, &argument, answer);
            }
            self.printed += 1;
        }
        // The comma stands before what waits for the end.
        if self.printed > first && self.printed < self.arguments.len() {
            out.push_str(", ");
        }
    }

    fn argument(&self, out: &mut String, memory: Memory, argument: &Argument, answer: Option<Answer>) {
        let Argument { meaning, view, value, .. } = *argument;
        let failed = answer.is_some_and(|answer| answer.is_error);
        let count = match meaning {
            Meaning::Memory(to) if failed && to.writes || value == 0 || to.element == "futex" => None,
            Meaning::Memory(to) => self.count(memory, to.length, to.result, answer),
            _ => None,
        };
        let place = show::Place { memory, argument, values: &self.values, count, answer };
        if show::show(out, &place) {
            return;
        }
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
            Meaning::Set(name) => sets::constant(out, memory.abi, name, value),
            Meaning::Constant(name) => out.push_str(name),
            Meaning::Integer(_, of) if special::number(out, memory, of, value) => {}
            Meaning::Integer(ty, of) => number(out, memory, ty, of, value),
            Meaning::Half(_) => {
                let _ = write!(out, "{}", value as i64);
            }
            Meaning::Memory(mut to) => {
                to.writes &= !matches!(view, View::Before | View::Change);
                let result = answer.map(|answer| answer.value);
                let known = count.is_some_and(|count| {
                    let mut text = String::new();
                    let known = structs::memory(&mut text, memory, to, value, count, result).is_ok();
                    out.push_str(if known { &text } else { "" });
                    known
                });
                if !known {
                    text::address(out, value);
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
                let size = integer(&memory.bytes(*self.values.get(index)?, 4).ok()?) as usize;
                let before = self.arguments.iter().find(|argument| argument.place == index);
                before.map_or(size, |before| size.min(before.kept as usize))
            }
        };
        match answer {
            Some(answer) if result => Some(usize::try_from(answer.value).ok()?.min(room)),
            _ => Some(room),
        }
    }
}

/// The arguments that strace prints: without those that nothing looks at.
fn printed(abi: &Abi, call: &str, meanings: Vec<Meaning>, values: &[u64]) -> Vec<Argument> {
    let mut arguments: Vec<Argument> = Vec::new();
    let mut low = 0;
    for (place, (meaning, &value)) in meanings.into_iter().zip(values).enumerate() {
        let before = arguments.last();
        let (meaning, value) = match meaning {
            Meaning::Unused if before.is_some_and(|before| special::keeps(abi, before)) => {
                (Meaning::Address, value)
            }
            Meaning::Unused => continue,
            Meaning::Half(Half::Low) => {
                low = value;
                continue;
            }
            Meaning::Half(Half::High) if abi.pointer_width() == 64 => (Meaning::Half(Half::Low), low),
            Meaning::Half(Half::High) => (Meaning::Half(Half::Low), low & 0xffff_ffff | value << 32),
            _ if before.is_some_and(|before| special::drops(abi, before, meaning)) => continue,
            meaning => (meaning, value),
        };
        arguments.push(Argument { view: views::of(call, place), place, ..Argument::new(meaning, value) });
    }
    arguments
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
