//! `io` and the macros for printing, in the cases that take a signal or another thread. The program `text`, which `cargo xtask cross` runs on
//! every ABI, has the others.

#![cfg(target_os = "linux")]

use ring3::{
    Errno, OwnedFd,
    consts::O,
    io::{self, Reader, Writer},
    sys,
};
use std::{
    os::unix::thread::JoinHandleExt,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    thread,
    time::Duration,
};

fn pipe() -> [OwnedFd; 2] {
    sys::pipe2(O::CLOEXEC).unwrap()
}

static INTERRUPTIONS: AtomicUsize = AtomicUsize::new(0);

extern "C" fn interrupt(_: libc::c_int) {
    INTERRUPTIONS.fetch_add(1, SeqCst);
}

/// Calls what blocks in a thread of its own, which signals interrupt all the time, and calls `meanwhile` here.
fn interrupted<T: Send + 'static>(
    blocking: impl FnOnce() -> T + Send + 'static,
    meanwhile: impl FnOnce(),
) -> T {
    // SAFETY: the handler counts and does nothing else, and calls that it interrupts are not begun anew.
    unsafe {
        let mut action: libc::sigaction = core::mem::zeroed();
        action.sa_sigaction = interrupt as *const () as usize;
        assert_eq!(libc::sigaction(libc::SIGUSR1, &action, core::ptr::null_mut()), 0);
    }
    let thread = thread::spawn(blocking);
    let id = thread.as_pthread_t();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(SeqCst) {
                // SAFETY: the thread is not joined yet.
                unsafe { libc::pthread_kill(id, libc::SIGUSR1) };
                thread::sleep(Duration::from_micros(200));
            }
        });
        let before = INTERRUPTIONS.load(SeqCst);
        while INTERRUPTIONS.load(SeqCst) < before + 20 && !thread.is_finished() {
            thread::yield_now();
        }
        meanwhile();
        over.store(true, SeqCst);
    });
    thread.join().unwrap()
}

/// That the signals do interrupt what is called here, or the tests below show nothing.
#[test]
fn signals_interrupt_a_call() {
    let [from, to] = pipe();
    let result = interrupted(move || sys::read(&from, &mut [0; 8]), || {});
    assert_eq!(result, Err(Errno::EINTR));
    drop(to);
}

/// A pipe takes what it has room for when a signal comes: the rest follows.
#[test]
fn writes_go_on_after_signals() {
    let text: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
    for buffered in [false, true] {
        let [from, to] = pipe();
        let sent = text.clone();
        let mut received = Vec::new();
        let result = interrupted(
            move || {
                if !buffered {
                    return io::write_all(&to, &sent);
                }
                let mut out = Writer::<_, 300_000>::new(&to);
                sent.chunks(100_000).try_for_each(|part| out.write_all(part))?;
                out.flush()
            },
            || {
                let mut part = [0; 4096];
                while received.len() < text.len() {
                    let count = ring3::retry(|| sys::read(&from, &mut part)).unwrap();
                    assert_ne!(count, 0, "after {} bytes", received.len());
                    received.extend_from_slice(&part[..count]);
                }
            },
        );
        assert_eq!(result, Ok(()));
        assert!(received == text);
    }
}

#[test]
fn reads_go_on_after_signals() {
    let [from, to] = pipe();
    let lines = interrupted(
        move || {
            let mut input = Reader::<_, 64>::new(&from);
            let mut lines = Vec::new();
            while let Some(line) = input.next_line().unwrap() {
                lines.push(String::from_utf8(line.to_vec()).unwrap());
            }
            lines
        },
        move || {
            for part in ["o", "ne\ntw", "o\n", "no newline"] {
                thread::sleep(Duration::from_millis(5));
                io::write_all(&to, part.as_bytes()).unwrap();
            }
        },
    );
    assert_eq!(lines, ["one\n", "two\n", "no newline"]);
}

/// Lines of several threads do not mix, as each is one write.
#[test]
fn lines_of_threads_stay_whole() {
    let [from, to] = pipe();
    thread::scope(|scope| {
        for id in 0..4 {
            let to = &to;
            scope.spawn(move || {
                for number in 0..1000 {
                    io::print(to, format_args!("{id} {number} {:?}\n", [id; 20])).unwrap();
                }
            });
        }
        let mut input = Reader::<_, 4096>::new(&from);
        for _ in 0..4000 {
            let line = String::from_utf8(input.next_line().unwrap().unwrap().to_vec()).unwrap();
            let id: u8 = line[..1].parse().unwrap();
            assert!(line.ends_with(&format!(" {:?}\n", [id; 20])), "{line}");
        }
    });
}

#[test]
fn formatting_is_core_s_own_too() {
    use core::fmt::Write;
    fn write(out: &mut impl Write) -> core::fmt::Result {
        write!(out, "{}", 1)?;
        out.write_char('\n')
    }
    let [from, to] = pipe();
    let mut out = Writer::<_, 8>::new(to);
    write(&mut out).unwrap();
    assert_eq!((out.buffer(), format!("{out:?}").ends_with("buffered: 2 }")), (&b"1\n"[..], true));
    drop(out);
    let mut input = Reader::<_, 8>::new(&from);
    assert_eq!(input.next_line(), Ok(Some(&b"1\n"[..])));
}
