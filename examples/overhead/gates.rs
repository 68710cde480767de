//! The instructions that make a call.

pub use machine::{TRAP, other};

#[cfg(target_arch = "x86_64")]
mod machine {
    use crate::measure::{Lack, Subject, repeat};
    use ring3::{arch::int80, retry, sys};

    pub const TRAP: &str = "getppid, syscall";
    /// i386's number.
    const GETPPID: u32 = 64;

    fn by_other(times: u32) {
        // SAFETY: it touches no memory.
        repeat(times, || unsafe { int80::syscall0(GETPPID) });
    }

    /// i386's gate, which the kernel may have closed.
    pub fn other() -> Option<Subject<'static>> {
        Some(Subject::new("getppid, int 0x80", has_other(), &by_other))
    }

    /// Lets a child try: a kernel without i386's calls ends it by a signal.
    fn has_other() -> Result<(), Lack> {
        // SAFETY: one thread, and the child makes two calls.
        let Some(child) = (unsafe { sys::fork() }).map_err(Lack::Error)? else {
            by_other(1);
            sys::exit_group(0)
        };
        let ended =
            retry(|| sys::waitpid(child.into(), ring3::consts::Wait::empty())).map_err(Lack::Error)?;
        match ended.and_then(|(_, status)| status.exit_code()) {
            Some(0) => Ok(()),
            _ => Err(Lack::Because("this kernel has no i386 calls")),
        }
    }
}

#[cfg(target_arch = "x86")]
mod machine {
    use crate::measure::{Subject, repeat};
    use ring3::{Sysno, arch::vsyscall};

    pub const TRAP: &str = "getppid, int 0x80";

    fn by_other(times: u32) {
        // SAFETY: it touches no memory.
        repeat(times, || unsafe { vsyscall::syscall0(Sysno::GETPPID.number()) });
    }

    /// Where the kernel has no such function, it is `int 0x80` once more.
    pub fn other() -> Option<Subject<'static>> {
        Some(Subject::new("getppid, __kernel_vsyscall", Ok(()), &by_other))
    }
}

#[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
mod machine {
    use crate::measure::Subject;

    #[cfg(any(target_arch = "arm", target_arch = "aarch64"))]
    pub const TRAP: &str = "getppid, svc";
    #[cfg(not(any(target_arch = "arm", target_arch = "aarch64")))]
    pub const TRAP: &str = "getppid, ecall";

    pub fn other() -> Option<Subject<'static>> {
        None
    }
}
