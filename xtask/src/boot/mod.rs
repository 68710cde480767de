//! `cargo xtask boot`: the tracer, the conformance program and the programs that check themselves on real kernels.
//!
//! Debian's kernel images run in qemu-system, with the programs in their initramfs. What the machine lacks is fetched or built
//! below target/ring3-cross, once, beside what `cargo xtask cross` keeps there. A kernel for which that fails has failed.

mod emulator;
mod initramfs;
mod kernel;
mod report;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use crate::cross::apt::Apt;
use crate::cross::build::{Build, Profile};
use crate::cross::command;
use crate::cross::tally::judge;
use crate::cross::target::Target;
use crate::cross::toolchain::Toolchain;
use emulator::Emulator;
use kernel::{KERNELS, Kernel, WITHOUT, Without};
use report::{Section, Trace};

/// From power on to power off: four targets of one kernel take two minutes on two cores with nothing else to do.
const LIMIT: Duration = Duration::from_secs(600);
const INIT: &str = "init";
const TRACER: &str = "tracer";
const CONFORMANCE: &str = "conformance";
const PORTABLE: &str = "portable";
const CLOCK: &str = "clock";
const TEXT: &str = "text";
/// The programs of the package `flow`.
const FLOW: [&str; 2] = ["signals", "processes"];
/// What runs of each target, and where cargo puts it.
const PROGRAMS: [(&str, &str); 7] = [
    (TRACER, TRACER),
    (CONFORMANCE, CONFORMANCE),
    (PORTABLE, "examples/portable"),
    (CLOCK, "examples/clock"),
    (TEXT, TEXT),
    (FLOW[0], FLOW[0]),
    (FLOW[1], FLOW[1]),
];

/// Boot real kernels and run the tracer, the conformance program and the programs that check themselves on them
#[derive(clap::Args)]
pub struct Args {
    /// Architectures as Debian names them, Rust's targets, or ABIs; all if none is given
    targets: Vec<String>,
}

/// What all kernels share.
struct Machine {
    toolchain: Toolchain,
    apt: PathBuf,
    root: PathBuf,
    home: PathBuf,
}

pub fn run(args: &Args) -> Result<()> {
    let (kernels, without) = select(&args.targets)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let home = root.join("target/ring3-cross");
    fs::create_dir_all(&home)?;
    let machine =
        Machine { toolchain: Toolchain::find(&home)?, apt: home.join("apt"), root: root.to_owned(), home };
    let (mut passed, mut failed) = (0, 0);
    for kernel in kernels {
        let (start, mut said, mut problems) = (Instant::now(), Vec::new(), Vec::new());
        if let Err(error) = machine.boot(kernel, &mut said, &mut problems) {
            problems.push(format!("{error:#}"));
        }
        for problem in &problems {
            eprintln!("{}: {problem}", kernel.architecture);
        }
        let verdict = if problems.is_empty() { "ok    " } else { "FAILED" };
        let said = if said.is_empty() { "not booted".into() } else { said.join("; ") };
        println!("{verdict} {}: {said} [{} s]", kernel.architecture, start.elapsed().as_secs());
        *if problems.is_empty() { &mut passed } else { &mut failed } += 1;
    }
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
    /// Boots a kernel with the programs of all its targets. `said` becomes the parts of its line.
    fn boot(&self, kernel: &Kernel, said: &mut Vec<String>, problems: &mut Vec<String>) -> Result<()> {
        let apt = Apt::new(self.apt.clone());
        let emulator = Emulator::find(kernel.emulator, &self.home, &apt)?;
        eprintln!("{}: emulator: {}", kernel.architecture, emulator.story);
        let foreign = Apt::of(self.apt.join(kernel.architecture), kernel.architecture);
        let (image, story) = kernel.image(&self.home, &foreign)?;
        eprintln!("{}: kernel: {story}", kernel.architecture);

        let mut programs = Vec::new();
        for target in kernel.targets() {
            let first = if programs.is_empty() { Some(INIT) } else { None };
            let output = self.build(target, first, &apt).with_context(|| target.name())?;
            programs.extend(first.map(|name| (name.to_owned(), output.join(name))));
            let place = |(name, path)| (format!("{}/{name}", directory(target)), output.join(path));
            programs.extend(PROGRAMS.map(place));
        }
        let archive = self.home.join(format!("initramfs-{}", kernel.architecture));
        initramfs::write(&archive, &programs)?;
        let console = run_kernel(kernel, &emulator, &image, &archive, &programs[1..])?;

        let sections = report::sections(&console);
        let mut release = None;
        for target in kernel.targets() {
            let mut note = |what: &str, result: Result<String>| {
                result.unwrap_or_else(|error| {
                    problems.push(format!("{} {what}: {error:#}", target.name()));
                    format!("{what} failed")
                })
            };
            let trace = section(&sections, target, TRACER).and_then(|section| {
                let trace = Trace::read(&section.lines).with_context(|| section.tail())?;
                release.get_or_insert_with(|| trace.release.clone());
                for line in section.lines.iter().filter(|line| line.starts_with("note: ")) {
                    eprintln!("{}: {line}", target.name());
                }
                trace.verdict(target.abi).and_then(|()| section.verdict()).with_context(|| section.tail())?;
                Ok(trace.to_string())
            });
            let tally = |name: &str| {
                let section = section(&sections, target, name)?;
                let tally = judge(name, &section.lines.join("\n")).with_context(|| section.tail())?;
                section.verdict().with_context(|| section.tail())?;
                Ok(format!("{name} {tally}"))
            };
            let mut parts = vec![note(TRACER, trace)];
            let names = [CONFORMANCE, PORTABLE, CLOCK, TEXT, FLOW[0], FLOW[1]];
            parts.extend(names.map(|name| note(name, tally(name))));
            said.push(format!("{} ({}) {}", target.name(), target.abi, parts.join(", ")));
        }
        if sections.is_empty() {
            let lines: Vec<_> = console.lines().collect();
            problems.push(format!("no program ran\n{}", lines[lines.len().saturating_sub(40)..].join("\n")));
        }
        said.insert(0, format!("Linux {}", release.as_deref().unwrap_or("of unknown version")));
        Ok(())
    }

    /// Builds what runs of a target, and the first process if it is this one's, and gives the directory they are in.
    fn build(&self, target: &Target, first: Option<&str>, apt: &Apt) -> Result<PathBuf> {
        let core = self.toolchain.core(target.triple, None, apt)?;
        let name = target.name();
        let at = (self.root.as_path(), self.home.as_path(), name.as_str());
        let build = Build::new(target, &[], core.sysroot.as_deref(), &self.toolchain.host, at);
        let mut what = vec!["--package", "trace", "--package", CONFORMANCE];
        what.extend(first.into_iter().chain([TRACER, CONFORMANCE]).flat_map(|name| ["--bin", name]));
        build.build(Profile::Release, &what)?;
        build
            .build(Profile::Release, &["--package", "examples", "--example", PORTABLE, "--example", CLOCK])?;
        build.build(Profile::Release, &["--package", TEXT, "--features", "alloc"])?;
        build.build(Profile::Release, &["--package", "flow", "--bins"])?;
        Ok(build.output(Profile::Release))
    }
}

/// Runs the kernel until it turns the machine off, and gives what was on its console.
fn run_kernel(
    kernel: &Kernel,
    emulator: &Emulator,
    image: &Path,
    archive: &Path,
    programs: &[(String, PathBuf)],
) -> Result<String> {
    let paths: Vec<_> = programs.iter().map(|(name, _)| format!("/{name}")).collect();
    // Nothing of the kernel's own between the programs' lines but what stops it.
    let line = format!("console={} quiet loglevel=1 panic=-1 -- {}", kernel.console, paths.join(" "));
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

/// What a program of a target left.
/// Where a target's programs are: short, for all of them stand on the kernel's command line, of which arm keeps 1024 bytes.
fn directory(target: &Target) -> String {
    target.name().replace("-unknown-linux", "")
}

fn section<'a>(sections: &'a [Section<'a>], target: &Target, name: &str) -> Result<&'a Section<'a>> {
    let path = format!("/{}/{name}", directory(target));
    sections
        .iter()
        .find(|section| section.program == path)
        .ok_or_else(|| anyhow!("the first process did not start it"))
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
