//! What is known of a signal, in strace's words.

use crate::text::{constant, signal_name};
use alloc::{format, string::String};
use core::fmt::Write as _;
use ring3::{abi::Abi, uapi};

/// Codes that say where a signal comes from, by signal: 0 for those of any.
const CODES: [(i32, i32, &str); 17] = [
    (0, 0, "SI_USER"),
    (0, 0x80, "SI_KERNEL"),
    (0, -1, "SI_QUEUE"),
    (0, -2, "SI_TIMER"),
    (0, -3, "SI_MESGQ"),
    (0, -6, "SI_TKILL"),
    (11, 1, "SEGV_MAPERR"),
    (11, 2, "SEGV_ACCERR"),
    (8, 1, "FPE_INTDIV"),
    (4, 2, "ILL_ILLOPN"),
    (7, 1, "BUS_ADRALN"),
    (7, 2, "BUS_ADRERR"),
    (5, 1, "TRAP_BRKPT"),
    (31, 1, "SYS_SECCOMP"),
    (11, 3, "SEGV_BNDERR"),
    (11, 4, "SEGV_PKUERR"),
    (4, 1, "ILL_ILLOPC"),
];

/// `SIGCHLD {si_signo=SIGCHLD, ...}`.
pub fn describe(info: &uapi::siginfo) -> String {
    let (number, code) = (info.signal().raw(), info.code());
    let name = signal_name(number);
    let mut out = format!("{name} {{si_signo={name}, si_code=");
    let child = info.wait_status().is_some();
    match CODES.iter().find(|(signal, known, _)| *known == code && (*signal == 0 || *signal == number)) {
        _ if child => constant(&mut out, Abi::native(), "Cld", code as u64),
        Some((_, _, name)) => out.push_str(name),
        None => {
            let _ = write!(out, "{code:#x}");
        }
    }
    if let Some(pid) = info.pid() {
        let _ = write!(out, ", si_pid={}", pid.as_raw());
        if let Some(uid) = info.uid() {
            let _ = write!(out, ", si_uid={}", uid.as_raw());
        }
    }
    if child {
        // SAFETY: the kernel has filled in what SIGCHLD brings.
        let (status, user, system) = unsafe {
            let child = &info.anon1.anon1._sifields._sigchld;
            (child._status, child._utime, child._stime)
        };
        // CLD_EXITED has the exit status, the others a signal.
        let status = if code == 1 { format!("{status}") } else { signal_name(status) };
        let _ = write!(out, ", si_status={status}, si_utime={user}, si_stime={system}");
    }
    if let Some(address) = info.fault_address() {
        out.push_str(", si_addr=");
        crate::text::address(&mut out, address.addr() as u64);
    }
    out.push('}');
    out
}
