//! `sys`: what sys.tbl has for the target.

use super::{
    abi::{Abi, AbiSet, Target},
    error::Result,
    rust::identifier,
    table::Table,
};
use std::fmt::Write as _;

/// What the target has of `sys`.
pub struct Selection<'a> {
    pub source: String,
    /// The functions of src/compat.rs that the source calls.
    pub adapters: Vec<&'a str>,
}

/// Selects the target's blocks. Those of a module stand together.
pub fn select<'a>(table: Table<'a>, abis: &[Abi<'_>], target: Target<'_>) -> Result<Selection<'a>> {
    let mut source = String::new();
    let mut adapters = Vec::new();
    let mut open = "";
    // Whether the lines of the block are the target's; none before the first.
    let mut wanted = None;
    for row in table.rows() {
        let head = row.cell(0, "the name of a function, or a line of it")?;
        if row.indented {
            match wanted {
                None => return Err(head.expected("the head of a function before its lines")),
                Some(false) => {}
                Some(true) => source = source + head.text + "\n",
            }
            continue;
        }
        row.at_most(3)?;
        let ours = AbiSet::parse(row.cell(1, "ABIs")?, abis)?.contains(target);
        wanted = Some(ours);
        if !ours {
            continue;
        }
        let module = head.text.split_once("::").map_or("", |(module, _)| module);
        if module != open {
            if !open.is_empty() {
                source += "}\n\n";
            }
            if !module.is_empty() {
                writeln!(source, "/// What `{module}` can mean, a function each.").unwrap();
                writeln!(source, "pub mod {} {{\nuse super::*;\n", identifier(module)).unwrap();
            }
            open = module;
        }
        if let Some(adapter) = row.cells.get(2)
            && !adapters.contains(&adapter.text)
        {
            adapters.push(adapter.text);
        }
    }
    if !open.is_empty() {
        source += "}\n";
    }
    Ok(Selection { source, adapters })
}
