//! The times of files, after the year 2038 too.

use crate::report::{Check, Outcome, Run};
use crate::tools::mode;
use ring3::AT_FDCWD;
use ring3::consts::{At, Mfd};
use ring3::sys::{timespec, timeval, utimbuf};

pub const CHECKS: &[Check] = &[
    ("file times", file_times),
    ("file times of now", file_times_of_now),
    ("bad file times", bad_file_times),
    ("memory's times after 2038", memory_after_2038),
    ("file times after 2038", file_times_after_2038),
];

/// More than 31 bits hold, and more than 32.
const LATE: [i64; 2] = [(1 << 31) + 5, (1 << 32) + 6];

fn file_times(run: &Run) -> Outcome {
    call!(run, creat(c"times", mode(0o600)))?;
    let times = || -> ring3::Result<[(i64, i64); 2]> {
        let stat = call!(run, stat(c"times"))?;
        Ok([stat.st_atim, stat.st_mtim].map(|time| (time.tv_sec, time.tv_nsec)))
    };
    call!(run, utime(c"times", Some(&utimbuf { actime: 1_000_000_000, modtime: 1_000_000_001 })))?;
    same!(run, times()?, [(1_000_000_000, 0), (1_000_000_001, 0)]);

    let micro = |tv_sec, tv_usec| timeval { tv_sec, tv_usec };
    call!(run, utimes(c"times", Some(&[micro(1_100_000_000, 999_999), micro(1, 250_000)])))?;
    same!(run, times()?, [(1_100_000_000, 999_999_000), (1, 250_000_000)]);
    call!(run, futimesat(AT_FDCWD, Some(c"times"), Some(&[micro(7, 8), micro(9, 10)])))?;
    same!(run, times()?, [(7, 8000), (9, 10_000)]);

    let nano = |tv_sec, tv_nsec| timespec { tv_sec, tv_nsec };
    let pair = [nano(1_200_000_000, 123_456_789), nano(0, 0)];
    call!(run, utimensat(AT_FDCWD, Some(c"times"), Some(&pair), At::empty()))?;
    same!(run, times()?, [(1_200_000_000, 123_456_789), (0, 0)]);
    Ok(())
}

fn file_times_of_now(run: &Run) -> Outcome {
    let fd = call!(run, creat(c"now", mode(0o600)))?;
    let recent = |what: &str| -> Outcome {
        let now = plain!(run, time());
        let seconds = call!(run, stat(c"now"))?.st_mtim.tv_sec;
        if (now - 100..=now + 100).contains(&seconds) {
            return Ok(());
        }
        Err(run.wrong(line!(), what, &seconds, &now))
    };
    let old = utimbuf { actime: 1, modtime: 1 };
    call!(run, utime(c"now", Some(&old)))?;
    call!(run, utime(c"now", None))?;
    recent("utime")?;
    call!(run, utime(c"now", Some(&old)))?;
    call!(run, utimes(c"now", None))?;
    recent("utimes")?;
    call!(run, utime(c"now", Some(&old)))?;
    call!(run, futimesat(AT_FDCWD, Some(c"now"), None))?;
    recent("futimesat")?;
    call!(run, utime(c"now", Some(&old)))?;
    call!(run, futimesat(&fd, None, None))?;
    recent("futimesat of a descriptor")?;
    call!(run, utime(c"now", Some(&old)))?;
    call!(run, utimensat(&fd, None, None, At::empty()))?;
    recent("utimensat of a descriptor")
}

fn bad_file_times(run: &Run) -> Outcome {
    call!(run, creat(c"bad", mode(0o600)))?;
    let micro = [timeval { tv_sec: 0, tv_usec: 1_000_000 }; 2];
    refused!(run, EINVAL, utimes(c"bad", Some(&micro)));
    refused!(run, EINVAL, futimesat(AT_FDCWD, Some(c"bad"), Some(&micro)));
    // In nanoseconds this many mean "now", and in microseconds they do not.
    let micro = [timeval { tv_sec: 0, tv_usec: 0x3fff_ffff }; 2];
    refused!(run, EINVAL, utimes(c"bad", Some(&micro)));
    let nano = [timespec { tv_sec: 0, tv_nsec: 1_000_000_000 }; 2];
    refused!(run, EINVAL, utimensat(AT_FDCWD, Some(c"bad"), Some(&nano), At::empty()));
    refused!(run, ENOENT, utime(c"nothing", None));
    refused!(run, ENOENT, utimes(c"nothing", None));
    Ok(())
}

/// Memory keeps whatever time there is.
fn memory_after_2038(run: &Run) -> Outcome {
    let fd = call!(run, memfd_create(c"times", Mfd::CLOEXEC))?;
    let [first, second] = LATE;
    let pair = [timespec { tv_sec: first, tv_nsec: 1 }, timespec { tv_sec: second, tv_nsec: 999_999_999 }];
    call!(run, utimensat(&fd, None, Some(&pair), At::empty()))?;
    let stat = call!(run, fstat(&fd))?;
    same!(run, (stat.st_atim.tv_sec, stat.st_atim.tv_nsec), (first, 1));
    same!(run, (stat.st_mtim.tv_sec, stat.st_mtim.tv_nsec), (second, 999_999_999));
    let micro = [timeval { tv_sec: second, tv_usec: 1 }, timeval { tv_sec: first, tv_usec: 999_999 }];
    call!(run, futimesat(&fd, None, Some(&micro)))?;
    let stat = call!(run, fstat(&fd))?;
    same!(run, (stat.st_atim.tv_sec, stat.st_atim.tv_nsec), (second, 1000));
    same!(run, (stat.st_mtim.tv_sec, stat.st_mtim.tv_nsec), (first, 999_999_000));
    Ok(())
}

/// Not every file system keeps them: some take the last one that they can.
fn file_times_after_2038(run: &Run) -> Outcome {
    call!(run, creat(c"late", mode(0o600)))?;
    for late in LATE {
        let nano = [timespec { tv_sec: late, tv_nsec: 0 }; 2];
        let micro = [timeval { tv_sec: late, tv_usec: 0 }; 2];
        let ways: [(&str, &dyn Fn() -> ring3::Result<()>); 4] = [
            ("utimensat", &|| call!(run, utimensat(AT_FDCWD, Some(c"late"), Some(&nano), At::empty()))),
            ("utimes", &|| call!(run, utimes(c"late", Some(&micro)))),
            ("futimesat", &|| call!(run, futimesat(AT_FDCWD, Some(c"late"), Some(&micro)))),
            ("utime", &|| call!(run, utime(c"late", Some(&utimbuf { actime: late, modtime: late })))),
        ];
        for (name, set) in ways {
            call!(run, utime(c"late", Some(&utimbuf { actime: 0, modtime: 0 })))?;
            set()?;
            for stat in [call!(run, stat(c"late"))?, call!(run, lstat(c"late"))?] {
                for seconds in [stat.st_atim.tv_sec, stat.st_mtim.tv_sec] {
                    if seconds == i32::MAX.into() {
                        run.remark("this file system keeps no times after 2038");
                        return Ok(());
                    }
                    if seconds != late {
                        return Err(run.wrong(line!(), name, &seconds, &late));
                    }
                }
            }
        }
    }
    Ok(())
}
