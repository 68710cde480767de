//! `abi`'s meanings of arguments, for the feature `tables`: decode.tbl and sets.tbl as data, for every ABI at once.
//!
//! As in the other lists of `abi` nothing holds an address: an entry says where its name and its lines begin in one text. An ABI is a bit, by its place in abi.tbl.

use crate::codegen::{
    Tables,
    abi::{Abi, AbiSet, Target},
    error::Result,
    table::{Cell, Row},
};
use std::{collections::HashMap, fmt::Write as _};

/// The text, and the entries that lead into it.
#[derive(Default)]
struct Lists {
    text: String,
    starts: HashMap<String, usize>,
}

/// A call, struct or set on some ABIs: its lines.
struct Entry {
    name: String,
    abis: u32,
    lines: String,
}

/// The source of the data.
pub fn generate(tables: Tables<'_>, abis: &[Abi<'_>]) -> Result<String> {
    let (mut rows, mut structs) = (Vec::new(), Vec::new());
    let mut in_struct = false;
    for row in tables.get("decode.tbl")?.rows() {
        let head = row.cell(0, "a call, a struct, or a line of one")?;
        if row.indented {
            let list: &mut Vec<Entry> = if in_struct { &mut structs } else { &mut rows };
            let entry =
                list.last_mut().ok_or_else(|| head.expected("a call or a struct before its lines"))?;
            let cells: Vec<_> = row.cells.iter().map(|cell| cell.text).collect();
            entry.lines += &(cells.join("\t") + "\n");
            continue;
        }
        row.at_most(2)?;
        let name = head.text.strip_prefix("struct ");
        in_struct = name.is_some();
        let entry = Entry {
            name: name.unwrap_or(head.text).to_owned(),
            abis: mask(row.cell(1, "ABIs")?, abis)?,
            lines: String::new(),
        };
        if in_struct { &mut structs } else { &mut rows }.push(entry);
    }
    let mut sets: Vec<Entry> = Vec::new();
    for row in tables.get("sets.tbl")?.rows() {
        let head = row.cell(0, "a set or a member")?;
        match sets.last_mut() {
            Some(set) if row.indented => set.lines += &member(&row, abis)?,
            None if row.indented => return Err(head.expected("a set before its members")),
            _ => sets.push(set(&row)?),
        }
    }
    let mut lists = Lists::default();
    let mut out = String::new();
    for (name, mut entries) in [("ROWS", rows), ("STRUCTS", structs), ("SETS", sets)] {
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        write!(out, "/// By name.\nstatic {name}: [Entry; {}] = [", entries.len()).unwrap();
        for Entry { name, abis, lines } in &entries {
            let (start, text) = (lists.add(name), lists.add(lines));
            write!(out, "Entry({start},{},{abis:#x},{text},{}),", name.len(), lines.len()).unwrap();
        }
        out += "];\n\n";
    }
    let names: String = abis.iter().map(|abi| format!("{:?}, ", abi.name)).collect();
    writeln!(
        out,
        "static NAMES: [&str; {}] = [{names}];\n\nconst TEXT: &str = {:?};",
        abis.len(),
        lists.text
    )
    .unwrap();
    Ok(out)
}

impl Lists {
    /// Where a text begins.
    fn add(&mut self, text: &str) -> usize {
        if let Some(&start) = self.starts.get(text) {
            return start;
        }
        let start = self.text.len();
        self.text += text;
        self.starts.insert(text.to_owned(), start);
        start
    }
}

/// A set, whose first line is whether its members join, and the bits of its integer, 0 for those of a pointer.
fn set(row: &Row<'_>) -> Result<Entry> {
    let (name, kind) = (row.cell(0, "the name of a set")?, row.cell(1, "`flags` or `values`")?);
    let bits = match row.cell(2, "an integer type")?.text {
        "__u8" => 8,
        "short" | "umode_t" | "__u16" => 16,
        "__u64" => 64,
        "long" | "unsigned long" => 0,
        _ => 32,
    };
    Ok(Entry { name: name.text.to_owned(), abis: u32::MAX, lines: format!("{}\t{bits}\n", kind.text) })
}

/// A member's value, ABIs and name.
fn member(row: &Row<'_>, abis: &[Abi<'_>]) -> Result<String> {
    let (value, name) = (row.cell(0, "a value")?, row.cell(1, "the name of a constant")?);
    let number = match value.text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => value.text.parse::<i64>().ok().map(|number| number as u64),
    };
    let number = number.ok_or_else(|| value.expected("a number"))?;
    let mask = row.cells.get(2).map_or(Ok(u32::MAX), |&column| mask(column, abis))?;
    Ok(format!("{number:x}\t{mask:x}\t{}\n", name.text))
}

/// The bits of the ABIs that a column names, in either byte order.
fn mask(column: Cell<'_>, abis: &[Abi<'_>]) -> Result<u32> {
    let set = AbiSet::parse(column, abis)?;
    let has = |abi| [false, true].into_iter().any(|big_endian| set.contains(Target { abi, big_endian }));
    Ok(abis.iter().enumerate().filter(|(_, abi)| has(abi)).fold(0, |all, (bit, _)| all | 1 << bit))
}
