//! The example that uses the names every Linux has, on the ABIs that this machine runs itself.
//!
//! `cargo xtask cross` runs the same source on the others.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

#[path = "common/compiler.rs"]
mod compiler;
#[path = "common/examples.rs"]
mod examples;
#[path = "common/targets.rs"]
mod targets;

use std::{path::PathBuf, process::Command};

/// Builds it for a target.
fn build(target: &str) -> PathBuf {
    examples::build("portable", target)
}

/// Runs it: what it has said, and whether it was content.
fn run(command: &mut Command) -> (String, bool) {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    println!("{said}{}", String::from_utf8_lossy(&output.stderr));
    (said, output.status.success())
}

/// How many names were right, if the last line says that none was wrong.
fn passed(said: &str) -> Option<usize> {
    let counts = said.lines().last()?.strip_prefix("portable: ")?;
    let (passed, rest) = counts.split_once(" passed, ")?;
    rest.starts_with("0 failed, ").then(|| passed.parse().ok()).flatten()
}

#[test]
fn old_names_are_right_on_64_bits() {
    let (said, content) = run(&mut Command::new(build("x86_64-unknown-linux-gnu")));
    assert!(content && passed(&said) > Some(200), "{said}");
}

#[test]
fn old_names_are_right_on_32_bits() {
    const TARGET: &str = "i686-unknown-linux-gnu";
    if !targets::is_installed(TARGET) {
        println!("not shown: the core library of {TARGET} is not installed");
        return;
    }
    let (said, content) = run(&mut Command::new(build(TARGET)));
    assert!(content && passed(&said) > Some(200), "{said}");
}

/// The program while strace puts another answer in the place of the kernel's.
fn with_answer(inject: &str) -> Option<(String, bool)> {
    let strace = || {
        let mut strace = Command::new("strace");
        strace.args(["-o", "/dev/null", "-e"]).arg(format!("inject={inject}"));
        strace
    };
    if !strace().arg("true").status().is_ok_and(|status| status.success()) {
        println!("not shown: strace is missing or may not trace here");
        return None;
    }
    Some(run(strace().arg(build("x86_64-unknown-linux-gnu"))))
}

#[test]
fn a_wrong_answer_is_a_failure() {
    if let Some((said, content)) = with_answer("lseek:retval=1:when=3") {
        assert!(!content && passed(&said).is_none() && said.contains("FAILED: positions, after lseek"));
    }
}

#[test]
fn a_missing_call_is_named_and_does_not_count() {
    if let Some((said, content)) = with_answer("timerfd_create:error=ENOSYS") {
        assert!(content && said.ends_with(", 1 not supported: timerfd_create\n"), "{said}");
        assert!(said.contains("\n2 more names would have come after those\n"), "{said}");
    }
}
