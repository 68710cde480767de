//! A list of strings ends with a null, which a slice does not say.

use ring3::{CStrPtr, CStrs, sys};

fn main() {
    let arguments = [CStrPtr::new(c"true")];
    let _ = sys::execve(c"/bin/true", &arguments, CStrs::EMPTY);
}
