//! The traced process: makes the calls, one after the other.

use crate::call::WRONG;
use crate::calls;
use crate::given;
use crate::ptrace::Tracee;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use ring3::{Errno, Result, raw};

/// The call that is being made, counted from 1; 0 between the calls.
static CURRENT: AtomicUsize = AtomicUsize::new(0);
/// The call that has been made, counted from 1; 0 while there is none.
static LAST: AtomicUsize = AtomicUsize::new(0);
/// What that answered: an error number or 0.
static ANSWER: AtomicUsize = AtomicUsize::new(0);

/// What is to go wrong, by position in the lists.
#[derive(Clone, Copy, Default)]
pub struct Plan {
    /// Gets wrong arguments.
    pub wrong: Option<usize>,
    /// Is not made.
    pub skip: Option<usize>,
}

/// Makes the calls from the position `first` on.
pub fn run(first: usize, plan: Plan) {
    for (index, call) in calls().enumerate().skip(first) {
        if plan.skip == Some(index) {
            continue;
        }
        given::nothing_told();
        WRONG.store(u32::from(plan.wrong == Some(index)), Relaxed);
        CURRENT.store(index + 1, Relaxed);
        let answer = (call.make)();
        CURRENT.store(0, Relaxed);
        ANSWER.store(answer.map_or(0, |errno| usize::from(errno.number())), Relaxed);
        LAST.store(index + 1, Relaxed);
        // The tracer looks at the answer here.
        // SAFETY: it only asks.
        let _ = unsafe { raw::getpid() };
        LAST.store(0, Relaxed);
    }
}

/// Where the tracee is.
#[derive(Clone, Copy)]
pub enum Position {
    In(usize),
    After(usize),
    /// It is about to end.
    Between,
}

pub fn position(tracee: Tracee) -> Result<Position> {
    Ok(match (tracee.peek(CURRENT.as_ptr() as usize)?, tracee.peek(LAST.as_ptr() as usize)?) {
        (0, 0) => Position::Between,
        (0, last) => Position::After(last - 1),
        (current, _) => Position::In(current - 1),
    })
}

/// What its last call answered.
pub fn answer(tracee: Tracee) -> Result<Option<Errno>> {
    Ok(Errno::new(tracee.peek(ANSWER.as_ptr() as usize)? as u16))
}
