//! Memory for `Vec`, `String` and `format!`: an allocator over mmap.
//!
//! With the feature `alloc`, [`entry!`](crate::entry) declares a [`Heap`] as the program's global allocator, and `extern crate alloc` works:
//!
//! ```no_run
//! #![cfg_attr(panic = "abort", no_std)]
//! #![no_main]
//!
//! extern crate alloc;
//!
//! use alloc::format;
//!
//! ring3::entry!(main);
//!
//! fn main(env: ring3::Env) {
//!     let text = format!("{} arguments\n", env.args().count());
//!     let _ = ring3::sys::write(ring3::STDOUT, text.as_bytes());
//! }
//! ```
//!
//! A program with an allocator of its own says `entry!(main, heap = none)`. Programs without `entry!`, those of std among them, keep
//! what they have; they may declare a `Heap` by hand, beside libc, too: `#[global_allocator] static HEAP: Heap = Heap::new();`.
//! A program that allocates nothing has nothing of it in its file, but rustc wants every `no_std` program that is built with the feature to have
//! an allocator: one without `entry!` has to declare it.
//!
//! # What it does
//!
//! Blocks of 128 KiB and more are mappings of their own: they go back to the kernel when they are freed, grow by mremap(2) without
//! being copied, and are zero without being written. Smaller ones are cut from mappings of 256 KiB, which stay the program's and are used
//! again. Nothing is mapped before the first block is asked for.
//!
//! When there is no more memory, an allocation fails, as a value for whoever asks with `try_reserve`. What does not ask panics; a panic
//! ends the program, and loses what an [`io::Writer`](crate::io::Writer) still holds.
//!
//! Any thread may allocate and free. Signal handlers must not, and neither may the child of a fork in a program that has other threads: one
//! of these may have held the lock.
//!
//! # The allocator inside
//!
//! [talc](https://docs.rs/talc) cuts the small blocks. Measured on x86_64 with Rust 1.95, each over the same mmap and without a lock: the bytes of a
//! program with `format!` and `String` in the profile of the README, and nanoseconds to free one block of a thousand and allocate another,
//! of up to 512 bytes and of up to 8 KiB (`opt-level = 3`; glibc 24 and 127):
//!
//! | crate | bytes | 512 | 8 KiB | |
//! |---|---|---|---|---|
//! | talc 5.1 | 12,496 | 39 | 62 | needs no libc; 5.0.4 and 5.1.0 mended what users had reported |
//! | rlsf 0.2 | 12,504 | 44 | 74 | constant time; compiles libc, and has tables of 3.8 KiB |
//! | dlmalloc 0.2 | 22,256 | 82 | 164 | std's on WebAssembly; asks the linker for libc, so that a program does not link where there is none |
//!
//! With the lock, and all for size as in the README, against glibc's malloc in one run of `cargo bench -p benches --features alloc --bench text`: a
//! block of 64 bytes, allocated and freed over and over, takes 4.5 times as long (glibc keeps such blocks in a list for each thread), one of 4 KiB
//! 1.7 times; blocks that come and go, of up to 512 bytes 2.0 and of up to 8 KiB 0.9. A mapping of its own costs some microseconds, and a fault for
//! each page: a program that needs one over and over keeps it.

mod lock;

use crate::{
    consts::{Map, Mremap, Prot},
    sys,
};
use core::{
    alloc::{GlobalAlloc, Layout},
    fmt, ptr,
};
use lock::Lock;
use talc::{
    TalcLock,
    base::{Talc, binning::Binning},
    min_first_heap_size,
    source::Source,
};

/// Blocks of this size and more are mappings of their own.
const DIRECT: usize = 128 << 10;
/// What is mapped at a time for the others.
const UNIT: usize = 256 << 10;
/// What every mapping is aligned to: no kernel has smaller pages.
const PAGE: usize = 4096;

/// An allocator over mmap(2): see the [module](self).
pub struct Heap(TalcLock<Lock, Pages>);

impl Heap {
    /// An allocator that has nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(TalcLock::new(Pages))
    }
}

impl fmt::Debug for Heap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Heap").finish_non_exhaustive()
    }
}

impl Default for Heap {
    fn default() -> Self {
        Self::new()
    }
}

// SAFETY: a block is a mapping of its own or the other allocator's, by its layout, which the caller gives back unchanged.
unsafe impl GlobalAlloc for Heap {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_direct(layout.size(), layout.align()) {
            return map(layout.size());
        }
        // SAFETY: the caller's promise.
        unsafe { self.0.alloc(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if is_direct(layout.size(), layout.align()) {
            // SAFETY: the mapping is that of a block that nobody uses any more.
            unsafe { unmap(block, layout.size()) };
        } else {
            // SAFETY: the caller's promise.
            unsafe { self.0.dealloc(block, layout) }
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise.
        let block = unsafe { self.alloc(layout) };
        if !block.is_null() && !is_direct(layout.size(), layout.align()) {
            // SAFETY: the block has so many bytes.
            unsafe { block.write_bytes(0, layout.size()) };
        }
        block
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        match [layout.size(), size].map(|size| is_direct(size, layout.align())) {
            // SAFETY: the caller's promise.
            [false, false] => return unsafe { self.0.realloc(block, layout, size) },
            [true, true] => {
                // SAFETY: the mapping is the block's, and whoever has its address gets a new one.
                let moved = unsafe {
                    sys::mremap(block.cast(), layout.size(), size, Mremap::MAYMOVE, ptr::null_mut())
                };
                if let Ok(moved) = moved {
                    return moved.cast();
                }
            }
            _ => {}
        }
        // SAFETY: the caller's promise: the size is not 0, and no greater than a layout may have.
        unsafe {
            let new = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !new.is_null() {
                new.copy_from_nonoverlapping(block, layout.size().min(size));
                self.dealloc(block, layout);
            }
            new
        }
    }
}

/// Whether a block of this layout is a mapping of its own.
#[inline]
const fn is_direct(size: usize, align: usize) -> bool {
    size >= DIRECT && align <= PAGE
}

/// New memory, all zeros, or null. The kernel rounds lengths up to pages, here and below.
fn map(length: usize) -> *mut u8 {
    let (protection, flags) = (Prot::READ | Prot::WRITE, Map::PRIVATE | Map::ANONYMOUS);
    // SAFETY: the kernel finds a place where nothing is.
    let memory = unsafe { sys::mmap(ptr::null_mut(), length, protection, flags, None, 0) };
    memory.map_or(ptr::null_mut(), <*mut _>::cast)
}

/// Gives memory back.
///
/// # Safety
///
/// `map` has given it with this length, or mremap, and nobody uses it any more.
unsafe fn unmap(memory: *mut u8, length: usize) {
    // SAFETY: the caller's promise. It can only fail where the kernel cannot split a mapping, and then the memory stays.
    let _ = unsafe { sys::munmap(memory.cast(), length) };
}

/// Where the small blocks come from.
#[derive(Debug)]
struct Pages;

// SAFETY: nothing here allocates.
unsafe impl Source for Pages {
    fn acquire<B: Binning>(talc: &mut Talc<Self, B>, layout: Layout) -> Result<(), ()> {
        // Twice as much as the block can need: talc looks for it among gaps that are surely large enough, by their logarithm.
        let least = layout.size().saturating_add(layout.align()).saturating_mul(2);
        let least = least.saturating_add(2 * min_first_heap_size::<B>());
        for length in [least.max(UNIT), least.next_multiple_of(PAGE)] {
            let memory = map(length);
            if memory.is_null() {
                continue;
            }
            // SAFETY: the memory is new, and from now on the allocator's.
            return match unsafe { talc.claim(memory, length) } {
                Some(_) => Ok(()),
                None => Err(()),
            };
        }
        Err(())
    }
}
