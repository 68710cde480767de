//! The project's own commands: `cargo xtask import`, `cargo xtask cross`.

use clap::Parser;

#[derive(Parser)]
#[command(about = "The project's own commands")]
enum Command {}

fn main() -> anyhow::Result<()> {
    match Command::parse() {}
}
