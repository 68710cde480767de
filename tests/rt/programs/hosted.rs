//! A program of std that calls one function of the crate: its memory functions must stay libc's.

use std::hint::black_box;

fn main() {
    let text = black_box(vec![b'x'; 10_000]);
    let copy = black_box(text.clone());
    assert!(copy == text);
    // SAFETY: the kernel reads the bytes of the slice.
    let written = unsafe { ring3::raw::write(1, copy.as_ptr().cast(), 3) };
    assert_eq!(written, Ok(3));
}
