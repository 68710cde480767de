//! `cargo xtask contracts`: contracts.tbl -> tables/sys.tbl, tables/decode.tbl.

use crate::{
    codegen::{self, Tables},
    contracts,
    output::Output,
    tables_dir,
};
use anyhow::Result;

/// Write tables/sys.tbl, the functions of `sys`, and tables/decode.tbl, how to print calls, from the contracts and the other tables
#[derive(clap::Args)]
pub struct Args {
    /// Compare instead of writing: print the difference and exit 1 if there is one
    #[arg(long)]
    check: bool,
}

pub fn run(args: &Args) -> Result<()> {
    let dir = tables_dir();
    let texts = codegen::texts(&dir)?;
    let tables = Tables(&texts);
    let sys = contracts::table::generate(tables).map_err(|error| anyhow::anyhow!("{error}"))?;
    let decode = contracts::decode::generate(tables).map_err(|error| anyhow::anyhow!("{error}"))?;
    let mut output = Output::new(&dir, "cargo xtask contracts");
    output.add("sys.tbl", "contracts.tbl and the tables that it names things of", &sys);
    output.add("decode.tbl", "contracts.tbl, the prototypes and the numbers", &decode);
    if args.check { output.check() } else { output.write() }
}
