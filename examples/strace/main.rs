//! `strace [-f] [-c] [-e trace=NAMES] [-o FILE] [-p PID] PROGRAM ARGUMENT...`: prints the system calls of a program, in the words of strace(1).
//!
//! It shows ptrace(2) as one uses it today (PTRACE_SEIZE, PTRACE_GET_SYSCALL_INFO), and `ring3::abi`: names, numbers and registers of
//! every ABI, and what each argument means. Few calls have code of their own here: a new line in the tables is decoded like the others. Where strace shows an argument
//! or a struct in its own way, `views` and `shapes` say so. A 32-bit program under a 64-bit kernel
//! is another ABI, which the kernel tells with each call.
//!
//! ```sh
//! cargo run --release --features alloc --example strace -- cat /etc/hostname
//! target/release/examples/strace -f -e trace=%file -o /tmp/log sh -c 'ls | wc'
//! target/release/examples/strace -c ls
//! ```

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

extern crate alloc;

mod answer;
mod buffers;
mod dates;
mod decode;
mod known;
mod memory;
mod message;
mod multiplexed;
mod options;
mod output;
mod own;
mod sets;
mod shapes;
mod show;
mod signal;
mod special;
mod start;
mod strings;
mod structs;
mod summary;
mod termios;
mod text;
mod trace;
mod views;

use core::ffi::CStr;
use options::{USAGE, Wish};
use output::Output;
use ring3::{
    AT_FDCWD, Env, ExitCode, WaitStatus,
    consts::{Mode, O, Rlimit, Sig},
    eprintln, println,
    signal::{Action, Handler, sigaction},
    sys, uapi,
};
use trace::{ASKED, Tracer};

ring3::entry!(main, heap = own);

extern "C" fn asked(signal: Sig) {
    ASKED.store(signal.raw(), core::sync::atomic::Ordering::Relaxed);
}

fn main(env: Env) -> ExitCode {
    let options = match options::parse(env) {
        Ok(Wish::Help) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Ok(Wish::Trace(options)) => options,
        Err(error) => {
            eprintln!("strace: {error}");
            return 2.into();
        }
    };
    let file = match options.file {
        None => None,
        Some(name) => {
            let flags = O::WRONLY | O::CREAT | O::TRUNC | O::CLOEXEC;
            match sys::openat(AT_FDCWD, name, flags, Mode::from_bits_retain(0o666)) {
                Ok(file) => Some(file),
                Err(error) => return fail(name, error),
            }
        }
    };
    let mut program = None;
    if let Some(name) = options.command.first() {
        let path = match start::find(env, name) {
            Ok(path) => path,
            Err(error) => return fail(name, error),
        };
        let path = CStr::from_bytes_until_nul(&path).unwrap_or_default();
        match start::spawn(env, path, &options.command, options.follow) {
            Ok(pid) => program = Some(pid),
            Err(error) => return fail(name, error),
        }
    }
    for signal in [Sig::HUP, Sig::INT, Sig::QUIT, Sig::TERM] {
        // SAFETY: the handler touches nothing but an atomic.
        let _ = unsafe { sigaction(signal, Some(&Action::new(Handler::Simple(asked)))) };
    }
    let (follow, pids, quiet) = (options.follow, options.pids.clone(), options.file.is_some());
    let output = Output::new(file, quiet && follow);
    let mut tracer = Tracer::new(options, output, program);
    program.into_iter().for_each(|pid| tracer.add(pid));
    for pid in pids {
        match start::attach(pid, follow) {
            Ok(threads) => {
                eprintln!("strace: Process {} attached", pid.as_raw());
                threads.into_iter().for_each(|thread| tracer.add(thread));
            }
            Err(error) => {
                eprintln!("strace: attach to {}: {error}", pid.as_raw());
                return ExitCode::FAILURE;
            }
        }
    }
    match tracer.run() {
        Ok(Some(status)) => end(status),
        Ok(None) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("strace: {error}");
            ExitCode::FAILURE
        }
    }
}

fn fail(name: &CStr, error: ring3::Errno) -> ExitCode {
    eprintln!("strace: {}: {error}", name.to_string_lossy());
    ExitCode::FAILURE
}

/// Ends as the program has ended.
fn end(status: WaitStatus) -> ExitCode {
    if let (Some(signal), Some(this)) = (status.term_signal(), Some(sys::getpid())) {
        let signal = Sig::new(signal);
        // One core file is enough.
        let _ = sys::setrlimit(Rlimit::CORE, &uapi::rlimit64 { rlim_cur: 0, rlim_max: 0 });
        // SAFETY: the default action brings no code of the program's.
        let _ = unsafe { sigaction(signal, Some(&Action::new(Handler::Default))) };
        let _ = sys::kill(this.into(), Some(signal));
        return ExitCode::from(128 + signal.raw() as u8);
    }
    status.exit_code().unwrap_or_default().into()
}
