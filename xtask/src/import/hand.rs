//! `raw.tbl` and `man.tbl` are written by hand; what they name must be there, or a rename in the kernel goes unseen.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::abi::{self, Abi};
use super::numbers::Live;
use super::prototypes::Prototypes;
use super::table::{self, Row};

pub fn check(tables: &Path, abis: &[Abi], numbers: &[Vec<Live>], prototypes: &Prototypes) -> Result<()> {
    for row in table::read(tables, "raw.tbl", 2..=3)? {
        raw(&row, abis, prototypes)?;
    }
    let mut named: Vec<String> = Vec::new();
    for row in table::read(tables, "man.tbl", 2..=2)? {
        let name = &row.columns[0];
        if named.contains(name) || !numbers.iter().flatten().any(|call| call.name == *name) {
            bail!("{}: expected a call that a table names, once, found {name}", row.place);
        }
        named.push(name.clone());
    }
    Ok(())
}

fn raw(row: &Row, abis: &[Abi], prototypes: &Prototypes) -> Result<()> {
    let (entry, only) = row.columns[1].split_once('@').unwrap_or((&row.columns[1], "*"));
    let only = abi::list(only, abis).with_context(|| row.place.clone())?;
    let parameters: Vec<&str> = prototypes
        .iter()
        .filter(|((known, abi), _)| only.contains(abi) && matches(entry, known))
        .map(|(_, (_, parameters))| parameters.as_str())
        .collect();
    if parameters.is_empty() {
        bail!("{}: expected an entry point that a table names, found {entry}", row.place);
    }
    match (row.columns[0].as_str(), row.columns.get(2)) {
        ("ptr" | "arg", Some(names)) => {
            for name in names.split(',').filter(|name| *name != "return") {
                let ends = |list: &&str| {
                    list.trim_end_matches(" }").split(", ").any(|declaration| {
                        declaration.rsplit([' ', '*']).next().is_some_and(|last| last == name)
                    })
                };
                if !parameters.iter().all(ends) {
                    bail!("{}: expected a parameter of {entry} on each of its ABIs, found {name}", row.place);
                }
            }
        }
        ("omit", Some(_)) | ("never", None) => {}
        (kind, _) => bail!("{}: expected ptr, arg, never or omit with its columns, found {kind}", row.place),
    }
    Ok(())
}

fn matches(pattern: &str, entry: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => entry.starts_with(start),
        None => entry == pattern,
    }
}
