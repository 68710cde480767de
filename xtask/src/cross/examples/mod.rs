//! The examples on every ABI: each is built, run with the arguments that a person would give it, and compared with what it has to answer.
//!
//! One file per example that has more than a line or two to check.

mod cat;
mod cp;
mod grep;
mod init;
pub mod overhead;
mod sandbox;
mod strace;
mod syscalls;
mod threads;

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};

use super::build::{Build, Profile, forget};
use super::command::Output;
use super::outcome::Outcome;
use super::suite::Suite;

/// Those that want a heap. With the feature `alloc` every program without `entry!` needs an allocator of its own, so the others are built without.
const WITH_ALLOC: &[&str] = &["grep", "strace"];

const GREETING: &str = "Hello World!\n";
const SPAWNED: &str =
    "Hello from the child!\nexit code 0\ncannot be run: no file or object of that name exists\n";
/// The lines of `signals`.
pub const REPAIRED: &[&str] =
    &["touched the guard page at byte 100", "and found 42 there", "signal 65: Some(EINVAL)"];

/// Builds them all.
pub fn build(build: &Build, profile: Profile) -> Result<()> {
    for example in fs::read_dir(build.root().join("examples"))? {
        let name = example?.path().file_stem().map(OsString::from).unwrap_or_default();
        forget(&build.output(profile).join("examples").join(name))?;
    }
    build.build(profile, &["--package", "examples", "--examples"])?;
    let mut with = vec!["--package", "examples", "--features", "alloc"];
    with.extend(WITH_ALLOC.iter().flat_map(|name| ["--example", name]));
    build.build(profile, &with)
}

/// The examples of one build, and where they may have files.
pub struct Examples<'a> {
    suite: &'a Suite<'a>,
    programs: PathBuf,
    profile: Profile,
    files: PathBuf,
    outcome: &'a mut Outcome,
}

/// How an example has to end.
struct End<'a> {
    code: i32,
    stdout: &'a str,
    /// What standard error begins with; it has as many lines.
    stderr: &'a str,
}

impl<'a> Examples<'a> {
    pub fn new(suite: &'a Suite<'a>, build: &Build, profile: Profile, outcome: &'a mut Outcome) -> Self {
        let programs = build.output(profile).join("examples");
        Self { suite, files: programs.join("files"), programs, profile, outcome }
    }

    /// Runs them all.
    pub fn run(mut self) {
        let made = fs::create_dir_all(&self.files).context("the directory of their files");
        self.note("examples", made);
        self.says("hello", &[], GREETING.as_bytes());
        self.says("hello_tiny", &[], GREETING.as_bytes());
        if self.suite.target.abi == "x86_64" {
            self.says("smallest", &[], GREETING.as_bytes());
        }
        // No emulator knows `int 0x80` in 64-bit code.
        if self.suite.target.abi == "x86_64" && self.suite.emulator.is_none() {
            self.says("hello_int80", &[], GREETING.as_bytes());
        }
        self.says("signals", &[], (REPAIRED.join("\n") + "\n").as_bytes());
        self.says("spawn", &[], SPAWNED.as_bytes());
        self.counts("portable");
        self.counts("clock");
        cat::check(&mut self);
        cp::check(&mut self);
        grep::check(&mut self);
        strace::check(&mut self);
        syscalls::check(&mut self);
        overhead::check(&mut self);
        threads::check(&mut self);
        init::check(&mut self);
        sandbox::check(&mut self);
    }

    /// Runs an example that has to succeed and to write just that.
    fn says(&mut self, name: &str, arguments: &[&str], expected: &[u8]) {
        let ran = self.execute(name, arguments).and_then(|ran| said(&ran, expected));
        self.note(name, ran);
    }

    /// Runs an example that has to end so.
    fn ends(&mut self, name: &str, arguments: &[&str], end: &End) {
        let ran = self.execute(name, arguments).and_then(|ran| {
            let complained = ran.stderr.starts_with(end.stderr)
                && ran.stderr.lines().count() == end.stderr.lines().count();
            if ran.status.code() != Some(end.code) || ran.stdout != end.stdout.as_bytes() || !complained {
                bail!(
                    "{arguments:?}: {}, not {}; {} bytes, not {}\n{}",
                    ran.status,
                    end.code,
                    ran.stdout.len(),
                    end.stdout.len(),
                    ran.tail(20)
                );
            }
            Ok(())
        });
        self.note(name, ran);
    }

    /// Weighs an example, if it is a release.
    fn weighs(&mut self, name: &str, limit: u64) {
        if self.profile == Profile::Debug {
            return;
        }
        let weight = fs::metadata(self.programs.join(name)).map_err(Into::into).and_then(|file| {
            ensure!(file.len() <= limit, "{} bytes, more than {limit}", file.len());
            Ok(file.len())
        });
        if let Some(weight) = self.note(name, weight) {
            self.outcome.said.push(format!("{name} {weight} bytes"));
        }
    }

    /// Runs an example whose last line counts what it has checked.
    fn counts(&mut self, name: &str) {
        let tally = self.suite.tally(name, &self.programs.join(name));
        let tally = self.note(name, tally).unwrap_or("failed".into());
        self.outcome.tally(self.profile.name().into(), format!("{name} {tally}"));
    }

    fn execute(&self, name: &str, arguments: &[&str]) -> Result<Output> {
        self.suite.execute(&self.programs.join(name), arguments)
    }

    /// A file for an example to read; none of another target or build.
    fn file(&mut self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        let written = fs::write(&path, content);
        self.note(&format!("the file {name}"), written.map_err(Into::into));
        path
    }

    /// The place of a file that is not there, or that an example writes.
    fn path(&self, name: &str) -> String {
        self.files.join(name).display().to_string()
    }

    fn note<T>(&mut self, what: &str, result: Result<T>) -> Option<T> {
        self.outcome.note(&format!("{} {what}", self.profile.name()), result)
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
