//! Error numbers: errno.tbl and the constants of `Errno`.

use super::{
    abi::{self, Abi, AbiSet, Target},
    error::{Place, Result},
    rust::Strings,
    table::{Row, Table},
};
use std::{collections::HashMap, fmt::Write as _};

/// A row of errno.tbl.
pub struct Code<'a> {
    pub name: &'a str,
    pub number: u32,
    place: Place<'a>,
}

/// The target's rows, in the table's order.
pub fn parse<'a>(table: Table<'a>, abis: &[Abi<'_>], target: Target<'_>) -> Result<Vec<Code<'a>>> {
    let mut codes: Vec<Code<'a>> = Vec::new();
    for row in table.rows() {
        row.at_most(3)?;
        let name = row.cell(0, "the name of an error")?;
        let number = row.cell(2, "the number of an error")?;
        if !AbiSet::parse(row.cell(1, "ABIs")?, abis)?.contains(target) {
            continue;
        }
        abi::reject_duplicate(
            codes.iter().find(|code| code.name == name.text).map(|code| code.place),
            name,
            target,
        )?;
        let value = number.number()?;
        if !(1..=4095).contains(&value) {
            return Err(number.expected("a number in 1..=4095"));
        }
        codes.push(Code { name: name.identifier()?, number: value, place: name.place });
    }
    Ok(codes)
}

/// The texts, by name.
pub fn parse_texts<'a>(table: Table<'a>) -> Result<HashMap<&'a str, &'a str>> {
    let row =
        |row: Row<'a>| Ok((row.cell(0, "the name of an error")?.text, row.cell(1, "its meaning")?.text));
    table.rows().map(row).collect()
}

/// The source of the constants, and of their names and texts by number.
pub fn generate(codes: &[Code<'_>], texts: &HashMap<&str, &str>) -> Result<String> {
    let mut constants = String::from("impl Errno {\n");
    let mut known = Strings::new("known");
    let mut first: HashMap<u32, &str> = HashMap::new();
    for &Code { name, number, place } in codes {
        let text = match first.get(&number) {
            Some(other) => format!("Another name of [`{other}`](Self::{other})"),
            None => {
                let text = texts
                    .get(name)
                    .ok_or_else(|| place.error(format!("`{name}`"), "an error that errno.text.tbl has"))?;
                known.add(number, &[name, text]);
                first.insert(number, name);
                (*text).to_owned()
            }
        };
        writeln!(constants, "    /// {text}.").unwrap();
        writeln!(constants, "    pub const {name}: Self = Self(NonZeroU16::new({number}).unwrap());")
            .unwrap();
    }
    Ok(format!("{constants}}}\n\n{}", known.finish(2)))
}
