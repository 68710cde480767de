//! What is duplicated onto is closed: nobody may have borrowed it.

use ring3::{AsFd, STDIN, sys};

fn main() {
    let mut fd = sys::dup(STDIN).unwrap();
    let borrowed = fd.as_fd();
    let _ = sys::dup2(STDIN, &mut fd);
    let _ = sys::write(borrowed, b"Hello World!\n");
}
