//! A lock is given back by the thread that has it, and a value outlives no lock.

use ring3::thread::Mutex;

static NUMBER: Mutex<u8> = Mutex::new(1);

fn main() {
    let guard = NUMBER.lock();
    let _ = ring3::thread::spawn(4096, move || *guard);
    let value = &mut *NUMBER.lock();
    *value = 2;
}
