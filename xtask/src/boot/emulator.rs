//! qemu-system: the machine's own, or Debian's with every library it wants, in a directory of our own.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};

use crate::cross::apt::{Apt, upstream};
use crate::cross::command::text;
use crate::cross::emulator::said_version;

/// The first that has all the machines that are used here.
const OLDEST: [u32; 1] = [7];
const SUITE: &str = "trixie";
const PACKAGES: [&str; 3] = ["qemu-system-x86", "qemu-system-arm", "qemu-system-riscv"];
const LIMIT: Duration = Duration::from_secs(20);

/// How qemu-system is started.
pub struct Emulator {
    program: PathBuf,
    arguments: Vec<OsString>,
    pub story: String,
}

impl Emulator {
    /// Finds the emulator `name`, or fetches it to a directory below `home`.
    pub fn find(name: &str, home: &Path, apt: &Apt) -> Result<Self> {
        let own = Self { program: name.into(), arguments: Vec::new(), story: String::new() };
        let tried = match own.version() {
            Ok(version) if upstream(&version) >= OLDEST.to_vec() => {
                return Ok(Self { story: format!("the machine's {name} {version}"), ..own });
            }
            Ok(version) => format!("the machine's {name} is {version}, older than {}", OLDEST[0]),
            Err(_) => format!("{name} is not installed"),
        };
        let fetched = fetch(name, home, apt).with_context(|| format!("no {name}: {tried}; {SUITE}"))?;
        Ok(Self { story: format!("{tried}; {}", fetched.story), ..fetched })
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        command
    }

    fn version(&self) -> Result<String> {
        let said = text(self.command().arg("--version"), LIMIT)?;
        said_version(&said).ok_or_else(|| anyhow!("--version says {said:?}"))
    }
}

/// Unpacks Debian's packages and all that they depend on: the C library, too, for a newer Debian's programs want theirs.
fn fetch(name: &str, home: &Path, apt: &Apt) -> Result<Emulator> {
    let root = home.join("qemu-system").join(SUITE);
    if !root.exists() {
        let scratch = tempfile::tempdir_in(home)?;
        apt.unpack_closure(SUITE, &PACKAGES, scratch.path())?;
        for unused in ["doc", "i18n", "locale", "man"] {
            let _ = fs::remove_dir_all(scratch.path().join("usr/share").join(unused));
        }
        fs::create_dir_all(home.join("qemu-system"))?;
        // Whole or not at all: an interrupted run must not leave half an emulator.
        fs::rename(scratch.keep(), &root)?;
    }
    let (libraries, loader) = loader(&root.join("usr/lib"))?;
    let mut arguments: Vec<OsString> = vec!["--library-path".into(), libraries.into()];
    arguments.push(root.join("usr/bin").join(name).into());
    for data in ["qemu", "seabios"] {
        arguments.extend(["-L".into(), root.join("usr/share").join(data).into()]);
    }
    let emulator = Emulator { program: loader, arguments, story: String::new() };
    let version = emulator.version()?;
    Ok(Emulator { story: format!("{name} {version} of Debian's {SUITE}"), ..emulator })
}

/// The directory of the libraries, and the dynamic loader in it.
fn loader(usr_lib: &Path) -> Result<(PathBuf, PathBuf)> {
    for directory in fs::read_dir(usr_lib)? {
        let directory = directory?.path();
        for file in fs::read_dir(&directory).into_iter().flatten() {
            let file = file?;
            if file.file_name().to_string_lossy().starts_with("ld-linux") {
                return Ok((directory, file.path()));
            }
        }
    }
    bail!("no dynamic loader below {}", usr_lib.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_is_beside_the_libraries() {
        let root = tempfile::tempdir().unwrap();
        assert!(loader(root.path()).is_err());
        for name in ["other/libc.so.6", "x86_64-linux-gnu/ld-linux-x86-64.so.2"] {
            let file = root.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        let libraries = root.path().join("x86_64-linux-gnu");
        assert_eq!(loader(root.path()).unwrap(), (libraries.clone(), libraries.join("ld-linux-x86-64.so.2")));
    }
}
