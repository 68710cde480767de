//! `cargo xtask cross`: the suite on every ABI, in debug and release, by the kernel itself or by qemu-user.
//!
//! As many targets at once as there are processors: one of them mostly waits for one compiler. Their programs run one at a time.
//!
//! What a target needs and the machine lacks is fetched or built below target/ring3-cross, once. A target for
//! which that fails has failed: nothing is skipped.

pub mod apt;
pub mod build;
pub mod command;
pub mod emulator;
pub mod examples;
pub mod fixtures;
mod outcome;
mod sources;
mod suite;
pub mod tally;
pub mod target;
pub mod toolchain;
mod vectors;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use apt::Apt;
use build::Build;
use outcome::Outcome;
use rayon::prelude::*;
use suite::Suite;
use target::{TARGETS, Target};
use toolchain::{Core, Source, Toolchain};
use vectors::Feature;

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
    /// What one target fetches or builds may be what the next one needs.
    apt: Mutex<Apt>,
    root: PathBuf,
    home: PathBuf,
    turn: Mutex<()>,
}

pub fn run(args: &Args) -> Result<()> {
    let targets = select(&args.targets)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let home = root.join("target/ring3-cross");
    fs::create_dir_all(&home)?;
    let machine = Machine {
        toolchain: Toolchain::find(&home)?,
        apt: Mutex::new(Apt::new(home.join("apt"))),
        root: root.to_owned(),
        home,
        turn: Mutex::default(),
    };
    let suites = targets.par_iter().with_max_len(1).map(|target| {
        let name = format!("{} ({})", target.name(), target.abi);
        report(&name, || machine.suite(target, args))
    });
    let mut passed: Vec<bool> = suites.collect();
    let features: Vec<_> = vectors::FEATURES
        .iter()
        .filter(|_| !args.provision)
        .filter_map(|feature| {
            Some((feature, *targets.iter().find(|target| target.name() == feature.target)?))
        })
        .collect();
    passed.par_extend(features.par_iter().with_max_len(1).map(|(feature, target)| {
        let name = format!("{} {}", feature.target, feature.rustflag);
        report(&name, || machine.vectors(target, feature, args))
    }));
    let all = passed.len();
    passed.retain(|&passed| passed);
    let (passed, failed) = (passed.len(), all - passed.len());
    println!("{passed} passed, {failed} failed");
    if failed > 0 {
        // Not an error of this program: the line above is the last word.
        std::process::exit(1);
    }
    Ok(())
}

/// Does something, and says what came of it; gives whether that was as it should be.
fn report(name: &str, what: impl FnOnce() -> Outcome) -> bool {
    let start = Instant::now();
    let outcome = what();
    let passed = outcome.problems.is_empty();
    let time = start.elapsed().as_secs();
    // A line at a time, for another target may have something to say, too.
    for problem in &outcome.problems {
        eprintln!("{name}: {problem}");
    }
    println!("{} {name}: {outcome} [{time} s]", if passed { "ok    " } else { "FAILED" });
    passed
}

impl Machine {
    fn suite(&self, target: &Target, args: &Args) -> Outcome {
        let provided = self.core(target, args).and_then(|core| Ok((core, self.emulator(target)?)));
        let (core, emulator) = match provided {
            Ok(provided) => provided,
            Err(error) => return Outcome::failure("could not be provided for", &error),
        };
        if args.provision {
            return Outcome::success("provided for");
        }
        let suite = Suite {
            target,
            host: &self.toolchain.host,
            sysroot: core.sysroot.as_deref(),
            emulator: emulator.as_deref(),
            root: &self.root,
            home: &self.home,
            turn: &self.turn,
        };
        suite.run()
    }

    fn vectors(&self, target: &Target, feature: &Feature, args: &Args) -> Outcome {
        let checked = self.core(target, args).and_then(|core| {
            let name = format!("{}-vectors", target.name());
            let at = (self.root.as_path(), self.home.as_path(), name.as_str());
            let build =
                Build::new(target, &[feature.rustflag], core.sysroot.as_deref(), &self.toolchain.host, at);
            vectors::check(feature, &build)
        });
        match checked {
            Ok(said) => Outcome::success(said),
            Err(error) => Outcome::failure("not shown to be free of live vector state", &error),
        }
    }

    fn apt(&self) -> MutexGuard<'_, Apt> {
        // Who has held it and panicked has left what the next one finds incomplete, and does again.
        self.apt.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn core(&self, target: &Target, args: &Args) -> Result<Core> {
        let core = self.toolchain.core(target.triple, args.core, &self.apt())?;
        eprintln!("{}: core library: {}", target.name(), core.story);
        Ok(core)
    }

    fn emulator(&self, target: &Target) -> Result<Option<PathBuf>> {
        if target.is_native_on(&self.toolchain.host) {
            return Ok(None);
        }
        let emulator = emulator::find(target.emulator[0], &self.home, &self.apt())?;
        eprintln!("{}: emulator: {}", target.name(), emulator.story);
        Ok(Some(emulator.program))
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
