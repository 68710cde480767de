//! The functions of the vDSO beside libc: what they answer from many threads, in signal handlers, and after a fork.
//!
//! 16 random bytes that come twice are no chance: they say that two calls have used the same state of the generator.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

use ring3::consts::{Clock, Grnd};
use ring3::vdso::{self, symbols};
use ring3::{AsRawFd, Errno, sys};
use std::collections::HashSet;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering::SeqCst};
use std::thread;

type Block = [u8; 16];

fn draw() -> Block {
    let mut bytes = [0; 16];
    assert_eq!(vdso::getrandom(&mut bytes, Grnd::empty()), Ok(16));
    bytes
}

/// Whether the generator is the vDSO's; where it is not, the tests still hold, and say so.
fn say_what_draws() {
    if symbols::GETRANDOM.is_none_or(|symbol| symbol.find().is_none()) {
        println!("not shown: this kernel's vDSO has no getrandom, and every call is the trap");
    }
}

#[test]
fn answers_are_those_of_the_trap() {
    for clock in [Clock::REALTIME, Clock::MONOTONIC, Clock::BOOTTIME, Clock::TAI, Clock::PROCESS_CPUTIME_ID] {
        let order = |time: ring3::uapi::__kernel_timespec| (time.tv_sec, time.tv_nsec);
        for _ in 0..1000 {
            let before = order(sys::clock_gettime(clock).unwrap());
            let now = order(vdso::clock_gettime(clock).unwrap());
            assert!(before <= now && now <= order(sys::clock_gettime(clock).unwrap()), "{clock:?}");
        }
    }
    let none = Clock::new(1000);
    assert_eq!(vdso::clock_gettime(none).err(), Some(Errno::EINVAL));
    assert_eq!(vdso::clock_getres(none).err(), Some(Errno::EINVAL));
    assert_eq!(vdso::getrandom(&mut [0; 16], Grnd::from_bits_retain(1 << 30)), Err(Errno::EINVAL));
    // More than the state has in store.
    let mut long = vec![0; 1 << 20];
    assert_eq!(vdso::getrandom(&mut long[..], Grnd::empty()), Ok(1 << 20));
    let blocks: HashSet<_> = long.chunks(16).collect();
    assert_eq!(blocks.len(), (1 << 20) / 16);
}

/// Draws from so many threads at once, and gives how many blocks there were, and how many different ones.
fn threads(count: usize, draws: usize) -> (usize, usize) {
    let start = Barrier::new(count);
    let mut blocks: Vec<u128> = thread::scope(|scope| {
        let run = || {
            let mut blocks = Vec::with_capacity(draws);
            start.wait();
            blocks.extend((0..draws).map(|_| u128::from_ne_bytes(draw())));
            blocks
        };
        let threads: Vec<_> = (0..count).map(|_| scope.spawn(run)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let drawn = blocks.len();
    blocks.sort_unstable();
    blocks.dedup();
    (drawn, blocks.len())
}

/// As many as the machine runs at a time, and more than there are states.
#[test]
fn no_two_threads_draw_the_same() {
    say_what_draws();
    let processors = thread::available_parallelism().map_or(1, usize::from);
    assert_eq!(threads(processors, 500_000), (processors * 500_000, processors * 500_000));
    assert_eq!(threads(64, 2_000), (128_000, 128_000));
}

const ROOM: usize = 512;
/// What the handler has drawn, and how often.
static mut DRAWN: [Block; ROOM] = [[0; 16]; ROOM];
static COUNT: AtomicUsize = AtomicUsize::new(0);

extern "C" fn draw_in_handler(_: i32) {
    let count = COUNT.load(SeqCst);
    if count < ROOM {
        // SAFETY: one thread gets the signal, and reads this when it has had the last one.
        unsafe { DRAWN[count] = draw() };
        COUNT.store(count + 1, SeqCst);
    }
}

fn handle(signal: i32, handler: extern "C" fn(i32)) {
    // SAFETY: the handler does nothing that a signal handler must not do.
    unsafe { assert_ne!(libc::signal(signal, handler as *const () as usize), libc::SIG_ERR) };
}

/// Signals this thread from another one until the work is done.
fn under_fire(signal: i32, work: impl FnOnce()) {
    let done = AtomicBool::new(false);
    // SAFETY: the thread's own id.
    let this = unsafe { libc::pthread_self() };
    thread::scope(|scope| {
        let done = &done;
        scope.spawn(move || {
            while !done.load(SeqCst) {
                // SAFETY: the thread waits for this one.
                unsafe { libc::pthread_kill(this, signal) };
                thread::yield_now();
            }
        });
        work();
        done.store(true, SeqCst);
    });
}

/// The handler interrupts calls of the same thread, and draws with another state.
#[test]
fn a_handler_draws_other_bytes_than_the_call_that_it_interrupts() {
    say_what_draws();
    handle(libc::SIGUSR1, draw_in_handler);
    let mut blocks = HashSet::new();
    let mut draws = 0;
    under_fire(libc::SIGUSR1, || {
        let mut long = [0; 256];
        while COUNT.load(SeqCst) < ROOM {
            assert_eq!(vdso::getrandom(&mut long, Grnd::empty()), Ok(256));
            for block in long.chunks(16) {
                blocks.insert(Block::try_from(block).unwrap());
                draws += 1;
            }
        }
    });
    // SAFETY: the handler draws no more.
    blocks.extend(unsafe { (&raw const DRAWN).read() });
    println!("{draws} blocks drawn, {ROOM} of them in the handler besides");
    assert_eq!(blocks.len(), draws + ROOM);
}

/// What a child that the handler has made is to write to, and the child.
static PIPE: AtomicI32 = AtomicI32::new(-1);
static FORKED: AtomicI32 = AtomicI32::new(0);
static CHILD: AtomicBool = AtomicBool::new(false);

extern "C" fn fork_in_handler(_: i32) {
    if PIPE.load(SeqCst) < 0 || FORKED.load(SeqCst) != 0 {
        return;
    }
    // SAFETY: the child goes on where the handler returns, and calls nothing but the kernel.
    match unsafe { sys::fork() } {
        Ok(Some(child)) => FORKED.store(child.as_raw(), SeqCst),
        Ok(None) => CHILD.store(true, SeqCst),
        Err(_) => {}
    }
}

/// Parent and child go on from the same memory, perhaps in the middle of a call, and draw other bytes.
#[test]
fn no_child_draws_what_its_parent_draws() {
    say_what_draws();
    handle(libc::SIGUSR2, fork_in_handler);
    let mut blocks = HashSet::new();
    let (mut draws, mut forks) = (0, 0);
    under_fire(libc::SIGUSR2, || {
        while forks < 50 {
            let [reader, writer] = sys::pipe2(ring3::consts::O::CLOEXEC).unwrap();
            FORKED.store(0, SeqCst);
            PIPE.store(writer.as_raw_fd(), SeqCst);
            let mut long = [0; 4096];
            while FORKED.load(SeqCst) == 0 {
                let drawn = vdso::getrandom(&mut long, Grnd::empty());
                if CHILD.load(SeqCst) {
                    // The bytes of that call may have been drawn before the fork; those of the next ones may not.
                    let mut drawn = drawn.is_ok();
                    let mut bytes = [0; 256];
                    drawn &= vdso::getrandom(&mut bytes, Grnd::empty()) == Ok(256);
                    let written = sys::write(&writer, &bytes) == Ok(256);
                    sys::exit_group(i32::from(!(drawn && written)));
                }
                assert_eq!(drawn, Ok(4096));
            }
            PIPE.store(-1, SeqCst);
            forks += 1;
            let mut own = [0; 256];
            assert_eq!(vdso::getrandom(&mut own, Grnd::empty()), Ok(256));
            let mut its = [0; 256];
            assert_eq!(ring3::retry(|| sys::read(&reader, &mut its)), Ok(256));
            let mut status = 0;
            // SAFETY: the child is this process's.
            while unsafe { libc::waitpid(FORKED.load(SeqCst), &mut status, 0) } < 0 {}
            assert_eq!(status, 0);
            for block in own.chunks(16).chain(its.chunks(16)) {
                blocks.insert(Block::try_from(block).unwrap());
                draws += 1;
            }
        }
    });
    assert_eq!(blocks.len(), draws);
    println!("{forks} children, {draws} blocks");
}
