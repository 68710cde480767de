//! The programs of xtask/fixtures: built and run on every ABI, each with what it has to answer.

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;

use anyhow::{Result, bail};

use super::build::{self, Build, Profile, forget};
use super::command::{Output, succeed};
use super::outcome::Outcome;
use super::suite::Suite;

/// The same on every ABI.
const SIGSEGV: i32 = 11;
/// The programs of the package `flow`.
const FLOW: [&str; 3] = ["signals", "processes", "threads"];
/// Those of the package `programs` that are built by a stable compiler.
const PROGRAMS: [&str; 4] = ["statics", "statics_fixed", "statics_tiny", "probe"];

/// Builds and runs them all.
pub fn run(suite: &Suite, build: &Build, profile: Profile, outcome: &mut Outcome) {
    let mut fixtures = Fixtures { suite, build, profile, outcome };
    fixtures.memory();
    fixtures.programs();
    fixtures.counting("image", &["--package", "image"]);
    fixtures.counting("text", &["--package", "text", "--features", "alloc"]);
    for name in FLOW {
        fixtures.counting(name, &["--package", "flow"]);
    }
    fixtures.locals();
    fixtures.gate();
}

struct Fixtures<'a> {
    suite: &'a Suite<'a>,
    build: &'a Build,
    profile: Profile,
    outcome: &'a mut Outcome,
}

impl Fixtures<'_> {
    fn program(&self, name: &str) -> PathBuf {
        self.build.output(self.profile).join(name)
    }

    fn note<T>(&mut self, what: &str, result: Result<T>) -> Option<T> {
        self.outcome.note(&format!("{} {what}", self.profile.name()), result)
    }

    /// Builds the program of a package and runs it; its last line counts what it has checked.
    fn counting(&mut self, name: &str, what: &[&str]) {
        let built = forget(&self.program(name))
            .and_then(|()| self.build.build(self.profile, &[what, &["--bin", name]].concat()));
        self.count(name, built);
    }

    /// Runs a program that has been built.
    fn count(&mut self, name: &str, built: Result<()>) {
        let tally = built.and_then(|()| self.suite.tally(name, &self.program(name)));
        let tally = self.note(name, tally).unwrap_or("failed".into());
        self.outcome.tally(self.profile.name().into(), format!("{name} {tally}"));
    }

    /// The program that checks its own memory functions.
    fn memory(&mut self) {
        let program = self.program("memory");
        let checked = forget(&program).and_then(|()| {
            self.build.build(self.profile, &["--package", "memory", "--bin", "memory"])?;
            let ran = self.suite.execute(&program, &[])?;
            let text = String::from_utf8_lossy(&ran.stdout);
            if !ran.status.success() || !text.starts_with("memory: ") || !text.ends_with(" checks passed\n") {
                bail!("{}\n{text}{}", ran.status, ran.tail(10));
            }
            Ok(())
        });
        self.note("memory functions", checked);
    }

    /// The programs that use what the layouts promise: each says with 42 that it is there.
    fn programs(&mut self) {
        let built = self.build_programs();
        self.note("programs of the layouts", built);
        for name in ["statics", "statics_fixed", "statics_tiny"] {
            self.check(name, &[], |ran| ran.status.code() == Some(42));
        }
        self.check("probe", &["one", "two"], |ran| {
            ran.status.code() == Some(42) && ran.stdout == b"one\ntwo\n"
        });
        self.check("probe", &["panic"], |ran| {
            ran.status.code() == Some(101)
                && ran.stderr.contains("probe.rs:")
                && ran.stderr.contains("1 arguments")
        });
        self.check("everything", &["one"], |ran| ran.status.code() == Some(42));
        // The table that it writes to then is read-only by now.
        self.check("everything", &["write"], |ran| ran.status.signal() == Some(SIGSEGV));
    }

    fn build_programs(&self) -> Result<()> {
        for name in PROGRAMS {
            forget(&self.program(name))?;
        }
        self.build.build(self.profile, &["--package", "programs", "--bins"])?;
        self.unstable("programs", "everything")
    }

    /// Builds one of the programs that have `#[thread_local]`, and this one alone.
    fn unstable(&self, package: &str, name: &str) -> Result<()> {
        forget(&self.program(name))?;
        let mut cargo = self.build.cargo("build", self.profile);
        cargo.args(["--package", package, "--bin", name, "--features", "unstable"]);
        succeed(cargo.env("RUSTC_BOOTSTRAP", name), build::LIMIT).map(drop)
    }

    /// The program whose threads have thread-local variables.
    fn locals(&mut self) {
        let built = self.unstable("flow", "locals");
        self.count("locals", built);
    }

    /// The program that makes calls through both of i386's gates, with and without the second.
    fn gate(&mut self) {
        if self.suite.target.abi != "i386" {
            return;
        }
        self.counting("gate", &["--package", "gate"]);
        self.check("gate", &["without"], |ran| {
            ran.status.success() && ran.stdout.starts_with(b"no AT_SYSINFO\n")
        });
    }

    fn check(&mut self, name: &str, arguments: &[&str], expected: fn(&Output) -> bool) {
        let ran = self.suite.execute(&self.program(name), arguments).and_then(|ran| {
            if !expected(&ran) {
                bail!("{arguments:?}: {}\n{}", ran.status, ran.tail(10));
            }
            Ok(())
        });
        self.note(name, ran);
    }
}
