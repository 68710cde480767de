//! `threads [-t THREADS] [LIMIT]`: counts the primes below a limit in several threads, and says what each has done.
//!
//! The numbers are handed out in blocks, behind a mutex, and a condition tells the first thread how far the others are. Each thread's stack is mapped when it
//! starts and gone when it has been joined: nothing here needs a heap.
//!
//! ```sh
//! cargo run --release --example threads -- -t 2 2000000
//! strace -f target/release/examples/threads
//! ```

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

use ring3::{
    Env, Errno, ExitCode, eprintln, println,
    thread::{Condvar, JoinHandle, Mutex, spawn},
};

ring3::entry!(main);

const USAGE: &str = "usage: threads [-t THREADS] [LIMIT]";
const MOST: usize = 64;
/// What a thread needs here, a dev build included.
const STACK: usize = 64 << 10;
const BLOCK: u64 = 10_000;

/// The numbers that nobody has looked at yet, and how many have been.
struct Work {
    next: u64,
    done: u64,
}

static WORK: Mutex<Work> = Mutex::new(Work { next: 0, done: 0 });
static PROGRESS: Condvar = Condvar::new();

fn is_prime(number: u64) -> bool {
    if number < 4 {
        return number >= 2;
    }
    let mut divisors = (3..).step_by(2).take_while(|n| n * n <= number);
    !number.is_multiple_of(2) && !divisors.any(|n| number.is_multiple_of(n))
}

/// What a thread does: it takes blocks until there are none, and gives how many primes were in them.
fn count(limit: u64) -> u64 {
    let mut primes = 0;
    loop {
        let start = {
            let mut work = WORK.lock();
            let start = work.next;
            work.next = limit.min(start.saturating_add(BLOCK));
            start
        };
        let end = limit.min(start.saturating_add(BLOCK));
        if start == end {
            return primes;
        }
        primes += (start..end).filter(|&number| is_prime(number)).count() as u64;
        WORK.lock().done += end - start;
        PROGRESS.notify_one();
    }
}

fn run(threads: usize, limit: u64) -> Result<u64, Errno> {
    let mut handles: [Option<JoinHandle<u64>>; MOST] = [const { None }; MOST];
    for handle in &mut handles[..threads] {
        *handle = Some(spawn(STACK, move || count(limit))?);
    }
    let mut work = WORK.lock();
    while work.done < limit {
        work = PROGRESS.wait(work);
    }
    drop(work);
    let mut primes = 0;
    for (at, handle) in handles.into_iter().flatten().enumerate() {
        let own = handle.join()?;
        println!("thread {}: {own} primes", at + 1);
        primes += own;
    }
    Ok(primes)
}

/// What was asked for: threads and limit.
fn arguments(env: Env) -> Option<(usize, u64)> {
    let (mut threads, mut limit) = (4, 200_000);
    let mut words = env.args().skip(1).map(|word| word.to_str().unwrap_or(""));
    while let Some(word) = words.next() {
        if word == "-t" {
            threads = words.next()?.parse().ok().filter(|threads| (1..=MOST).contains(threads))?;
        } else {
            limit = word.parse().ok()?;
        }
    }
    Some((threads, limit))
}

fn main(env: Env) -> ExitCode {
    if env.args().skip(1).any(|word| word == c"--help") {
        println!("{USAGE}\nCounts the primes below LIMIT (200000) in THREADS (4, at most {MOST}) threads.");
        return ExitCode::SUCCESS;
    }
    let Some((threads, limit)) = arguments(env) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(threads, limit) {
        Ok(primes) => {
            println!("{primes} primes below {limit}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("threads: {error}");
            ExitCode::FAILURE
        }
    }
}
