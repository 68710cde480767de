//! The project's own commands: `cargo xtask import`, `cargo xtask cross`, `cargo xtask boot`.

mod boot;
mod cross;
mod import;

use clap::Parser;

#[derive(Parser)]
#[command(about = "The project's own commands")]
enum Command {
    Boot(boot::Args),
    Cross(cross::Args),
    Import(import::Args),
}

fn main() -> anyhow::Result<()> {
    match Command::parse() {
        Command::Boot(args) => boot::run(&args),
        Command::Cross(args) => cross::run(&args),
        Command::Import(args) => import::run(&args),
    }
}
