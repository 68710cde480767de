//! Images as they are, as they may be, and as they must not be.

use super::*;
use fastrand::Rng;
use std::vec::Vec;
use std::{format, vec};

const NAME: &CStr = c"__vdso_getcpu";
const VERSION: &CStr = c"LINUX_2.6";

/// What an image is made of.
#[derive(Clone, Copy)]
struct Plan {
    hash: bool,
    gnu_hash: bool,
    versions: bool,
    kind: u8,
    binding: u8,
    section: u16,
    /// What the image was linked to begin at: old kernels had x86's high up.
    origin: usize,
}

const PLAN: Plan = Plan {
    hash: true,
    gnu_hash: true,
    versions: true,
    kind: STT_FUNC,
    binding: STB_GLOBAL,
    section: 1,
    origin: 0,
};

/// Where the function lies.
const PLACE: usize = 0x321;

fn put<T: Copy>(bytes: &mut Vec<u8>, value: T) -> usize {
    let at = bytes.len();
    // SAFETY: the types that are put here have no padding.
    bytes.extend(unsafe { core::slice::from_raw_parts((&raw const value).cast::<u8>(), size_of::<T>()) });
    at
}

/// An image with two symbols: another function, and the one that is looked for, with another version's namesake before it.
fn image(plan: Plan) -> Vec<u8> {
    const HEADER: usize = if size_of::<usize>() == 4 { 52 } else { 64 };
    let mut ident = [0; 16];
    ident[..7].copy_from_slice(&IDENT);
    let mut bytes = vec![0; HEADER + 2 * size_of::<ProgramHeader>()];

    let strings = bytes.len();
    bytes.extend(b"\0__vdso_time\0__vdso_getcpu\0LINUX_2.6\0LINUX_2.5\0linux-gate.so.1\0");
    let string = |bytes: &[u8], text: &CStr| {
        let text = text.to_bytes_with_nul();
        (bytes[strings..].windows(text.len()).position(|window| window == text).unwrap()) as u32
    };
    bytes.resize(bytes.len().next_multiple_of(16), 0);
    let symbol = |name, value| Symbol {
        name,
        info: plan.binding << 4 | plan.kind,
        other: 0,
        section: plan.section,
        value,
        size: 16,
    };
    let (time, getcpu) = (string(&bytes, c"__vdso_time"), string(&bytes, NAME));
    let symbols = put(&mut bytes, symbol(0, 0));
    put(&mut bytes, symbol(time, plan.origin + 0x300));
    put(&mut bytes, symbol(getcpu, plan.origin + 0x310));
    put(&mut bytes, symbol(getcpu, plan.origin + PLACE));

    // The file's own name, LINUX_2.5 and LINUX_2.6.
    let versym = put(&mut bytes, [0_u16, 3, 2, 3 | VERSYM_HIDDEN]);
    let verdef = bytes.len();
    for (index, name) in [(1, c"linux-gate.so.1"), (2, c"LINUX_2.5"), (3, VERSION)] {
        let name = string(&bytes, name);
        let flags = u16::from(index == 1);
        let next = if index == 3 { 0 } else { 28 };
        put(&mut bytes, Definition { version: 1, flags, index, count: 1, hash: 0, names: 20, next });
        put(&mut bytes, [name, 0]);
    }
    let hash = put(&mut bytes, [1_u32, 4, 1, 0, 2, 3, 0]);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    // Two buckets, the first of which is empty; one word of the filter; chains of one and of two.
    let gnu_hash = put(&mut bytes, [2_u32, 1, 1, 0]);
    put(&mut bytes, usize::MAX);
    put(&mut bytes, [0_u32, 1, 2, 2, 3]);
    bytes.resize(bytes.len().next_multiple_of(8), 0);

    let dynamic = bytes.len();
    let mut entry = |there: bool, tag, place: usize| {
        if there {
            put(&mut bytes, Dynamic { tag, value: plan.origin + place });
        }
    };
    entry(true, DT_STRTAB, strings);
    entry(true, DT_SYMTAB, symbols);
    entry(plan.hash, DT_HASH, hash);
    entry(plan.gnu_hash, DT_GNU_HASH, gnu_hash);
    entry(plan.versions, DT_VERSYM, versym);
    entry(plan.versions, DT_VERDEF, verdef);
    put(&mut bytes, Dynamic { tag: DT_NULL, value: 0 });

    let length = 0x400;
    assert!(bytes.len() <= length);
    bytes.resize(length, 0);
    let mut head = Vec::new();
    put(&mut head, ident);
    put(&mut head, [ET_DYN, 0]);
    put(&mut head, 1_u32);
    put(&mut head, [0, HEADER, 0]);
    put(&mut head, 0_u32);
    put(&mut head, [HEADER as u16, size_of::<ProgramHeader>() as u16, 2, 0, 0, 0]);
    assert_eq!(head.len(), HEADER);
    let header = |kind, offset, size| ProgramHeader {
        kind,
        flags: 4 | PF_X,
        offset,
        vaddr: plan.origin + offset,
        paddr: 0,
        filesz: size,
        memsz: size,
        align: 1,
    };
    put(&mut head, header(PT_LOAD, 0, length));
    put(&mut head, header(PT_DYNAMIC, dynamic, 0));
    bytes[..head.len()].copy_from_slice(&head);
    bytes
}

fn find(bytes: &[u8], name: &CStr, version: &CStr) -> Option<usize> {
    Image::new(bytes)?.find(name, version)
}

#[test]
fn every_kind_of_image_that_kernels_had() {
    let whole = image(PLAN);
    assert_eq!(Image::new(&whole).unwrap().len(), whole.len());
    for (hash, gnu_hash) in [(true, true), (true, false), (false, true)] {
        for kind in [STT_FUNC, STT_NOTYPE] {
            for binding in [STB_GLOBAL, STB_WEAK] {
                for origin in [0, 0x7000, usize::MAX << 20] {
                    let plan = Plan { hash, gnu_hash, kind, binding, origin, ..PLAN };
                    let bytes = image(plan);
                    assert_eq!(find(&bytes, NAME, VERSION), Some(PLACE));
                    assert_eq!(find(&bytes, NAME, c"LINUX_2.5"), Some(0x310));
                    assert_eq!(find(&bytes, c"__vdso_time", VERSION), Some(0x300));
                    // Without versions the first of the name is it.
                    let bytes = image(Plan { versions: false, ..plan });
                    assert_eq!(find(&bytes, NAME, VERSION), Some(0x310));
                }
            }
        }
    }
}

#[test]
fn what_is_no_function_of_the_name_and_version_is_not_found() {
    let whole = image(PLAN);
    for name in [c"", c"__vdso_getcp", c"__vdso_getcpu2", c"vdso_getcpu", c"LINUX_2.6"] {
        assert_eq!(find(&whole, name, VERSION), None, "{name:?}");
    }
    // The last is the file's own name, and no version.
    for version in [c"", c"LINUX_2.", c"LINUX_2.6.39", c"LINUX_4.15", c"linux-gate.so.1"] {
        assert_eq!(find(&whole, NAME, version), None, "{version:?}");
    }
    const STT_OBJECT: u8 = 1;
    const STB_LOCAL: u8 = 0;
    for plan in [
        Plan { hash: false, gnu_hash: false, ..PLAN },
        Plan { kind: STT_OBJECT, ..PLAN },
        Plan { binding: STB_LOCAL, ..PLAN },
        Plan { section: SHN_UNDEF, ..PLAN },
    ] {
        assert_eq!(find(&image(plan), NAME, VERSION), None);
    }
}

#[test]
fn what_is_no_image_has_no_function() {
    let whole = image(PLAN);
    assert!(Image::new(&[]).is_none());
    assert!(Image::new(&[0; 4096]).is_none());
    assert!(Image::new(b"#!/bin/sh\n").is_none());
    // Magic number, class, byte order, version; then type, and the size of a program header.
    let entsize = if size_of::<usize>() == 4 { 42 } else { 54 };
    for at in (0..7).chain([16, entsize]) {
        let mut bytes = whole.clone();
        bytes[at] ^= 3;
        assert!(Image::new(&bytes).is_none(), "byte {at}");
    }
}

/// Wherever it ends, nothing else is found in it.
#[test]
fn an_image_that_ends_early() {
    let whole = image(PLAN);
    let ends: Vec<_> = (0..=whole.len()).map(|end| find(&whole[..end], NAME, VERSION)).collect();
    let first = ends.iter().position(Option::is_some).unwrap();
    assert!(ends[..first].iter().all(Option::is_none));
    assert!(ends[first..].iter().all(|&found| found == Some(PLACE)));
}

/// A function out of the code is none, wherever its symbol says it is.
#[test]
fn a_function_beyond_the_code() {
    let whole = image(PLAN);
    let address = PLACE.to_ne_bytes();
    let at = whole.windows(address.len()).position(|window| window == address).unwrap();
    for place in [whole.len(), whole.len() + 1, usize::MAX, usize::MAX - PLACE] {
        let mut bytes = whole.clone();
        bytes[at..at + address.len()].copy_from_slice(&place.to_ne_bytes());
        assert_eq!(find(&bytes, NAME, VERSION), None, "{place:#x}");
    }
}

/// Some bytes become others: those that are interesting in integers, any, or those of another place.
fn mutate(bytes: &mut [u8], random: &mut Rng) {
    for _ in 0..random.usize(1..8) {
        let at = random.usize(..bytes.len());
        let length = random.usize(1..=8).min(bytes.len() - at);
        match random.u8(..4) {
            0 => bytes[at..at + length].fill(0xff),
            1 => bytes[at..at + length].fill(0),
            2 => random.fill(&mut bytes[at..at + length]),
            _ => {
                let from = random.usize(..=bytes.len() - length);
                bytes.copy_within(from..from + length, at);
            }
        }
    }
}

/// Mutates an image many times, and counts how often the function is found where it was, elsewhere, and not at all.
fn fuzz(whole: &[u8], name: &CStr, version: &CStr, rounds: usize, seed: u64) -> [usize; 3] {
    let place = find(whole, name, version);
    let mut counts = [0; 3];
    let mut random = Rng::with_seed(seed);
    for _ in 0..rounds {
        // A vector of its own, and shorter at times: what reads beyond it is caught by the slice.
        let mut bytes = whole.to_vec();
        mutate(&mut bytes, &mut random);
        if random.u8(..8) == 0 {
            bytes.truncate(random.usize(..=whole.len()));
        }
        let found = find(&bytes, name, version);
        counts[if found.is_none() { 2 } else { usize::from(found != place) }] += 1;
    }
    counts
}

#[test]
fn mutated_images_do_no_harm() {
    for (hash, gnu_hash) in [(true, true), (true, false), (false, true)] {
        let whole = image(Plan { hash, gnu_hash, ..PLAN });
        let counts = fuzz(&whole, NAME, VERSION, 100_000, 0x5eed);
        // All three happen: the mutations reach what is read.
        assert!(counts.iter().all(|&count| count > 100), "{counts:?}");
    }
}

/// The image that this process has.
fn own() -> &'static [u8] {
    let address =
        crate::vdso::auxiliary::find(crate::auxv::AT_SYSINFO_EHDR).expect("the kernel gives a vDSO");
    let base: *const u8 = core::ptr::with_exposed_provenance(address);
    // SAFETY: the kernel has mapped what its own image says, for as long as the process lives.
    unsafe {
        let page = core::slice::from_raw_parts(base, 4096);
        core::slice::from_raw_parts(base, Image::new(page).unwrap().len())
    }
}

#[test]
fn the_image_of_this_kernel() {
    use crate::vdso::symbols::*;
    let image = own();
    let mut said = Vec::new();
    for symbol in [CLOCK_GETTIME, CLOCK_GETRES, GETCPU, GETRANDOM].into_iter().flatten() {
        let found = find(image, symbol.name, symbol.version);
        said.push(format!("{:?} {found:x?}", symbol.name));
        assert_eq!(find(image, symbol.name, c"LINUX_1.0"), None);
        assert_eq!(symbol.find().map(|at| at.addr().get() - image.as_ptr().addr()), found);
    }
    std::println!("{} bytes: {}", image.len(), said.join(", "));
    // Every Linux that runs these tests has it.
    let symbol = CLOCK_GETTIME.unwrap();
    assert!(find(image, symbol.name, symbol.version).is_some());
    let counts = fuzz(image, symbol.name, symbol.version, 100_000, 0xfeed);
    std::println!("mutated: {counts:?}");
    assert!(counts[0] > 100 && counts[2] > 100, "{counts:?}");
}
