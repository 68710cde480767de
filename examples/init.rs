//! `init [--mount] [--poweroff] PROGRAM [ARG...]`: process 1 of a container, or of an initramfs.
//!
//! It runs the program in a process group of its own, sends it the signals that it gets itself, waits for every orphan, and ends as the program has ended: with its exit
//! code, or with 128 and the number of the signal. A program without `/` is looked for in PATH. As another process than 1 it becomes the one that its descendants'
//! orphans go to.
//!
//! It shows a loop that loses no signal and has no handler: all of them are blocked, and taken one after the other.
//!
//! ```sh
//! cargo run --release --example init sh -c 'sleep 1 & exit 3'
//! sudo unshare --pid --fork --mount target/release/examples/init --mount ps
//! qemu-system-x86_64 -kernel vmlinuz -initrd with-init -append 'console=ttyS0 rdinit=/init -- --mount --poweroff sh'
//! ```

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

use core::{
    ffi::CStr,
    mem::{MaybeUninit, zeroed},
};
use ring3::{
    AT_FDCWD, CStrs, Env, Errno, KillPid, Pid, Result, STDERR, STDIN, STDOUT, WaitPid, WaitStatus,
    consts::{LinuxRebootCmd, Mode, Ms, Sig, SigHow, Wait},
    io::IoSlice,
    signal::SigSet,
    sys,
    uapi::__kernel_timespec,
};

ring3::entry!(main, panic = abort);

const USAGE: &[u8] = b"usage: init [--mount] [--poweroff] PROGRAM [ARG...]\n";
const HELP: &[u8] = b"
  --mount     mount /proc, /sys and /dev
  --poweroff  then turn the machine off
";
/// Where programs are looked for if the environment has no PATH: the kernel gives process 1 none.
const PATH: &CStr = c"/sbin:/usr/sbin:/bin:/usr/bin";

/// Exit codes, as a shell has them.
const USAGE_ERROR: i32 = 2;
const NOT_EXECUTABLE: i32 = 126;
const NOT_FOUND: i32 = 127;
const SIGNAL: i32 = 128;

/// What it is called by, and its arguments, this name the first of them.
type Program = (&'static CStr, CStrs<'static>);

fn main(env: Env) -> i32 {
    let (mut mounts, mut power_off) = (false, false);
    let mut args = env.args();
    args.next();
    let program = loop {
        let argv = args.list();
        let Some(word) = args.next() else { return usage(b"no program\n") };
        match word.to_bytes() {
            b"--mount" => mounts = true,
            b"--poweroff" => power_off = true,
            b"--help" => {
                let _ = sys::writev(STDOUT, &[IoSlice::new(USAGE), IoSlice::new(HELP)]);
                return 0;
            }
            [b'-', ..] => return usage(b"no such option\n"),
            _ => break (word, argv),
        }
    };
    let first = sys::getpid() == Pid::INIT;
    if power_off && !first {
        return usage(b"--poweroff is for process 1\n");
    }
    if mounts {
        mount(c"proc", c"/proc");
        mount(c"sysfs", c"/sys");
        mount(c"devtmpfs", c"/dev");
    }
    let code = match run(program, env, first) {
        Ok(code) => code,
        Err(error) => {
            say(b"no child", error);
            1
        }
    };
    if power_off {
        end_all();
    }
    code
}

fn usage(what: &[u8]) -> i32 {
    let _ = sys::writev(STDERR, &[IoSlice::new(b"init: "), IoSlice::new(what)]);
    USAGE_ERROR
}

/// Reports as `init: WHAT: message`. The text of every error would be as large as this program.
fn say(what: &[u8], error: Errno) {
    let mut digits = *b"error 0000";
    let message: &[u8] = match error {
        Errno::ENOENT => b"not found",
        Errno::EACCES | Errno::EPERM => b"not permitted",
        Errno::ENODEV => b"not in this kernel",
        Errno::ENOEXEC => b"no program",
        _ => {
            let mut number = u32::from(error.number());
            for digit in digits[6..].iter_mut().rev() {
                // A tenth, for processors that cannot divide: right for all numbers of 16 bits.
                let tenth = (number * 52_429) >> 19;
                *digit += (number - 10 * tenth) as u8;
                number = tenth;
            }
            &digits
        }
    };
    let parts = [
        IoSlice::new(b"init: "),
        IoSlice::new(what),
        IoSlice::new(b": "),
        IoSlice::new(message),
        IoSlice::new(b"\n"),
    ];
    let _ = sys::writev(STDERR, &parts);
}

/// Mounts a kind of file system on its place, unless it is there already.
fn mount(kind: &CStr, place: &CStr) {
    // If it is there, good; if not, mounting tells.
    let _ = sys::mkdirat(AT_FDCWD, place, Mode::from_bits_retain(0o755));
    match sys::mount(Some(kind), place, Some(kind), Ms::NOSUID, None) {
        Ok(()) | Err(Errno::EBUSY) => {}
        Err(error) => say(place.to_bytes(), error),
    }
}

/// Runs the program and sees to it and all orphans until it has ended; gives the code to end with.
fn run(program: Program, env: Env, first: bool) -> Result<i32> {
    let all = SigSet::full();
    let before = sys::rt_sigprocmask(SigHow::SETMASK, Some(&all))?;
    // Whoever starts this may ignore it, and the kernel would then wait for children itself.
    // SAFETY: zeros are the default action, which calls nothing.
    unsafe { sys::rt_sigaction(Sig::CHLD, Some(&zeroed()), None)? };
    if !first {
        sys::prctl::set_child_subreaper(1)?;
    }
    let foreground = sys::ioctl::tiocgpgrp(STDIN).ok() == sys::getpgrp().map(Pid::as_raw);
    // SAFETY: there is one thread.
    let Some(child) = (unsafe { sys::fork()? }) else {
        let _ = sys::setpgid(None, None);
        // Before the program reads from it. What would stop others of the background is blocked.
        if foreground {
            let _ = sys::ioctl::tiocspgrp(STDIN, &sys::getpid());
        }
        let _ = sys::rt_sigprocmask(SigHow::SETMASK, Some(&before));
        sys::exit_group(execute(program, env))
    };
    // Here, too, so that there is a group when the first signal comes. It is an error when the child has come further.
    let _ = sys::setpgid(Some(child), Some(child));
    loop {
        // A SIGCHLD may stand for many.
        while let Ok(Some((pid, status))) = sys::waitpid(WaitPid::ANY, Wait::NOHANG) {
            if pid == child {
                return Ok(code(status));
            }
        }
        match take(&all, None) {
            Some(Sig::CHLD) | None => {}
            signal => {
                // It may have left its group.
                let _ = sys::kill(KillPid::group(child), signal)
                    .or_else(|_| sys::kill(KillPid::process(child), signal));
            }
        }
    }
}

/// Waits for a signal, for some time at most.
fn take(set: &SigSet, timeout: Option<&__kernel_timespec>) -> Option<Sig> {
    sys::rt_sigtimedwait(set, timeout).ok().map(|(signal, _)| signal)
}

fn code(status: WaitStatus) -> i32 {
    match status.term_signal() {
        Some(signal) => SIGNAL + signal,
        None => status.exit_code().map_or(1, i32::from),
    }
}

/// Becomes the program, or says why not and gives the code to end with.
fn execute((name, argv): Program, env: Env) -> i32 {
    let word = name.to_bytes_with_nul();
    let envp = env.vars().list();
    let mut error = Errno::ENOENT;
    if word.iter().all(|&byte| byte != b'/') {
        for directory in env.var("PATH").unwrap_or(PATH).to_bytes().split(|&byte| byte == b':') {
            let mut room = [const { MaybeUninit::uninit() }; 4096];
            let Some(file) = room.get_mut(..directory.len() + 1 + word.len()) else { continue };
            for (at, to) in file.iter_mut().enumerate() {
                // A slash between the two.
                to.write(match at.checked_sub(directory.len() + 1) {
                    Some(at) => *word.get(at).unwrap_or(&0),
                    None => *directory.get(at).unwrap_or(&b'/'),
                });
            }
            // SAFETY: all of it is written, and the name ends in a null.
            let file = unsafe { CStr::from_bytes_with_nul_unchecked(file.assume_init_ref()) };
            match sys::execve(file, argv, envp) {
                Errno::ENOENT | Errno::ENOTDIR => {}
                other => error = other,
            }
        }
    } else {
        error = sys::execve(name, argv, envp);
    }
    say(name.to_bytes(), error);
    if error == Errno::ENOENT { NOT_FOUND } else { NOT_EXECUTABLE }
}

/// Ends all processes, and turns the machine off.
fn end_all() {
    let end_of_child = SigSet::of(&[Sig::CHLD]).unwrap_or_default();
    let second = __kernel_timespec { tv_sec: 1, tv_nsec: 0 };
    for signal in [Sig::TERM, Sig::KILL] {
        let _ = sys::kill(KillPid::ALL, Some(signal));
        // All are process 1's children sooner or later; none is left, or those that are left take their time.
        while let Ok(ended) = sys::waitpid(WaitPid::ANY, Wait::NOHANG) {
            if ended.is_none() && take(&end_of_child, Some(&second)).is_none() {
                break;
            }
        }
    }
    sys::sync();
    for command in [LinuxRebootCmd::POWER_OFF, LinuxRebootCmd::RESTART] {
        // SAFETY: nobody else runs, and what was written is on the disks.
        if let Err(error) = unsafe { sys::reboot(command, None) } {
            say(b"reboot", error);
        }
    }
}
