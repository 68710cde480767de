//! A closed descriptor is gone.

use ring3::{STDIN, sys};

fn main() {
    let fd = sys::dup(STDIN).unwrap();
    let _ = sys::close(fd);
    let _ = sys::read(&fd, &mut [0_u8; 16]);
}
