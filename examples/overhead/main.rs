//! `overhead [--rounds N] [--svg FILE]`: what a system call costs here, beside a call of a function.
//!
//! The trap by each instruction that the machine has, the vDSO, a call under a seccomp filter, and ways to make one call of many: a table with
//! the median, the 99th percentile and how many calls of a function it is, and a chart of it; `--svg` writes the chart to a file.
//! What this kernel lacks is named.
//!
//! Each number is the time of so many calls that they take ten microseconds, divided. All subjects take turns, so that what else the machine
//! does meets all alike; only those under a filter, which is for good, have a child of their own.
//!
//! ```sh
//! cargo run --release --example overhead
//! cargo run --release --example overhead -- --rounds 5000 --svg overhead.svg
//! ```

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

mod batch;
mod child;
mod gates;
mod measure;
mod report;
#[path = "../cp/ring.rs"]
#[expect(dead_code, reason = "cp has buffers to register")]
mod ring;

use batch::Batch;
use core::ffi::CStr;
use core::hint::black_box;
use measure::{Lack, Samples, Subject, repeat};
use report::Report;
use ring3::consts::{Clock, Mode, O};
use ring3::io::IoSlice;
use ring3::{AT_FDCWD, AsFd, Env, ExitCode, STDERR, STDOUT, io, sys, vdso};

ring3::entry!(main);

const USAGE: &str = "usage: overhead [--rounds N] [--svg FILE]\n";
const MOST_ROUNDS: u32 = 100_000;
/// How many pieces are written, one by one or together.
const PIECES: usize = 32;
const PIECE: [u8; 64] = [b'.'; 64];

struct Options<'a> {
    rounds: u32,
    svg: Option<&'a CStr>,
}

/// The options; none if help is asked for; or the argument that cannot be, and why.
fn options<'a>(
    mut arguments: impl Iterator<Item = &'a CStr>,
) -> Result<Option<Options<'a>>, (&'a CStr, &'static str)> {
    let mut options = Options { rounds: 1000, svg: None };
    while let Some(argument) = arguments.next() {
        match argument.to_bytes() {
            b"--help" | b"-h" => return Ok(None),
            b"--svg" => options.svg = Some(arguments.next().ok_or((argument, "a file has to follow"))?),
            b"--rounds" => {
                let number = arguments.next().and_then(|number| number.to_str().ok()?.parse().ok());
                options.rounds = number
                    .filter(|number| (1..=MOST_ROUNDS).contains(number))
                    .ok_or((argument, "a number from 1 to 100000 has to follow"))?;
            }
            _ => return Err((argument, "there is no such option")),
        }
    }
    Ok(Some(options))
}

/// What all is compared with.
#[inline(never)]
fn function() {
    black_box(());
}

/// Measures what takes turns: all that the program can do itself.
fn take_turns(rounds: u32, report: &mut Report) -> ring3::Result<()> {
    let null = sys::openat(AT_FDCWD, c"/dev/null", O::WRONLY | O::CLOEXEC, Mode::empty());
    let null = null.as_ref().map_err(|&error| Lack::Error(error));
    let batch = null.and_then(|null| {
        let batch = Batch::new(null.as_fd(), PIECES as u32);
        // It has to work before it is measured.
        batch.and_then(|batch| batch.write(&PIECE).map(|()| batch)).map_err(Lack::Error)
    });
    let pieces = [const { IoSlice::new(&PIECE) }; PIECES];

    let one_by_one = |times| {
        let Ok(null) = null else { return };
        repeat(times * PIECES as u32, || sys::write(null, &PIECE));
    };
    let together = |times| {
        let Ok(null) = null else { return };
        repeat(times, || sys::writev(null, &pieces));
    };
    let by_ring = |times| {
        let Ok(batch) = &batch else { return };
        repeat(times, || batch.write(&PIECE));
    };

    let quick = vdso::symbols::CLOCK_GETTIME.and_then(|symbol| symbol.find());
    let quick = quick.map(|_| ()).ok_or(Lack::Because("this kernel has no such function"));
    let (null, batch) = (null.map(|_| ()), batch.as_ref().map(|_| ()).map_err(|&lack| lack));
    let [gate, page] = gates::others();
    let mut subjects = [
        Some(Subject::new("a call of a function", Ok(()), &|times| {
            repeat(times, black_box(function as fn()));
        })),
        Some(Subject::new("clock_gettime, vDSO", quick, &|times| {
            repeat(times, || vdso::clock_gettime(Clock::MONOTONIC));
        })),
        Some(Subject::new(gates::TRAP, Ok(()), &child::getppid)),
        gate,
        page,
        Some(Subject::new("clock_gettime, trap", Ok(()), &|times| {
            repeat(times, || sys::clock_gettime(Clock::MONOTONIC));
        })),
        Some(Subject::new("one of 32 writes", null, &one_by_one).of(PIECES as u32)),
        Some(Subject::new("one of 32 in a writev", null, &together).of(PIECES as u32)),
        Some(Subject::new("one of 32 in an io_uring", batch, &by_ring).of(PIECES as u32)),
    ];
    let mut samples = Samples::new(subjects.len(), rounds)?;
    measure::measure(&mut subjects, &mut samples, |name, outcome| report.add(name, outcome));
    Ok(())
}

/// A call under two filters, each in a child.
fn filtered(rounds: u32, report: &mut Report) {
    for (name, filter) in child::FILTERS {
        report.add(name, child::measure(filter, rounds));
    }
}

fn complain(what: &CStr, message: core::fmt::Arguments<'_>) {
    let what = what.to_bytes();
    for part in [b"overhead: ", what] {
        // There is nobody to tell of a failure to tell.
        let _ = io::write_all(STDERR, part);
    }
    let _ = io::print(STDERR, format_args!(": {message}\n"));
}

fn main(env: Env) -> ExitCode {
    let options = match options(env.args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            let written = io::print(STDOUT, format_args!("{USAGE}"));
            return if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
        Err((argument, message)) => {
            complain(argument, format_args!("{message}"));
            return ExitCode::from(2);
        }
    };
    vdso::init(env);
    let mut report = Report::new(options.rounds);
    if let Err(error) = take_turns(options.rounds, &mut report) {
        complain(c"memory for the times", format_args!("{error}"));
        return ExitCode::FAILURE;
    }
    filtered(options.rounds, &mut report);
    if let Err(error) = report.print() {
        complain(c"standard output", format_args!("{error}"));
        return ExitCode::FAILURE;
    }
    if let Some(file) = options.svg
        && let Err(error) = report.draw(file)
    {
        complain(file, format_args!("{error}"));
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
