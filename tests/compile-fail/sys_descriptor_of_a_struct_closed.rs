//! A struct that holds a descriptor's number borrows the descriptor.

use ring3::{STDIN, STDOUT, sys};

fn main() {
    let source = sys::dup(STDIN).unwrap();
    let range = sys::file_clone_range::new(&source);
    let _ = sys::close(source);
    let _ = sys::ioctl::ficlonerange(STDOUT, &range);
}
