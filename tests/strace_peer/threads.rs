//! A program with threads, for strace to follow. Each waits long enough that whoever joins it has to wait.

use std::thread;
use std::time::Duration;

fn main() {
    for round in 0..3_u64 {
        let worker = thread::spawn(move || {
            let text = std::fs::read("/proc/self/comm").unwrap_or_default();
            thread::sleep(Duration::from_millis(50));
            text.len() as u64 + round
        });
        let _ = worker.join();
    }
}
