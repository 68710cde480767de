//! Makes the system calls of ring3 for real and compares what the kernel answers with what it must answer.
//!
//! Prints a line for each check (`ok NAME`, `FAILED NAME: got X, expected Y`, `not supported NAME: ENOSYS`) and the sums. What
//! the kernel or the machine lacks is counted apart. Exits with 0 if no check failed.
//!
//! The checks name the kernel's answers from its source and manual pages, not from another implementation. They run as any
//! user, in a directory of their own under /tmp.

#![cfg_attr(panic = "abort", no_std)]
#![no_main]

#[macro_use]
mod report;

mod constants;
mod directories;
mod events;
mod files;
mod functions;
mod ipc;
mod large_files;
mod memory;
mod own;
mod pipes;
mod place;
mod portable;
mod processes;
mod registers;
mod signals;
mod sockets;
mod sys;
mod system;
mod time;

use core::ffi::CStr;
use report::Run;

/// What this program is told where another one has started it to see it end.
const END_AT_ONCE: &CStr = c"end";
const ENDED: u8 = 77;

fn main(env: ring3::Env) -> u8 {
    if env.args().nth(1) == Some(END_AT_ONCE) {
        return ENDED;
    }
    const AT_PAGESZ: usize = 6;
    place::open_standard_descriptors();
    let Ok(functions) = functions::Functions::shared() else {
        report::say(format_args!("FAILED functions::shared: no memory can be mapped\n"));
        return 1;
    };
    let run = Run::new(env.aux(AT_PAGESZ).unwrap_or(4096), place::emulated(), functions);
    place::limit_files(&run);
    let Some(place) = place::enter(&run) else {
        report::say(format_args!("FAILED place::enter: no directory can be made under /tmp\n"));
        return 1;
    };
    for checks in [
        files::CHECKS,
        large_files::CHECKS,
        directories::CHECKS,
        pipes::CHECKS,
        memory::CHECKS,
        time::CHECKS,
        processes::CHECKS,
        system::CHECKS,
        signals::CHECKS,
        sockets::CHECKS,
        events::CHECKS,
        ipc::CHECKS,
        registers::CHECKS,
        own::CHECKS,
    ] {
        run.all(checks);
    }
    for checks in sys::CHECKS {
        run.all(checks);
    }
    place.leave(&run);
    u8::from(!run.finish())
}

ring3::entry!(main);
