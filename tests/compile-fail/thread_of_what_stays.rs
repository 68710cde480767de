//! What is not `Send` stays in its thread.

static ONE: u8 = 1;

fn main() {
    let number = &raw const ONE;
    let _ = ring3::thread::spawn(4096, move || {
        let number = number;
        number.is_null()
    });
}
