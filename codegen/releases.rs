//! The first release with a call: the clauses `since` of contracts.tbl, and since.tbl.

use crate::codegen::{
    Tables,
    abi::{Abi, AbiSet, Target},
    error::{Place, Result},
    table::{Cell, Index, Table},
};

/// Three numbers of a release; 0.0.0 where it is not known.
pub type Version = [u8; 3];

/// The releases that the tables know.
pub struct Releases<'a> {
    /// The first release of all.
    first: Index<'a, Version>,
    /// Of ABIs that got the call later.
    later: Vec<(&'a str, AbiSet<'a>, Version)>,
}

impl<'a> Releases<'a> {
    pub fn parse(tables: Tables<'a>, abis: &[Abi<'_>]) -> Result<Self> {
        let mut releases = Self { first: clauses(tables.get("contracts.tbl")?)?, later: Vec::new() };
        for row in tables.get("since.tbl")?.rows() {
            row.at_most(3)?;
            let since = version(row.cell(0, "a release of Linux")?)?;
            let names = row.cell(1, "names of calls")?.list();
            match row.cells.get(2) {
                None => {
                    for name in names {
                        releases.add(name, since)?;
                    }
                }
                Some(&cell) => {
                    for name in names {
                        let abis = AbiSet::parse(cell, abis)?;
                        releases.later.push((name.identifier()?, abis, since));
                    }
                }
            }
        }
        Ok(releases)
    }

    fn add(&mut self, name: Cell<'a>, since: Version) -> Result<()> {
        if self.first.get(name.identifier()?).is_some() {
            return Err(
                name.expected("a call that neither contracts.tbl nor a line before has a release for")
            );
        }
        self.first.insert(name.text, since);
        Ok(())
    }

    /// The release of a call, on the ABI where that is known to be another one.
    pub fn of(&self, name: &str, target: Target<'_>) -> Version {
        let later = self.later.iter().find(|(call, abis, _)| *call == name && abis.contains(target));
        later.map(|(_, _, since)| *since).or_else(|| self.first.get(name).copied()).unwrap_or_default()
    }
}

/// The clauses `since` that are about a row, not one meaning of it.
fn clauses(table: Table<'_>) -> Result<Index<'_, Version>> {
    let mut all = Index::new();
    let mut call = None;
    for row in table.rows() {
        let line = row.cell(0, "a line")?;
        let text = line.text.trim_start();
        if text.len() == line.text.len() {
            call = line.text.split_once('(').map(|(name, _)| name);
        } else if let (Some(call), Some(text)) = (call, text.strip_prefix("since ")) {
            let column = line.place.column + line.text.chars().count() - text.chars().count();
            all.insert(call, version(Cell { text, place: Place { column, ..line.place } })?);
        }
    }
    Ok(all)
}

/// `2.6.28`, `5.1`.
pub fn version(cell: Cell<'_>) -> Result<Version> {
    let mut version = Version::default();
    let mut parts = cell.text.split('.');
    for (number, part) in version.iter_mut().zip(parts.by_ref()) {
        *number = part.parse().map_err(|_| cell.expected("a release of Linux"))?;
    }
    if parts.next().is_some() { Err(cell.expected("a release of Linux")) } else { Ok(version) }
}
