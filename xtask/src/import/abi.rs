//! `abi.tbl`, and the ABIS column of the other tables.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::table;

#[derive(Clone, Debug)]
pub struct Abi {
    pub name: String,
    /// Bits of a pointer.
    width: u32,
    /// Bits of a register.
    word: u32,
    /// `None` takes every row.
    tags: Option<Vec<String>>,
    pub tables: Vec<String>,
    /// Directory under `arch/`.
    pub kernel: String,
    /// Byte order and target triple.
    pub clang: Vec<(String, String)>,
}

impl Abi {
    pub fn read_all(tables: &Path) -> Result<Vec<Self>> {
        table::read(tables, "abi.tbl", 11..=12)?.iter().map(Self::from_row).collect()
    }

    fn from_row(row: &table::Row) -> Result<Self> {
        let column = &row.columns;
        let list = |index: usize| column[index].split(',').map(str::to_owned).collect::<Vec<_>>();
        let bits = |index: usize| -> Result<u32> {
            column[index].parse().with_context(|| format!("{}: expected a width in bits", row.place))
        };
        let mut clang = Vec::new();
        for target in list(10) {
            match target.split_once(':') {
                Some((order @ ("le" | "be"), triple)) => clang.push((order.to_owned(), triple.to_owned())),
                _ => bail!("{}: expected le:TRIPLE or be:TRIPLE, found {target}", row.place),
            }
        }
        Ok(Self {
            name: column[0].clone(),
            width: bits(2)?,
            word: bits(3)?,
            tags: (column[7] != "*").then(|| list(7)),
            tables: list(8),
            kernel: column[9].clone(),
            clang,
        })
    }

    /// The width of the kernel under the ABI: x32 and n32 programs run on 64-bit ones.
    pub fn kernel_width(&self) -> u32 {
        self.word
    }

    pub fn pointer_width(&self) -> u32 {
        self.width
    }

    pub fn takes(&self, tag: &str) -> bool {
        self.tags.as_ref().is_none_or(|tags| tags.iter().any(|t| t == tag))
    }
}

/// The ABIS column of a table, as names.
pub fn list(column: &str, abis: &[Abi]) -> Result<Vec<String>> {
    if column == "*" {
        return Ok(abis.iter().map(|abi| abi.name.clone()).collect());
    }
    for name in column.split(',') {
        if !abis.iter().any(|abi| abi.name == name) {
            bail!("expected ABIs of abi.tbl, found {name}");
        }
    }
    Ok(column.split(',').map(str::to_owned).collect())
}

/// The ABIS column for targets such as `arm/le`: `arm` where both orders are there, `*` for all.
pub fn column(abis: &[Abi], targets: &[&str], all: usize) -> String {
    if targets.len() == all {
        return "*".to_owned();
    }
    let mut names = Vec::new();
    for abi in abis {
        let mine: Vec<&str> =
            targets.iter().copied().filter(|t| t.split('/').next() == Some(&abi.name)).collect();
        if mine.len() == abi.clang.len() {
            names.push(abi.name.as_str());
        } else {
            names.extend(mine);
        }
    }
    names.join(",")
}
