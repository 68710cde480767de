//! tiny
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

ring3::entry!(main, layout = tiny);
