//! Running a program.

use super::{Child, clone, clone3, on_stack};
use crate::{
    AT_FDCWD, AsRawFd, BorrowedFd, CStrs, Errno, FromRawFd, IntoRawFd, OwnedFd, Pid, RawFd, Result,
    consts::{self, Clone, Fd, Mode, O, Sig, SigHow, Wait},
    raw, retry,
    signal::{self, Action, Handler, SigSet},
    sys,
    uapi::clone_args,
};
use core::{
    ffi::{CStr, c_int, c_void},
    mem::MaybeUninit,
    sync::atomic::{AtomicI32, Ordering::Relaxed},
};

/// What a child does with its descriptors and its working directory before it runs the program.
///
/// A number is of the child's own table, a copy of the caller's.
#[derive(Clone, Copy, Debug)]
pub enum FileAction<'a> {
    /// Opens a file under this number.
    Open(RawFd, &'a CStr, O, Mode),
    /// Makes the number stand for what the descriptor does, without `O_CLOEXEC`, also if it is the descriptor's own.
    Dup2(BorrowedFd<'a>, RawFd),
    /// Closes the number. It is no error if it is not open.
    Close(RawFd),
    /// Changes the working directory.
    Chdir(&'a CStr),
    /// Changes the working directory to that of a descriptor.
    Fchdir(BorrowedFd<'a>),
}

/// A program to run in a child, with its arguments and its environment: what posix_spawn(3) takes.
///
/// The path is not searched for. What has a handler is as without one in the new program, what is ignored stays so. The child has the caller's descriptors without `O_CLOEXEC`.
///
/// ```
/// use ring3::{AsFd, CStrPtr, CStrs, process::{FileAction, Spawn}, sys};
///
/// let [read, write] = sys::pipe2(ring3::consts::O::CLOEXEC)?;
/// let argv = [CStrPtr::new(c"echo"), CStrPtr::new(c"Hello World!"), CStrPtr::END];
/// let actions = [FileAction::Dup2(write.as_fd(), 1)];
/// let child = Spawn::new(c"/bin/echo", CStrs::new(&argv).unwrap(), CStrs::EMPTY).actions(&actions).spawn()?;
/// let mut text = [0; 20];
/// let length = sys::read(&read, &mut text[..])?;
/// assert_eq!(&text[..length], b"Hello World!\n");
/// assert_eq!(child.wait()?.exit_code(), Some(0));
/// # Ok::<(), ring3::Errno>(())
/// ```
#[derive(Clone, Copy)]
#[must_use]
pub struct Spawn<'a> {
    path: &'a CStr,
    argv: CStrs<'a>,
    envp: CStrs<'a>,
    actions: &'a [FileAction<'a>],
    mask: Option<SigSet>,
    defaults: SigSet,
    group: Option<Option<Pid>>,
    session: bool,
}

/// What the child needs for its calls, the largest frames of unoptimised code included.
const STACK: usize = 16 << 10;

/// The exit status of a child that cannot run its program.
const FAILED: c_int = 127;

impl<'a> Spawn<'a> {
    /// This program, with these arguments, the first of which is its name, and this environment.
    #[inline]
    pub const fn new(path: &'a CStr, argv: CStrs<'a>, envp: CStrs<'a>) -> Self {
        Self {
            path,
            argv,
            envp,
            actions: &[],
            mask: None,
            defaults: SigSet::empty(),
            group: None,
            session: false,
        }
    }

    /// What the child does before, in this order.
    #[inline]
    pub const fn actions(self, actions: &'a [FileAction<'a>]) -> Self {
        Self { actions, ..self }
    }

    /// The signals that are blocked in the new program; without it, those that the calling thread blocks.
    #[inline]
    pub const fn mask(self, mask: SigSet) -> Self {
        Self { mask: Some(mask), ..self }
    }

    /// Signals that are not ignored in the new program, even if the caller ignores them.
    #[inline]
    pub const fn defaults(self, defaults: SigSet) -> Self {
        Self { defaults, ..self }
    }

    /// The process group of the child; `None`: one of its own.
    #[inline]
    pub const fn group(self, group: Option<Pid>) -> Self {
        Self { group: Some(group), ..self }
    }

    /// Lets the child begin a session.
    #[inline]
    pub const fn session(self) -> Self {
        Self { session: true, ..self }
    }

    /// Runs the program. When this returns, the child runs it; or it does not, there is no child, and the error says why.
    ///
    /// Since Linux 5.4.
    ///
    /// # Errors
    ///
    /// Those of [`execve`](super::execve), and of what the child does before. [`EAGAIN`](Errno::EAGAIN): there are as many processes as there may be. [`ENOMEM`](Errno::ENOMEM).
    /// [`EMFILE`](Errno::EMFILE): three more descriptors are not to be had. [`EINVAL`](Errno::EINVAL): there is no argument at all, not even the program's name, which kernels take differently.
    #[inline]
    pub fn spawn(&self) -> Result<Child> {
        if self.argv.is_empty() {
            return Err(Errno::EINVAL);
        }
        let [read, write] = sys::pipe2(O::CLOEXEC)?;
        let outcome = AtomicI32::new(UNSHARED);
        let (pid, pidfd) = {
            let blocked = Blocked::all()?;
            let mask = self.mask.unwrap_or(blocked.before);
            let pipe = write.as_raw_fd();
            self.start(Start { spawn: self, mask, outcome: &outcome, pipe, has_handlers: true })?
        };
        drop(write);
        let failed = match outcome.into_inner() {
            UNSHARED => {
                let mut error = [0; 2];
                // The other end is closed with the memory's end or with the new program: nothing is there to be read.
                match retry(|| sys::read(&read, &mut error[..])) {
                    Ok(2) => Errno::new(u16::from_ne_bytes(error)),
                    _ => None,
                }
            }
            error => u16::try_from(error).ok().and_then(Errno::new),
        };
        // SAFETY: the kernel has made the descriptor for the caller.
        let pidfd = (pidfd >= 0).then(|| unsafe { OwnedFd::from_raw_fd(pidfd) });
        let failed = match (failed, pidfd) {
            (None, Some(pidfd)) => return Ok(Child { pid, pidfd }),
            (Some(error), _) => error,
            (None, None) => {
                // A kernel without descriptors of processes.
                let _ = sys::kill(pid.into(), Some(Sig::KILL));
                Errno::ENOSYS
            }
        };
        // It has ended, or is about to. There may be nothing to wait for if SIGCHLD is ignored.
        let _ = retry(|| sys::waitpid(pid.into(), Wait::empty()));
        Err(failed)
    }

    /// Makes the child; its number, and a descriptor or -1.
    #[inline]
    fn start(&self, mut start: Start<'_>) -> Result<(Pid, RawFd)> {
        let mut stack = [MaybeUninit::uninit(); STACK];
        let mut pidfd: RawFd = -1;
        let args = clone_args {
            pidfd: (&raw mut pidfd).expose_provenance() as u64,
            ..on_stack(Clone::VM | Clone::VFORK | Clone::PIDFD, &mut stack)
        };
        // SAFETY: the stack, the descriptor and what the child reads live until it has left the memory, for the calling thread waits
        // for that; and the child keeps to what the module promises.
        let pid = unsafe {
            // The kernel can take the handlers away. Where it cannot, or a filter does not let it, the child does.
            let quick = clone_args { flags: args.flags | Clone::CLEAR_SIGHAND.bits(), ..args };
            start.has_handlers = false;
            match clone3(&quick, run, (&raw mut start).cast()) {
                Err(Errno::ENOSYS | Errno::EINVAL | Errno::EPERM) => {
                    start.has_handlers = true;
                    clone(&args, run, (&raw mut start).cast())
                }
                result => result,
            }
        }?;
        // SAFETY: the kernel may have written to it, behind the compiler's back.
        Ok((pid, unsafe { (&raw const pidfd).read_volatile() }))
    }
}

/// All signals are blocked while there is such a value.
struct Blocked {
    before: SigSet,
}

impl Blocked {
    #[inline]
    fn all() -> Result<Self> {
        Ok(Self { before: sys::rt_sigprocmask(SigHow::SETMASK, Some(&SigSet::full()))? })
    }
}

impl Drop for Blocked {
    #[inline]
    fn drop(&mut self) {
        let _ = sys::rt_sigprocmask(SigHow::SETMASK, Some(&self.before));
    }
}

/// The child has not been seen in the caller's memory. qemu-user gives it a copy, and does not let the caller wait.
const UNSHARED: i32 = -1;
/// The child has begun, and nothing has gone wrong. Any other number is an error.
const BEGUN: i32 = 0;

/// What the child is told.
struct Start<'a> {
    spawn: &'a Spawn<'a>,
    mask: SigSet,
    /// What becomes of it.
    outcome: &'a AtomicI32,
    /// Where it writes what has gone wrong, if nobody sees the outcome. Closed by the new program.
    pipe: RawFd,
    /// Whether signals may still have the caller's handlers.
    has_handlers: bool,
}

/// Runs in the child, on its own stack.
#[inline]
unsafe extern "C" fn run(data: *mut c_void) -> c_int {
    // SAFETY: the parent's value, which the parent does not touch meanwhile.
    let start = unsafe { &*data.cast::<Start<'_>>() };
    start.outcome.store(BEGUN, Relaxed);
    let mut pipe = start.pipe;
    let error = start.execute(&mut pipe).number();
    start.outcome.store(error.into(), Relaxed);
    let error = error.to_ne_bytes();
    // SAFETY: the number is that of the pipe, in the child's own table.
    let _ = sys::write(unsafe { BorrowedFd::borrow_raw(pipe) }, &error[..]);
    FAILED
}

impl Start<'_> {
    /// Comes back only with an error.
    #[inline]
    fn execute(&self, pipe: &mut RawFd) -> Errno {
        match self.prepare(pipe) {
            Ok(()) => sys::execve(self.spawn.path, self.spawn.argv, self.spawn.envp),
            Err(error) => error,
        }
    }

    #[inline]
    fn prepare(&self, pipe: &mut RawFd) -> Result<()> {
        let spawn = self.spawn;
        for signal in (1..=8 * size_of::<SigSet>() as c_int).map(Sig::new) {
            let wanted = spawn.defaults.contains(signal);
            // What cannot be asked for cannot have a handler.
            let handled = || {
                let action = signal::action(signal);
                action.is_ok_and(|action| !matches!(action.handler, Handler::Default | Handler::Ignore))
            };
            if wanted || self.has_handlers && handled() {
                // SAFETY: nothing is called any more, and the parent keeps its own.
                let result = unsafe { signal::sigaction(signal, Some(&Action::new(Handler::Default))) };
                // SIGKILL and SIGSTOP are so anyway.
                if !matches!(result, Ok(_) | Err(Errno::EINVAL)) {
                    result?;
                }
            }
        }
        if spawn.session {
            sys::setsid()?;
        }
        if let Some(group) = spawn.group {
            sys::setpgid(None, group)?;
        }
        for action in spawn.actions {
            action.apply(pipe)?;
        }
        sys::rt_sigprocmask(SigHow::SETMASK, Some(&self.mask)).map(|_| ())
    }
}

impl FileAction<'_> {
    /// Does it in the child; the pipe makes way for a number that is wanted.
    #[inline]
    fn apply(&self, pipe: &mut RawFd) -> Result<()> {
        if let Self::Open(to, ..) | Self::Dup2(_, to) | Self::Close(to) = *self
            && to == *pipe
        {
            // SAFETY: the number is that of the pipe, in the child's own table.
            let own = unsafe { BorrowedFd::borrow_raw(*pipe) };
            *pipe = sys::fcntl::dupfd_cloexec(own, 0)?.into_raw_fd();
        }
        match *self {
            Self::Open(to, path, flags, mode) => {
                close(to);
                let opened = sys::openat(AT_FDCWD, path, flags, mode)?.into_raw_fd();
                if opened != to {
                    duplicate(opened, to, flags & O::CLOEXEC)?;
                    close(opened);
                }
                Ok(())
            }
            Self::Dup2(from, to) if from.as_raw_fd() == to => sys::fcntl::setfd(from, Fd::empty()),
            Self::Dup2(from, to) => duplicate(from.as_raw_fd(), to, O::empty()),
            Self::Close(to) => {
                close(to);
                Ok(())
            }
            Self::Chdir(path) => sys::chdir(path),
            Self::Fchdir(fd) => sys::fchdir(fd),
        }
    }
}

/// Closes a number of the child's own table, if it is open.
#[inline]
fn close(fd: RawFd) {
    // SAFETY: the table is the child's, and nothing else in it uses the number.
    let _ = unsafe { raw::close(fd as _) };
}

#[inline]
fn duplicate(from: RawFd, to: RawFd, flags: consts::O) -> Result<()> {
    // SAFETY: as above.
    unsafe { raw::dup3(from as _, to as _, flags.bits()) }.map(|_| ())
}
