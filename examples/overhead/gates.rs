//! The instructions that make a call.

pub use machine::{OTHER, TRAP, by_other, has_other};

#[cfg(target_arch = "x86_64")]
mod machine {
    use crate::measure::{Lack, repeat};
    use ring3::{arch::int80, retry, sys};

    pub const TRAP: &str = "getppid, syscall";
    pub const OTHER: &str = "getppid, int 0x80";
    /// i386's number.
    const GETPPID: u32 = 64;

    pub fn by_other(times: u32) {
        // SAFETY: it touches no memory.
        repeat(times, || unsafe { int80::syscall0(GETPPID) });
    }

    /// Lets a child try: a kernel without i386's calls ends it by a signal.
    pub fn has_other() -> Result<(), Lack> {
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
    use crate::measure::{Lack, repeat};
    use ring3::{Sysno, arch::vsyscall};

    pub const TRAP: &str = "getppid, int 0x80";
    pub const OTHER: &str = "getppid, __kernel_vsyscall";

    pub fn by_other(times: u32) {
        // SAFETY: it touches no memory.
        repeat(times, || unsafe { vsyscall::syscall0(Sysno::GETPPID.number()) });
    }

    /// Where the kernel has no such function, it is `int 0x80` once more.
    pub fn has_other() -> Result<(), Lack> {
        Ok(())
    }
}

#[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
mod machine {
    use crate::measure::Lack;

    #[cfg(any(target_arch = "arm", target_arch = "aarch64"))]
    pub const TRAP: &str = "getppid, svc";
    #[cfg(not(any(target_arch = "arm", target_arch = "aarch64")))]
    pub const TRAP: &str = "getppid, ecall";
    pub const OTHER: &str = "";

    pub fn by_other(_: u32) {}

    pub fn has_other() -> Result<(), Lack> {
        Err(Lack::Foreign)
    }
}
