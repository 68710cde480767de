//! vdso.tbl: what the functions of the vDSO are called, as constants.

use crate::codegen::{
    abi::{Abi, AbiSet, Target, reject_duplicate},
    error::{Place, Result},
    table::Table,
};
use std::fmt::Write as _;

/// What a row says of a call on the target.
struct Row<'a> {
    version: &'a str,
    symbol: &'a str,
    place: Place<'a>,
}

/// A constant for each call of the table; `None` where the target's vDSO has no such function.
pub fn generate(table: Table<'_>, abis: &[Abi<'_>], target: Target<'_>) -> Result<String> {
    let mut calls: Vec<(&str, Option<Row<'_>>)> = Vec::new();
    for row in table.rows() {
        let cell = row.cell(0, "a call")?;
        let call = cell.identifier()?;
        let here = AbiSet::parse(row.cell(1, "ABIs")?, abis)?.contains(target);
        let version = row.cell(2, "the version of a symbol")?.text;
        let symbol = row.cell(3, "a symbol")?.identifier()?;
        row.at_most(4)?;
        let index = match calls.iter().position(|(known, _)| *known == call) {
            Some(index) => index,
            None => {
                calls.push((call, None));
                calls.len() - 1
            }
        };
        if here {
            reject_duplicate(calls[index].1.as_ref().map(|row| row.place), cell, target)?;
            calls[index].1 = Some(Row { version, symbol, place: cell.place });
        }
    }
    let mut source = String::new();
    for (call, row) in calls {
        let value = match row {
            Some(Row { version, symbol, .. }) => {
                format!("Some(Symbol {{ name: c{symbol:?}, version: c{version:?} }})")
            }
            None => "None".to_owned(),
        };
        writeln!(source, "/// `{call}`.\npub const {}: Option<Symbol> = {value};", call.to_uppercase())
            .unwrap();
    }
    Ok(source)
}
