//! The suite for one target: everything is built in debug and release, a part once more with frame pointers, the programs run, and one line says what came out.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::build::{self, Build, PROFILES, Profile, forget};
use super::command::{Output, run, succeed};
use super::examples::{self, Examples};
use super::fixtures;
use super::outcome::Outcome;
use super::tally::judge;
use super::target::Target;

const LIMIT: Duration = Duration::from_secs(120);
/// What hello weighs in release, by target and layout.
const SIZES: &str = include_str!("../../../tests/sizes.tbl");

/// A target with all that is needed to build and run its programs.
pub struct Suite<'a> {
    pub target: &'a Target,
    pub host: &'a str,
    pub sysroot: Option<&'a Path>,
    /// None where the host runs the target's programs itself.
    pub emulator: Option<&'a Path>,
    /// The workspace.
    pub root: &'a Path,
    pub home: &'a Path,
    /// Held while a program runs: they use one kernel, and what is measured in one is not to be disturbed by another.
    pub turn: &'a Mutex<()>,
}

impl Suite<'_> {
    pub fn run(&self) -> Outcome {
        let mut outcome = Outcome::default();
        let name = self.target.name();
        let plain = self.build(&[], &name);
        outcome.note("lints", lints(&plain));
        for profile in PROFILES {
            let built =
                outcome.note(&format!("{} examples", profile.name()), examples::build(&plain, profile));
            if built.is_some() {
                Examples::new(self, &plain, profile, &mut outcome).run();
                self.weigh(&plain, profile, &mut outcome);
            }
            fixtures::run(self, &plain, profile, &mut outcome);
            self.conformance(&plain, profile, "", &mut outcome);
        }

        // The conformance program has all calls, and the start: what a register less could break, where everything is inlined.
        let framed = self.build(&["-Cforce-frame-pointers=yes"], &format!("{name}-frame-pointers"));
        let (profile, how) = (Profile::Release, " with frame pointers");
        if self.target.frame_pointers {
            self.conformance(&framed, profile, how, &mut outcome);
        } else {
            let built = outcome.note(&format!("conformance{how}"), conformance(&framed, profile));
            let built = if built.is_some() { "builds" } else { "does not build" };
            outcome.tally(format!("{}{how}", profile.name()), built.into());
        }
        outcome
    }

    fn build(&self, extra: &[&str], name: &str) -> Build {
        Build::new(self.target, extra, self.sysroot, self.host, (self.root, self.home, name))
    }

    /// Runs a program of the target, by itself or in the emulator.
    pub fn execute(&self, program: &Path, arguments: &[&str]) -> Result<Output> {
        if !program.exists() {
            bail!("cargo built no such program");
        }
        let mut command = match self.emulator {
            None => Command::new(program),
            Some(emulator) => {
                let mut command = Command::new(emulator);
                command.args(&self.target.emulator[1..]).arg(program);
                command
            }
        };
        // Who has held it and panicked has left nothing behind.
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        run(command.args(arguments), LIMIT)
    }

    /// Runs a program whose last lines count what it has checked.
    pub fn tally(&self, name: &str, program: &Path) -> Result<String> {
        let ran = self.execute(program, &[])?;
        let tally = judge(name, &String::from_utf8_lossy(&ran.stdout))
            .with_context(|| format!("{}\n{}", ran.status, ran.tail(40)))?;
        if !ran.status.success() {
            bail!("{} after `{tally}`", ran.status);
        }
        Ok(tally)
    }

    /// Builds and runs the conformance program, whose own last line is the result.
    fn conformance(&self, build: &Build, profile: Profile, how: &str, outcome: &mut Outcome) {
        let what = format!("{} conformance{how}", profile.name());
        let tally = conformance(build, profile)
            .and_then(|()| self.tally("conformance", &build.output(profile).join("conformance")));
        let tally = outcome.note(&what, tally).unwrap_or("failed".into());
        outcome.tally(format!("{}{how}", profile.name()), tally);
    }

    fn weigh(&self, build: &Build, profile: Profile, outcome: &mut Outcome) {
        if profile == Profile::Debug {
            return;
        }
        for (layout, program) in [("default", "hello"), ("tiny", "hello_tiny")] {
            let path = build.output(profile).join("examples").join(program);
            let weight = fs::metadata(path).map(|data| data.len()).context("cannot be measured");
            let Some(weight) = outcome.note(&format!("the size of {program}"), weight) else { continue };
            outcome.said.push(format!("{program} {weight} bytes"));
            let expected = size(&self.target.name(), layout);
            if expected != Some(weight) {
                outcome.problems.push(format!(
                    "{program} has {weight} bytes, and tests/sizes.tbl says {}",
                    expected.map_or("nothing".into(), |size| size.to_string())
                ));
            }
        }
    }
}

/// What tests/sizes.tbl says of a layout.
fn size(target: &str, layout: &str) -> Option<u64> {
    let rows = SIZES.lines().filter(|line| !line.starts_with('#'));
    let row =
        rows.map(|line| line.split('\t').collect::<Vec<_>>()).find(|row| row[..2] == [target, layout])?;
    row.get(2)?.parse().ok()
}

/// The code of an ABI is compiled for that ABI alone, so that the host's clippy does not see it.
fn lints(build: &Build) -> Result<()> {
    let mut cargo = build.cargo("clippy", Profile::Debug);
    succeed(cargo.args(["--package", "ring3", "--lib", "--", "-Dwarnings"]), build::LIMIT).map(drop)
}

fn conformance(build: &Build, profile: Profile) -> Result<()> {
    forget(&build.output(profile).join("conformance"))?;
    build.build(profile, &["--package", "conformance", "--bin", "conformance"])
}
