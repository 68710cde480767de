//! Writes `Hello World!` and exits with 0: the least program that does something.
//!
//! It shows the three lines that make a program, and what they cost: a release build is one file of a few hundred bytes, without a
//! flag, a linker script or a build script of its own, and the kernel sees two calls.
//!
//! ```sh
//! cargo run --release --example hello
//! ls -l target/release/examples/hello
//! strace target/release/examples/hello
//! ```

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

use ring3::{ExitCode, STDOUT, sys};

const TEXT: &[u8] = b"Hello World!\n";

fn main() -> ExitCode {
    match sys::write(STDOUT, TEXT) {
        Ok(13) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

ring3::entry!(main);
