//! i386's two gates, measured by the fixture that compares what they answer.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};

use super::{Machine, Measured};
use crate::cross::build::{Build, Profile};
use crate::cross::command::text;
use crate::cross::target::TARGETS;

pub const SUBJECT: &str = "getppid on i386";
const LIMIT: Duration = Duration::from_secs(60);

/// Builds the program, and finds out whether the kernel runs it.
pub fn build(machine: &Machine) -> Result<PathBuf> {
    let target = TARGETS.iter().find(|target| target.abi == "i386").context("i386 is a target")?;
    if !target.is_native_on(&machine.toolchain.host) {
        return Err(anyhow!("this machine does not run its programs"));
    }
    let core = machine.toolchain.core(target.triple, None, &machine.apt)?;
    let at = (machine.root.as_path(), machine.home.as_path(), target.triple);
    let build = Build::new(target, &[], core.sysroot.as_deref(), &machine.toolchain.host, at);
    build.build(Profile::Release, &["--package", "gate", "--bin", "gate"])?;
    let program = build.output(Profile::Release).join("gate");
    text(&mut Command::new(&program), LIMIT)?;
    Ok(program)
}

pub fn round(program: &Path, measured: &mut Measured) -> Result<()> {
    let said = text(&mut Command::new(program), LIMIT)?;
    let (trap, gate) = said.lines().find_map(read).with_context(|| {
        format!("gate: no line `getppid: int 0x80 N ns, __kernel_vsyscall N ns`:\n{said}")
    })?;
    measured.add(SUBJECT, "ring3", gate);
    measured.add(SUBJECT, "trap", trap);
    Ok(())
}

fn read(line: &str) -> Option<(f64, f64)> {
    let (trap, rest) = line.strip_prefix("getppid: int 0x80 ")?.split_once(" ns, __kernel_vsyscall ")?;
    Some((trap.parse().ok()?, rest.split_once(" ns")?.0.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_line_is_read() {
        let line = "getppid: int 0x80 10310 ns, __kernel_vsyscall 121 ns, ratio 85.20";
        assert_eq!(read(line), Some((10310.0, 121.0)));
        assert_eq!(read("gate: 8 passed, 0 failed, 0 not supported:"), None);
    }
}
