//! Descriptors that say when something has happened.

use crate::report::{Check, Outcome, Run};
use crate::tools::{fd_set, milliseconds, mode, now, signals};
use core::mem::MaybeUninit;
use ring3::consts::{Efd, Epoll, EpollCreate, EpollCtl, Fd, In, InInit, O, Poll, Sig};
use ring3::io::PollFd;
use ring3::sys::{self, timeval};
use ring3::uapi::epoll_event;
use ring3::{AsRawFd, BorrowedFd, OwnedFd};

pub const CHECKS: &[Check] = &[
    ("pipes", pipes),
    ("duplicates", duplicates),
    ("poll", poll),
    ("ppoll", ppoll),
    ("select", select),
    ("pselect6", pselect6),
    ("epoll", epoll),
    ("epoll_pwait2", epoll_pwait2),
    ("eventfd", eventfd),
    ("inotify", inotify),
];

fn pipes(run: &Run) -> Outcome {
    for (pair, flags) in [
        (call!(run, pipe())?, Fd::empty()),
        (call!(run, pipe2(O::CLOEXEC))?, Fd::CLOEXEC),
        (call!(run, pipe2(O::CLOEXEC | O::NONBLOCK))?, Fd::CLOEXEC),
    ] {
        let [reader, writer] = pair;
        same!(run, call!(run, fcntl::getfd(&reader))?, flags);
        same!(run, call!(run, write(&writer, b"through"))?, 7);
        let mut text = [0; 8];
        same!(run, call!(run, read(&reader, &mut text))?, 7);
        same!(run, text, *b"through\0");
        if call!(run, fcntl::getfl(&reader))?.contains(O::NONBLOCK) {
            refused!(run, EAGAIN, read(&reader, &mut text));
        }
    }
    refused!(run, EINVAL, pipe2(O::CREAT));
    Ok(())
}

fn duplicates(run: &Run) -> Outcome {
    let [reader, writer] = call!(run, pipe2(O::CLOEXEC))?;
    let mut copy = call!(run, dup(&writer))?;
    same!(run, call!(run, fcntl::getfd(&copy))?, Fd::empty());
    call!(run, write(&copy, b"a"))?;
    let number = copy.as_raw_fd();
    call!(run, dup2(&reader, &mut copy))?;
    same!(run, copy.as_raw_fd(), number);
    let mut byte = [0; 2];
    same!(run, (call!(run, read(&copy, &mut byte))?, byte[0]), (1, b'a'));
    call!(run, dup3(&writer, &mut copy, O::CLOEXEC))?;
    same!(run, call!(run, fcntl::getfd(&copy))?, Fd::CLOEXEC);
    same!(run, call!(run, write(&copy, b"b"))?, 1);
    // The same number twice is nothing to dup2, and an error to dup3.
    // SAFETY: the descriptor is open until `copy` goes, and after both calls it is what it was.
    let same: BorrowedFd<'_> = unsafe { BorrowedFd::borrow_raw(number) };
    call!(run, dup2(same, &mut copy))?;
    same!(run, call!(run, fcntl::getfd(&copy))?, Fd::CLOEXEC);
    refused!(run, EINVAL, dup3(same, &mut copy, O::empty()));
    Ok(())
}

fn poll(run: &Run) -> Outcome {
    let [reader, writer] = call!(run, pipe())?;
    let mut fds = [PollFd::new(&reader, Poll::IN), PollFd::new(&writer, Poll::OUT)];
    same!(run, call!(run, poll(&mut fds, 0))?, 1);
    same!(run, (fds[0].revents(), fds[1].revents()), (Poll::empty(), Poll::OUT));
    let begin = now();
    same!(run, call!(run, poll(&mut fds[..1], 5))?, 0);
    holds!(run, now() - begin >= 5_000_000);
    call!(run, write(&writer, b"x"))?;
    same!(run, call!(run, poll(&mut fds[..1], -1))?, 1);
    same!(run, fds[0].revents(), Poll::IN);
    Ok(())
}

fn ppoll(run: &Run) -> Outcome {
    let [reader, writer] = call!(run, pipe())?;
    let mut fds = [PollFd::new(&reader, Poll::IN)];
    let (begin, mut time) = (now(), milliseconds(5));
    same!(run, call!(run, ppoll(&mut fds, Some(&mut time), None))?, 0);
    holds!(run, now() - begin >= 5_000_000);
    // The kernel says how much of it was left.
    same!(run, (time.tv_sec, time.tv_nsec), (0, 0));
    call!(run, write(&writer, b"x"))?;
    let mut time = milliseconds(100_000);
    same!(run, call!(run, ppoll(&mut fds, Some(&mut time), Some(&signals(&[Sig::USR1]))))?, 1);
    same!(run, fds[0].revents(), Poll::IN);
    holds!(run, (90..=100).contains(&time.tv_sec));
    same!(run, call!(run, ppoll(&mut fds, None, None))?, 1);
    Ok(())
}

fn select(run: &Run) -> Outcome {
    let [reader, writer] = call!(run, pipe())?;
    let (mut readers, mut writers) = (fd_set(&[&reader]), fd_set(&[&writer]));
    let mut time = timeval { tv_sec: 100, tv_usec: 0 };
    same!(run, call!(run, select(Some(&mut readers), Some(&mut writers), None, Some(&mut time)))?, 1);
    same!(run, (readers, writers), (fd_set(&[]), fd_set(&[&writer])));
    holds!(run, (90..=100).contains(&time.tv_sec) && (0..1_000_000).contains(&time.tv_usec));
    readers = fd_set(&[&reader]);
    let (begin, mut time) = (now(), timeval { tv_sec: 0, tv_usec: 5000 });
    same!(run, call!(run, select(Some(&mut readers), None, None, Some(&mut time)))?, 0);
    holds!(run, now() - begin >= 5_000_000);
    same!(run, (readers, time), (fd_set(&[]), timeval::default()));
    call!(run, write(&writer, b"x"))?;
    readers = fd_set(&[&reader]);
    same!(run, call!(run, select(Some(&mut readers), None, None, None))?, 1);
    same!(run, readers, fd_set(&[&reader]));
    let mut bad = timeval { tv_sec: -1, tv_usec: 0 };
    refused!(run, EINVAL, select(None, None, None, Some(&mut bad)));
    Ok(())
}

fn pselect6(run: &Run) -> Outcome {
    let [reader, writer] = call!(run, pipe())?;
    let (mut readers, mut errors) = (fd_set(&[&reader]), fd_set(&[&reader, &writer]));
    let (begin, mut time) = (now(), milliseconds(5));
    let mask = signals(&[Sig::USR1]);
    let answer =
        call!(run, pselect6(Some(&mut readers), None, Some(&mut errors), Some(&mut time), Some(&mask)))?;
    same!(run, answer, 0);
    holds!(run, now() - begin >= 5_000_000);
    same!(run, (readers, errors), (fd_set(&[]), fd_set(&[])));
    call!(run, write(&writer, b"x"))?;
    readers = fd_set(&[&reader]);
    same!(run, call!(run, pselect6(Some(&mut readers), None, None, None, None))?, 1);
    same!(run, readers, fd_set(&[&reader]));
    Ok(())
}

const DATA: u64 = 0x1234_5678_9abc_def0;

/// A pipe with a byte in it, and an epoll descriptor that watches for it.
fn watched(run: &Run, epoll: OwnedFd) -> ring3::Result<(OwnedFd, [OwnedFd; 2])> {
    let ends = call!(run, pipe())?;
    let mut event: epoll_event = crate::tools::zeroed();
    event.events = Epoll::IN.bits();
    event.data = DATA;
    call!(run, epoll_ctl(&epoll, EpollCtl::ADD, &ends[0], Some(&event)))?;
    call!(run, write(&ends[1], b"x"))?;
    Ok((epoll, ends))
}

fn epoll(run: &Run) -> Outcome {
    refused!(run, EINVAL, epoll_create(0));
    for epoll in [call!(run, epoll_create(1))?, call!(run, epoll_create1(EpollCreate::CLOEXEC))?] {
        let (epoll, [reader, _writer]) = watched(run, epoll)?;
        let mut events = [const { MaybeUninit::uninit() }; 4];
        let (ready, _) = call!(run, epoll_wait(&epoll, &mut events, -1))?;
        same!(run, ready.len(), 1);
        same!(run, ({ ready[0].events }, { ready[0].data }), (Epoll::IN.bits(), DATA));
        let mask = signals(&[Sig::USR1]);
        let (ready, _) = call!(run, epoll_pwait(&epoll, &mut events, 0, Some(&mask)))?;
        same!(run, ({ ready[0].events }, { ready[0].data }), (Epoll::IN.bits(), DATA));
        call!(run, epoll_ctl(&epoll, EpollCtl::DEL, &reader, None))?;
        refused!(run, ENOENT, epoll_ctl(&epoll, EpollCtl::DEL, &reader, None));
        let begin = now();
        let (ready, rest) = call!(run, epoll_wait(&epoll, &mut events, 5))?;
        same!(run, (ready.len(), rest.len()), (0, 4));
        holds!(run, now() - begin >= 4_000_000);
        let (ready, _) = call!(run, epoll_pwait(&epoll, &mut events, 0, None))?;
        same!(run, ready.len(), 0);
    }
    Ok(())
}

fn epoll_pwait2(run: &Run) -> Outcome {
    let (epoll, _ends) = watched(run, call!(run, epoll_create(1))?)?;
    let mut events = [const { MaybeUninit::uninit() }; 4];
    let (ready, _) = call!(run, epoll_pwait2(&epoll, &mut events, Some(&milliseconds(5)), None))?;
    same!(run, (ready.len(), { ready[0].data }), (1, DATA));
    Ok(())
}

fn eventfd(run: &Run) -> Outcome {
    let mut count = [0; 8];
    let fd = call!(run, eventfd(3))?;
    call!(run, write(&fd, &(1_u64 << 40).to_ne_bytes()))?;
    same!(run, call!(run, read(&fd, &mut count))?, 8);
    same!(run, u64::from_ne_bytes(count), (1 << 40) + 3);
    let fd = call!(run, eventfd2(1, Efd::CLOEXEC | Efd::NONBLOCK | Efd::SEMAPHORE))?;
    same!(run, call!(run, read(&fd, &mut count))?, 8);
    same!(run, u64::from_ne_bytes(count), 1);
    refused!(run, EAGAIN, read(&fd, &mut count));
    Ok(())
}

fn inotify(run: &Run) -> Outcome {
    call!(run, mkdir(c"seen", mode(0o700)))?;
    for fd in [call!(run, inotify_init())?, call!(run, inotify_init1(InInit::CLOEXEC | InInit::NONBLOCK))?] {
        let watch = call!(run, inotify_add_watch(&fd, c"seen", In::CREATE | In::DELETE))?;
        call!(run, creat(c"seen/it", mode(0o600)))?;
        call!(run, unlink(c"seen/it"))?;
        // Number of the watch, event, cookie, and the length of the name that follows.
        let mut event = [0; 256];
        same!(run, call!(run, read(&fd, &mut event))?, 64);
        let word = |at: usize| u32::from_ne_bytes([0, 1, 2, 3].map(|byte| event[4 * at + byte]));
        same!(run, [0, 1, 2, 3].map(word), [watch.as_raw() as u32, In::CREATE.bits(), 0, 16]);
        same!(run, event[16..19], *b"it\0");
        same!(run, word(9), In::DELETE.bits());
        call!(run, inotify_rm_watch(&fd, watch))?;
        refused!(run, EINVAL, inotify_rm_watch(&fd, watch));
        same!(run, call!(run, read(&fd, &mut event))?, 16);
    }
    refused!(run, ENOENT, inotify_add_watch(&sys::inotify_init()?, c"nothing", In::CREATE));
    Ok(())
}
