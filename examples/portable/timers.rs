//! Timers of processes and of descriptors, after the year 2038 too.

use crate::report::{Check, Outcome, Run};
use crate::tools::{milliseconds, zeroed};
use ring3::consts::{Clock, Itimer, O, Tfd, TfdTimer, Timer};
use ring3::sys::{self, itimerspec, itimerval, timespec, timeval};
use ring3::uapi::sigevent;

pub const CHECKS: &[Check] = &[
    ("timers", timers),
    ("timers after 2038", timers_after_2038),
    ("timers of descriptors", descriptors),
    ("timers of descriptors after 2038", descriptors_after_2038),
    ("alarm", alarm),
    ("interval timers", intervals),
];

const OFF: itimerspec = after(0, 0);
/// Beyond what 32 bits hold of seconds since 1970.
const LATE: i64 = 1 << 33;

const fn after(seconds: i64, interval: i64) -> itimerspec {
    itimerspec {
        it_interval: timespec { tv_sec: interval, tv_nsec: 0 },
        it_value: timespec { tv_sec: seconds, tv_nsec: 0 },
    }
}

/// A timer that nobody hears of.
fn silent(run: &Run, clock: Clock) -> ring3::Result<ring3::TimerId> {
    let mut event: sigevent = zeroed();
    // SIGEV_NONE
    event.sigev_notify = 1;
    // SAFETY: no signal comes of it.
    run.heard("timer_create", unsafe { sys::timer_create(clock, Some(&event)) })
}

fn timers(run: &Run) -> Outcome {
    let timer = silent(run, Clock::MONOTONIC)?;
    let old = call!(run, timer_settime(timer, Timer::empty(), &after(10, 20)))?;
    same!(run, (old.it_value.tv_sec, old.it_value.tv_nsec, old.it_interval.tv_sec), (0, 0, 0));
    for left in
        [call!(run, timer_gettime(timer))?, call!(run, timer_settime(timer, Timer::empty(), &after(30, 40)))?]
    {
        holds!(run, (5..=10).contains(&left.it_value.tv_sec));
        same!(run, (left.it_interval.tv_sec, left.it_interval.tv_nsec), (20, 0));
    }
    same!(run, call!(run, timer_getoverrun(timer))?, 0);
    call!(run, timer_delete(timer))?;
    refused!(run, EINVAL, timer_delete(timer));
    refused!(run, EINVAL, timer_gettime(timer));
    Ok(())
}

fn timers_after_2038(run: &Run) -> Outcome {
    let timer = silent(run, Clock::REALTIME)?;
    call!(run, timer_settime(timer, Timer::ABSTIME, &after(LATE, LATE)))?;
    let left = call!(run, timer_gettime(timer))?;
    let expected = LATE - plain!(run, time());
    holds!(run, (expected - 5..=expected + 5).contains(&left.it_value.tv_sec));
    same!(run, left.it_interval.tv_sec, LATE);
    call!(run, timer_delete(timer))?;
    Ok(())
}

fn descriptors(run: &Run) -> Outcome {
    let fd = call!(run, timerfd_create(Clock::MONOTONIC, Tfd::CLOEXEC | Tfd::NONBLOCK))?;
    holds!(run, call!(run, fcntl::getfl(&fd))?.contains(O::NONBLOCK));
    let mut count = [0; 8];
    refused!(run, EAGAIN, read(&fd, &mut count));
    let soon = itimerspec { it_interval: milliseconds(5), it_value: milliseconds(5) };
    call!(run, timerfd_settime(&fd, TfdTimer::empty(), &soon))?;
    let left = call!(run, timerfd_gettime(&fd))?;
    same!(run, (left.it_interval.tv_sec, left.it_interval.tv_nsec), (0, 5_000_000));
    call!(run, nanosleep(&milliseconds(12), None))?;
    same!(run, call!(run, read(&fd, &mut count))?, 8);
    holds!(run, u64::from_ne_bytes(count) >= 2);
    let old = call!(run, timerfd_settime(&fd, TfdTimer::empty(), &OFF))?;
    same!(run, old.it_interval.tv_nsec, 5_000_000);
    Ok(())
}

fn descriptors_after_2038(run: &Run) -> Outcome {
    let fd = call!(run, timerfd_create(Clock::REALTIME, Tfd::CLOEXEC))?;
    call!(run, timerfd_settime(&fd, TfdTimer::ABSTIME, &after(LATE, LATE)))?;
    let left = call!(run, timerfd_gettime(&fd))?;
    let expected = LATE - plain!(run, time());
    holds!(run, (expected - 5..=expected + 5).contains(&left.it_value.tv_sec));
    same!(run, left.it_interval.tv_sec, LATE);
    Ok(())
}

fn alarm(run: &Run) -> Outcome {
    same!(run, plain!(run, alarm(200)), 0);
    let left = call!(run, getitimer(Itimer::REAL))?;
    holds!(run, (190..=200).contains(&left.it_value.tv_sec) && left.it_interval == timeval::default());
    holds!(run, (190..=200).contains(&plain!(run, alarm(100))));
    holds!(run, (90..=100).contains(&plain!(run, alarm(0))));
    same!(run, plain!(run, alarm(0)), 0);
    Ok(())
}

fn intervals(run: &Run) -> Outcome {
    let time = |tv_sec, tv_usec| timeval { tv_sec, tv_usec };
    let new = itimerval { it_interval: time(3, 250_000), it_value: time(100, 0) };
    same!(run, call!(run, setitimer(Itimer::REAL, &new))?, itimerval::default());
    for left in
        [call!(run, getitimer(Itimer::REAL))?, call!(run, setitimer(Itimer::REAL, &itimerval::default()))?]
    {
        holds!(run, (90..=100).contains(&left.it_value.tv_sec));
        // The kernel counts in ticks of some clocks.
        same!(run, left.it_interval.tv_sec, 3);
        holds!(run, (250_000..260_000).contains(&left.it_interval.tv_usec));
    }
    same!(run, call!(run, getitimer(Itimer::REAL))?, itimerval::default());
    let bad = itimerval { it_value: time(1, 1_000_000), ..itimerval::default() };
    refused!(run, EINVAL, setitimer(Itimer::REAL, &bad));
    refused!(run, EINVAL, getitimer(Itimer::new(77)));
    Ok(())
}
