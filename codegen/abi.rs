//! The ABI model: abi.tbl, and which rows of the other tables are an ABI's.

use super::{
    error::{Place, Result},
    table::{Cell, Row, Table},
};

/// A row of abi.tbl.
pub struct Abi<'a> {
    pub name: &'a str,
    pub arch: Vec<&'a str>,
    /// Bits of a pointer.
    pub width: u32,
    /// Bits of a register that holds an argument.
    pub word: u32,
    pub pairs: Pairs,
    /// The unit of mmap2's offset.
    pub mmap2: Option<&'a str>,
    /// Added to a number of the table.
    pub offset: u32,
    /// The tags of its rows; none means all.
    pub tags: Vec<&'a str>,
    pub tables: Vec<&'a str>,
    /// The byte orders, `le` and `be`.
    orders: Vec<&'a str>,
    /// The largest alignment of an integer in a struct, in bytes.
    pub align: u32,
}

/// How a 64-bit argument travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairs {
    /// In one register.
    None,
    /// In the next two.
    Any,
    /// In two, the first of which is even; a register before it may stay empty.
    Even,
}

/// An ABI in one of its byte orders.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    pub abi: &'a Abi<'a>,
    pub big_endian: bool,
}

pub fn parse(table: Table<'_>) -> Result<Vec<Abi<'_>>> {
    table.rows().map(|row| parse_row(&row)).collect()
}

fn parse_row<'a>(row: &Row<'a>) -> Result<Abi<'a>> {
    let width = |index, what| {
        let cell = row.cell(index, what)?;
        match cell.number()? {
            bits @ (32 | 64) => Ok(bits),
            _ => Err(cell.expected("32 or 64")),
        }
    };
    let pairs = row.cell(4, "the pairing of 64-bit arguments")?;
    let tags = row.cell(7, "the tags of the ABI's rows")?;
    let triples = row.cell(10, "the target triples for the layout of types")?;
    let order = |triple: Cell<'a>| match triple.text.split_once(':') {
        Some((order @ ("le" | "be"), _)) => Ok(order),
        _ => Err(triple.expected("`le:TRIPLE` or `be:TRIPLE`")),
    };
    let abi = Abi {
        name: row.cell(0, "the name of an ABI")?.identifier()?,
        arch: row.cell(1, "target_arch")?.text.split(',').collect(),
        width: width(2, "target_pointer_width")?,
        word: width(3, "the bits of a register")?,
        pairs: match pairs.text {
            "-" => Pairs::None,
            "any" => Pairs::Any,
            "even" => Pairs::Even,
            _ => return Err(pairs.expected("`-`, `any` or `even`")),
        },
        mmap2: Some(row.cell(5, "the unit of mmap2")?.text).filter(|&unit| unit != "-"),
        offset: row.cell(6, "the offset of the numbers")?.number()?,
        tags: if tags.text == "*" { Vec::new() } else { tags.text.split(',').collect() },
        tables: row.cell(8, "the tables of the numbers")?.text.split(',').collect(),
        orders: triples.list().map(order).collect::<Result<_>>()?,
        align: row.cell(11, "the largest alignment of an integer")?.number()?,
    };
    if (abi.pairs == Pairs::None) != (abi.word == 64) {
        return Err(pairs.expected(&format!("the pairing of an ABI whose registers have {} bits", abi.word)));
    }
    Ok(abi)
}

/// The ABI that a compiler's `target_arch` and `target_pointer_width` select.
pub fn select<'a>(abis: &'a [Abi<'a>], arch: &str, width: u32) -> Option<&'a Abi<'a>> {
    abis.iter().find(|abi| abi.arch.contains(&arch) && abi.width == width)
}

impl<'a> Abi<'a> {
    /// Whether machines of this byte order have the ABI.
    pub fn has_order(&self, big_endian: bool) -> bool {
        self.orders.contains(if big_endian { &"be" } else { &"le" })
    }

    /// Whether a row of a number table with this tag is the ABI's.
    pub fn takes(&self, tag: &str) -> bool {
        self.tags.is_empty() || self.tags.contains(&tag)
    }
}

/// The column ABIS.
pub struct AbiSet<'a>(Option<Vec<(&'a str, Option<bool>)>>);

impl<'a> AbiSet<'a> {
    pub fn parse(cell: Cell<'a>, abis: &[Abi<'_>]) -> Result<Self> {
        if cell.text == "*" {
            return Ok(Self(None));
        }
        let member = |cell: Cell<'a>| {
            let (name, big_endian) = match cell.text.split_once('/') {
                None => (cell.text, None),
                Some((name, "le")) => (name, Some(false)),
                Some((name, "be")) => (name, Some(true)),
                Some(_) => return Err(cell.expected("`/le` or `/be` after the ABI")),
            };
            if abis.iter().any(|abi| abi.name == name) {
                Ok((name, big_endian))
            } else {
                Err(cell.expected("an ABI of abi.tbl"))
            }
        };
        cell.list().map(member).collect::<Result<_>>().map(|members| Self(Some(members)))
    }

    pub fn contains(&self, target: Target<'_>) -> bool {
        self.0.as_ref().is_none_or(|members| {
            members.iter().any(|&(name, order)| {
                name == target.abi.name && order.is_none_or(|big| big == target.big_endian)
            })
        })
    }
}

/// Refuses two rows for the same thing on the same target.
pub fn reject_duplicate(first: Option<Place<'_>>, cell: Cell<'_>, target: Target<'_>) -> Result<()> {
    match first {
        None => Ok(()),
        Some(place) => Err(cell.place.error(
            format!("`{}` again", cell.text),
            format!("one row for {}, which line {} of {} has", target.abi.name, place.line, place.file),
        )),
    }
}
