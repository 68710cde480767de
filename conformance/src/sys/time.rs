//! Clocks and timers.

use super::*;
use core::mem::zeroed;
use ring3::{
    TimerId,
    consts::{Clock, Itimer, Sig, Tfd, TfdTimer, Timer},
    sys::{itimerspec, itimerval, timespec, timeval},
    uapi::{__kernel_timex, sigevent},
};

checks! { "sys::time":
    clocks, seconds, setting, adjusting, sleeping, interrupted_sleep, interval_timers, alarms, timers, timers_with_events, descriptors, zone (privileged),
}

const fn spec(tv_sec: i64, tv_nsec: i64) -> timespec {
    timespec { tv_sec, tv_nsec }
}

fn nanoseconds(time: timespec) -> i64 {
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

fn once(value: timespec) -> itimerspec {
    itimerspec { it_interval: spec(0, 0), it_value: value }
}

fn clocks(run: &Run) -> Outcome {
    let before = nanoseconds(ok!(run, clock_gettime(Clock::MONOTONIC)));
    let after = nanoseconds(ok!(run, clock_gettime(Clock::MONOTONIC)));
    holds!(run, after >= before && after - before < 60_000_000_000);
    let precision = ok!(run, clock_getres(Clock::REALTIME));
    holds!(run, precision.tv_sec == 0 && precision.tv_nsec > 0 && precision.tv_nsec <= 20_000_000);
    fails!(run, EINVAL, clock_gettime(Clock::new(99)));
    fails!(run, EINVAL, clock_getres(Clock::new(99)));
    Ok(())
}

fn seconds(run: &Run) -> Outcome {
    let now = ok!(run, clock_gettime(Clock::REALTIME)).tv_sec;
    holds!(run, (now - 1..=now + 60).contains(&value!(run, time())));
    let time = ok!(run, gettimeofday());
    holds!(run, (now..=now + 60).contains(&time.tv_sec) && (0..1_000_000).contains(&time.tv_usec));
    let (ticks, used) = value!(run, times());
    holds!(run, ticks > 0 && used.tms_utime >= 0 && used.tms_cstime >= 0);
    let (later, _) = value!(run, times());
    holds!(run, later.wrapping_sub(ticks) < 60 * 1000);
    Ok(())
}

/// Values that no clock takes: the machine's is left alone.
fn setting(run: &Run) -> Outcome {
    fails!(run, EINVAL, clock_settime(Clock::REALTIME, &spec(0, 1_000_000_000)));
    fails!(run, EINVAL, clock_settime(Clock::MONOTONIC, &spec(0, 0)));
    fails!(run, EINVAL, settimeofday(Some(&timeval { tv_sec: 0, tv_usec: 1_000_000 }), None));
    fails!(run, EINVAL, settimeofday(Some(&timeval { tv_sec: 0, tv_usec: -1 }), None));
    Ok(())
}

fn adjusting(run: &Run) -> Outcome {
    // SAFETY: the struct is plain data; zeros change nothing.
    let nothing: __kernel_timex = unsafe { zeroed() };
    let (mut one, mut other) = (nothing, nothing);
    let state = ok!(run, adjtimex(&mut one));
    holds!(run, (0..=5).contains(&state) && one.tick > 0);
    same!(run, ok!(run, clock_adjtime(Clock::REALTIME, &mut other)), state);
    same!(run, (other.tick, other.freq), (one.tick, one.freq));
    fails!(run, EINVAL, clock_adjtime(Clock::new(99), &mut other));
    fails!(run, EOPNOTSUPP, clock_adjtime(Clock::MONOTONIC, &mut other));
    Ok(())
}

fn sleeping(run: &Run) -> Outcome {
    let before = nanoseconds(ok!(run, clock_gettime(Clock::MONOTONIC)));
    ok!(run, nanosleep(&spec(0, 2_000_000), None));
    ok!(run, clock_nanosleep(Clock::MONOTONIC, Timer::empty(), &spec(0, 2_000_000), None));
    let after = nanoseconds(ok!(run, clock_gettime(Clock::MONOTONIC)));
    holds!(run, after - before >= 4_000_000);
    // A time that is over.
    ok!(run, clock_nanosleep(Clock::MONOTONIC, Timer::ABSTIME, &spec(0, 1), None));
    fails!(run, EINVAL, nanosleep(&spec(0, 1_000_000_000), None));
    fails!(run, EINVAL, nanosleep(&spec(-1, 0), None));
    fails!(run, EINVAL, clock_nanosleep(Clock::new(99), Timer::empty(), &spec(0, 0), None));
    fails!(run, EINVAL, clock_nanosleep(Clock::MONOTONIC, Timer::empty(), &spec(0, -1), None));
    Ok(())
}

/// What is left of the time comes back.
fn interrupted_sleep(run: &Run) -> Outcome {
    signals::handle(run, Sig::ALRM)?;
    let soon = timeval { tv_sec: 0, tv_usec: 20_000 };
    // Again and again: the first may come before the sleep begins.
    ok!(run, setitimer(Itimer::REAL, &itimerval { it_interval: soon, it_value: soon }));
    let mut rest = spec(0, 0);
    fails!(run, EINTR, nanosleep(&spec(100, 0), Some(&mut rest)));
    holds!(run, rest.tv_sec == 99 || rest.tv_sec == 100);
    let mut rest = spec(0, 0);
    fails!(run, EINTR, clock_nanosleep(Clock::MONOTONIC, Timer::empty(), &spec(100, 0), Some(&mut rest)));
    holds!(run, rest.tv_sec == 99 || rest.tv_sec == 100);
    fails!(run, EINTR, pause());
    ok!(run, setitimer(Itimer::REAL, &itimerval::default()));
    signals::default(run, Sig::ALRM)
}

fn interval_timers(run: &Run) -> Outcome {
    let time = |tv_sec, tv_usec| timeval { tv_sec, tv_usec };
    let new = itimerval { it_interval: time(7, 9), it_value: time(100, 5) };
    same!(run, ok!(run, setitimer(Itimer::REAL, &new)), itimerval::default());
    let now = ok!(run, getitimer(Itimer::REAL));
    same!(run, now.it_interval, time(7, 9));
    holds!(run, now.it_value.tv_sec == 99 || now.it_value.tv_sec == 100);
    same!(run, ok!(run, setitimer(Itimer::REAL, &itimerval::default())).it_interval, time(7, 9));
    same!(run, ok!(run, getitimer(Itimer::REAL)), itimerval::default());
    fails!(run, EINVAL, getitimer(Itimer::new(9)));
    fails!(run, EINVAL, setitimer(Itimer::new(9), &new));
    fails!(run, EINVAL, setitimer(Itimer::REAL, &itimerval { it_value: time(0, 1_000_000), ..new }));
    Ok(())
}

fn alarms(run: &Run) -> Outcome {
    same!(run, value!(run, alarm(100)), 0);
    same!(run, value!(run, alarm(50)), 100);
    let now = ok!(run, getitimer(Itimer::REAL)).it_value;
    holds!(run, now.tv_sec == 49 || now.tv_sec == 50);
    same!(run, value!(run, alarm(0)), 50);
    same!(run, value!(run, alarm(0)), 0);
    Ok(())
}

fn timers(run: &Run) -> Outcome {
    fails!(run, EINVAL, timer_create::alarm(Clock::new(99)));
    let timer = ok!(run, timer_create::alarm(Clock::MONOTONIC));
    let time = itimerspec { it_interval: spec(3, 1), it_value: spec(100, 0) };
    let before = ok!(run, timer_settime(timer, Timer::empty(), &time));
    same!(run, nanoseconds(before.it_value), 0);
    let now = ok!(run, timer_gettime(timer));
    same!(run, nanoseconds(now.it_interval), 3_000_000_001);
    holds!(run, now.it_value.tv_sec == 99 || now.it_value.tv_sec == 100);
    same!(run, ok!(run, timer_getoverrun(timer)), 0);
    fails!(run, EINVAL, timer_settime(timer, Timer::empty(), &once(spec(0, -1))));
    ok!(run, timer_delete(timer));
    fails!(run, EINVAL, timer_delete(timer));
    fails!(run, EINVAL, timer_gettime(timer));
    fails!(run, EINVAL, timer_settime(TimerId::from_raw(-1), Timer::empty(), &time));
    fails!(run, EINVAL, timer_getoverrun(timer));
    Ok(())
}

fn timers_with_events(run: &Run) -> Outcome {
    // SAFETY: the struct is plain data.
    let mut event: sigevent = unsafe { zeroed() };
    (event.sigev_signo, event.sigev_notify) = (Sig::USR1.raw(), ring3::consts::Sigev::SIGNAL.raw());
    let blocked = signals::block(run, &[Sig::USR1])?;
    let timer = ok!(run, timer_create(Clock::MONOTONIC, Some(&event)));
    ok!(run, timer_settime(timer, Timer::empty(), &once(spec(0, 1_000_000))));
    let (signal, info) = ok!(run, rt_sigtimedwait(&signals::set_of(&[Sig::USR1]), Some(&spec(60, 0))));
    same!(run, (signal, signals::words(&info)[2]), (Sig::USR1, ring3::consts::Si::TIMER.raw()));
    ok!(run, timer_delete(timer));
    signals::unblock(run, blocked)?;
    event.sigev_notify = 99;
    fails!(run, EINVAL, timer_create(Clock::MONOTONIC, Some(&event)));
    Ok(())
}

fn descriptors(run: &Run) -> Outcome {
    let fd = ok!(run, timerfd_create(Clock::MONOTONIC, Tfd::CLOEXEC | Tfd::NONBLOCK));
    let mut count = [0; 8];
    fails!(run, EAGAIN, read(&fd, &mut count));
    let time = itimerspec { it_interval: spec(5_000_000_000, 7), it_value: spec(100, 0) };
    same!(run, nanoseconds(ok!(run, timerfd_settime(&fd, TfdTimer::empty(), &time)).it_value), 0);
    let now = ok!(run, timerfd_gettime(&fd));
    same!(run, (now.it_interval.tv_sec, now.it_interval.tv_nsec), (5_000_000_000, 7));
    let before = ok!(run, timerfd_settime(&fd, TfdTimer::empty(), &once(spec(0, 1_000_000))));
    holds!(run, before.it_value.tv_sec == 99 || before.it_value.tv_sec == 100);
    ok!(run, nanosleep(&spec(0, 5_000_000), None));
    same!(run, ok!(run, read(&fd, &mut count)), 8);
    same!(run, u64::from_ne_bytes(count), 1);
    fails!(run, EINVAL, timerfd_settime(&fd, TfdTimer::empty(), &once(spec(0, 1_000_000_000))));
    fails!(run, EINVAL, timerfd_create(Clock::new(99), Tfd::empty()));
    fails!(run, EBADF, timerfd_gettime(closed()));
    fails!(run, EBADF, timerfd_settime(closed(), TfdTimer::empty(), &time));
    let [reader, _writer] = ok!(run, pipe());
    fails!(run, EINVAL, timerfd_gettime(&reader));
    Ok(())
}

/// A zone that none can be.
fn zone(run: &Run) -> Outcome {
    let wrong = ring3::sys::timezone { tz_minuteswest: 16 * 60, tz_dsttime: 0 };
    #[cfg(not(target_arch = "riscv32"))]
    fails!(run, EINVAL, settimeofday::zone(&wrong));
    #[cfg(not(target_arch = "riscv32"))]
    fails!(run, EINVAL, settimeofday(None, Some(&wrong)));
    // There is no such call, and the adapter says so.
    #[cfg(target_arch = "riscv32")]
    same!(run, ring3::sys::settimeofday(None, Some(&wrong)), Err(Errno::ENOSYS));
    Ok(())
}
