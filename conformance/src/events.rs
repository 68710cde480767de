//! Waiting: epoll, poll, select, event counters, watches, futexes.

use crate::{
    constants::*,
    files::{close, file, nowhere, remove},
    pipes,
    report::{Outcome, Run},
    time::{now, spec},
};
use core::ptr::{null, null_mut};
use ring3::uapi::{epoll_event, futex_waitv, pollfd};

checks! { "events":
    epoll, epoll_wrong, epoll_timeout, epoll_nanoseconds, counter, semaphore, counter_wrong, poll, poll_closed, select,
    select_timeout, select_wrong, watch, watch_wrong, futex_differs, futex_timeout, futex_wake, futex_wrong, futex_vector,
    futex_two, report_access (privileged),
}

fn epoll(run: &Run) -> Outcome {
    const TOKEN: u64 = 0x0123_4567_89ab_cdef;
    let (ends, fd) = (pipes::pipe(run, 0)?, ok!(run, epoll_create1(O_CLOEXEC)));
    let mut event = epoll_event { events: EPOLLIN, data: TOKEN };
    same!(run, ok!(run, epoll_ctl(fd as _, EPOLL_CTL_ADD, ends[0] as _, &raw mut event)), 0);
    fails!(run, EEXIST, epoll_ctl(fd as _, EPOLL_CTL_ADD, ends[0] as _, &raw mut event));
    let mut events = [epoll_event { events: 0, data: 0 }; 4];
    same!(run, ok!(run, epoll_pwait(fd as _, events.as_mut_ptr(), 4, 0, null(), 8)), 0);
    same!(run, ok!(run, write(ends[1] as _, b"x".as_ptr().cast(), 1)), 1);
    same!(run, ok!(run, epoll_pwait(fd as _, events.as_mut_ptr(), 4, -1, null(), 8)), 1);
    let epoll_event { events: ready, data } = events[0];
    same!(run, (ready, data), (EPOLLIN, TOKEN));
    same!(run, ok!(run, epoll_ctl(fd as _, EPOLL_CTL_DEL, ends[0] as _, null_mut())), 0);
    fails!(run, ENOENT, epoll_ctl(fd as _, EPOLL_CTL_DEL, ends[0] as _, null_mut()));
    for fd in [ends[0], ends[1], fd] {
        close(run, fd)?;
    }
    Ok(())
}

fn epoll_wrong(run: &Run) -> Outcome {
    fails!(run, EINVAL, epoll_create1(1));
    let fd = ok!(run, epoll_create1(0));
    let mut event = epoll_event { events: EPOLLIN, data: 0 };
    fails!(run, EBADF, epoll_ctl(fd as _, EPOLL_CTL_ADD, 12345, &raw mut event));
    fails!(run, EINVAL, epoll_ctl(fd as _, EPOLL_CTL_ADD, fd as _, &raw mut event));
    fails!(run, EINVAL, epoll_pwait(fd as _, &raw mut event, 0, 0, null(), 8));
    let plain = file(run, c"f", b"")?;
    fails!(run, EPERM, epoll_ctl(fd as _, EPOLL_CTL_ADD, plain as _, &raw mut event));
    close(run, plain)?;
    close(run, fd)?;
    remove(run, c"f")
}

fn epoll_timeout(run: &Run) -> Outcome {
    let fd = ok!(run, epoll_create1(0));
    let mut event = epoll_event { events: 0, data: 0 };
    let before = now(run, CLOCK_MONOTONIC)?;
    same!(run, ok!(run, epoll_pwait(fd as _, &raw mut event, 1, 5, null(), 8)), 0);
    holds!(run, now(run, CLOCK_MONOTONIC)? - before >= 5_000_000);
    close(run, fd)
}

fn epoll_nanoseconds(run: &Run) -> Outcome {
    let fd = ok!(run, epoll_create1(0));
    let mut event = epoll_event { events: 0, data: 0 };
    let time = spec(0, 2_000_000);
    same!(run, ok!(run, epoll_pwait2(fd as _, &raw mut event, 1, &raw const time, null(), 8)), 0);
    close(run, fd)
}

fn counter(run: &Run) -> Outcome {
    let fd = ok!(run, eventfd2(3, O_NONBLOCK));
    let mut value = 0x1_0000_0002u64;
    same!(run, ok!(run, write(fd as _, (&raw const value).cast(), 8)), 8);
    same!(run, ok!(run, read(fd as _, (&raw mut value).cast(), 8)), 8);
    same!(run, value, 0x1_0000_0005);
    fails!(run, EAGAIN, read(fd as _, (&raw mut value).cast(), 8));
    fails!(run, EINVAL, read(fd as _, (&raw mut value).cast(), 4));
    close(run, fd)
}

fn semaphore(run: &Run) -> Outcome {
    let fd = ok!(run, eventfd2(2, EFD_SEMAPHORE | O_NONBLOCK));
    let mut value = 0u64;
    for _ in 0..2 {
        same!(run, ok!(run, read(fd as _, (&raw mut value).cast(), 8)), 8);
        same!(run, value, 1);
    }
    fails!(run, EAGAIN, read(fd as _, (&raw mut value).cast(), 8));
    close(run, fd)
}

fn counter_wrong(run: &Run) -> Outcome {
    fails!(run, EINVAL, eventfd2(0, 1 << 20));
    Ok(())
}

fn poll(run: &Run) -> Outcome {
    let ends = pipes::pipe(run, 0)?;
    let mut polled = [pollfd { fd: ends[0] as _, events: POLLIN, revents: 0 }];
    let mut time = spec(0, 0);
    same!(run, ok!(run, ppoll(polled.as_mut_ptr(), 1, &raw mut time, null(), 8)), 0);
    same!(run, ok!(run, write(ends[1] as _, b"x".as_ptr().cast(), 1)), 1);
    same!(run, ok!(run, ppoll(polled.as_mut_ptr(), 1, null_mut(), null(), 8)), 1);
    same!(run, polled[0].revents, POLLIN);
    close(run, ends[0])?;
    close(run, ends[1])
}

fn poll_closed(run: &Run) -> Outcome {
    let mut polled = [pollfd { fd: 12345, events: POLLIN, revents: 0 }];
    let mut time = spec(1, 0);
    same!(run, ok!(run, ppoll(polled.as_mut_ptr(), 1, &raw mut time, null(), 8)), 1);
    same!(run, polled[0].revents, POLLNVAL);
    let mut time = spec(0, -1);
    fails!(run, EINVAL, ppoll(polled.as_mut_ptr(), 1, &raw mut time, null(), 8));
    Ok(())
}

/// The sets of descriptors: 1024 bits, in words of the ABI's long.
type Set = [usize; 1024 / usize::BITS as usize];

fn select(run: &Run) -> Outcome {
    let ends = pipes::pipe(run, 0)?;
    let (mut readable, mut writable): (Set, Set) = ([0; _], [0; _]);
    let bits = usize::BITS as usize;
    readable[ends[0] / bits] |= 1 << (ends[0] % bits);
    writable[ends[1] / bits] |= 1 << (ends[1] % bits);
    let expected = writable;
    let mut time = spec(1, 0);
    let (count, sets) = (ends[1].max(ends[0]) + 1, (readable.as_mut_ptr(), writable.as_mut_ptr()));
    same!(
        run,
        ok!(run, pselect6(count as _, sets.0.cast(), sets.1.cast(), null_mut(), &raw mut time, null_mut())),
        1
    );
    // Each set in its own place: nothing to read, room to write.
    same!(run, (readable, writable), ([0; _], expected));
    close(run, ends[0])?;
    close(run, ends[1])
}

/// The sixth argument: the address and the size of a signal mask.
fn select_timeout(run: &Run) -> Outcome {
    let mut time = spec(0, 5_000_000);
    let before = now(run, CLOCK_MONOTONIC)?;
    let mask = 0u64;
    let mut sixth = [(&raw const mask).addr(), 8];
    let sixth_at = sixth.as_mut_ptr().cast();
    same!(run, ok!(run, pselect6(0, null_mut(), null_mut(), null_mut(), &raw mut time, sixth_at)), 0);
    holds!(run, now(run, CLOCK_MONOTONIC)? - before >= 5_000_000);
    // A size that is none shows that the sixth argument arrives.
    sixth[1] = 9;
    let sixth_at = sixth.as_mut_ptr().cast();
    fails!(run, EINVAL, pselect6(0, null_mut(), null_mut(), null_mut(), &raw mut time, sixth_at));
    Ok(())
}

fn select_wrong(run: &Run) -> Outcome {
    let mut set: Set = [0; _];
    let mut time = spec(0, 0);
    let at = set.as_mut_ptr().cast();
    fails!(run, EINVAL, pselect6(-1, at, null_mut(), null_mut(), &raw mut time, null_mut()));
    let closed = ok!(run, dup(0));
    close(run, closed)?;
    set[closed / usize::BITS as usize] = 1 << (closed % usize::BITS as usize);
    let at = set.as_mut_ptr().cast();
    fails!(run, EBADF, pselect6(closed as i32 + 1, at, null_mut(), null_mut(), &raw mut time, null_mut()));
    Ok(())
}

fn watch(run: &Run) -> Outcome {
    let fd = ok!(run, inotify_init1(O_NONBLOCK | O_CLOEXEC));
    let watch = ok!(run, inotify_add_watch(fd as _, c".".as_ptr(), IN_CREATE | IN_DELETE));
    close(run, file(run, c"watched", b"")?)?;
    remove(run, c"watched")?;
    // Each event is 16 bytes (watch, mask, cookie, length) and the name, padded to 16.
    let mut events = [0u32; 64];
    same!(run, ok!(run, read(fd as _, events.as_mut_ptr().cast(), 256)), 64);
    same!(run, &events[..4], &[watch as u32, IN_CREATE, 0, 16]);
    same!(run, &events[8..12], &[watch as u32, IN_DELETE, 0, 16]);
    same!(run, events[4].to_ne_bytes(), *b"watc");
    same!(run, ok!(run, inotify_rm_watch(fd as _, watch as _)), 0);
    fails!(run, EINVAL, inotify_rm_watch(fd as _, 99));
    close(run, fd)
}

fn watch_wrong(run: &Run) -> Outcome {
    fails!(run, EINVAL, inotify_init1(1));
    let fd = ok!(run, inotify_init1(0));
    fails!(run, ENOENT, inotify_add_watch(fd as _, c"missing".as_ptr(), IN_CREATE));
    fails!(run, EINVAL, inotify_add_watch(fd as _, c".".as_ptr(), 0));
    close(run, fd)
}

fn futex_differs(run: &Run) -> Outcome {
    let mut word = 5u32;
    let op = FUTEX_WAIT | FUTEX_PRIVATE;
    fails!(run, EAGAIN, futex(&raw mut word, op, 4, null(), null_mut(), 0));
    Ok(())
}

fn futex_timeout(run: &Run) -> Outcome {
    let mut word = 5u32;
    let (op, time) = (FUTEX_WAIT | FUTEX_PRIVATE, spec(0, 5_000_000));
    let before = now(run, CLOCK_MONOTONIC)?;
    fails!(run, ETIMEDOUT, futex(&raw mut word, op, 5, &raw const time, null_mut(), 0));
    holds!(run, now(run, CLOCK_MONOTONIC)? - before >= 5_000_000);
    Ok(())
}

fn futex_wake(run: &Run) -> Outcome {
    let mut word = 5u32;
    let op = FUTEX_WAKE | FUTEX_PRIVATE;
    same!(run, ok!(run, futex(&raw mut word, op, 1, null(), null_mut(), 0)), 0);
    // FUTEX_CMP_REQUEUE compares its sixth argument.
    const FUTEX_CMP_REQUEUE: i32 = 4 | FUTEX_PRIVATE;
    let mut other = 0u32;
    fails!(run, EAGAIN, futex(&raw mut word, FUTEX_CMP_REQUEUE, 1, null(), &raw mut other, 6));
    same!(run, ok!(run, futex(&raw mut word, FUTEX_CMP_REQUEUE, 1, null(), &raw mut other, 5)), 0);
    Ok(())
}

fn futex_wrong(run: &Run) -> Outcome {
    let mut word = 5u32;
    fails!(run, EFAULT, futex(nowhere(), FUTEX_WAIT | FUTEX_PRIVATE, 0, null(), null_mut(), 0));
    let unaligned = (&raw mut word).cast::<u8>().wrapping_add(1).cast();
    fails!(run, EINVAL, futex(unaligned, FUTEX_WAKE | FUTEX_PRIVATE, 1, null(), null_mut(), 0));
    Ok(())
}

fn futex_vector(run: &Run) -> Outcome {
    let word = 5u32;
    let uaddr = (&raw const word).addr() as u64;
    let flags = FUTEX2_SIZE_U32 | FUTEX_PRIVATE as u32;
    let mut waiters = [futex_waitv { val: 6, uaddr, flags, __reserved: 0 }];
    fails!(run, EAGAIN, futex_waitv(waiters.as_mut_ptr(), 1, 0, null_mut(), CLOCK_MONOTONIC));
    fails!(run, EINVAL, futex_waitv(waiters.as_mut_ptr(), 0, 0, null_mut(), CLOCK_MONOTONIC));
    Ok(())
}

/// The futex calls that do one thing each.
fn futex_two(run: &Run) -> Outcome {
    let mut word = 5u32;
    let at = (&raw mut word).cast();
    let flags = FUTEX2_SIZE_U32 | FUTEX_PRIVATE as u32;
    same!(run, ok!(run, futex_wake(at, u32::MAX as _, 1, flags)), 0);
    fails!(run, EAGAIN, futex_wait(at, 6, u32::MAX as _, flags, null_mut(), CLOCK_MONOTONIC));
    Ok(())
}

fn report_access(run: &Run) -> Outcome {
    fails!(run, EINVAL, fanotify_init(1 << 31, 0));
    Ok(())
}
