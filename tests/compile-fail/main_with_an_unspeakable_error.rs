//! An error that `main` returns is printed, so it must have a text.

#![no_main]

ring3::entry!(main);

struct Failure;

fn main() -> Result<(), Failure> {
    Err(Failure)
}
