//! The suite for one target: everything is built four ways, the programs run, and one line says what came out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::build::{Build, PROFILES, Profile};
use super::command::{Output, run};
use super::conformance::Tally;
use super::target::Target;

const LIMIT: Duration = Duration::from_secs(120);
const GREETING: &[u8] = b"Hello World!\n";
/// What hello may weigh at most in release, in bytes.
const HELLO: u64 = 512;

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
}

/// What came out: the parts of the line, and everything that went wrong.
#[derive(Default)]
pub struct Outcome {
    pub said: Vec<String>,
    pub problems: Vec<String>,
}

impl Outcome {
    /// One thing was to be done, and it failed.
    pub fn failure(what: &str, error: &anyhow::Error) -> Self {
        Self { said: vec![what.to_owned()], problems: vec![format!("{what}: {error:#}")] }
    }

    /// Notes what came of `what`.
    fn note<T>(&mut self, what: &str, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.problems.push(format!("{what}: {error:#}"));
                None
            }
        }
    }
}

impl Suite<'_> {
    pub fn run(&self) -> Outcome {
        let mut outcome = Outcome::default();
        let name = self.target.name();
        let plain = self.build(&[], &name);
        for profile in PROFILES {
            if let Some(()) = outcome.note(&format!("{} examples", profile.name()), examples(&plain, profile))
            {
                self.run_examples(&plain, profile, &mut outcome);
            }
            self.conformance(&plain, profile, "", &mut outcome);
        }
        self.weigh(&plain, &mut outcome);

        let framed = self.build(&["-Cforce-frame-pointers=yes"], &format!("{name}-frame-pointers"));
        for profile in PROFILES {
            let what = format!("{} examples with frame pointers", profile.name());
            outcome.note(&what, examples(&framed, profile));
            if self.target.frame_pointers {
                self.conformance(&framed, profile, " with frame pointers", &mut outcome);
            } else {
                let what = format!("{} conformance with frame pointers", profile.name());
                outcome.note(&what, conformance(&framed, profile));
            }
        }
        outcome
    }

    fn build(&self, extra: &[&str], name: &str) -> Build {
        Build::new(self.target, extra, self.sysroot, self.host, (self.root, self.home, name))
    }

    /// Runs a program of the target, by itself or in the emulator.
    fn execute(&self, program: &Path, arguments: &[PathBuf]) -> Result<Output> {
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
        run(command.args(arguments), LIMIT)
    }

    fn run_examples(&self, build: &Build, profile: Profile, outcome: &mut Outcome) {
        let examples = build.output(profile).join("examples");
        let mut check = |name: &str, arguments: &[PathBuf], expected: &[u8]| {
            let ran = self.execute(&examples.join(name), arguments);
            outcome.note(&format!("{} {name}", profile.name()), ran.and_then(|ran| said(&ran, expected)));
        };
        check("hello", &[], GREETING);
        // No emulator knows `int 0x80` in 64-bit code.
        if self.target.abi == "x86_64" && self.emulator.is_none() {
            check("hello_int80", &[], GREETING);
        }
        let (one, other) = (self.home.join("cat.one"), self.home.join("cat.other"));
        // Longer than a pipe's and any reasonable buffer, and no text.
        let content: Vec<u8> =
            (0..200_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let written = fs::write(&one, &content).and_then(|()| fs::write(&other, b"no newline at the end"));
        let expected = [&content[..], b"no newline at the end"].concat();
        check("cat", &[one, other], &expected);
        outcome.note("the input of cat", written.map_err(Into::into));
    }

    /// Builds and runs the conformance program, whose own last line is the result.
    fn conformance(&self, build: &Build, profile: Profile, how: &str, outcome: &mut Outcome) {
        let what = format!("{} conformance{how}", profile.name());
        let tally = conformance(build, profile).and_then(|()| {
            let ran = self.execute(&build.output(profile).join("conformance"), &[])?;
            let tally = Tally::read(&String::from_utf8_lossy(&ran.stdout))
                .with_context(|| format!("{}\n{}", ran.status, ran.tail(40)))?;
            tally.verdict().with_context(|| ran.tail(40))?;
            if !ran.status.success() {
                bail!("{} after `{tally}`", ran.status);
            }
            Ok(tally)
        });
        match outcome.note(&what, tally) {
            Some(tally) => outcome.said.push(format!("{}{how} {tally}", profile.name())),
            None => outcome.said.push(format!("{}{how} failed", profile.name())),
        }
    }

    fn weigh(&self, build: &Build, outcome: &mut Outcome) {
        let hello = build.output(Profile::Release).join("examples/hello");
        let weight = fs::metadata(hello).map(|data| data.len()).context("cannot be measured");
        let Some(weight) = outcome.note("the size of hello", weight) else { return };
        outcome.said.push(format!("hello {weight} bytes"));
        if weight > HELLO {
            outcome.problems.push(format!("hello has {weight} bytes, more than {HELLO}"));
        }
    }
}

fn examples(build: &Build, profile: Profile) -> Result<()> {
    build.build(profile, &["--package", "ring3", "--lib", "--examples"])
}

fn conformance(build: &Build, profile: Profile) -> Result<()> {
    build.build(profile, &["--package", "conformance", "--bin", "conformance"])
}

/// Compares what a program wrote; long outputs by length and first difference.
fn said(ran: &Output, expected: &[u8]) -> Result<()> {
    if !ran.status.success() {
        bail!("{}\n{}", ran.status, ran.tail(10));
    }
    if ran.stdout != expected {
        let at = ran.stdout.iter().zip(expected).take_while(|(one, other)| one == other).count();
        let shown = String::from_utf8_lossy(&ran.stdout[at..ran.stdout.len().min(at + 40)]).into_owned();
        bail!("wrote {} bytes, not {}, and from byte {at} on {shown:?}", ran.stdout.len(), expected.len());
    }
    Ok(())
}
