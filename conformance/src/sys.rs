//! The functions of `sys`, each called for real: what they answer is compared with what the kernel must answer.
//!
//! The macros have the names of those for `raw`, and count functions instead of numbers.

/// Calls a function and notes it; gives its `Result`. What returns nothing but an error has one, too.
macro_rules! call {
    ($run:expr, execve($($arg:expr),* $(,)?)) => {
        call!(@ $run, "execve", Err::<(), ring3::Errno>(ring3::sys::execve($($arg),*)))
    };
    ($run:expr, $module:ident::$name:ident($($arg:expr),* $(,)?)) => {
        call!(@ $run, concat!(stringify!($module), "::", stringify!($name)), ring3::sys::$module::$name($($arg),*))
    };
    ($run:expr, $name:ident($($arg:expr),* $(,)?)) => {
        call!(@ $run, stringify!($name), ring3::sys::$name($($arg),*))
    };
    (@ $run:expr, $label:expr, $call:expr) => {{
        #[allow(unused_unsafe, reason = "most functions are safe")]
        // SAFETY: each check gives its own live memory, mappings and descriptors, or addresses that are never mapped, and the
        // program has one thread.
        let result = unsafe { $call };
        $run.functions.made($label, result.as_ref().err());
        result
    }};
}

/// The value of a function that cannot fail.
macro_rules! value {
    ($run:expr, $module:ident::$name:ident($($arg:expr),* $(,)?)) => {
        value!(@ $run, concat!(stringify!($module), "::", stringify!($name)), ring3::sys::$module::$name($($arg),*))
    };
    ($run:expr, $name:ident($($arg:expr),* $(,)?)) => {
        value!(@ $run, stringify!($name), ring3::sys::$name($($arg),*))
    };
    (@ $run:expr, $label:expr, $call:expr) => {{
        $run.functions.made($label, None);
        #[allow(unused_unsafe, reason = "most functions are safe")]
        // SAFETY: as for `call`.
        unsafe { $call }
    }};
}

/// The value of a function that must succeed.
macro_rules! ok {
    ($run:expr, $module:ident::$name:ident($($arg:tt)*)) => {
        ok!(@ concat!(stringify!($module), "::", stringify!($name)), call!($run, $module::$name($($arg)*)))
    };
    ($run:expr, $name:ident($($arg:tt)*)) => { ok!(@ stringify!($name), call!($run, $name($($arg)*))) };
    (@ $label:expr, $result:expr) => {
        match $result {
            Ok(value) => value,
            Err(errno) => return Err($crate::report::Failure::Refused($label, errno)),
        }
    };
}

/// A function that must be answered with this errno.
macro_rules! fails {
    ($run:expr, $errno:ident, $module:ident::$name:ident($($arg:tt)*)) => {
        $run.refused_by_sys(
            concat!(stringify!($module), "::", stringify!($name)),
            call!($run, $module::$name($($arg)*)).map(drop),
            ring3::Errno::$errno,
        )?
    };
    ($run:expr, $errno:ident, $name:ident($($arg:tt)*)) => {
        $run.refused_by_sys(stringify!($name), call!($run, $name($($arg)*)).map(drop), ring3::Errno::$errno)?
    };
}

mod controls;
mod descriptors;
mod events;
mod files;
mod futexes;
mod identity;
mod ipc;
mod keys;
mod memory;
mod mounts;
mod names;
mod options;
mod own;
mod processes;
mod scheduling;
mod security;
mod signals;
mod sockets;
mod status;
mod system;
mod time;
mod tracing;

use crate::{
    portable,
    report::{Check, Failure, Outcome, Run},
};
use core::{ffi::CStr, ffi::c_void, ptr::without_provenance_mut};
use ring3::{
    AT_FDCWD, BorrowedFd, Errno, OwnedFd,
    consts::{At, Mode, O},
};

pub const CHECKS: &[&[Check]] = &[
    files::CHECKS,
    names::CHECKS,
    status::CHECKS,
    descriptors::CHECKS,
    memory::CHECKS,
    time::CHECKS,
    processes::CHECKS,
    identity::CHECKS,
    scheduling::CHECKS,
    controls::CHECKS,
    signals::CHECKS,
    tracing::CHECKS,
    sockets::CHECKS,
    options::CHECKS,
    events::CHECKS,
    futexes::CHECKS,
    ipc::CHECKS,
    keys::CHECKS,
    security::CHECKS,
    mounts::CHECKS,
    system::CHECKS,
    own::CHECKS,
];

/// A number that no check has open.
const CLOSED: i32 = 12345;

/// A descriptor that is not open.
fn closed() -> BorrowedFd<'static> {
    // SAFETY: what calls do with it is to answer EBADF.
    unsafe { BorrowedFd::borrow_raw(CLOSED) }
}

/// An address that no program has anything at.
fn nowhere() -> *mut c_void {
    without_provenance_mut(8)
}

const fn mode(bits: u16) -> Mode {
    Mode::from_bits_retain(bits)
}

/// A new file with this content, open for reading and writing.
fn file(run: &Run, name: &CStr, content: &[u8]) -> Result<OwnedFd, Failure> {
    let flags = O::RDWR | O::CREAT | O::TRUNC | O::CLOEXEC;
    let fd = ok!(run, openat(AT_FDCWD, name, flags, mode(0o600)));
    same!(run, ok!(run, pwrite64(&fd, content, 0)), content.len());
    Ok(fd)
}

fn remove(run: &Run, name: &CStr) -> Outcome {
    ok!(run, unlinkat(AT_FDCWD, name, At::empty()));
    Ok(())
}

/// Makes a part of a check in a process of its own, for what cannot be undone.
fn child(run: &Run, part: fn(&Run) -> Outcome) -> Outcome {
    run.functions.outcome.set(None);
    match portable::fork(run) {
        Err(errno) => return Err(Failure::Refused("fork", errno)),
        Ok(0) => {
            run.functions.outcome.set(Some(part(run)));
            portable::exit(0)
        }
        Ok(pid) => same!(run, portable::wait(run, pid), Ok(0)),
    }
    match run.functions.outcome.get() {
        Some(outcome) => outcome,
        None => Err(Failure::Lacks("the child has said nothing")),
    }
}
