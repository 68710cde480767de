//! What the trap leaves alone: values that live on across a call, in as many registers as there are.

use crate::{
    constants::*,
    files::{close, nowhere},
    pipes, portable,
    report::{Outcome, Run},
    time::spec,
};
use core::{
    hint::black_box,
    ptr::{null, null_mut},
};

checks! { "registers":
    no_argument, one_argument, two_arguments, three_arguments, four_arguments, five_arguments, six_arguments, six_of_mmap,
    arguments_stay, equal_arguments, frames, error_range, results_of_all_sizes, #[cfg(target_arch = "x86_64")] int80 (emulator: "it takes the gate for the syscall instruction"),
}

/// Adds up integers and floats that were computed before the call and are used after it: more than any of the machines
/// has registers that a call may not change, so that the compiler uses all of them.
macro_rules! around {
    ($call:expr, $($i:ident $f:ident $n:literal),*) => {{
        $(
            let $i = black_box($n * 7 + 1usize);
            let $f = black_box($n as f64 + 0.5);
            let $i = $i.wrapping_mul($i).rotate_left($n);
            let $f = $f * $f;
        )*
        let result = $call;
        let mut integers = 0usize;
        let mut floats = 0.0f64;
        $(
            integers = integers.wrapping_mul(31).wrapping_add($i);
            floats = floats * 0.75 + $f;
        )*
        (result, integers, floats.to_bits())
    }};
}

#[inline(always)]
fn live<T>(call: impl FnOnce() -> T) -> (T, usize, u64) {
    around!(
        call(), a f0 0, b f1 1, c f2 2, d f3 3, e f4 4, f f5 5, g f6 6, h f7 7, i f8 8, j f9 9, k f10 10, l f11 11,
        m f12 12, n f13 13, o f14 14, p f15 15, q f16 16, r f17 17
    )
}

/// Makes the call among live values and compares with the same sums without a call.
macro_rules! live {
    ($run:expr, $name:ident($($arg:expr),*)) => {{
        let ((), integers, floats) = live(|| ());
        let (result, now_integers, now_floats) = live(|| {
            // SAFETY: as for `call!`.
            unsafe { portable::calls::$name($($arg),*) }
        });
        $run.made(stringify!($name), result.as_ref().err());
        same!($run, (now_integers, now_floats), (integers, floats));
        result
    }};
}

fn no_argument(run: &Run) -> Outcome {
    same!(run, live!(run, getpid()), call!(run, getpid()));
    Ok(())
}

fn one_argument(run: &Run) -> Outcome {
    same!(run, live!(run, close(12345)), Err(ring3::Errno::EBADF));
    Ok(())
}

fn two_arguments(run: &Run) -> Outcome {
    same!(run, live!(run, kill(i32::MAX, 0)), Err(ring3::Errno::ESRCH));
    Ok(())
}

fn three_arguments(run: &Run) -> Outcome {
    let mut bytes = [0u8; 8];
    same!(run, live!(run, getrandom(bytes.as_mut_ptr().cast(), 8, 0)), Ok(8));
    Ok(())
}

fn four_arguments(run: &Run) -> Outcome {
    let mut target = [0u8; 8];
    let target = target.as_mut_ptr().cast();
    same!(run, live!(run, readlinkat(AT_FDCWD, c".".as_ptr(), target, 8)), Err(ring3::Errno::EINVAL));
    Ok(())
}

fn five_arguments(run: &Run) -> Outcome {
    same!(
        run,
        live!(run, statx(12345, c"".as_ptr(), AT_EMPTY_PATH as _, 0, nowhere())),
        Err(ring3::Errno::EBADF)
    );
    Ok(())
}

fn six_arguments(run: &Run) -> Outcome {
    let fd = ok!(run, memfd_create(c"six".as_ptr(), 0));
    same!(run, ok!(run, write(fd as _, b"all six of them".as_ptr().cast(), 15)), 15);
    let (mut from, mut to) = (4i64, 100i64);
    same!(run, live!(run, copy_file_range(fd as _, &raw mut from, fd as _, &raw mut to, 11, 0)), Ok(11));
    same!(run, (from, to), (15, 111));
    let mut bytes = [0u8; 16];
    same!(run, ok!(run, pread64(fd as _, bytes.as_mut_ptr().cast(), 16, 100)), 11);
    same!(run, &bytes[..11], b"six of them");
    close(run, fd)?;
    let mut word = 1u32;
    let result = live!(run, futex(&raw mut word, FUTEX_WAIT | FUTEX_PRIVATE, 2, null(), null_mut(), 0));
    same!(run, result, Err(ring3::Errno::EAGAIN));
    Ok(())
}

/// Every argument of mmap shows in what comes back.
fn six_of_mmap(run: &Run) -> Outcome {
    let fd = ok!(run, memfd_create(c"six".as_ptr(), 0));
    let offset = 3 * run.page;
    same!(run, ok!(run, pwrite64(fd as _, b"3?".as_ptr().cast(), 2, offset as _)), 2);
    let prot = PROT_READ | PROT_WRITE;
    let room = portable::mmap(run, null_mut(), 4 * run.page, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    let room = room.map_err(|errno| crate::report::Failure::Refused("mmap", errno))?.cast::<u8>();
    let at = room.wrapping_add(run.page);
    let flags = MAP_SHARED | MAP_FIXED;
    same!(run, portable::mmap(run, at.cast(), run.page, prot, flags, fd as _, offset as _), Ok(at.cast()));
    // SAFETY: the page is mapped, readable and writable.
    let byte = unsafe {
        at.wrapping_add(1).write_volatile(b'!');
        at.read_volatile()
    };
    same!(run, byte, b'3');
    let mut bytes = [0u8; 2];
    same!(run, ok!(run, pread64(fd as _, bytes.as_mut_ptr().cast(), 2, offset as _)), 2);
    same!(run, &bytes, b"3!");
    same!(run, ok!(run, munmap(room.cast(), 4 * run.page)), 0);
    close(run, fd)
}

/// The registers that carried arguments hold them still: the same values go through calls in a row.
fn arguments_stay(run: &Run) -> Outcome {
    let ends = pipes::pipe(run, 0)?;
    let (fd, text, len) = (black_box(ends[1]), black_box(b"again".as_ptr()), black_box(5usize));
    for _ in 0..4 {
        same!(run, ok!(run, write(fd as _, text.cast(), len)), len);
        same!(run, ok!(run, write(fd as _, text.cast(), len)), len);
    }
    let mut bytes = [0u8; 64];
    same!(run, ok!(run, read(ends[0] as _, bytes.as_mut_ptr().cast(), 64)), 40);
    holds!(run, bytes[..40].chunks(5).all(|word| word == b"again"));
    close(run, ends[0])?;
    close(run, ends[1])
}

/// Arguments of one value: they must not share a register that the trap changes.
fn equal_arguments(run: &Run) -> Outcome {
    const EIGHT: usize = 8;
    // The second and the fourth; the third and the fourth; all three.
    fails!(run, EFAULT, rt_sigprocmask(SIG_BLOCK, nowhere(), null_mut(), EIGHT));
    fails!(run, EFAULT, rt_sigaction(SIGHUP, null(), nowhere(), EIGHT));
    let ends = pipes::pipe(run, 0)?;
    fails!(run, EINVAL, dup3(ends[0] as _, ends[0] as _, ends[0] as _));
    close(run, ends[0])?;
    close(run, ends[1])
}

/// Calls deep in a stack whose frames are found again by the frame pointer, r7 in Thumb code.
fn frames(run: &Run) -> Outcome {
    #[inline(never)]
    fn deep(run: &Run, depth: usize) -> Result<usize, crate::report::Failure> {
        let mut local = [depth; 24];
        black_box(&mut local);
        let below = if depth == 0 { 0 } else { deep(run, depth - 1)? };
        fails!(run, EBADF, close(12345 + depth as u32));
        let time = spec(0, 0);
        ok!(run, clock_nanosleep(CLOCK_MONOTONIC, 0, &raw const time, null_mut()));
        black_box(&mut local);
        Ok(below + local.iter().sum::<usize>())
    }
    same!(run, deep(run, 40)?, 24 * (40 * 41 / 2));
    Ok(())
}

/// The lowest error number, and results that are negative as integers.
fn error_range(run: &Run) -> Outcome {
    // 1 is EPERM; the kernel refuses a link to a directory with it, to everybody.
    fails!(run, EPERM, linkat(AT_FDCWD, c".".as_ptr(), AT_FDCWD, c"l".as_ptr(), 0));
    same!(run, ring3::Errno::EPERM.number(), 1);
    let fd = ok!(run, memfd_create(c"far".as_ptr(), 0));
    // A position is no result of llseek, so on a 32-bit ABI even this one arrives.
    for position in [0x7fff_ffff, 0x8000_0000, 0xffff_f000, 0xffff_ffff, 0x1_0000_0000] {
        same!(run, portable::seek(run, fd, position, SEEK_SET), Ok(position as u64));
    }
    close(run, fd)
}

fn results_of_all_sizes(run: &Run) -> Outcome {
    let ends = pipes::pipe(run, 0)?;
    for len in [0, 1, 4095, 4096, 4097, 40_000] {
        let fd = ok!(run, memfd_create(c"sizes".as_ptr(), 0));
        ok!(run, ftruncate(fd as _, len));
        let mut offset = 0i64;
        same!(run, ok!(run, sendfile(ends[1] as _, fd as _, &raw mut offset, 65536)), len as usize);
        close(run, fd)?;
        let mut rest = len as usize;
        let mut bytes = [0u8; 4096];
        while rest > 0 {
            rest -= ok!(run, read(ends[0] as _, bytes.as_mut_ptr().cast(), 4096));
        }
    }
    close(run, ends[0])?;
    close(run, ends[1])
}

/// The gate of i386 from x86_64 code, in a process that it may kill.
#[cfg(target_arch = "x86_64")]
fn int80(run: &Run) -> Outcome {
    use ring3::arch::int80;
    const CLOSE: u32 = 6;
    const GETPID: u32 = 20;
    const DUP2: u32 = 63;
    const SAME: usize = 200;
    const MMAP2: u32 = 192;
    const PWRITE64: u32 = 181;
    let fd = ok!(run, memfd_create(c"gate".as_ptr(), 0));
    let code = crate::processes::in_child(run, || {
        let pid = crate::processes::me(run)?;
        same!(run, ok!(run, dup3(fd as _, SAME as _, 0)), SAME);
        // SAFETY: the numbers and arguments are i386's; the only memory is what the second call has mapped.
        unsafe {
            same!(run, int80::syscall0(GETPID), Ok(pid));
            // Both arguments of one value.
            same!(run, int80::syscall2(DUP2, SAME, SAME), Ok(SAME));
            same!(run, int80::syscall1(CLOSE, 12345), Err(ring3::Errno::EBADF));
            let (prot, flags) = (PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
            let memory = int80::syscall6(MMAP2, 0x9000_0000usize, 4096, prot, flags, -1, 0);
            let memory = memory.map_err(|errno| crate::report::Failure::Refused("mmap2", errno))?;
            same!(run, memory >> 32, 0);
            core::ptr::with_exposed_provenance_mut::<u8>(memory).write_volatile(b'3');
            same!(run, int80::syscall5(PWRITE64, fd, memory, 1, 7, 1), Ok(1));
        }
        Ok(1)
    })?;
    if code == 256 + SIGSEGV {
        return Err(crate::report::Failure::Lacks("the kernel has no ia32 emulation"));
    }
    same!(run, code, 1);
    let mut byte = 0u8;
    same!(run, ok!(run, pread64(fd as _, (&raw mut byte).cast(), 1, 0x1_0000_0007)), 1);
    same!(run, byte, b'3');
    close(run, fd)
}
