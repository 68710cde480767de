//! What a call costs through each crate, beside a trap that is written by hand: `cargo bench -p benches --bench calls`.
//!
//! Calls that do next to nothing: a number, one byte to where nothing is kept, the time, and six arguments for a splice of no bytes. libc
//! and rustix have the time from the vDSO; ring3 has it from the trap here, as the others.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

use benches::{Subject, repeat, run};
use ring3::consts::{Clock, SpliceF};
use ring3::{BorrowedFd, raw, sys};
use rustix::pipe::SpliceFlags;
use rustix::time::ClockId;
use std::arch::asm;
use std::fs::File;
use std::hint::black_box;
use std::mem::MaybeUninit;
use std::os::fd::AsRawFd;
use std::ptr::null_mut;
use syscalls::Sysno;

/// The kernel's numbers.
const WRITE: usize = 1;
const GETPPID: usize = 110;
const CLOCK_GETTIME: usize = 228;
const SPLICE: usize = 275;

/// A trap, by hand: a number, and registers with what is in them.
macro_rules! by_hand {
    ($number:expr $(, $register:tt = $argument:expr)*) => {{
        let result: isize;
        asm!(
            "syscall",
            inlateout("rax") $number => result,
            $(in($register) $argument,)*
            out("rcx") _,
            out("r11") _,
            options(nostack),
        );
        result
    }};
}

fn getppid() -> Subject {
    // SAFETY: the call touches no memory.
    let sides = unsafe {
        vec![
            ("asm", repeat!(by_hand!(GETPPID))),
            ("ring3 raw", repeat!(raw::getppid())),
            ("ring3 sys", repeat!(sys::getppid())),
            ("sc", repeat!(sc::syscall!(GETPPID))),
            ("syscalls", repeat!(syscalls::syscall!(Sysno::getppid))),
            ("rustix", repeat!(rustix::process::getppid())),
            ("nc", repeat!(nc::getppid())),
            ("libc", repeat!(libc::getppid())),
        ]
    };
    Subject { name: "call getppid", sides }
}

fn write(null: &'static File) -> Subject {
    let fd = null.as_raw_fd();
    let byte = || black_box(b"x");
    // SAFETY: the file stays open, and the kernel reads one byte, which is there.
    let sides = unsafe {
        let borrowed = BorrowedFd::borrow_raw(fd);
        vec![
            ("asm", repeat!(by_hand!(WRITE, "rdi" = fd, "rsi" = byte().as_ptr(), "rdx" = 1))),
            ("ring3 raw", repeat!(raw::write(fd as _, byte().as_ptr().cast(), 1))),
            ("ring3 sys", repeat!(sys::write(borrowed, byte()))),
            ("sc", repeat!(sc::syscall!(WRITE, fd, byte().as_ptr(), 1))),
            ("syscalls", repeat!(syscalls::syscall!(Sysno::write, fd, byte().as_ptr(), 1))),
            ("rustix", repeat!(rustix::io::write(null, byte()))),
            ("nc", repeat!(nc::write(fd, byte()))),
            ("libc", repeat!(libc::write(fd, byte().as_ptr().cast(), 1))),
        ]
    };
    Subject { name: "call write", sides }
}

fn clock_gettime() -> Subject {
    const MONOTONIC: i32 = libc::CLOCK_MONOTONIC;
    fn room() -> *mut libc::timespec {
        static mut ROOM: MaybeUninit<libc::timespec> = MaybeUninit::uninit();
        black_box((&raw mut ROOM).cast())
    }
    // SAFETY: the kernel writes a time to where there is room for it, and there is one thread.
    let sides = unsafe {
        vec![
            ("asm", repeat!(by_hand!(CLOCK_GETTIME, "rdi" = MONOTONIC, "rsi" = room()))),
            ("ring3 raw", repeat!(raw::clock_gettime(MONOTONIC, room().cast()))),
            ("ring3 sys", repeat!(sys::clock_gettime(Clock::MONOTONIC))),
            ("sc", repeat!(sc::syscall!(CLOCK_GETTIME, MONOTONIC, room()))),
            ("syscalls", repeat!(syscalls::syscall!(Sysno::clock_gettime, MONOTONIC, room()))),
            ("rustix", repeat!(rustix::time::clock_gettime(ClockId::Monotonic))),
            ("nc", repeat!(nc::clock_gettime(MONOTONIC, &mut *room().cast::<nc::timespec_t>()))),
            ("libc", repeat!(libc::clock_gettime(MONOTONIC, room()))),
        ]
    };
    Subject { name: "call clock_gettime", sides }
}

fn splice(null: &'static File) -> Subject {
    let fd = null.as_raw_fd();
    let none = null_mut::<i64>();
    let nothing = || black_box(0_usize);
    // SAFETY: the file stays open, and nothing is moved.
    let sides = unsafe {
        let borrowed = BorrowedFd::borrow_raw(fd);
        vec![
            (
                "asm",
                repeat!(by_hand!(
                    SPLICE,
                    "rdi" = fd,
                    "rsi" = none,
                    "rdx" = fd,
                    "r10" = none,
                    "r8" = nothing(),
                    "r9" = 0
                )),
            ),
            ("ring3 raw", repeat!(raw::splice(fd, none, fd, none, nothing(), 0))),
            ("ring3 sys", repeat!(sys::splice(borrowed, None, borrowed, None, nothing(), SpliceF::empty()))),
            ("sc", repeat!(sc::syscall!(SPLICE, fd, none, fd, none, nothing(), 0))),
            ("syscalls", repeat!(syscalls::syscall!(Sysno::splice, fd, none, fd, none, nothing(), 0))),
            (
                "rustix",
                repeat!(rustix::pipe::splice(null, None, null, None, nothing(), SpliceFlags::empty())),
            ),
            ("nc", repeat!(nc::splice(fd, None, fd, None, nothing(), 0))),
            ("libc", repeat!(libc::splice(fd, none, fd, none, nothing(), 0))),
        ]
    };
    Subject { name: "call splice", sides }
}

fn main() {
    let null = File::options().write(true).open("/dev/null").expect("/dev/null");
    let null: &File = Box::leak(Box::new(null));
    run(vec![getppid(), write(null), clock_gettime(), splice(null)]);
}
