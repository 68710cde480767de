//! What the benchmarks share: a subject is something that is done in several ways, and criterion times each way.
//!
//! `cargo bench -p benches` shows criterion's report. `cargo xtask bench` runs them in turn several times, and makes benches/README.md of it.

use criterion::Criterion;
use ring3::consts::{Mode, O};
use ring3::{AT_FDCWD, AsRawFd, FromRawFd, IntoRawFd, OwnedFd, STDOUT, sys};
use std::time::{Duration, Instant};

/// Does something so many times.
pub type Work = Box<dyn FnMut(u64)>;

/// Something that is done, and the ways: by whom, and how.
pub struct Subject {
    pub name: &'static str,
    pub sides: Vec<(&'static str, Work)>,
}

/// Makes a [`Work`] of an expression, the loop included: what is called through a pointer is the loop.
#[macro_export]
macro_rules! repeat {
    ($call:expr) => {
        Box::new(move |times: u64| {
            for _ in 0..times {
                let _ = ::std::hint::black_box($call);
            }
        }) as $crate::Work
    };
}

/// Times all ways of all subjects.
pub fn run(subjects: Vec<Subject>) {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(500))
        .configure_from_args();
    for subject in subjects {
        let mut group = criterion.benchmark_group(subject.name);
        for (side, mut work) in subject.sides {
            group.bench_function(side, |bencher| {
                bencher.iter_custom(|times| {
                    silently(|| {
                        let start = Instant::now();
                        work(times);
                        start.elapsed()
                    })
                });
            });
        }
    }
    criterion.final_summary();
}

/// Calls a function while standard output is /dev/null: criterion reports to it before and after.
fn silently<T>(call: impl FnOnce() -> T) -> T {
    let kept = sys::dup(STDOUT).unwrap();
    let null = sys::openat(AT_FDCWD, c"/dev/null", O::WRONLY, Mode::empty()).unwrap();
    // SAFETY: the descriptor is given away again at once, open.
    let mut standard = unsafe { OwnedFd::from_raw_fd(STDOUT.as_raw_fd()) };
    sys::dup3(&null, &mut standard, O::empty()).unwrap();
    let result = call();
    sys::dup3(&kept, &mut standard, O::empty()).unwrap();
    let _ = standard.into_raw_fd();
    result
}
