//! `cargo xtask cross`: the suite on every ABI, in debug and release, by the kernel itself or by qemu-user.
//!
//! What a target needs and the machine lacks is fetched or built below target/ring3-cross, once. A target for
//! which that fails has failed: nothing is skipped.

mod apt;
mod build;
mod command;
mod conformance;
mod emulator;
mod sources;
mod suite;
mod target;
mod toolchain;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use apt::Apt;
use suite::{Outcome, Suite};
use target::{TARGETS, Target};
use toolchain::{Source, Toolchain};

/// Build and run the suite on every ABI
#[derive(clap::Args)]
pub struct Args {
    /// Targets, their names with flavour, or ABIs; all if none is given
    targets: Vec<String>,
    /// Take the core library from here only, instead of from the first place that has it
    #[arg(long, value_name = "FROM")]
    core: Option<Source>,
    /// Only fetch and build what the targets need, and say what that was
    #[arg(long)]
    provision: bool,
}

/// What all targets share.
struct Machine {
    toolchain: Toolchain,
    apt: Apt,
    root: PathBuf,
    home: PathBuf,
}

pub fn run(args: &Args) -> Result<()> {
    let targets = select(&args.targets)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let home = root.join("target/ring3-cross");
    fs::create_dir_all(&home)?;
    let machine = Machine {
        toolchain: Toolchain::find(&home)?,
        apt: Apt::new(home.join("apt")),
        root: root.to_owned(),
        home,
    };
    let (mut passed, mut failed) = (0, 0);
    for target in targets {
        let start = Instant::now();
        let outcome = machine.target(target, args);
        let time = start.elapsed().as_secs();
        for problem in &outcome.problems {
            eprintln!("{}: {problem}", target.name());
        }
        let verdict = if outcome.problems.is_empty() { "ok    " } else { "FAILED" };
        println!("{verdict} {} ({}): {} [{time} s]", target.name(), target.abi, outcome.said.join(", "));
        *if outcome.problems.is_empty() { &mut passed } else { &mut failed } += 1;
    }
    println!("{passed} passed, {failed} failed");
    if failed > 0 {
        bail!("{failed} failed");
    }
    Ok(())
}

impl Machine {
    fn target(&self, target: &Target, args: &Args) -> Outcome {
        self.provisioned(target, args).unwrap_or_else(|error| Outcome {
            said: vec!["not provisioned".into()],
            problems: vec![format!("{error:#}")],
        })
    }

    fn provisioned(&self, target: &Target, args: &Args) -> Result<Outcome> {
        let name = target.name();
        let core = self.toolchain.core(target.triple, args.core, &self.apt)?;
        eprintln!("{name}: core library: {}", core.story);
        let emulator = if target.is_native_on(&self.toolchain.host) {
            None
        } else {
            Some(emulator::find(target.emulator[0], &self.home, &self.apt)?)
        };
        if let Some(emulator) = &emulator {
            eprintln!("{name}: emulator: {}", emulator.story);
        }
        if args.provision {
            return Ok(Outcome { said: vec!["provisioned".into()], problems: Vec::new() });
        }
        let suite = Suite {
            target,
            host: &self.toolchain.host,
            sysroot: core.sysroot.as_deref(),
            emulator: emulator.as_ref().map(|emulator| emulator.program.as_path()),
            root: &self.root,
            home: &self.home,
        };
        Ok(suite.run())
    }
}

fn select(words: &[String]) -> Result<Vec<&'static Target>> {
    for word in words {
        if !TARGETS.iter().any(|target| target.is_meant_by(word)) {
            let known: Vec<_> = TARGETS.iter().map(Target::name).collect();
            bail!("{word}: no such target; there are {}", known.join(", "));
        }
    }
    let meant = |target: &&Target| words.is_empty() || words.iter().any(|word| target.is_meant_by(word));
    Ok(TARGETS.iter().filter(meant).collect())
}
