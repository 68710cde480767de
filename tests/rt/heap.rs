//! The heap, as packages with the feature `alloc` have it. The program `text` of `cargo xtask cross` checks its blocks.

use crate::package::{ABORT, Package, SMALL, ended, output, run};
use std::fs;
use std::process::Command;

/// A program with an allocator of its own, which gives nothing.
const OWN: &str = r#"
#![no_std]
#![no_main]
extern crate alloc;
use core::alloc::{GlobalAlloc, Layout};
struct None;
unsafe impl GlobalAlloc for None {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 { core::ptr::null_mut() }
    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
#[global_allocator]
static NONE: None = None;
fn main() -> u8 {
    alloc::vec::Vec::<u8>::new().try_reserve(1).is_err().into()
}
ring3::entry!(main, heap = none);
"#;

/// A program whose memory ends, in one of two ways.
const ENDS: &str = r#"
#![no_std]
#![no_main]
extern crate alloc;
use alloc::vec::Vec;
use ring3::{Env, io};
fn main(env: Env) -> u8 {
    let mut out = io::stdout();
    let _ = write!(out, "said before");
    let mut bytes: Vec<u8> = Vec::new();
    if env.args().count() > 1 {
        bytes.reserve_exact(isize::MAX as usize);
    }
    u8::from(bytes.try_reserve_exact(isize::MAX as usize).is_err())
}
ring3::entry!(main);
"#;

#[test]
fn programs_that_allocate_nothing_are_as_small_as_before() {
    let hello = include_str!("../../examples/hello.rs");
    let tiny = include_str!("../../examples/hello_tiny.rs");
    let programs = [("hello_with_heap", hello), ("hello_tiny_with_heap", tiny), ("own", OWN), ("ends", ENDS)];
    let package = Package::with_features("heap", &["alloc"], &programs, SMALL);
    let dir = package.build("release", "", &programs.map(|(name, _)| name));
    for (name, layout) in [("hello_with_heap", "default"), ("hello_tiny_with_heap", "tiny")] {
        let row =
            format!("x86_64-unknown-linux-gnu\t{layout}\t{}", fs::metadata(dir.join(name)).unwrap().len());
        assert!(
            include_str!("../sizes.tbl").lines().any(|line| line == row),
            "tests/sizes.tbl lacks {row:?}"
        );
        assert_eq!(run(dir.join(name), &[]), ended(0, "Hello World!\n", ""));
    }
    assert_eq!(run(dir.join("own"), &[]), ended(1, "", ""));

    // As a value, the end of memory loses nothing; as a panic, it loses what was not written yet.
    assert_eq!(run(dir.join("ends"), &[]), ended(1, "said before", ""));
    let (code, stdout, stderr) = run(dir.join("ends"), &["panic"]);
    assert_eq!((code, stdout.as_str()), (Some(101), ""));
    assert!(stderr.contains("capacity overflow") || stderr.contains("memory allocation of"), "{stderr}");
}

#[test]
fn a_heap_without_the_feature_is_explained() {
    let program = "#![no_std]\n#![no_main]\nfn main() {}\nring3::entry!(main, heap = own);";
    let complaint = Package::new("heapless", &[("program", program)], ABORT).complaint();
    assert!(complaint.contains("`heap = own` needs the feature `alloc` of ring3"), "{complaint}");
}

#[test]
fn threads_share_the_heap() {
    let program = [("threads", include_str!("programs/threads.rs"))];
    let package = Package::with_features("threads", &["alloc"], &program, "");
    for profile in ["dev", "release"] {
        let threads = package.build(profile, "", &["threads"]).join("threads");
        assert_eq!(output(&mut Command::new(threads)), ended(0, "80000 blocks\n", ""), "{profile}");
    }
}
