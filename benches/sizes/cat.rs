//! examples/cat with std: files, or standard input, to standard output.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::process::ExitCode;

fn copy_file(name: &OsStr) -> io::Result<u64> {
    let mut out = io::stdout().lock();
    if name == "-" {
        return io::copy(&mut io::stdin().lock(), &mut out);
    }
    io::copy(&mut File::open(name)?, &mut out)
}

fn main() -> ExitCode {
    let mut names: Vec<_> = std::env::args_os().skip(1).collect();
    if names.is_empty() {
        names.push("-".into());
    }
    let mut code = ExitCode::SUCCESS;
    for name in names {
        if let Err(error) = copy_file(&name) {
            eprintln!("cat: {}: {error}", name.display());
            code = ExitCode::FAILURE;
        }
    }
    code
}
