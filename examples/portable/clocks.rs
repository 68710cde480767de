//! Clocks, and waiting for them.

use crate::report::{Check, Outcome, Run};
use crate::tools::{milliseconds, nanoseconds, now, zeroed};
use ring3::consts::{Clock, Timer};
use ring3::sys::{timespec, timeval};

pub const CHECKS: &[Check] = &[
    ("clocks", clocks),
    ("the time", the_time),
    ("setting clocks", setting_clocks),
    ("adjusting clocks", adjusting_clocks),
    ("clock_adjtime", clock_adjtime),
    ("sleeping", sleeping),
    ("time of processes", process_time),
];

fn clocks(run: &Run) -> Outcome {
    let mut last = 0;
    for _ in 0..3 {
        let time = call!(run, clock_gettime(Clock::MONOTONIC))?;
        holds!(run, (0..1_000_000_000).contains(&time.tv_nsec) && nanoseconds(&time) >= last);
        last = nanoseconds(&time);
    }
    let step = nanoseconds(&call!(run, clock_getres(Clock::MONOTONIC))?);
    holds!(run, (1..=10_000_000).contains(&step));
    refused!(run, EINVAL, clock_gettime(Clock::new(77)));
    refused!(run, EINVAL, clock_getres(Clock::new(77)));
    Ok(())
}

fn the_time(run: &Run) -> Outcome {
    let clock = call!(run, clock_gettime(Clock::REALTIME))?;
    let day = call!(run, gettimeofday())?;
    let coarse = plain!(run, time());
    // Between 2023 and 2100.
    holds!(run, (1_700_000_000..4_100_000_000).contains(&clock.tv_sec));
    holds!(run, (0..=9).contains(&(day.tv_sec - clock.tv_sec)) && (0..1_000_000).contains(&day.tv_usec));
    holds!(run, (-1..=9).contains(&(coarse - clock.tv_sec)));
    Ok(())
}

/// What nobody may set, and what is no time.
fn setting_clocks(run: &Run) -> Outcome {
    refused!(run, EINVAL, clock_settime(Clock::MONOTONIC, &milliseconds(1)));
    refused!(run, EINVAL, clock_settime(Clock::REALTIME, &timespec { tv_sec: 1, tv_nsec: 1_000_000_000 }));
    refused!(run, EINVAL, settimeofday(Some(&timeval { tv_sec: 1, tv_usec: 1_000_000 }), None));
    Ok(())
}

fn adjusting_clocks(run: &Run) -> Outcome {
    let mut timex: ring3::uapi::__kernel_timex = zeroed();
    let state = call!(run, adjtimex(&mut timex))?;
    // From a clock in step to one that nobody keeps in step.
    holds!(run, (0..=5).contains(&state));
    holds!(run, (plain!(run, time()) - timex.time.tv_sec).abs() <= 9);
    // A tick is about ten milliseconds.
    holds!(run, (9_000..=11_000).contains(&timex.tick));
    Ok(())
}

fn clock_adjtime(run: &Run) -> Outcome {
    let mut timex: ring3::uapi::__kernel_timex = zeroed();
    call!(run, clock_adjtime(Clock::REALTIME, &mut timex))?;
    holds!(run, (9_000..=11_000).contains(&timex.tick));
    refused!(run, EOPNOTSUPP, clock_adjtime(Clock::MONOTONIC, &mut timex));
    Ok(())
}

fn sleeping(run: &Run) -> Outcome {
    const SHORT: i64 = 5_000_000;
    let begin = now();
    call!(run, nanosleep(&milliseconds(5), None))?;
    holds!(run, now() - begin >= SHORT);
    let begin = now();
    let mut left = timespec { tv_sec: 7, tv_nsec: 8 };
    call!(run, clock_nanosleep(Clock::MONOTONIC, Timer::empty(), &milliseconds(5), Some(&mut left)))?;
    holds!(run, now() - begin >= SHORT);
    same!(run, (left.tv_sec, left.tv_nsec), (7, 8));
    let begin = now();
    let until = begin + SHORT;
    let until = timespec { tv_sec: until / 1_000_000_000, tv_nsec: until % 1_000_000_000 };
    call!(run, clock_nanosleep(Clock::MONOTONIC, Timer::ABSTIME, &until, None))?;
    holds!(run, now() - begin >= SHORT);
    let bad = timespec { tv_sec: 0, tv_nsec: 1_000_000_000 };
    refused!(run, EINVAL, nanosleep(&bad, None));
    refused!(run, EINVAL, clock_nanosleep(Clock::MONOTONIC, Timer::empty(), &bad, None));
    Ok(())
}

fn process_time(run: &Run) -> Outcome {
    let (first, used) = plain!(run, times());
    holds!(run, used.tms_utime >= 0 && used.tms_cutime >= 0);
    call!(run, nanosleep(&milliseconds(30), None))?;
    let (second, later) = plain!(run, times());
    holds!(run, (2..1000).contains(&second.wrapping_sub(first)));
    holds!(run, later.tms_utime >= used.tms_utime);
    Ok(())
}
