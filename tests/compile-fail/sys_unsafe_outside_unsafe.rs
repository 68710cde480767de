//! What can break memory says so.

use core::ptr;
use ring3::sys;

fn main() {
    let _ = sys::munmap(ptr::null_mut(), 4096);
}
