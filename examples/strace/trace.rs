//! The loop: waits for the tracees, prints what each does, and lets it go on.

use crate::{
    answer::Answer, decode::Shown, memory::Memory, options::Options, output::Output, signal, summary::Summary,
};
use alloc::{format, string::String, vec::Vec};
use core::{
    mem::MaybeUninit,
    sync::atomic::{AtomicI32, Ordering::Relaxed},
};
use ring3::{
    Errno, Pid, Result, WaitStatus,
    abi::{self, Abi},
    consts::{PtraceEvent, PtraceSyscallInfo, Sig, Wait},
    eprintln, sys, uapi,
};

/// The signal that has asked the tracer to end, or 0.
pub static ASKED: AtomicI32 = AtomicI32::new(0);

/// A thread that is traced.
struct Thread {
    pid: Pid,
    /// The call that it is in.
    call: Option<Pending>,
    /// The time that the kernel has worked for it, in microseconds.
    time: u64,
}

/// A call that has begun.
struct Pending {
    shown: Shown,
    memory: Memory,
    /// Whether its beginning was printed.
    printed: bool,
    /// The thread's time when it began.
    time: u64,
}

pub struct Tracer {
    options: Options,
    output: Output,
    summary: Summary,
    threads: Vec<Thread>,
    /// The program that was started, and how it has ended.
    program: Option<Pid>,
    ended: Option<WaitStatus>,
    /// Until the program's execve, nothing that its process does is its own.
    hidden: bool,
}

impl Tracer {
    pub fn new(options: Options, output: Output, program: Option<Pid>) -> Self {
        let hidden = program.is_some();
        Self {
            options,
            output,
            summary: Summary::default(),
            threads: Vec::new(),
            program,
            ended: None,
            hidden,
        }
    }

    pub fn add(&mut self, pid: Pid) {
        if self.place(pid).is_none() {
            self.threads.push(Thread { pid, call: None, time: 0 });
        }
    }

    fn place(&self, pid: Pid) -> Option<usize> {
        self.threads.iter().position(|thread| thread.pid == pid)
    }

    fn several(&self) -> bool {
        self.threads.len() > 1
    }

    fn prints(&self) -> bool {
        !self.options.count && !self.hidden
    }

    /// Follows the tracees to their end. Gives how the program has ended, if one was started.
    pub fn run(mut self) -> Result<Option<WaitStatus>> {
        while !self.threads.is_empty() {
            if ASKED.load(Relaxed) != 0 {
                self.leave();
                break;
            }
            let mut usage = MaybeUninit::<uapi::rusage>::zeroed();
            // SAFETY: zeros are such a struct, which is numbers alone.
            let usage = unsafe { usage.assume_init_mut() };
            match sys::wait4(ring3::WaitPid::ANY, Wait::ALL, Some(usage)) {
                Ok(Some((pid, status))) => {
                    let time = usage.ru_stime.tv_sec as u64 * 1_000_000 + usage.ru_stime.tv_usec as u64;
                    self.event(pid, status, time)?;
                }
                Ok(None) | Err(Errno::EINTR) => {}
                Err(Errno::ECHILD) => break,
                Err(error) => return Err(error),
            }
        }
        if self.options.count {
            let table = self.summary.table();
            self.output.plain(&table);
        }
        Ok(self.ended)
    }

    fn event(&mut self, pid: Pid, status: WaitStatus, time: u64) -> Result<()> {
        if self.place(pid).is_none() && status.stop_signal().is_some() {
            self.add(pid);
            if self.options.follow && self.options.file.is_none() && !self.options.count {
                eprintln!("strace: Process {} attached", pid.as_raw());
            }
        }
        let Some(place) = self.place(pid) else { return Ok(()) };
        self.threads[place].time = time;
        let Some(signal) = status.stop_signal() else {
            self.ended(place, status);
            return Ok(());
        };
        // The event stands above the signal.
        match self.stopped(place, signal & 0xff, signal >> 8) {
            // Another thread has killed it while it stood: its end is the next that is heard of it.
            Err(Errno::ESRCH) => Ok(()),
            result => result,
        }
    }

    fn stopped(&mut self, place: usize, signal: i32, event: i32) -> Result<()> {
        let pid = self.threads[place].pid;
        let event = PtraceEvent::new(event);
        match event {
            PtraceEvent::STOP => {
                let stops = [Sig::STOP, Sig::TSTP, Sig::TTIN, Sig::TTOU].contains(&Sig::new(signal));
                if stops {
                    if self.prints() {
                        let text = format!("--- stopped by {} ---", crate::sets::signal_name(signal));
                        self.output.line(pid, self.several(), &text);
                    }
                    return sys::ptrace::listen(pid);
                }
            }
            PtraceEvent::EXEC => {
                let former = sys::ptrace::geteventmsg(pid)? as i32;
                self.superseded(place, former);
            }
            PtraceEvent::EXIT => self.dies(place),
            // The child reports itself.
            _ if event.raw() != 0 => {}
            _ if signal == Sig::TRAP.raw() | 0x80 => self.call(place)?,
            _ => {
                if self.prints() {
                    let info = sys::ptrace::getsiginfo(pid)?;
                    let text = format!("--- {} ---", signal::describe(pid, &info));
                    self.output.line(pid, self.several(), &text);
                }
                return sys::ptrace::syscall(pid, Some(Sig::new(signal)));
            }
        }
        sys::ptrace::syscall(pid, None)
    }

    /// A stop at the beginning or the end of a call.
    fn call(&mut self, place: usize) -> Result<()> {
        let pid = self.threads[place].pid;
        let (_, info) = sys::ptrace::get_syscall_info(pid)?;
        match PtraceSyscallInfo::new(info.op) {
            PtraceSyscallInfo::ENTRY => {
                // SAFETY: an entry is what the kernel has filled in.
                let entry = unsafe { info.anon1.entry };
                self.begin(place, abi_of(info.arch, entry.nr), entry.nr, &entry.args, info.stack_pointer);
            }
            PtraceSyscallInfo::EXIT => {
                // SAFETY: an exit is what the kernel has filled in.
                let exit = unsafe { info.anon1.exit };
                self.end(place, Answer { value: exit.rval, is_error: exit.is_error != 0 });
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, place: usize, abi: &'static Abi, number: u64, registers: &[u64; 6], stack: u64) {
        let (pid, time) = (self.threads[place].pid, self.threads[place].time);
        let memory = Memory { pid, abi };
        let (shown, text) = Shown::new(memory, number, registers, stack);
        if self.program == Some(pid) && shown.name == "execve" {
            self.hidden = false;
        }
        let wanted = self.options.filter.as_ref().is_none_or(|filter| filter.takes(shown.call));
        let printed = self.prints() && wanted;
        if printed {
            self.output.begin(pid, self.several(), &text);
        }
        self.threads[place].call =
            (wanted && !self.hidden).then_some(Pending { shown, memory, printed, time });
    }

    fn end(&mut self, place: usize, answer: Answer) {
        let Thread { pid, time, .. } = self.threads[place];
        let Some(mut pending) = self.threads[place].call.take() else { return };
        if self.options.count {
            self.summary.add(&pending.shown.name, answer.is_error, time.saturating_sub(pending.time));
        }
        if pending.printed {
            let (rest, result) = pending.shown.end(pending.memory, answer);
            self.output.resume(pid, self.several(), &pending.shown.name);
            self.output.end(&rest, &result);
        }
    }

    /// The thread is about to end in the call that it is in.
    fn dies(&mut self, place: usize) {
        let pid = self.threads[place].pid;
        let Some(pending) = self.threads[place].call.take() else { return };
        if self.options.count {
            self.summary.add(&pending.shown.name, false, 0);
        }
        if pending.printed {
            self.output.resume(pid, self.several(), &pending.shown.name);
            let rest = if pending.shown.is_whole() { "" } else { " <unfinished ...>" };
            self.output.end(rest, "?");
        }
    }

    /// A thread's execve has ended all others, and made it the first of its process.
    fn superseded(&mut self, place: usize, former: i32) {
        let pid = self.threads[place].pid;
        let Some(other) =
            Pid::new(former).filter(|former| *former != pid).and_then(|former| self.place(former))
        else {
            return;
        };
        if self.prints() {
            let text = format!("+++ superseded by execve in pid {former} +++");
            self.output.line(pid, self.several(), &text);
        }
        let call = self.threads[other].call.take();
        self.threads[place].call = call;
        self.threads.remove(other);
    }

    fn ended(&mut self, place: usize, status: WaitStatus) {
        let pid = self.threads[place].pid;
        if self.prints() {
            let text = match (status.exit_code(), status.term_signal()) {
                (Some(code), _) => format!("+++ exited with {code} +++"),
                (_, Some(signal)) => {
                    let core = if status.core_dumped() { " (core dumped)" } else { "" };
                    format!("+++ killed by {}{core} +++", crate::sets::signal_name(signal))
                }
                _ => String::from("+++ ended +++"),
            };
            self.output.line(pid, self.several(), &text);
        }
        if self.program == Some(pid) {
            self.ended = Some(status);
        }
        self.threads.remove(place);
    }

    /// Lets all tracees go: the kernel does that itself when the tracer ends. The program that was started gets the signal that the tracer got.
    fn leave(&mut self) {
        self.output.leave();
        let asked = Sig::new(ASKED.load(Relaxed));
        for Thread { pid, .. } in &self.threads {
            if self.program == Some(*pid) {
                let _ = sys::kill((*pid).into(), Some(asked));
            } else if self.options.file.is_none() {
                eprintln!("strace: Process {} detached", pid.as_raw());
            }
        }
    }
}

/// The ABI of a call: one machine's ABIs differ by what audit calls them, x32 by its numbers.
fn abi_of(audit: u32, number: u64) -> &'static Abi {
    let base = |abi: &Abi| u64::from(abi.number_base());
    let mut same: Vec<_> = abi::ALL.iter().copied().filter(|abi| abi.audit_arch() == audit).collect();
    same.sort_by_key(|abi| core::cmp::Reverse(base(abi)));
    same.into_iter().find(|abi| number >= base(abi)).unwrap_or(Abi::native())
}
