//! `cargo xtask contracts`: contracts.tbl -> tables/sys.tbl.

use crate::{codegen::Tables, contracts, output::Output, tables_dir};
use anyhow::{Context, Result};
use std::{collections::HashMap, fs};

/// Write tables/sys.tbl, the functions of `sys`, from the contracts and the other tables
#[derive(clap::Args)]
pub struct Args {
    /// Compare instead of writing: print the difference and exit 1 if there is one
    #[arg(long)]
    check: bool,
}

pub fn run(args: &Args) -> Result<()> {
    let dir = tables_dir();
    let mut texts = HashMap::new();
    for file in fs::read_dir(&dir).with_context(|| format!("{}: expected a directory", dir.display()))? {
        let path = file?.path();
        if let (Some(name), Some("tbl")) =
            (path.file_name(), path.extension().and_then(|extension| extension.to_str()))
        {
            let text =
                fs::read_to_string(&path).with_context(|| format!("{}: expected text", path.display()))?;
            texts.insert(name.to_string_lossy().into_owned(), text);
        }
    }
    let text = contracts::table::generate(Tables(&texts)).map_err(|error| anyhow::anyhow!("{error}"))?;
    let mut output = Output::new(&dir, "cargo xtask contracts");
    output.add("sys.tbl", "contracts.tbl and the tables that it names things of", &text);
    if args.check { output.check() } else { output.write() }
}
