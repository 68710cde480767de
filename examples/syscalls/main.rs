//! `syscalls`: the table of system calls of every ABI as a tool.
//!
//! It shows the data of the feature `tables`, and output through a buffer that says how it went: a closed pipe ends the program quietly, a full disk with a message.
//! There is no heap in it.
//!
//! ```sh
//! cargo run --release --example syscalls -- write
//! cargo run --release --example syscalls -- 0x101 --abi x86_64
//! cargo run --release --example syscalls -- --abi riscv64 | less
//! cargo run --release --example syscalls -- --abi arm --tsv | cut -f 1,2
//! ```

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

mod list;
mod nearest;
mod options;

use options::{Options, Query, Show, Wrong};
use ring3::{
    Env, Errno, ExitCode,
    abi::{self, Abi},
    consts::{Sig, SigHow},
    eprintln,
    io::{self, Stdout},
    signal::SigSet,
    sys,
};

ring3::entry!(main);

const USAGE: &str = "\
usage: syscalls NAME|NUMBER... [--abi ABI] [--tsv]
       syscalls --abi ABI [--tsv]
       syscalls --coverage

Prints number, first release of Linux, registers and prototype of system calls: of those named, or with
numbers in decimal or 0x hexadecimal, on one ABI or on every one that has them; or of all calls of an ABI.

  --abi ABI    one ABI, or `native`
  --tsv        number, name, entry point, argument count, prototype and ABI, between tabs
  --coverage   how much of each ABI's table ring3 has functions for
  --help       this text

ABIs:";

/// Why the program does not end with 0.
enum Failure {
    /// A message has been printed.
    NotFound,
    Output(Errno),
}

impl From<Errno> for Failure {
    fn from(error: Errno) -> Self {
        Self::Output(error)
    }
}

fn help(out: &mut Stdout) -> ring3::Result<()> {
    write!(out, "{USAGE}")?;
    for abi in abi::ALL {
        write!(out, " {abi}")?;
    }
    writeln!(out)
}

/// One name or number, on one ABI or on all.
fn look_up(out: &mut Stdout, query: Query, options: &Options) -> Result<(), Failure> {
    let abis = options.abi.as_ref().map_or(abi::ALL, core::slice::from_ref);
    let find = |abi: &'static Abi| match query {
        Query::Number(number) => abi.by_number(number),
        Query::Name(name) => abi.by_name(name),
    };
    if abis.iter().any(|abi| find(abi).is_some()) {
        if options.tsv {
            abis.iter().filter_map(|abi| find(abi)).try_for_each(|call| list::tsv(out, call))?;
        } else {
            list::calls(out, abis, find)?;
        }
        return Ok(());
    }
    // What was found is printed before what was not.
    out.flush()?;
    let place = if let [abi] = abis { abi.name() } else { "any ABI" };
    match query {
        Query::Number(number) => eprintln!("syscalls: no call of {place} has the number {number}"),
        Query::Name(name) => match nearest::name(abis, name) {
            Some(near) => {
                eprintln!("syscalls: no call of {place} is named `{name}`; the nearest is `{near}`")
            }
            None => eprintln!("syscalls: no call of {place} is named `{name}`"),
        },
    }
    Err(Failure::NotFound)
}

fn run(out: &mut Stdout, show: Show, options: &Options, env: Env) -> Result<(), Failure> {
    match show {
        Show::Help => help(out)?,
        Show::Coverage => list::coverage(out)?,
        Show::All(abi) if options.tsv => abi.calls().try_for_each(|call| list::tsv(out, call))?,
        Show::All(abi) => list::table(out, abi)?,
        Show::Queries => {
            let mut result = Ok(());
            for (index, query) in options::queries(env).enumerate() {
                if index > 0 && !options.tsv {
                    writeln!(out)?;
                }
                match look_up(out, query, options) {
                    Err(Failure::NotFound) => result = Err(Failure::NotFound),
                    other => other?,
                }
            }
            result?;
        }
    }
    Ok(out.flush()?)
}

fn main(env: Env) -> ExitCode {
    // A pipe that nobody reads is an error like others then, and not the end by a signal.
    let pipe = SigSet::of(&[Sig::PIPE]);
    let _ = pipe.and_then(|set| sys::rt_sigprocmask(SigHow::BLOCK, Some(&set)));
    let (show, options) = match options::parse(env) {
        Ok(parsed) => parsed,
        Err(Wrong { what, argument }) => {
            eprintln!("syscalls: {what}{}", argument.escape_ascii());
            return 2.into();
        }
    };
    match run(&mut io::stdout(), show, &options, env) {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::NotFound | Failure::Output(Errno::EPIPE)) => {}
        Err(Failure::Output(error)) => eprintln!("syscalls: standard output: {error}"),
    }
    ExitCode::FAILURE
}
