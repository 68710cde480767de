//! What the first process of a kernel runs that is booted for the tests: runs the programs that a file names, one after the other, and says what
//! became of each.
//!
//! The file is its last argument. Each line is a path and the program's arguments, separated by spaces. Constants: the kernel's include/uapi/linux/if.h,
//! sockios.h, and asm-generic.

#![cfg_attr(panic = "abort", no_std)]
#![no_main]

use core::ffi::{CStr, c_char, c_int, c_uint};
use core::ptr::{null, null_mut};
use ring3::consts::{Mode, O};
use ring3::io::Reader;
use ring3::{AT_FDCWD, AsRawFd, Env, Errno, Result, raw, sys};
use trace::print::say;
use trace::process::{self, Event};

const AF_INET: c_int = 2;
const SOCK_DGRAM: c_int = 2;
const SIOCGIFFLAGS: c_uint = 0x8913;
const SIOCSIFFLAGS: c_uint = 0x8914;
const IFF_UP: u8 = 1;

/// What a system has mounted beside what the first process mounts, and the programs look at.
const MOUNTS: [(&CStr, &CStr); 3] = [(c"devpts", c"/dev/pts"), (c"tmpfs", c"/dev/shm"), (c"tmpfs", c"/tmp")];

fn main(env: Env) {
    for (kind, place) in MOUNTS {
        if let Err(error) = mount(kind, place) {
            say(format_args!("start: {place:?} is not mounted: {error}"));
        }
    }
    if let Err(error) = bring_up_loopback() {
        say(format_args!("start: no loopback: {error}"));
    }
    if let Err(error) = env.args().last().ok_or(Errno::EINVAL).and_then(run_all) {
        say(format_args!("start: no list of programs: {error}"));
    }
}

fn mount(kind: &CStr, place: &CStr) -> Result<()> {
    // SAFETY: strings end in null, and the kernel only reads them.
    unsafe {
        let _ = raw::mkdirat(AT_FDCWD.as_raw_fd(), place.as_ptr(), 0o777);
        raw::mount(
            kind.as_ptr().cast_mut(),
            place.as_ptr().cast_mut(),
            kind.as_ptr().cast_mut(),
            0,
            null_mut(),
        )?;
    }
    Ok(())
}

/// Programs that talk to 127.0.0.1 need it, and nobody else is there to do it.
fn bring_up_loopback() -> Result<()> {
    // `struct ifreq`: a name of 16 bytes and a union, whose largest member has 24 at most.
    let mut request = [0_u8; 40];
    request[..2].copy_from_slice(b"lo");
    // SAFETY: the socket is this function's own, and the kernel reads and writes `request` alone.
    unsafe {
        let socket = raw::socket(AF_INET, SOCK_DGRAM, 0)?;
        raw::ioctl(socket as c_uint, SIOCGIFFLAGS, request.as_mut_ptr())?;
        // A `short`, in the order of the machine.
        request[if cfg!(target_endian = "big") { 17 } else { 16 }] |= IFF_UP;
        raw::ioctl(socket as c_uint, SIOCSIFFLAGS, request.as_mut_ptr())?;
        raw::close(socket as c_uint)?;
    }
    Ok(())
}

/// Runs what the lines of a file say.
fn run_all(list: &CStr) -> Result<()> {
    let mut lines =
        Reader::<_, 4096>::new(sys::openat(AT_FDCWD, list, O::RDONLY | O::CLOEXEC, Mode::empty())?);
    while let Some(line) = lines.next_line()? {
        run(line.trim_ascii_end());
    }
    Ok(())
}

fn run(line: &[u8]) {
    let shown = line.escape_ascii();
    say(format_args!("start: \"{shown}\" begins"));
    let child = process::start(|| execute(line));
    let ended = child.and_then(|child| {
        loop {
            match process::wait(child)? {
                Event::Stopped(_) => {}
                event => return Ok(event),
            }
        }
    });
    match ended {
        Ok(Event::Exited(status)) => say(format_args!("start: \"{shown}\" ends: exit {status}")),
        Ok(Event::Killed(signal) | Event::Stopped(signal)) => {
            say(format_args!("start: \"{shown}\" ends: signal {signal}"));
        }
        Err(error) => say(format_args!("start: \"{shown}\" ends: {error}")),
    }
}

/// Becomes the program; gives its exit code if that fails.
fn execute(line: &[u8]) -> u8 {
    let (mut text, mut argv) = ([0_u8; 256], [null::<c_char>(); 16]);
    let shown = line.escape_ascii();
    let (most, count) = (argv.len() - 1, line.split(|&byte| byte == b' ').count());
    if line.len() >= text.len() || count > most {
        say(format_args!("start: \"{shown}\" is too long"));
        return 126;
    }
    for (to, &byte) in text.iter_mut().zip(line) {
        *to = if byte == b' ' { 0 } else { byte };
    }
    let mut start = 0;
    for (slot, word) in argv.iter_mut().zip(line.split(|&byte| byte == b' ')) {
        *slot = text[start..].as_ptr().cast();
        start += word.len() + 1;
    }
    // SAFETY: the strings and the list end in null, and live on this stack until the program is another one.
    let error = unsafe { raw::execve(argv[0], argv.as_ptr(), [null()].as_ptr()) };
    say(format_args!("start: \"{shown}\" cannot be started: {error:?}"));
    127
}

ring3::entry!(main);
