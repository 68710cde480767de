//! From the tables to Rust source: pure functions of text, but for what reads the tables.
//!
//! Included by path from build.rs, which writes what [`generate`] returns, and from the tests. Nothing here knows a call or
//! an architecture by name: what differs stands in the tables.

pub mod abi;
pub mod ctype;
pub mod errno;
pub mod error;
pub mod numbers;
pub mod prototypes;
pub mod raw;
pub mod rust;
pub mod sets;
pub mod sys;
pub mod table;
pub mod types;
pub mod uapi;

use abi::{Abi, Target};
use error::{Place, Result};
use numbers::Call;
use rust::Strings;
use std::{collections::HashMap, ffi::OsStr, fmt::Write as _, fs, io, path::Path};
use table::{Index, Table};

/// Reads the texts of a directory of tables, by file name; an error says of which file.
pub fn texts(directory: &Path) -> io::Result<HashMap<String, String>> {
    let of =
        |path: &Path, error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    let mut texts = HashMap::new();
    for file in fs::read_dir(directory).map_err(|error| of(directory, error))? {
        let path = file.map_err(|error| of(directory, error))?.path();
        if let (Some(name), Some("tbl")) = (path.file_name(), path.extension().and_then(OsStr::to_str)) {
            let text = fs::read_to_string(&path).map_err(|error| of(&path, error))?;
            texts.insert(name.to_string_lossy().into_owned(), text);
        }
    }
    Ok(texts)
}

/// What [`texts`] has read.
#[derive(Clone, Copy)]
pub struct Tables<'a>(pub &'a HashMap<String, String>);

/// The sources that the crate includes.
pub struct Generated<'a> {
    pub sysno: String,
    pub errno: String,
    pub uapi: uapi::Source,
    pub raw: String,
    pub sets: String,
    pub sys: sys::Selection<'a>,
}

impl<'a> Tables<'a> {
    pub fn get(self, file: &'a str) -> Result<Table<'a>> {
        match self.0.get(file) {
            Some(text) => Ok(Table { file, text }),
            None => Err(Place { file, line: 1, column: 1 }.error("no file", "a table")),
        }
    }

    pub fn abis(self) -> Result<Vec<Abi<'a>>> {
        abi::parse(self.get("abi.tbl")?)
    }

    /// The target's calls by number.
    pub fn calls(self, target: Target<'a>) -> Result<Vec<Call<'a>>> {
        let mut calls = Vec::new();
        for file in &target.abi.tables {
            numbers::parse(self.get(file)?, target.abi, &mut calls)?;
        }
        numbers::reject_duplicates(&calls)?;
        calls.sort_by_key(|call| call.number);
        Ok(calls)
    }

    /// Everything that the functions of `raw` need, and the types that they name.
    pub fn model(
        self,
        abis: &[Abi<'_>],
        target: Target<'a>,
    ) -> Result<(raw::Model<'a>, Vec<uapi::Compound<'a>>)> {
        let (compounds, types) = uapi::parse(self.get("uapi.tbl")?, abis, target)?;
        let mut prototypes = Index::new();
        for file in ["prototypes.override.tbl", "prototypes.tbl"] {
            prototypes::parse(self.get(file)?, abis, target, &mut prototypes)?;
        }
        let rules = prototypes::Rules::parse(self.get("raw.tbl")?, abis, target)?;
        let mut pages = Index::new();
        for row in self.get("man.tbl")?.rows() {
            row.at_most(2)?;
            pages.insert(row.cell(0, "a call")?.text, row.cell(1, "a page")?.text);
        }
        Ok((raw::Model { types, prototypes, rules, pages }, compounds))
    }
}

/// Generates what the crate includes, for a target.
pub fn generate<'a>(tables: Tables<'a>, abis: &[Abi<'_>], target: Target<'a>) -> Result<Generated<'a>> {
    let calls = tables.calls(target)?;
    let (model, compounds) = tables.model(abis, target)?;
    let codes = errno::parse(tables.get("errno.tbl")?, abis, target)?;
    let functions =
        calls.iter().map(|call| Ok(model.function(call)?.unwrap_or_default())).collect::<Result<_>>()?;
    Ok(Generated {
        sysno: sysno(&calls),
        errno: errno::generate(&codes, &errno::parse_texts(tables.get("errno.text.tbl")?)?)?,
        uapi: uapi::generate(&compounds, &model.types)?,
        raw: functions,
        sets: sets::generate(&sets::parse(tables.get("sets.tbl")?, abis, target)?),
        sys: sys::select(tables.get("sys.tbl")?, abis, target)?,
    })
}

/// The constants of `Sysno`, and their names by number.
fn sysno(calls: &[Call<'_>]) -> String {
    let mut constants = String::from("impl Sysno {\n");
    let mut names = Strings::new("known");
    for Call { number, name, entry, .. } in calls {
        let live = if entry.is_some() { "" } else { ", a number without a call behind it" };
        writeln!(constants, "    /// `{name}`{live}.").unwrap();
        writeln!(constants, "    pub const {}: Self = Self({number});", name.to_uppercase()).unwrap();
        names.add(*number, &[name]);
    }
    format!("{constants}}}\n\n{}", names.finish(1))
}
