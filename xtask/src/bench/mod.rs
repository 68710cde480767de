//! `cargo xtask bench`: every benchmark in turn, several times, and the sizes of programs; benches/README.md is made of it.
//!
//! What else the machine does changes from one minute to the next. So the benchmarks are short and run in rounds, a ratio is the median of the
//! rounds' ratios, and each of those is of two numbers that were measured within seconds.

mod criterion;
mod machine;
mod programs;
mod report;
mod sizes;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cross::apt::Apt;
use crate::cross::toolchain::Toolchain;
use programs::Programs;
use report::Report;

/// Run the benchmarks and write benches/README.md
#[derive(clap::Args)]
pub struct Args {
    /// How often each benchmark runs
    #[arg(long, value_name = "N", default_value = "5", value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Print what would be written
    #[arg(long)]
    dry_run: bool,
}

/// Where things are, and what builds them.
struct Machine {
    root: PathBuf,
    home: PathBuf,
    toolchain: Toolchain,
    apt: Apt,
}

pub fn run(args: &Args) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let home = root.join("target/ring3-cross");
    fs::create_dir_all(&home)?;
    let machine = Machine {
        toolchain: Toolchain::find(&home)?,
        apt: Apt::new(home.join("apt")),
        root: root.to_owned(),
        home,
    };
    let mut report = Report { machine: machine::describe()?, rounds: args.rounds, ..Report::default() };
    criterion::build(&machine)?;
    let programs = Programs::build(&machine, &mut report);
    for round in 1..=args.rounds {
        eprintln!("round {round} of {}", args.rounds);
        criterion::round(&machine, &mut report.measured)?;
        programs.round(&mut report.measured)?;
    }
    sizes::measure(&machine, &mut report);
    let text = report.to_string();
    if args.dry_run {
        print!("{text}");
    } else {
        let path = machine.root.join("benches/README.md");
        fs::write(&path, text).with_context(|| format!("{}", path.display()))?;
        println!("wrote benches/README.md");
    }
    Ok(())
}
