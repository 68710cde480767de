//! The extreme: `examples/smallest.rs`.

use crate::ended;
use crate::package::{example, output, run};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

#[test]
fn smallest_is_small_and_right() {
    let smallest = example("smallest", &["--release"]);
    assert_eq!(run(&smallest, &[]), ended(0, "Hello World!\n", ""));
    let bytes = fs::read(&smallest).unwrap();
    println!("smallest: {} bytes", bytes.len());
    assert!(bytes.len() <= 130, "{} bytes", bytes.len());
    let explained = format!("exits with 0 in {} bytes", bytes.len());
    assert!(include_str!("../../examples/smallest.rs").contains(&explained), "{explained}");

    // As somebody who may not map the lowest addresses.
    let dir = tempfile::tempdir().unwrap();
    let copy = dir.path().join("smallest");
    fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
    fs::copy(smallest, &copy).unwrap();
    let mut command = Command::new(copy);
    // Only root can become another.
    if is_root() {
        command.uid(65_534).gid(65_534);
    }
    assert_eq!(output(&mut command), ended(0, "Hello World!\n", ""));

    assert_eq!(run(example("smallest", &[]), &[]), ended(0, "Hello World!\n", ""));
}

fn is_root() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let uid = status.lines().find_map(|line| line.strip_prefix("Uid:")).unwrap();
    uid.split_whitespace().nth(1) == Some("0")
}
