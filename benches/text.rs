//! Memory against the C library's malloc, and `println!` against std's: `cargo bench -p benches --features alloc --bench text`.
//!
//! At the end the ratios are printed, each the median of laps in which both sides take turns, so that what else the machine does meets both
//! alike. Below 1 the crate is the faster one. Lines go to /dev/null.

use criterion::Criterion;
use ring3::{
    AT_FDCWD, AsRawFd, FromRawFd, IntoRawFd, OwnedFd, STDOUT,
    consts::{Mode, O},
    heap::Heap,
    io, sys,
};
use std::alloc::{GlobalAlloc, Layout};
use std::hint::black_box;
use std::time::{Duration, Instant};

static HEAP: Heap = Heap::new();

/// Something that does its work once.
type Work = Box<dyn FnMut()>;

struct Pair {
    name: &'static str,
    own: Work,
    other: Work,
}

/// A block that is allocated, written to and freed.
fn block(name: &'static str, size: usize) -> Pair {
    let layout = Layout::from_size_align(size, 8).unwrap();
    Pair {
        name,
        // SAFETY: the block has a byte, and goes back as it came.
        own: Box::new(move || unsafe {
            let block = HEAP.alloc(black_box(layout));
            *black_box(block) = 1;
            HEAP.dealloc(block, layout);
        }),
        // SAFETY: as above.
        other: Box::new(move || unsafe {
            let block = libc::malloc(black_box(size)).cast::<u8>();
            *black_box(block) = 1;
            libc::free(block.cast());
        }),
    }
}

/// One of a thousand blocks that is freed, and another that is allocated.
fn churn(name: &'static str, largest: u32) -> Pair {
    fn work(
        largest: u32,
        mut alloc: impl FnMut(Layout) -> *mut u8 + 'static,
        mut free: impl FnMut(*mut u8, Layout) + 'static,
    ) -> Work {
        let mut blocks = vec![(core::ptr::null_mut::<u8>(), Layout::new::<u8>()); 1000];
        let mut state = 1_u32;
        Box::new(move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let slot = &mut blocks[(state >> 8) as usize % 1000];
            if !slot.0.is_null() {
                free(slot.0, slot.1);
            }
            let layout = Layout::from_size_align(1 + ((state >> 4) % largest) as usize, 8).unwrap();
            let block = alloc(layout);
            // SAFETY: the block has a byte.
            unsafe { *black_box(block) = 1 };
            *slot = (block, layout);
        })
    }
    Pair {
        name,
        // SAFETY: no size is 0, and each block goes back as it came, once.
        own: unsafe {
            work(largest, |layout| HEAP.alloc(layout), |block, layout| HEAP.dealloc(block, layout))
        },
        // SAFETY: as above.
        other: unsafe {
            work(largest, |layout| libc::malloc(layout.size()).cast(), |block, _| libc::free(block.cast()))
        },
    }
}

fn pairs() -> Vec<Pair> {
    let mut number = 0_u64;
    let mut other = 0_u64;
    let mut out = io::stdout();
    let mut buffered = std::io::BufWriter::with_capacity(8192, std::io::stdout());
    vec![
        block("64 bytes", 64),
        block("4 KiB", 4096),
        block("1 MiB", 1 << 20),
        churn("1 to 512 bytes", 512),
        churn("1 B to 8 KiB", 8192),
        Pair {
            name: "println!",
            own: Box::new(move || {
                number += 1;
                ring3::println!("line {number}: text");
            }),
            other: Box::new(move || {
                other += 1;
                println!("line {other}: text");
            }),
        },
        Pair {
            name: "writeln!, buffered",
            own: Box::new(move || writeln!(out, "line {}: text", black_box(7)).unwrap()),
            other: Box::new(move || {
                use std::io::Write;
                writeln!(buffered, "line {}: text", black_box(7)).unwrap();
            }),
        },
    ]
}

/// The time of so many calls.
fn lap(work: &mut Work, calls: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        work();
    }
    start.elapsed()
}

/// The medians: nanoseconds of both, and their ratio.
fn compare(pair: &mut Pair) -> [f64; 3] {
    const CALLS: u32 = 2000;
    let mut columns: [Vec<f64>; 3] = Default::default();
    for _ in 0..101 {
        let own = lap(&mut pair.own, CALLS).as_secs_f64() * 1e9 / f64::from(CALLS);
        let other = lap(&mut pair.other, CALLS).as_secs_f64() * 1e9 / f64::from(CALLS);
        for (column, value) in columns.iter_mut().zip([own, other, own / other]) {
            column.push(value);
        }
    }
    columns.map(|mut column| {
        column.sort_by(f64::total_cmp);
        column[column.len() / 2]
    })
}

/// Calls a function while standard output is /dev/null.
fn silently<T>(call: impl FnOnce() -> T) -> T {
    let kept = sys::dup(STDOUT).unwrap();
    let null = sys::openat(AT_FDCWD, c"/dev/null", O::WRONLY, Mode::empty()).unwrap();
    // SAFETY: the descriptor is given away again at once, open.
    let mut standard = unsafe { OwnedFd::from_raw_fd(STDOUT.as_raw_fd()) };
    sys::dup2(&null, &mut standard).unwrap();
    let result = call();
    sys::dup2(&kept, &mut standard).unwrap();
    let _ = standard.into_raw_fd();
    result
}

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(500))
        .configure_from_args();
    for Pair { name, mut own, mut other } in pairs() {
        // criterion reports to standard output what lines would be lost in.
        if name.contains("ln!") {
            continue;
        }
        let mut group = criterion.benchmark_group(name);
        group.bench_function("own", |bencher| bencher.iter(&mut own));
        group.bench_function("other", |bencher| bencher.iter(&mut other));
    }
    criterion.final_summary();

    let rows =
        silently(|| pairs().into_iter().map(|mut pair| (pair.name, compare(&mut pair))).collect::<Vec<_>>());
    println!("\n{:20}{:>10}{:>14}{:>8}", "ns", "ring3", "glibc, std", "ratio");
    for (name, [own, other, ratio]) in rows {
        println!("{name:20}{own:>10.1}{other:>14.1}{ratio:>8.2}");
    }
}
