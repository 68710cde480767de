//! ptrace(2), as far as the tracer needs it.
//!
//! Constants: the kernel's include/uapi/linux/ptrace.h, asm-generic/signal.h.

use core::ffi::{c_int, c_long};
use core::mem::{size_of, zeroed};
use ring3::uapi::{new_utsname, ptrace_syscall_info, ptrace_syscall_info_anon1_entry};
use ring3::{Arg, Errno, Result, raw};
use trace::process::{self, Event};

const PTRACE_TRACEME: c_long = 0;
const PTRACE_PEEKDATA: c_long = 2;
const PTRACE_POKEDATA: c_long = 5;
const PTRACE_SYSCALL: c_long = 24;
const PTRACE_SETOPTIONS: c_long = 0x4200;
const PTRACE_GET_SYSCALL_INFO: c_long = 0x420e;
const PTRACE_SET_SYSCALL_INFO: c_long = 0x4212;
const PTRACE_O_TRACESYSGOOD: usize = 1;
const PTRACE_O_EXITKILL: usize = 1 << 20;
const PTRACE_SYSCALL_INFO_ENTRY: u8 = 1;
const PTRACE_SYSCALL_INFO_EXIT: u8 = 2;

pub const SIGTRAP: c_int = 5;
pub const SIGKILL: c_int = 9;
pub const SIGSTOP: c_int = 19;
/// What a stop at a system call looks like under `PTRACE_O_TRACESYSGOOD`.
pub const SYSCALL_STOP: c_int = SIGTRAP | 0x80;

/// A child that this process traces.
#[derive(Clone, Copy)]
pub struct Tracee(c_int);

impl Tracee {
    /// Starts a copy of this process that runs `body`, and stops it there.
    pub fn start(body: impl FnOnce()) -> Result<Self> {
        let tracee = Self(process::start(|| {
            // SAFETY: nothing but the process itself is concerned.
            let stopped = unsafe {
                ptrace(PTRACE_TRACEME, Self(0), 0, 0)
                    .and_then(|_| raw::kill(raw::getpid()? as c_int, SIGSTOP))
            };
            // Its calls must not be made where nobody cancels them.
            if stopped.is_ok() {
                body();
            }
            0
        })?);
        match tracee.begin() {
            Ok(()) => Ok(tracee),
            Err(error) => {
                let _ = tracee.kill();
                Err(error)
            }
        }
    }

    fn begin(self) -> Result<()> {
        match self.wait()? {
            Event::Stopped(SIGSTOP) => {
                let options = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;
                // SAFETY: sets options.
                unsafe { ptrace(PTRACE_SETOPTIONS, self, 0, options) }.map(drop)
            }
            // It could not even say that it is to be traced.
            _ => Err(Errno::EPERM),
        }
    }

    pub fn wait(self) -> Result<Event> {
        process::wait(self.0)
    }

    /// Lets it run to the next system call, or back from it.
    pub fn go_on(self) -> Result<()> {
        // SAFETY: concerns the tracee alone.
        unsafe { ptrace(PTRACE_SYSCALL, self, 0, 0) }.map(drop)
    }

    /// Kills it and waits for its end.
    pub fn kill(self) -> Result<()> {
        // SAFETY: concerns the tracee alone.
        unsafe { raw::kill(self.0, SIGKILL) }?;
        while matches!(self.wait()?, Event::Stopped(_)) {}
        Ok(())
    }

    /// What the kernel knows of the call at whose beginning or end the tracee stands; none if it stands anywhere else.
    pub fn stop(self) -> Result<Option<Stop>> {
        // SAFETY: the struct is plain data, and the kernel fills at most its size.
        unsafe {
            let mut info: ptrace_syscall_info = zeroed();
            ptrace(PTRACE_GET_SYSCALL_INFO, self, size_of::<ptrace_syscall_info>(), &raw mut info)?;
            Ok(match info.op {
                PTRACE_SYSCALL_INFO_ENTRY => Some(Stop::Entry(Entry(info))),
                PTRACE_SYSCALL_INFO_EXIT => Some(Stop::Exit(Exit(info))),
                _ => None,
            })
        }
    }

    /// A word of its memory. The tracee is a copy: its statics stand where the tracer's do.
    pub fn peek(self, address: usize) -> Result<usize> {
        let mut word = 0_usize;
        let place = &raw mut word;
        // SAFETY: the kernel writes a word.
        unsafe { ptrace(PTRACE_PEEKDATA, self, address, place) }?;
        Ok(word)
    }

    /// A byte of its memory.
    pub fn byte(self, address: usize) -> Result<u8> {
        let at = address % size_of::<usize>();
        Ok(self.peek(address - at)?.to_ne_bytes()[at])
    }

    /// Changes a byte of its memory.
    pub fn set_byte(self, address: usize, byte: u8) -> Result<()> {
        let at = address % size_of::<usize>();
        let mut word = self.peek(address - at)?.to_ne_bytes();
        word[at] = byte;
        // SAFETY: concerns the tracee alone.
        unsafe { ptrace(PTRACE_POKEDATA, self, address - at, usize::from_ne_bytes(word)) }.map(drop)
    }

    /// Makes the kernel forget the call: it answers ENOSYS.
    pub fn forget(self, mut entry: Entry) -> Result<()> {
        entry.0.anon1.entry.nr = u64::MAX;
        self.change(&mut entry.0)
    }

    /// Makes the call answer this.
    pub fn answer(self, mut exit: Exit, value: i64) -> Result<()> {
        exit.0.anon1.exit.rval = value;
        exit.0.anon1.exit.is_error = 0;
        self.change(&mut exit.0)
    }

    fn change(self, info: &mut ptrace_syscall_info) -> Result<()> {
        // SAFETY: the kernel reads the struct.
        unsafe {
            ptrace(PTRACE_SET_SYSCALL_INFO, self, size_of::<ptrace_syscall_info>(), &raw mut *info).map(drop)
        }
    }
}

pub enum Stop {
    Entry(Entry),
    Exit(Exit),
}

/// The end of a call.
pub struct Exit(ptrace_syscall_info);

/// A call as the kernel has decoded it.
pub struct Entry(ptrace_syscall_info);

impl Entry {
    /// `AUDIT_ARCH_*`.
    pub fn arch(&self) -> u32 {
        self.0.arch
    }

    pub fn call(&self) -> &ptrace_syscall_info_anon1_entry {
        // SAFETY: an entry is what the kernel has filled in.
        unsafe { &self.0.anon1.entry }
    }
}

unsafe fn ptrace(request: c_long, tracee: Tracee, address: usize, data: impl Arg) -> Result<usize> {
    // SAFETY: the caller's.
    unsafe { raw::ptrace(request, c_long::from(tracee.0), address, data) }
}

/// The kernel's release.
pub struct Release(new_utsname);

pub fn release() -> Release {
    // SAFETY: the struct is plain data, which the kernel fills.
    unsafe {
        let mut name: new_utsname = zeroed();
        let _ = raw::uname(&raw mut name);
        Release(name)
    }
}

impl Release {
    pub fn as_str(&self) -> &str {
        let text = &self.0.release;
        // SAFETY: characters are bytes, whether C's `char` has a sign or not.
        let text = unsafe { core::slice::from_raw_parts(text.as_ptr().cast::<u8>(), text.len()) };
        let end = text.iter().position(|&byte| byte == 0).unwrap_or(text.len());
        core::str::from_utf8(&text[..end]).unwrap_or("(unreadable)")
    }
}
