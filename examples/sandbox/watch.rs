//! The parent: sees what becomes of the program and its children, by ptrace.
//!
//! The filter confines them, whatever this process does. Watching tells the name of a refused call, which a trap brings as the information of a SIGSYS, sees to it that the
//! process ends, which could handle the signal, and sees the calls that are learned.

use crate::{
    FAILED, UNSTARTED, error,
    names::{NATIVE, Numbers},
    options::Options,
};
use ring3::{
    Errno, Pid, Result, WaitPid, WaitStatus,
    consts::{PtraceEvent, PtraceO, PtraceSyscallInfo, Sig, Wait},
    eprintln, io,
    sys::{self, ptrace},
};

/// Exit codes, as a shell has them.
const NOT_EXECUTABLE: i32 = 126;
const NOT_FOUND: i32 = 127;
const SIGNAL: i32 = 128;
/// What PTRACE_O_TRACESYSGOOD adds to SIGTRAP where a call stops a process.
const GOOD: i32 = 0x80;

pub struct Watch<'a> {
    options: &'a Options,
    child: Pid,
    /// Whether the program runs; before, the child is its starter.
    runs: bool,
    learned: Numbers,
    /// The AUDIT_ARCH of another ABI that calls were made by.
    other: Option<u32>,
}

impl<'a> Watch<'a> {
    /// Watches the child, and whomever it makes. They end when this process ends.
    pub fn new(child: Pid, options: &'a Options) -> Result<Self> {
        let children = PtraceO::TRACEFORK | PtraceO::TRACEVFORK | PtraceO::TRACECLONE;
        ptrace::seize(child, children | PtraceO::TRACEEXEC | PtraceO::TRACESYSGOOD | PtraceO::EXITKILL)?;
        Ok(Self { options, child, runs: false, learned: Numbers::new(), other: None })
    }

    /// Until all have ended; gives the code to end with.
    pub fn run(&mut self) -> Result<i32> {
        let mut code = NOT_FOUND;
        loop {
            let (pid, status) = match sys::waitpid(WaitPid::ANY, Wait::ALL) {
                Ok(Some(event)) => event,
                Ok(None) | Err(Errno::EINTR) => continue,
                Err(Errno::ECHILD) => break,
                Err(error) => return Err(error),
            };
            match status.stop_signal() {
                // Whoever has been killed meanwhile is not there to go on.
                Some(stop) => match self.stopped(pid, stop) {
                    Ok(()) | Err(Errno::ESRCH) => {}
                    Err(error) => return Err(error),
                },
                None if pid == self.child => code = self.ended(status),
                None => {}
            }
        }
        if self.options.learn && self.runs {
            self.tell()?;
        }
        Ok(code)
    }

    /// Lets a stopped process go on.
    fn stopped(&mut self, pid: Pid, stop: i32) -> Result<()> {
        let signal = Sig::new(stop & 0xff);
        match PtraceEvent::new(stop >> 8) {
            PtraceEvent::EXEC if pid == self.child => self.runs = true,
            PtraceEvent::STOP => match signal {
                // They stop all of a process until SIGCONT, and do so here.
                Sig::STOP | Sig::TSTP | Sig::TTIN | Sig::TTOU => return ptrace::listen(pid),
                _ => {}
            },
            event if event.raw() != 0 => {}
            _ if signal.raw() == Sig::TRAP.raw() | GOOD => {
                if self.options.learn {
                    self.learn(pid)?;
                } else {
                    // It was to end, and has a handler that keeps it from that.
                    return sys::kill(pid.into(), Some(Sig::KILL)).and_then(|()| ptrace::cont(pid, None));
                }
            }
            _ => {
                let refused = if signal == Sig::SYS && self.options.allow.is_some() {
                    ptrace::getsiginfo(pid)?.refused_call()
                } else {
                    None
                };
                if let Some((number, arch)) = refused {
                    report(pid, number.cast_unsigned(), arch);
                    // The signal ends it. If it does not, the next call is where it is seen again.
                    return ptrace::syscall(pid, Some(signal));
                }
                return self.go_on(pid, Some(signal));
            }
        }
        self.go_on(pid, None)
    }

    fn go_on(&self, pid: Pid, signal: Option<Sig>) -> Result<()> {
        if self.options.learn { ptrace::syscall(pid, signal) } else { ptrace::cont(pid, signal) }
    }

    /// Notes a call, where it begins.
    fn learn(&mut self, pid: Pid) -> Result<()> {
        let (_, info) = ptrace::get_syscall_info(pid)?;
        if info.op != PtraceSyscallInfo::ENTRY.raw() {
            return Ok(());
        }
        if info.arch == NATIVE.audit_arch() {
            // SAFETY: the stop is one where a call begins, and the kernel has filled in what belongs to that.
            let number = unsafe { info.anon1.entry.nr };
            self.learned.insert(number as u32);
        } else {
            self.other = Some(info.arch);
        }
        Ok(())
    }

    /// Writes what was learned: on standard error, for standard output is the program's.
    fn tell(&self) -> Result<()> {
        let mut out = io::Writer::<_, 1024>::new(ring3::STDERR);
        let mut separator = "--allow ";
        for &number in self.learned.as_slice() {
            match NATIVE.by_number(number) {
                Some(call) => write!(out, "{separator}{}", call.name())?,
                // Nobody makes it for real.
                None => continue,
            }
            separator = ",";
        }
        writeln!(out)?;
        out.flush()?;
        if let Some(arch) = self.other {
            eprintln!(
                "sandbox: calls of another ABI (AUDIT_ARCH {arch:#x}) were made, which --allow refuses"
            );
        }
        Ok(())
    }

    /// What the child's end means for this one.
    fn ended(&self, status: WaitStatus) -> i32 {
        match (status.term_signal(), status.exit_code()) {
            (Some(signal), _) => SIGNAL + signal,
            (None, Some(code)) if self.runs => code.into(),
            (None, None) => FAILED,
            (None, Some(code)) if i32::from(code) == UNSTARTED => FAILED,
            (None, Some(code)) => {
                let error = error(code);
                eprintln!("sandbox: {}: {error}", self.options.program.to_bytes().escape_ascii());
                if error == Errno::ENOENT { NOT_FOUND } else { NOT_EXECUTABLE }
            }
        }
    }
}

fn report(pid: Pid, number: u32, arch: u32) {
    let pid = pid.as_raw();
    if arch != NATIVE.audit_arch() {
        eprintln!(
            "sandbox: call {number} of another ABI (AUDIT_ARCH {arch:#x}) is not allowed; process {pid} ends"
        );
    } else if let Some(call) = NATIVE.by_number(number) {
        eprintln!("sandbox: {} is not allowed; process {pid} ends", call.name());
    } else {
        eprintln!("sandbox: call {number:#x} is not allowed; process {pid} ends");
    }
}
