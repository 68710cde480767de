//! The buffer and the descriptor of a call do not change places.

use ring3::{STDOUT, sys};

fn main() {
    let _ = sys::write(b"Hello World!\n", STDOUT);
}
