//! Signals that wait to be asked for, and that end a child.

use crate::report::{Check, Outcome, Run};
use crate::tools::{ended, milliseconds, signals};
use ring3::consts::{Itimer, O, Sfd, Sig, SigHow, Wait};
use ring3::sys::{self, itimerval, timeval};
use ring3::{KillPid, OwnedFd, WaitPid};

pub const CHECKS: &[Check] = &[
    ("signals of descriptors", descriptors),
    ("signals that wait", waiting),
    ("a pause", pause),
    ("a pause until a timer", pause_until_timer),
];

const USER: &[Sig] = &[Sig::USR1];

fn descriptors(run: &Run) -> Outcome {
    let own = plain!(run, getpid());
    let old = call!(run, rt_sigprocmask(SigHow::BLOCK, Some(&signals(USER))))?;
    let set = signals(&[Sig::USR1, Sig::USR2]);
    for fd in [call!(run, signalfd(&set))?, call!(run, signalfd4(&set, Sfd::CLOEXEC | Sfd::NONBLOCK))?] {
        call!(run, kill(KillPid::process(own), Some(Sig::USR1)))?;
        let (signal, sender) = received(run, &fd)?;
        same!(run, (signal, sender), (Sig::USR1.raw() as u32, own.as_raw() as u32));
        if call!(run, fcntl::getfl(&fd))?.contains(O::NONBLOCK) {
            refused!(run, EAGAIN, read(&fd, &mut [0; 128]));
        }
    }
    call!(run, rt_sigprocmask(SigHow::SETMASK, Some(&old)))?;
    Ok(())
}

/// The number of a signal and its sender, which stand at the begin and at 12 of the kernel's struct.
fn received(run: &Run, fd: &OwnedFd) -> ring3::Result<(u32, u32)> {
    let mut info = [0; 128];
    call!(run, read(fd, &mut info))?;
    let word = |at: usize| u32::from_ne_bytes([0, 1, 2, 3].map(|byte| info[at + byte]));
    Ok((word(0), word(12)))
}

fn waiting(run: &Run) -> Outcome {
    let own = plain!(run, getpid());
    let old = call!(run, rt_sigprocmask(SigHow::BLOCK, Some(&signals(USER))))?;
    same!(run, call!(run, rt_sigpending())?.sig[0], 0);
    call!(run, tgkill(own, plain!(run, gettid()), Some(Sig::USR1)))?;
    same!(run, call!(run, rt_sigpending())?.sig[0], signals(USER).sig[0]);
    let (signal, _) = call!(run, rt_sigtimedwait(&signals(USER), Some(&milliseconds(1000))))?;
    same!(run, signal, Sig::USR1);
    refused!(run, EAGAIN, rt_sigtimedwait(&signals(USER), Some(&milliseconds(1))));
    call!(run, tkill(own, None))?;
    call!(run, rt_sigprocmask(SigHow::SETMASK, Some(&old)))?;
    refused!(run, EINVAL, kill(KillPid::process(own), Some(Sig::new(99))));
    Ok(())
}

/// A child pauses, and goes on only if that is wrong.
fn paused(run: &Run, set: impl FnOnce()) -> Outcome {
    // SAFETY: the program has one thread.
    let Some(child) = run.heard("fork", unsafe { sys::fork() })? else {
        set();
        let _ = sys::pause();
        sys::exit_group(77)
    };
    run.note("pause");
    let waited = call!(run, wait4(WaitPid::process(child), Wait::empty(), None))?;
    same!(run, waited.and_then(|(_, status)| ended(status)), Some(256 + Sig::ALRM.raw()));
    Ok(())
}

fn pause(run: &Run) -> Outcome {
    paused(run, || {
        sys::alarm(1);
    })?;
    run.note("alarm");
    Ok(())
}

fn pause_until_timer(run: &Run) -> Outcome {
    let soon = itimerval { it_value: timeval { tv_sec: 0, tv_usec: 10_000 }, ..itimerval::default() };
    paused(run, || {
        let _ = sys::setitimer(Itimer::REAL, &soon);
    })?;
    run.note("setitimer");
    Ok(())
}
