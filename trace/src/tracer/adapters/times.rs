//! src/compat/time.rs.

use super::*;
use ring3::sys::{itimerval, timeval, timezone, utimbuf};

macro_rules! utimensat {
    ($dirfd:expr, $path:expr, $times:expr, $value:expr) => {
        answered!(UTIMENSAT | UTIMENSAT_TIME64(int("dirfd", $dirfd), $path, $times, int("flags", 0)) = $value)
    };
}

macro_rules! clock_gettime {
    ($clock:expr) => {
        answered!(CLOCK_GETTIME | CLOCK_GETTIME64(
            int("clockid", $clock), any("tp", Content::Room(16))
        ) = 0, 1: timespec!(0x2_8123_4567_i64, 987_654_321))
    };
}

macro_rules! clock_settime {
    ($content:expr) => {
        clock_settime!(REALTIME, any("tp", $content))
    };
    ($clock:expr, $time:expr) => {
        answered!(CLOCK_SETTIME | CLOCK_SETTIME64(int("clockid", $clock), $time) = 0)
    };
}

macro_rules! clock_adjtime {
    ($clock:expr) => {
        answered!(CLOCK_ADJTIME | CLOCK_ADJTIME64(int("clockid", $clock), TIMEX) = 0x1234_5601)
    };
}

const TIME: Slot = at("tp", 1, fill(0x66, 16));
const TIMEX: Slot = at("buf", 1, fill(0x67, size_of::<uapi::__kernel_timex>()));

/// A clock of the processor's time, and that of a descriptor: include/linux/posix-timers.h.
const CPU: i32 = -6;
const DESCRIPTOR: i32 = 0x0234_5601;
const DYNAMIC: i32 = (!DESCRIPTOR << 3) | 3;

const REALTIME: i32 = 0;
const REALTIME_COARSE: i32 = 5;

/// Two `struct __kernel_timespec`.
macro_rules! timespecs {
    ($($number:expr),*) => { any("times", Content::Pieces(&[$(Piece::Number($number as i64 as u64, 8)),*])) };
}

const NONE: Slot = word("times", 0);

/// Before 1970 and after 2038.
fn times() -> [timeval; 2] {
    [
        timeval { tv_sec: arg(-0x1_2345_6789_i64 as u64), tv_usec: arg(123_456) },
        timeval { tv_sec: arg(0x1_2345_6789), tv_usec: arg(999_999) },
    ]
}

const TIMESPECS: Slot = timespecs!(-0x1_2345_6789_i64, 123_456_000, 0x1_2345_6789_i64, 999_999_000);

/// The same with microseconds that could be `UTIME_NOW` if they were taken for nanoseconds.
fn wrong_times(usec: i64) -> [timeval; 2] {
    let [first, second] = times();
    [first, timeval { tv_usec: usec, ..second }]
}

fn zone() -> &'static timezone {
    one(1, 0x60)
}

const ZONE: Slot = at("tz", 1, fill(0x60, 8));

/// `struct __kernel_old_itimerval`, of `long`s.
macro_rules! longs {
    ($($number:expr),*) => { Content::Pieces(&[$(Piece::Number($number as u64, WORD)),*]) };
}

/// The portable struct.
macro_rules! numbers {
    ($($number:expr),*) => { Content::Pieces(&[$(Piece::Number($number, 8)),*]) };
}

/// The call that an alarm is, when the timer before it had this left.
macro_rules! alarm {
    ($seconds:expr, $left:expr, $micros:expr) => {
        answered!(SETITIMER(
            int("which", 0), any("new", longs!(0, 0, $seconds, 0)), any("old", Content::Room(4 * WORD))
        ) = 0, 2: longs!(0, 0, $left, $micros))
    };
}

fn alarm(seconds: u64) -> Option<Errno> {
    tell(sys::alarm(arg(seconds)));
    None
}

adapted! { TIMES:
    "utimes_utimensat" "sys::utimes" [utimensat!(CWD, string("path", 0, 0x61), TIMESPECS, 0)]
        values![], done(sys::utimes(path(0, 0x61), Some(&times())));
    "utimes_utimensat" "sys::utimes (now)" [utimensat!(CWD, string("path", 0, 0x62), NONE, -38)]
        ENOSYS, done(sys::utimes(path(0, 0x62), None));
    "utimes_utimensat" "sys::utimes (of too many)" []
        EINVAL, done(sys::utimes(path(0, 0x62), Some(&wrong_times(1_000_000))));
    "utimes_utimensat" "sys::utimes (of too few)" []
        EINVAL, done(sys::utimes(path(0, 0x62), Some(&wrong_times(-1))));
    "futimesat_utimensat" "sys::futimesat" [utimensat!(0x1234_5601, string("path", 1, 0x63), TIMESPECS, 0)]
        values![], done(sys::futimesat(fd(0x1234_5601), Some(path(1, 0x63)), Some(&times())));
    "futimesat_utimensat" "sys::futimesat (now)" [utimensat!(0x1234_5602, word("path", 0), NONE, -38)]
        ENOSYS, done(sys::futimesat(fd(0x1234_5602), None, None));
    "utime_utimensat" "sys::utime"
        [utimensat!(CWD, string("path", 0, 0x64), timespecs!(-0x1_2345_6789_i64, 0, 0x1_2345_6788_i64, 0), 0)]
        values![],
        done(sys::utime(path(0, 0x64), Some(&utimbuf { actime: arg(-0x1_2345_6789_i64 as u64), modtime: arg(0x1_2345_6788) })));
    "utime_utimensat" "sys::utime (now)" [utimensat!(CWD, string("path", 0, 0x65), NONE, -38)]
        ENOSYS, done(sys::utime(path(0, 0x65), None));

    "gettimeofday_clock" "sys::gettimeofday" [clock_gettime!(REALTIME)]
        values![numbers!(0x2_8123_4567, 987_654)], done(sys::gettimeofday());
    "time_clock" "sys::time" [clock_gettime!(REALTIME_COARSE)]
        values![number(0x2_8123_4567, 8)], { tell(sys::time()); None };
    "settimeofday_clock" "sys::settimeofday" [clock_settime!(timespec!(0x1_2345_6789_i64, 999_999_000))]
        values![], done(sys::settimeofday(Some(&times()[1]), None));
    "settimeofday_clock" "sys::settimeofday (of too many)" []
        EINVAL, done(sys::settimeofday(Some(&wrong_times(1_000_000)[1]), Some(zone())));
    "settimeofday_clock" "sys::settimeofday (of nothing)" [] values![], done(sys::settimeofday(None, None));
    // The zone first, and no time if that fails.
    "settimeofday_clock" "sys::settimeofday (with zone)"
        [answered!(SETTIMEOFDAY(word("tv", 0), ZONE) = 0), clock_settime!(timespec!(0x1_2345_6789_i64, 999_999_000))]
        values![], done(sys::settimeofday(Some(&times()[1]), Some(zone())));
    "settimeofday_clock" "sys::settimeofday (with wrong zone)" [forgotten!(SETTIMEOFDAY(word("tv", 0), ZONE))]
        ENOSYS, done(sys::settimeofday(Some(&times()[1]), Some(zone())));
    "settimeofday_zone" "sys::settimeofday::zone" [answered!(SETTIMEOFDAY(word("tv", 0), ZONE) = 0)]
        values![], done(sys::settimeofday::zone(zone()));
    "settimeofday_zone" "sys::settimeofday::zone (forgotten)" [forgotten!(SETTIMEOFDAY(word("tv", 0), ZONE))]
        ENOSYS, done(sys::settimeofday::zone(zone()));

    "clock_settime_checked" | "clock_settime64_checked" "sys::clock_settime"
        [clock_settime!(0x1234_5607, TIME)] values![], done(sys::clock_settime(arg(0x1234_5607), one(1, 0x66)));
    "clock_settime_checked" | "clock_settime64_checked" "sys::clock_settime (of a process)"
        [clock_settime!(CPU, TIME)] values![], done(sys::clock_settime(arg(CPU as u64), one(1, 0x66)));
    "clock_settime_checked" | "clock_settime64_checked" "sys::clock_settime (of a descriptor)" []
        EINVAL, done(sys::clock_settime(consts::Clock::new(DYNAMIC), one(1, 0x66)));
    "clock_settime_dynamic" | "clock_settime64_dynamic" "sys::clock_settime::dynamic"
        [clock_settime!(DYNAMIC, TIME)] values![], done(sys::clock_settime::dynamic(fd(DESCRIPTOR as u64), one(1, 0x66)));
    "clock_adjtime_checked" | "clock_adjtime64_checked" "sys::clock_adjtime"
        [clock_adjtime!(0x1234_5608)] values![number(0x1234_5601, 4)], done(sys::clock_adjtime(arg(0x1234_5608), one(1, 0x67)));
    "clock_adjtime_checked" | "clock_adjtime64_checked" "sys::clock_adjtime (of a descriptor)" []
        EINVAL, done(sys::clock_adjtime(consts::Clock::new(DYNAMIC), one(1, 0x67)));
    "clock_adjtime_dynamic" | "clock_adjtime64_dynamic" "sys::clock_adjtime::dynamic"
        [clock_adjtime!(DYNAMIC)] values![number(0x1234_5601, 4)],
        done(sys::clock_adjtime::dynamic(fd(DESCRIPTOR as u64), one(1, 0x67)));

    "getitimer_old" "sys::getitimer"
        [answered!(GETITIMER(int("which", 0x1234_5601), any("value", Content::Room(4 * WORD))) = 0, 1: longs!(11, 12, 13, 14))]
        values![numbers!(11, 12, 13, 14)], done(sys::getitimer(arg(0x1234_5601)));
    "setitimer_old" "sys::setitimer"
        [answered!(SETITIMER(
            int("which", 0x1234_5602), at_value(), any("old", Content::Room(4 * WORD))
        ) = 0, 2: longs!(21, 22, 23, 24))]
        values![numbers!(21, 22, 23, 24)], done(sys::setitimer(arg(0x1234_5602), &timer(0)));
    "setitimer_old" "sys::setitimer (forgotten)"
        [forgotten!(SETITIMER(int("which", 0x1234_5603), at_value(), any("old", Content::Room(4 * WORD))))]
        ENOSYS, done(sys::setitimer(arg(0x1234_5603), &timer(0)));

    // Where a `long` has 32 bits, not every time fits.
    "setitimer_old_32" "sys::setitimer (of too much)" []
        EINVAL, done(sys::setitimer(arg(0x1234_5604), &timer(1 << 32)));

    "alarm_setitimer" "sys::alarm" [alarm!(0x1234_5678, 5, 499_999)] values![number(5, WORD)], alarm(0x1234_5678);
    "alarm_setitimer" "sys::alarm (rounded)" [alarm!(0x1234_5679, 5, 500_000)] values![number(6, WORD)], alarm(0x1234_5679);
    "alarm_setitimer" "sys::alarm (of little left)" [alarm!(0x1234_5680, 0, 1)] values![number(1, WORD)], alarm(0x1234_5680);
    "alarm_setitimer" "sys::alarm (of too much)" [alarm!(0x7fff_ffff, 0, 0)] values![number(0, WORD)], alarm(0x8000_0000);
}

const fn at_value() -> Slot {
    any("new", longs!(31, 32, 33, 34))
}

/// The timer of that, or one that is longer.
fn timer(more: i64) -> itimerval {
    itimerval {
        it_interval: timeval { tv_sec: arg::<i64>(31) + more, tv_usec: arg(32) },
        it_value: timeval { tv_sec: arg(33), tv_usec: arg(34) },
    }
}
