//! `cat FILE...`: copies files, or standard input, to standard output.
//!
//! It shows arguments, errors, and the care that read(2) and write(2) ask for: a write may take less than it was given, and a signal
//! may interrupt either. strace shows nothing but the calls below.
//!
//! ```sh
//! cargo run --release --example cat /etc/hostname
//! strace target/release/examples/cat /etc/hostname
//! ```

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

use core::ffi::{CStr, c_char, c_int};
use core::fmt::{self, Write};
use core::mem::MaybeUninit;
use ring3::{Env, Errno, ExitCode, raw};

const STDIN: u32 = 0;
const STDOUT: u32 = 1;
const STDERR: u32 = 2;
const AT_FDCWD: c_int = -100;

/// 64-bit kernels imply this; for a 32-bit one, files above 2 GiB need it.
const O_LARGEFILE: c_int = match () {
    () if cfg!(target_pointer_width = "64") => 0,
    () if cfg!(target_arch = "arm") => 0o400_000,
    () => 0o100_000,
};

/// Which side of a copy failed.
enum Failure {
    Input(Errno),
    Output(Errno),
}

/// Calls again what a signal interrupted.
fn retry(mut call: impl FnMut() -> ring3::Result<usize>) -> ring3::Result<usize> {
    loop {
        match call() {
            Err(Errno::EINTR) => {}
            result => return result,
        }
    }
}

fn write_all(fd: u32, mut bytes: &[u8]) -> ring3::Result<()> {
    while !bytes.is_empty() {
        // SAFETY: the kernel reads the bytes of the slice, no others.
        let written = retry(|| unsafe { raw::write(fd, bytes.as_ptr().cast(), bytes.len()) })?;
        bytes = bytes.get(written..).unwrap_or_default();
    }
    Ok(())
}

/// Copies what is left of a file to standard output.
fn copy(fd: u32) -> Result<(), Failure> {
    let mut buffer = [MaybeUninit::<u8>::uninit(); 32 << 10];
    loop {
        // SAFETY: the kernel writes into the buffer, no further than its length.
        let read = retry(|| unsafe { raw::read(fd, buffer.as_mut_ptr().cast(), buffer.len()) });
        match read.map_err(Failure::Input)? {
            0 => return Ok(()),
            // SAFETY: the kernel has written so many bytes.
            n => write_all(STDOUT, unsafe { core::slice::from_raw_parts(buffer.as_ptr().cast(), n) })
                .map_err(Failure::Output)?,
        }
    }
}

fn copy_file(name: &CStr) -> Result<(), Failure> {
    if name == c"-" {
        return copy(STDIN);
    }
    let path: *const c_char = name.as_ptr();
    // SAFETY: the name ends in a null.
    let opened = retry(|| unsafe { raw::openat(AT_FDCWD, path, O_LARGEFILE, 0) });
    let fd = opened.map_err(Failure::Input)? as u32;
    let copied = copy(fd);
    // SAFETY: nothing else uses the descriptor. An error of close has nothing to say of a file that was read.
    let _ = unsafe { raw::close(fd) };
    copied
}

/// Standard error, for messages.
struct Stderr;

impl Write for Stderr {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        write_all(STDERR, text.as_bytes()).map_err(|_| fmt::Error)
    }
}

/// Reports as `cat: NAME: message`. There is nobody to tell of a failure to report.
fn report(name: &[u8], error: Errno) {
    let _ = write_all(STDERR, b"cat: ");
    let _ = write_all(STDERR, name);
    let _ = writeln!(Stderr, ": {error}");
}

fn main(env: Env) -> ExitCode {
    let mut names = env.args().skip(1).peekable();
    let stdin = if names.peek().is_none() { Some(c"-") } else { None };
    let mut code = ExitCode::SUCCESS;
    for name in stdin.into_iter().chain(names) {
        match copy_file(name) {
            Ok(()) => {}
            Err(Failure::Input(error)) => {
                report(name.to_bytes(), error);
                code = ExitCode::FAILURE;
            }
            // Nothing that follows could be written either.
            Err(Failure::Output(error)) => {
                report(b"standard output", error);
                return ExitCode::FAILURE;
            }
        }
    }
    code
}

ring3::entry!(main);
