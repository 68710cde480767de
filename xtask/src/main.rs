//! The project's own commands: `cargo xtask import`, `cargo xtask cross`.

mod import;

use clap::Parser;

#[derive(Parser)]
#[command(about = "The project's own commands")]
enum Command {
    Import(import::Args),
}

fn main() -> anyhow::Result<()> {
    match Command::parse() {
        Command::Import(args) => import::run(&args),
    }
}
