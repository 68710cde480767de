//! Keeps a program to one CPU.

use ring3::{Result, sys};

/// Keeps the thread, and all that it makes, to the CPU that it runs on.
///
/// Who waits and who is waited for hardly work at the same time. What it takes to wake the other one on another CPU, or that it happens to be awake, is the scheduler's
/// part, and several times the difference between two ways to make a child.
pub fn stay() -> Result<()> {
    let (cpu, _) = sys::getcpu()?;
    let (byte, bit) = (cpu as usize / 8, cpu % 8);
    // As many as the kernel has bits for, by default at most.
    let mut mask = [0; 1024];
    mask[byte] = 1 << bit;
    sys::sched_setaffinity(None, &mask)
}
