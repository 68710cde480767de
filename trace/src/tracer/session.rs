//! The tracer's side: follows the tracee from call to call.

use crate::call::Call;
use crate::calls;
use crate::compare::{self, Sums};
use crate::ptrace::{SYSCALL_STOP, Tracee};
use crate::tracee::{self, Plan};
use core::fmt;
use ring3::Errno;
use trace::{print::say, process::Event};

/// Why there is no result.
pub enum Error {
    Call(Errno),
    /// The kernel is older than `PTRACE_SET_SYSCALL_INFO`.
    Old,
}

impl From<Errno> for Error {
    fn from(errno: Errno) -> Self {
        Self::Call(errno)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(errno) => write!(f, "the tracee cannot be followed: {errno:?}, {errno}"),
            Self::Old => f.write_str(
                "the kernel does not let a tracer change a call by PTRACE_SET_SYSCALL_INFO, which came with Linux 6.16",
            ),
        }
    }
}

/// Follows tracees until all calls are made: a call that does not return ends its tracee, and another one goes on.
pub fn run(plan: Plan) -> Result<Sums, Error> {
    let mut session = Session { next: 0, sums: Sums::default() };
    let count = calls().count();
    while session.next < count {
        let first = session.next;
        let tracee = Tracee::start(|| tracee::run(first, plan))?;
        session.follow(tracee).inspect_err(|_| {
            let _ = tracee.kill();
        })?;
    }
    Ok(session.sums)
}

struct Session {
    /// The position of the call that must come next.
    next: usize,
    sums: Sums,
}

impl Session {
    /// Follows a tracee to its end, which is where it stops making calls.
    fn follow(&mut self, tracee: Tracee) -> Result<(), Error> {
        let mut last: Option<&'static Call> = None;
        loop {
            tracee.go_on()?;
            let (signal, what) = match tracee.wait()? {
                Event::Stopped(SYSCALL_STOP) => {
                    let Some(entry) = tracee.entry()? else { continue };
                    if let Some(last) = last.take() {
                        compare::answer(last, tracee::answer(tracee)?, &mut self.sums);
                    }
                    let Some(index) = tracee::current(tracee)? else {
                        // Its own call, exit_group.
                        continue;
                    };
                    let call = self.expected(index);
                    if let Some(call) = call {
                        compare::call(call, &entry, tracee, &mut self.sums);
                    }
                    if call.is_some_and(|call| !call.kind.returns()) {
                        return Ok(tracee.kill()?);
                    }
                    tracee.forget(entry).map_err(|errno| match errno {
                        Errno::EIO => Error::Old,
                        errno => Error::Call(errno),
                    })?;
                    last = call;
                    continue;
                }
                Event::Exited(_) => {
                    self.expected(calls().count());
                    return Ok(());
                }
                Event::Stopped(signal) => {
                    tracee.kill()?;
                    (signal, "stopped")
                }
                Event::Killed(signal) => (signal, "killed"),
            };
            let name = calls().nth(self.next).map_or("(none)", |call| call.name);
            say(format_args!(
                "MISMATCH after or in {name}: found the tracee {what} by signal {signal}, expected a return"
            ));
            self.sums.mismatches += 1;
            // Never the same call twice.
            self.next = (self.next + 1).min(calls().count());
            return Ok(());
        }
    }

    /// Notes the calls that were to come before the one at `index`, and gives that one if it is in time.
    fn expected(&mut self, index: usize) -> Option<&'static Call> {
        for call in calls().take(index).skip(self.next) {
            say(format_args!("MISMATCH {}: found no call, expected one", call.name));
            self.sums.mismatches += 1;
        }
        if index < self.next {
            let name = calls().nth(index).map_or("(none)", |call| call.name);
            say(format_args!("MISMATCH {name}: found a call more, expected one"));
            self.sums.mismatches += 1;
            return None;
        }
        self.next = (index + 1).min(calls().count());
        calls().nth(index)
    }
}
