//! Pipes and what moves data between descriptors.

use crate::{
    constants::*,
    files::{close, io, nowhere},
    report::{Failure, Outcome, Run},
};
use core::ptr::null_mut;

checks! { "pipes":
    data, wrong_flags, would_block, broken, end_of_file, waiting_bytes, status_flags, duplicate_above, capacity, splice, tee,
    vmsplice, close_a_range, close_a_range_wrong, seals,
}

/// A pipe's two ends: for reading, for writing.
pub fn pipe(run: &Run, flags: i32) -> Result<[usize; 2], Failure> {
    let mut ends = [0i32; 2];
    same!(run, ok!(run, pipe2(ends.as_mut_ptr(), flags)), 0);
    Ok(ends.map(|fd| fd as usize))
}

fn put(run: &Run, fd: usize, bytes: &[u8]) -> Outcome {
    same!(run, ok!(run, write(fd as _, bytes.as_ptr().cast(), bytes.len())), bytes.len());
    Ok(())
}

fn take<const N: usize>(run: &Run, fd: usize) -> Result<[u8; N], Failure> {
    let mut bytes = [0u8; N];
    same!(run, ok!(run, read(fd as _, bytes.as_mut_ptr().cast(), N)), N);
    Ok(bytes)
}

fn close_both(run: &Run, ends: [usize; 2]) -> Outcome {
    close(run, ends[0])?;
    close(run, ends[1])
}

fn data(run: &Run) -> Outcome {
    let ends = pipe(run, O_CLOEXEC)?;
    put(run, ends[1], b"one")?;
    put(run, ends[1], b"two")?;
    same!(run, &take::<6>(run, ends[0])?, b"onetwo");
    same!(run, ok!(run, fcntl(ends[0] as _, F_GETFD, 0)), FD_CLOEXEC as usize);
    fails!(run, EBADF, write(ends[0] as _, b"x".as_ptr().cast(), 1));
    let mut byte = 0u8;
    fails!(run, EBADF, read(ends[1] as _, (&raw mut byte).cast(), 1));
    close_both(run, ends)
}

fn wrong_flags(run: &Run) -> Outcome {
    let mut ends = [-7i32; 2];
    fails!(run, EINVAL, pipe2(ends.as_mut_ptr(), 1));
    same!(run, ends, [-7; 2]);
    Ok(())
}

fn would_block(run: &Run) -> Outcome {
    let ends = pipe(run, O_NONBLOCK)?;
    let mut byte = 0u8;
    fails!(run, EAGAIN, read(ends[0] as _, (&raw mut byte).cast(), 1));
    close_both(run, ends)
}

fn broken(run: &Run) -> Outcome {
    // SIGPIPE would end the program, so it is ignored first.
    crate::signals::ignore(run, SIGPIPE)?;
    let ends = pipe(run, 0)?;
    close(run, ends[0])?;
    fails!(run, EPIPE, write(ends[1] as _, b"x".as_ptr().cast(), 1));
    close(run, ends[1])
}

fn end_of_file(run: &Run) -> Outcome {
    let ends = pipe(run, 0)?;
    close(run, ends[1])?;
    let mut byte = 0u8;
    same!(run, ok!(run, read(ends[0] as _, (&raw mut byte).cast(), 1)), 0);
    close(run, ends[0])
}

fn waiting_bytes(run: &Run) -> Outcome {
    let ends = pipe(run, 0)?;
    put(run, ends[1], b"seven..")?;
    let mut count = 0i32;
    same!(run, ok!(run, ioctl(ends[0] as _, FIONREAD, &raw mut count)), 0);
    same!(run, count, 7);
    fails!(run, EFAULT, ioctl(ends[0] as _, FIONREAD, nowhere::<i32>()));
    fails!(run, EBADF, ioctl(12345, FIONREAD, &raw mut count));
    close_both(run, ends)
}

fn status_flags(run: &Run) -> Outcome {
    const FLAGS: i32 = O_RDWR | O_WRONLY | O_NONBLOCK | O_APPEND;
    let ends = pipe(run, 0)?;
    same!(run, ok!(run, fcntl(ends[0] as _, F_GETFL, 0)) as i32 & FLAGS, O_RDONLY);
    same!(run, ok!(run, fcntl(ends[1] as _, F_GETFL, 0)) as i32 & FLAGS, O_WRONLY);
    same!(run, ok!(run, fcntl(ends[0] as _, F_SETFL, O_NONBLOCK)), 0);
    same!(run, ok!(run, fcntl(ends[0] as _, F_GETFL, 0)) as i32 & FLAGS, O_NONBLOCK);
    fails!(run, EBADF, fcntl(12345, F_GETFL, 0));
    fails!(run, EINVAL, fcntl(ends[0] as _, 999, 0));
    close_both(run, ends)
}

fn duplicate_above(run: &Run) -> Outcome {
    let ends = pipe(run, 0)?;
    let copy = ok!(run, fcntl(ends[0] as _, F_DUPFD, 200));
    same!(run, copy, 200);
    same!(run, ok!(run, fcntl(copy as _, F_GETFD, 0)), 0);
    same!(run, ok!(run, fcntl(copy as _, F_SETFD, FD_CLOEXEC)), 0);
    same!(run, ok!(run, fcntl(copy as _, F_GETFD, 0)), FD_CLOEXEC as usize);
    fails!(run, EINVAL, fcntl(ends[0] as _, F_DUPFD_CLOEXEC, 1 << 30));
    close(run, copy)?;
    close_both(run, ends)
}

fn capacity(run: &Run) -> Outcome {
    let ends = pipe(run, 0)?;
    let size = ok!(run, fcntl(ends[1] as _, F_SETPIPE_SZ, 2 * run.page));
    same!(run, size, 2 * run.page);
    same!(run, ok!(run, fcntl(ends[0] as _, F_GETPIPE_SZ, 0)), size);
    close_both(run, ends)
}

fn splice(run: &Run) -> Outcome {
    let (from, to) = (pipe(run, 0)?, pipe(run, 0)?);
    put(run, from[1], b"abcdef")?;
    same!(run, ok!(run, splice(from[0] as _, null_mut(), to[1] as _, null_mut(), 4, 0)), 4);
    same!(run, &take::<4>(run, to[0])?, b"abcd");
    same!(run, &take::<2>(run, from[0])?, b"ef");
    let mut offset = 0i64;
    fails!(run, ESPIPE, splice(from[0] as _, &raw mut offset, to[1] as _, null_mut(), 4, 0));
    fails!(run, EBADF, splice(12345, null_mut(), to[1] as _, null_mut(), 4, 0));
    close_both(run, from)?;
    close_both(run, to)
}

fn tee(run: &Run) -> Outcome {
    let (from, to) = (pipe(run, 0)?, pipe(run, 0)?);
    put(run, from[1], b"twice")?;
    same!(run, ok!(run, tee(from[0] as _, to[1] as _, 5, 0)), 5);
    same!(run, &take::<5>(run, to[0])?, b"twice");
    same!(run, &take::<5>(run, from[0])?, b"twice");
    fails!(run, EINVAL, tee(from[0] as _, from[1] as _, 5, 0));
    close_both(run, from)?;
    close_both(run, to)
}

fn vmsplice(run: &Run) -> Outcome {
    let ends = pipe(run, 0)?;
    let mut text = *b"mapped";
    same!(run, ok!(run, vmsplice(ends[1] as _, [io(&mut text)].as_ptr(), 1, 0)), 6);
    same!(run, &take::<6>(run, ends[0])?, b"mapped");
    close_both(run, ends)
}

fn close_a_range(run: &Run) -> Outcome {
    let ends = pipe(run, 0)?;
    same!(run, ok!(run, dup3(ends[0] as _, 300, 0)), 300);
    same!(run, ok!(run, dup3(ends[0] as _, 302, 0)), 302);
    same!(run, ok!(run, close_range(300, 302, 0)), 0);
    fails!(run, EBADF, fcntl(300, F_GETFD, 0));
    fails!(run, EBADF, fcntl(302, F_GETFD, 0));
    same!(run, ok!(run, fcntl(ends[0] as _, F_GETFD, 0)), 0);
    close_both(run, ends)
}

fn close_a_range_wrong(run: &Run) -> Outcome {
    fails!(run, EINVAL, close_range(302, 300, 0));
    fails!(run, EINVAL, close_range(300, 302, 1 << 31));
    Ok(())
}

fn seals(run: &Run) -> Outcome {
    let fd = ok!(run, memfd_create(c"sealed".as_ptr(), MFD_ALLOW_SEALING));
    put(run, fd, b"1234")?;
    same!(run, ok!(run, fcntl(fd as _, F_ADD_SEALS, F_SEAL_SHRINK)), 0);
    same!(run, ok!(run, fcntl(fd as _, F_GET_SEALS, 0)), F_SEAL_SHRINK as usize);
    fails!(run, EPERM, ftruncate(fd as _, 1));
    same!(run, ok!(run, ftruncate(fd as _, 8)), 0);
    fails!(run, EINVAL, memfd_create(c"wrong".as_ptr(), 1 << 30));
    fails!(run, EFAULT, memfd_create(nowhere(), 0));
    close(run, fd)
}
