//! Memory against the C library's malloc, and `println!` against its printf and std's: `cargo bench -p benches --features alloc --bench text`.
//!
//! Lines go to /dev/null. The trap beside them is what either cannot do without: pages from the kernel, and a write of a line that is there.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

use benches::{Subject, Work, repeat, run};
use ring3::{STDOUT, consts::Prot, heap::Heap, io, sys};
use std::alloc::{GlobalAlloc, Layout};
use std::hint::black_box;

static HEAP: Heap = Heap::new();

/// A block that is allocated, written to and freed.
fn block(name: &'static str, size: usize) -> Subject {
    let layout = Layout::from_size_align(size, 8).unwrap();
    Subject {
        name,
        sides: vec![
            (
                "ring3",
                // SAFETY: the block has a byte, and goes back as it came.
                repeat!(unsafe {
                    let block = HEAP.alloc(black_box(layout));
                    *black_box(block) = 1;
                    HEAP.dealloc(block, layout);
                }),
            ),
            (
                "libc",
                // SAFETY: as above.
                repeat!(unsafe {
                    let block = libc::malloc(black_box(size)).cast::<u8>();
                    *black_box(block) = 1;
                    libc::free(block.cast());
                }),
            ),
            (
                "trap",
                // SAFETY: as above: new memory, and nobody else's.
                repeat!(unsafe {
                    let block = sys::mmap::anonymous(black_box(size), Prot::READ | Prot::WRITE).unwrap();
                    *black_box(block.cast::<u8>()) = 1;
                    sys::munmap(block, size).unwrap();
                }),
            ),
        ],
    }
}

/// One of a thousand blocks that is freed, and another that is allocated.
fn churn(name: &'static str, largest: u32) -> Subject {
    fn work(
        largest: u32,
        mut alloc: impl FnMut(Layout) -> *mut u8 + 'static,
        mut free: impl FnMut(*mut u8, Layout) + 'static,
    ) -> Work {
        let mut blocks = vec![(core::ptr::null_mut::<u8>(), Layout::new::<u8>()); 1000];
        let mut state = 1_u32;
        repeat!({
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
    Subject {
        name,
        sides: vec![
            // SAFETY: no size is 0, and each block goes back as it came, once.
            ("ring3", unsafe {
                work(largest, |layout| HEAP.alloc(layout), |block, layout| HEAP.dealloc(block, layout))
            }),
            // SAFETY: as above.
            ("libc", unsafe {
                work(
                    largest,
                    |layout| libc::malloc(layout.size()).cast(),
                    |block, _| {
                        libc::free(block.cast());
                    },
                )
            }),
        ],
    }
}

fn line() -> Subject {
    const NUMBER: i64 = 1_000_000;
    // SAFETY: a stream of its own, which writes a line as soon as it has one.
    let stream = unsafe {
        let stream = libc::fdopen(1, c"w".as_ptr());
        assert_eq!(libc::setvbuf(stream, core::ptr::null_mut(), libc::_IOLBF, 8192), 0);
        stream
    };
    Subject {
        name: "println!",
        sides: vec![
            ("ring3", repeat!(ring3::println!("line {}: text", black_box(NUMBER)))),
            (
                "libc",
                // SAFETY: the format takes a long.
                repeat!(unsafe { libc::fprintf(stream, c"line %ld: text\n".as_ptr(), black_box(NUMBER)) }),
            ),
            ("std", repeat!(println!("line {}: text", black_box(NUMBER)))),
            ("trap", repeat!(sys::write(STDOUT, black_box(b"line 1000000: text\n")))),
        ],
    }
}

fn buffered_line() -> Subject {
    let mut out = io::stdout();
    let mut buffered = std::io::BufWriter::with_capacity(8192, std::io::stdout());
    Subject {
        name: "writeln!, buffered",
        sides: vec![
            ("ring3", repeat!(writeln!(out, "line {}: text", black_box(7)).unwrap())),
            (
                "std",
                repeat!({
                    use std::io::Write;
                    writeln!(buffered, "line {}: text", black_box(7)).unwrap();
                }),
            ),
        ],
    }
}

fn main() {
    run(vec![
        block("64 bytes", 64),
        block("4 KiB", 4096),
        block("1 MiB", 1 << 20),
        churn("1 to 512 bytes", 512),
        churn("1 B to 8 KiB", 8192),
        line(),
        buffered_line(),
    ]);
}
