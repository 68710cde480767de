//! Signals: what is done with them, which are blocked, and what a handler learns.
//!
//! A signal's action is set by [`sigaction`], which knows the kernel's struct of the ABI and brings what a handler returns to. A handler of three
//! arguments is told who sent the signal, [`siginfo`], and where the program was, [`ucontext`]. What it changes in the latter
//! is what the program goes on with.
//!
//! Sets of signals are [`SigSet`], the kernel's own: [`rt_sigprocmask`], [`rt_sigsuspend`], [`ppoll`], [`pselect6`] and
//! [`signalfd4`] take them.
//!
//! ```
//! use core::sync::atomic::{AtomicI32, Ordering::Relaxed};
//! use ring3::{consts::Sig, signal::{Action, Handler, sigaction}, sys};
//!
//! static LAST: AtomicI32 = AtomicI32::new(0);
//!
//! extern "C" fn note(signal: Sig) {
//!     LAST.store(signal.raw(), Relaxed);
//! }
//!
//! // SAFETY: the handler touches nothing but an atomic.
//! unsafe { sigaction(Sig::USR1, Some(&Action::new(Handler::Simple(note))))? };
//! sys::tgkill(sys::getpid(), sys::gettid(), Some(Sig::USR1))?;
//! assert_eq!(LAST.load(Relaxed), Sig::USR1.raw());
//! # Ok::<(), ring3::Errno>(())
//! ```
//!
//! # Soundness
//!
//! A handler runs between any two instructions of the thread that it interrupts, so setting one is unsafe: it may do only what is right in the midst of
//! everything else that the program does. Atomics and calls of [`sys`] are, an allocator or a lock that the interrupted code may hold is not.
//! Everything else here is safe: sets, the mask, reading an action, and a stack of its own for the handlers, [`AltStack`].
//!
//! A signal whose number is no signal's (0, or beyond the last one) is [`EINVAL`](Errno::EINVAL) everywhere.
//!
//! [`rt_sigprocmask`]: crate::sys::rt_sigprocmask
//! [`rt_sigsuspend`]: crate::sys::rt_sigsuspend
//! [`ppoll`]: crate::sys::ppoll
//! [`pselect6`]: crate::sys::pselect6
//! [`signalfd4`]: crate::sys::signalfd4()

mod context;
mod set;
mod stack;

pub use crate::uapi::{siginfo, sigset_t as SigSet, ucontext};
pub use stack::AltStack;
pub(crate) use stack::GUARD;

use crate::{
    Errno, Result,
    arch::flow,
    consts::{Sa, Sig},
    sys, uapi,
};
use core::{
    ffi::c_int,
    mem::{MaybeUninit, transmute},
    ptr,
};

/// A handler, as the kernel's struct has it.
type Raw = unsafe extern "C" fn(c_int);
type Simple = unsafe extern "C" fn(Sig);
type Info = unsafe extern "C" fn(Sig, &siginfo, &mut ucontext);

/// What is done with a signal.
#[derive(Clone, Copy, Debug)]
pub enum Handler {
    /// What the kernel does by itself: mostly it ends the process.
    Default,
    /// Nothing.
    Ignore,
    /// The function is called with the signal.
    Simple(unsafe extern "C" fn(Sig)),
    /// The function is called with the signal, what is known of it, and the state of the code that it interrupts.
    Info(unsafe extern "C" fn(Sig, &siginfo, &mut ucontext)),
}

/// What is done with a signal, and how.
#[derive(Clone, Copy)]
pub struct Action {
    /// What is done.
    pub handler: Handler,
    /// How: `SA_SIGINFO` and `SA_RESTORER` are not needed, for they follow from the handler.
    pub flags: Sa,
    /// The signals that are blocked while the handler runs, beside the signal itself.
    pub mask: SigSet,
}

impl Action {
    /// An action without flags that blocks nothing else.
    #[must_use]
    #[inline]
    pub const fn new(handler: Handler) -> Self {
        Self { handler, flags: Sa::empty(), mask: SigSet::empty() }
    }
}

/// What `SIG_IGN` is; `SIG_DFL` is null.
const SIG_IGN: usize = 1;

/// What is the kernel's and the crate's to say.
const OWN: Sa = Sa::SIGINFO.union(RESTORER);

const RESTORER: Sa = Sa::from_bits_retain(flow::SA_RESTORER);

impl From<&Action> for uapi::sigaction {
    #[inline]
    fn from(action: &Action) -> Self {
        let mut flags = action.flags - OWN;
        let handler: *const () = match action.handler {
            Handler::Default => ptr::null(),
            Handler::Ignore => ptr::without_provenance(SIG_IGN),
            Handler::Simple(handler) => handler as *const (),
            Handler::Info(handler) => {
                flags |= Sa::SIGINFO;
                handler as *const ()
            }
        };
        // SAFETY: zeros are no handler, no flag and no signal; an address or null is what the field may hold.
        let mut raw: Self = unsafe {
            let raw = MaybeUninit::<Self>::zeroed().assume_init();
            Self { sa_handler: transmute::<*const (), Option<Raw>>(handler), ..raw }
        };
        raw.sa_flags = flags.bits();
        raw.sa_mask = action.mask;
        flow::set_restorer(&mut raw);
        raw
    }
}

impl From<&uapi::sigaction> for Action {
    #[inline]
    fn from(raw: &uapi::sigaction) -> Self {
        let flags = Sa::from_bits_retain(raw.sa_flags);
        let handler = match raw.sa_handler {
            None => Handler::Default,
            Some(handler) if handler as usize == SIG_IGN => Handler::Ignore,
            // SAFETY: the flag says which arguments the function takes: it was set with it.
            Some(handler) if flags.contains(Sa::SIGINFO) => {
                Handler::Info(unsafe { transmute::<Raw, Info>(handler) })
            }
            // SAFETY: as above; `Sig` is an `int`.
            Some(handler) => Handler::Simple(unsafe { transmute::<Raw, Simple>(handler) }),
        };
        Self { handler, flags: flags - OWN, mask: raw.sa_mask }
    }
}

/// [sigaction(2)](https://man7.org/linux/man-pages/man2/sigaction.2.html): sets the action of a signal, and gives the one before.
///
/// # Errors
///
/// [`EINVAL`](Errno::EINVAL): there is no such signal, or its action cannot be changed (`SIGKILL`, `SIGSTOP`).
///
/// # Safety
///
/// A handler is called at any point of any thread that has the signal not blocked. Whatever it does there must be sound, and so must be what it
/// leaves in the context: the code that it interrupted goes on with those registers. It must not unwind, and not drop an [`AltStack`].
/// The handler that was there before is not called any more: nothing may rely on it.
#[inline]
pub unsafe fn sigaction(sig: Sig, action: Option<&Action>) -> Result<Action> {
    let new = action.map(uapi::sigaction::from);
    let mut old = MaybeUninit::zeroed();
    // SAFETY: zeros are an action. The kernel reads one struct and writes the other; the rest is the caller's promise.
    unsafe {
        let old: &mut uapi::sigaction = old.assume_init_mut();
        sys::rt_sigaction(sig, new.as_ref(), Some(old))?;
        Ok(Action::from(&*old))
    }
}

/// The action of a signal.
///
/// # Errors
///
/// [`EINVAL`](Errno::EINVAL): there is no such signal.
#[inline]
pub fn action(sig: Sig) -> Result<Action> {
    // SAFETY: nothing is set.
    unsafe { sigaction(sig, None) }
}

/// The place of a signal in a set, if it is one.
#[inline]
const fn place(sig: Sig) -> Result<usize> {
    let number = sig.raw();
    if number >= 1 && number as usize <= 8 * size_of::<SigSet>() {
        Ok(number as usize - 1)
    } else {
        Err(Errno::EINVAL)
    }
}
