//! Flags of one call are no flags of another.

use ring3::{consts::Mfd, sys};

fn main() {
    let _ = sys::pipe2(Mfd::CLOEXEC);
}
