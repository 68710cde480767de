//! Times: so many calls that the clock's own cost is nothing beside them, and all subjects in turn.

use core::fmt;
use core::hint::black_box;
use ring3::consts::{Clock, Prot};
use ring3::{Errno, Result, sys, vdso};

/// What a sample takes at least, in nanoseconds.
const SAMPLE: u64 = 10_000;
const MOST_TIMES: u32 = 1 << 16;

/// Why there is no number.
#[derive(Clone, Copy)]
pub enum Lack {
    Error(Errno),
    Because(&'static str),
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(error) => error.fmt(f),
            Self::Because(reason) => f.write_str(reason),
        }
    }
}

/// In picoseconds, for a thousandth of a call of a function is less than a nanosecond.
#[derive(Clone, Copy)]
pub struct Times {
    pub median: u64,
    pub p99: u64,
}

pub type Outcome = core::result::Result<Times, Lack>;

/// What is measured.
pub struct Subject<'a> {
    name: &'static str,
    there: core::result::Result<(), Lack>,
    /// Does it so many times.
    work: &'a dyn Fn(u32),
    pieces: u32,
    /// How many times a sample has.
    times: u32,
}

impl<'a> Subject<'a> {
    pub fn new(name: &'static str, there: core::result::Result<(), Lack>, work: &'a dyn Fn(u32)) -> Self {
        Self { name, there, work, pieces: 1, times: 1 }
    }

    /// The same, of which each time is so many pieces.
    pub fn of(self, pieces: u32) -> Self {
        Self { pieces, ..self }
    }

    fn nanoseconds(&self) -> u64 {
        let start = now();
        (self.work)(self.times);
        now().saturating_sub(start)
    }

    /// Finds out how many times take long enough.
    fn calibrate(&mut self) {
        // The first time finds what it needs, and warms it.
        self.nanoseconds();
        while self.times < MOST_TIMES && self.nanoseconds() < SAMPLE {
            self.times *= 2;
        }
    }

    /// Picoseconds of a piece.
    fn sample(&self) -> u64 {
        // Never 0: a clock may be coarse.
        (self.nanoseconds() * 1000 / u64::from(self.times * self.pieces)).max(1)
    }
}

/// Does it so many times, whatever it answers.
pub fn repeat<T>(times: u32, call: impl Fn() -> T) {
    for _ in 0..times {
        black_box(call());
    }
}

/// Nanoseconds, by a clock that costs little.
fn now() -> u64 {
    let now = vdso::clock_gettime(Clock::MONOTONIC);
    now.map_or(0, |now| now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64)
}

/// Room for the samples of all subjects. It stays: the program ends soon after.
pub struct Samples {
    all: &'static mut [u64],
    rounds: usize,
}

impl Samples {
    pub fn new(subjects: usize, rounds: u32) -> Result<Self> {
        let (count, rounds) = (subjects * rounds as usize, rounds as usize);
        let room = sys::mmap::anonymous(count * size_of::<u64>(), Prot::READ | Prot::WRITE)?;
        // SAFETY: new memory, as much as is needed, of zeros, that nothing else knows of and nothing gives back.
        let all = unsafe { core::slice::from_raw_parts_mut(room.cast(), count) };
        Ok(Self { all, rounds })
    }
}

/// Measures all subjects that there are in turn, and tells of each in their order.
pub fn measure(
    subjects: &mut [Option<Subject<'_>>],
    samples: &mut Samples,
    mut tell: impl FnMut(&'static str, Outcome),
) {
    let rounds = samples.rounds;
    for subject in subjects.iter_mut().flatten().filter(|subject| subject.there.is_ok()) {
        subject.calibrate();
    }
    for round in 0..rounds {
        for (subject, samples) in subjects.iter().flatten().zip(samples.all.chunks_exact_mut(rounds)) {
            if subject.there.is_ok() {
                samples[round] = subject.sample();
            }
        }
    }
    for (subject, samples) in subjects.iter().flatten().zip(samples.all.chunks_exact_mut(rounds)) {
        samples.sort_unstable();
        let times = Times { median: samples[rounds / 2], p99: samples[rounds * 99 / 100] };
        tell(subject.name, subject.there.map(|()| times));
    }
}
