//! A call of an ABI: its number and names, its prototype, its arguments and where they travel.

use super::{Abi, ENTRY, NAME, PROTOTYPE, PROTOTYPES, Pairs, Prototype, SINCE, Version, compare};
use crate::text::part;
use core::fmt;

/// A number of an ABI, and what is known of it.
#[derive(Clone, Copy)]
pub struct Call {
    abi: &'static Abi,
    row: u16,
}

impl Call {
    pub(super) const fn new(abi: &'static Abi, row: u16) -> Self {
        Self { abi, row }
    }

    /// The ABI whose call it is.
    #[must_use]
    #[inline]
    pub const fn abi(self) -> &'static Abi {
        self.abi
    }

    /// The number, as it goes into the register.
    #[must_use]
    #[inline]
    pub const fn number(self) -> u32 {
        self.abi.rows[self.row as usize].0
    }

    /// The name, as the kernel's table has it.
    #[must_use]
    #[inline]
    pub const fn name(self) -> &'static str {
        NAME[self.description()].text()
    }

    /// The kernel's function, if there is one behind the number: the prototype is its own.
    #[must_use]
    #[inline]
    pub const fn entry(self) -> Option<&'static str> {
        if self.is_live() { Some(ENTRY[self.description()].text()) } else { None }
    }

    /// Whether there is a call behind the number.
    #[must_use]
    #[inline]
    pub const fn is_live(self) -> bool {
        ENTRY[self.description()].1 != 0
    }

    /// The type of the result, as C spells it; empty where no call is behind the number.
    #[must_use]
    #[inline]
    pub const fn result(self) -> &'static str {
        let Prototype { start, result, .. } = PROTOTYPE[self.description()];
        // SAFETY: the type begins there and is that long.
        unsafe { part(PROTOTYPES, start as usize, result as usize) }
    }

    /// The parameters as C spells them, or `void`; in braces where one pointer leads to a block that they stand in. Empty where no call is behind the number.
    #[must_use]
    #[inline]
    pub const fn parameters(self) -> &'static str {
        let Prototype { start, result, parameters, .. } = PROTOTYPE[self.description()];
        // SAFETY: the parameters stand right after the type, and are that long.
        unsafe { part(PROTOTYPES, start as usize + result as usize, parameters as usize) }
    }

    /// The arguments with the registers that they travel in. A block is one.
    #[must_use]
    #[inline]
    pub const fn arguments(self) -> Arguments {
        let Prototype { count, wide, .. } = PROTOTYPE[self.description()];
        Arguments { abi: self.abi, rest: self.parameters(), count, wide, register: 0 }
    }

    /// The first release with the call on the ABI, as far as it is known: of what is older than 2.6, the series.
    ///
    /// Where nothing says otherwise, it is that of the first ABI with the call, or of the ABI itself, whichever is later.
    #[must_use]
    pub const fn since(self) -> Option<Version> {
        let (call, abi) = (SINCE[self.description()], self.abi.since);
        match call.0[0] {
            0 => None,
            _ if compare(&call.0, &abi.0) > 0 => Some(call),
            _ => Some(abi),
        }
    }

    /// The position in the lists.
    const fn description(self) -> usize {
        self.abi.rows[self.row as usize].1 as usize
    }
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        self.abi == other.abi && self.row == other.row
    }
}

impl Eq for Call {}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({}, {}, {})", self.abi, self.number(), self.name())
    }
}

/// The prototype, with the call's own name: `long write(unsigned int fd, const char *buf, size_t count)`.
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_live() {
            write!(f, "{} {}({})", self.result(), self.name(), self.parameters())
        } else {
            f.write_str(self.name())
        }
    }
}

/// The arguments of a call, in the order of the prototype.
#[derive(Clone)]
pub struct Arguments {
    abi: &'static Abi,
    rest: &'static str,
    count: u8,
    wide: u8,
    /// How many registers are taken.
    register: usize,
}

/// An argument of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument {
    declaration: &'static str,
    registers: &'static [&'static str],
}

impl Iterator for Arguments {
    type Item = Argument;

    fn next(&mut self) -> Option<Argument> {
        self.count = self.count.checked_sub(1)?;
        // The last one goes to the end, and so does a block.
        let end =
            if self.count == 0 { self.rest.len() } else { self.rest.find(", ").unwrap_or(self.rest.len()) };
        let (declaration, rest) = self.rest.split_at(end);
        self.rest = rest.strip_prefix(", ").unwrap_or(rest);
        let wide = self.wide & 1 != 0;
        self.wide >>= 1;
        if wide && self.abi.pairs == Pairs::Even {
            self.register += self.register % 2;
        }
        let first = self.register;
        self.register += if wide && self.abi.pairs != Pairs::None { 2 } else { 1 };
        Some(Argument { declaration, registers: &self.abi.arguments[first..self.register] })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.count.into(), Some(self.count.into()))
    }
}

impl ExactSizeIterator for Arguments {}

impl Argument {
    /// The declaration in C: `const char *buf`.
    #[must_use]
    #[inline]
    pub const fn declaration(&self) -> &'static str {
        self.declaration
    }

    /// The name of the parameter: `buf`. Empty for a block.
    #[must_use]
    pub fn name(&self) -> &'static str {
        let end = self.declaration.trim_end_matches(']').trim_end_matches(|c: char| c.is_ascii_digit());
        let name = end.strip_suffix('[').unwrap_or(self.declaration);
        let start = name.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        &name[start..]
    }

    /// The register, or the two that a 64-bit value is split over: the low half first, on a big-endian machine the high one.
    #[must_use]
    #[inline]
    pub const fn registers(&self) -> &'static [&'static str] {
        self.registers
    }
}
