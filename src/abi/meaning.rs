//! What the arguments and the result of a call are, for who prints calls that others make.

use super::{Abi, Call};
use crate::text::part;

/// Where in [`TEXT`] a name begins, its length, the bits of the ABIs, where the lines begin, and their length.
struct Entry(u32, u8, u32, u32, u32);

/// What one argument, or the result, is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Meaning {
    /// Nothing: the call does not look at it here.
    Unused,
    /// A descriptor.
    Descriptor,
    /// A path, up to a zero.
    Path,
    /// Another string, up to a zero.
    String,
    /// A list of pointers to strings, up to a null.
    Strings,
    /// A value of this set.
    Set(&'static str),
    /// This constant.
    Constant(&'static str),
    /// A number of this type, `u8` to `u64`, `usize` and their signed kin; what it is the number of, as `Pid`, or nothing.
    Integer(&'static str, &'static str),
    /// An address that leads to nothing that is known.
    Address,
    /// Any word.
    Word,
    /// A half of a 64-bit number, the lower one first, whatever the registers' width: the upper one is nothing by itself.
    Half(Half),
    /// The call does not return.
    Never,
    /// What an address leads to.
    Memory(Memory),
}

/// Which half of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// The lower one.
    Low,
    /// The upper one.
    High,
}

/// Memory that an argument leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Whether the call reads it.
    pub reads: bool,
    /// Whether the call writes it.
    pub writes: bool,
    /// What one element is: an integer with what it is the number of (`i32:WaitStatus`), or the name of a struct, which [`Abi::layout`] may know; `slices`
    /// are `iovec`s whose memory is meant, `bits` words as a set of bits, `fd` descriptors, `ptr` pointers, `futex` a word that others change, too.
    pub element: &'static str,
    /// How many elements there are.
    pub length: Length,
    /// Whether the result is how many of them the call has written.
    pub result: bool,
}

/// How many elements memory has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// So many.
    Fixed(usize),
    /// As many as this argument says.
    Argument(usize),
    /// As many as the number says that this argument leads to.
    Behind(usize),
}

/// One form of a call: what it means with some arguments.
#[derive(Clone, Copy)]
pub struct Form {
    text: &'static str,
}

impl Call {
    /// What the call means with these arguments, those of the prototype in their order. None for a number without a call behind it.
    ///
    /// ```
    /// use ring3::abi::{self, Meaning};
    ///
    /// let fcntl = abi::X86_64.by_name("fcntl").unwrap();
    /// let f_getfl = fcntl.form(&[0, 3, 0]).unwrap();
    /// assert_eq!(f_getfl.arguments().nth(1), Some(Meaning::Constant("F_GETFL")));
    /// assert_eq!(f_getfl.result(), Meaning::Set("O"));
    ///
    /// let flags = abi::ARM.set("O").unwrap();
    /// assert!(flags.entries().any(|member| member == ("O_DIRECTORY", 0x4000)));
    /// let timespec = abi::ARM.layout("old_timespec32").unwrap();
    /// assert_eq!(timespec.fields().map(|field| field.offset).collect::<Vec<_>>(), [0, 4]);
    /// ```
    #[must_use]
    pub fn form(self, arguments: &[u64]) -> Option<Form> {
        let mut lines = self.abi().lines(&ROWS, self.name())?.lines();
        let any = lines.next()?;
        let fits = |line: &&str| {
            let conditions = line.split('\t').next().unwrap_or_default();
            conditions.split(',').all(|condition| fits(condition, arguments) == Some(true))
        };
        let text = lines.find(fits).unwrap_or(any);
        Some(Form { text: text.split_once('\t').map_or("", |(_, rest)| rest) })
    }
}

/// Whether an argument has the value that `INDEX=VALUE` or `INDEX=VALUE/MASK` wants, in the low 32 bits: all selectors are ints.
fn fits(condition: &str, arguments: &[u64]) -> Option<bool> {
    let (index, value) = condition.split_once('=')?;
    let (value, mask) = value.split_once('/').unwrap_or((value, "0x0"));
    let number = |text: &str| u64::from_str_radix(text.strip_prefix("0x")?, 16).ok();
    let argument = arguments.get(index.parse::<usize>().ok()?)?;
    Some(((argument & !number(mask)?) ^ number(value)?) & 0xffff_ffff == 0)
}

impl Form {
    /// What the result is when the call succeeds.
    #[must_use]
    pub fn result(self) -> Meaning {
        parse(self.text.split('\t').next().unwrap_or_default())
    }

    /// What the arguments are, those of the prototype in their order.
    pub fn arguments(self) -> impl Iterator<Item = Meaning> + Clone {
        self.text.split('\t').skip(1).map(parse)
    }
}

fn parse(cell: &'static str) -> Meaning {
    let mut words = cell.split(' ');
    let head = words.next().unwrap_or_default();
    let rest = words.next();
    let (reads, writes) = match (head, rest) {
        ("fd", _) => return Meaning::Descriptor,
        ("path", _) => return Meaning::Path,
        ("str", _) => return Meaning::String,
        ("strs", _) => return Meaning::Strings,
        ("set", Some(name)) => return Meaning::Set(name),
        ("name", Some(name)) => return Meaning::Constant(name),
        ("addr", _) => return Meaning::Address,
        ("word", _) => return Meaning::Word,
        ("lo", _) => return Meaning::Half(Half::Low),
        ("hi", _) => return Meaning::Half(Half::High),
        ("never", _) => return Meaning::Never,
        ("in", Some(_)) => (true, false),
        ("out", Some(_)) => (false, true),
        ("inout", Some(_)) => (true, true),
        ("-", _) => return Meaning::Unused,
        _ => return Meaning::Integer(head, rest.unwrap_or_default()),
    };
    let mut memory =
        Memory { reads, writes, element: rest.unwrap_or_default(), length: Length::Fixed(1), result: false };
    for word in words {
        let number = |text: &str| text.parse().unwrap_or_default();
        match word.as_bytes().first() {
            Some(b'@') => memory.length = Length::Argument(number(&word[1..])),
            Some(b'*') => memory.length = Length::Behind(number(&word[1..])),
            Some(b'r') => memory.result = true,
            _ => memory.length = Length::Fixed(number(word)),
        }
    }
    Meaning::Memory(memory)
}

/// A field of a struct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// In bytes, from the start of the struct.
    pub offset: usize,
    /// An integer type of Rust, `addr`, or the name of another struct.
    pub ty: &'static str,
    /// How many there are in a row.
    pub count: usize,
    /// The name.
    pub name: &'static str,
}

/// A struct of an ABI.
#[derive(Clone, Copy)]
pub struct Layout {
    text: &'static str,
}

impl Layout {
    /// The size in bytes.
    #[must_use]
    pub fn size(self) -> usize {
        self.text.split('\t').next().and_then(|size| size.parse().ok()).unwrap_or_default()
    }

    /// The fields, in their order; those of a union have one offset.
    pub fn fields(self) -> impl Iterator<Item = Field> + Clone {
        self.text.lines().skip(1).filter_map(|line| {
            let mut cells = line.split('\t');
            let (offset, ty, name) = (cells.next()?, cells.next()?, cells.next()?);
            let mut counts = ty.split(' ');
            let ty = counts.next()?;
            let count = counts.filter_map(|count| count.parse::<usize>().ok()).product();
            Some(Field { offset: offset.parse().ok()?, ty, count, name })
        })
    }
}

/// A set of constants as an ABI has them.
#[derive(Clone, Copy)]
pub struct Set {
    text: &'static str,
    abi: u32,
    width: u32,
}

impl Set {
    /// Whether members join, as bits or parts of a number.
    #[must_use]
    pub fn is_flags(self) -> bool {
        self.text.starts_with("flags")
    }

    /// The bits of the set's integer.
    #[must_use]
    pub fn width(self) -> u32 {
        let bits = self.text.lines().next().and_then(|line| line.split('\t').nth(1)?.parse().ok());
        bits.filter(|&bits| bits != 0).unwrap_or(self.width)
    }

    /// The members: names in C, and values, in the table's order.
    pub fn entries(self) -> impl Iterator<Item = (&'static str, u64)> + Clone {
        let mask = u64::MAX >> (64 - self.width());
        self.text.lines().skip(1).filter_map(move |line| {
            let mut cells = line.split('\t');
            let (value, abis, name) = (cells.next()?, cells.next()?, cells.next()?);
            let here = u32::from_str_radix(abis, 16).ok()? & self.abi != 0;
            here.then_some((name, u64::from_str_radix(value, 16).ok()? & mask))
        })
    }
}

impl Abi {
    /// A struct that calls of the ABI take, by C's name.
    #[must_use]
    pub fn layout(&self, name: &str) -> Option<Layout> {
        self.lines(&STRUCTS, name).map(|text| Layout { text })
    }

    /// A set of constants, by its name: `O`.
    #[must_use]
    pub fn set(&self, name: &str) -> Option<Set> {
        let text = self.lines(&SETS, name)?;
        Some(Set { text, abi: self.bit(), width: self.pointer_width() })
    }

    fn bit(&self) -> u32 {
        NAMES.iter().position(|&name| name == self.name()).map_or(0, |place| 1 << place)
    }

    /// The lines of an entry.
    fn lines(&self, list: &'static [Entry], name: &str) -> Option<&'static str> {
        let bit = self.bit();
        let first = list.partition_point(|entry| entry.name() < name);
        let same = list[first..].iter().take_while(|entry| entry.name() == name);
        let Entry(_, _, _, start, length) = same.into_iter().find(|entry| entry.2 & bit != 0)?;
        // SAFETY: the lines begin there and are that long.
        Some(unsafe { part(TEXT, *start as usize, *length as usize) })
    }
}

impl Entry {
    fn name(&self) -> &'static str {
        // SAFETY: the name begins there and is that long.
        unsafe { part(TEXT, self.0 as usize, self.1 as usize) }
    }
}

include!(concat!(env!("OUT_DIR"), "/decode.rs"));
