//! Runs a tracee that makes every call with arguments of its own, and compares what the kernel decoded with the tables.
//!
//! Prints a line for each difference and the sums, and exits with 0 if there was none and every call was seen. No call takes
//! effect: the kernel is told to forget it as soon as it has been looked at. A part of the calls of `sys` seem to succeed, with results and
//! memory that the tracer puts there, so that one sees what becomes of them.
//!
//! `tracer --wrong CALL` passes wrong arguments to that call and `tracer --skip CALL` does not make it, so that one can see
//! that the tracer would say so.

#![cfg_attr(panic = "abort", no_std)]
#![no_main]

mod adapters;
mod call;
mod compare;
mod content;
mod extra;
mod given;
mod ptrace;
mod session;
mod tracee;

/// The functions of `raw`, as the build script found them in the tables.
mod generated {
    use crate::call::{Answer, Call, Kind, Step, arg, slot};
    use ring3::{Errno, raw};

    // Each `unsafe` there: the tracer has the kernel forget the call, so that no argument of it leads anywhere.
    include!(concat!(env!("OUT_DIR"), "/calls.rs"));
}

/// The functions of `sys`, and what the contracts say of them.
#[allow(
    unused_imports,
    unused_unsafe,
    clippy::identity_op,
    clippy::unnecessary_cast,
    reason = "what functions take, and which are unsafe, depends on the ABI"
)]
mod contracts {
    use crate::call::{Answer, Call, Kind, Step, arg, pointer, slot};
    use crate::content::{Content, Patch, fill, number};
    use crate::given::{
        address, fd, kept, list, one, owned, slices, slices_mut, strings, tell, tell_bytes, text,
    };
    use core::ffi::c_void;
    use core::mem::{MaybeUninit, size_of};
    use ring3::{Errno, consts, sys, uapi};

    // As above.
    include!(concat!(env!("OUT_DIR"), "/sys.rs"));
}

use core::ffi::CStr;
use core::fmt;
use trace::print::say;
use tracee::Plan;

/// Everything that the tracee calls, in its order.
static LISTS: [List; 2] = [
    List { name: "raw", parts: &[generated::CALLS, extra::CALLS] },
    List {
        name: "sys",
        parts: &[
            contracts::CALLS,
            adapters::FILES,
            adapters::STAT,
            adapters::MEMORY,
            adapters::TIMES,
            adapters::REST,
        ],
    },
];

/// Calls that are counted together. All that the tracer knows of one is its `Call`.
struct List {
    name: &'static str,
    parts: &'static [&'static [call::Call]],
}

impl List {
    fn calls(&self) -> impl Iterator<Item = &'static call::Call> {
        self.parts.iter().copied().flatten()
    }
}

fn calls() -> impl Iterator<Item = &'static call::Call> {
    LISTS.iter().flat_map(List::calls)
}
fn main(env: ring3::Env) -> u8 {
    let mut arguments = env.args().skip(1);
    let mut plan = Plan::default();
    while let Some(option) = arguments.next() {
        let name = arguments.next().map(CStr::to_bytes);
        let index = calls().position(|call| Some(call.name.as_bytes()) == name);
        match (option.to_bytes(), index) {
            (b"--wrong", Some(_)) => plan.wrong = index,
            (b"--skip", Some(_)) => plan.skip = index,
            _ => {
                say(format_args!("trace: expected nothing, --wrong CALL or --skip CALL"));
                return 2;
            }
        }
    }
    match session::run(plan) {
        Ok(sums) => {
            let untraced = contracts::FUNCTIONS.iter().filter(|function| !is_traced(function));
            let untraced = untraced.inspect(|function| {
                say(format_args!("MISMATCH {function}: found no test, expected one"));
            });
            let (functions, untraced) = (contracts::FUNCTIONS.len(), untraced.count());
            let release = ptrace::release();
            say(format_args!(
                "trace: {}, {}, {}, {}, functions of sys: {functions}, traced: {}",
                release.as_str(),
                generated::ABI,
                Said(&LISTS[0], &sums[0]),
                Said(&LISTS[1], &sums[1]),
                functions - untraced,
            ));
            u8::from(untraced > 0 || sums.iter().any(|sums| sums.mismatches > 0))
        }
        Err(error) => {
            say(format_args!("trace: {error}"));
            2
        }
    }
}

/// Whether a function of `sys` has calls in the list: their names begin with its own.
fn is_traced(function: &str) -> bool {
    LISTS[1].calls().any(|call| {
        call.name.strip_prefix(function).is_some_and(|form| form.is_empty() || form.starts_with(' '))
    })
}

/// A list's part of the last line.
struct Said<'a>(&'a List, &'a compare::Sums);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} calls seen, {} mismatches", self.0.name, self.1.seen, self.1.mismatches)
    }
}

ring3::entry!(main);
