//! `clock`: what the vDSO answers, beside what the trap answers, and what either costs.
//!
//! Every answer of `ring3::vdso` is compared with that of `ring3::sys`: between two answers of the trap, where time passes; equal to it, where
//! it does not. The last line counts. What this kernel's vDSO lacks, so that both are the trap, is named and counted apart.
//!
//! ```sh
//! cargo run --release --example clock
//! ```

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

use ring3::consts::{Clock, Grnd, Wait};
use ring3::uapi::__kernel_timespec as timespec;
use ring3::vdso::{Symbol, symbols};
use ring3::{Env, Errno, ExitCode, Result, WaitPid, print, println, retry, sys, vdso};

ring3::entry!(main);

/// What each check says: whether all was right, or the call that failed and should not have.
type Verdict = Result<bool>;

fn nanoseconds(time: &timespec) -> i128 {
    i128::from(time.tv_sec) * 1_000_000_000 + i128::from(time.tv_nsec)
}

/// Whether an answer lies between two of the trap.
fn between<T: PartialOrd>(trap: impl Fn() -> Result<T>, quick: impl FnOnce() -> Result<T>) -> Verdict {
    let before = trap()?;
    let now = quick()?;
    Ok(before <= now && now <= trap()?)
}

const CLOCKS: [Clock; 9] = [
    Clock::REALTIME,
    Clock::MONOTONIC,
    Clock::PROCESS_CPUTIME_ID,
    Clock::THREAD_CPUTIME_ID,
    Clock::MONOTONIC_RAW,
    Clock::REALTIME_COARSE,
    Clock::MONOTONIC_COARSE,
    Clock::BOOTTIME,
    Clock::TAI,
];
/// No kernel has it.
const NO_CLOCK: Clock = Clock::new(1000);

fn clock_gettime() -> Verdict {
    let mut right = vdso::clock_gettime(NO_CLOCK).err() == sys::clock_gettime(NO_CLOCK).err();
    for clock in CLOCKS {
        let between = between(
            || sys::clock_gettime(clock).map(|time| nanoseconds(&time)),
            || vdso::clock_gettime(clock).map(|time| nanoseconds(&time)),
        )?;
        if !between {
            println!("{clock:?} is not between two traps");
        }
        right &= between;
    }
    Ok(right)
}

fn clock_getres() -> Verdict {
    let mut right = vdso::clock_getres(NO_CLOCK).err() == sys::clock_getres(NO_CLOCK).err();
    for clock in CLOCKS {
        let (quick, trap) = (vdso::clock_getres(clock)?, sys::clock_getres(clock)?);
        if nanoseconds(&quick) != nanoseconds(&trap) {
            println!("{clock:?}: {} ns, and {} by the trap", nanoseconds(&quick), nanoseconds(&trap));
            right = false;
        }
    }
    Ok(right)
}

fn gettimeofday() -> Verdict {
    let whole = |time: sys::timeval| (time.tv_sec, time.tv_usec);
    between(|| sys::gettimeofday().map(whole), || vdso::gettimeofday().map(whole))
}

fn time() -> Verdict {
    between(|| Ok(sys::time()), || Ok(vdso::time()))
}

/// The program may move to another processor between the two.
fn getcpu() -> Verdict {
    for _ in 0..1000 {
        if vdso::getcpu()? == sys::getcpu()? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Equal bytes come once in 2^128 times.
fn getrandom() -> Verdict {
    let draw = || {
        let mut bytes = [0; 16];
        vdso::getrandom(&mut bytes, Grnd::empty()).map(|count| (count, bytes))
    };
    let (first, second) = (draw()?, draw()?);
    let mut right = first.0 == 16 && second.0 == 16 && first.1 != second.1;
    let mut long = [0; 1000];
    right &= vdso::getrandom(&mut long, Grnd::NONBLOCK)? == 1000 && long[984..] != [0; 16];
    right &= vdso::getrandom(&mut long[..0], Grnd::empty())? == 0;
    let odd = Grnd::from_bits_retain(1 << 30);
    right &= vdso::getrandom(&mut long, odd).err() == Some(Errno::EINVAL);
    Ok(right & forked()?)
}

/// Whether a child draws other bytes than its parent, which goes on from the same memory.
fn forked() -> Verdict {
    let [reader, writer] = sys::pipe2(ring3::consts::O::CLOEXEC)?;
    let draw = || {
        let mut bytes = [0; 64];
        vdso::getrandom(&mut bytes, Grnd::empty()).map(|_| bytes)
    };
    // SAFETY: one thread, and nothing here that both sides could not have.
    let Some(child) = (unsafe { sys::fork()? }) else {
        let written = draw().and_then(|bytes| sys::write(&writer, &bytes));
        sys::exit_group(if written == Ok(64) { 0 } else { 1 });
    };
    let own = draw()?;
    let mut its = [0; 64];
    let read = retry(|| sys::read(&reader, &mut its))?;
    retry(|| sys::wait4(WaitPid::from(child), Wait::empty(), None))?;
    Ok(read == 64 && own.chunks(16).all(|bytes| its.chunks(16).all(|other| bytes != other)))
}

/// Nanoseconds of a call, on average.
fn cost<T>(calls: u32, call: impl Fn() -> T) -> Result<u64> {
    // The first one looks for the function.
    core::hint::black_box(call());
    let start = sys::clock_gettime(Clock::MONOTONIC)?;
    for _ in 0..calls {
        core::hint::black_box(call());
    }
    let end = sys::clock_gettime(Clock::MONOTONIC)?;
    // The library's division of 128 bits is not worth its size here.
    Ok((nanoseconds(&end) - nanoseconds(&start)) as u64 / u64::from(calls))
}

fn costs() -> Result<()> {
    const CALLS: u32 = 20_000;
    println!("nanoseconds a call: vDSO, trap");
    let clock = Clock::MONOTONIC;
    let quick = cost(CALLS, || vdso::clock_gettime(clock))?;
    println!("clock_gettime {quick} {}", cost(CALLS, || sys::clock_gettime(clock))?);
    let quick = cost(CALLS, vdso::getcpu)?;
    println!("getcpu {quick} {}", cost(CALLS, sys::getcpu)?);
    let quick = cost(CALLS, || vdso::getrandom(&mut [0; 16], Grnd::empty()))?;
    println!("getrandom {quick} {}", cost(CALLS, || sys::getrandom(&mut [0; 16], Grnd::empty()))?);
    Ok(())
}

fn main(env: Env) -> ExitCode {
    type Check = (&'static str, Option<Symbol>, fn() -> Verdict);
    const CHECKS: [Check; 6] = [
        ("clock_gettime", symbols::CLOCK_GETTIME, clock_gettime),
        ("clock_getres", symbols::CLOCK_GETRES, clock_getres),
        ("gettimeofday", symbols::CLOCK_GETTIME, gettimeofday),
        ("time", symbols::CLOCK_GETTIME, time),
        ("getcpu", symbols::GETCPU, getcpu),
        ("getrandom", symbols::GETRANDOM, getrandom),
    ];
    vdso::init(env);
    if let Some(image) = env.sysinfo_ehdr() {
        println!("vDSO at {image:?}");
    }
    let there = |symbol: Option<Symbol>| symbol.is_some_and(|symbol| symbol.find().is_some());
    let (mut passed, mut failed, mut traps) = (0, 0, 0);
    for (name, symbol, check) in CHECKS {
        match (check(), there(symbol)) {
            (Ok(true), true) => passed += 1,
            (Ok(true), false) => traps += 1,
            (Ok(false), _) => {
                println!("{name}: wrong");
                failed += 1;
            }
            (Err(error), _) => {
                println!("{name}: {error}");
                failed += 1;
            }
        }
    }
    if let Err(error) = costs() {
        println!("costs: {error}");
        failed += 1;
    }
    print!("clock: {passed} passed, {failed} failed, {traps} not supported:");
    for (name, ..) in CHECKS.iter().filter(|(_, symbol, _)| !there(*symbol)) {
        print!(" {name}");
    }
    println!();
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
