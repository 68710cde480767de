//! The conformance program, on the machine that runs the tests: at least 60 different calls and 200 functions of `sys` for real, on
//! ring3's own runtime.
//!
//! `cargo xtask cross` runs it on every other ABI.

#![cfg(target_os = "linux")]

use std::{path::Path, process::Command};

#[test]
fn calls_answer_what_the_kernel_must() {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline", "--release", "--package", "conformance", "--target-dir"])
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("conformance"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("CARGO_BUILD_TARGET")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    let failed: Vec<_> = said.lines().filter(|line| line.starts_with("FAILED")).collect();
    let calls =
        said.lines().find_map(|line| line.strip_prefix("conformance: ")?.strip_suffix(" different calls"));
    let calls: usize = calls.and_then(|number| number.parse().ok()).unwrap_or(0);
    let sys = said.lines().find_map(|line| line.strip_prefix("sys: ")).unwrap_or("nothing");
    let functions = sys.split_once(" passed").and_then(|(number, _)| number.parse().ok());
    let functions: usize = functions.unwrap_or(0);
    // The summaries name what this kernel does not support.
    println!("sys: {sys}\n{}", said.lines().last().unwrap_or("it said nothing"));
    assert!(output.status.success() && failed.is_empty(), "{}\n{errors}", failed.join("\n"));
    assert!(calls >= 60, "{calls} different calls\n{said}");
    assert!(functions >= 200, "{functions} functions of sys\n{said}");
}
