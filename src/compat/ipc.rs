//! Messages of System V, registers of a tracee, names of security modules, events of asynchronous I/O, cookies of core scheduling.

use super::*;
use crate::{
    buffer::{Buffer, sealed::Sealed as _},
    consts::{Ipc, MsgRcv},
    ids::{AioContext, Pid},
    uapi::{__kernel_timespec as timespec, sigset_t as sigset},
};
use core::ffi::c_long;

#[cfg(ring3_by = "msgrcv_buf")]
#[inline]
pub fn msgrcv_buf(msqid: i32, msgp: &mut [u8], msgtyp: isize, msgflg: MsgRcv) -> Result<usize> {
    let text = msgp.len().checked_sub(size_of::<c_long>()).ok_or(Errno::EINVAL)?;
    // SAFETY: the kernel writes a `long` and then no more than `text` bytes; it asks for no alignment.
    unsafe { raw::msgrcv(msqid, msgp.as_mut_ptr().cast(), text as _, msgtyp as _, msgflg.bits() as _) }
}

#[cfg(ring3_by = "msgsnd_buf")]
#[inline]
pub fn msgsnd_buf(msqid: i32, msgp: &[u8], msgflg: Ipc) -> Result<()> {
    let text = msgp.len().checked_sub(size_of::<c_long>()).ok_or(Errno::EINVAL)?;
    // SAFETY: the kernel reads a `long` and then `text` bytes; it asks for no alignment.
    unsafe { raw::msgsnd(msqid, msgp.as_ptr().cast_mut().cast(), text as _, msgflg.bits() as _) }.map(|_| ())
}

#[cfg(ring3_by = "lsm_list_modules_ids")]
#[inline]
pub fn lsm_list_modules_ids(ids: Option<&mut [u64]>) -> Result<usize> {
    let mut size = u32::try_from(ids.as_ref().map_or(0, |ids| 8 * ids.len())).unwrap_or(u32::MAX);
    let ids = ids.map_or(ptr::null_mut(), |ids| ids.as_mut_ptr());
    // SAFETY: the kernel writes no more than `size` bytes of ids, and then what it would need there.
    unsafe { raw::lsm_list_modules(ids, &raw mut size, 0) }
}

#[cfg(ring3_by = "ptrace_getregset")]
#[inline]
pub fn ptrace_getregset(pid: Pid, nt_type: u32, data: &mut [u8]) -> Result<usize> {
    /// `PTRACE_GETREGSET`
    const GETREGSET: i32 = 0x4204;
    let mut vec = uapi::iovec { iov_base: data.as_mut_ptr().cast(), iov_len: data.len() as _ };
    // SAFETY: the kernel writes within the slice, and a length to the vector.
    unsafe { raw::ptrace(GETREGSET as _, pid.as_raw() as _, nt_type, &raw mut vec) }?;
    Ok(vec.iov_len as usize)
}

#[cfg(ring3_by = "ptrace_setregset")]
#[inline]
pub unsafe fn ptrace_setregset(pid: Pid, nt_type: u32, data: &[u8]) -> Result<usize> {
    /// `PTRACE_SETREGSET`
    const SETREGSET: i32 = 0x4205;
    let mut vec = uapi::iovec { iov_base: data.as_ptr().cast_mut().cast(), iov_len: data.len() as _ };
    // SAFETY: the caller's; the kernel reads within the slice.
    unsafe { raw::ptrace(SETREGSET as _, pid.as_raw() as _, nt_type, &raw mut vec)? };
    Ok(vec.iov_len as usize)
}

macro_rules! io_pgetevents {
    ($by:literal, $name:ident, $row:ident) => {
        #[cfg(ring3_by = $by)]
        #[inline]
        pub fn $name<B: Buffer<uapi::io_event>>(
            ctx_id: AioContext,
            min_nr: isize,
            mut events: B,
            timeout: Option<&timespec>,
            sigmask: Option<&sigset>,
        ) -> Result<B::Output> {
            let (pointer, length) = events.parts();
            let mask = sigmask.map(|mask| uapi::__aio_sigset {
                sigmask: ptr::from_ref(mask).cast_mut(),
                sigsetsize: size_of::<sigset>() as _,
            });
            let (id, timeout) = (ctx_id.as_raw(), timeout.map_or(ptr::null(), ptr::from_ref));
            let mask = mask.as_ref().map_or(ptr::null(), ptr::from_ref);
            // SAFETY: the kernel reads time and mask, and writes as many events as it says.
            unsafe {
                let count = raw::$row(id as _, min_nr as _, length as _, pointer, timeout.cast_mut(), mask)?;
                Ok(events.filled(count))
            }
        }
    };
}

io_pgetevents!("io_pgetevents_sigset", io_pgetevents_sigset, io_pgetevents);
io_pgetevents!("io_pgetevents_time64_sigset", io_pgetevents_time64_sigset, io_pgetevents_time64);

#[cfg(ring3_by = "prctl_sched_core_get")]
#[inline]
pub fn prctl_sched_core_get(pid: Option<Pid>) -> Result<u64> {
    /// `PR_SCHED_CORE`; `PR_SCHED_CORE_GET` of `PR_SCHED_CORE_SCOPE_THREAD` is 0 of 0.
    const SCHED_CORE: i32 = 62;
    #[repr(align(8))]
    struct Cookie(u64);
    let mut cookie = Cookie(0);
    let address = &raw mut cookie.0;
    // SAFETY: the kernel writes the cookie.
    unsafe { raw::prctl(SCHED_CORE, 0, pid.map_or(0, Pid::as_raw), 0, address) }?;
    Ok(cookie.0)
}
