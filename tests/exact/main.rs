//! A call costs what the same call written by hand costs: rustc's assembly of both, side by side.
//!
//! `tests/fixtures/exact` has pairs of functions, one through ring3 and one with its own inline assembly. For every target whose
//! core library is installed, at opt-level 3 and z, ring3's function must have no instruction, memory access, branch or
//! call more than the other. `cargo test --test exact -- --nocapture` prints the counts.
//!
//! A pair that is named after a function of `sys` stands for every shape of its contract ([`shapes`]). Each shape that a function has on an
//! ABI needs a pair there: the tables say which shapes there are, so a new one without a pair fails.
//!
//! By hand the number is in the instructions wherever they can hold it: that saves a register in Thumb code, and on i386 with five or six
//! arguments a place in memory.
//!
//! Builds for aarch64 with `+sve` are exempt: there ring3 names v0 to v31 as overwritten, because the kernel drops the part
//! of them above 128 bits, and the compiler then saves d8 to d15 around the function, which is the price of being right.

#[path = "../../codegen/mod.rs"]
#[expect(dead_code, reason = "the build script uses more of it")]
mod codegen;
#[path = "../common/compiler.rs"]
mod compiler;
#[path = "../../contracts/mod.rs"]
#[expect(dead_code, reason = "the tracer uses more of it")]
mod contracts;
mod cost;
mod every;
#[path = "../common/package.rs"]
mod package;
mod pairs;
mod shapes;
#[path = "../common/targets.rs"]
mod targets;

use cost::{
    Assembly, Cost, InstructionSet,
    InstructionSet::{Aarch64, Arm, Riscv, Thumb, X86},
};
use package::Package;
use shapes::Shapes;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// A way to build the fixture.
struct Build {
    /// The ABI, and behind a slash the byte order if it is the other one.
    abi: &'static str,
    /// The first of them that is installed is taken.
    targets: &'static [&'static str],
    set: InstructionSet,
    /// For every crate.
    flags: &'static [&'static str],
}

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

impl Build {
    /// Whether every function is compiled in this way: once for each instruction set of an ABI.
    fn compares_every(&self) -> bool {
        self.flags.is_empty() && !self.targets[0].starts_with("armv5te")
    }

    fn shapes<'s>(&self, all: &'s BTreeMap<String, Shapes>) -> &'s Shapes {
        &all[self.abi.split('/').next().unwrap_or(self.abi)]
    }
}

#[test]
fn a_call_costs_what_it_costs_by_hand() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/exact/lib.rs");
    let package = Package::new("exact", &fixture, "");
    let all = shapes::of_each_abi();
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
                    check(&title, build.set, build.shapes(&all), &assembly, &mut failures);
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
    // What several functions have in common would become functions of their own, and which do is a matter of luck.
    let outliner = "-Cllvm-args=-enable-machine-outliner=never";
    // Each function of a pair is to have all of its code, also where two pairs have something in common.
    let inliner = "-Cllvm-args=-inline-threshold=225";
    let mut arguments = vec!["--release", "--", &emit, &level, outliner, inliner, "--check-cfg=cfg(thumb)"];
    if build.set == Thumb {
        arguments.push("--cfg=thumb");
    }
    let output = package.cargo("rustc", target, build.flags, &arguments);
    assert!(output.status.success(), "{target}: {}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(file).unwrap()
}

fn check(title: &str, set: InstructionSet, shapes: &Shapes, assembly: &str, failures: &mut Vec<String>) {
    let assembly = Assembly::read(assembly);
    let there = assembly.names("ring3_");
    let expected = pairs::on(shapes);
    for pair in expected.difference(&there.iter().map(|&pair| pair.to_owned()).collect()) {
        failures.push(format!("{title}: the fixture has no pair {pair}"));
    }
    let [mut total, mut total_by_hand] = [0, 0];
    let mut fewer = Vec::new();
    for pair in there {
        let [ring3, hand] = ["ring3", "hand"].map(|side| {
            assembly
                .get(&format!("{side}_{pair}"))
                .unwrap_or_else(|| panic!("{title}: no function {side}_{pair}"))
        });
        let [ours, theirs] = [ring3, hand].map(|function| Cost::of(function, set));
        if let Some((_, what)) = pairs::UNEQUAL.iter().find(|(unequal, _)| *unequal == pair) {
            assert_eq!(ours.exceeds(&theirs), Some(*what), "{title}: the pair {pair}");
            continue;
        }
        if !expected.contains(pair) {
            failures.push(format!("{title}: the pair {pair} is not in the list"));
        }
        total += ours.instructions;
        total_by_hand += theirs.instructions;
        if ours.instructions < theirs.instructions {
            fewer.push(format!("{pair} {} (by hand {})", ours.instructions, theirs.instructions));
        }
        let trade = pairs::TRADES.iter().find(|(start, level, traded, _)| {
            title.starts_with(start) && title.ends_with(level) && *traded == pair
        });
        if let Some((.., more)) = trade {
            println!("{title}: {pair} has {more} more, a trade");
            if ours.instructions != theirs.instructions + more || ours.calls > theirs.calls {
                failures.push(format!(
                    "{title}: {pair} {ours:?} is not the trade that it was, by hand {theirs:?}"
                ));
            }
        } else if let Some(what) = ours.exceeds(&theirs) {
            let [ours, theirs] = [ring3, hand].map(|function| function.instructions.join("\n    "));
            failures.push(format!("{title}: {pair} has more {what}:\n    {ours}\n  by hand:\n    {theirs}"));
        }
    }
    println!(
        "{title}: {} pairs, {total} instructions, by hand {total_by_hand}; fewer: {}",
        expected.len(),
        fewer.join(", ")
    );
}

#[test]
fn every_function_is_its_traps() {
    let mut failures = Vec::new();
    shapes::each_abi(|abi, model, _| {
        let functions = model.functions().unwrap_or_else(|error| panic!("{error}"));
        let builds = BUILDS.iter().filter(|build| build.abi == abi && build.compares_every());
        for build in builds {
            let Some(target) = build.targets.iter().find(|target| targets::is_installed(target)) else {
                println!("not compiled: {abi} {}", build.targets[0]);
                continue;
            };
            let source =
                functions.iter().enumerate().map(|(index, function)| every::wrapper(function, index));
            let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("every-{abi}.rs"));
            fs::write(&file, every::HEAD.to_owned() + &source.collect::<String>()).unwrap();
            let package = Package::new(&format!("every-{abi}"), &file, "");
            let assembly = assemble(&package, build, target, "z");
            let wrong = every::check(&assembly, build.set, &functions);
            println!("{abi} {target}: {} functions", functions.len());
            failures.extend(wrong.into_iter().map(|wrong| format!("{target}: {wrong}")));
        }
    });
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// The tables know the shapes, the list the pairs: no compiler is needed to see that one is missing.
#[test]
fn each_shape_has_a_pair_on_each_abi() {
    let mut missing = BTreeMap::<String, (BTreeSet<String>, BTreeSet<String>)>::new();
    let mut counts = Vec::new();
    for (abi, shapes) in shapes::of_each_abi() {
        let pairs = pairs::on(&shapes);
        let shown: BTreeSet<_> = shapes
            .iter()
            .filter(|(function, _)| pairs.contains(&pairs::name(function)))
            .flat_map(|(_, shapes)| shapes)
            .collect();
        let mut adapters = BTreeSet::new();
        for (function, shapes) in &shapes {
            for shape in shapes.iter().filter(|shape| !shown.contains(shape)) {
                // What an adapter is made of, `every` looks at.
                if shape.starts_with("by ") {
                    adapters.insert(shape);
                    continue;
                }
                let (functions, abis) = missing.entry(shape.clone()).or_default();
                functions.insert(function.clone());
                abis.insert(abi.clone());
            }
        }
        counts.push(format!(
            "{abi}: {} functions, {} shapes, {} pairs; {} adapters without one",
            shapes.len(),
            shown.len(),
            pairs.len(),
            adapters.len()
        ));
    }
    println!("{}", counts.join("\n"));
    let missing: Vec<_> = missing
        .iter()
        .map(|(shape, (functions, abis))| {
            format!("no pair for the shape `{shape}` of {functions:?} on {abis:?}: it wants one in tests/fixtures/exact")
        })
        .collect();
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

/// A name that no function has would stand for nothing.
#[test]
fn each_pair_is_of_a_function() {
    let all = shapes::of_each_abi();
    for pair in pairs::PAIRS {
        assert!(all.values().any(|shapes| shapes.contains_key(pair)), "no ABI has `{pair}`");
    }
}
