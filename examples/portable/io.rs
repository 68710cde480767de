//! Bytes in files and between descriptors.

use crate::report::{Check, Outcome, Run};
use crate::tools::mode;
use ring3::consts::{F, FLock, FallocFl, Fd, Lock, O, PosixFadv, Rwf, Seek, SpliceF, SyncFileRange};
use ring3::io::{IoSlice, IoSliceMut};
use ring3::uapi::flock64;
use ring3::{OwnedFd, sys};

pub const CHECKS: &[Check] = &[
    ("positions", positions),
    ("slices", slices),
    ("slices out with flags", slices_out_with_flags),
    ("slices in with flags", slices_in_with_flags),
    ("sizes", sizes),
    ("advice", advice),
    ("sendfile", sendfile),
    ("copy_file_range", copy_file_range),
    ("splice", splice),
    ("flags of descriptors", flags),
    ("flock", flock),
    ("the end of a file that is closed", closed),
];

/// A file with this text in it, its position at the end.
fn file(run: &Run, text: &[u8]) -> ring3::Result<OwnedFd> {
    let flags = O::RDWR | O::CREAT | O::TRUNC | O::CLOEXEC;
    let fd = call!(run, open(c"bytes", flags, mode(0o600)))?;
    call!(run, write(&fd, text))?;
    Ok(fd)
}

fn positions(run: &Run) -> Outcome {
    let fd = file(run, b"Hello World!\n")?;
    same!(run, call!(run, lseek(&fd, 0, Seek::CUR))?, 13);
    same!(run, call!(run, lseek(&fd, 6, Seek::SET))?, 6);
    let mut text = [0; 5];
    same!(run, call!(run, read(&fd, &mut text))?, 5);
    same!(run, text, *b"World");
    same!(run, call!(run, lseek(&fd, -2, Seek::END))?, 11);
    refused!(run, EINVAL, lseek(&fd, -1, Seek::SET));
    refused!(run, EINVAL, lseek(&fd, -12, Seek::CUR));
    same!(run, call!(run, pwrite64(&fd, b"Earth", 6))?, 5);
    same!(run, call!(run, pread64(&fd, &mut text, 6))?, 5);
    same!(run, text, *b"Earth");
    same!(run, call!(run, pread64(&fd, &mut text, 13))?, 0);
    same!(run, call!(run, lseek(&fd, 0, Seek::CUR))?, 11);
    let [reader, _writer] = call!(run, pipe())?;
    refused!(run, ESPIPE, lseek(&reader, 0, Seek::CUR));
    refused!(run, ESPIPE, pread64(&reader, &mut text, 0));
    Ok(())
}

fn slices(run: &Run) -> Outcome {
    let fd = file(run, b"")?;
    same!(run, call!(run, writev(&fd, &[IoSlice::new(b"one "), IoSlice::new(b"two")]))?, 7);
    same!(run, call!(run, pwritev(&fd, &[IoSlice::new(b" "), IoSlice::new(b"three")], 7))?, 6);
    call!(run, lseek(&fd, 0, Seek::SET))?;
    let (mut first, mut second) = ([0; 4], [0; 9]);
    let mut iov = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
    same!(run, call!(run, readv(&fd, &mut iov))?, 13);
    same!(run, (first, second), (*b"one ", *b"two three"));
    let mut iov = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
    same!(run, call!(run, preadv(&fd, &mut iov, 4))?, 9);
    same!(run, first, *b"two ");
    Ok(())
}

fn slices_out_with_flags(run: &Run) -> Outcome {
    let fd = file(run, b"")?;
    let parts = [IoSlice::new(b"t"), IoSlice::new(b"wo")];
    same!(run, call!(run, pwritev2(&fd, &parts, 3, Rwf::empty()))?, 3);
    let mut text = [1; 6];
    same!(run, call!(run, pread64(&fd, &mut text, 0))?, 6);
    same!(run, text, *b"\0\0\0two");
    Ok(())
}

fn slices_in_with_flags(run: &Run) -> Outcome {
    let fd = file(run, b"one two")?;
    let (mut first, mut second) = ([0; 1], [0; 4]);
    let mut parts = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
    same!(run, call!(run, preadv2(&fd, &mut parts, 4, Rwf::empty()))?, 3);
    same!(run, (first, second), (*b"t", *b"wo\0\0"));
    Ok(())
}

fn sizes(run: &Run) -> Outcome {
    let fd = file(run, b"Hello World!\n")?;
    call!(run, ftruncate(&fd, 5))?;
    same!(run, call!(run, fstat(&fd))?.st_size, 5);
    call!(run, truncate(c"bytes", 7))?;
    let mut text = [1; 10];
    same!(run, call!(run, pread64(&fd, &mut text, 0))?, 7);
    same!(run, text[..7], *b"Hello\0\0");
    call!(run, fallocate(&fd, FallocFl::empty(), 0, 8192))?;
    same!(run, call!(run, fstat(&fd))?.st_size, 8192);
    call!(run, fallocate(&fd, FallocFl::KEEP_SIZE, 8192, 4096))?;
    same!(run, call!(run, fstat(&fd))?.st_size, 8192);
    refused!(run, EINVAL, fallocate(&fd, FallocFl::empty(), 0, 0));
    refused!(run, ENOENT, truncate(c"nothing", 0));
    Ok(())
}

fn advice(run: &Run) -> Outcome {
    let fd = file(run, b"Hello World!\n")?;
    call!(run, fsync(&fd))?;
    call!(run, fdatasync(&fd))?;
    call!(run, fadvise64(&fd, 0, 13, PosixFadv::DONTNEED))?;
    refused!(run, EINVAL, fadvise64(&fd, 0, 13, PosixFadv::new(77)));
    call!(run, sync_file_range(&fd, 0, 13, SyncFileRange::WRITE_AND_WAIT))?;
    refused!(run, EINVAL, sync_file_range(&fd, 0, -1, SyncFileRange::WRITE));
    call!(run, readahead(&fd, 0, 4096))?;
    let [reader, _writer] = call!(run, pipe())?;
    refused!(run, ESPIPE, fadvise64(&reader, 0, 1, PosixFadv::NORMAL));
    refused!(run, ESPIPE, sync_file_range(&reader, 0, 1, SyncFileRange::WRITE));
    Ok(())
}

fn sendfile(run: &Run) -> Outcome {
    let fd = file(run, b"Hello World!\n")?;
    let [reader, writer] = call!(run, pipe())?;
    let mut offset = 6;
    same!(run, call!(run, sendfile(&writer, &fd, Some(&mut offset), 5))?, 5);
    same!(run, offset, 11);
    call!(run, lseek(&fd, 11, Seek::SET))?;
    same!(run, call!(run, sendfile(&writer, &fd, None, 100))?, 2);
    let mut text = [0; 10];
    same!(run, call!(run, read(&reader, &mut text))?, 7);
    same!(run, text[..7], *b"World!\n");
    Ok(())
}

fn copy_file_range(run: &Run) -> Outcome {
    let fd = file(run, b"Hello World!\n")?;
    let (mut from, mut to) = (6, 13);
    let copied = call!(run, copy_file_range(&fd, Some(&mut from), &fd, Some(&mut to), 5))?;
    same!(run, (copied, from, to), (5, 11, 18));
    let mut text = [0; 5];
    call!(run, pread64(&fd, &mut text, 13))?;
    same!(run, text, *b"World");
    Ok(())
}

fn splice(run: &Run) -> Outcome {
    let fd = file(run, b"Hello World!\n")?;
    let ([reader, writer], [second, end]) = (call!(run, pipe())?, call!(run, pipe())?);
    let mut offset = 6;
    same!(run, call!(run, splice(&fd, Some(&mut offset), &writer, None, 5, SpliceF::empty()))?, 5);
    same!(run, offset, 11);
    same!(run, call!(run, tee(&reader, &end, 100, SpliceF::empty()))?, 5);
    for reader in [reader, second] {
        let mut text = [0; 10];
        same!(run, call!(run, read(&reader, &mut text))?, 5);
        same!(run, text[..5], *b"World");
    }
    Ok(())
}

fn flags(run: &Run) -> Outcome {
    let fd = file(run, b"text")?;
    same!(run, call!(run, fcntl::getfd(&fd))?, Fd::CLOEXEC);
    call!(run, fcntl::setfd(&fd, Fd::empty()))?;
    same!(run, call!(run, fcntl::getfd(&fd))?, Fd::empty());
    same!(run, call!(run, fcntl::getfl(&fd))? & O::ACCMODE, O::RDWR);
    call!(run, fcntl::setfl(&fd, O::APPEND))?;
    holds!(run, call!(run, fcntl::getfl(&fd))?.contains(O::APPEND));
    call!(run, lseek(&fd, 0, Seek::SET))?;
    call!(run, write(&fd, b"!"))?;
    same!(run, call!(run, fstat(&fd))?.st_size, 5);
    let other = call!(run, fcntl::dupfd(&fd, 100))?;
    holds!(run, ring3::AsRawFd::as_raw_fd(&other) >= 100);
    let other = call!(run, fcntl::dupfd_cloexec(&fd, 0))?;
    // SAFETY: F_GETFD takes nothing and changes nothing.
    let bits = run.heard("fcntl", unsafe { sys::fcntl(&other, F::GETFD, 0) })?;
    same!(run, bits, 1);
    same!(run, call!(run, ioctl::fionread(&other))?, 0);
    call!(run, lseek(&fd, 1, Seek::SET))?;
    same!(run, call!(run, ioctl::fionread(&other))?, 4);
    Ok(())
}

fn flock(run: &Run) -> Outcome {
    let fd = file(run, b"text")?;
    let other = call!(run, open(c"bytes", O::RDWR, mode(0)))?;
    call!(run, flock(&fd, Lock::EX))?;
    refused!(run, EAGAIN, flock(&other, Lock::SH | Lock::NB));
    call!(run, flock(&fd, Lock::UN))?;
    call!(run, flock(&other, Lock::SH | Lock::NB))?;
    call!(run, flock(&other, Lock::UN))?;
    // One's own locks are not in one's way.
    let mut lock: flock64 = zeroed_lock();
    call!(run, fcntl::setlk(&fd, &lock))?;
    call!(run, fcntl::setlkw(&fd, &lock))?;
    call!(run, fcntl::getlk(&other, &mut lock))?;
    same!(run, FLock::new(lock.l_type), FLock::UNLCK);
    Ok(())
}

/// A lock of the first ten bytes for writing.
fn zeroed_lock() -> flock64 {
    let mut lock: flock64 = crate::tools::zeroed();
    lock.l_type = FLock::WRLCK.raw();
    lock.l_len = 10;
    lock
}

fn closed(run: &Run) -> Outcome {
    let [reader, writer] = call!(run, pipe())?;
    call!(run, close(writer))?;
    same!(run, call!(run, read(&reader, &mut [0; 8]))?, 0);
    plain!(run, sync());
    call!(run, syncfs(&file(run, b"text")?))?;
    Ok(())
}
