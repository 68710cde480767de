//! `cargo xtask import`: an unpacked kernel tree -> `tables/`.
//!
//! Every file is computed before the first is written, so a tree that cannot be imported changes nothing.

mod abi;
mod cond;
mod defines;
mod errno;
mod hand;
mod numbers;
mod prototypes;
mod sets;
mod table;
mod tree;
mod uapi;
mod vdso;

use std::path::PathBuf;

use anyhow::Result;

use abi::Abi;
use tree::Tree;

use crate::output::Output;

/// Write the imported files of tables/ from a kernel source tree
#[derive(clap::Args)]
pub struct Args {
    /// The unpacked kernel source tree
    #[arg(long, value_name = "DIR")]
    linux: PathBuf,

    /// Compare instead of writing: print the difference and exit 1 if there is one
    #[arg(long)]
    check: bool,
}

pub fn run(args: &Args) -> Result<()> {
    let tables = crate::tables_dir();
    let tree = Tree::open(&args.linux)?;
    let abis = Abi::read_all(&tables)?;
    let mut output = Output::new(&tables, "cargo xtask import");
    output.add_bare("VERSION", format!("{}\n", tree.version()));

    let numbers = numbers::import(&tree, &abis, &tables, &mut output)?;
    errno::import(&tree, &abis, &tables, &mut output)?;
    let prototypes = prototypes::import(&tree, &abis, &numbers, &tables, &mut output)?;
    uapi::import(&tree, &abis, &prototypes, &tables, &mut output)?;
    sets::import(&tree, &abis, &tables, &mut output)?;
    hand::check(&tables, &abis, &numbers, &prototypes)?;
    vdso::check(&tree, &tables, &abis)?;

    for (abi, rows) in abis.iter().zip(&numbers) {
        eprintln!("{:12} {} calls", abi.name, rows.len());
    }
    if args.check { output.check() } else { output.write() }
}
