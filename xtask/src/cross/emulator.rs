//! qemu-user: the machine's own if it is recent enough, Debian's otherwise.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};

use super::apt::{Apt, upstream};
use super::command::text;
use super::target::TARGETS;

/// Before 10, qemu-user answers too many calls with ENOSYS.
const OLDEST: [u32; 1] = [10];
const SUITES: [&str; 2] = ["bookworm-backports", "trixie-backports"];

/// A program that runs another architecture's programs, and how it got here.
pub struct Emulator {
    pub program: PathBuf,
    pub story: String,
}

/// Finds the emulator `name`, or fetches it to a directory below `home`.
pub fn find(name: &str, home: &Path, apt: &Apt) -> Result<Emulator> {
    let mut tried = Vec::new();
    match version(Path::new(name)) {
        Ok(version) if upstream(&version) >= OLDEST.to_vec() => {
            return Ok(Emulator { program: name.into(), story: format!("the machine's {name} {version}") });
        }
        Ok(version) => tried.push(format!("the machine's {name} is {version}, older than {}", OLDEST[0])),
        Err(_) => tried.push(format!("{name} is not installed")),
    }
    for suite in SUITES {
        match fetch(name, suite, home, apt) {
            Ok(emulator) => {
                tried.push(emulator.story);
                return Ok(Emulator { story: tried.join("; "), ..emulator });
            }
            Err(error) => tried.push(format!("{suite}: {error:#}")),
        }
    }
    bail!("no {name} {} or newer; tried in this order:\n  {}", OLDEST[0], tried.join("\n  "));
}

/// Debian builds these static: they run from anywhere, installed or not.
fn fetch(name: &str, suite: &str, home: &Path, apt: &Apt) -> Result<Emulator> {
    let all = home.join("qemu");
    let home = all.join(suite);
    let program = home.join("usr/bin").join(name);
    if !program.exists() {
        let packages = apt.versions(suite, "qemu-user")?;
        let package = packages
            .iter()
            .find(|package| upstream(&package.version) >= OLDEST.to_vec())
            .ok_or_else(|| anyhow!("no qemu-user {} or newer", OLDEST[0]))?;
        // Those of all targets at once: the next one wants another.
        let paths: BTreeSet<_> = TARGETS.iter().map(|row| format!("./usr/bin/{}", row.emulator[0])).collect();
        let paths: Vec<_> = paths.iter().map(String::as_str).collect();
        // Whole or not at all: an interrupted run must not leave half an emulator.
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(&all)?;
        let scratch = tempfile::tempdir_in(&all)?;
        package.unpack(&paths, scratch.path())?;
        fs::rename(scratch.keep(), &home)?;
    }
    let version = version(&program)?;
    Ok(Emulator { program, story: format!("qemu-user {version} of Debian's {suite}") })
}

fn version(program: &Path) -> Result<String> {
    let said = text(Command::new(program).arg("--version"), Duration::from_secs(20))?;
    said_version(&said).ok_or_else(|| anyhow!("{}: --version says {said:?}", program.display()))
}

/// The version in the first line of what `--version` says.
pub fn said_version(said: &str) -> Option<String> {
    Some(said.lines().next()?.split_once(" version ")?.1.split_whitespace().next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_version() {
        let said = "qemu-arm version 10.0.2 (Debian 1:10.0.2+ds-2)\nCopyright (c) 2003-2025\n";
        assert_eq!(said_version(said).as_deref(), Some("10.0.2"));
        assert_eq!(said_version("qemu-arm version 7.2.18\n").as_deref(), Some("7.2.18"));
        assert_eq!(said_version("something else"), None);
    }

    #[test]
    fn ten_is_recent_enough_and_nine_is_not() {
        assert!(upstream("10.0.2") >= OLDEST.to_vec());
        assert!(upstream("10") >= OLDEST.to_vec());
        assert!(upstream("9.2.1") < OLDEST.to_vec());
    }
}
