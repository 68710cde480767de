//! The memory functions as the compiler writes them, for every installed target, with debug assertions and without, optimised
//! and not: none calls itself, another one, or anything else; none is in a program that does not call it.
//!
//! `cargo test --test memory_code -- --nocapture` prints the bytes of each function, as `src/rt/mem.rs` has them.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

#[path = "common/compiler.rs"]
mod compiler;
#[path = "common/package.rs"]
mod package;
#[path = "common/targets.rs"]
mod targets;

use object::{Object, ObjectSymbol};
use package::Package;
use std::{fs, path::PathBuf, process::Command};

const NAMES: [&str; 6] = ["memcpy", "memmove", "memset", "memcmp", "bcmp", "strlen"];

const TARGETS: [(&str, &[&str]); 9] = [
    ("x86_64-unknown-linux-gnu", &[]),
    ("i686-unknown-linux-gnu", &[]),
    ("aarch64-unknown-linux-gnu", &[]),
    ("armv5te-unknown-linux-gnueabi", &[]),
    ("armv5te-unknown-linux-gnueabi", &["-Ctarget-feature=+thumb-mode"]),
    ("armv7-unknown-linux-gnueabihf", &[]),
    ("thumbv7neon-unknown-linux-gnueabihf", &[]),
    ("riscv64gc-unknown-linux-gnu", &[]),
    ("riscv32gc-unknown-linux-gnu", &[]),
];

/// A library that says `entry!`: an object file of its own, before any linker.
const LIBRARY: &str = "#![no_std]\nfn main() {}\nring3::entry!(main);\n";

fn package(name: &str, text: &str) -> Package {
    let lib = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.rs"));
    fs::write(&lib, text).unwrap();
    Package::new(name, &lib, "")
}

/// The compiler's assembly, and the bytes of each function.
fn compile(package: &Package, target: &str, flags: &[&str], debug: bool, level: &str) -> (String, [u64; 6]) {
    let name = format!("{target}{}-{debug}-{level}", flags.concat());
    let (asm, obj) = (package.path(&format!("{name}.s")), package.path(&format!("{name}.o")));
    let emit = [format!("--emit=asm={}", asm.display()), format!("--emit=obj={}", obj.display())];
    let level = format!("-Copt-level={level}");
    let profile: &[&str] = if debug { &[] } else { &["--release"] };
    let rest = ["--", &emit[0], &emit[1], &level, "-Ccodegen-units=1"];
    let output =
        package.cargo("rustc", target, &[flags, &["-Cpanic=abort"]].concat(), &[profile, &rest].concat());
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    let bytes = fs::read(obj).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let size = |name: &str| file.symbols().find(|symbol| symbol.name() == Ok(name)).unwrap().size();
    (fs::read_to_string(asm).unwrap(), NAMES.map(size))
}

/// The symbols that a function's instructions and constants name.
fn references<'a>(assembly: &'a str, name: &str) -> Vec<&'a str> {
    // Where two functions came out the same, the compiler keeps one, and the other is a name of it.
    let alias = assembly.lines().find_map(|line| {
        let line = line.trim().trim_start_matches(".set").trim_start();
        Some(line.strip_prefix(name)?.trim_start().strip_prefix(['=', ','])?.trim())
    });
    if let Some(other) = alias {
        return references(assembly, other);
    }
    let label = format!("{name}:");
    let body = assembly.lines().skip_while(|line| !line.starts_with(&label)).skip(1);
    let body: Vec<_> = body.take_while(|line| !line.starts_with(".Lfunc_end")).map(str::trim).collect();
    assert!(body.len() > 3, "no function {name}");
    body.into_iter()
        .filter(|line| {
            !line.starts_with('.') || [".long", ".word", ".quad"].iter().any(|data| line.starts_with(data))
        })
        .flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric() && !"_.$".contains(c)))
        .filter(|word| {
            word.starts_with('_') || NAMES.iter().any(|name| word.trim_end_matches("$local") == *name)
        })
        .collect()
}

#[test]
fn none_calls_anything() {
    let package = package("memory_code", LIBRARY);
    let mut table = Vec::new();
    let mut failures = Vec::new();
    for (target, flags) in TARGETS.iter().filter(|(target, _)| targets::is_installed(target)) {
        let title = format!("`{target}{}`", flags.concat().replace("-Ctarget-feature=", ""));
        for (debug, level) in [(true, "0"), (true, "3"), (false, "0"), (false, "3"), (false, "z")] {
            let (assembly, sizes) = compile(&package, target, flags, debug, level);
            for name in NAMES {
                let mut references = references(&assembly, name);
                // Debug assertions look at pointers before they are used.
                references.retain(|symbol| !(debug && symbol.contains("panic")));
                if !references.is_empty() {
                    failures.push(format!(
                        "{title}, debug {debug}, opt-level {level}: {name} refers to {references:?}"
                    ));
                }
            }
            if level == "z" {
                let sizes: Vec<_> = sizes.iter().map(|size| format!("{size:>4}")).collect();
                table.push(format!("//! | {title:44} | {} |", sizes.join(" | ")));
            }
        }
    }
    println!("{}", table.join("\n"));
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    // Another compiler's code may have other sizes.
    if compiler::rustc(&["--version"]).starts_with("rustc 1.95.") {
        let documented = include_str!("../src/rt/mem.rs");
        for row in &table {
            assert!(documented.contains(row.as_str()), "src/rt/mem.rs has no row\n{row}");
        }
    }
}

/// Programs, and whether memcpy is in them.
const PROGRAMS: [(&str, &str, bool); 2] = [
    ("idle", "fn main() -> u8 { 7 }", false),
    (
        "copies",
        "fn main(env: ring3::Env) -> u8 {\n\
         let (n, from, mut to) = (env.args().count(), core::hint::black_box([1_u8; 64]), [0_u8; 64]);\n\
         to[..n].copy_from_slice(&from[..n]);\n\
         core::hint::black_box(to)[n - 1]\n}",
        true,
    ),
];

#[test]
fn none_is_there_for_nothing() {
    for (name, main, copies) in PROGRAMS {
        let package = package(name, "#![no_std]\n");
        fs::create_dir_all(package.path("src")).unwrap();
        let text = format!("#![no_std]\n#![no_main]\n{main}\nring3::entry!(main);\n");
        fs::write(package.path("src/main.rs"), text).unwrap();
        // The target's own, which is lld, and GNU ld.
        for linker in ["-Cstrip=symbols", "-Clinker-features=-lld"] {
            let map = package.path(&format!("map{linker}"));
            let map_flag = format!("-Clink-arg=-Wl,-Map={}", map.display());
            let arguments = ["--release", "--bin", name, "--", "-Copt-level=z", &map_flag];
            let output = package.cargo("rustc", TARGETS[0].0, &[linker], &arguments);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let map = fs::read_to_string(&map).unwrap();
            // GNU ld lists what it has left out as well, at the head.
            let map = map.split("Linker script and memory map").last().unwrap();
            let linked = |name: &str| map.lines().any(|line| line.trim_end().ends_with(&format!(" {name}")));
            assert_eq!(linked("memcpy"), copies, "{name} {linker}");
            assert!(copies || !NAMES.iter().any(|name| linked(name)), "{name} {linker}");
        }
    }
}

/// A program that brings its own memcpy, which counts its calls. The volatile accesses keep it from being compiled to a call of itself.
const OTHERS: &str = "#![no_std]\n#![no_main]\n\
    use core::{hint::black_box, sync::atomic::{AtomicU8, Ordering::Relaxed}};\n\
    static CALLS: AtomicU8 = AtomicU8::new(0);\n\
    #[unsafe(no_mangle)]\n\
    unsafe extern \"C\" fn memcpy(dest: *mut u8, src: *const u8, n: usize) -> *mut u8 {\n\
        CALLS.fetch_add(1, Relaxed);\n\
        for i in 0..n { unsafe { dest.add(i).write_volatile(src.add(i).read_volatile()) } }\n\
        dest\n}\n\
    fn main() -> u8 {\n\
        let (from, mut to, n) = (black_box([1_u8; 64]), [0_u8; 64], black_box(3));\n\
        unsafe { core::ptr::copy_nonoverlapping(from.as_ptr(), to.as_mut_ptr(), n) };\n\
        black_box(to)[2] + black_box(&CALLS).load(Relaxed) * 2 + 39\n}\n\
    ring3::entry!(main, memory = none);\n";

#[test]
fn others_can_be_linked() {
    let package = package("others", "#![no_std]\n");
    fs::create_dir_all(package.path("src")).unwrap();
    fs::write(package.path("src/main.rs"), OTHERS).unwrap();
    for arguments in [&["--release"][..], &["--release", "--config=profile.release.lto=true"]] {
        let output = package.cargo("build", TARGETS[0].0, &[], arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let program = package.path("target").join(TARGETS[0].0).join("release/others");
        assert_eq!(Command::new(program).status().unwrap().code(), Some(42));
    }
}
