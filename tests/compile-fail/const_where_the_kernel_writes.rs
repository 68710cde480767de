//! Memory that the kernel writes to is not behind a pointer to what is constant.

use ring3::raw;

fn main() {
    let buffer = [0; 16];
    let _ = unsafe { raw::read(0, buffer.as_ptr(), buffer.len()) };
}
