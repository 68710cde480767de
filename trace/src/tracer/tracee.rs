//! The traced process: makes the calls, one after the other.

use crate::call::WRONG;
use crate::calls;
use crate::ptrace::Tracee;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use ring3::{Errno, Result};

/// The call that is being made, counted from 1; 0 between the calls.
static CURRENT: AtomicUsize = AtomicUsize::new(0);
/// What the last one answered: an error number or 0.
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
        WRONG.store(u32::from(plan.wrong == Some(index)), Relaxed);
        CURRENT.store(index + 1, Relaxed);
        let answer = (call.make)();
        CURRENT.store(0, Relaxed);
        ANSWER.store(answer.map_or(0, |errno| usize::from(errno.number())), Relaxed);
    }
}

/// Which call the tracee is making.
pub fn current(tracee: Tracee) -> Result<Option<usize>> {
    Ok(tracee.peek(CURRENT.as_ptr() as usize)?.checked_sub(1))
}

/// What its last call answered.
pub fn answer(tracee: Tracee) -> Result<Option<Errno>> {
    Ok(Errno::new(tracee.peek(ANSWER.as_ptr() as usize)? as u16))
}
