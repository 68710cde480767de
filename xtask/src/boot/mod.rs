//! `cargo xtask boot`: the tracer, the conformance program and the programs that check themselves on real kernels.
//!
//! Debian's kernel images run in qemu-system, with the programs in their initramfs. What the machine lacks is fetched or built
//! below target/ring3-cross, once, beside what `cargo xtask cross` keeps there. A kernel for which that fails has failed.

mod emulator;
mod initramfs;
mod kernel;
mod programs;
mod report;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use crate::cross::apt::Apt;
use crate::cross::build::{Build, Profile};
use crate::cross::command;
use crate::cross::target::Target;
use crate::cross::toolchain::Toolchain;
use emulator::Emulator;
use kernel::{KERNELS, Kernel, WITHOUT, Without};
use programs::{PROGRAMS, directory};

/// From power on to power off: four targets of one kernel take two minutes on two cores with nothing else to do.
const LIMIT: Duration = Duration::from_secs(600);
/// The first process, the example; what it runs; and the file that tells that what to start, a line for each program.
const INIT: &str = "init";
const START: &str = "start";
const LIST: &str = "programs";

/// Boot real kernels and run the tracer, the conformance program and the programs that check themselves on them
#[derive(clap::Args)]
pub struct Args {
    /// Architectures as Debian names them, Rust's targets, or ABIs; all if none is given
    targets: Vec<String>,
}

/// What all kernels share.
struct Machine {
    toolchain: Toolchain,
    /// What one kernel fetches may be what the next one needs.
    apt: Mutex<Apt>,
    root: PathBuf,
    home: PathBuf,
}

pub fn run(args: &Args) -> Result<()> {
    let (kernels, without) = select(&args.targets)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let home = root.join("target/ring3-cross");
    fs::create_dir_all(&home)?;
    let machine = Machine {
        toolchain: Toolchain::find(&home)?,
        apt: Mutex::new(Apt::new(home.join("apt"))),
        root: root.to_owned(),
        home,
    };
    let booted: Vec<bool> = kernels.par_iter().with_max_len(1).map(|kernel| machine.report(kernel)).collect();
    let passed = booted.iter().filter(|&&passed| passed).count();
    let failed = booted.len() - passed;
    for Without { abi, reason } in without {
        println!("none   {abi}: {reason}");
    }
    println!("{passed} passed, {failed} failed");
    if failed > 0 {
        // Not an error of this program: the line above is the last word.
        std::process::exit(1);
    }
    Ok(())
}

impl Machine {
    /// Boots a kernel and says what came of it; gives whether that was as it should be.
    fn report(&self, kernel: &Kernel) -> bool {
        let (start, mut said, mut problems) = (Instant::now(), Vec::new(), Vec::new());
        if let Err(error) = self.boot(kernel, &mut said, &mut problems) {
            problems.push(format!("{error:#}"));
        }
        for problem in &problems {
            eprintln!("{}: {problem}", kernel.architecture);
        }
        let verdict = if problems.is_empty() { "ok    " } else { "FAILED" };
        let said = if said.is_empty() { "not booted".into() } else { said.join("; ") };
        println!("{verdict} {}: {said} [{} s]", kernel.architecture, start.elapsed().as_secs());
        problems.is_empty()
    }

    /// Boots a kernel with the programs of all its targets. `said` becomes the parts of its line.
    fn boot(&self, kernel: &Kernel, said: &mut Vec<String>, problems: &mut Vec<String>) -> Result<()> {
        let (emulator, image) = self.provide(kernel)?;
        let (mut files, mut list) = (Vec::new(), String::new());
        for target in kernel.targets() {
            let output = self.build(target).with_context(|| target.name())?;
            if files.is_empty() {
                files.push((INIT.to_owned(), output.join("examples").join(INIT)));
                files.push((START.to_owned(), output.join(START)));
            }
            for program in PROGRAMS {
                let file = (format!("{}/{}", directory(target), program.name), output.join(program.path));
                if !files.contains(&file) {
                    files.push(file);
                }
                list += &program.line(target);
                list.push('\n');
            }
        }
        let scratch = tempfile::tempdir_in(&self.home)?;
        let (archive, lines) = (scratch.path().join("initramfs"), scratch.path().join(LIST));
        fs::write(&lines, list)?;
        files.push((LIST.to_owned(), lines));
        initramfs::write(&archive, &files)?;
        let console = run_kernel(kernel, &emulator, &image, &archive)?;

        let sections = report::sections(&console);
        let mut release = None;
        for target in kernel.targets() {
            let parts: Vec<_> = PROGRAMS
                .iter()
                .map(|program| {
                    program.judge(target, &sections, &mut release).unwrap_or_else(|error| {
                        problems.push(format!("{} {}: {error:#}", target.name(), program.name));
                        format!("{} failed", program.name)
                    })
                })
                .collect();
            said.push(format!("{} ({}) {}", target.name(), target.abi, parts.join(", ")));
        }
        if sections.is_empty() {
            let lines: Vec<_> = console.lines().collect();
            problems.push(format!("no program ran\n{}", lines[lines.len().saturating_sub(40)..].join("\n")));
        }
        said.insert(0, format!("Linux {}", release.as_deref().unwrap_or("of unknown version")));
        Ok(())
    }

    /// Finds or fetches what runs the kernel, and its image.
    fn provide(&self, kernel: &Kernel) -> Result<(Emulator, PathBuf)> {
        let apt = self.apt();
        let emulator = Emulator::find(kernel.emulator, &self.home, &apt)?;
        eprintln!("{}: emulator: {}", kernel.architecture, emulator.story);
        let foreign = Apt::of(self.home.join("apt").join(kernel.architecture), kernel.architecture);
        let (image, story) = kernel.image(&self.home, &foreign)?;
        eprintln!("{}: kernel: {story}", kernel.architecture);
        Ok((emulator, image))
    }

    /// Builds what runs of a target, and gives the directory it is in.
    fn build(&self, target: &Target) -> Result<PathBuf> {
        let core = self.toolchain.core(target.triple, None, &self.apt())?;
        let name = target.name();
        let at = (self.root.as_path(), self.home.as_path(), name.as_str());
        let build = Build::new(target, &[], core.sysroot.as_deref(), &self.toolchain.host, at);
        programs::build(&build)?;
        Ok(build.output(Profile::Release))
    }

    fn apt(&self) -> MutexGuard<'_, Apt> {
        self.apt.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs the kernel until it turns the machine off, and gives what was on its console.
fn run_kernel(kernel: &Kernel, emulator: &Emulator, image: &Path, archive: &Path) -> Result<String> {
    // Nothing of the kernel's own between the programs' lines but what stops it.
    let line = format!(
        "console={} quiet loglevel=1 panic=-1 -- --mount --poweroff /{START} /{LIST}",
        kernel.console
    );
    let mut qemu = emulator.command();
    qemu.args(kernel.machine).args(["-m", "512", "-display", "none", "-monitor", "none", "-serial", "stdio"]);
    qemu.args(["-nodefaults", "-no-reboot", "-append", &line]);
    qemu.arg("-kernel").arg(image).arg("-initrd").arg(archive);
    let ran = command::run(&mut qemu, LIMIT)?;
    if !ran.status.success() {
        bail!("{}: {}\n{}", kernel.emulator, ran.status, ran.tail(20));
    }
    Ok(String::from_utf8_lossy(&ran.stdout).into_owned())
}

/// The kernels that the words mean, and the ABIs without one.
fn select(words: &[String]) -> Result<(Vec<&'static Kernel>, Vec<&'static Without>)> {
    for word in words {
        let known = KERNELS.iter().any(|kernel| kernel.is_meant_by(word));
        if !known && !WITHOUT.iter().any(|without| without.is_meant_by(word)) {
            let known: Vec<_> = KERNELS.iter().map(|kernel| kernel.architecture).collect();
            bail!("{word}: no such kernel; there are {}", known.join(", "));
        }
    }
    let all = words.is_empty();
    let any = |test: &dyn Fn(&str) -> bool| all || words.iter().any(|word| test(word));
    Ok((
        KERNELS.iter().filter(|kernel| any(&|word| kernel.is_meant_by(word))).collect(),
        WITHOUT.iter().filter(|without| any(&|word| without.is_meant_by(word))).collect(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_select_kernels() {
        let selected = |words: &[&str]| {
            let words: Vec<_> = words.iter().map(|&word| word.to_owned()).collect();
            select(&words).map(|(kernels, without)| {
                (kernels.iter().map(|kernel| kernel.architecture).collect::<Vec<_>>(), without.len())
            })
        };
        assert_eq!(selected(&[]).unwrap(), (vec!["amd64", "arm64", "armhf", "riscv64"], 1));
        assert_eq!(selected(&["i386"]).unwrap(), (vec!["amd64"], 0));
        assert_eq!(
            selected(&["arm64", "armv7-unknown-linux-gnueabihf"]).unwrap(),
            (vec!["arm64", "armhf"], 0)
        );
        assert_eq!(selected(&["riscv32"]).unwrap(), (vec![], 1));
        assert!(selected(&["vax"]).is_err());
    }
}
