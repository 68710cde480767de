//! What is duplicated onto is closed: it has to be owned.

use ring3::{STDIN, STDOUT, sys};

fn main() {
    let _ = sys::dup2(STDIN, &mut STDOUT);
}
