//! What is known of a signal.

use crate::{
    WaitStatus,
    consts::{Cld, Si, Sig},
    ids::{Pid, Uid},
    uapi::{siginfo, siginfo_anon1_anon1},
};
use core::ffi::{c_int, c_uint, c_void};

impl siginfo {
    #[inline]
    fn fields(&self) -> &siginfo_anon1_anon1 {
        // SAFETY: a `siginfo` is made by the kernel or of zeros, and either is 128 bytes of numbers and addresses.
        unsafe { &self.anon1.anon1 }
    }

    /// Which signal it is.
    #[must_use]
    #[inline]
    pub fn signal(&self) -> Sig {
        Sig::new(self.fields().si_signo)
    }

    /// Who sent it, if that was a process or the kernel on behalf of one: [`Si`]. Above 0 it says what has happened, in a way of the signal's own:
    /// [`Cld`] for `SIGCHLD`.
    #[must_use]
    #[inline]
    pub fn code(&self) -> c_int {
        self.fields().si_code
    }

    /// The error that comes with it; mostly 0.
    #[must_use]
    #[inline]
    pub fn errno(&self) -> c_int {
        self.fields().si_errno
    }

    /// Whether the processor has raised it, at an instruction of the thread's own, so that the fields of a fault are there.
    #[inline]
    fn is_fault(&self) -> bool {
        let raised = matches!(self.signal(), Sig::SEGV | Sig::BUS | Sig::ILL | Sig::FPE | Sig::TRAP);
        raised && self.code() > 0 && self.code() != Si::KERNEL.raw()
    }

    /// The address that a fault is about: of the memory for `SIGSEGV` and `SIGBUS`, of the instruction for `SIGILL` and `SIGFPE`.
    ///
    /// None for another signal, for one that a process has sent, and where the processor does not tell.
    #[must_use]
    #[inline]
    pub fn fault_address(&self) -> Option<*mut c_void> {
        // SAFETY: as above.
        self.is_fault().then(|| unsafe { self.fields()._sifields._sigfault._addr })
    }

    /// Whether a process stands behind it, as the sender or as the child that it is about.
    #[inline]
    fn has_process(&self) -> bool {
        match Si::new(self.code()) {
            Si::USER | Si::QUEUE | Si::TKILL | Si::MESGQ => true,
            _ => self.signal() == Sig::CHLD && self.code() > 0 && self.code() != Si::KERNEL.raw(),
        }
    }

    /// The process that has sent it, or the child that it is about. None also for a sender outside of the own pid namespace.
    #[must_use]
    #[inline]
    pub fn pid(&self) -> Option<Pid> {
        // SAFETY: as above.
        let pid = unsafe { self.fields()._sifields._kill._pid };
        if self.has_process() { Pid::new(pid) } else { None }
    }

    /// The user of that process.
    #[must_use]
    #[inline]
    pub fn uid(&self) -> Option<Uid> {
        // SAFETY: as above.
        self.has_process().then(|| Uid::from_raw(unsafe { self.fields()._sifields._kill._uid }))
    }

    /// The word that came with it, of `sigqueue`, of a timer or of a message queue. It is a number: what it points to is for the
    /// program to know.
    #[must_use]
    #[inline]
    pub fn value(&self) -> Option<usize> {
        // SAFETY: as above; a pointer may be looked at as a number.
        match Si::new(self.code()) {
            Si::QUEUE | Si::MESGQ => Some(unsafe { self.fields()._sifields._rt._sigval.sival_ptr.addr() }),
            // SAFETY: as above.
            Si::TIMER => Some(unsafe { self.fields()._sifields._timer._sigval.sival_ptr.addr() }),
            _ => None,
        }
    }

    /// The number of a call that was not made, and its `AUDIT_ARCH_*`: of the `SIGSYS` by which a filter of seccomp refuses a call (`SECCOMP_RET_TRAP`).
    #[must_use]
    #[inline]
    pub fn refused_call(&self) -> Option<(c_int, c_uint)> {
        const SYS_SECCOMP: c_int = 1;
        let refused = self.signal() == Sig::SYS && self.code() == SYS_SECCOMP;
        // SAFETY: as above.
        let call = unsafe { &self.fields()._sifields._sigsys };
        refused.then_some((call._syscall, call._arch))
    }

    /// How a child has ended, stopped or gone on: of `SIGCHLD`, and of what [`sys::waitid`](crate::sys::waitid()) gives.
    #[must_use]
    #[inline]
    pub fn wait_status(&self) -> Option<WaitStatus> {
        if self.signal() != Sig::CHLD {
            return None;
        }
        // SAFETY: as above.
        let status = unsafe { self.fields()._sifields._sigchld._status };
        Some(WaitStatus::from_raw(match Cld::new(self.code()) {
            Cld::EXITED => (status & 0xff) << 8,
            Cld::KILLED => status & 0x7f,
            Cld::DUMPED => status & 0x7f | 0x80,
            Cld::TRAPPED | Cld::STOPPED => status << 8 | 0x7f,
            Cld::CONTINUED => 0xffff,
            _ => return None,
        }))
    }
}
