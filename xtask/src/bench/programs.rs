//! What a program has to measure itself, because it is for another ABI or for no libc.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::criterion::Measured;
use super::{Machine, Report};
use crate::cross::build::{Build, Profile};
use crate::cross::command::text;
use crate::cross::target::TARGETS;

pub const CALL_ON_I386: &str = "getppid on i386";
pub const THREAD: &str = "thread and join";
const LIMIT: Duration = Duration::from_secs(60);

struct Program {
    /// The package of xtask/fixtures, and its program.
    name: &'static str,
    abi: &'static str,
    subject: &'static str,
    /// What stands before each number of nanoseconds in the line of numbers, and whose it is.
    numbers: &'static [(&'static str, &'static str)],
}

const PROGRAMS: [Program; 2] = [
    Program {
        name: "gate",
        abi: "i386",
        subject: CALL_ON_I386,
        numbers: &[("getppid: int 0x80 ", "trap"), (", __kernel_vsyscall ", "ring3")],
    },
    // The peers are in benches/spawn.rs.
    Program { name: "joins", abi: "x86_64", subject: THREAD, numbers: &[("spawn and join: ", "ring3")] },
];

/// The programs that this machine runs.
pub struct Programs(Vec<(&'static Program, PathBuf)>);

impl Programs {
    /// Builds them, and sees them run; what cannot be is noted.
    pub fn build(machine: &Machine, report: &mut Report) -> Self {
        let built = PROGRAMS.iter().filter_map(|program| {
            let path = program.build(machine).and_then(|path| {
                text(&mut Command::new(&path), LIMIT)?;
                Ok(path)
            });
            path.map_err(|error| report.lack(program.subject, &error)).ok().map(|path| (program, path))
        });
        Self(built.collect())
    }

    pub fn round(&self, measured: &mut Measured) -> Result<()> {
        for (program, path) in &self.0 {
            let said = text(&mut Command::new(path), LIMIT)?;
            let numbers = said.lines().find_map(|line| program.read(line));
            let numbers =
                numbers.with_context(|| format!("{}: no line of numbers:\n{said}", program.name))?;
            for (side, number) in numbers {
                measured.add(program.subject, side, number);
            }
        }
        Ok(())
    }
}

impl Program {
    fn build(&self, machine: &Machine) -> Result<PathBuf> {
        let host = &machine.toolchain.host;
        let mut targets = TARGETS.iter().filter(|target| target.abi == self.abi);
        let Some(target) = targets.find(|target| target.is_native_on(host)) else {
            bail!("{host} does not run programs for {}", self.abi);
        };
        let core = machine.toolchain.core(target.triple, None, &machine.apt)?;
        let at = (machine.root.as_path(), machine.home.as_path(), target.triple);
        let build = Build::new(target, &[], core.sysroot.as_deref(), host, at);
        build.build(Profile::Release, &["--package", self.name, "--bin", self.name])?;
        Ok(build.output(Profile::Release).join(self.name))
    }

    /// The numbers of a line that begins with the first of the words.
    fn read(&self, line: &str) -> Option<Vec<(&'static str, f64)>> {
        let mut rest = line;
        let number = |&(before, side)| {
            let (number, after) = rest.strip_prefix(before)?.split_once(" ns")?;
            rest = after;
            Some((side, number.parse().ok()?))
        };
        self.numbers.iter().map(number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_lines_are_read() {
        let line = "getppid: int 0x80 10310 ns, __kernel_vsyscall 121 ns, ratio 85.20";
        assert_eq!(PROGRAMS[0].read(line), Some(vec![("trap", 10310.0), ("ring3", 121.0)]));
        assert_eq!(PROGRAMS[0].read("getppid: int 0x80 10310 ns"), None);
        assert_eq!(PROGRAMS[1].read("spawn and join: 17016 ns"), Some(vec![("ring3", 17016.0)]));
        assert_eq!(PROGRAMS[0].read("gate: 8 passed, 0 failed, 0 not supported:"), None);
    }
}
