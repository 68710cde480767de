//! The example `strace` beside strace itself: on the same programs the same calls of each thread, with as many arguments and the same
//! results. And what a log of strace does not show: options, ends, errors.
//!
//! Where strace is missing or may not trace, the tests say so: they have then shown nothing.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

#[path = "../common/compiler.rs"]
mod compiler;
mod log;
mod options;
#[path = "../rt/package.rs"]
#[expect(dead_code, reason = "the tests of the runtime use more of it")]
mod package;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

/// The example.
fn ours() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| package::example_with_heap("strace"))
}

/// Runs a tracer on a command, everything at the same addresses each time, and gives its log.
fn trace(tracer: &Path, command: &[&str], log: &Path) -> (Output, String) {
    let _ = fs::remove_file(log);
    let output = Command::new("setarch")
        .arg("-R")
        .arg(tracer)
        .args(["-f", "-o"])
        .arg(log)
        .args(command)
        .env_clear()
        .envs([("PATH", "/usr/bin:/bin"), ("LC_ALL", "C")])
        .output()
        .unwrap();
    (output, fs::read_to_string(log).unwrap_or_default())
}

/// Compares what both say of a command.
fn compare(command: &[&str]) {
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("log");
    let mut difference = String::new();
    // A program whose threads meet, or whose children end while it works, may do one thing after the other or not.
    for _ in 0..5 {
        let (its, theirs) = trace(Path::new("strace"), command, &log);
        if !theirs.contains("execve(") {
            println!("not shown: strace is missing or may not trace here");
            return;
        }
        let (own, text) = trace(ours(), command, &log);
        assert_eq!(
            (own.status.code(), &own.stdout),
            (its.status.code(), &its.stdout),
            "{command:?}: {own:?}"
        );
        let (theirs, found) = (log::read(&theirs), log::read(&text));
        if found == theirs {
            let lines: usize = found.values().map(Vec::len).sum();
            println!("{command:?}: {} threads, {lines} lines are the same", found.len());
            return;
        }
        difference = describe(&theirs, &found);
    }
    panic!("{command:?}: {difference}");
}

/// The first lines that differ.
fn describe(theirs: &log::Threads, found: &log::Threads) -> String {
    for (thread, lines) in theirs {
        let Some(own) = found.get(thread) else { return format!("no thread {thread}") };
        let length = lines.len().max(own.len());
        if let Some(at) = (0..length).find(|&at| lines.get(at) != own.get(at)) {
            let around = |lines: &[String]| {
                lines[at.saturating_sub(2).min(lines.len())..(at + 3).min(lines.len())].join("\n")
            };
            return format!("thread {thread}, line {at}:\n{}\ninstead of\n{}", around(own), around(lines));
        }
    }
    format!("threads {:?} instead of {:?}", found.keys(), theirs.keys())
}

#[test]
fn cat_is_the_same() {
    compare(&["cat", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"), "/does/not/exist"]);
}

#[test]
fn ls_is_the_same() {
    compare(&["ls", "-la", concat!(env!("CARGO_MANIFEST_DIR"), "/tables")]);
}

#[test]
fn a_shell_and_its_children_are_the_same() {
    let script = "cd /; ls > /dev/null; true & wait; exec cat < /dev/null";
    compare(&["sh", "-c", script]);
    compare(&["sh", "-c", "trap 'echo caught' USR1; kill -USR1 $$; kill -TERM $$"]);
}

#[test]
fn threads_are_the_same() {
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("strace_peer_threads");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/strace_peer/threads.rs");
    let program = program.to_str().unwrap();
    compiler::rustc(&["-O", "--edition", "2024", "-o", program, source]);
    compare(&[program]);
}

/// Calls of another ABI in the same process, as a 32-bit program makes them: `strace` tells both by what the kernel says of each.
#[test]
fn calls_of_32_bit_programs_are_the_same() {
    let program = package::example("hello_int80", &["--release"]);
    compare(&[program.to_str().unwrap()]);
}

/// Every example that needs nothing of its surroundings: sockets, timers, mappings, signals.
#[test]
fn portable_makes_the_same_calls() {
    let program = package::example("portable", &["--release"]);
    compare(&[program.to_str().unwrap()]);
}
