//! Zero is no error.

use ring3::Errno;

const NONE: Errno = Errno::new(0).unwrap();

fn main() {
    println!("{NONE}");
}
