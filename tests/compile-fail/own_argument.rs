//! What is an argument, ring3 decides.

use ring3::Arg;

struct Descriptor(i32);

impl Arg for Descriptor {
    fn word(self) -> ring3::arch::Word {
        self.0.word()
    }
}

fn main() {}
