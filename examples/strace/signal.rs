//! What is known of a signal, in strace's words.

use crate::{
    memory::Memory,
    sets::{constant, signal_name},
    structs::Compound,
    text,
};
use alloc::{format, string::String};
use core::{fmt::Write as _, ptr};
use ring3::{
    Pid,
    abi::{Abi, Set},
    consts::{Si, Sig},
    uapi,
};

/// Codes that say what a signal is about, by signal; those of any are `Si`.
const CODES: [(i32, i32, &str); 11] = [
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
pub fn describe(pid: Pid, info: &uapi::siginfo) -> String {
    let mut out = signal_name(info.signal().raw());
    out.push(' ');
    // SAFETY: the kernel has filled in all of it, and any bytes are numbers.
    let bytes = unsafe { core::slice::from_raw_parts(ptr::from_ref(info).cast(), size_of_val(info)) };
    let memory = Memory { pid, abi: Abi::native() };
    details(&mut out, &Compound { memory, name: "siginfo", bytes, writes: true });
    out
}

/// `{si_signo=SIGCHLD, ...}`.
pub fn details(out: &mut String, it: &Compound<'_>) {
    let Some(info) = it.inner("anon1").and_then(|it| it.inner("anon1")) else { return };
    let get = |it: &Compound<'_>, name: &str| it.get(name).unwrap_or(0);
    let (number, code) = (get(&info, "si_signo") as i32, get(&info, "si_code") as i32);
    if number == 0 {
        return out.push_str("{}");
    }
    let _ = write!(out, "{{si_signo={}, si_code=", signal_name(number));
    let child = number == Sig::CHLD.raw() && code > 0;
    let sent = Abi::native().set("Si").into_iter().flat_map(Set::entries);
    let sent = sent.map(|(name, known)| (number, known as i32, name));
    match CODES.into_iter().chain(sent).find(|(signal, known, _)| (*signal, *known) == (number, code)) {
        _ if child => constant(out, Abi::native(), "Cld", code as u64),
        Some((_, _, name)) => out.push_str(name),
        None => {
            let _ = write!(out, "{code:#x}");
        }
    }
    let part = |name: &str| info.inner("_sifields").and_then(|fields| fields.inner(name));
    let (kill, child_part) = (part("_kill"), part("_sigchld").filter(|_| child));
    let fault = [Sig::ILL, Sig::FPE, Sig::SEGV, Sig::BUS].contains(&Sig::new(number)) && code > 0;
    if let Some(fault) = part("_sigfault").filter(|_| fault) {
        out.push_str(", si_addr=");
        text::address(out, get(&fault, "_addr"));
    } else if let Some(timer) = part("_timer").filter(|_| code == Si::TIMER.raw()) {
        let (timer, overrun) = (get(&timer, "_tid"), get(&timer, "_overrun"));
        out.push_str(", si_timerid=");
        text::hex(out, timer);
        let _ = write!(out, ", si_overrun={overrun}");
    } else if let Some(kill) = kill.filter(|kill| code != Si::KERNEL.raw() || get(kill, "_pid") != 0) {
        let _ = write!(out, ", si_pid={}, si_uid={}", get(&kill, "_pid") as i32, get(&kill, "_uid") as u32);
    }
    if let Some(child) = child_part {
        let status = get(&child, "_status") as i32;
        // CLD_EXITED has the exit status, the others a signal.
        let status = if code == 1 { format!("{status}") } else { signal_name(status) };
        let _ = write!(out, ", si_status={status}");
        for (name, field) in [("si_utime", "_utime"), ("si_stime", "_stime")] {
            let _ = write!(out, ", {name}=");
            text::ticks(out, get(&child, field) as i64);
        }
    }
    let brings = [Si::QUEUE, Si::TIMER, Si::MESGQ].contains(&Si::new(code));
    if let Some(value) = part("_rt").filter(|_| brings).and_then(|rt| rt.inner("_sigval")) {
        let (number, pointer) = (get(&value, "sival_int") as i32, get(&value, "sival_ptr"));
        if pointer != 0 || code == Si::TIMER.raw() {
            let _ = write!(out, ", si_int={number}, si_ptr=");
            text::address(out, pointer);
        }
    }
    out.push('}');
}
