//! The way to the linker scripts.

use std::env;

/// Puts `link/` on the search path of every program that depends on this crate.
pub fn emit() {
    println!("cargo::rerun-if-changed=link");
    println!("cargo::rustc-link-search={}/link", env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
}
