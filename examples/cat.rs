//! `cat FILE...`: copies files, or standard input, to standard output.
//!
//! It shows arguments, errors, and the care that read(2) and write(2) ask for: a write may take less than it was given, which `io::write_all` sees to, and a
//! signal may interrupt either. strace shows nothing but the calls below.
//!
//! ```sh
//! cargo run --release --example cat /etc/hostname
//! strace target/release/examples/cat /etc/hostname
//! ```

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

use core::ffi::CStr;
use core::mem::MaybeUninit;
use ring3::{
    AT_FDCWD, AsFd, Env, Errno, ExitCode, STDERR, STDIN, STDOUT,
    consts::{Mode, O},
    io, retry, sys,
};

/// Which side of a copy failed.
enum Failure {
    Input(Errno),
    Output(Errno),
}

/// Copies what is left of a file to standard output.
fn copy(fd: impl AsFd) -> Result<(), Failure> {
    let mut buffer = [MaybeUninit::<u8>::uninit(); 32 << 10];
    loop {
        match sys::read(&fd, &mut buffer[..]) {
            Ok(([], _)) => return Ok(()),
            Ok((read, _)) => io::write_all(STDOUT, read).map_err(Failure::Output)?,
            Err(Errno::EINTR) => {}
            Err(error) => return Err(Failure::Input(error)),
        }
    }
}

fn copy_file(name: &CStr) -> Result<(), Failure> {
    if name == c"-" {
        return copy(STDIN);
    }
    let file = retry(|| sys::openat(AT_FDCWD, name, O::RDONLY, Mode::empty())).map_err(Failure::Input)?;
    copy(&file)
}

/// Reports as `cat: NAME: message`. There is nobody to tell of a failure to report.
fn report(name: &[u8], error: Errno) {
    // Nothing here formats, so that nothing that formats is in the file.
    let message = error.description().unwrap_or("an error without a name");
    for part in [b"cat: ", name, b": ", message.as_bytes(), b"\n"] {
        let _ = io::write_all(STDERR, part);
    }
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
