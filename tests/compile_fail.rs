//! What must not compile, and what the compiler says then.
//!
//! A call is checked when it is written or never: the kernel sees registers, not types. `TRYBUILD=overwrite cargo test --test
//! compile_fail` writes the messages down anew.

// Where the messages' names and types are those of the ABI that they were written down on.
#![cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]

#[path = "common/compiler.rs"]
mod compiler;

/// The compiler whose messages they are: each words them a little differently.
const COMPILER: &str = "rustc 1.95.";

#[test]
fn mistakes_do_not_compile() {
    let version = compiler::rustc(&["--version"]);
    if version.starts_with(COMPILER) {
        trybuild::TestCases::new().compile_fail("tests/compile-fail/*.rs");
    } else {
        println!("not compared: the messages are those of {COMPILER}, and this is {version}");
    }
}
