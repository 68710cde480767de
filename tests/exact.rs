//! A call costs what the same call written by hand costs: rustc's assembly of both, side by side.
//!
//! `tests/fixtures/exact` has pairs of functions, one through ring3 and one with its own inline assembly. For every target whose
//! core library is installed, at opt-level 3 and z, ring3's function must have no instruction, memory access, branch or
//! call more than the other. `cargo test --test exact -- --nocapture` prints the counts.
//!
//! By hand the number is in the instructions wherever they can hold it: that saves a register in Thumb code, and on i386 with five or six
//! arguments a place in memory.
//!
//! Builds for aarch64 with `+sve` are exempt: there ring3 names v0 to v31 as overwritten, because the kernel drops the part
//! of them above 128 bits, and the compiler then saves d8 to d15 around the function, which is the price of being right.

#[path = "common/compiler.rs"]
mod compiler;
#[path = "common/package.rs"]
mod package;
#[path = "common/targets.rs"]
mod targets;

use package::Package;
use std::{fs, path::Path};

/// A way to build the fixture.
struct Build {
    abi: &'static str,
    /// The first of them that is installed is taken.
    targets: &'static [&'static str],
    set: InstructionSet,
    /// For every crate.
    flags: &'static [&'static str],
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum InstructionSet {
    X86,
    Aarch64,
    Arm,
    Thumb,
    Riscv,
}

use InstructionSet::{Aarch64, Arm, Riscv, Thumb, X86};

const BUILDS: [Build; 12] = [
    build("x86_64", &["x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl"], X86, &[]),
    build("i386", &["i686-unknown-linux-gnu", "i686-unknown-linux-musl"], X86, &[]),
    // With frame pointers the compiler has a register less.
    build(
        "i386",
        &["i686-unknown-linux-gnu", "i686-unknown-linux-musl"],
        X86,
        &["-Cforce-frame-pointers=yes"],
    ),
    build("aarch64", &["aarch64-unknown-linux-gnu", "aarch64-unknown-linux-musl"], Aarch64, &[]),
    build("aarch64/be", &["aarch64_be-unknown-linux-gnu", "aarch64_be-unknown-linux-musl"], Aarch64, &[]),
    build("arm", &["armv5te-unknown-linux-gnueabi", "armv5te-unknown-linux-musleabi"], Arm, &[]),
    build("arm", &["armv5te-unknown-linux-gnueabi", "armv5te-unknown-linux-musleabi"], Thumb, &[THUMB_MODE]),
    build("arm", &["armv7-unknown-linux-gnueabihf", "armv7-unknown-linux-musleabihf"], Arm, &[]),
    build(
        "arm",
        &["thumbv7neon-unknown-linux-gnueabihf", "thumbv7neon-unknown-linux-musleabihf"],
        Thumb,
        &[],
    ),
    build(
        "arm",
        &["thumbv7neon-unknown-linux-gnueabihf", "thumbv7neon-unknown-linux-musleabihf"],
        Thumb,
        &["-Cforce-frame-pointers=yes"],
    ),
    build("riscv64", &["riscv64gc-unknown-linux-gnu", "riscv64gc-unknown-linux-musl"], Riscv, &[]),
    build("riscv32", &["riscv32gc-unknown-linux-gnu", "riscv32gc-unknown-linux-musl"], Riscv, &[]),
];

const THUMB_MODE: &str = "-Ctarget-feature=+thumb-mode";

const fn build(
    abi: &'static str,
    targets: &'static [&'static str],
    set: InstructionSet,
    flags: &'static [&'static str],
) -> Build {
    Build { abi, targets, set, flags }
}

/// The pairs of the fixture that must be equal.
const PAIRS: [&str; 15] = [
    "write",
    "copy_file_range",
    "pread64",
    "is_open",
    "any",
    "sys_write",
    "sys_read",
    "sys_getrandom",
    "sys_dup",
    "sys_close",
    "sys_pipe2",
    "sys_sched_getparam",
    "sys_unlinkat",
    "sys_bind",
    "sys_futex_wake",
];

/// Those that differ, and in what: they show that a difference would be seen.
const UNEQUAL: [(&str, &str); 2] = [("longer", "instructions"), ("touching", "memory accesses")];

#[test]
fn a_call_costs_what_it_costs_by_hand() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/exact/lib.rs");
    let package = Package::new("exact", &fixture, "");
    let (mut compared, mut missing) = (Vec::new(), Vec::new());
    let mut failures = Vec::new();
    for build in &BUILDS {
        match build.targets.iter().find(|target| targets::is_installed(target)) {
            None => missing.push(build),
            Some(target) => {
                compared.push(build);
                for level in ["3", "z"] {
                    let title = format!("{} {target} {} opt-level {level}", build.abi, build.flags.join(" "));
                    let assembly = assemble(&package, build, target, level);
                    check(&title, build.set, &assembly, &mut failures);
                }
            }
        }
    }
    println!(
        "\n{} builds compared, {} not: their core library is not installed",
        compared.len(),
        missing.len()
    );
    for build in missing {
        println!("not compared: {} {} {}", build.abi, build.targets[0], build.flags.join(" "));
    }
    #[cfg(target_arch = "x86_64")]
    assert!(compared.iter().any(|build| build.abi == "x86_64"), "the host's own ABI was not compared");
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// rustc's assembly of the fixture.
fn assemble(package: &Package, build: &Build, target: &str, level: &str) -> String {
    // One file each: Cargo does not write it again when nothing has changed.
    let file = package.path(&format!("{target}{}-{level}.s", build.flags.concat()));
    let emit = format!("--emit=asm={}", file.display());
    let level = format!("-Copt-level={level}");
    let mut arguments = vec!["--release", "--", &emit, &level, "--check-cfg=cfg(thumb)"];
    if build.set == Thumb {
        arguments.push("--cfg=thumb");
    }
    let output = package.cargo("rustc", target, build.flags, &arguments);
    assert!(output.status.success(), "{target}: {}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(file).unwrap()
}

fn check(title: &str, set: InstructionSet, assembly: &str, failures: &mut Vec<String>) {
    let mut line = title.to_owned();
    for pair in PAIRS {
        let [ring3, hand] = ["ring3", "hand"].map(|side| Function::read(assembly, &format!("{side}_{pair}")));
        let [ours, theirs] = [&ring3, &hand].map(|function| Cost::of(function, set));
        line += &format!(", {pair} {}", ours.instructions);
        if ours.instructions != theirs.instructions {
            line += &format!(" (by hand {})", theirs.instructions);
        }
        if let Some(what) = ours.exceeds(&theirs) {
            let [ours, theirs] = [ring3, hand].map(|function| function.instructions.join("\n    "));
            failures.push(format!("{title}: {pair} has more {what}:\n    {ours}\n  by hand:\n    {theirs}"));
        }
    }
    println!("{line}");
    for (pair, what) in UNEQUAL {
        let [ring3, hand] = ["ring3", "hand"].map(|side| Function::read(assembly, &format!("{side}_{pair}")));
        assert_eq!(
            Cost::of(&ring3, set).exceeds(&Cost::of(&hand, set)),
            Some(what),
            "{title}: the pair {pair}"
        );
    }
}

/// The instructions of a function.
struct Function<'a> {
    instructions: Vec<&'a str>,
}

impl<'a> Function<'a> {
    fn read(assembly: &'a str, name: &str) -> Self {
        // Where both functions of a pair came out the same, the compiler keeps one, and the other is a name of it:
        // `hand_write = ring3_write`, or `.set hand_write, ring3_write`.
        let alias = assembly.lines().find_map(|line| {
            let line = line.trim().trim_start_matches(".set").trim_start();
            let other = line.strip_prefix(name)?.trim_start().strip_prefix(['=', ','])?;
            Some(other.trim())
        });
        if let Some(other) = alias {
            return Self::read(assembly, other);
        }
        let label = format!("{name}:");
        let body = assembly.lines().skip_while(|line| !line.starts_with(&label)).skip(1);
        let instructions: Vec<_> = body
            .take_while(|line| !line.starts_with(".Lfunc_end"))
            .map(str::trim)
            // Directives, labels, and comments, whose sign differs: only `#APP` begins a line here, and its like.
            .filter(|line| {
                !line.is_empty() && !line.starts_with(['.', '#', '@', '/']) && !line.ends_with(':')
            })
            .collect();
        assert!(!instructions.is_empty(), "no function {name} in the assembly");
        Self { instructions }
    }
}

/// What a function costs.
#[derive(Default)]
struct Cost {
    instructions: usize,
    memory: usize,
    branches: usize,
    calls: usize,
}

impl Cost {
    fn of(function: &Function<'_>, set: InstructionSet) -> Self {
        let mut cost = Self { instructions: function.instructions.len(), ..Self::default() };
        for instruction in &function.instructions {
            let (name, operands) = instruction.split_once(char::is_whitespace).unwrap_or((instruction, ""));
            let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
            let (memory, branch, call) = match set {
                X86 => (
                    begins(&["push", "pop"]) || operands.contains('(') && !begins(&["lea", "nop"]),
                    begins(&["j"]),
                    begins(&["call"]),
                ),
                Aarch64 => (
                    begins(&["ld", "st"]),
                    begins(&["b", "cb", "tb"]) && !begins(&["bl", "bi", "bf"]),
                    begins(&["bl"]),
                ),
                Arm | Thumb => (
                    begins(&["ld", "st", "push", "pop"]),
                    begins(&["b", "cb"]) && !begins(&["bi", "bf"]) && !matches!(name, "bl" | "blx"),
                    matches!(name, "bl" | "blx"),
                ),
                Riscv => (
                    matches!(
                        name,
                        "lb" | "lbu" | "lh" | "lhu" | "lw" | "lwu" | "ld" | "sb" | "sh" | "sw" | "sd"
                    ),
                    begins(&["b", "j"]) && !begins(&["jal"]),
                    begins(&["call", "tail", "jal"]),
                ),
            };
            cost.memory += usize::from(memory);
            cost.branches += usize::from(branch);
            cost.calls += usize::from(call);
        }
        cost
    }

    /// What this has more of than the other.
    fn exceeds(&self, other: &Self) -> Option<&'static str> {
        [
            ("instructions", self.instructions, other.instructions),
            ("memory accesses", self.memory, other.memory),
            ("branches", self.branches, other.branches),
            ("calls", self.calls, other.calls),
        ]
        .into_iter()
        .find_map(|(what, ours, theirs)| (ours > theirs).then_some(what))
    }
}
