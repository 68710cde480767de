//! The vDSO against the trap, the C library and rustix: `cargo bench -p benches --bench vdso`.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

use benches::{Subject, repeat, run};
use ring3::consts::{Clock, Grnd};
use ring3::{sys, vdso};
use rustix::{rand::GetRandomFlags, time::ClockId};
use std::hint::black_box;
use std::mem::MaybeUninit;

const CLOCK: Clock = Clock::MONOTONIC;

fn main() {
    run(vec![
        Subject {
            name: "clock_gettime",
            sides: vec![
                ("ring3", repeat!(vdso::clock_gettime(black_box(CLOCK)))),
                (
                    "libc",
                    repeat!({
                        let mut time = MaybeUninit::<libc::timespec>::uninit();
                        // SAFETY: the function writes a time.
                        unsafe { libc::clock_gettime(black_box(libc::CLOCK_MONOTONIC), time.as_mut_ptr()) };
                        time
                    }),
                ),
                ("rustix", repeat!(rustix::time::clock_gettime(black_box(ClockId::Monotonic)))),
                ("trap", repeat!(sys::clock_gettime(black_box(CLOCK)))),
            ],
        },
        Subject {
            name: "getcpu",
            sides: vec![
                ("ring3", repeat!(vdso::getcpu())),
                // SAFETY: the function takes nothing.
                ("libc", repeat!(unsafe { libc::sched_getcpu() })),
                ("rustix", repeat!(rustix::thread::sched_getcpu())),
                ("trap", repeat!(sys::getcpu())),
            ],
        },
        Subject {
            name: "getrandom, 16 bytes",
            sides: vec![
                ("ring3", repeat!(vdso::getrandom(black_box(&mut [0; 16]), Grnd::empty()))),
                (
                    "libc",
                    repeat!({
                        let mut bytes = [0_u8; 16];
                        // SAFETY: the function writes so many bytes.
                        unsafe { libc::getrandom(black_box(bytes.as_mut_ptr()).cast(), 16, 0) };
                        bytes
                    }),
                ),
                (
                    "rustix",
                    repeat!(rustix::rand::getrandom(black_box(&mut [0; 16]), GetRandomFlags::empty())),
                ),
                ("trap", repeat!(sys::getrandom(black_box(&mut [0; 16]), Grnd::empty()))),
            ],
        },
    ]);
}
