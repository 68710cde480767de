//! Everything that has to be in place when `main` starts: relocated tables, data, zeroed bss, arguments, environment, auxiliary vector.
//!
//! `probe`: prints its arguments and `$PROBE`, then exits with 42. `probe panic`: panics.

#![no_std]
#![no_main]

use core::cell::UnsafeCell;
use core::hint::black_box;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use ring3::Env;
use ring3::auxv::{AT_HWCAP, AT_PAGESZ};

static WORDS: [&str; 3] = ["zero", "one", "two"];
static STEPS: [fn(usize) -> usize; 2] = [increment, double];
static mut DATA: [u32; 3] = [7, 8, 9];
static COUNTER: AtomicUsize = AtomicUsize::new(40);

/// Its address must be a multiple of 256, and there must be nothing in it.
#[repr(align(256))]
struct Large(UnsafeCell<[u8; 40_000]>);

// SAFETY: the program has one thread.
unsafe impl Sync for Large {}

static LARGE: Large = Large(UnsafeCell::new([0; 40_000]));

trait Shape {
    fn sides(&self) -> usize;
}
struct Square;
struct Triangle;
impl Shape for Square {
    fn sides(&self) -> usize {
        4
    }
}
impl Shape for Triangle {
    fn sides(&self) -> usize {
        3
    }
}
static SHAPES: [&(dyn Shape + Sync); 2] = [&Square, &Triangle];

fn increment(x: usize) -> usize {
    x + 1
}

fn double(x: usize) -> usize {
    x * 2
}

fn print(text: &[u8]) {
    // SAFETY: the kernel reads the bytes of the slice.
    let _ = unsafe { ring3::raw::write(1, text.as_ptr().cast(), text.len()) };
}

fn main(env: Env) -> Result<u8, &'static str> {
    let arguments = env.args().count();
    for argument in env.args().skip(1) {
        print(argument.to_bytes());
        print(b"\n");
    }
    if let Some(value) = env.var("PROBE") {
        print(value.to_bytes());
        print(b"\n");
    }
    if env.vars().filter(|entry| entry.to_bytes().starts_with(b"PROBE=")).count()
        != usize::from(env.var("PROBE").is_some())
    {
        return Err("vars and var differ");
    }
    if env.var("PROB").is_some() || env.var("PROBE=").is_some() {
        return Err("a variable that is not there");
    }

    if !env.page_size().is_power_of_two()
        || env.aux(AT_PAGESZ) != Some(env.page_size())
        || env.aux(77_777).is_some()
    {
        return Err("auxiliary vector");
    }
    if !env.execfn().is_some_and(|file| file.to_bytes().ends_with(b"probe")) {
        return Err("AT_EXECFN");
    }
    if env.random().is_none_or(|bytes| *bytes == [0; 16]) || env.hwcap() != env.aux(AT_HWCAP).unwrap_or(0) {
        return Err("AT_RANDOM, AT_HWCAP");
    }
    // SAFETY: an ELF header lies there.
    if env.sysinfo_ehdr().is_some_and(|vdso| unsafe { *vdso.cast::<[u8; 4]>() } != *b"\x7fELF") {
        return Err("AT_SYSINFO_EHDR");
    }
    if env.secure() || env.platform().is_some_and(|platform| platform.is_empty()) {
        return Err("AT_SECURE, AT_PLATFORM");
    }

    let n = black_box(arguments % 2);
    if WORDS[n + 1] != ["zero", "one", "two"][n + 1] || !matches!(WORDS[n], "zero" | "one") {
        return Err("table of strings");
    }
    if SHAPES[n].sides() != 4 - n || STEPS[n](20) != [21, 40][n] {
        return Err("table of functions");
    }
    // SAFETY: the program has one thread.
    unsafe {
        let data = &raw mut DATA;
        (*data)[n] += 1;
        if black_box(*data) != [[8, 8, 9], [7, 9, 9]][n] {
            return Err("data");
        }
        let large = LARGE.0.get();
        if !black_box(&raw const LARGE).is_aligned() || (*large).iter().any(|&byte| black_box(byte) != 0) {
            return Err("bss");
        }
        (*large).fill(1);
    }
    let frame = black_box(0_u128);
    if !black_box(&raw const frame).is_aligned() {
        return Err("alignment of the stack");
    }
    COUNTER.fetch_add(2, Relaxed);
    assert!(env.args().nth(1).is_none_or(|argument| argument != c"panic"), "{} arguments", arguments - 1);
    Ok(COUNTER.load(Relaxed) as u8)
}

ring3::entry!(main);
