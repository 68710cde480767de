//! What a check says, what is known of each name, and the lines that the program prints.

use core::cell::{Cell, RefCell};
use core::fmt;
use ring3::{Errno, ExitCode, print, println};

/// A check and its name.
pub type Check = (&'static str, fn(&Run) -> Outcome);

/// Nothing, if every answer was right.
pub type Outcome = Result<(), Failure>;

pub enum Failure {
    /// The call that was made last should have succeeded.
    Refused(Errno),
    /// It has been said.
    Wrong,
}

impl From<Errno> for Failure {
    fn from(errno: Errno) -> Self {
        Self::Refused(errno)
    }
}

/// Makes a safe call of `sys`, and notes its name; gives its `Result`.
macro_rules! call {
    ($run:expr, $name:ident($($arguments:tt)*)) => {
        $run.heard(stringify!($name), ring3::sys::$name($($arguments)*))
    };
    ($run:expr, $module:ident::$name:ident($($arguments:tt)*)) => {
        $run.heard(
            concat!(stringify!($module), "::", stringify!($name)),
            ring3::sys::$module::$name($($arguments)*),
        )
    };
}

/// Makes a call of `sys` that cannot fail, and notes its name.
macro_rules! plain {
    ($run:expr, $name:ident($($arguments:tt)*)) => {{
        $run.note(stringify!($name));
        ring3::sys::$name($($arguments)*)
    }};
}

/// Two values that must be the same.
macro_rules! same {
    ($run:expr, $got:expr, $expected:expr) => {
        match (&$got, &$expected) {
            (got, expected) if *got == *expected => {}
            (got, expected) => return Err($run.wrong(line!(), stringify!($got), &got, &expected)),
        }
    };
}

/// A condition that must hold.
macro_rules! holds {
    ($run:expr, $condition:expr) => {
        if !$condition {
            return Err($run.wrong(line!(), stringify!($condition), &false, &true));
        }
    };
}

/// A call that must be answered with this errno.
macro_rules! refused {
    ($run:expr, $errno:ident, $($name:ident)::+($($arguments:tt)*)) => {
        match call!($run, $($name)::+($($arguments)*)) {
            Err(ring3::Errno::$errno) => {}
            Err(other) => return Err(other.into()),
            Ok(_) => {
                let name = stringify!($($name)::+);
                return Err($run.wrong(line!(), name, &"success", &stringify!($errno)));
            }
        }
    };
}

/// What is known of a name, the better the later.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    /// The check at work makes it.
    Made,
    /// It is not supported, or another call of the same check is not.
    Lacking,
    /// All answers of a check were right.
    Passed,
    /// A check went wrong that makes it.
    Failed,
}

const NAMES: usize = 400;

/// How many names the checks have.
const ALL: usize = 256;

/// One run of all checks.
pub struct Run {
    names: [Cell<(&'static str, State)>; NAMES],
    /// How many names there are.
    known: Cell<usize>,
    /// Those of the check at work, the one that was made last at the end.
    made: RefCell<Made>,
    failed: Cell<bool>,
}

struct Made {
    names: [usize; NAMES],
    count: usize,
}

impl Run {
    pub fn new() -> Self {
        Self {
            names: [const { Cell::new(("", State::Made)) }; NAMES],
            known: Cell::new(0),
            made: RefCell::new(Made { names: [0; NAMES], count: 0 }),
            failed: Cell::new(false),
        }
    }

    /// Notes a name, and gives back what its call has answered.
    pub fn heard<T>(&self, name: &'static str, answer: ring3::Result<T>) -> ring3::Result<T> {
        self.note(name);
        answer
    }

    /// Notes a name.
    pub fn note(&self, name: &'static str) {
        let known = self.known.get();
        let index = self.names[..known].iter().position(|entry| entry.get().0 == name).unwrap_or(known);
        if index == known {
            self.names[index].set((name, State::Made));
            self.known.set(known + 1);
        }
        let mut made = self.made.borrow_mut();
        let Made { names, count } = &mut *made;
        let place = names[..*count].iter().position(|&other| other == index).unwrap_or(*count);
        if place == *count {
            *count += 1;
        }
        // The last one made stands at the end.
        names[place..*count].rotate_left(usize::from(place + 1 < *count));
        names[*count - 1] = index;
    }

    /// Says that the check at work has found something wrong.
    #[cold]
    pub fn wrong(&self, line: u32, what: &str, got: &dyn fmt::Debug, expected: &dyn fmt::Debug) -> Failure {
        println!("line {line}: {what} is {got:?}, not {expected:?}");
        Failure::Wrong
    }

    /// Says something that is no mistake.
    pub fn remark(&self, text: &str) {
        println!("{text}");
    }

    pub fn check(&self, (name, check): &Check) {
        self.made.borrow_mut().count = 0;
        let outcome = check(self);
        let made = self.made.borrow();
        let made = &made.names[..made.count];
        let last = made.last().map_or("", |&index| self.names[index].get().0);
        let state = match outcome {
            Ok(()) => State::Passed,
            Err(Failure::Refused(Errno::ENOSYS)) => {
                println!("cut short: {name}: {last} is not supported");
                State::Lacking
            }
            Err(Failure::Refused(errno)) => {
                println!("FAILED: {name}: {last} answers {errno:?}");
                State::Failed
            }
            Err(Failure::Wrong) => {
                println!("FAILED: {name}, after {last}");
                State::Failed
            }
        };
        self.failed.set(self.failed.get() || state == State::Failed);
        for &index in made {
            let (name, known) = self.names[index].get();
            self.names[index].set((name, known.max(state)));
        }
    }

    /// Prints the counts and what is not supported.
    pub fn summary(&self) -> ExitCode {
        let names = &self.names[..self.known.get()];
        let of = |state| names.iter().filter(move |entry| entry.get().1 == state);
        let count = |state| of(state).count();
        if names.len() < ALL {
            println!("{} more names would have come after those", ALL - names.len());
        }
        let (passed, failed, lacking) = (count(State::Passed), count(State::Failed), count(State::Lacking));
        print!("portable: {passed} passed, {failed} failed, {lacking} not supported");
        for (at, entry) in of(State::Lacking).enumerate() {
            print!("{} {}", if at == 0 { ":" } else { "" }, entry.get().0);
        }
        println!();
        // Names that were not reached need a reason, which is something that is lacking.
        let complete = names.len() == ALL || lacking > 0;
        if self.failed.get() || !complete { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}
