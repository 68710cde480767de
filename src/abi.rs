//! The calls of every ABI, as data: numbers, names, prototypes and registers, whatever the program itself is compiled for.
//!
//! For tools that look at other programs, or make filters for them. What a program calls itself is [`Sysno`](crate::Sysno) and [`raw`](crate::raw).
//!
//! ```
//! use ring3::abi;
//!
//! let write = abi::RISCV64.by_name("write").unwrap();
//! assert_eq!(write.number(), 64);
//! assert_eq!(write.to_string(), "long write(unsigned int fd, const char *buf, size_t count)");
//! assert_eq!(write.arguments().nth(1).unwrap().registers(), ["a1"]);
//!
//! // The same at compile time.
//! const EXIT_GROUP: u32 = abi::I386.by_name("exit_group").unwrap().number();
//! assert_eq!(EXIT_GROUP, 252);
//! ```
//!
//! What the arguments are, paths, buffers, flags, structs, is [`Call::form`]; [`Abi::set`] has the constants, [`Abi::layout`] the structs.
//!
//! All strings stand once in the program, and lists that nothing asks for are left out by the linker: who asks for numbers by name carries no prototypes.

mod call;
mod meaning;

pub use call::{Argument, Arguments, Call};
pub use meaning::{Field, Form, Half, Layout, Length, Meaning, Memory, Set};

use crate::text::part;
use core::{
    fmt::{self, Write as _},
    ptr,
};

/// An ABI of the kernel: what its machines' programs make calls by, and the calls.
#[non_exhaustive]
pub struct Abi {
    name: &'static str,
    instruction: &'static str,
    number: &'static str,
    arguments: &'static [&'static str],
    result: &'static str,
    width: u8,
    word: u8,
    pairs: Pairs,
    offset: u32,
    audit_arch: u32,
    since: Version,
    coverage: Coverage,
    rows: &'static [Row],
}

/// How a 64-bit argument travels.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pairs {
    /// In one register.
    None,
    /// In the next two.
    Any,
    /// In two, the first of which is even.
    Even,
}

/// A number, in their order; the position of what is known of it in the lists below; and the row whose name has the row's place in the order of names.
struct Row(u32, u16, u16);

/// Where in [`NAMES`] it begins, and its length.
struct Name(u16, u8);

/// Where in [`PROTOTYPES`] the type of the result begins, with the parameters right after it.
struct Prototype {
    start: u16,
    result: u8,
    parameters: u8,
    count: u8,
    /// A bit for each 64-bit parameter of an ABI with 32-bit registers.
    wide: u8,
}

/// How much of an ABI's table this crate has functions for, were it compiled for the ABI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// Functions of [`raw`](crate::raw).
    pub raw: u16,
    /// Safe functions of [`sys`](crate::sys).
    pub safe: u16,
    /// Unsafe functions of [`sys`](crate::sys).
    pub hazardous: u16,
    /// Live numbers that `sys` has no function for, for a reason that `tables/contracts.tbl` says.
    pub omitted: u16,
    /// Live numbers that nobody has described yet.
    pub todo: u16,
}

/// A release of Linux.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version([u8; 3]);

impl Abi {
    /// The ABI that the program is compiled for: [`NATIVE`].
    #[must_use]
    #[inline]
    pub const fn native() -> &'static Self {
        NATIVE
    }

    /// The ABI of this name.
    #[must_use]
    pub fn by_abi_name(name: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|abi| abi.name == name)
    }

    /// The name, as in the tables: `x86_64`, `mips_o32`.
    #[must_use]
    #[inline]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The instruction that makes a call.
    #[must_use]
    #[inline]
    pub const fn instruction(&self) -> &'static str {
        self.instruction
    }

    /// The register of the call's number.
    #[must_use]
    #[inline]
    pub const fn number_register(&self) -> &'static str {
        self.number
    }

    /// The registers of the arguments, in their order. A word on the stack is `16(sp)`.
    #[must_use]
    #[inline]
    pub const fn argument_registers(&self) -> &'static [&'static str] {
        self.arguments
    }

    /// The register of the result.
    #[must_use]
    #[inline]
    pub const fn result_register(&self) -> &'static str {
        self.result
    }

    /// Bits of a pointer, and of C's `long`.
    #[must_use]
    #[inline]
    pub const fn pointer_width(&self) -> u32 {
        self.width as u32
    }

    /// Bits of a register that holds an argument: more than those of a pointer on x32 and mips n32.
    #[must_use]
    #[inline]
    pub const fn register_width(&self) -> u32 {
        self.word as u32
    }

    /// `AUDIT_ARCH_*`: what a filter of seccomp, audit and ptrace know the ABI by. Where machines of both byte orders have the ABI, that of the target's.
    ///
    /// It is one for ABIs that make calls by the same entry to the kernel: x32 has that of x86_64, and differs by [`number_base`](Self::number_base). A filter for
    /// the one has to refuse the numbers of the other.
    #[must_use]
    #[inline]
    pub const fn audit_arch(&self) -> u32 {
        self.audit_arch
    }

    /// What the kernel adds to a number of its table: the bit `0x4000_0000` on x32, thousands on mips, else 0. [`Call::number`] has it in it.
    #[must_use]
    #[inline]
    pub const fn number_base(&self) -> u32 {
        self.offset
    }

    /// The first release that has the ABI; of what is older than 2.6, the series.
    #[must_use]
    #[inline]
    pub const fn since(&self) -> Version {
        self.since
    }

    /// How much of the ABI this crate has functions for.
    #[must_use]
    #[inline]
    pub const fn coverage(&self) -> Coverage {
        self.coverage
    }

    /// The call of this number, as it goes into the register.
    #[must_use]
    pub const fn by_number(&'static self, number: u32) -> Option<Call> {
        let (mut low, mut high) = (0, self.rows.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.rows[middle].0 < number {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if low < self.rows.len() && self.rows[low].0 == number { Some(self.call(low)) } else { None }
    }

    /// The call of this name, as the kernel's table has it: `newfstatat`.
    #[must_use]
    pub const fn by_name(&'static self, name: &str) -> Option<Call> {
        let (mut low, mut high) = (0, self.rows.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let call = self.call(self.rows[middle].2 as usize);
            match compare(call.name().as_bytes(), name.as_bytes()) {
                0 => return Some(call),
                1.. => high = middle,
                _ => low = middle + 1,
            }
        }
        None
    }

    /// All numbers of the ABI, in their order, also those without a call behind them.
    pub fn calls(&'static self) -> impl ExactSizeIterator<Item = Call> + DoubleEndedIterator + Clone {
        (0..self.rows.len()).map(|row| self.call(row))
    }

    #[expect(clippy::cast_possible_truncation, reason = "no table has so many rows")]
    const fn call(&'static self, row: usize) -> Call {
        Call::new(self, row as u16)
    }
}

/// Which of two strings comes first.
const fn compare(one: &[u8], other: &[u8]) -> i32 {
    let mut index = 0;
    while index < one.len() && index < other.len() {
        if one[index] != other[index] {
            return one[index] as i32 - other[index] as i32;
        }
        index += 1;
    }
    if one.len() == other.len() {
        0
    } else if one.len() > other.len() {
        1
    } else {
        -1
    }
}

impl PartialEq for Abi {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self, other)
    }
}

impl Eq for Abi {}

impl fmt::Debug for Abi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Abi({})", self.name)
    }
}

impl fmt::Display for Abi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

impl Name {
    const fn text(&self) -> &'static str {
        // SAFETY: the name begins there and is that long.
        unsafe { part(NAMES, self.0 as usize, self.1 as usize) }
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// `5.1`, `2.6.28`, in a column if a width is asked for.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Text { bytes: [0; 11], length: 0 };
        let [major, minor, patch] = self.0;
        write!(text, "{major}.{minor}")?;
        if patch != 0 {
            write!(text, ".{patch}")?;
        }
        f.pad(str::from_utf8(&text.bytes[..text.length]).unwrap_or_default())
    }
}

/// Room for a release.
struct Text {
    bytes: [u8; 11],
    length: usize,
}

impl fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

include!(concat!(env!("OUT_DIR"), "/abis.rs"));
