//! What the kernel sees: the tracer of trace/ runs on this machine's kernel, for each ABI that the kernel runs.
//!
//! `cargo test --test trace -- --nocapture` prints the tracer's last lines. A kernel before Linux 6.16 has no means to cancel a call
//! without knowing the registers, and a sandbox may forbid tracing: nothing can be said there, and this is what is printed. The
//! other ABIs run by `cargo xtask boot`, on kernels that can.

#![cfg(target_arch = "x86_64")]

#[path = "common/compiler.rs"]
mod compiler;
#[path = "common/targets.rs"]
mod targets;

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

const OWN: &str = "x86_64-unknown-linux-gnu";
const TARGETS: [(&str, &str); 2] = [("x86_64", OWN), ("i386", "i686-unknown-linux-gnu")];
const PROFILES: [&str; 2] = ["dev", "release"];

#[test]
fn every_call_arrives_as_it_was_made() {
    let mut missing = Vec::new();
    for (abi, target) in TARGETS {
        if !targets::is_installed(target) {
            missing.push(target);
            continue;
        }
        for profile in PROFILES {
            let Some((code, said)) = run(&tracer(target, profile), &[]) else { continue };
            let last = said.lines().last().unwrap_or_default();
            println!("{profile}: {last}");
            assert_eq!(code, Some(0), "{target} {profile}:\n{said}");
            assert!(last.starts_with("trace: ") && last.contains(&format!(", {abi}, raw: ")), "{said}");
            assert!(last.contains(" 0 mismatches, sys: "), "{said}");
            assert!(last.contains(" 0 mismatches, functions of sys: "), "{said}");
            let (functions, traced) = functions(last);
            assert!(functions > 600 && functions == traced, "{said}");
            // Nothing but what the tables say is in the registers, whatever part of them C looks at.
            assert!(!said.contains("note:"), "{said}");
        }
    }
    println!("{} targets not traced: their core library is not installed {missing:?}", missing.len());
    assert!(!missing.contains(&OWN), "the host's own ABI was not traced");
}

/// How many functions `sys` has, and how many of them were traced.
fn functions(last: &str) -> (usize, usize) {
    let (_, numbers) = last.split_once("functions of sys: ").unwrap();
    let (functions, traced) = numbers.split_once(", traced: ").unwrap();
    (functions.parse().unwrap(), traced.parse().unwrap())
}

/// The lines that begin with `MISMATCH` when a call goes wrong on purpose.
fn mismatches(program: &Path, option: &str, call: &str) -> Option<Vec<String>> {
    let (code, said) = run(program, &[option, call])?;
    assert_eq!(code, Some(1), "{option} {call}:\n{said}");
    let lines: Vec<_> =
        said.lines().filter_map(|line| line.strip_prefix("MISMATCH ")).map(str::to_owned).collect();
    let last = said.lines().last().unwrap_or_default();
    let sums = last.split(", ").filter_map(|part| part.strip_suffix(" mismatches")?.parse::<usize>().ok());
    assert_eq!(sums.sum::<usize>(), lines.len(), "{said}");
    Some(lines)
}

#[test]
fn a_wrong_argument_is_reported() {
    let program = tracer(OWN, "dev");
    // Every argument of the call, by its name, and nothing else.
    for (call, arguments) in [
        ("read", &["fd", "buf", "count"][..]),
        ("pwritev2", &["fd", "vec", "vlen", "pos_l", "pos_h", "flags"]),
        ("exit_group", &["error_code"]),
        ("syscall!/2", &["0", "1"]),
        ("int80/6", &["0", "1", "2", "3", "4", "5"]),
        // The bytes of memory, too; lengths and constants are nobody's to get wrong.
        ("sys::openat", &["dfd", "filename[0]", "flags", "mode"]),
        ("sys::read", &["fd", "buf[0]"]),
        ("sys::execve", &["filename[0]", "argv[32]", "envp[32]"]),
        ("sys::exit_group", &["error_code"]),
        // What the function gives is wrong then as well.
        ("sys::getresuid (answered)", &["(result)[0]", "(result)[0]", "(result)[0]"]),
        ("sys::accept (answered)", &["fd", "(result)[0]", "(result)[0]"]),
        ("sys::fstat", &["fd", "(result)[0]"]),
    ] {
        let Some(lines) = mismatches(&program, "--wrong", call) else { return };
        let expected: Vec<_> =
            arguments.iter().map(|argument| format!("{call} {argument}: found 0x")).collect();
        assert_eq!(lines.len(), expected.len(), "{lines:?}");
        for (line, expected) in lines.iter().zip(&expected) {
            assert!(line.starts_with(expected), "{line}");
        }
    }
}

#[test]
fn halves_and_blocks_are_compared_too() {
    let (_, target) = TARGETS[1];
    if !targets::is_installed(target) {
        println!("not traced: {target}: its core library is not installed");
        return;
    }
    let program = tracer(target, "dev");
    let Some(lines) = mismatches(&program, "--wrong", "mmap") else { return };
    assert_eq!(lines.len(), 6, "{lines:?}");
    let Some(lines) = mismatches(&program, "--wrong", "ftruncate64") else { return };
    for (line, argument) in lines.iter().zip(["fd", "length (low half)", "length (high half)"]) {
        assert!(line.starts_with(&format!("ftruncate64 {argument}: ")), "{line}");
    }
    assert_eq!(lines.len(), 3);
    let Some(lines) = mismatches(&program, "--wrong", "sys::ftruncate") else { return };
    for (line, argument) in lines.iter().zip(["fd", "length (low half)", "length (high half)"]) {
        assert!(line.starts_with(&format!("sys::ftruncate {argument}: ")), "{line}");
    }
    assert_eq!(lines.len(), 3);
}

#[test]
fn a_call_that_is_not_made_is_missed() {
    let program = tracer(OWN, "dev");
    for call in ["read", "exit", "file_setattr", "int80/0", "sys::read", "sys::exit_group"] {
        let Some(lines) = mismatches(&program, "--skip", call) else { return };
        assert_eq!(lines, [format!("{call}: found no call, expected one")]);
    }
}

/// Builds the tracer apart from the outer Cargo's flags, in a target directory of this test's own.
fn tracer(target: &str, profile: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("trace");
    let mut cargo = Command::new(env!("CARGO"));
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_BUILD_", "CARGO_PROFILE_", "CARGO_TARGET_", "RUSTFLAGS"]
            .iter()
            .any(|prefix| text.starts_with(prefix))
        {
            cargo.env_remove(name);
        }
    }
    cargo.env("CARGO_ENCODED_RUSTFLAGS", "").current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo.args(["build", "--quiet", "--offline", "--package", "trace", "--bin", "tracer"]);
    cargo.args(["--profile", profile, "--target", target, "--target-dir"]).arg(&directory);
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{target} {profile}: {}", String::from_utf8_lossy(&output.stderr));
    directory.join(target).join(if profile == "dev" { "debug" } else { profile }).join("tracer")
}

/// Runs the tracer and gives its exit code and what it wrote; nothing where this machine's kernel does not let it trace.
///
/// One that cannot even make the calls to trace with may wait for ever.
fn run(program: &Path, arguments: &[&str]) -> Option<(Option<i32>, String)> {
    let mut timed = Command::new("timeout");
    let output = timed.args(["--signal=KILL", "60"]).arg(program).args(arguments).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    if output.status.code() == Some(2) && (said.contains("Linux 6.16") || said.contains(": EPERM, ")) {
        println!("not traced: {said}");
        return None;
    }
    Some((output.status.code(), said))
}
