//! How much of each ABI's table the crate has functions for.

use crate::codegen::{
    abi::{Abi, AbiSet, Target},
    error::Result,
    numbers::Call,
    prototypes::Rules,
    table::Table,
};

/// Counts of an ABI.
#[derive(Clone, Copy, Default)]
pub struct Coverage {
    /// Functions of `raw`.
    pub raw: usize,
    /// Functions of `sys` that are safe, and those that are not.
    pub safe: usize,
    pub hazardous: usize,
    /// Live rows that `sys` leaves out for a reason, and those that nobody has described.
    pub omitted: usize,
    pub todo: usize,
}

/// The rows that contracts.tbl leaves out for a reason, and those that nobody has described.
#[derive(Default)]
pub struct Gaps<'a> {
    omitted: Vec<&'a str>,
    todo: Vec<&'a str>,
}

impl<'a> Gaps<'a> {
    pub fn parse(table: Table<'a>) -> Self {
        let mut gaps = Self::default();
        for line in table.text.lines() {
            if let Some((row, _)) = line.strip_prefix("omit ").and_then(|rest| rest.split_once(':')) {
                gaps.omitted.push(row);
            } else if let Some(rows) = line.strip_prefix("todo ") {
                gaps.todo.extend(rows.split_whitespace());
            }
        }
        gaps
    }
}

/// Counts what is about rows.
pub fn rows(calls: &[Call<'_>], rules: &Rules<'_>, gaps: &Gaps<'_>) -> Coverage {
    let mut coverage = Coverage::default();
    for call in calls {
        let Some(entry) = call.entry else { continue };
        coverage.raw += usize::from(rules.omitted(entry.text).is_none());
        coverage.omitted += usize::from(gaps.omitted.contains(&call.name));
        coverage.todo += usize::from(gaps.todo.contains(&call.name));
    }
    coverage
}

/// The functions that sys.tbl has for each target: how many are safe, and how many are not.
pub fn functions(table: Table<'_>, abis: &[Abi<'_>], targets: &[Target<'_>]) -> Result<Vec<(usize, usize)>> {
    let mut counts = vec![(0, 0); targets.len()];
    let mut here = Vec::new();
    for row in table.rows() {
        let head = row.cell(0, "the name of a function, or a line of it")?;
        if !row.indented {
            let set = AbiSet::parse(row.cell(1, "ABIs")?, abis)?;
            here = targets.iter().map(|&target| set.contains(target)).collect();
            continue;
        }
        let (safe, hazardous) = (head.text.starts_with("pub fn "), head.text.starts_with("pub unsafe fn "));
        for (count, _) in counts.iter_mut().zip(&here).filter(|(_, here)| **here) {
            count.0 += usize::from(safe);
            count.1 += usize::from(hazardous);
        }
    }
    Ok(counts)
}
