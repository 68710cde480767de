//! `hello` with `layout = tiny`: what remains of a program that writes to no static and has no address to relocate.
//!
//! On x86_64 it is 231 bytes: 176 of headers (ELF header, one segment, the stack that is not executable), 5 of entry, 37 of code and
//! 13 of text. From the kernel's jump to exit it runs 13 instructions.
//!
//! It shows what the layout refuses, too: make `TEXT` a `static mut` that is written to, or a table of strings, and the link says what
//! to do.
//!
//! ```sh
//! cargo run --release --example hello_tiny
//! readelf -l target/release/examples/hello_tiny
//! ```

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

use ring3::{ExitCode, raw};

const STDOUT: u32 = 1;
const TEXT: &[u8] = b"Hello World!\n";

fn main() -> ExitCode {
    // SAFETY: the kernel reads the bytes of the slice, no others.
    match unsafe { raw::write(STDOUT, TEXT.as_ptr().cast(), TEXT.len()) } {
        Ok(13) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

ring3::entry!(main, layout = tiny, panic = abort);
