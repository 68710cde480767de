//! What `main` returns becomes the code that the program exits with.

#![no_main]

ring3::entry!(main);

fn main() -> &'static str {
    "done"
}
