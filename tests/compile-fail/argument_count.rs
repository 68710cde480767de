//! No argument may be forgotten: the kernel would take what the register happens to hold.

use ring3::raw;

fn main() {
    let _ = unsafe { raw::openat(-100, c"/".as_ptr(), 0) };
}
