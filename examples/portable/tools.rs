//! What several checks need.

use ring3::consts::{Clock, Mode, Sig};
use ring3::sys::{self, sigset, timespec};
use ring3::{AsFd, AsRawFd, WaitStatus};

/// A struct of the kernel's, all of it 0.
pub fn zeroed<T: Copy>() -> T {
    // SAFETY: every type of uapi is plain data, and this program asks for no other one.
    unsafe { core::mem::zeroed() }
}

pub fn mode(bits: u16) -> Mode {
    Mode::from_bits_retain(bits)
}

pub fn milliseconds(count: i64) -> timespec {
    timespec { tv_sec: count / 1000, tv_nsec: count % 1000 * 1_000_000 }
}

/// A time in nanoseconds.
pub fn nanoseconds(time: &timespec) -> i64 {
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// Now, by the clock that nobody sets.
pub fn now() -> i64 {
    sys::clock_gettime(Clock::MONOTONIC).as_ref().map_or(0, nanoseconds)
}

/// A set of these signals, which are no real-time ones.
pub fn signals(list: &[Sig]) -> sigset {
    let mut set: sigset = zeroed();
    for signal in list {
        set.sig[0] |= 1 << (signal.raw() - 1);
    }
    set
}

/// The bits of a set of descriptors, as `select` takes it.
pub type FdSet = [usize; 1024 / usize::BITS as usize];

pub fn fd_set(fds: &[&dyn AsFd]) -> FdSet {
    let mut set = [0; _];
    for fd in fds {
        add(&mut set, *fd);
    }
    set
}

fn add(set: &mut FdSet, fd: &dyn AsFd) {
    let fd = fd.as_fd().as_raw_fd() as usize;
    set[fd / usize::BITS as usize] |= 1 << (fd % usize::BITS as usize);
}

/// How a child has ended: its code, or the signal plus 256.
pub fn ended(status: WaitStatus) -> Option<i32> {
    status.exit_code().map(i32::from).or(status.term_signal().map(|signal| 256 + signal))
}
