//! `abi`: the calls of every ABI as data, for the feature `tables`.
//!
//! A string stands once, whichever ABIs have it, and so does a call's description: an ABI's row is a number, the position of the description, and a
//! place in the order of names. Nothing but the ABIs themselves holds an address: a position-independent program has little to relocate, and what
//! asks for names alone carries no prototypes.

mod coverage;
mod releases;

use crate::codegen::{
    Tables,
    abi::{Abi, Pairs, Target},
    error::{Place, Result},
    numbers::Call,
    raw::Model,
    table::{Cell, Row, Table},
};
use coverage::{Coverage, Gaps};
use releases::{Releases, Version, version};
use std::{cmp::Reverse, collections::HashMap, fmt::Write as _};

/// A row of trap.tbl.
struct Trap<'a> {
    audit: u32,
    since: Version,
    instruction: &'a str,
    number: &'a str,
    arguments: Vec<&'a str>,
    result: &'a str,
}

/// Strings in one text, which may be parts of each other: `write` is the end of `sys_write`.
#[derive(Default)]
struct Pool(String);

impl Pool {
    /// Where the string begins.
    fn add(&mut self, string: &str) -> usize {
        self.0.find(string).unwrap_or_else(|| {
            self.0.push_str(string);
            self.0.len() - string.len()
        })
    }
}

/// What is known of a call whatever its number is.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Description<'a> {
    name: &'a str,
    entry: &'a str,
    result: &'a str,
    parameters: &'a str,
    count: usize,
    /// A bit for each parameter that takes two registers.
    wide: u8,
    since: Version,
}

/// The descriptions of all ABIs, each once.
#[derive(Default)]
struct Descriptions<'a> {
    positions: HashMap<Description<'a>, usize>,
    all: Vec<Description<'a>>,
}

/// The source of the data.
pub fn generate<'a>(tables: Tables<'a>, abis: &'a [Abi<'a>], native: Target<'_>) -> Result<String> {
    let releases = Releases::parse(tables, abis)?;
    let gaps = Gaps::parse(tables.get("contracts.tbl")?);
    // The byte order of the target where the ABI has it: another ABI of the same machine has it, too.
    let order = native.big_endian;
    let target =
        |abi: &'a Abi<'a>| Target { abi, big_endian: if abi.has_order(order) { order } else { !order } };
    let targets: Vec<_> = abis.iter().map(target).collect();
    let functions = coverage::functions(tables.get("sys.tbl")?, abis, &targets)?;
    let mut descriptions = Descriptions::default();
    let mut source = String::new();
    for (target, (safe, hazardous)) in targets.into_iter().zip(functions) {
        let trap = trap(tables.get("trap.tbl")?, target)?;
        let (model, _) = tables.model(abis, target)?;
        let calls = tables.calls(target)?;
        let mut rows = Vec::new();
        for call in &calls {
            let description = describe(call, &model, releases.of(call.name, target), &trap)?;
            rows.push((call.number, descriptions.add(description)));
        }
        let mut by_name: Vec<_> = (0..calls.len()).collect();
        by_name.sort_by_key(|&row| calls[row].name);
        let coverage = Coverage { safe, hazardous, ..coverage::rows(&calls, &model.rules, &gaps) };
        declare(&mut source, target.abi, &trap, &rows, &by_name, coverage);
    }
    let names: String = abis.iter().map(|abi| format!("&{}, ", abi.name.to_uppercase())).collect();
    write!(
        source,
        "/// Every ABI of the tables.\npub static ALL: &[&Abi] = &[{names}];\n\n/// The ABI that the program is compiled for.\npub static NATIVE: &Abi = &{};\n\n",
        native.abi.name.to_uppercase()
    )
    .unwrap();
    Ok(source + &descriptions.finish())
}

/// The ABI's constant.
fn declare(
    out: &mut String,
    abi: &Abi<'_>,
    trap: &Trap<'_>,
    rows: &[(u32, usize)],
    by_name: &[usize],
    coverage: Coverage,
) {
    let Coverage { raw, safe, hazardous, omitted, todo } = coverage;
    let Trap { audit, since, instruction, number, arguments, result } = trap;
    let (name, width, word, offset) = (abi.name, abi.width, abi.word, abi.offset);
    let pairs = match abi.pairs {
        Pairs::None => "None",
        Pairs::Any => "Any",
        Pairs::Even => "Even",
    };
    let constant = name.to_uppercase();
    let count = rows.len();
    let rows: String = rows
        .iter()
        .zip(by_name)
        .map(|((number, description), row)| format!("Row({number},{description},{row}),"))
        .collect();
    write!(
        out,
        "/// {name}: {count} numbers.\npub static {constant}: Abi = Abi {{\n    name: {name:?},\n    instruction: {instruction:?},\n    number: {number:?},\n    arguments: &{arguments:?},\n    result: {result:?},\n    width: {width},\n    word: {word},\n    pairs: Pairs::{pairs},\n    offset: {offset},\n    audit_arch: {audit:#x},\n    since: Version({since:?}),\n    coverage: Coverage {{ raw: {raw}, safe: {safe}, hazardous: {hazardous}, omitted: {omitted}, todo: {todo} }},\n    rows: &{constant}_ROWS,\n}};\n\nstatic {constant}_ROWS: [Row; {count}] = [{rows}];\n\n"
    )
    .unwrap();
}

fn describe<'a>(
    call: &Call<'a>,
    model: &Model<'a>,
    since: Version,
    trap: &Trap<'a>,
) -> Result<Description<'a>> {
    let name = call.name;
    let Some(entry) = call.entry else {
        return Ok(Description { name, entry: "", result: "", parameters: "", count: 0, wide: 0, since });
    };
    let prototype = model.prototype(entry)?;
    let (mut wide, mut registers) = (0, 0);
    if prototype.block {
        registers = 1;
    } else {
        for (index, parameter) in prototype.parameters.iter().enumerate() {
            let two = model.is_wide(entry.text, parameter)?;
            if two && model.types.target.abi.pairs == Pairs::Even {
                registers += registers % 2;
            }
            wide |= u8::from(two) << index;
            registers += if two { 2 } else { 1 };
        }
    }
    if registers > trap.arguments.len() {
        let count = trap.arguments.len();
        return Err(entry.expected(&format!("an entry point whose arguments fit in {count} registers")));
    }
    let count = if prototype.block { 1 } else { prototype.parameters.len() };
    Ok(Description {
        name,
        entry: entry.text,
        result: prototype.result.text,
        parameters: prototype.text,
        count,
        wide,
        since,
    })
}

impl<'a> Descriptions<'a> {
    fn add(&mut self, description: Description<'a>) -> usize {
        if let Some(&position) = self.positions.get(&description) {
            return position;
        }
        self.positions.insert(description.clone(), self.all.len());
        self.all.push(description);
        self.all.len() - 1
    }

    /// The lists that the rows lead into, one for each question.
    fn finish(self) -> String {
        let (mut names, mut prototypes) = (Pool::default(), Pool::default());
        let (mut name, mut entry, mut prototype, mut since) =
            (String::new(), String::new(), String::new(), String::new());
        let count = self.all.len();
        // The longest first: it may have others in it.
        let mut entries: Vec<_> = self.all.iter().map(|description| description.entry).collect();
        entries.sort_by_key(|entry| Reverse(entry.len()));
        for entry in entries {
            names.add(entry);
        }
        for description in self.all {
            let Description { result, parameters, count, wide, since: version, .. } = description;
            write!(name, "Name({},{}),", names.add(description.name), description.name.len()).unwrap();
            write!(entry, "Name({},{}),", names.add(description.entry), description.entry.len()).unwrap();
            let start = prototypes.add(&format!("{result}{parameters}"));
            let (first, second) = (result.len(), parameters.len());
            write!(prototype, "Prototype {{ start: {start}, result: {first}, parameters: {second}, count: {count}, wide: {wide} }},").unwrap();
            write!(since, "Version({version:?}),").unwrap();
        }
        format!(
            "const NAMES: &str = {:?};\n\nconst PROTOTYPES: &str = {:?};\n\nstatic NAME: [Name; {count}] = [{name}];\n\nstatic ENTRY: [Name; {count}] = [{entry}];\n\nstatic PROTOTYPE: [Prototype; {count}] = [{prototype}];\n\nstatic SINCE: [Version; {count}] = [{since}];\n",
            names.0, prototypes.0
        )
    }
}

/// The ABI's row of trap.tbl.
fn trap<'a>(table: Table<'a>, target: Target<'_>) -> Result<Trap<'a>> {
    let mut found = None;
    for row in table.rows() {
        let name = row.cell(0, "the name of an ABI")?;
        row.at_most(7)?;
        if name.text == target.abi.name && found.replace(parse_trap(&row, target)?).is_some() {
            return Err(name.expected("an ABI that has no row yet"));
        }
    }
    found.ok_or_else(|| {
        let end = Place { file: table.file, line: table.text.lines().count(), column: 1 };
        end.error("the end of the table", format!("a row of {}", target.abi.name))
    })
}

fn parse_trap<'a>(row: &Row<'a>, target: Target<'_>) -> Result<Trap<'a>> {
    let audit = row.cell(1, "the number that audit has for the ABI")?;
    let of_order = |cell: &Cell<'a>| match cell.split_once(':') {
        (order, Some(number)) if order.text == if target.big_endian { "be" } else { "le" } => Some(number),
        (number, None) => Some(number),
        _ => None,
    };
    let number = audit.list().find_map(|cell| of_order(&cell));
    let number = number.ok_or_else(|| audit.expected("a number for each byte order of the ABI"))?;
    Ok(Trap {
        audit: number.number()?,
        since: version(row.cell(2, "the first release with the ABI")?)?,
        instruction: row.cell(3, "the instruction")?.text,
        number: row.cell(4, "the register of the number")?.text,
        arguments: row.cell(5, "the registers of the arguments")?.text.split(',').collect(),
        result: row.cell(6, "the register of the result")?.text,
    })
}
