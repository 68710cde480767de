//! `spawn [PROGRAM ARGUMENT...]`: runs a program in a child, waits for it and says how it has ended. Without a program, `/bin/echo`.
//!
//! ```sh
//! cargo run --release --example spawn /bin/sh -c 'exit 3'
//! strace -f target/release/examples/spawn
//! ```

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

use core::ffi::CStr;
use ring3::{CStrPtr, CStrs, Env, Errno, println, process::Spawn};

ring3::entry!(main);

const MOST: usize = 64;

/// Runs the first of these with all of them, and says what became of it. A program that cannot be run is the caller's error: there is no child then.
fn run<'a>(words: impl Iterator<Item = &'a CStr>) -> Result<(), Errno> {
    let mut argv = [CStrPtr::END; MOST + 1];
    let (mut path, mut count) = (c"", 0);
    for word in words {
        if count == 0 {
            path = word;
        }
        *argv[..MOST].get_mut(count).ok_or(Errno::E2BIG)? = CStrPtr::new(word);
        count += 1;
    }
    let argv = CStrs::new(&argv).ok_or(Errno::E2BIG)?;
    match Spawn::new(path, argv, CStrs::EMPTY).spawn() {
        Err(error) => println!("cannot be run: {error}"),
        Ok(child) => {
            let status = ring3::retry(|| child.wait())?;
            match (status.exit_code(), status.term_signal()) {
                (Some(code), _) => println!("exit code {code}"),
                (_, Some(signal)) => println!("signal {signal}"),
                _ => println!("{status:?}"),
            }
        }
    }
    Ok(())
}

fn main(env: Env) -> Result<(), Errno> {
    if env.args().count() > 1 {
        return run(env.args().skip(1));
    }
    run([c"/bin/echo", c"Hello from the child!"].into_iter())?;
    run([c"/does/not/exist"].into_iter())
}
