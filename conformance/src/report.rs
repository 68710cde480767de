//! What a check says, which calls were made, and the lines that the program prints.

use crate::{
    functions::{End, Functions},
    portable,
};
use core::{
    cell::Cell,
    fmt::{self, Write},
};
use ring3::{Errno, Sysno};

/// A check: its name, what it does, and what may be held against the machine and not against ring3.
pub struct Check {
    pub name: &'static str,
    pub run: fn(&Run) -> Outcome,
    /// The call is one that a sandbox or a missing privilege answers with EPERM or EACCES.
    pub privileged: bool,
    /// What user-mode emulation is known to answer wrong here.
    pub emulator: Option<&'static str>,
}

/// Nothing, if the kernel answered what it must.
pub type Outcome = Result<(), Failure>;

#[derive(Clone, Copy)]
pub enum Failure {
    /// The call should have succeeded.
    Refused(&'static str, Errno),
    /// It is written down in the run.
    Wrong,
    /// The machine lacks what the check needs, by its own word.
    Lacks(&'static str),
}

/// The list of a file's checks: `name`, `name (privileged)`, `name (emulator: "what is wrong")` or both, with a `#[cfg]` before it if
/// only some ABIs have the calls.
macro_rules! checks {
    ($module:literal: $($(#[$cfg:meta])? $name:ident $(($($mark:tt)*))?),* $(,)?) => {
        pub const CHECKS: &[$crate::report::Check] = &[$(
            $(#[$cfg])? checks!(@ concat!($module, "::", stringify!($name)), $name, $($($mark)*)?),
        )*];
    };
    (@ $name:expr, $run:ident,) => { checks!(@ $name, $run, false, None) };
    (@ $name:expr, $run:ident, privileged, emulator: $why:literal) => { checks!(@ $name, $run, true, Some($why)) };
    (@ $name:expr, $run:ident, privileged) => { checks!(@ $name, $run, true, None) };
    (@ $name:expr, $run:ident, emulator: $why:literal) => { checks!(@ $name, $run, false, Some($why)) };
    (@ $name:expr, $run:ident, $privileged:literal, $emulator:expr) => {
        $crate::report::Check { name: $name, run: $run, privileged: $privileged, emulator: $emulator }
    };
}

/// Makes a call by its portable name and counts it; gives its `Result`.
macro_rules! call {
    ($run:expr, $name:ident($($arg:expr),* $(,)?)) => {{
        // SAFETY: each check passes pointers to its own live memory, of the type and length that the call takes, or
        // addresses that are never mapped; the descriptors are the check's own, and the program has one thread.
        let result = unsafe { $crate::portable::calls::$name($($arg),*) };
        $run.made(stringify!($name), result.as_ref().err());
        result
    }};
}

/// The value of a call that must succeed.
macro_rules! ok {
    ($run:expr, $name:ident($($arg:expr),* $(,)?)) => {
        match call!($run, $name($($arg),*)) {
            Ok(value) => value,
            Err(errno) => return Err($crate::report::Failure::Refused(stringify!($name), errno)),
        }
    };
}

/// A call that must be answered with this errno.
macro_rules! fails {
    ($run:expr, $errno:ident, $name:ident($($arg:expr),* $(,)?)) => {
        $run.refused(stringify!($name), call!($run, $name($($arg),*)).map(drop), ring3::Errno::$errno)?
    };
}

/// Two values that must be the same.
macro_rules! same {
    ($run:expr, $got:expr, $expected:expr) => {
        match (&$got, &$expected) {
            (got, expected) if *got == *expected => {}
            (got, expected) => return Err($run.wrong(stringify!($got), got, expected)),
        }
    };
}

/// A condition that must hold.
macro_rules! holds {
    ($run:expr, $condition:expr) => {
        if !$condition {
            return Err($run.wrong(stringify!($condition), &false, &true));
        }
    };
}

/// The numbers that ABIs give out lie below this, but for the few of arm's that start at `ARM_PRIVATE`.
const NUMBERS: usize = 1024;
const ARM_PRIVATE: u32 = 0x0f_0000;

/// One run of all checks.
pub struct Run {
    pub page: usize,
    emulated: bool,
    /// Whether the check at work is a privileged one.
    privileged: Cell<bool>,
    passed: Cell<u32>,
    failed: Cell<u32>,
    lacking: Cell<u32>,
    /// The calls that were answered by something else than ENOSYS, by number.
    answered: [Cell<bool>; NUMBERS],
    lacks: [Cell<&'static str>; 256],
    /// The functions of `sys`.
    pub functions: &'static Functions,
}

impl Run {
    pub fn new(page: usize, emulated: bool, functions: &'static Functions) -> Self {
        let zero = || Cell::new(0);
        Self {
            page,
            emulated,
            privileged: Cell::new(false),
            passed: zero(),
            failed: zero(),
            lacking: zero(),
            answered: [const { Cell::new(false) }; NUMBERS],
            lacks: [const { Cell::new("") }; 256],
            functions,
        }
    }

    /// Writes down what a check found.
    #[cold]
    pub fn wrong(&self, what: &str, got: &dyn fmt::Debug, expected: &dyn fmt::Debug) -> Failure {
        let mut text = Text::new();
        let _ = write!(text, "got {got:?}, expected {expected:?} (");
        for (n, line) in what.lines().enumerate() {
            let _ = write!(text, "{}{}", if n == 0 { "" } else { " " }, line.trim_start());
        }
        let _ = text.write_str(")");
        self.functions.found.replace(text);
        Failure::Wrong
    }

    /// Compares the answer of a call that must fail.
    pub fn refused(&self, call: &'static str, got: Result<(), Errno>, expected: Errno) -> Outcome {
        match got {
            Err(errno) if errno == expected => Ok(()),
            Err(errno) if self.lacked(errno) => Err(Failure::Refused(call, errno)),
            _ => Err(self.wrong(call, &got, &Err::<(), _>(expected))),
        }
    }

    /// Compares the answer of a function of `sys` that must fail. One that is not there is noted, and the check goes on.
    pub fn refused_by_sys(&self, call: &'static str, got: Result<(), Errno>, expected: Errno) -> Outcome {
        match self.refused(call, got, expected) {
            Err(Failure::Refused(_, errno)) => {
                self.functions.lacks(call, errno);
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Whether an error says that the check cannot be made here.
    fn lacked(&self, errno: Errno) -> bool {
        errno == Errno::ENOSYS || self.privileged.get() && (errno == Errno::EPERM || errno == Errno::EACCES)
    }

    /// Says in words what went wrong.
    pub fn explain(&self, failure: &Failure) -> Text<400> {
        let mut text = Text::new();
        let _ = match failure {
            Failure::Refused(call, errno) => write!(text, "got Err({errno:?}), expected Ok ({call})"),
            Failure::Wrong => text.write_str(self.functions.found.borrow().as_str()),
            Failure::Lacks(why) => text.write_str(why),
        };
        text
    }

    /// Notes a call that was made, by its portable name.
    pub fn made(&self, name: &'static str, error: Option<&Errno>) {
        let name = portable::own_name(name);
        let ordinary = 0..NUMBERS as u32;
        let number =
            ordinary.chain(ARM_PRIVATE..ARM_PRIVATE + 16).find(|&n| Sysno::new(n).name() == Some(name));
        match number {
            None => panic!("{name} is no call of this ABI"),
            Some(number) => self.made_number(Sysno::new(number), error),
        }
    }

    /// Notes a call that was made by number.
    pub fn made_number(&self, number: Sysno, error: Option<&Errno>) {
        if error != Some(&Errno::ENOSYS) {
            self.answered[number.number() as usize % NUMBERS].set(true);
        }
    }

    /// Makes the checks and prints a line for each.
    pub fn all(&self, checks: &[Check]) {
        for check in checks {
            let Check { name, privileged, emulator, .. } = *check;
            self.privileged.set(privileged);
            self.functions.begin();
            let Err(failure) = (check.run)(self) else {
                self.functions.end(End::Passed);
                match self.functions.missing() {
                    Some((call, errno)) => self.lack(name, format_args!("{errno:?} ({call})")),
                    None => {
                        self.passed.set(self.passed.get() + 1);
                        say(format_args!("ok {name}\n"));
                    }
                }
                continue;
            };
            match (&failure, emulator) {
                (Failure::Lacks(why), _) => self.lack(name, format_args!("{why}")),
                (&Failure::Refused(call, errno), _) if self.lacked(errno) => {
                    self.functions.lacks(call, errno);
                    self.lack(name, format_args!("{errno:?} ({call})"));
                }
                (_, Some(why)) if self.emulated => self.lack(name, format_args!("emulator: {why}")),
                _ => self.fail(name, format_args!("{}", self.explain(&failure).as_str())),
            }
        }
    }

    fn lack(&self, name: &'static str, why: fmt::Arguments<'_>) {
        self.functions.end(End::Apart);
        self.lacks[self.lacking.get() as usize % self.lacks.len()].set(name);
        self.lacking.set(self.lacking.get() + 1);
        say(format_args!("not supported {name}: {why}\n"));
    }

    fn fail(&self, name: &str, why: fmt::Arguments<'_>) {
        self.functions.end(End::Failed);
        self.failed.set(self.failed.get() + 1);
        say(format_args!("FAILED {name}: {why}\n"));
    }

    /// Prints the sums; tells whether the run is a success.
    pub fn finish(&self) -> bool {
        const ENOUGH: usize = 60;
        let calls = self.answered.iter().filter(|made| made.get()).count();
        if calls < ENOUGH {
            self.fail(
                "report::calls",
                format_args!("got {calls} different calls, expected at least {ENOUGH}"),
            );
        }
        say(format_args!("conformance: {calls} different calls\n"));
        let mut line = Text::<8000>::new();
        let _ = write!(line, "{}", self.functions);
        say(format_args!("sys: {}\n", line.as_str()));
        let (passed, failed, lacking) = (self.passed.get(), self.failed.get(), self.lacking.get());
        let mut line = Text::<8000>::new();
        let _ = write!(line, "conformance: {passed} passed, {failed} failed, {lacking} not supported");
        for (n, name) in self.lacks.iter().take(lacking as usize).enumerate() {
            let _ = write!(line, "{} {}", if n == 0 { ":" } else { "" }, name.get());
        }
        say(format_args!("{}\n", line.as_str()));
        failed == 0
    }
}

/// A line of text that needs no allocator; what does not fit is cut off.
pub struct Text<const SIZE: usize> {
    bytes: [u8; SIZE],
    len: usize,
}

impl<const SIZE: usize> Text<SIZE> {
    pub const fn new() -> Self {
        Self { bytes: [0; SIZE], len: 0 }
    }

    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.bytes[..self.len]).unwrap_or("?")
    }
}

impl<const SIZE: usize> Write for Text<SIZE> {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        for (place, &byte) in self.bytes[self.len..].iter_mut().zip(s.as_bytes()) {
            *place = byte;
            self.len += 1;
        }
        Ok(())
    }
}

/// Writes to standard output, all at once where it fits.
pub fn say(line: fmt::Arguments<'_>) {
    let mut text = Text::<8192>::new();
    let _ = text.write_fmt(line);
    let mut rest = &text.bytes[..text.len];
    while !rest.is_empty() {
        // SAFETY: the kernel reads as many bytes as the rest has.
        match unsafe { ring3::raw::write(1, rest.as_ptr().cast(), rest.len()) } {
            Ok(written) => rest = &rest[written.min(rest.len())..],
            Err(Errno::EINTR) => {}
            Err(_) => return,
        }
    }
}
