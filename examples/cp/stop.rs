//! Signals that end the program: what has not got its name yet goes first.

use crate::path::temporary;
use core::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, Ordering::Relaxed};
use ring3::{
    AsRawFd, BorrowedFd, Result, STDERR,
    consts::{At, Sig, SigHow},
    signal::{Action, Handler, SigSet, action, sigaction},
    sys,
};

/// The signals after which somebody waits for the program to go away.
const ENDING: [Sig; 5] = [Sig::HUP, Sig::INT, Sig::QUIT, Sig::PIPE, Sig::TERM];

/// No directory.
const NONE: i32 = -1;
/// The directory where a temporary file is, and the number in the file's name.
static DIRECTORY: AtomicI32 = AtomicI32::new(NONE);
static NUMBER: AtomicU32 = AtomicU32::new(0);
/// Whether there is a bar, and no newline behind it.
static BAR: AtomicBool = AtomicBool::new(false);

/// Removes the temporary file, and lets the signal do what it does without a handler: whoever waits for the program learns of it.
extern "C" fn end(signal: Sig) {
    discard();
    if BAR.load(Relaxed) && signal != Sig::PIPE {
        let _ = sys::write(STDERR, b"\n");
    }
    // SAFETY: no handler is called.
    let _ = unsafe { sigaction(signal, Some(&Action::new(Handler::Default))) };
    // It is blocked until this function returns.
    let _ = sys::tgkill(sys::getpid(), sys::gettid(), Some(signal));
}

/// Says whether a line of standard error is not at its end.
pub fn line_is_open(open: bool) {
    BAR.store(open, Relaxed);
}

/// Sets the handlers. A signal that is ignored stays so: whoever started the program wants it to go on.
pub fn prepare() -> Result<()> {
    // A file that grows beyond the limit is an error, as a full disk is.
    // SAFETY: no handler is called.
    unsafe { sigaction(Sig::XFSZ, Some(&Action::new(Handler::Ignore)))? };
    let mut all = Action::new(Handler::Simple(end));
    all.mask = SigSet::of(&ENDING)?;
    for signal in ENDING {
        if !matches!(action(signal)?.handler, Handler::Ignore) {
            // SAFETY: the handler makes calls alone and uses atomics, and the program ends when it returns.
            unsafe { sigaction(signal, Some(&all))? };
        }
    }
    Ok(())
}

/// Does something with which no such signal may interfere.
pub fn undisturbed<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    let before = sys::rt_sigprocmask(SigHow::BLOCK, Some(&SigSet::of(&ENDING)?))?;
    let result = work();
    sys::rt_sigprocmask(SigHow::SETMASK, Some(&before))?;
    result
}

/// From now on there is a temporary file of this number.
///
/// # Safety
///
/// The directory stays open until [`discard`] or [`keep`].
pub unsafe fn remember(directory: BorrowedFd<'_>, number: u32) {
    NUMBER.store(number, Relaxed);
    DIRECTORY.store(directory.as_raw_fd(), Relaxed);
}

/// The file has another name now, and is none of those to remove.
pub fn keep() {
    DIRECTORY.store(NONE, Relaxed);
}

/// Removes the temporary file, if there is one.
pub fn discard() {
    let directory = DIRECTORY.swap(NONE, Relaxed);
    if directory != NONE {
        // SAFETY: `remember` was promised that it is open.
        let directory = unsafe { BorrowedFd::borrow_raw(directory) };
        // Nothing is left to try where that fails.
        let _ = sys::unlinkat(directory, temporary(NUMBER.load(Relaxed)).as_c_str(), At::empty());
    }
}
