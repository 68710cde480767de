//! `portable`: the calls whose names every Linux has, under these names on every ABI.
//!
//! Half of them are no calls of a newer kernel any more: `open` is made by openat, `stat` by statx, `alarm` by setitimer, `wait4` by
//! waitid, where there is no other way. Nothing in this program asks which architecture it is, and it is the same source for all of them. It
//! compares every answer, beyond 4 GiB and after the year 2038 too, says what was wrong, and ends with how many names were right. What
//! the kernel, or an emulator in its place, answers with ENOSYS is named and counted apart.
//!
//! ```sh
//! cargo run --release --example portable
//! ```

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

#[macro_use]
mod report;
mod clocks;
mod events;
mod files;
mod identity;
mod io;
mod ipc;
mod large;
mod memory;
mod names;
mod processes;
mod scratch;
mod signals;
mod sockets;
mod stamps;
mod timers;
mod tools;

use report::Run;
use ring3::ExitCode;

ring3::entry!(main);

fn main() -> ExitCode {
    let run = Run::new();
    let checks = [
        files::CHECKS,
        names::CHECKS,
        io::CHECKS,
        large::CHECKS,
        stamps::CHECKS,
        clocks::CHECKS,
        timers::CHECKS,
        events::CHECKS,
        signals::CHECKS,
        sockets::CHECKS,
        processes::CHECKS,
        identity::CHECKS,
        memory::CHECKS,
        ipc::CHECKS,
    ];
    run.check(&("scratch directory", scratch::enter));
    for check in checks.into_iter().flatten() {
        run.check(check);
    }
    run.check(&("scratch directory", scratch::leave));
    run.summary()
}
