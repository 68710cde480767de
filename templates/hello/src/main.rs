//! A program without a libc.

// `cargo test` compiles for unwinding, and with std.
#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

use ring3::{ExitCode, STDOUT, sys};

const TEXT: &[u8] = b"Hello World!\n";

fn main() -> ExitCode {
    match sys::write(STDOUT, TEXT) {
        Ok(written) if written == TEXT.len() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

ring3::entry!(main);
