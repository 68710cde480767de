//! Which targets this machine can build for.

use crate::compiler::rustc;
use std::fs;

/// Whether the target's core library is on this machine.
pub fn is_installed(target: &str) -> bool {
    let dir = rustc(&["--print", "target-libdir", "--target", target]);
    fs::read_dir(dir.trim()).is_ok_and(|mut files| {
        files.any(|file| file.unwrap().file_name().to_string_lossy().starts_with("libcore-"))
    })
}
