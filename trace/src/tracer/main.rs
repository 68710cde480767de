//! Runs a tracee that makes every call with arguments of its own, and compares what the kernel decoded with the tables.
//!
//! Prints a line for each difference and the sums, and exits with 0 if there was none and every call was seen. No call takes
//! effect: the kernel is told to forget it as soon as it has been looked at.
//!
//! `tracer --wrong CALL` passes wrong arguments to that call and `tracer --skip CALL` does not make it, so that one can see
//! that the tracer would say so.

#![cfg_attr(panic = "abort", no_std)]
#![no_main]

mod call;
mod compare;
mod extra;
mod ptrace;
mod session;
mod tracee;

/// The functions of `raw`, as the build script found them in the tables.
mod generated {
    use crate::call::{Call, Kind, arg, slot};
    use ring3::raw;

    // Each `unsafe` there: the tracer has the kernel forget the call, so that no argument of it leads anywhere.
    include!(concat!(env!("OUT_DIR"), "/calls.rs"));
}

use core::ffi::CStr;
use trace::print::say;
use tracee::Plan;

/// Everything that the tracee calls, in its order. A list of other functions joins here: all that the tracer knows of one is its `Call`.
static LISTS: [&[call::Call]; 2] = [generated::CALLS, extra::CALLS];

fn calls() -> impl Iterator<Item = &'static call::Call> {
    LISTS.iter().copied().flatten()
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
            let release = ptrace::release();
            say(format_args!(
                "trace: {}, {}, {} calls seen, {} mismatches",
                release.as_str(),
                generated::ABI,
                sums.seen,
                sums.mismatches
            ));
            u8::from(sums.mismatches > 0)
        }
        Err(error) => {
            say(format_args!("trace: {error}"));
            2
        }
    }
}

ring3::entry!(main);
