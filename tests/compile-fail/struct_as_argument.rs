//! A struct does not fit into a register.

use ring3::{Sysno, syscall, uapi};

fn main() {
    let iov = uapi::iovec { iov_base: core::ptr::null_mut(), iov_len: 0 };
    let _ = unsafe { syscall!(Sysno::WRITEV, 1, iov, 1) };
}
