//! The memory functions against the C library's: `cargo bench -p benches`.
//!
//! criterion times each function at each length, the library's beside the program's; at the end the ratios are printed, from a run of
//! their own in which both take turns, so that what else the machine does meets both alike. Below 1 the program's function is the
//! faster one. Every function is called through a pointer, as one that is not inlined.

#![cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]

use criterion::{BenchmarkId, Criterion, Throughput};
use std::hint::black_box;
use std::time::{Duration, Instant};

type Copy = unsafe extern "C" fn(*mut u8, *const u8, usize) -> *mut u8;

/// The functions of `entry!`, under names that do not replace the library's.
mod own {
    use ring3::rt::mem;

    pub unsafe extern "C" fn memcpy(dest: *mut u8, src: *const u8, n: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { mem::memcpy(dest, src, n) }
    }

    pub unsafe extern "C" fn memmove(dest: *mut u8, src: *const u8, n: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { mem::memmove(dest, src, n) }
    }

    pub unsafe extern "C" fn memset(dest: *mut u8, c: i32, n: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { mem::memset(dest, c, n) }
    }

    pub unsafe extern "C" fn memcmp(a: *const u8, b: *const u8, n: usize) -> i32 {
        // SAFETY: the caller's promise.
        unsafe { mem::memcmp(a, b, n) }
    }
}

/// The library's, with the same types.
mod library {
    use core::ffi::c_void;

    unsafe extern "C" {
        pub fn memcpy(dest: *mut c_void, src: *const c_void, n: usize) -> *mut c_void;
        pub fn memmove(dest: *mut c_void, src: *const c_void, n: usize) -> *mut c_void;
        pub fn memset(dest: *mut c_void, c: i32, n: usize) -> *mut c_void;
        pub fn memcmp(a: *const c_void, b: *const c_void, n: usize) -> i32;
    }
}

const LENGTHS: [usize; 11] = [4, 15, 16, 32, 64, 128, 256, 511, 512, 1024, 4096];
const ROOM: usize = 3 * 4096;

/// Something that does its work on two runs of bytes.
type Work = Box<dyn Fn(*mut u8, *const u8, usize)>;

/// Name, the program's function, the library's.
fn pairs() -> Vec<(&'static str, Work, Work)> {
    fn copy(function: Copy) -> Work {
        // SAFETY: `each` gives room for both.
        Box::new(move |dest, src, n| unsafe {
            black_box(black_box(function)(dest, src, n));
        })
    }
    fn overlapping(function: Copy, to: usize, from: usize) -> Work {
        // SAFETY: the room is larger by more than these bytes.
        Box::new(move |dest, _, n| unsafe {
            black_box(black_box(function)(dest.add(to), dest.add(from), n));
        })
    }
    fn fill(function: unsafe extern "C" fn(*mut u8, i32, usize) -> *mut u8) -> Work {
        // SAFETY: as above.
        Box::new(move |dest, _, n| unsafe {
            black_box(black_box(function)(dest, 0x5a, n));
        })
    }
    fn compare(function: unsafe extern "C" fn(*const u8, *const u8, usize) -> i32) -> Work {
        // SAFETY: as above.
        Box::new(move |dest, src, n| unsafe {
            black_box(black_box(function)(dest, src, n));
        })
    }
    // SAFETY: a pointer is a pointer, whatever it points to.
    let (memcpy, memmove, memset, memcmp) = unsafe {
        (
            core::mem::transmute::<*const (), Copy>(library::memcpy as *const ()),
            core::mem::transmute::<*const (), Copy>(library::memmove as *const ()),
            core::mem::transmute::<*const (), unsafe extern "C" fn(*mut u8, i32, usize) -> *mut u8>(
                library::memset as *const (),
            ),
            core::mem::transmute::<*const (), unsafe extern "C" fn(*const u8, *const u8, usize) -> i32>(
                library::memcmp as *const (),
            ),
        )
    };
    vec![
        ("memcpy", copy(own::memcpy), copy(memcpy)),
        ("memmove", copy(own::memmove), copy(memmove)),
        ("memmove, 8 up", overlapping(own::memmove, 8, 0), overlapping(memmove, 8, 0)),
        ("memmove, 64 up", overlapping(own::memmove, 64, 0), overlapping(memmove, 64, 0)),
        ("memmove, 8 down", overlapping(own::memmove, 0, 8), overlapping(memmove, 0, 8)),
        ("memmove, 64 down", overlapping(own::memmove, 0, 64), overlapping(memmove, 0, 64)),
        ("memset", fill(own::memset), fill(memset)),
        ("memcmp, equal", compare(own::memcmp), compare(memcmp)),
    ]
}

/// Two runs of equal bytes, each at a page's start.
struct Room(Vec<u8>);

impl Room {
    fn new() -> Self {
        Self(vec![0x5a; 2 * ROOM])
    }

    fn runs(&mut self) -> (*mut u8, *const u8) {
        let start = self.0.as_mut_ptr();
        let dest = start.wrapping_add(start.align_offset(4096));
        (dest, dest.wrapping_add(2 * 4096))
    }
}

fn time(c: &mut Criterion) {
    let mut room = Room::new();
    let (dest, src) = room.runs();
    for (name, own, library) in pairs() {
        let mut group = c.benchmark_group(name);
        for n in LENGTHS {
            group.throughput(Throughput::Bytes(n as u64));
            for (side, work) in [("own", &own), ("library", &library)] {
                group.bench_with_input(BenchmarkId::new(side, n), &n, |b, &n| {
                    b.iter(|| work(black_box(dest), black_box(src), black_box(n)));
                });
            }
        }
    }
}

/// The time of so many calls.
fn lap(work: &Work, dest: *mut u8, src: *const u8, n: usize, calls: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        work(black_box(dest), black_box(src), black_box(n));
    }
    start.elapsed()
}

/// The median of the ratios of neighbouring laps.
fn ratio(own: &Work, library: &Work, n: usize) -> f64 {
    let mut room = Room::new();
    let (dest, src) = room.runs();
    let calls = 4_000_000 / (n as u32 + 200);
    let mut ratios: Vec<f64> = (0..101)
        .map(|_| {
            let [own, library] = [own, library].map(|work| lap(work, dest, src, n, calls).as_secs_f64());
            own / library
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(500))
        .configure_from_args();
    time(&mut criterion);
    criterion.final_summary();

    println!(
        "\nown / library, {}",
        if is_x86_feature_detected!("ermsb") { "with ERMS" } else { "without ERMS" }
    );
    print!("{:20}", "bytes");
    for n in LENGTHS {
        print!("{n:>6}");
    }
    println!();
    for (name, own, library) in pairs() {
        print!("{name:20}");
        for n in LENGTHS {
            print!("{:6.2}", ratio(&own, &library, n));
        }
        println!();
    }
}
