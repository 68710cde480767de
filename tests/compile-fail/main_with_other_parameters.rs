//! `main` takes nothing or the environment, not what C's takes.

#![no_main]

ring3::entry!(main);

fn main(_argc: i32, _argv: *const *const u8) {}
