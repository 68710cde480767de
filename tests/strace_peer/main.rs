//! The example `strace` beside strace itself: on the same programs the same calls of each thread, with as many arguments, the same
//! results, and the same words for all of it. And what a log of strace does not show: options, ends, errors.
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
mod texts;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};
use texts::Exception;

const RANDOM: Exception = Exception { call: "getrandom", part: "\\x", why: "random bytes" };
const SIGNALFD: Exception = Exception {
    call: "read",
    part: r#""\n\0\0\0\0\0\0\0\0\0\0\0"#,
    why: "what a signalfd says of a signal has the sender's number in it, as bytes",
};
const SEMCTL: Exception = Exception {
    call: "semctl",
    part: "[NULL]",
    why: "strace shows that ipc has the argument behind a pointer",
};
const TIMEOUTS: Exception = Exception {
    call: "setsockopt",
    part: "TIMEO_NEW",
    why: "strace 6.1 does not know these options where the old ones are as wide; the example shows the time",
};

/// The example.
fn ours() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| package::example_with_heap("strace"))
}

/// The release of strace whose words the example speaks; of another one names, counts and results alone are compared.
const RELEASE: &str = "strace -- version 6.1";

/// Whether whole lines can be compared.
fn speaks() -> bool {
    let output = Command::new("strace").arg("--version").output();
    let version =
        output.map(|output| String::from_utf8_lossy(&output.stdout).lines().next().map(str::to_owned));
    let version = version.ok().flatten().unwrap_or_default();
    if version != RELEASE {
        println!("not shown: the words of {RELEASE}, as this is {version:?}");
    }
    version == RELEASE
}

/// The first processor that this process may use.
fn processor() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).unwrap().trim();
    allowed.split([',', '-']).next().unwrap().to_owned()
}

/// Runs a tracer on a command, everything on one processor and at the same addresses each time, and gives its log.
fn trace(tracer: &Path, command: &[&str], log: &Path) -> (Output, String) {
    let _ = fs::remove_file(log);
    let output = Command::new("taskset")
        .args(["-c", &processor(), "setarch", "-R"])
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

/// Compares what both say of a command, but for the exceptions: in one of a few runs each thread has to be the same, and each exception to be met.
fn compare(command: &[&str], exceptions: &[Exception]) {
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("log");
    let mut difference = String::new();
    let mut same = BTreeMap::new();
    let mut met = BTreeSet::new();
    let words = speaks();
    let exceptions = if words { exceptions } else { &[] };
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
        if !theirs.keys().eq(found.keys()) {
            difference = format!("threads {:?} instead of {:?}", found.keys(), theirs.keys());
            continue;
        }
        let mut partners = texts::Partners::default();
        for ((thread, lines), own) in theirs.iter().zip(found.values()) {
            match differences(lines, own, words.then_some(&mut partners), exceptions) {
                Ok(its) => {
                    met.extend(its);
                    same.insert(thread.clone(), lines.len());
                }
                Err(its) => difference = format!("thread {thread}: {its}"),
            }
        }
        if same.keys().eq(theirs.keys()) {
            let useless = (0..exceptions.len()).find(|exception| !met.contains(exception));
            assert!(useless.is_none(), "{command:?}: nothing differs by {:?}", exceptions[useless.unwrap()]);
            let lines: usize = same.values().sum();
            println!("{command:?}: {} threads, {lines} lines are the same", same.len());
            exceptions.iter().for_each(|exception| println!("    but for {exception}"));
            return;
        }
    }
    panic!("{command:?}: {difference}");
}

/// The exceptions by which lines of a thread differ; the first line that differs in another way.
fn differences(
    theirs: &[log::Line],
    ours: &[log::Line],
    partners: Option<&mut texts::Partners>,
    exceptions: &[Exception],
) -> Result<Vec<usize>, String> {
    let short = |lines: &[log::Line], at: usize| lines.get(at).map(|line| line.short.clone());
    if let Some(at) = (0..theirs.len().max(ours.len())).find(|&at| short(theirs, at) != short(ours, at)) {
        let around = |lines: &[log::Line]| {
            let lines = &lines[at.saturating_sub(2).min(lines.len())..(at + 3).min(lines.len())];
            lines.iter().map(|line| line.short.as_str()).collect::<Vec<_>>().join("\n")
        };
        return Err(format!("line {at}:\n{}\ninstead of\n{}", around(ours), around(theirs)));
    }
    let mut met = Vec::new();
    let Some(partners) = partners else { return Ok(met) };
    for (line, own) in theirs.iter().zip(ours) {
        if !partners.same(&line.text, &own.text) {
            match exceptions.iter().position(|exception| exception.covers(&line.text)) {
                Some(exception) => met.push(exception),
                None => return Err(format!("\n{}\ninstead of\n{}", own.text, line.text)),
            }
        }
    }
    Ok(met)
}

/// A program of this directory.
fn compiled(name: &str) -> String {
    let program = format!("{}/strace_peer_{name}", env!("CARGO_TARGET_TMPDIR"));
    let source = format!("{}/tests/strace_peer/{name}.rs", env!("CARGO_MANIFEST_DIR"));
    compiler::rustc(&["-O", "--edition", "2024", "-o", &program, &source]);
    program
}

#[test]
fn cat_is_the_same() {
    compare(&["cat", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"), "/does/not/exist"], &[RANDOM]);
}

#[test]
fn ls_is_the_same() {
    compare(&["ls", "-la", concat!(env!("CARGO_MANIFEST_DIR"), "/tables")], &[RANDOM]);
}

#[test]
fn a_shell_and_its_children_are_the_same() {
    let script = "cd /; ls > /dev/null; true & wait; exec cat < /dev/null";
    compare(&["sh", "-c", script], &[RANDOM]);
    compare(&["sh", "-c", "trap 'echo caught' USR1; kill -USR1 $$; kill -TERM $$"], &[RANDOM]);
}

#[test]
fn threads_are_the_same() {
    compare(&[&compiled("threads")], &[RANDOM]);
}

/// Calls of another ABI in the same process, as a 32-bit program makes them: `strace` tells both by what the kernel says of each. Two of them stand for
/// many others.
#[test]
fn calls_of_32_bit_programs_are_the_same() {
    let program = package::example("hello_int80", &["--release"]);
    compare(&[program.to_str().unwrap()], &[]);
    if Command::new(&program).status().unwrap().success() {
        compare(&[&compiled("int80")], &[RANDOM, SEMCTL]);
    } else {
        println!("not shown: this kernel has no calls of i386");
    }
}

/// Every example that needs nothing of its surroundings: sockets, timers, mappings, signals.
#[test]
fn portable_makes_the_same_calls() {
    let program = package::example("portable", &["--release"]);
    compare(&[program.to_str().unwrap()], &[RANDOM, SIGNALFD, TIMEOUTS]);
}
