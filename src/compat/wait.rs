//! Children where there is no `fork` or no `wait4`, and priorities where there is no `nice`.

use super::*;
use crate::{
    consts::{P, Prio, Sig, Wait},
    ids::{Pid, WaitPid, WaitStatus},
};
use core::mem::MaybeUninit;

#[cfg(ring3_by = "fork_clone")]
#[inline]
pub unsafe fn fork_clone() -> Result<Option<Pid>> {
    let nothing = ptr::null::<u8>();
    // SAFETY: the caller's. With the signal of a child's end for its flags and no stack, clone is fork: nothing is shared.
    let child =
        unsafe { crate::syscall!(crate::Sysno::CLONE, Sig::CHLD.raw(), nothing, nothing, nothing, nothing)? };
    Ok(Pid::new(child as i32))
}

#[cfg(ring3_by = "wait4_waitid")]
#[inline]
pub fn wait4_waitid(
    pid: WaitPid,
    options: Wait,
    rusage: Option<&mut uapi::rusage>,
) -> Result<Option<(Pid, WaitStatus)>> {
    waitid(pid, options, rusage.map_or(ptr::null_mut(), ptr::from_mut))
}

#[cfg(ring3_by = "waitpid_waitid")]
#[inline]
pub fn waitpid_waitid(pid: WaitPid, options: Wait) -> Result<Option<(Pid, WaitStatus)>> {
    waitid(pid, options, ptr::null_mut())
}

#[cfg(any(ring3_by = "wait4_waitid", ring3_by = "waitpid_waitid"))]
#[inline]
fn waitid(pid: WaitPid, options: Wait, rusage: *mut uapi::rusage) -> Result<Option<(Pid, WaitStatus)>> {
    /// What wait4 waits for without being asked, and what it takes.
    const EXITED: i32 = 4;
    const TAKEN: Wait = Wait::NOHANG
        .union(Wait::UNTRACED)
        .union(Wait::CONTINUED)
        .union(Wait::NOTHREAD)
        .union(Wait::CLONE)
        .union(Wait::ALL);
    if !TAKEN.contains(options) {
        return Err(Errno::EINVAL);
    }
    let (kind, id) = match pid.as_raw() {
        -1 => (P::ALL, 0),
        0 => (P::PGID, 0),
        i32::MIN => return Err(Errno::ESRCH),
        group @ ..0 => (P::PGID, -group),
        process => (P::PID, process),
    };
    let mut info = MaybeUninit::<uapi::siginfo>::zeroed();
    // SAFETY: the kernel writes the two structs.
    unsafe {
        raw::waitid(kind.raw() as _, id, info.as_mut_ptr(), options.bits() as i32 | EXITED, rusage)?;
    }
    // SAFETY: zeros are a siginfo, and the kernel may have written one.
    let info = unsafe { info.assume_init() };
    match info.pid() {
        Some(child) => Ok(Some((child, info.wait_status().ok_or(Errno::EINVAL)?))),
        None => Ok(None),
    }
}

#[cfg(ring3_by = "nice_setpriority")]
#[inline]
pub fn nice_setpriority(inc: i32) -> Result<()> {
    let process = Prio::PROCESS.raw();
    // SAFETY: both calls take numbers alone.
    unsafe {
        let now = 20 - raw::getpriority(process as _, 0)? as i32;
        let nice = now.saturating_add(inc.clamp(-40, 40)).clamp(-20, 19);
        match raw::setpriority(process as _, 0, nice) {
            Err(Errno::EACCES) => Err(Errno::EPERM),
            result => result.map(|_| ()),
        }
    }
}
