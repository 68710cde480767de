//! `sandbox`: runs a program that may make some calls alone, or open some files alone, and says which calls a program makes.
//!
//! The names of `--allow` become a filter of seccomp: the kernel looks each number up by halves, and refuses what other ABIs' programs would call by the same numbers. Whoever
//! makes another call is ended by SIGSYS, and its name is printed; with `--deny errno` it gets EPERM. `--ro` and `--rw` are Landlock's rules. `--learn` writes
//! the names for `--allow`. All of it holds for the program's children and threads, too, and the exit code is the program's, or 128 and the number of its signal.
//!
//! ```sh
//! cargo run --release --example sandbox -- --allow write,exit_group target/release/examples/hello
//! cargo run --release --example sandbox -- --learn ls
//! cargo run --release --example sandbox -- --ro / --rw /tmp sh -c 'echo > /tmp/x; echo > /etc/x'
//! ```

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

mod filter;
mod names;
mod options;
mod paths;
mod start;
mod watch;

use options::{Options, USAGE, Unusable};
use ring3::{
    Env, Errno, Result,
    consts::{O, Sig},
    eprintln, print, retry,
    signal::{Action, Handler, sigaction},
    sys,
};

ring3::entry!(main);

/// Exit codes: a wrong command line, and a sandbox that could not be made.
const WRONG: i32 = 2;
const FAILED: i32 = 1;
/// The starter's, if it has said what is wrong. No error has this number.
const UNSTARTED: i32 = 255;

fn main(env: Env) -> i32 {
    let options = match Options::read(env) {
        Ok(options) => options,
        Err(Unusable::Wrong) => return WRONG,
        Err(Unusable::Help) => {
            print!("{USAGE}");
            return 0;
        }
    };
    run(&options, env).unwrap_or_else(|error| {
        eprintln!("sandbox: {error}");
        FAILED
    })
}

fn run(options: &Options, env: Env) -> Result<i32> {
    let paths = match options.places() {
        [] => None,
        places => match paths::rules(places) {
            Some(rules) => Some(rules),
            None => return Ok(FAILED),
        },
    };
    let [wait, go] = sys::pipe2(O::CLOEXEC)?;
    // SAFETY: there is one thread.
    let Some(child) = (unsafe { sys::fork()? }) else {
        drop(go);
        // The end of the pipe: it is watched now, or nobody is there any more.
        let mut byte = [0];
        if retry(|| sys::read(&wait, &mut byte[..])) != Ok(1) {
            return Ok(UNSTARTED);
        }
        eprintln!("sandbox: {}", start::confine(options, paths.as_ref(), env));
        return Ok(UNSTARTED);
    };
    // What the terminal sends is for the program to take, and this one ends with it.
    for signal in [Sig::INT, Sig::QUIT] {
        // SAFETY: nothing is called.
        unsafe { sigaction(signal, Some(&Action::new(Handler::Ignore)))? };
    }
    drop((wait, paths));
    let mut watch = watch::Watch::new(child, options)?;
    sys::write(&go, b"\n")?;
    watch.run()
}

/// The error of a number, as the program's starter ends with it.
fn error(code: u8) -> Errno {
    Errno::new(code.into()).unwrap_or(Errno::EINVAL)
}
