//! The vDSO against the trap, the C library and rustix: `cargo bench -p benches --bench vdso`.
//!
//! criterion times each call; at the end the ratios are printed, from a run of their own in which all take turns, so that what else the
//! machine does meets all alike. Below 1 this crate's function is the faster one.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

use criterion::Criterion;
use ring3::consts::{Clock, Grnd};
use ring3::{sys, vdso};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// A call, so often.
type Work = fn(u32);

macro_rules! repeat {
    ($call:expr) => {
        |times| {
            for _ in 0..times {
                black_box(&$call);
            }
        }
    };
}

/// What is called, and by whom: this crate, and those that it is compared with.
struct Subject {
    name: &'static str,
    own: Work,
    others: &'static [(&'static str, Work)],
}

const CLOCK: Clock = Clock::MONOTONIC;

const SUBJECTS: [Subject; 3] = [
    Subject {
        name: "clock_gettime",
        own: repeat!(vdso::clock_gettime(black_box(CLOCK))),
        others: &[
            ("libc", |times| {
                for _ in 0..times {
                    let mut time = std::mem::MaybeUninit::<libc::timespec>::uninit();
                    // SAFETY: the function writes a time.
                    black_box(unsafe {
                        libc::clock_gettime(black_box(libc::CLOCK_MONOTONIC), time.as_mut_ptr())
                    });
                    black_box(&time);
                }
            }),
            ("rustix", repeat!(rustix::time::clock_gettime(black_box(rustix::time::ClockId::Monotonic)))),
            ("trap", repeat!(sys::clock_gettime(black_box(CLOCK)))),
        ],
    },
    Subject {
        name: "getcpu",
        own: repeat!(vdso::getcpu()),
        others: &[
            // SAFETY: the function takes nothing.
            ("libc", repeat!(unsafe { libc::sched_getcpu() })),
            ("rustix", repeat!(rustix::thread::sched_getcpu())),
            ("trap", repeat!(sys::getcpu())),
        ],
    },
    Subject {
        name: "getrandom, 16 bytes",
        own: repeat!(vdso::getrandom(black_box(&mut [0; 16]), Grnd::empty())),
        others: &[
            ("libc", |times| {
                for _ in 0..times {
                    let mut bytes = [0_u8; 16];
                    // SAFETY: the function writes so many bytes.
                    black_box(unsafe { libc::getrandom(black_box(bytes.as_mut_ptr()).cast(), 16, 0) });
                }
            }),
            (
                "rustix",
                repeat!(rustix::rand::getrandom(
                    black_box(&mut [0; 16]),
                    rustix::rand::GetRandomFlags::empty()
                )),
            ),
            ("trap", repeat!(sys::getrandom(black_box(&mut [0; 16]), Grnd::empty()))),
        ],
    },
];

impl Subject {
    fn all(&self) -> impl Iterator<Item = (&'static str, Work)> {
        std::iter::once(("own", self.own)).chain(self.others.iter().copied())
    }
}

fn time(c: &mut Criterion) {
    for subject in &SUBJECTS {
        let mut group = c.benchmark_group(subject.name);
        for (side, work) in subject.all() {
            group.bench_function(side, |b| {
                b.iter_custom(|times| lap(work, u32::try_from(times).unwrap_or(u32::MAX)));
            });
        }
    }
}

fn lap(work: Work, times: u32) -> Duration {
    let start = Instant::now();
    work(times);
    start.elapsed()
}

/// The medians of what a call takes by each, and of the ratios of neighbouring laps.
fn compare(subject: &Subject) {
    const LAPS: usize = 201;
    const CALLS: u32 = 5_000;
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let sides: Vec<_> = subject.all().collect();
    let laps: Vec<Vec<f64>> = (0..LAPS)
        .map(|_| {
            sides.iter().map(|&(_, work)| lap(work, CALLS).as_secs_f64() * 1e9 / f64::from(CALLS)).collect()
        })
        .collect();
    print!("{:20}", subject.name);
    for (index, (side, _)) in sides.iter().enumerate() {
        print!(" {side} {:.1} ns", median(laps.iter().map(|lap| lap[index]).collect()));
        if index > 0 {
            print!(" ({:.2})", median(laps.iter().map(|lap| lap[0] / lap[index]).collect()));
        }
    }
    println!();
}

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(500))
        .configure_from_args();
    time(&mut criterion);
    criterion.final_summary();

    println!("\nnanoseconds a call, and own / other");
    for subject in &SUBJECTS {
        compare(subject);
    }
}
