//! Where the ABIs differ: the only file that asks which one this is, beside `own.rs`.
//!
//! A check names each call as a 64-bit ABI does. A 32-bit ABI may have it under another name, with 64-bit time or a 64-bit
//! offset, and that one is made.

use crate::{constants::*, report::Run};
use core::ffi::{c_char, c_int, c_long, c_void};
use ring3::Result;

/// Gives the calls their portable names, and back.
macro_rules! renamed {
    ($($(#[$cfg:meta])* { $($name:ident = $own:ident),* $(,)? })*) => {
        /// The calls by their portable names.
        pub mod calls {
            pub use ring3::raw::*;
            $($(#[$cfg])* #[allow(unused_imports)] pub use ring3::raw::{$($own as $name),*};)*
        }

        /// The ABI's own name of a call.
        pub fn own_name(name: &'static str) -> &'static str {
            $($(#[$cfg])* match name {
                $(stringify!($name) => return stringify!($own),)*
                _ => {}
            })*
            name
        }
    };
}

renamed! {
    #[cfg(target_pointer_width = "32")]
    {
        clock_adjtime = clock_adjtime64,
        clock_getres = clock_getres_time64,
        clock_gettime = clock_gettime64,
        clock_nanosleep = clock_nanosleep_time64,
        fcntl = fcntl64,
        fstatfs = fstatfs64,
        ftruncate = ftruncate64,
        futex = futex_time64,
        mq_timedreceive = mq_timedreceive_time64,
        mq_timedsend = mq_timedsend_time64,
        ppoll = ppoll_time64,
        pselect6 = pselect6_time64,
        recvmmsg = recvmmsg_time64,
        rt_sigtimedwait = rt_sigtimedwait_time64,
        sched_rr_get_interval = sched_rr_get_interval_time64,
        semtimedop = semtimedop_time64,
        sendfile = sendfile64,
        statfs = statfs64,
        timer_gettime = timer_gettime64,
        timer_settime = timer_settime64,
        timerfd_gettime = timerfd_gettime64,
        timerfd_settime = timerfd_settime64,
        truncate = truncate64,
        utimensat = utimensat_time64,
    }
    // The plain names are those of 16-bit ids, and of a call that takes one half of the position.
    #[cfg(any(target_arch = "x86", target_arch = "arm"))]
    {
        fchown = fchown32,
        getegid = getegid32,
        geteuid = geteuid32,
        getgid = getgid32,
        getgroups = getgroups32,
        getresgid = getresgid32,
        getresuid = getresuid32,
        getrlimit = ugetrlimit,
        getuid = getuid32,
        llseek = _llseek,
        setresgid = setresgid32,
        setresuid = setresuid32,
    }
}

/// The handler, flags, restorer and mask of a signal, as `rt_sigaction` takes them (include/linux/signal_types.h). The exported
/// headers of some ABIs have the older struct of `sigaction` instead.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct SignalAction {
    pub handler: usize,
    pub flags: core::ffi::c_ulong,
    #[cfg(not(any(target_arch = "riscv64", target_arch = "riscv32")))]
    pub restorer: usize,
    pub mask: [usize; 8 / size_of::<usize>()],
}

const _: () = assert!(size_of::<SignalAction>() == size_of::<ring3::uapi::sigaction>());

impl SignalAction {
    pub fn new(handler: usize, flags: core::ffi::c_ulong) -> Self {
        Self {
            handler,
            flags: flags | SA_RESTORER,
            #[cfg(not(any(target_arch = "riscv64", target_arch = "riscv32")))]
            restorer: restorer(),
            mask: [0; _],
        }
    }
}

/// What a handler returns to. x86_64 alone leaves that to the program; the other kernels have code of their own for it.
#[cfg(target_arch = "x86_64")]
fn restorer() -> usize {
    #[unsafe(naked)]
    extern "C" fn rt_sigreturn() -> ! {
        core::arch::naked_asm!("mov eax, {}", "syscall", const ring3::Sysno::RT_SIGRETURN.number())
    }
    rt_sigreturn as *const () as usize
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "riscv64", target_arch = "riscv32")))]
fn restorer() -> usize {
    0
}

/// A process like this one, which goes on here as well: 0 in the child.
pub fn fork(run: &Run) -> Result<usize> {
    #[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm"))]
    {
        call!(run, fork())
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm")))]
    {
        // SAFETY: with no flag but the signal and no stack of its own, clone is fork: the child has a copy of everything.
        let result = unsafe { ring3::syscall!(ring3::Sysno::CLONE, SIGCHLD, 0, 0, 0, 0) };
        run.made_number(ring3::Sysno::CLONE, result.as_ref().err());
        result
    }
}

/// Ends a child: nothing of it may run on.
pub fn exit(code: c_int) -> ! {
    // SAFETY: the process is the check's own child.
    unsafe { calls::exit_group(code) }
}

/// Maps what `fd` holds from `offset` on, a multiple of 4096.
pub fn mmap(
    run: &Run,
    addr: *mut c_void,
    len: usize,
    prot: c_int,
    flags: c_int,
    fd: c_int,
    offset: u64,
) -> Result<*mut c_void> {
    let (prot, flags, fd) = (prot as _, flags as _, fd as _);
    #[cfg(target_pointer_width = "64")]
    {
        call!(run, mmap(addr, len as _, prot, flags, fd, offset as _))
    }
    #[cfg(target_pointer_width = "32")]
    {
        call!(run, mmap2(addr, len as _, prot, flags, fd, (offset / 4096) as _))
    }
}

pub fn seek(run: &Run, fd: usize, offset: i64, whence: u32) -> Result<u64> {
    #[cfg(target_pointer_width = "64")]
    {
        call!(run, lseek(fd as _, offset as _, whence)).map(|position| position as u64)
    }
    #[cfg(target_pointer_width = "32")]
    {
        let mut position = 0i64;
        call!(run, llseek(fd as _, (offset >> 32) as _, offset as _, &raw mut position, whence))
            .map(|_| position as u64)
    }
}

pub fn fadvise(run: &Run, fd: usize, offset: i64, len: i64, advice: c_int) -> Result<usize> {
    #[cfg(target_pointer_width = "64")]
    {
        call!(run, fadvise64(fd as _, offset, len as _, advice))
    }
    #[cfg(target_arch = "arm")]
    {
        call!(run, arm_fadvise64_64(fd as _, advice, offset, len))
    }
    #[cfg(all(target_pointer_width = "32", not(target_arch = "arm")))]
    {
        call!(run, fadvise64_64(fd as _, offset, len, advice))
    }
}

pub fn sync_file_range(run: &Run, fd: usize, offset: i64, len: i64, flags: u32) -> Result<usize> {
    #[cfg(target_arch = "arm")]
    {
        call!(run, arm_sync_file_range(fd as _, flags, offset, len))
    }
    #[cfg(not(target_arch = "arm"))]
    {
        call!(run, sync_file_range(fd as _, offset, len, flags as _))
    }
}

/// What statfs says: the file system's type and its block size.
pub fn statfs(run: &Run, path: *const c_char) -> Result<(c_long, c_long)> {
    #[cfg(target_pointer_width = "64")]
    {
        // SAFETY: statfs is plain data.
        let mut status: ring3::uapi::statfs = unsafe { core::mem::zeroed() };
        call!(run, statfs(path, &raw mut status))?;
        Ok((status.f_type as _, status.f_bsize as _))
    }
    #[cfg(target_pointer_width = "32")]
    {
        // SAFETY: statfs64 is plain data.
        let mut status: ring3::uapi::statfs64 = unsafe { core::mem::zeroed() };
        call!(run, statfs(path, size_of_val(&status), &raw mut status))?;
        Ok((status.f_type as _, status.f_bsize as _))
    }
}

/// How a child ended: its exit code, or the signal that killed it plus 256.
pub fn wait(run: &Run, pid: usize) -> Result<c_int> {
    #[cfg(not(target_arch = "riscv32"))]
    {
        let mut status = 0;
        call!(run, wait4(pid as _, &raw mut status, 0, core::ptr::null_mut()))?;
        Ok(if status & 0x7f == 0 { status >> 8 & 0xff } else { 256 + (status & 0x7f) })
    }
    #[cfg(target_arch = "riscv32")]
    {
        let mut info = SignalInfo::default();
        call!(run, waitid(P_PID, pid as _, info.as_mut_ptr(), WEXITED, core::ptr::null_mut()))?;
        Ok(if info.code() == CLD_EXITED { info.status() } else { 256 + info.status() })
    }
}

/// A `siginfo_t`: 128 bytes, whose union begins at the first word of a pointer's alignment.
#[derive(Default)]
#[repr(C, align(8))]
pub struct SignalInfo([c_int; 32]);

impl SignalInfo {
    const UNION: usize = 12usize.next_multiple_of(size_of::<usize>()) / 4;

    pub fn as_mut_ptr<T>(&mut self) -> *mut T {
        (&raw mut self.0).cast()
    }

    pub fn signal(&self) -> c_int {
        self.0[0]
    }

    pub fn code(&self) -> c_int {
        self.0[2]
    }

    pub fn pid(&self) -> usize {
        self.0[Self::UNION] as usize
    }

    /// Of a child.
    pub fn status(&self) -> c_int {
        self.0[Self::UNION + 2]
    }

    /// The low half of the value that rt_sigqueueinfo sent, or all of it on a 32-bit ABI.
    pub fn value(&self) -> c_int {
        self.0[Self::UNION + 2]
    }

    /// What rt_sigqueueinfo sends.
    pub fn queued(signal: c_int, value: c_int) -> Self {
        let mut info = Self::default();
        info.0[0] = signal;
        info.0[2] = SI_QUEUE;
        info.0[Self::UNION + 2] = value;
        info
    }
}

/// The name of the machine that uname tells, or how it begins.
pub const MACHINES: &[&str] = if cfg!(target_arch = "x86_64") {
    &["x86_64"]
} else if cfg!(target_arch = "x86") {
    // A 64-bit kernel names itself.
    &["i386", "i486", "i586", "i686", "x86_64"]
} else if cfg!(target_arch = "arm") {
    &["arm", "aarch64"]
} else if cfg!(target_arch = "aarch64") {
    &["aarch64"]
} else {
    &["riscv64", "riscv32"]
};

/// What goes with a command of System V IPC: arm's calls have an older struct without it (`sys_old_semctl` and its kin).
pub const IPC_VERSION: c_int = if cfg!(target_arch = "arm") { IPC_64 } else { 0 };
