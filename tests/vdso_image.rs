//! What a program does with the image that the kernel has given it, if that is none, or ends where the memory ends.
//!
//! The program's environment can be given once, before the first call: hence a file, and a process, for itself.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

use fastrand::Rng;
use ring3::auxv::AT_SYSINFO_EHDR;
use ring3::consts::{Clock, Grnd, Prot};
use ring3::vdso::{self, Symbol, symbols};
use ring3::{Env, sys};

const PAGE: usize = 4096;
const ALL: [Option<Symbol>; 4] =
    [symbols::CLOCK_GETTIME, symbols::CLOCK_GETRES, symbols::GETCPU, symbols::GETRANDOM];

/// Says where the image lies, by a stack as the kernel makes it: no arguments, no environment, and this vector.
fn init(image: *const u8) {
    let stack = Box::leak(Box::new([0, 0, 0, AT_SYSINFO_EHDR, image.expose_provenance(), 0, 0]));
    // SAFETY: the stack is laid out as the kernel does it, and stays.
    let done = unsafe {
        ring3::rt::start_hosted(stack[1..].as_ptr(), |env: Env| {
            vdso::init(env);
            7
        })
    };
    assert_eq!(done, 7);
}

/// So many pages, and after them one that nobody may read.
fn pages(count: usize) -> &'static mut [u8] {
    let length = count * PAGE;
    let start = sys::mmap::anonymous(length + PAGE, Prot::READ | Prot::WRITE).unwrap();
    // SAFETY: new memory, which stays, but for the page that is cut off.
    unsafe {
        sys::munmap(start.byte_add(length), PAGE).unwrap();
        core::slice::from_raw_parts_mut(start.cast(), length)
    }
}

/// The image that this process has.
fn own() -> &'static [u8] {
    // SAFETY: the kernel has mapped what its own image says.
    unsafe {
        let base = libc::getauxval(AT_SYSINFO_EHDR as u64) as *const u8;
        let program_header: *const u64 = base.add(*base.add(32).cast::<u64>() as usize).cast();
        // The first is the segment; its length in the file is the fifth word.
        assert_eq!(*program_header.cast::<u32>(), 1);
        core::slice::from_raw_parts(base, *program_header.add(4) as usize)
    }
}

/// Every function answers, whether or not there is an image: some by the trap.
fn all_answer() {
    let before = sys::clock_gettime(Clock::MONOTONIC).unwrap();
    let now = vdso::clock_gettime(Clock::MONOTONIC).unwrap();
    assert!((before.tv_sec, before.tv_nsec) <= (now.tv_sec, now.tv_nsec));
    assert!(vdso::clock_gettime(Clock::new(1000)).is_err());
    assert_eq!(
        vdso::clock_getres(Clock::MONOTONIC).unwrap().tv_nsec,
        sys::clock_getres(Clock::MONOTONIC).unwrap().tv_nsec
    );
    assert!(vdso::gettimeofday().unwrap().tv_sec >= before.tv_sec);
    assert!(vdso::time() > 1_600_000_000);
    assert!(vdso::getcpu().unwrap().0 < 1 << 16);
    assert_eq!(vdso::getrandom(&mut [0; 16], Grnd::empty()), Ok(16));
}

#[test]
fn images_of_every_kind() {
    let own = own();
    let count = own.len().div_ceil(PAGE);
    let room = pages(count);

    // The first calls, and so what they remember: no image.
    room.fill(0x5a);
    init(room.as_ptr());
    assert_eq!(ALL.map(|symbol| symbol.unwrap().find()), [None; 4]);
    all_answer();
    all_answer();

    // A whole one: what is found there lies where it lies in the real one.
    room[..own.len()].copy_from_slice(own);
    let clock_gettime = symbols::CLOCK_GETTIME.unwrap();
    let there = clock_gettime.find().unwrap().addr().get() - room.as_ptr().addr();
    assert!(there < own.len());

    // One page of an image that says that it is longer, with its tables at its end, where no memory is.
    let page = pages(1);
    let mut random = Rng::with_seed(0x5eed);
    let mut found = 0;
    init(page.as_ptr());
    page.copy_from_slice(&own[..PAGE]);
    assert_eq!(clock_gettime.find().map(|at| at.addr().get() - page.as_ptr().addr()), Some(there));
    for round in 0..100_000 {
        page.copy_from_slice(&own[..PAGE]);
        for _ in 0..random.usize(1..8) {
            // Mostly in what is read: the headers and the tables.
            let end = if random.bool() { 0x180 } else { PAGE };
            let at = random.usize(..end);
            let length = random.usize(1..=8).min(PAGE - at);
            match random.u8(..4) {
                0 => page[at..at + length].fill(0xff),
                1 => page[at..at + length].fill(0),
                2 => random.fill(&mut page[at..at + length]),
                // A size that may be right elsewhere.
                _ => page[at] = page[at].wrapping_add(0x10),
            }
        }
        let symbol = ALL[round % 4].unwrap();
        found += usize::from(symbol.find().is_some());
    }
    println!("100000 mutated images at the end of the memory: found in {found}");
    assert!((1_000..99_000).contains(&found), "{found}");

    // Tables that lie on a later page: the kernel is asked whether it is there.
    let shift = 2 * PAGE;
    let far = pages(2 + count);
    move_tables(own, far, shift);
    init(far.as_ptr());
    let at = clock_gettime.find().map(|at| at.addr().get() - far.as_ptr().addr());
    assert_eq!(at, Some(there + shift));
    let near = pages(1);
    near.copy_from_slice(&far[..PAGE]);
    init(near.as_ptr());
    assert_eq!(clock_gettime.find(), None);
    all_answer();
}

/// Writes an image whose headers are on the first page, and all else so much further on.
fn move_tables(image: &[u8], room: &mut [u8], shift: usize) {
    let word = |bytes: &[u8], at: usize| u64::from_ne_bytes(bytes[at..at + 8].try_into().unwrap());
    room[shift..shift + image.len()].copy_from_slice(image);
    room[..PAGE].copy_from_slice(&image[..PAGE]);
    let put = |room: &mut [u8], at: usize, value: u64| room[at..at + 8].copy_from_slice(&value.to_ne_bytes());
    let (headers, count) = (word(image, 32) as usize, usize::from(image[56]));
    for header in (0..count).map(|index| headers + 56 * index) {
        match u32::from_ne_bytes(image[header..header + 4].try_into().unwrap()) {
            // The segment: longer in the file and in memory, and all that it holds is so much higher.
            1 => {
                put(room, header + 32, word(image, header + 32) + shift as u64);
                put(room, header + 40, word(image, header + 40) + shift as u64);
            }
            // The dynamic section, and in it the addresses.
            2 => {
                let vaddr = word(image, header + 16) as usize;
                put(room, header + 16, (vaddr + shift) as u64);
                let mut entry = shift + vaddr;
                while word(room, entry) != 0 {
                    if [4, 5, 6, 0x6fff_fef5, 0x6fff_fff0, 0x6fff_fffc].contains(&word(room, entry)) {
                        let place = word(room, entry + 8);
                        put(room, entry + 8, place + shift as u64);
                    }
                    entry += 16;
                }
                // The symbols; there are fewer than would reach the strings.
                let symbols = (shift + vaddr..).step_by(16).find(|&at| word(room, at) == 6).unwrap();
                let strings = (shift + vaddr..).step_by(16).find(|&at| word(room, at) == 5).unwrap();
                let (mut symbol, end) = (word(room, symbols + 8) as usize, word(room, strings + 8) as usize);
                while symbol + 24 <= end {
                    let value = word(room, symbol + 8);
                    put(room, symbol + 8, value + shift as u64);
                    symbol += 24;
                }
            }
            _ => {}
        }
    }
}
