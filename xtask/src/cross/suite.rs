//! The suite for one target: everything is built four ways, the programs run, and one line says what came out.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::build::{self, Build, PROFILES, Profile};
use super::command::{Output, run, succeed};
use super::tally::judge;
use super::target::Target;

/// The same on every ABI.
const SIGSEGV: i32 = 11;
const LIMIT: Duration = Duration::from_secs(120);
const GREETING: &[u8] = b"Hello World!\n";
/// The examples that check themselves.
const COUNTING: [&str; 2] = ["portable", "clock"];
const SPAWNED: &[u8] =
    b"Hello from the child!\nexit code 0\ncannot be run: no file or object of that name exists\n";
const REPAIRED: &[u8] = b"touched the guard page at byte 100\nand found 42 there\nsignal 65: Some(EINVAL)\n";
/// The programs of the package `flow`.
const FLOW: [&str; 2] = ["signals", "processes"];
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
}

/// What came out: the parts of the line, and everything that went wrong.
#[derive(Default)]
pub struct Outcome {
    said: Vec<String>,
    /// What the programs said that check calls, and the builds in which they said so: mostly all of them.
    tallies: Vec<(Vec<String>, String)>,
    pub problems: Vec<String>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tallies = self.tallies.iter().map(|(builds, tally)| format!("{}: {tally}", builds.join(", ")));
        write!(f, "{}", tallies.chain(self.said.iter().cloned()).collect::<Vec<_>>().join("; "))
    }
}

impl Outcome {
    /// One thing was to be done, and it was.
    pub fn success(what: impl Into<String>) -> Self {
        Self { said: vec![what.into()], ..Self::default() }
    }

    /// One thing was to be done, and it failed.
    pub fn failure(what: &str, error: &anyhow::Error) -> Self {
        Self {
            said: vec![what.to_owned()],
            tallies: Vec::new(),
            problems: vec![format!("{what}: {error:#}")],
        }
    }

    /// Notes what a program that checks calls said in one build.
    fn tally(&mut self, build: String, tally: String) {
        match self.tallies.iter_mut().find(|(_, known)| *known == tally) {
            Some((builds, _)) => builds.push(build),
            None => self.tallies.push((vec![build], tally)),
        }
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
        outcome.note("lints", lints(&plain));
        for profile in PROFILES {
            if let Some(()) = outcome.note(&format!("{} examples", profile.name()), examples(&plain, profile))
            {
                self.run_examples(&plain, profile, &mut outcome);
                self.grep(&plain, profile, &mut outcome);
                self.counting_examples(&plain, profile, &mut outcome);
                self.weigh(&plain, profile, &mut outcome);
            }
            self.memory(&plain, profile, &mut outcome);
            self.counting_fixture("image", &plain, profile, &mut outcome);
            self.gate(&plain, profile, &mut outcome);
            self.text(&plain, profile, &mut outcome);
            self.programs(&plain, profile, &mut outcome);
            self.flow(&plain, profile, &mut outcome);
            self.conformance(&plain, profile, "", &mut outcome);
        }

        let framed = self.build(&["-Cforce-frame-pointers=yes"], &format!("{name}-frame-pointers"));
        for profile in PROFILES {
            let how = format!("{} with frame pointers", profile.name());
            outcome.note(&format!("{how}: examples"), examples(&framed, profile));
            if self.target.frame_pointers {
                self.conformance(&framed, profile, " with frame pointers", &mut outcome);
            } else {
                let built = outcome.note(&format!("{how}: conformance"), conformance(&framed, profile));
                outcome.tally(how, if built.is_some() { "builds" } else { "does not build" }.into());
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
        check("hello_tiny", &[], GREETING);
        if self.target.abi == "x86_64" {
            check("smallest", &[], GREETING);
        }
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
        check("signals", &[], REPAIRED);
        check("spawn", &[], SPAWNED);
        outcome.note("the input of cat", written.map_err(Into::into));
    }

    /// Runs the example that has a heap and reads lines: what it prints, what it complains of, and its exit codes.
    fn grep(&self, build: &Build, profile: Profile, outcome: &mut Outcome) {
        let grep = build.output(profile).join("examples/grep");
        let (one, other) = (self.home.join("grep.one"), self.home.join("grep.other"));
        let long = "x".repeat(300_000);
        let written = fs::write(&one, format!("first\n{long} needle {long}\n\nNeedle"))
            .and_then(|()| fs::write(&other, b"needle\n"));
        outcome.note("the input of grep", written.map_err(Into::into));
        let (first, second) = (one.display(), other.display());
        let missing = self.home.join("grep.missing");
        // The kernel's word for it follows.
        let complaint = format!("grep: {}: ", missing.display());
        let cases = [
            (vec!["needle".into(), one.clone()], 0, format!("{long} needle {long}\n"), ""),
            (
                vec!["-in".into(), "NEEDLE".into(), other.clone(), one.clone()],
                0,
                format!("{second}:1:needle\n{first}:2:{long} needle {long}\n{first}:4:Needle\n"),
                "",
            ),
            (vec!["-cv".into(), "needle".into(), one.clone()], 0, "3\n".into(), ""),
            (vec!["-l".into(), "first".into(), one.clone(), other.clone()], 0, format!("{first}\n"), ""),
            (vec!["-q".into(), "Needle".into(), one.clone()], 0, String::new(), ""),
            (vec!["absent".into(), one.clone(), other.clone()], 1, String::new(), ""),
            // Standard input is empty.
            (vec!["needle".into()], 1, String::new(), ""),
            (vec!["first".into(), missing.clone(), one.clone()], 2, format!("{first}:first\n"), &complaint),
            (vec!["-s".into(), "first".into(), missing], 2, String::new(), ""),
            (vec![], 2, String::new(), "usage: grep [-cilnqsv] TEXT [FILE...]\n"),
            (vec!["-z".into(), "first".into(), one], 2, String::new(), "grep: there is no option -z\n"),
        ];
        for (arguments, code, stdout, stderr) in cases {
            let ran = self.execute(&grep, &arguments).and_then(|ran| {
                let complained =
                    ran.stderr.starts_with(stderr) && ran.stderr.lines().count() == stderr.lines().count();
                if ran.status.code() != Some(code) || ran.stdout != stdout.as_bytes() || !complained {
                    bail!(
                        "{arguments:?}: {}, not {code}; {} bytes, not {}\n{}",
                        ran.status,
                        ran.stdout.len(),
                        stdout.len(),
                        ran.stderr
                    );
                }
                Ok(())
            });
            outcome.note(&format!("{} grep", profile.name()), ran);
        }
    }

    /// Builds and runs the program that checks printing, reading and the heap; its last line is the result.
    fn text(&self, build: &Build, profile: Profile, outcome: &mut Outcome) {
        let program = build.output(profile).join("text");
        let tally = forget(&program)
            .and_then(|()| build.build(profile, &["--package", "text", "--features", "alloc"]))
            .and_then(|()| self.tally("text", &program));
        let tally = outcome.note(&format!("{} text", profile.name()), tally);
        let tally = tally.map_or("failed".into(), |tally| tally.to_string());
        outcome.tally(profile.name().into(), format!("text {tally}"));
    }

    /// Builds and runs the program that checks its own memory functions.
    fn memory(&self, build: &Build, profile: Profile, outcome: &mut Outcome) {
        let program = build.output(profile).join("memory");
        let checked = forget(&program).and_then(|()| {
            build.build(profile, &["--package", "memory", "--bin", "memory"])?;
            let ran = self.execute(&program, &[])?;
            let text = String::from_utf8_lossy(&ran.stdout);
            if !ran.status.success() || !text.starts_with("memory: ") || !text.ends_with(" checks passed\n") {
                bail!("{}\n{text}{}", ran.status, ran.tail(10));
            }
            Ok(())
        });
        outcome.note(&format!("{} memory functions", profile.name()), checked);
    }

    /// Builds and runs the programs that use what the layouts promise: each says with 42 that it is there.
    fn programs(&self, build: &Build, profile: Profile, outcome: &mut Outcome) {
        let directory = build.output(profile);
        let mut check = |name: &str, arguments: &[&str], expected: fn(&Output) -> bool| {
            let arguments: Vec<_> = arguments.iter().map(PathBuf::from).collect();
            let ran = self.execute(&directory.join(name), &arguments).and_then(|ran| {
                if !expected(&ran) {
                    bail!("{arguments:?}: {}\n{}", ran.status, ran.tail(10));
                }
                Ok(())
            });
            outcome.note(&format!("{} {name}", profile.name()), ran);
        };
        let built = programs(build, profile);
        for name in ["statics", "statics_fixed", "statics_tiny"] {
            check(name, &[], |ran| ran.status.code() == Some(42));
        }
        check("probe", &["one", "two"], |ran| ran.status.code() == Some(42) && ran.stdout == b"one\ntwo\n");
        check("probe", &["panic"], |ran| {
            ran.status.code() == Some(101)
                && ran.stderr.contains("probe.rs:")
                && ran.stderr.contains("1 arguments")
        });
        check("everything", &["one"], |ran| ran.status.code() == Some(42));
        // The table that it writes to then is read-only by now.
        check("everything", &["write"], |ran| ran.status.signal() == Some(SIGSEGV));
        outcome.note(&format!("{} programs of the layouts", profile.name()), built);
    }

    /// Builds and runs the programs that check signal handlers and children; the last line of each is its result.
    fn flow(&self, build: &Build, profile: Profile, outcome: &mut Outcome) {
        outcome.note(&format!("{} flow", profile.name()), flow(build, profile));
        for name in FLOW {
            let tally = self.tally(name, &build.output(profile).join(name));
            let tally = outcome.note(&format!("{} {name}", profile.name()), tally);
            let tally = tally.map_or("failed".into(), |tally| tally.to_string());
            outcome.tally(profile.name().into(), format!("{name} {tally}"));
        }
    }

    /// Builds and runs the conformance program, whose own last line is the result.
    fn conformance(&self, build: &Build, profile: Profile, how: &str, outcome: &mut Outcome) {
        let what = format!("{} conformance{how}", profile.name());
        let tally = conformance(build, profile)
            .and_then(|()| self.tally("conformance", &build.output(profile).join("conformance")));
        let tally = outcome.note(&what, tally).unwrap_or("failed".into());
        outcome.tally(format!("{}{how}", profile.name()), tally);
    }

    /// Runs the examples whose last line counts what they have checked.
    fn counting_examples(&self, build: &Build, profile: Profile, outcome: &mut Outcome) {
        for name in COUNTING {
            let tally = self.tally(name, &build.output(profile).join("examples").join(name));
            let tally = outcome.note(&format!("{} {name}", profile.name()), tally).unwrap_or("failed".into());
            outcome.tally(profile.name().into(), format!("{name} {tally}"));
        }
    }

    /// Builds a program of xtask/fixtures and runs it; its last line counts what it has checked.
    fn counting_fixture(&self, name: &str, build: &Build, profile: Profile, outcome: &mut Outcome) {
        let program = build.output(profile).join(name);
        let built = forget(&program).and_then(|()| build.build(profile, &["--package", name, "--bin", name]));
        let tally = built.and_then(|()| self.tally(name, &program));
        let tally = outcome.note(&format!("{} {name}", profile.name()), tally).unwrap_or("failed".into());
        outcome.tally(profile.name().into(), format!("{name} {tally}"));
    }

    /// Runs the program that makes calls through both of i386's gates, with and without the second.
    fn gate(&self, build: &Build, profile: Profile, outcome: &mut Outcome) {
        if self.target.abi != "i386" {
            return;
        }
        self.counting_fixture("gate", build, profile, outcome);
        let program = build.output(profile).join("gate");
        let without = self.execute(&program, &["without".into()]).and_then(|ran| {
            if !ran.status.success() || !ran.stdout.starts_with(b"no AT_SYSINFO\n") {
                bail!("{}\n{}", ran.status, ran.tail(20));
            }
            Ok(())
        });
        outcome.note(&format!("{} gate without AT_SYSINFO", profile.name()), without);
    }

    /// Runs a program whose last lines count what it has checked.
    fn tally(&self, name: &str, program: &Path) -> Result<String> {
        let ran = self.execute(program, &[])?;
        let tally = judge(name, &String::from_utf8_lossy(&ran.stdout))
            .with_context(|| format!("{}\n{}", ran.status, ran.tail(40)))?;
        if !ran.status.success() {
            bail!("{} after `{tally}`", ran.status);
        }
        Ok(tally)
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

fn examples(build: &Build, profile: Profile) -> Result<()> {
    for name in ["hello", "hello_tiny", "hello_int80", "smallest", "cat", "grep", "signals", "spawn"]
        .into_iter()
        .chain(COUNTING)
    {
        forget(&build.output(profile).join("examples").join(name))?;
    }
    build.build(profile, &["--package", "examples", "--examples"])?;
    build.build(profile, &["--package", "examples", "--example", "grep", "--features", "alloc"])
}

fn programs(build: &Build, profile: Profile) -> Result<()> {
    for name in ["statics", "statics_fixed", "statics_tiny", "probe", "everything"] {
        forget(&build.output(profile).join(name))?;
    }
    build.build(profile, &["--package", "programs", "--bins"])?;
    let mut everything = build.cargo("build", profile);
    everything.args(["--package", "programs", "--bin", "everything", "--features", "unstable"]);
    // The one program that has `#[thread_local]`, and for this one alone.
    succeed(everything.env("RUSTC_BOOTSTRAP", "everything"), build::LIMIT).map(drop)
}

fn flow(build: &Build, profile: Profile) -> Result<()> {
    for name in FLOW {
        forget(&build.output(profile).join(name))?;
    }
    build.build(profile, &["--package", "flow", "--bins"])
}

fn conformance(build: &Build, profile: Profile) -> Result<()> {
    forget(&build.output(profile).join("conformance"))?;
    build.build(profile, &["--package", "conformance", "--bin", "conformance"])
}

/// Removes an earlier run's program, which would do for one that cargo no longer makes.
fn forget(program: &Path) -> Result<()> {
    match fs::remove_file(program) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{}", program.display()))
        }
        _ => Ok(()),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_that_agree_share_their_words() {
        let mut outcome = Outcome::success("hello 1 byte");
        for (build, tally) in [("debug", "3 passed"), ("release", "2 passed"), ("other", "3 passed")] {
            outcome.tally(build.into(), tally.into());
        }
        assert_eq!(outcome.to_string(), "debug, other: 3 passed; release: 2 passed; hello 1 byte");
    }

    #[test]
    fn a_difference_is_shown_from_its_first_byte() {
        let said = |written: &[u8], expected: &[u8]| {
            let output = Output { status: Default::default(), stdout: written.into(), stderr: String::new() };
            said(&output, expected).map_err(|error| error.to_string())
        };
        assert_eq!(said(b"abc", b"abc"), Ok(()));
        assert_eq!(said(b"abx", b"abc"), Err("wrote 3 bytes, not 3, and from byte 2 on \"x\"".into()));
        assert_eq!(said(b"", b"abc"), Err("wrote 0 bytes, not 3, and from byte 0 on \"\"".into()));
    }
}
