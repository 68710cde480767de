//! An argument has the type of the kernel's prototype.

use ring3::raw;

fn main() {
    let text = c"text";
    let _ = unsafe { raw::write(1, text.as_ptr(), "four") };
}
