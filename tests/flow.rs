//! The programs that check signal handlers, children and threads, on the ABIs that this machine runs itself.
//!
//! `cargo xtask cross` runs the same sources on the others.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

#[path = "common/compiler.rs"]
mod compiler;
#[path = "common/targets.rs"]
mod targets;

use std::{path::Path, process::Command};

/// Builds one of the programs for a target and runs it; its last line says that nothing is wrong, and counts.
fn check(program: &str, target: &str, at_least: usize) {
    check_with(program, target, at_least, "", &[]);
}

/// The same with flags for the compiler, and with arguments for the program in a release build.
fn check_with(program: &str, target: &str, at_least: usize, rustflags: &str, arguments: &[&str]) {
    if !targets::is_installed(target) {
        println!("not shown: the core library of {target} is not installed");
        return;
    }
    for profile in ["dev", "release"] {
        let output = Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--offline", "--package", "flow", "--bin", program])
            .args(["--features", "unstable", "--profile", profile, "--target", target, "--target-dir"])
            .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("flow").join(rustflags))
            .arg("--")
            .args(arguments.iter().filter(|_| profile == "release"))
            .env("RUSTFLAGS", rustflags)
            // The one program that has `#[thread_local]`.
            .env("RUSTC_BOOTSTRAP", "locals")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        println!("{target}, {profile}: {said}{}", String::from_utf8_lossy(&output.stderr));
        let counts = said.lines().last().and_then(|line| line.strip_prefix(program)?.strip_prefix(": "));
        let passed = counts.and_then(|counts| {
            let (passed, rest) = counts.split_once(" passed, ")?;
            rest.starts_with("0 failed, ").then(|| passed.parse::<usize>().ok())?
        });
        assert!(output.status.success() && passed >= Some(at_least), "{}", output.status);
    }
}

#[test]
fn handlers_return_on_64_bits() {
    check("signals", "x86_64-unknown-linux-gnu", 20);
}

#[test]
fn handlers_return_on_32_bits() {
    check("signals", "i686-unknown-linux-gnu", 20);
}

#[test]
fn children_run_on_64_bits() {
    check("processes", "x86_64-unknown-linux-gnu", 23);
}

#[test]
fn children_run_on_32_bits() {
    check("processes", "i686-unknown-linux-gnu", 23);
}

#[test]
fn threads_run_on_64_bits() {
    // A hundred thousand, one after the other.
    check_with("threads", "x86_64-unknown-linux-gnu", 24, "", &["100000"]);
}

#[test]
fn threads_run_on_32_bits() {
    check("threads", "i686-unknown-linux-gnu", 24);
}

#[test]
fn threads_have_variables_of_their_own() {
    check("locals", "i686-unknown-linux-gnu", 4);
    // The last is GNU ld, and an interpreter that has loaded nothing else.
    for rustflags in ["", "-Crelocation-model=static", "-Clinker-features=-lld"] {
        check_with("locals", "x86_64-unknown-linux-gnu", 4, rustflags, &[]);
    }
}
