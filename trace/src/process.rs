//! Child processes: calls that every ABI has.
//!
//! Constants: the kernel's include/uapi/linux/wait.h; asm-generic/siginfo.h, signal.h.

use core::ffi::c_int;
use core::mem::zeroed;
use core::ptr::null_mut;
use ring3::uapi::siginfo;
use ring3::{Errno, Result, Sysno, raw, syscall};

const P_ALL: c_int = 0;
const P_PID: c_int = 1;
const WSTOPPED: c_int = 2;
const WEXITED: c_int = 4;
const WALL: c_int = 0x4000_0000;
const CLD_EXITED: c_int = 1;
const CLD_KILLED: c_int = 2;
const CLD_DUMPED: c_int = 3;
const SIGCHLD: c_int = 17;

/// What became of a child.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Exited(c_int),
    Killed(c_int),
    Stopped(c_int),
}

/// Starts a copy of this process, which runs `body` and exits with what that gives.
///
/// The caller has one thread.
pub fn start(body: impl FnOnce() -> u8) -> Result<c_int> {
    // SAFETY: without a stack and CLONE_VM this is fork: the child has copies of everything.
    let pid = unsafe { syscall!(Sysno::CLONE, SIGCHLD, 0, 0, 0, 0) }?;
    if pid == 0 {
        let status = body();
        // SAFETY: ends the process.
        unsafe { raw::exit_group(status.into()) }
    }
    Ok(pid as c_int)
}

/// Waits for a child.
pub fn wait(pid: c_int) -> Result<Event> {
    wait_for(P_PID, pid).map(|(_, event)| event)
}

/// Waits for any child.
pub fn wait_any() -> Result<(c_int, Event)> {
    wait_for(P_ALL, 0)
}

fn wait_for(which: c_int, pid: c_int) -> Result<(c_int, Event)> {
    // SAFETY: `siginfo` is plain data, and waitid fills the part for SIGCHLD.
    let (code, child) = unsafe {
        let mut info: siginfo = zeroed();
        while let Err(error) = raw::waitid(which, pid, &raw mut info, WSTOPPED | WEXITED | WALL, null_mut()) {
            if error != Errno::EINTR {
                return Err(error);
            }
        }
        (info.anon1.anon1.si_code, info.anon1.anon1._sifields._sigchld)
    };
    let status = child._status;
    let event = match code {
        CLD_EXITED => Event::Exited(status),
        CLD_KILLED | CLD_DUMPED => Event::Killed(status),
        _ => Event::Stopped(status),
    };
    Ok((child._pid, event))
}
