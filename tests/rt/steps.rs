//! How many instructions a program runs, from the kernel's jump into it to its last call.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::ptr::null_mut;

/// Runs a program step by step and counts the steps.
pub fn count(program: &Path) -> usize {
    let mut command = Command::new(program);
    command.stdout(Stdio::null());
    let trace = || {
        // SAFETY: a call without pointers.
        let traced = unsafe { libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0) };
        if traced == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    };
    // SAFETY: the closure makes one call.
    let mut child = unsafe { command.pre_exec(trace) }.spawn().unwrap();
    let pid = child.id().cast_signed();
    let mut steps = 0;
    let code = loop {
        let mut status = 0;
        // SAFETY: the status is written to a place of its own.
        assert_eq!(unsafe { libc::waitpid(pid, &raw mut status, 0) }, pid);
        if libc::WIFEXITED(status) {
            break libc::WEXITSTATUS(status);
        }
        assert!(libc::WIFSTOPPED(status) && libc::WSTOPSIG(status) == libc::SIGTRAP, "{status:#x}");
        // SAFETY: the child is stopped, and ptrace reads nothing of this process.
        assert_eq!(
            unsafe { libc::ptrace(libc::PTRACE_SINGLESTEP, pid, null_mut::<u8>(), null_mut::<u8>()) },
            0
        );
        steps += 1;
    };
    // It has been waited for, which std does not know.
    let _ = child.wait();
    assert_eq!(code, 0);
    steps
}
