//! A thread may outlive whoever has made it.

fn main() {
    let number = 1;
    let _ = ring3::thread::spawn(4096, || *&number);
}
