//! The project's own commands: `cargo xtask import`, `cargo xtask cross`, `cargo xtask layouts`, `cargo xtask boot`.

mod boot;
mod cross;
mod import;
mod layouts;

use clap::Parser;

#[derive(Parser)]
#[command(about = "The project's own commands")]
enum Command {
    Boot(boot::Args),
    Cross(cross::Args),
    Import(import::Args),
    Layouts(layouts::Args),
}

fn main() -> anyhow::Result<()> {
    match Command::parse() {
        Command::Boot(args) => boot::run(&args),
        Command::Cross(args) => cross::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Layouts(args) => layouts::run(&args),
    }
}
