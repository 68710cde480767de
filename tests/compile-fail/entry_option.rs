//! An option that `entry!` does not have is no silence.

#![no_main]

ring3::entry!(main, layout = small);

fn main() {}
