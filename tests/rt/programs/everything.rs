//! What only the full layout has: thread-local variables, constructors, pages that are read-only once they are relocated. And what
//! every layout with data has: large alignments.
//!
//! Exits with 42, or prints what is wrong. `everything write`: writes to what is read-only, which must kill it.

#![no_std]
#![no_main]
#![feature(thread_local)]

use core::cell::{Cell, UnsafeCell};
use core::ffi::{CStr, c_char, c_int};
use core::hint::black_box;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use ring3::Env;

#[repr(align(128))]
struct Aligned<T>(T);

// SAFETY: the program has one thread.
unsafe impl<T> Sync for Aligned<T> {}

#[thread_local]
static SEVEN: Cell<u32> = Cell::new(7);
#[thread_local]
static TEXT: Cell<&str> = Cell::new("relocated");
#[thread_local]
static ALIGNED: Aligned<Cell<u8>> = Aligned(Cell::new(9));
#[thread_local]
static ZEROS: UnsafeCell<[u8; 5001]> = UnsafeCell::new([0; 5001]);

static CALLS: AtomicUsize = AtomicUsize::new(0);
static ARGUMENTS: AtomicUsize = AtomicUsize::new(0);

unsafe extern "C" fn first(argc: c_int, argv: *const *const c_char, envp: *const *const c_char) {
    // SAFETY: that of the runtime.
    let null = unsafe { (*argv.add(argc as usize)).is_null() };
    if CALLS.fetch_add(1, Relaxed) == 0
        && null
        && envp == argv.wrapping_add(argc as usize + 1)
        && SEVEN.get() == 7
    {
        ARGUMENTS.store(argc as usize, Relaxed);
    }
}

extern "C" fn second() {
    SEVEN.set(if CALLS.fetch_add(1, Relaxed) == 1 { 8 } else { 0 });
}

#[used]
#[unsafe(link_section = ".preinit_array")]
static BEFORE: unsafe extern "C" fn(c_int, *const *const c_char, *const *const c_char) = first;

#[used]
#[unsafe(link_section = ".init_array")]
static CONSTRUCTOR: extern "C" fn() = second;

#[repr(align(16384))]
struct Page<T>(UnsafeCell<T>);
// SAFETY: the program has one thread.
unsafe impl<T> Sync for Page<T> {}
static DATA: Page<[u8; 3]> = Page(UnsafeCell::new([1, 2, 3]));
static BSS: Page<[u8; 3]> = Page(UnsafeCell::new([0; 3]));

/// Read-only once it is relocated.
static TABLE: [&CStr; 2] = [c"a", c"b"];

fn main(env: Env) -> Result<u8, &'static str> {
    if CALLS.load(Relaxed) != 2 || ARGUMENTS.load(Relaxed) != env.args().count() {
        return Err("constructors");
    }
    if black_box(&SEVEN).get() != 8
        || black_box(&TEXT).get() != "relocated"
        || black_box(&ALIGNED).0.get() != 9
    {
        return Err("thread-local data");
    }
    // Pointers that the compiler knows nothing of: it takes the alignment of a static for granted.
    if !black_box(&raw const ALIGNED).is_aligned() {
        return Err("alignment of thread-local data");
    }
    // SAFETY: the program has one thread.
    unsafe {
        let zeros = &mut *ZEROS.get();
        if black_box(&*zeros).iter().any(|&byte| byte != 0) {
            return Err("thread-local zeros");
        }
        zeros.fill(1);
    }
    if black_box(&SEVEN).get() != 8 || ALIGNED.0.get() != 9 {
        return Err("thread-local variables overlap");
    }
    // A kernel before 5.10 and some emulators load a file without a look at its alignment.
    if !black_box(&raw const DATA).is_aligned() || !black_box(&raw const BSS).is_aligned() {
        return Err("large alignment");
    }
    // SAFETY: the program has one thread.
    if unsafe { *black_box(DATA.0.get()) != [1, 2, 3] || *black_box(BSS.0.get()) != [0; 3] } {
        return Err("aligned data");
    }
    if env.args().nth(1) == Some(c"write") {
        let table = black_box(&raw const TABLE[1]).cast_mut();
        // SAFETY: none; it must not come back.
        unsafe { table.write_volatile(c"c") };
        return Err("a constant was written to");
    }
    Ok(42 + u8::from(black_box(TABLE[1]) != c"b"))
}

ring3::entry!(main, layout = full);
