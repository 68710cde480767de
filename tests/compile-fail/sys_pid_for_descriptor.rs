//! A process is no descriptor.

use ring3::sys;

fn main() {
    let _ = sys::read(sys::getpid(), &mut [0_u8; 16]);
}
