//! What is not `Send` does not come out of a thread.

use core::ptr::NonNull;

static ONE: u8 = 1;

fn main() {
    let _ = ring3::thread::spawn(4096, || NonNull::from(&ONE));
}
