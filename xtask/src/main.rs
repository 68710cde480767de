//! The project's own commands: `cargo xtask import`, `cargo xtask contracts`, `cargo xtask cross`, `cargo xtask layouts`, `cargo xtask boot`,
//! `cargo xtask bench`.

mod bench;
mod boot;
#[path = "../../codegen/mod.rs"]
#[expect(dead_code, reason = "the build script uses more of it")]
mod codegen;
#[path = "../../contracts/mod.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod contracts;
mod cross;
mod import;
mod layouts;
mod output;
mod write_contracts;

use clap::Parser;
use std::path::{Path, PathBuf};

#[derive(Parser)]
#[command(about = "The project's own commands")]
enum Command {
    Bench(bench::Args),
    Boot(boot::Args),
    Contracts(write_contracts::Args),
    Cross(cross::Args),
    Import(import::Args),
    Layouts(layouts::Args),
}

fn main() -> anyhow::Result<()> {
    match Command::parse() {
        Command::Bench(args) => bench::run(&args),
        Command::Boot(args) => boot::run(&args),
        Command::Contracts(args) => write_contracts::run(&args),
        Command::Cross(args) => cross::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Layouts(args) => layouts::run(&args),
    }
}

/// `tables/` of the workspace that this program was built in.
fn tables_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the workspace").join("tables")
}
