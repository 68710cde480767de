//! What runs of each target on its kernel, and what it has to say.

use anyhow::{Context, Result, anyhow, bail, ensure};

use super::report::{Section, Trace};
use crate::cross::build::{Build, Profile};
use crate::cross::examples::{REPAIRED, overhead::Table};
use crate::cross::tally::judge;
use crate::cross::target::Target;

/// A program, and how it is started.
pub struct Program {
    /// Its name in this list's output.
    pub name: &'static str,
    /// Where cargo puts it.
    pub path: &'static str,
    /// `DIR` in them is the directory that the target's programs are in.
    arguments: &'static [&'static str],
    check: Check,
}

/// What its lines have to be.
enum Check {
    /// The tracer's.
    Trace,
    /// The last one counts what it has checked.
    Tally,
    /// The first one says how it is used: others run it.
    Usage,
    /// The table of what calls cost, with all that a kernel can do.
    Overhead,
    /// The calls of a program that has an argument and ends well, but for those that it prints by.
    Calls,
    /// What a program has counted under trace, and then the table of its calls.
    Counts,
    /// The last ones are these.
    Ends(&'static [&'static str]),
}

/// What runs of each target, in this order.
pub const PROGRAMS: &[Program] = &[
    Program { check: Check::Trace, ..counting("tracer", "tracer") },
    counting("conformance", "conformance"),
    counting("portable", "examples/portable"),
    counting("clock", "examples/clock"),
    Program {
        arguments: &["--rounds", "20"],
        check: Check::Overhead,
        ..counting("overhead", "examples/overhead")
    },
    Program { check: Check::Ends(&["Hello World!"]), ..counting("hello", "examples/hello") },
    Program { check: Check::Ends(REPAIRED), ..counting("repair", "examples/signals") },
    Program {
        arguments: &["DIR/hello"],
        check: Check::Ends(&["Hello World!", "exit code 0"]),
        ..counting("spawn", "examples/spawn")
    },
    Program {
        arguments: &["-t", "4", "30000"],
        check: Check::Ends(&["3245 primes below 30000"]),
        ..counting("primes", "examples/threads")
    },
    // That line, this one, and one that starts strace.
    Program {
        arguments: &["-c", "DIR/cp", "/programs"],
        check: Check::Ends(&["3"]),
        ..counting("grep", "examples/grep")
    },
    counting("text", "text"),
    counting("signals", "signals"),
    counting("processes", "processes"),
    Program { arguments: &["DIR"], ..counting("copies", "copies") },
    Program { check: Check::Usage, arguments: &["--help"], ..counting("cp", "examples/cp") },
    Program { arguments: &["1000"], ..counting("threads", "threads") },
    counting("first", "first"),
    Program { arguments: &["DIR"], ..counting("confined", "confined") },
    Program { check: Check::Usage, arguments: &["--help"], ..counting("sandbox", "examples/sandbox") },
    Program {
        arguments: &["-e", "trace=!write", "DIR/cp", "--help"],
        check: Check::Calls,
        ..counting("strace", "examples/strace")
    },
    Program {
        arguments: &["-f", "-c", "DIR/processes"],
        check: Check::Counts,
        ..counting("strace", "examples/strace")
    },
];

const fn counting(name: &'static str, path: &'static str) -> Program {
    Program { name, path, arguments: &[], check: Check::Tally }
}

/// Builds them all.
pub fn build(build: &Build) -> Result<()> {
    let release = |what: &[&str]| build.build(Profile::Release, what);
    release(&["--package", "trace", "--package", "conformance", "--bins"])?;
    release(&["--package", "flow", "--bins"])?;
    release(&["--package", "examples", "--examples"])?;
    release(&["--package", "examples", "--features", "alloc", "--example", "strace", "--example", "grep"])?;
    release(&["--package", "copies", "--bins"])?;
    release(&["--package", "text", "--features", "alloc"])
}

/// Where a target's programs are, and how their lines begin: short, for people to read.
pub fn directory(target: &Target) -> String {
    target.name().replace("-unknown-linux", "")
}

impl Program {
    /// The line that starts the target's program, its words apart by spaces.
    pub fn line(&self, target: &Target) -> String {
        let directory = format!("/{}", directory(target));
        let mut line = format!("{directory}/{}", self.name);
        for word in self.arguments {
            line.push(' ');
            line.push_str(&word.replace("DIR", &directory));
        }
        line
    }

    /// What the program of a target has said, in short, or how that is wrong. Tells the kernel's release, if the program does.
    pub fn judge(
        &self,
        target: &Target,
        sections: &[Section],
        release: &mut Option<String>,
    ) -> Result<String> {
        let line = self.line(target);
        let section = sections
            .iter()
            .find(|section| section.program == line)
            .ok_or_else(|| anyhow!("nobody has started it"))?;
        match self.check {
            Check::Trace => trace(target, section, release),
            Check::Overhead => {
                let table = Table::read(&section.lines.join("\n"), target);
                table.and_then(|table| table.is_whole().map(|()| format!("overhead {table}")))
            }
            Check::Tally => {
                judge(self.name, &section.lines.join("\n")).map(|tally| format!("{} {tally}", self.name))
            }
            Check::Usage => usage(self.name, section),
            Check::Calls => calls(&directory(target), section),
            Check::Counts => counts(section),
            Check::Ends(lines) => {
                let ended = section.lines.ends_with(lines);
                ended.then(|| self.name.to_owned()).with_context(|| format!("the end is not {lines:?}"))
            }
        }
        .and_then(|said| section.verdict().map(|()| said))
        .with_context(|| section.tail())
    }
}

fn usage(name: &str, section: &Section) -> Result<String> {
    let first = section.lines.first().copied().unwrap_or_default();
    ensure!(first.starts_with(&format!("usage: {name} ")), "`{first}` says no usage");
    Ok(format!("{name} --help"))
}

/// The first and the last lines of strace, which the program's own stand between.
fn calls(directory: &str, section: &Section) -> Result<String> {
    let lines: Vec<_> =
        section.lines.iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let [first, .., last, end] = &lines[..] else { bail!("three lines or more are missing") };
    let started = format!("execve(\"/{directory}/cp\", [\"/{directory}/cp\", \"--help\"], 0x");
    ensure!(first.starts_with(&started) && first.ends_with(" */) = 0"), "`{first}` is no execve of cp");
    ensure!(last == "exit_group(0) = ?", "`{last}` is no end of cp");
    ensure!(end == "+++ exited with 0 +++", "`{end}` does not tell of the end of cp");
    Ok("strace".to_owned())
}

/// The tally of `processes`, and the sum of strace's table.
fn counts(section: &Section) -> Result<String> {
    let head = section.lines.iter().position(|line| line.starts_with("% time "));
    let (said, table) = section.lines.split_at(head.context("no table of calls")?);
    let tally = judge("processes", &said.join("\n"))?;
    let words = |line: &&str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let rows: Vec<_> = table.iter().map(words).collect();
    let calls = |row: &Vec<String>| row.get(3).and_then(|calls| calls.parse::<u32>().ok());
    let [_, _, counted @ .., _, total] = &rows[..] else { bail!("a table without rows") };
    let sum: u32 = counted.iter().filter_map(calls).sum();
    ensure!(sum > 0 && calls(total) == Some(sum), "the calls are {sum}, and in total {total:?}");
    for name in ["execve", "exit_group"] {
        ensure!(
            counted.iter().any(|row| row.last().is_some_and(|last| last == name)),
            "no {name} in the table"
        );
    }
    Ok(format!("strace -f -c: {sum} calls of processes, {tally}"))
}

fn trace(target: &Target, section: &Section, release: &mut Option<String>) -> Result<String> {
    let trace = Trace::read(&section.lines)?;
    release.get_or_insert_with(|| trace.release.clone());
    for line in section.lines.iter().filter(|line| line.starts_with("note: ")) {
        eprintln!("{}: {line}", target.name());
    }
    trace.verdict(target.abi).map(|()| trace.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cross::target::TARGETS;

    #[test]
    fn every_program_of_every_target_has_a_line_of_its_own() {
        let lines = TARGETS.iter().flat_map(|target| PROGRAMS.iter().map(|program| program.line(target)));
        let mut lines: Vec<_> = lines.collect();
        let all = lines.len();
        lines.sort();
        lines.dedup();
        assert_eq!(lines.len(), all);
    }

    #[test]
    fn arguments_name_the_directory() {
        let program = Program { arguments: &["-f", "DIR/hello"], ..counting("strace", "examples/strace") };
        let target = TARGETS.iter().find(|target| target.abi == "riscv64").unwrap();
        assert_eq!(program.line(target), "/riscv64gc-gnu/strace -f /riscv64gc-gnu/hello");
    }

    #[test]
    fn a_program_that_did_not_run_or_failed_is_told() {
        let target = &TARGETS[0];
        let program = counting("portable", "examples/portable");
        let line = program.line(target);
        let judge = |said, end| {
            let section = Section { program: &line, lines: vec![said], end: Some(end) };
            program.judge(target, &[section], &mut None)
        };
        let said = "portable: 3 passed, 0 failed, 0 not supported:";
        assert_eq!(judge(said, "exit 0").unwrap(), "portable 3 passed, 0 failed, 0 not supported");
        assert!(judge(said, "exit 1").is_err());
        assert!(judge("portable: 3 passed, 1 failed, 0 not supported:", "exit 0").is_err());
        assert!(program.judge(target, &[], &mut None).is_err());
    }

    #[test]
    fn an_example_ends_with_its_lines() {
        let target = &TARGETS[0];
        let program =
            Program { check: Check::Ends(&["two", "three"]), ..counting("example", "examples/example") };
        let line = program.line(target);
        let judge = |lines: &[&'static str], end| {
            let section = Section { program: &line, lines: lines.to_vec(), end: Some(end) };
            program.judge(target, &[section], &mut None)
        };
        assert_eq!(judge(&["one", "two", "three"], "exit 0").unwrap(), "example");
        assert!(judge(&["two", "three"], "exit 1").is_err());
        assert!(judge(&["two", "three", "four"], "exit 0").is_err());
        assert!(judge(&[], "exit 0").is_err());
    }

    #[test]
    fn a_program_that_others_run_says_how_it_is_used() {
        let target = &TARGETS[0];
        let program = Program { check: Check::Usage, ..counting("cp", "examples/cp") };
        let line = program.line(target);
        let judge = |lines: &[&'static str]| {
            let section = Section { program: &line, lines: lines.to_vec(), end: Some("exit 0") };
            program.judge(target, &[section], &mut None)
        };
        assert_eq!(judge(&["usage: cp FROM TO", ""]).unwrap(), "cp --help");
        assert!(judge(&["no", "usage: cp FROM TO"]).is_err());
        assert!(judge(&[]).is_err());
    }
}
