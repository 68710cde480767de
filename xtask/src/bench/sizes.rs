//! What hello and cat weigh, written with ring3, in C with two libraries, and in Rust with std; each is run before it is weighed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::Machine;
use super::report::Report;
use crate::cross::build::{Build, Profile};
use crate::cross::command::{succeed, text};
use crate::cross::target::TARGETS;

const SUITE: &str = "trixie";
const LIMIT: Duration = Duration::from_secs(300);
pub const PROGRAMS: [&str; 2] = ["hello", "cat"];
/// For size, as a release build with the README's profile.
const C: [&str; 6] = ["-Os", "-static", "-s", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections"];
const RUST: [&str; 6] =
    ["--edition=2024", "-Copt-level=z", "-Clto=fat", "-Ccodegen-units=1", "-Cpanic=abort", "-Cstrip=symbols"];

/// How a program is built: its name, and where it is then.
type Way<'a> = Box<dyn Fn(&str, &Path) -> Result<PathBuf> + 'a>;

pub fn measure(machine: &Machine, report: &mut Report) {
    let source =
        |name: &str, language: &str| machine.root.join("benches/sizes").join(format!("{name}.{language}"));
    let with_std = |name: &str, to: &Path, flags: &[&str]| {
        let mut rustc = Command::new("rustc");
        succeed(rustc.args(RUST).args(flags).arg(source(name, "rs")).arg("-o").arg(to), LIMIT)?;
        Ok(to.to_owned())
    };
    let ways: [(&str, Way<'_>); 5] = [
        ("ring3", Box::new(|name, _| ring3(machine, name))),
        (
            "C, musl",
            Box::new(|name, to| {
                let musl = musl(machine)?;
                let arguments = musl.arguments(&source(name, "c"));
                succeed(Command::new("cc").args(C).args(arguments).arg("-o").arg(to), LIMIT)?;
                Ok(to.to_owned())
            }),
        ),
        (
            "C, static glibc",
            Box::new(|name, to| {
                succeed(Command::new("cc").args(C).arg(source(name, "c")).arg("-o").arg(to), LIMIT)?;
                Ok(to.to_owned())
            }),
        ),
        ("Rust std", Box::new(|name, to| with_std(name, to, &[]))),
        (
            "Rust std, static glibc",
            Box::new(|name, to| with_std(name, to, &["-Ctarget-feature=+crt-static"])),
        ),
    ];
    for (way, build) in ways {
        let sizes = PROGRAMS.map(|name| {
            let size = weigh(machine, name, &*build);
            size.map_err(|error| report.lack(&format!("the size of {name}, {way}"), &error)).ok()
        });
        report.sizes.push((way, sizes));
    }
}

/// Builds a program, sees it work, and gives its size.
fn weigh(machine: &Machine, name: &str, build: &dyn Fn(&str, &Path) -> Result<PathBuf>) -> Result<u64> {
    let scratch = tempfile::tempdir_in(&machine.home)?;
    let program = build(name, &scratch.path().join(name))?;
    let (content, file) = ("Hello World!\n", scratch.path().join("content"));
    fs::write(&file, content)?;
    let mut command = Command::new(&program);
    if name == "cat" {
        command.arg(&file);
    }
    let said = text(&mut command, LIMIT)?;
    if said != content {
        bail!("the program says {said:?}");
    }
    Ok(fs::metadata(&program)?.len())
}

fn ring3(machine: &Machine, name: &str) -> Result<PathBuf> {
    let host = &machine.toolchain.host;
    let target =
        TARGETS.iter().find(|target| target.triple == host).with_context(|| format!("{host}: no row"))?;
    let at = (machine.root.as_path(), machine.home.as_path(), target.triple);
    let build = Build::new(target, &[], None, host, at);
    build.build(Profile::Release, &["--package", "examples", "--example", name])?;
    Ok(build.output(Profile::Release).join("examples").join(name))
}

/// musl's headers and library, below a directory of our own.
struct Musl {
    include: PathBuf,
    library: PathBuf,
}

fn musl(machine: &Machine) -> Result<Musl> {
    let home = machine.home.join("musl").join(SUITE);
    if !home.exists() {
        let scratch = tempfile::tempdir_in(&machine.home)?;
        let packages = machine.apt.versions(SUITE, "musl-dev")?;
        let package = packages.first().with_context(|| format!("{SUITE} has no musl-dev"))?;
        package.unpack(&["./usr/include", "./usr/lib"], scratch.path())?;
        fs::create_dir_all(machine.home.join("musl"))?;
        // Whole or not at all.
        fs::rename(scratch.keep(), &home)?;
    }
    let inside = |parent: &str| -> Result<PathBuf> {
        let parent = home.join(parent);
        let mut found = fs::read_dir(&parent)?.filter_map(|entry| Some(entry.ok()?.path()));
        found
            .find(|path| path.to_string_lossy().ends_with("-linux-musl"))
            .with_context(|| format!("{}: expected a directory of musl's", parent.display()))
    };
    Ok(Musl { include: inside("usr/include")?, library: inside("usr/lib")? })
}

impl Musl {
    /// What Debian's musl-gcc tells the compiler, with other paths.
    fn arguments(&self, source: &Path) -> Vec<std::ffi::OsString> {
        let part = |name: &str| self.library.join(name).into_os_string();
        let mut arguments =
            vec!["-nostdinc".into(), "-isystem".into(), self.include.clone().into_os_string()];
        arguments.extend(["-nostdlib".into(), part("crt1.o"), part("crti.o"), source.as_os_str().to_owned()]);
        arguments.extend([part("libc.a"), "-lgcc".into(), part("crtn.o")]);
        arguments
    }
}
