//! The kernel believes its arguments: a raw call is unsafe, one without arguments too.

use ring3::{Sysno, raw, syscall};

fn main() {
    let _ = raw::close(0);
    let _ = raw::getpid();
    let _ = syscall!(Sysno::GETPID);
}
