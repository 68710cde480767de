//! A reference is no argument: what the kernel may do through it must be said by a pointer.

use ring3::{Sysno, syscall};

fn main() {
    let buffer = [0_u8; 16];
    let _ = unsafe { syscall!(Sysno::READ, 0, &buffer, buffer.len()) };
}
