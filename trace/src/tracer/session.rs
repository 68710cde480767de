//! The tracer's side: follows the tracee from call to call.

use crate::call::{Call, Outcome};
use crate::compare::{self, Sums};
use crate::content::Content;
use crate::ptrace::{Entry, Exit, SYSCALL_STOP, Stop, Tracee};
use crate::tracee::{self, Plan, Position};
use crate::{LISTS, calls};
use core::fmt;
use ring3::Errno;
use trace::process::Event;

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

/// Follows tracees until all calls are made: a call that does not return ends its tracee, and another one goes on. Gives the sums of
/// each list.
pub fn run(plan: Plan) -> Result<[Sums; LISTS.len()], Error> {
    let mut session = Session { next: 0, steps: 0, answer: None, sums: [Sums::default(); LISTS.len()] };
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

/// What a call that is under way will get for an answer.
struct Pending {
    value: i64,
    written: &'static [(usize, Content)],
    registers: [u64; 6],
}

struct Session {
    /// The position of the call that must come next or is being made.
    next: usize,
    /// How often the kernel has seen that.
    steps: usize,
    answer: Option<Pending>,
    sums: [Sums; LISTS.len()],
}

impl Session {
    /// Follows a tracee to its end, which is where it stops making calls.
    fn follow(&mut self, tracee: Tracee) -> Result<(), Error> {
        self.answer = None;
        loop {
            tracee.go_on()?;
            let (signal, what) = match tracee.wait()? {
                Event::Stopped(SYSCALL_STOP) => {
                    let ended = match tracee.stop()? {
                        Some(Stop::Entry(entry)) => self.begin(entry, tracee)?,
                        Some(Stop::Exit(exit)) => self.end(exit, tracee).map(|()| false)?,
                        None => false,
                    };
                    if ended {
                        return Ok(());
                    }
                    continue;
                }
                Event::Exited(_) => {
                    self.missed(calls().count());
                    return Ok(());
                }
                Event::Stopped(signal) => {
                    tracee.kill()?;
                    (signal, "stopped")
                }
                Event::Killed(signal) => (signal, "killed"),
            };
            let name = name(self.next);
            self.sums().mismatch(format_args!(
                "after or in {name}: found the tracee {what} by signal {signal}, expected a return"
            ));
            // Never the same call twice.
            self.go_on(self.next + 1);
            return Ok(());
        }
    }

    /// The tracee stands at the beginning of a call. Gives whether that was its end.
    fn begin(&mut self, entry: Entry, tracee: Tracee) -> Result<bool, Error> {
        let index = match tracee::position(tracee)? {
            Position::Between => return Ok(false),
            Position::After(index) => {
                self.finish(index, tracee)?;
                return Ok(false);
            }
            Position::In(index) => index,
        };
        self.missed(index);
        let call = calls().nth(index).filter(|_| index == self.next);
        let step = call.and_then(|call| call.steps.get(self.steps));
        self.steps += 1;
        let (Some(call), Some(step)) = (call, step) else {
            let (name, number) = (name(index), entry.call().nr);
            self.sums().mismatch(format_args!("{name}: found a call more, {number}, expected none"));
            forget(entry, tracee)?;
            return Ok(false);
        };
        compare::call(call, step, &entry, tracee, self.sums());
        if !call.kind.returns() {
            tracee.kill()?;
            self.go_on(index + 1);
            return Ok(true);
        }
        if let Outcome::Returned { value, written } = step.outcome {
            self.answer = Some(Pending { value, written, registers: entry.call().args });
        }
        forget(entry, tracee)?;
        Ok(false)
    }

    /// The tracee stands at the end of a call.
    fn end(&mut self, exit: Exit, tracee: Tracee) -> Result<(), Error> {
        let Some(Pending { value, written, registers }) = self.answer.take() else { return Ok(()) };
        for (register, content) in written {
            let address = registers[*register] as usize;
            for at in 0..content.size() {
                if let Some(byte) = content.byte(at, address) {
                    tracee.set_byte(address + at, byte)?;
                }
            }
        }
        Ok(tracee.answer(exit, value)?)
    }

    /// The call at `index` has come back.
    fn finish(&mut self, index: usize, tracee: Tracee) -> Result<(), Error> {
        self.missed(index);
        let Some(call) = calls().nth(index).filter(|_| index == self.next) else { return Ok(()) };
        if self.steps < call.steps.len() {
            let steps = self.steps;
            self.missing(call, steps);
        }
        compare::answer(call, tracee::answer(tracee)?, tracee, self.sums())?;
        self.go_on(index + 1);
        Ok(())
    }

    /// Notes the calls that were to come before the one at `index`.
    fn missed(&mut self, index: usize) {
        while self.next < index {
            let call = calls().nth(self.next).expect("they are before one of the list");
            self.missing(call, 0);
            self.go_on(self.next + 1);
        }
    }

    fn missing(&mut self, call: &Call, found: usize) {
        let (name, expected) = (call.name, call.steps.len());
        match (found, expected) {
            (0, 0 | 1) => self.sums().mismatch(format_args!("{name}: found no call, expected one")),
            _ => self.sums().mismatch(format_args!("{name}: found {found} calls, expected {expected}")),
        }
    }

    fn go_on(&mut self, index: usize) {
        self.next = index.min(calls().count());
        self.steps = 0;
    }

    /// The sums of the list of the call that is next.
    fn sums(&mut self) -> &mut Sums {
        let mut first = 0;
        let list = LISTS.iter().position(|list| {
            first += list.calls().count();
            self.next < first
        });
        &mut self.sums[list.unwrap_or(LISTS.len() - 1)]
    }
}

fn name(index: usize) -> &'static str {
    calls().nth(index).map_or("(none)", |call| call.name)
}

fn forget(entry: Entry, tracee: Tracee) -> Result<(), Error> {
    tracee.forget(entry).map_err(|errno| match errno {
        Errno::EIO => Error::Old,
        errno => Error::Call(errno),
    })
}
