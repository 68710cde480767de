//! A call that the target's ABI does not have is no function.

use ring3::{Sysno, raw};

fn main() {
    let _ = unsafe { raw::mmap2(core::ptr::null_mut(), 4096, 0, 0, 0, 0) };
    let _ = Sysno::CLOCK_GETTIME64;
}
