//! An example, built for a target without ring3's dev-dependencies, as `cargo xtask cross` does.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Builds it in debug, and gives the program.
pub fn build(name: &str, target: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("portable");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--offline", "--package", "examples", "--example", name, "--target"])
        .args([target, "--target-dir"])
        .arg(&directory)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(built.status.success(), "{target}: {}", String::from_utf8_lossy(&built.stderr));
    directory.join(target).join("debug/examples").join(name)
}
