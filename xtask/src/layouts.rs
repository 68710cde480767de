//! `cargo xtask layouts`: the programs of tests/rt compiled and linked in every way.
//!
//! Linkers that are not there are named and counted apart. `cargo test` builds a few of the ways only.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

/// Build and run programs with every linker, model and optimisation level
#[derive(clap::Args)]
pub struct Args {}

pub fn run(_: &Args) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let status = Command::new("cargo")
        .args(["test", "--quiet", "--package", "ring3", "--test", "rt", "--"])
        .args(["--ignored", "--nocapture", "every_way"])
        .current_dir(root)
        .status()
        .context("cargo cannot be started")?;
    if !status.success() {
        // Not an error of this program: the test has said what it is.
        std::process::exit(1);
    }
    Ok(())
}
