//! The constants: sets.tbl and the types of `consts`.

use super::{
    abi::{self, Abi, AbiSet, Target},
    error::{Place, Result},
    table::{Cell, Row, Table},
};
use std::fmt::Write as _;

/// A type: bits that join, or one of several values.
pub struct Set<'a> {
    pub name: &'a str,
    flags: bool,
    integer: Integer,
    prefixes: Vec<&'a str>,
    headers: &'a str,
    text: &'a str,
    pub members: Vec<Member<'a>>,
    place: Place<'a>,
}

/// A constant: its name in C, and the bits of its value at the type's width.
pub struct Member<'a> {
    pub name: &'a str,
    pub pattern: u64,
    /// As the table spells it.
    value: &'a str,
    place: Place<'a>,
}

#[derive(Clone, Copy)]
struct Integer {
    rust: &'static str,
    bits: u32,
    signed: bool,
}

/// C's name, Rust's, bits (0 for those of a pointer), and whether it has a sign.
const INTEGERS: [(&str, &str, u32, bool); 11] = [
    ("short", "c_short", 16, true),
    ("int", "c_int", 32, true),
    ("unsigned int", "c_uint", 32, false),
    ("long", "c_long", 0, true),
    ("unsigned long", "c_ulong", 0, false),
    ("umode_t", "c_ushort", 16, false),
    ("__u8", "u8", 8, false),
    ("__u16", "u16", 16, false),
    ("__u32", "u32", 32, false),
    ("__s32", "i32", 32, true),
    ("__u64", "u64", 64, false),
];

/// The target's sets, in the table's order; a set that has no member on the target is left out.
pub fn parse<'a>(table: Table<'a>, abis: &[Abi<'_>], target: Target<'_>) -> Result<Vec<Set<'a>>> {
    let mut sets: Vec<Set<'a>> = Vec::new();
    for row in table.rows() {
        if row.indented {
            let value = row.cell(0, "a value")?;
            let set = sets.last_mut().ok_or_else(|| value.expected("a set before its members"))?;
            member(set, &row, abis, target)?;
        } else {
            let set = head(&row, target)?;
            let before = sets.iter().find(|other| other.name == set.name);
            abi::reject_duplicate(
                before.map(|other| other.place),
                row.cell(0, "the name of a set")?,
                target,
            )?;
            sets.push(set);
        }
    }
    sets.retain(|set| !set.members.is_empty());
    sets.iter().try_for_each(Set::reject_namesakes)?;
    Ok(sets)
}

fn head<'a>(row: &Row<'a>, target: Target<'_>) -> Result<Set<'a>> {
    row.at_most(6)?;
    let name = row.cell(0, "the name of a set")?;
    let kind = row.cell(1, "`flags` or `values`")?;
    let integer = row.cell(2, "an integer type")?;
    let prefixes = row.cell(3, "the prefixes of the members")?;
    Ok(Set {
        name: name.identifier()?,
        flags: match kind.text {
            "flags" => true,
            "values" => false,
            _ => return Err(kind.expected("`flags` or `values`")),
        },
        integer: INTEGERS
            .iter()
            .find(|known| known.0 == integer.text)
            .map(|&(_, rust, bits, signed)| Integer {
                rust,
                bits: if bits == 0 { target.abi.width } else { bits },
                signed,
            })
            .ok_or_else(|| integer.expected("an integer type of C"))?,
        prefixes: prefixes.list().map(|prefix| prefix.text).filter(|&prefix| prefix != "-").collect(),
        headers: row.cell(4, "the headers of the members, or `-`")?.text,
        text: row.cell(5, "what the set is")?.text,
        members: Vec::new(),
        place: name.place,
    })
}

fn member<'a>(set: &mut Set<'a>, row: &Row<'a>, abis: &[Abi<'_>], target: Target<'_>) -> Result<()> {
    row.at_most(3)?;
    let value = row.cell(0, "a value")?;
    let name = row.cell(1, "the name of a constant")?;
    let here = match row.cells.get(2) {
        Some(&column) => AbiSet::parse(column, abis)?.contains(target),
        None => true,
    };
    if here {
        let before = set.members.iter().find(|other| other.name == name.text);
        abi::reject_duplicate(before.map(|other| other.place), name, target)?;
        let pattern = set.integer.pattern(value)?;
        set.members.push(Member { name: name.identifier()?, pattern, value: value.text, place: name.place });
    }
    Ok(())
}

impl Integer {
    fn mask(self) -> u64 {
        u64::MAX >> (64 - self.bits)
    }

    /// The value's bits: in hexadecimal they are given, in decimal they are a number of the type.
    fn pattern(self, cell: Cell<'_>) -> Result<u64> {
        let number = match cell.text.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).map(i128::from),
            None => cell.text.parse(),
        };
        let number = number.map_err(|_| cell.expected("a number"))?;
        let least = if self.signed { -(i128::from(self.mask()) + 1) / 2 } else { 0 };
        if number < least || number > i128::from(self.mask()) {
            return Err(cell.expected(&format!("a number that {} bits hold", self.bits)));
        }
        Ok(number as u64 & self.mask())
    }

    /// The value as a literal of the type.
    fn literal(self, member: &Member<'_>) -> String {
        if self.signed && member.pattern > self.mask() / 2 {
            format!("-{:#x}", (self.mask() - member.pattern) + 1)
        } else {
            member.value.to_owned()
        }
    }
}

impl<'a> Set<'a> {
    /// The integer behind the type, in Rust.
    pub fn integer(&self) -> &'static str {
        self.integer.rust
    }

    /// Whether members join.
    pub fn is_flags(&self) -> bool {
        self.flags
    }

    /// A member's value as a literal of the type.
    pub fn literal(&self, member: &Member<'a>) -> String {
        self.integer.literal(member)
    }

    /// The constant's name: what follows the prefix, unless that is no name.
    fn constant(&self, member: &Member<'a>) -> &'a str {
        let rest = self.prefixes.iter().find_map(|&prefix| member.name.strip_prefix(prefix));
        match rest {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_alphabetic()) => rest,
            Some(rest) if rest.starts_with('_') => rest.trim_start_matches('_'),
            _ => member.name,
        }
    }

    fn reject_namesakes(&self) -> Result<()> {
        for (index, member) in self.members.iter().enumerate() {
            let name = self.constant(member);
            if self.members[..index].iter().any(|other| self.constant(other) == name) {
                let found = format!("`{}`, a second `{name}` of {}", member.name, self.name);
                return Err(member.place.error(found, "a name of its own"));
            }
        }
        Ok(())
    }

    /// What `Debug` reads: the set's name and width, then names and bits, greatest first, so that a member of several bits comes
    /// before its parts; of members that are equal the first.
    fn names(&self) -> String {
        // Put in order by hand: the build script is compiled with every build, and sorting is much code.
        let mut members: Vec<&Member<'_>> = Vec::new();
        for member in &self.members {
            let place = members.iter().position(|other| other.pattern <= member.pattern);
            match place {
                Some(place) if members[place].pattern == member.pattern => {}
                _ => members.insert(place.unwrap_or(members.len()), member),
            }
        }
        let names: Vec<_> =
            members.iter().map(|member| format!("{}={:x}", self.constant(member), member.pattern)).collect();
        format!("{} {} {}", self.name, self.integer.bits, names.join(" "))
    }
}

/// The source of the types, their tags and their constants.
pub fn generate(sets: &[Set<'_>]) -> String {
    let mut out = String::new();
    let mut tags = String::from("tags! {\n");
    for set in sets {
        set.generate(&mut out);
        writeln!(tags, "    {} {:?}", set.name, set.names()).unwrap();
    }
    out + &tags + "}\n"
}

impl Set<'_> {
    fn generate(&self, out: &mut String) {
        let &Self { name, text, headers, integer, .. } = self;
        writeln!(out, "/// {text}").unwrap();
        if headers != "-" {
            writeln!(out, "///\n/// From `{}`.", headers.replace(',', "`, `")).unwrap();
        }
        let kind = if self.flags { "Flags" } else { "Values" };
        writeln!(out, "pub type {name} = {kind}<{}, Of<tag::{name}>>;\n\nimpl {name} {{", integer.rust)
            .unwrap();
        for member in &self.members {
            let constant = self.constant(member);
            writeln!(out, "    /// `{}`", member.name).unwrap();
            if constant != member.name {
                writeln!(out, "    #[doc(alias = {:?})]", member.name).unwrap();
            }
            let value = self.integer.literal(member);
            writeln!(out, "    pub const {constant}: Self = Self({value}, PhantomData);").unwrap();
        }
        out.push_str("}\n\n");
    }
}
