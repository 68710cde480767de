//! The same programs, compiled and linked in every way: they start whatever the compiler and the linker make of them. Optimised or
//! not, with crt1.o and without, relocated by themselves, by ld.so, or not at all.

use crate::file;
use crate::package::{LEVELS, Package, ended, output, run};
use object::elf::{ET_DYN, ET_EXEC};
use std::fs;
use std::path::Path;
use std::process::Command;

/// A linker: its name, the program to look for, and the flags that choose it.
struct Linker {
    name: &'static str,
    program: &'static str,
    flags: &'static str,
}

const LINKERS: [Linker; 4] = [
    Linker { name: "lld", program: "cc", flags: "" },
    Linker { name: "GNU ld", program: "ld.bfd", flags: "-Clinker-features=-lld -Clink-arg=-fuse-ld=bfd" },
    Linker { name: "gold", program: "ld.gold", flags: "-Clinker-features=-lld -Clink-arg=-fuse-ld=gold" },
    Linker { name: "mold", program: "mold", flags: "-Clinker-features=-lld -Clink-arg=-fuse-ld=mold" },
];

const RELOCATION: [&str; 2] = ["", "-Crelocation-model=static"];
const CRT: [&str; 2] = ["", "-Ctarget-feature=+crt-static"];

impl Linker {
    /// What it says of its version, if it is there.
    fn version(&self) -> Option<String> {
        let output = Command::new(self.program).arg("--version").output().ok()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        output.status.success().then(|| said.lines().next().unwrap_or_default().to_owned())
    }

    /// mold writes PT_INTERP wherever it is told the interpreter's name, as cc tells it, but a dynamic section only for `-shared`,
    /// `-pie`, or where it links a shared library; these programs need none. ld.so then crashes before the program's first
    /// instruction. 1.10.1 to 3.0.0 are so; what another version makes is run.
    fn misleads(&self, rustflags: &str, program: &Path) -> bool {
        self.name == "mold"
            && rustflags.contains("relocation-model")
            && !rustflags.contains("crt-static")
            && file::misleads_its_interpreter(&fs::read(program).unwrap())
    }
}

/// What became of one way.
enum Ran {
    Right,
    /// The linker's own mistake: there is nothing to run.
    Misled,
}

/// Builds the programs in one way, runs them, and gives what is wrong.
fn check(linker: &Linker, profile: &str, rustflags: &str) -> Result<Ran, String> {
    let flags = format!("{} {rustflags}", linker.flags);
    let dir = Package::programs().try_build(profile, flags.trim(), &["probe", "hello"])?;
    let differs = |what: &str, found: &dyn std::fmt::Debug| Err(format!("{what}: {found:?}"));
    if linker.misleads(rustflags, &dir.join("hello")) {
        return Ok(Ran::Misled);
    }
    let greeted = run(dir.join("hello"), &[]);
    if greeted != ended(0, "Hello World!\n", "") {
        return differs("hello", &greeted);
    }
    let program = dir.join("probe");
    let probe = |arguments: &[&str]| output(Command::new(&program).args(arguments).env_remove("PROBE"));
    let plain = probe(&[]);
    if plain != ended(42, "", "") {
        return differs("probe", &plain);
    }
    let spoken = output(Command::new(&program).args(["a", ""]).env("PROBE", "b c"));
    if spoken != ended(42, "a\n\nb c\n", "") {
        return differs("probe a", &spoken);
    }
    let (code, stdout, stderr) = probe(&["panic", "x"]);
    if (code, stdout.as_str()) != (Some(101), "panic\nx\n")
        || !(stderr.contains("probe.rs:") && stderr.contains("2 arguments"))
    {
        return differs("probe panic", &(code, stdout, stderr));
    }
    check_file(&program, linker, profile, rustflags);
    Ok(Ran::Right)
}

fn check_file(program: &Path, linker: &Linker, profile: &str, rustflags: &str) {
    let bytes = fs::read(program).unwrap();
    file::check_protection(&bytes);
    if profile != "dev" && linker.name == "lld" {
        file::check_layout(&bytes, if rustflags.contains("relocation-model") { ET_EXEC } else { ET_DYN });
    }
}

/// Checks every way that is given, and says so; a linker that is not there is named and counted apart.
fn check_all(ways: impl Iterator<Item = (&'static Linker, String, String)>) {
    let (mut passed, mut failed, mut absent, mut misled) = (0, Vec::new(), Vec::new(), 0);
    for (linker, profile, rustflags) in ways {
        let way = format!("{}, {profile}, {rustflags}", linker.name);
        let Some(version) = linker.version() else {
            absent.push(linker.name);
            continue;
        };
        match check(linker, &profile, &rustflags) {
            Ok(Ran::Right) => passed += 1,
            Ok(Ran::Misled) => {
                println!("not run: {way}: {version} writes PT_INTERP without PT_DYNAMIC, and ld.so crashes");
                misled += 1;
            }
            Err(error) => failed.push(format!("{way}: {error}")),
        }
    }
    let ways = absent.len();
    absent.dedup();
    println!(
        "{passed} passed, {} failed, {misled} that mold links wrong, {ways} not run for want of {absent:?}",
        failed.len()
    );
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn way(linker: usize, profile: &str, rustflags: &str) -> (&'static Linker, String, String) {
    (&LINKERS[linker], profile.to_owned(), rustflags.trim().to_owned())
}

#[test]
fn programs_run_however_they_are_built() {
    let ways = [
        (0, "dev", ""),
        (0, "dev", "-Crelocation-model=static"),
        (0, "dev", "-Ctarget-feature=+crt-static -Clink-arg=-Wl,-z,pack-relative-relocs"),
        (0, "small", ""),
        (0, "o0", ""),
        (0, "o0", "-Clink-dead-code"),
        (0, "release", "-Crelocation-model=static"),
        (1, "dev", ""),
        (1, "small", ""),
        (2, "release", ""),
        (3, "release", ""),
    ];
    check_all(ways.into_iter().map(|(linker, profile, rustflags)| way(linker, profile, rustflags)));
}

/// `cargo xtask layouts`: every linker with every model, every optimisation level with and without LTO.
#[test]
#[ignore = "takes minutes: cargo xtask layouts"]
fn every_way() {
    let mut ways = Vec::new();
    for linker in 0..LINKERS.len() {
        for profile in ["dev", "release", "small"] {
            for relocation in RELOCATION {
                for crt in CRT {
                    ways.push(way(linker, profile, &format!("{relocation} {crt}")));
                }
            }
        }
        for level in LEVELS {
            for lto in ["", "-lto"] {
                ways.push(way(linker, &format!("o{level}{lto}"), ""));
            }
        }
    }
    check_all(ways.into_iter());
}
