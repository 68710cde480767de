//! A call under a seccomp filter. A filter is for good, so each is a child's, which sends its times through a pipe.

use crate::gates;
use crate::measure::{self, Lack, Outcome, Samples, Subject, Times, repeat};
use core::mem::offset_of;
use ring3::consts::{O, Seccomp, SeccompRet, Wait};
use ring3::uapi::{seccomp_data, sock_filter, sock_fprog};
use ring3::{Errno, OwnedFd, Result, retry, sys};

type Filter = &'static [sock_filter];

/// `BPF_LD | BPF_W | BPF_ABS`: loads 32 bits of the call.
const fn load(offset: usize) -> sock_filter {
    sock_filter { code: 0x20, jt: 0, jf: 0, k: offset as u32 }
}

/// `BPF_JMP | BPF_JEQ | BPF_K`: goes over the next one if they are not this.
const fn equals(value: u32) -> sock_filter {
    sock_filter { code: 0x15, jt: 0, jf: 1, k: value }
}

/// `BPF_RET | BPF_K`.
const fn answer(action: SeccompRet) -> sock_filter {
    sock_filter { code: 0x06, jt: 0, jf: 0, k: action.bits() }
}

/// No call has the number, and none of the calls here the argument.
const NEVER: u32 = 0x5ec0_c0de;

/// The kernel runs a filter that looks at the number alone once for each number when it is installed, and remembers those that it allows
/// (since Linux 5.11). One that looks at an argument runs at each call.
pub const FILTERS: [(&str, Filter); 2] = [
    (
        "getppid, filtered by number",
        &[
            load(offset_of!(seccomp_data, nr)),
            equals(NEVER),
            answer(SeccompRet::KILL_PROCESS),
            answer(SeccompRet::ALLOW),
        ],
    ),
    (
        "getppid, filtered by argument",
        &[
            load(offset_of!(seccomp_data, args)),
            equals(NEVER),
            answer(SeccompRet::ALLOW),
            answer(SeccompRet::ALLOW),
        ],
    ),
];

pub fn getppid(times: u32) {
    repeat(times, sys::getppid);
}

/// Measures a call in a child with this filter.
pub fn measure(filter: Filter, rounds: u32) -> Outcome {
    in_child(filter, rounds).unwrap_or_else(|error| Err(Lack::Error(error)))
}

fn in_child(filter: Filter, rounds: u32) -> Result<Outcome> {
    let [read, write] = sys::pipe2(O::CLOEXEC)?;
    // SAFETY: one thread, and the child shares nothing but the pipe.
    let Some(child) = (unsafe { sys::fork()? }) else {
        drop(read);
        // No median is 0.
        let words = match filtered(filter, rounds) {
            Ok(times) => [times.median, times.p99],
            Err(error) => [0, u64::from(error.number())],
        };
        let sent = sys::write(&write, words.map(u64::to_ne_bytes).as_flattened());
        sys::exit_group(if sent == Ok(16) { 0 } else { 1 })
    };
    drop(write);
    let received = receive(&read);
    retry(|| sys::waitpid(child.into(), Wait::empty()))?;
    received
}

/// What the child has sent.
fn receive(read: &OwnedFd) -> Result<Outcome> {
    let mut words = [[0; 8]; 2];
    let length = retry(|| sys::read(read, words.as_flattened_mut()))?;
    Ok(match (length, words.map(u64::from_ne_bytes)) {
        (16, [0, number]) => Err(u16::try_from(number)
            .ok()
            .and_then(Errno::new)
            .map_or(Lack::Because("no reason"), Lack::Error)),
        (16, [median, p99]) => Ok(Times { median, p99 }),
        _ => Err(Lack::Because("the child has died")),
    })
}

/// Runs in the child.
fn filtered(filter: Filter, rounds: u32) -> Result<Times> {
    let mut samples = Samples::new(1, rounds)?;
    sys::prctl::set_no_new_privs()?;
    let program = sock_fprog { len: filter.len() as _, filter: filter.as_ptr().cast_mut() };
    // SAFETY: the kernel reads the program and what it leads to, and copies it.
    unsafe { sys::seccomp(Seccomp::SET_MODE_FILTER, 0, (&raw const program).cast_mut().cast())? };
    let mut outcome = Err(Lack::Error(Errno::ENODATA));
    let mut subject = [Some(Subject::new(gates::TRAP, Ok(()), &getppid))];
    measure::measure(&mut subject, &mut samples, |_, times| outcome = times);
    outcome.map_err(|_| Errno::ENODATA)
}
