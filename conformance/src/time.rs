//! Clocks, sleeping and timers, with 64-bit time everywhere.

use crate::{
    constants::*,
    files::{close, nowhere},
    report::{Failure, Outcome, Run},
};
use core::ptr::{null, null_mut};
use ring3::uapi::{__kernel_itimerspec, __kernel_old_itimerval, __kernel_timespec};

checks! { "time":
    monotonic, wall, cpu_time, clock_wrong, resolution, sleep, sleep_until, sleep_wrong, timer, timer_wrong, timer_descriptor,
    timer_descriptor_wrong, interval_timer, quantum, ticks, adjustment,
}

pub const fn spec(sec: i64, nsec: i64) -> __kernel_timespec {
    __kernel_timespec { tv_sec: sec, tv_nsec: nsec }
}

pub fn now(run: &Run, clock: i32) -> Result<i64, Failure> {
    let mut time = spec(-1, -1);
    same!(run, ok!(run, clock_gettime(clock, &raw mut time)), 0);
    holds!(run, (0..1_000_000_000).contains(&time.tv_nsec));
    Ok(time.tv_sec * 1_000_000_000 + time.tv_nsec)
}

fn monotonic(run: &Run) -> Outcome {
    let mut last = now(run, CLOCK_MONOTONIC)?;
    for _ in 0..100 {
        let next = now(run, CLOCK_MONOTONIC)?;
        holds!(run, next >= last);
        last = next;
    }
    Ok(())
}

fn wall(run: &Run) -> Outcome {
    // No machine that builds this lives before 2020.
    holds!(run, now(run, CLOCK_REALTIME)? > 1_577_836_800_000_000_000);
    Ok(())
}

fn cpu_time(run: &Run) -> Outcome {
    let (process, thread) = (now(run, CLOCK_PROCESS_CPUTIME_ID)?, now(run, CLOCK_THREAD_CPUTIME_ID)?);
    holds!(run, process > 0 && thread > 0);
    Ok(())
}

fn clock_wrong(run: &Run) -> Outcome {
    let mut time = spec(0, 0);
    fails!(run, EINVAL, clock_gettime(99, &raw mut time));
    fails!(run, EFAULT, clock_gettime(CLOCK_MONOTONIC, nowhere()));
    Ok(())
}

fn resolution(run: &Run) -> Outcome {
    let mut time = spec(-1, -1);
    same!(run, ok!(run, clock_getres(CLOCK_MONOTONIC, &raw mut time)), 0);
    holds!(run, time.tv_sec == 0 && time.tv_nsec > 0);
    same!(run, ok!(run, clock_getres(CLOCK_MONOTONIC, null_mut())), 0);
    fails!(run, EINVAL, clock_getres(99, &raw mut time));
    Ok(())
}

fn sleep(run: &Run) -> Outcome {
    let before = now(run, CLOCK_MONOTONIC)?;
    let time = spec(0, 5_000_000);
    same!(run, ok!(run, clock_nanosleep(CLOCK_MONOTONIC, 0, &raw const time, null_mut())), 0);
    holds!(run, now(run, CLOCK_MONOTONIC)? - before >= 5_000_000);
    Ok(())
}

fn sleep_until(run: &Run) -> Outcome {
    let until = now(run, CLOCK_MONOTONIC)? + 3_000_000;
    let time = spec(until / 1_000_000_000, until % 1_000_000_000);
    same!(run, ok!(run, clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &raw const time, null_mut())), 0);
    holds!(run, now(run, CLOCK_MONOTONIC)? >= until);
    Ok(())
}

fn sleep_wrong(run: &Run) -> Outcome {
    let time = spec(0, 1_000_000_000);
    fails!(run, EINVAL, clock_nanosleep(CLOCK_MONOTONIC, 0, &raw const time, null_mut()));
    let time = spec(-1, 0);
    fails!(run, EINVAL, clock_nanosleep(CLOCK_MONOTONIC, 0, &raw const time, null_mut()));
    fails!(run, EFAULT, clock_nanosleep(CLOCK_MONOTONIC, 0, nowhere(), null_mut()));
    Ok(())
}

static HOUR: __kernel_itimerspec = __kernel_itimerspec { it_interval: spec(7, 5), it_value: spec(3600, 0) };
static NONE: __kernel_itimerspec = __kernel_itimerspec { it_interval: spec(0, 0), it_value: spec(0, 0) };

fn none() -> __kernel_itimerspec {
    __kernel_itimerspec { ..NONE }
}

/// Whether the timer that was set to `HOUR` runs as it should.
fn runs(left: &__kernel_itimerspec) -> bool {
    let interval = (left.it_interval.tv_sec, left.it_interval.tv_nsec);
    interval == (7, 5) && (3000..=3600).contains(&left.it_value.tv_sec)
}

fn timer(run: &Run) -> Outcome {
    let mut id = -1i32;
    // Without an event, it sends SIGALRM: never, here.
    same!(run, ok!(run, timer_create(CLOCK_MONOTONIC, null_mut(), (&raw mut id).cast())), 0);
    same!(run, ok!(run, timer_settime(id as _, 0, &raw const HOUR, null_mut())), 0);
    let mut left = none();
    same!(run, ok!(run, timer_gettime(id as _, &raw mut left)), 0);
    holds!(run, runs(&left));
    same!(run, ok!(run, timer_getoverrun(id as _)), 0);
    let mut left = none();
    same!(run, ok!(run, timer_settime(id as _, 0, &raw const NONE, &raw mut left)), 0);
    holds!(run, runs(&left));
    same!(run, ok!(run, timer_delete(id as _)), 0);
    fails!(run, EINVAL, timer_delete(id as _));
    Ok(())
}

fn timer_wrong(run: &Run) -> Outcome {
    let mut id = -1i32;
    fails!(run, EINVAL, timer_create(99, null_mut(), (&raw mut id).cast()));
    same!(run, id, -1);
    Ok(())
}

fn timer_descriptor(run: &Run) -> Outcome {
    let fd = ok!(run, timerfd_create(CLOCK_MONOTONIC, O_NONBLOCK));
    let mut ticks = 0u64;
    fails!(run, EAGAIN, read(fd as _, (&raw mut ticks).cast(), 8));
    same!(run, ok!(run, timerfd_settime(fd as _, 0, &raw const HOUR, null_mut())), 0);
    let mut left = none();
    same!(run, ok!(run, timerfd_gettime(fd as _, &raw mut left)), 0);
    holds!(run, runs(&left));
    let soon = __kernel_itimerspec { it_interval: spec(0, 1_000_000), it_value: spec(0, 1) };
    same!(run, ok!(run, timerfd_settime(fd as _, 0, &raw const soon, null_mut())), 0);
    let time = spec(0, 5_000_000);
    ok!(run, clock_nanosleep(CLOCK_MONOTONIC, 0, &raw const time, null_mut()));
    same!(run, ok!(run, read(fd as _, (&raw mut ticks).cast(), 8)), 8);
    holds!(run, ticks >= 5);
    close(run, fd)
}

fn timer_descriptor_wrong(run: &Run) -> Outcome {
    fails!(run, EINVAL, timerfd_create(99, 0));
    fails!(run, EINVAL, timerfd_create(CLOCK_MONOTONIC, 1));
    let fd = ok!(run, timerfd_create(CLOCK_MONOTONIC, 0));
    fails!(run, EINVAL, timerfd_settime(fd as _, 1 << 20, &raw const NONE, null_mut()));
    close(run, fd)
}

fn interval_timer(run: &Run) -> Outcome {
    // SAFETY: itimerval is plain data.
    let (mut hour, mut left): (__kernel_old_itimerval, __kernel_old_itimerval) =
        unsafe { core::mem::zeroed() };
    hour.it_value.tv_sec = 3600;
    same!(run, ok!(run, setitimer(ITIMER_REAL, &raw mut hour, null_mut())), 0);
    same!(run, ok!(run, getitimer(ITIMER_REAL, &raw mut left)), 0);
    holds!(run, (3000..=3600).contains(&left.it_value.tv_sec));
    hour.it_value.tv_sec = 0;
    same!(run, ok!(run, setitimer(ITIMER_REAL, &raw mut hour, null_mut())), 0);
    fails!(run, EINVAL, getitimer(99, &raw mut left));
    Ok(())
}

fn quantum(run: &Run) -> Outcome {
    let mut time = spec(-1, -1);
    same!(run, ok!(run, sched_rr_get_interval(0, &raw mut time)), 0);
    holds!(run, time.tv_sec >= 0 && (0..1_000_000_000).contains(&time.tv_nsec));
    fails!(run, EINVAL, sched_rr_get_interval(-1, &raw mut time));
    Ok(())
}

fn ticks(run: &Run) -> Outcome {
    // SAFETY: tms is plain data.
    let mut spent: ring3::uapi::tms = unsafe { core::mem::zeroed() };
    // The result wraps on a 32-bit ABI and may then look like an error: with no buffer asked for, nothing can fail.
    if size_of::<usize>() == 8 {
        let first = ok!(run, times(&raw mut spent));
        holds!(run, ok!(run, times(null_mut())) >= first);
    } else {
        let _ = call!(run, times(&raw mut spent));
    }
    holds!(run, spent.tms_utime >= 0 && spent.tms_stime >= 0);
    fails!(run, EFAULT, times(nowhere()));
    Ok(())
}

fn adjustment(run: &Run) -> Outcome {
    fails!(run, EFAULT, clock_adjtime(CLOCK_REALTIME, nowhere()));
    fails!(run, EFAULT, clock_nanosleep(CLOCK_REALTIME, 0, null(), null_mut()));
    Ok(())
}
