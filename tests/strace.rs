//! The calls that the examples make, seen by strace: these and no others.
//!
//! Where strace is missing or may not trace, the test says so: it has then shown nothing.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

#[path = "rt/package.rs"]
#[expect(dead_code, reason = "the tests of the runtime use more of it")]
mod package;

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

/// The calls of a program after execve, as strace shows them; none if there is no strace to ask.
fn calls(program: &Path, arguments: &[&str]) -> Option<Vec<String>> {
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("log");
    let ran = Command::new("strace")
        .arg("-o")
        .arg(&log)
        .arg(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let log = fs::read_to_string(log).unwrap_or_default();
    if ran.is_err() || !log.starts_with("execve(") {
        println!("not shown: strace is missing or may not trace here");
        return None;
    }
    let calls = log.lines().skip(1).take_while(|line| !line.starts_with("+++"));
    Some(calls.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect())
}

#[test]
fn hello_writes_and_exits() {
    if let Some(calls) = calls(&package::example("hello", &["--release"]), &[]) {
        assert_eq!(calls, [r#"write(1, "Hello World!\n", 13) = 13"#, "exit_group(0) = ?"]);
    }
}

#[test]
fn smallest_writes_and_exits() {
    if let Some(calls) = calls(&package::example("smallest", &["--release"]), &[]) {
        assert_eq!(calls, [r#"write(1, "Hello World!\n", 13) = 13"#, "exit(0) = ?"]);
    }
}

#[test]
fn cat_opens_reads_writes_and_closes() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("f");
    fs::write(&file, "text").unwrap();
    let name = file.to_str().unwrap();
    if let Some(calls) = calls(&package::example("cat", &["--release"]), &[name]) {
        let expected = [
            format!("openat(AT_FDCWD, {name:?}, O_RDONLY) = 3"),
            r#"read(3, "text", 32768) = 4"#.into(),
            r#"write(1, "text", 4) = 4"#.into(),
            r#"read(3, "", 32768) = 0"#.into(),
            "close(3) = 0".into(),
            "exit_group(0) = ?".into(),
        ];
        assert_eq!(calls, expected);
    }
}
