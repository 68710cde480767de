//! Error numbers: errno.tbl and the constants of `Errno`.

use super::{
    abi::{self, Abi, AbiSet, Target},
    error::{Place, Result},
    rust::Strings,
    table::{Index, Table},
};
use std::fmt::Write as _;

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
pub fn parse_texts<'a>(table: Table<'a>) -> Result<Index<'a, &'a str>> {
    let mut texts = Index::new();
    for row in table.rows() {
        texts.insert(row.cell(0, "the name of an error")?.text, row.cell(1, "its meaning")?.text);
    }
    Ok(texts)
}

/// The source of the constants, and of their names and texts by number.
pub fn generate(codes: &[Code<'_>], texts: &Index<'_, &str>) -> Result<String> {
    let mut constants = String::from("impl Errno {\n");
    let mut known = Strings::new("known");
    for (position, &Code { name, number, place }) in codes.iter().enumerate() {
        let first = codes[..position].iter().find(|code| code.number == number);
        let text = match first {
            Some(Code { name: other, .. }) => format!("Another name of [`{other}`](Self::{other})"),
            None => {
                let text = texts
                    .get(name)
                    .ok_or_else(|| place.error(format!("`{name}`"), "an error that errno.text.tbl has"))?;
                known.add(number, &[name, text]);
                (*text).to_owned()
            }
        };
        writeln!(constants, "    /// {text}.").unwrap();
        writeln!(constants, "    pub const {name}: Self = Self(NonZeroU16::new({number}).unwrap());")
            .unwrap();
    }
    Ok(format!("{constants}}}\n\n{}", known.finish(2)))
}
