//! `ptrace`, on a child.

use super::*;
use ring3::{
    KillPid, Pid, WaitPid,
    consts::{PtraceEvent, PtraceO, Sig, Wait},
};

checks! { "sys::tracing":
    refused, memory (emulator: "there is no ptrace"), calls (emulator: "there is no ptrace"), registers (emulator: "there is no ptrace"),
    signals_and_masks (emulator: "there is no ptrace"), attaching (privileged), seizing (privileged), events (emulator: "there is no ptrace"),
}

fn nobody() -> Pid {
    Pid::new(0x3fff_ffff).unwrap_or(Pid::INIT)
}

fn refused(run: &Run) -> Outcome {
    let mut word = 0usize;
    fails!(run, ESRCH, ptrace::attach(nobody()));
    fails!(run, ESRCH, ptrace::seize(nobody(), PtraceO::empty()));
    fails!(run, ESRCH, ptrace::cont(nobody(), None));
    fails!(run, ESRCH, ptrace::peekdata(nobody(), 0));
    fails!(run, ESRCH, ptrace::getregset(nobody(), 1, &mut [0u8; 16]));
    fails!(run, ESRCH, ptrace::setoptions(nobody(), PtraceO::empty()));
    fails!(run, ESRCH, ptrace::getsiginfo(nobody()));
    fails!(run, ESRCH, ptrace::detach(nobody(), None));
    fails!(run, ESRCH, ptrace(ring3::consts::Ptrace::CONT, nobody().as_raw(), 0, &raw mut word));
    Ok(())
}

/// The signal that has stopped a tracee, with an event above it.
fn stopped(run: &Run, pid: Pid) -> Result<Option<i32>, Failure> {
    let status = ok!(run, wait4(WaitPid::process(pid), Wait::from_bits_retain(0x4000_0000), None));
    Ok(status.and_then(|(_, status)| status.stop_signal()))
}

/// A child that is traced, has stopped itself, and goes on to make calls.
fn tracee(run: &Run) -> Result<Pid, Failure> {
    let pid = processes::spawn(run, |run| {
        if call!(run, ptrace::traceme()).is_err() {
            return 1;
        }
        let own = value!(run, getpid());
        let _ = call!(run, kill(KillPid::process(own), Some(Sig::STOP)));
        let _ = call!(run, getpgid(Some(own)));
        77
    })?;
    same!(run, stopped(run, pid)?, Some(Sig::STOP.raw()));
    ok!(run, ptrace::setoptions(pid, PtraceO::TRACESYSGOOD | PtraceO::EXITKILL));
    Ok(pid)
}

fn ends(run: &Run, pid: Pid) -> Outcome {
    let status = ok!(run, wait4(WaitPid::process(pid), Wait::empty(), None));
    same!(run, status.map(|(_, status)| status.exit_code()), Some(Some(77)));
    Ok(())
}

static WORDS: [usize; 2] = [0x1234_5678, 0x0bcd_ef01];

fn memory(run: &Run) -> Outcome {
    let pid = tracee(run)?;
    let address = (&raw const WORDS).expose_provenance();
    same!(run, ok!(run, ptrace::peekdata(pid, address + size_of::<usize>())), WORDS[1]);
    ok!(run, ptrace::pokedata(pid, address, 77));
    same!(run, ok!(run, ptrace::peekdata(pid, address)), 77);
    fails!(run, EIO, ptrace::peekdata(pid, 8));
    fails!(run, EIO, ptrace::pokedata(pid, 8, 0));
    // The child's alone.
    same!(run, core::hint::black_box(&WORDS)[0], 0x1234_5678);
    ok!(run, ptrace::cont(pid, None));
    ends(run, pid)
}

fn calls(run: &Run) -> Outcome {
    let pid = tracee(run)?;
    /// `PTRACE_SYSCALL_INFO_ENTRY`, `_EXIT`
    const ENTRY: u8 = 1;
    const EXIT: u8 = 2;
    for expected in [ENTRY, EXIT] {
        ok!(run, ptrace::syscall(pid, None));
        same!(run, stopped(run, pid)?, Some(Sig::TRAP.raw() | 0x80));
        let (length, info) = ok!(run, ptrace::get_syscall_info(pid));
        same!(run, (length >= 24, info.op), (true, expected));
        if info.op == ENTRY {
            // SAFETY: on the way in it is this one.
            let entry = unsafe { info.anon1.entry };
            same!(run, entry.nr, ring3::Sysno::GETPGID.number().into());
        }
    }
    ok!(run, ptrace::detach(pid, None));
    ends(run, pid)
}

fn registers(run: &Run) -> Outcome {
    const NT_PRSTATUS: u32 = 1;
    let pid = tracee(run)?;
    let mut bytes = [0u8; 1024];
    let length = ok!(run, ptrace::getregset(pid, NT_PRSTATUS, &mut bytes));
    holds!(
        run,
        length > size_of::<[usize; 8]>() && length < 1024 && bytes[..length].iter().any(|byte| *byte != 0)
    );
    same!(run, ok!(run, ptrace::setregset(pid, NT_PRSTATUS, &bytes[..length])), length);
    fails!(run, EINVAL, ptrace::getregset(pid, 0x7777, &mut bytes));
    fails!(run, EINVAL, ptrace::setregset(pid, 0x7777, &bytes[..length]));
    let user = call!(run, ptrace::peekuser(pid, 0));
    same!(run, user.is_ok(), cfg!(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm")));
    if let Ok(word) = user {
        ok!(run, ptrace::pokeuser(pid, 0, word));
    } else {
        fails!(run, EIO, ptrace::pokeuser(pid, 0, 0));
    }
    match call!(run, ptrace::singlestep(pid, None)) {
        Ok(()) => same!(run, stopped(run, pid)?, Some(Sig::TRAP.raw())),
        // arm and riscv have no such thing.
        result => same!(run, result, Err(Errno::EIO)),
    }
    ok!(run, ptrace::cont(pid, None));
    ends(run, pid)
}

fn signals_and_masks(run: &Run) -> Outcome {
    let pid = tracee(run)?;
    let info = ok!(run, ptrace::getsiginfo(pid));
    same!(run, signals::words(&info)[0], Sig::STOP.raw());
    ok!(run, ptrace::setsiginfo(pid, &info));
    let mask = signals::set_of(&[Sig::USR1]);
    ok!(run, ptrace::setsigmask(pid, &mask));
    same!(run, ok!(run, ptrace::getsigmask(pid)).sig, mask.sig);
    // Blocked, it does not end the child.
    ok!(run, kill(KillPid::process(pid), Some(Sig::USR1)));
    ok!(run, ptrace::cont(pid, None));
    ends(run, pid)
}

fn attaching(run: &Run) -> Outcome {
    let pid = processes::spawn(run, processes::wait_forever)?;
    let attached = call!(run, ptrace::attach(pid));
    if attached.is_ok() {
        same!(run, stopped(run, pid)?, Some(Sig::STOP.raw()));
        // It is traced already.
        fails!(run, EPERM, ptrace::attach(pid));
        ok!(run, ptrace::detach(pid, None));
    }
    ok!(run, kill(KillPid::process(pid), Some(Sig::KILL)));
    ok!(run, wait4(WaitPid::process(pid), Wait::empty(), None));
    attached.map_err(|errno| Failure::Refused("ptrace::attach", errno))
}

fn seizing(run: &Run) -> Outcome {
    let pid = processes::spawn(run, processes::wait_forever)?;
    let seized = call!(run, ptrace::seize(pid, PtraceO::EXITKILL));
    if seized.is_ok() {
        ok!(run, ptrace::interrupt(pid));
        same!(run, stopped(run, pid)?, Some(Sig::TRAP.raw() | PtraceEvent::STOP.raw() << 8));
        ok!(run, ptrace::listen(pid));
        ok!(run, ptrace::kill(pid));
    }
    ok!(run, kill(KillPid::process(pid), Some(Sig::KILL)));
    let status = ok!(run, wait4(WaitPid::process(pid), Wait::empty(), None));
    same!(run, status.map(|(_, status)| status.term_signal()), Some(Some(9)));
    seized.map_err(|errno| Failure::Refused("ptrace::seize", errno))
}

/// The end of the child is told before it has ended, with its code.
fn events(run: &Run) -> Outcome {
    let pid = tracee(run)?;
    // It was not seized.
    fails!(run, EIO, ptrace::interrupt(pid));
    fails!(run, EIO, ptrace::listen(pid));
    fails!(run, EINVAL, ptrace::setoptions(pid, PtraceO::from_bits_retain(1 << 30)));
    ok!(run, ptrace::setoptions(pid, PtraceO::TRACEEXIT));
    ok!(run, ptrace::cont(pid, None));
    same!(run, stopped(run, pid)?, Some(Sig::TRAP.raw() | PtraceEvent::EXIT.raw() << 8));
    same!(run, ok!(run, ptrace::geteventmsg(pid)), 77 << 8);
    ok!(run, ptrace::cont(pid, None));
    ends(run, pid)
}
