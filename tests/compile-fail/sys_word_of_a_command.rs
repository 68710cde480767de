//! What an argument is depends on the command: the general form is unsafe.

use ring3::{STDIN, sys};

fn main() {
    let _ = sys::ioctl(STDIN, 0, 0);
}
