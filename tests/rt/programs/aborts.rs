//! Panics of many kinds, and no word of any in the file.

#![no_std]
#![no_main]

use core::hint::black_box;

fn main(env: ring3::Env) -> u8 {
    let count = env.args().count();
    let words = ["no", "trace"];
    match count {
        1 => 42,
        2 => words[black_box(count)].len() as u8,
        3 => panic!("{count} arguments"),
        _ => env.var("ABSENT").expect("a variable").count_bytes() as u8,
    }
}

ring3::entry!(main, panic = abort, layout = default);
