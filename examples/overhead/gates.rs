//! The instructions that make a call, and what else the kernel takes for one.

pub use machine::{TRAP, others};

#[cfg(target_arch = "x86_64")]
mod machine {
    use crate::measure::{Lack, Subject, repeat};
    use core::{mem, ptr};
    use ring3::{arch::int80, retry, sys};

    pub const TRAP: &str = "getppid, syscall";
    /// i386's number.
    const GETPPID: u32 = 64;

    /// Where the kernel's page of the first x86_64 has its time(2); the place is a part of the ABI (Documentation/arch/x86/x86_64/mm.rst). The kernel lets the program fault
    /// there today, and takes that for a call.
    const TIME: usize = 0xffff_ffff_ff60_0400;

    fn by_gate(times: u32) {
        // SAFETY: it touches no memory.
        repeat(times, || unsafe { int80::syscall0(GETPPID) });
    }

    fn by_page(times: u32) {
        // SAFETY: what is there has this type; it writes nothing for a null. Where nothing is there, it is called by a child alone.
        let time = unsafe {
            mem::transmute::<*const (), unsafe extern "C" fn(*mut i64) -> i64>(ptr::without_provenance(TIME))
        };
        // SAFETY: as above.
        repeat(times, || unsafe { time(ptr::null_mut()) });
    }

    /// i386's gate, and the page: the kernel may have closed either.
    pub fn others() -> [Option<Subject<'static>>; 2] {
        let gate = has(by_gate, "this kernel has no i386 calls");
        let page = has(by_page, "this kernel has no vsyscall page");
        [
            Some(Subject::new("getppid, int 0x80", gate, &by_gate)),
            Some(Subject::new("time, vsyscall page", page, &by_page)),
        ]
    }

    /// Lets a child try: a kernel without it ends it by a signal.
    fn has(work: fn(u32), reason: &'static str) -> Result<(), Lack> {
        // SAFETY: one thread, and the child makes two calls.
        let Some(child) = (unsafe { sys::fork() }).map_err(Lack::Error)? else {
            work(1);
            sys::exit_group(0)
        };
        let ended =
            retry(|| sys::waitpid(child.into(), ring3::consts::Wait::empty())).map_err(Lack::Error)?;
        match ended.and_then(|(_, status)| status.exit_code()) {
            Some(0) => Ok(()),
            _ => Err(Lack::Because(reason)),
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
    pub fn others() -> [Option<Subject<'static>>; 2] {
        [Some(Subject::new("getppid, __kernel_vsyscall", Ok(()), &by_other)), None]
    }
}

#[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
mod machine {
    use crate::measure::Subject;

    #[cfg(any(target_arch = "arm", target_arch = "aarch64"))]
    pub const TRAP: &str = "getppid, svc";
    #[cfg(not(any(target_arch = "arm", target_arch = "aarch64")))]
    pub const TRAP: &str = "getppid, ecall";

    pub fn others() -> [Option<Subject<'static>>; 2] {
        [None, None]
    }
}
