//! The kernel writes through exclusive references alone.

use ring3::{STDIN, sys};

fn main() {
    let buffer = [0_u8; 16];
    let _ = sys::read(STDIN, &buffer[..]);
}
