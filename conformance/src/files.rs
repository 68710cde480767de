//! Opening, reading and writing files.

use crate::{
    constants::*,
    portable,
    report::{Failure, Outcome, Run},
};
use core::{
    ffi::CStr,
    ptr::{null, null_mut, without_provenance_mut},
};
use ring3::{
    Errno,
    uapi::{__kernel_timespec, cachestat, cachestat_range, iovec, open_how, statx},
};

checks! { "files":
    write_and_read, bad_descriptor, bad_pointer, open_missing, open_through_a_file, open_exclusive, open_link_loop,
    open_directory_only, open_no_follow, open_append, openat2_beneath, read_directory, vectors, vectors_at, vectors_with_flags,
    too_many_vectors, seek, ioctl_on_a_file, lock, sync, metadata, metadata_of_nothing, permissions, times_of_a_file,
    access, truncate_negative, statfs, sendfile, copy_range, handles_differ, extended_attributes, cache, write_only,
}

/// A new file with this content, open for reading and writing.
pub fn file(run: &Run, name: &CStr, content: &[u8]) -> Result<usize, Failure> {
    let fd = ok!(run, openat(AT_FDCWD, name.as_ptr(), O_RDWR | O_CREAT | O_TRUNC | O_LARGEFILE, 0o600));
    same!(run, ok!(run, write(fd as _, content.as_ptr().cast(), content.len())), content.len());
    Ok(fd)
}

pub fn remove(run: &Run, name: &CStr) -> Outcome {
    ok!(run, unlinkat(AT_FDCWD, name.as_ptr(), 0));
    Ok(())
}

pub fn close(run: &Run, fd: usize) -> Outcome {
    same!(run, ok!(run, close(fd as _)), 0);
    Ok(())
}

/// What statx says of an open file.
pub fn status(run: &Run, fd: usize) -> Result<statx, Failure> {
    // SAFETY: statx is plain data.
    let mut status: statx = unsafe { core::mem::zeroed() };
    ok!(run, statx(fd as _, c"".as_ptr(), AT_EMPTY_PATH as _, STATX_BASIC_STATS, &raw mut status));
    Ok(status)
}

/// An address that no program has anything at.
pub fn nowhere<T>() -> *mut T {
    without_provenance_mut(8)
}

pub fn io(bytes: &mut [u8]) -> iovec {
    iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() as _ }
}

fn write_and_read(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"Hello World!")?;
    let mut bytes = [0u8; 32];
    same!(run, ok!(run, pread64(fd as _, bytes.as_mut_ptr().cast(), 32, 6)), 6);
    same!(run, &bytes[..7], b"World!\0");
    same!(run, ok!(run, read(fd as _, bytes.as_mut_ptr().cast(), bytes.len())), 0);
    same!(run, ok!(run, pwrite64(fd as _, b"J".as_ptr().cast(), 1, 0)), 1);
    same!(run, ok!(run, pread64(fd as _, bytes.as_mut_ptr().cast(), 5, 0)), 5);
    same!(run, &bytes[..6], b"Jello!");
    close(run, fd)?;
    remove(run, c"f")
}

fn bad_descriptor(run: &Run) -> Outcome {
    let mut byte = 0u8;
    fails!(run, EBADF, read(u32::MAX, (&raw mut byte).cast(), 1));
    fails!(run, EBADF, write(12345, (&raw const byte).cast(), 1));
    fails!(run, EBADF, close(12345));
    fails!(run, EBADF, fsync(12345));
    fails!(run, EBADF, pread64(12345, (&raw mut byte).cast(), 1, 0));
    Ok(())
}

fn bad_pointer(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"x")?;
    fails!(run, EFAULT, write(fd as _, nowhere(), 1));
    fails!(run, EFAULT, pread64(fd as _, nowhere(), 1, 0));
    fails!(run, EFAULT, openat(AT_FDCWD, nowhere(), O_RDONLY, 0));
    fails!(run, EFAULT, pipe2(nowhere(), 0));
    close(run, fd)?;
    remove(run, c"f")
}

fn open_missing(run: &Run) -> Outcome {
    fails!(run, ENOENT, openat(AT_FDCWD, c"missing".as_ptr(), O_RDONLY, 0));
    fails!(run, ENOENT, openat(AT_FDCWD, c"".as_ptr(), O_RDONLY, 0));
    Ok(())
}

fn open_through_a_file(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    fails!(run, ENOTDIR, openat(AT_FDCWD, c"f/g".as_ptr(), O_RDONLY, 0));
    fails!(run, ENOTDIR, openat(fd as _, c"g".as_ptr(), O_RDONLY, 0));
    close(run, fd)?;
    remove(run, c"f")
}

fn open_exclusive(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    fails!(run, EEXIST, openat(AT_FDCWD, c"f".as_ptr(), O_CREAT | O_EXCL | O_WRONLY, 0o600));
    close(run, fd)?;
    remove(run, c"f")
}

fn open_link_loop(run: &Run) -> Outcome {
    ok!(run, symlinkat(c"loop".as_ptr(), AT_FDCWD, c"loop".as_ptr()));
    fails!(run, ELOOP, openat(AT_FDCWD, c"loop".as_ptr(), O_RDONLY, 0));
    remove(run, c"loop")
}

fn open_directory_only(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    fails!(run, ENOTDIR, openat(AT_FDCWD, c"f".as_ptr(), O_RDONLY | O_DIRECTORY, 0));
    close(run, fd)?;
    let fd = ok!(run, openat(AT_FDCWD, c".".as_ptr(), O_RDONLY | O_DIRECTORY, 0));
    close(run, fd)?;
    remove(run, c"f")
}

fn open_no_follow(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    ok!(run, symlinkat(c"f".as_ptr(), AT_FDCWD, c"link".as_ptr()));
    fails!(run, ELOOP, openat(AT_FDCWD, c"link".as_ptr(), O_RDONLY | O_NOFOLLOW, 0));
    close(run, ok!(run, openat(AT_FDCWD, c"link".as_ptr(), O_RDONLY, 0)))?;
    close(run, fd)?;
    remove(run, c"link")?;
    remove(run, c"f")
}

fn open_append(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"ab")?;
    let end = ok!(run, openat(AT_FDCWD, c"f".as_ptr(), O_WRONLY | O_APPEND, 0));
    same!(run, ok!(run, write(end as _, b"cd".as_ptr().cast(), 2)), 2);
    let mut bytes = [0u8; 8];
    same!(run, ok!(run, pread64(fd as _, bytes.as_mut_ptr().cast(), 8, 0)), 4);
    same!(run, &bytes[..4], b"abcd");
    close(run, end)?;
    close(run, fd)?;
    remove(run, c"f")
}

fn openat2_beneath(run: &Run) -> Outcome {
    let mut how = open_how { flags: (O_RDONLY | O_PATH) as u64, mode: 0, resolve: RESOLVE_BENEATH };
    let size = size_of::<open_how>();
    close(run, ok!(run, openat2(AT_FDCWD, c".".as_ptr(), &raw mut how, size)))?;
    fails!(run, EXDEV, openat2(AT_FDCWD, c"..".as_ptr(), &raw mut how, size));
    fails!(run, EINVAL, openat2(AT_FDCWD, c".".as_ptr(), &raw mut how, 1));
    Ok(())
}

fn read_directory(run: &Run) -> Outcome {
    let fd = ok!(run, openat(AT_FDCWD, c".".as_ptr(), O_RDONLY, 0));
    let mut bytes = [0u8; 8];
    fails!(run, EISDIR, read(fd as _, bytes.as_mut_ptr().cast(), 8));
    fails!(run, EISDIR, openat(AT_FDCWD, c".".as_ptr(), O_WRONLY, 0));
    close(run, fd)
}

fn vectors(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    let (mut a, mut b) = (*b"one ", *b"two");
    same!(run, ok!(run, writev(fd as _, [io(&mut a), io(&mut b)].as_ptr(), 2)), 7);
    let (mut c, mut d) = ([0u8; 2], [0u8; 16]);
    same!(run, portable::seek(run, fd, 0, SEEK_SET), Ok(0));
    same!(run, ok!(run, readv(fd as _, [io(&mut c), io(&mut d)].as_ptr(), 2)), 7);
    same!(run, (&c, &d[..5]), (b"on", &b"e two"[..]));
    close(run, fd)?;
    remove(run, c"f")
}

fn vectors_at(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    let (mut a, mut b) = (*b"abc", [0u8; 3]);
    same!(run, ok!(run, pwritev(fd as _, [io(&mut a)].as_ptr(), 1, 10, 0)), 3);
    same!(run, ok!(run, preadv(fd as _, [io(&mut b)].as_ptr(), 1, 10, 0)), 3);
    same!(run, b, a);
    // The position's high half is an argument of its own, which a 64-bit kernel ignores.
    if size_of::<usize>() == 4 {
        same!(run, ok!(run, pwritev(fd as _, [io(&mut a)].as_ptr(), 1, 10, 1)), 3);
        same!(run, status(run, fd)?.stx_size, (1 << 32) + 13);
        b = [0; 3];
        same!(run, ok!(run, preadv(fd as _, [io(&mut b)].as_ptr(), 1, 10, 1)), 3);
        same!(run, b, a);
    }
    close(run, fd)?;
    remove(run, c"f")
}

fn vectors_with_flags(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    let (mut a, mut b) = (*b"xyz", [0u8; 3]);
    same!(run, ok!(run, pwritev2(fd as _, [io(&mut a)].as_ptr(), 1, 5, 0, 0)), 3);
    same!(run, ok!(run, preadv2(fd as _, [io(&mut b)].as_ptr(), 1, 5, 0, 0)), 3);
    same!(run, b, a);
    fails!(run, EOPNOTSUPP, preadv2(fd as _, [io(&mut b)].as_ptr(), 1, 0, 0, 1 << 30));
    close(run, fd)?;
    remove(run, c"f")
}

fn too_many_vectors(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    fails!(run, EINVAL, writev(fd as _, null(), 1025));
    close(run, fd)?;
    remove(run, c"f")
}

fn seek(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"0123456789")?;
    same!(run, portable::seek(run, fd, -3, SEEK_END), Ok(7));
    same!(run, portable::seek(run, fd, 1, SEEK_CUR), Ok(8));
    same!(run, portable::seek(run, fd, 5 << 30, SEEK_SET), Ok(5 << 30));
    same!(run, portable::seek(run, fd, -1, SEEK_SET), Err(Errno::EINVAL));
    same!(run, portable::seek(run, fd, 0, 99), Err(Errno::EINVAL));
    same!(run, portable::seek(run, fd, 100, SEEK_DATA), Err(Errno::ENXIO));
    close(run, fd)?;
    remove(run, c"f")
}

fn ioctl_on_a_file(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"12345")?;
    same!(run, portable::seek(run, fd, 2, SEEK_SET), Ok(2));
    let mut left = 0i32;
    same!(run, ok!(run, ioctl(fd as _, FIONREAD, &raw mut left)), 0);
    same!(run, left, 3);
    let mut settings = [0u32; 16];
    fails!(run, ENOTTY, ioctl(fd as _, TCGETS, settings.as_mut_ptr()));
    close(run, fd)?;
    remove(run, c"f")
}

fn lock(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    let other = ok!(run, openat(AT_FDCWD, c"f".as_ptr(), O_RDONLY, 0));
    same!(run, ok!(run, flock(fd as _, LOCK_EX_NB)), 0);
    fails!(run, EWOULDBLOCK, flock(other as _, LOCK_EX_NB));
    same!(run, ok!(run, flock(fd as _, LOCK_UN)), 0);
    same!(run, ok!(run, flock(other as _, LOCK_EX_NB)), 0);
    close(run, other)?;
    close(run, fd)?;
    remove(run, c"f")
}

fn sync(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"x")?;
    same!(run, ok!(run, fsync(fd as _)), 0);
    same!(run, ok!(run, fdatasync(fd as _)), 0);
    close(run, fd)?;
    remove(run, c"f")
}

fn metadata(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"four")?;
    let status = status(run, fd)?;
    same!(run, status.stx_size, 4);
    same!(run, status.stx_mode, S_IFREG | 0o600);
    same!(run, status.stx_nlink, 1);
    same!(run, status.stx_uid as usize, ok!(run, geteuid()));
    holds!(run, status.stx_mask & STATX_BASIC_STATS == STATX_BASIC_STATS);
    close(run, fd)?;
    remove(run, c"f")
}

fn metadata_of_nothing(run: &Run) -> Outcome {
    // SAFETY: statx is plain data.
    let mut status: statx = unsafe { core::mem::zeroed() };
    fails!(run, ENOENT, statx(AT_FDCWD, c"missing".as_ptr(), 0, STATX_BASIC_STATS, &raw mut status));
    fails!(run, EINVAL, statx(AT_FDCWD, c".".as_ptr(), u32::MAX, STATX_BASIC_STATS, &raw mut status));
    Ok(())
}

fn permissions(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    same!(run, ok!(run, fchmodat(AT_FDCWD, c"f".as_ptr(), 0o640)), 0);
    same!(run, status(run, fd)?.stx_mode & 0o7777, 0o640);
    same!(run, ok!(run, fchmod(fd as _, 0o400)), 0);
    same!(run, status(run, fd)?.stx_mode & 0o7777, 0o400);
    let (user, group) = (ok!(run, geteuid()), ok!(run, getegid()));
    same!(run, ok!(run, fchownat(AT_FDCWD, c"f".as_ptr(), user as _, group as _, 0)), 0);
    same!(run, ok!(run, fchown(fd as _, u32::MAX as _, u32::MAX as _)), 0);
    fails!(run, ENOENT, fchmodat(AT_FDCWD, c"missing".as_ptr(), 0o600));
    close(run, fd)?;
    remove(run, c"f")
}

fn times_of_a_file(run: &Run) -> Outcome {
    // A file in memory: not every file system can keep a time after 2038, which 64 bits alone can say.
    let fd = ok!(run, memfd_create(c"times".as_ptr(), MFD_CLOEXEC));
    let mut times = [
        __kernel_timespec { tv_sec: 5_000_000_000, tv_nsec: 0 },
        __kernel_timespec { tv_sec: 1_000_000_007, tv_nsec: 0 },
    ];
    same!(run, ok!(run, utimensat(fd as _, null(), times.as_mut_ptr(), 0)), 0);
    let status = status(run, fd)?;
    same!(run, (status.stx_atime.tv_sec, status.stx_mtime.tv_sec), (5_000_000_000, 1_000_000_007));
    fails!(run, ENOENT, utimensat(AT_FDCWD, c"missing".as_ptr(), times.as_mut_ptr(), 0));
    times[0].tv_nsec = 1_000_000_000;
    fails!(run, EINVAL, utimensat(fd as _, null(), times.as_mut_ptr(), 0));
    close(run, fd)
}

fn access(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    same!(run, ok!(run, faccessat(AT_FDCWD, c"f".as_ptr(), 6)), 0);
    fails!(run, EACCES, faccessat(AT_FDCWD, c"f".as_ptr(), 1));
    fails!(run, ENOENT, faccessat(AT_FDCWD, c"missing".as_ptr(), 0));
    fails!(run, EINVAL, faccessat(AT_FDCWD, c"f".as_ptr(), 8));
    close(run, fd)?;
    remove(run, c"f")
}

fn truncate_negative(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    fails!(run, EINVAL, ftruncate(fd as _, -1));
    fails!(run, EINVAL, truncate(c"f".as_ptr(), -1));
    fails!(run, ENOENT, truncate(c"missing".as_ptr(), 0));
    close(run, fd)?;
    remove(run, c"f")
}

fn statfs(run: &Run) -> Outcome {
    const PROC_SUPER_MAGIC: core::ffi::c_long = 0x9fa0;
    if call!(run, faccessat(AT_FDCWD, c"/proc/self".as_ptr(), 0)).is_err() {
        return Err(Failure::Lacks("nothing is mounted on /proc"));
    }
    match portable::statfs(run, c"/proc".as_ptr()) {
        Err(errno) => return Err(Failure::Refused("statfs", errno)),
        Ok(got) => same!(run, got, (PROC_SUPER_MAGIC, run.page as _)),
    }
    same!(run, portable::statfs(run, c"missing".as_ptr()), Err(Errno::ENOENT));
    Ok(())
}

fn sendfile(run: &Run) -> Outcome {
    let from = file(run, c"f", b"0123456789")?;
    let to = file(run, c"g", b"")?;
    let mut offset = 3i64;
    same!(run, ok!(run, sendfile(to as _, from as _, &raw mut offset, 4)), 4);
    same!(run, offset, 7);
    let mut bytes = [0u8; 8];
    same!(run, ok!(run, pread64(to as _, bytes.as_mut_ptr().cast(), 8, 0)), 4);
    same!(run, &bytes[..4], b"3456");
    close(run, from)?;
    close(run, to)?;
    remove(run, c"f")?;
    remove(run, c"g")
}

fn copy_range(run: &Run) -> Outcome {
    let from = file(run, c"f", b"0123456789")?;
    let to = file(run, c"g", b"----------")?;
    let (mut from_at, mut to_at) = (2i64, 5i64);
    same!(run, ok!(run, copy_file_range(from as _, &raw mut from_at, to as _, &raw mut to_at, 3, 0)), 3);
    same!(run, (from_at, to_at), (5, 8));
    let mut bytes = [0u8; 10];
    same!(run, ok!(run, pread64(to as _, bytes.as_mut_ptr().cast(), 10, 0)), 10);
    same!(run, &bytes, b"-----234--");
    fails!(run, EINVAL, copy_file_range(from as _, null_mut(), to as _, null_mut(), 3, 1));
    close(run, from)?;
    close(run, to)?;
    remove(run, c"f")?;
    remove(run, c"g")
}

fn handles_differ(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"abc")?;
    let copy = ok!(run, dup(fd as _));
    holds!(run, copy != fd);
    // A copy shares the position.
    same!(run, portable::seek(run, copy, 1, SEEK_SET), Ok(1));
    same!(run, portable::seek(run, fd, 0, SEEK_CUR), Ok(1));
    same!(run, ok!(run, dup3(fd as _, copy as _, O_CLOEXEC)), copy);
    same!(run, ok!(run, fcntl(copy as _, F_GETFD, 0)), FD_CLOEXEC as usize);
    fails!(run, EINVAL, dup3(fd as _, fd as _, 0));
    fails!(run, EINVAL, dup3(fd as _, copy as _, 1));
    fails!(run, EBADF, dup(12345));
    close(run, copy)?;
    close(run, fd)?;
    remove(run, c"f")
}

fn extended_attributes(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    let mut value = [0u8; 16];
    let (name, buffer) = (c"user.ring3.none", value.as_mut_ptr().cast());
    let got = call!(run, getxattr(c"f".as_ptr(), name.as_ptr(), buffer, 16)).map(drop);
    // tmpfs and some others have no user attributes.
    if got != Err(Errno::EOPNOTSUPP) {
        run.refused("getxattr", got, Errno::ENODATA)?;
    }
    fails!(run, ENOENT, getxattr(c"missing".as_ptr(), name.as_ptr(), buffer, 16));
    fails!(run, ERANGE, fgetxattr(fd as _, c"".as_ptr(), buffer, 16));
    fails!(run, EBADF, flistxattr(12345, value.as_mut_ptr().cast(), 16));
    close(run, fd)?;
    remove(run, c"f")
}

fn cache(run: &Run) -> Outcome {
    let fd = ok!(run, memfd_create(c"cache".as_ptr(), MFD_CLOEXEC));
    same!(run, ok!(run, write(fd as _, b"x".as_ptr().cast(), 1)), 1);
    let mut range = cachestat_range { off: 0, len: 0 };
    // SAFETY: cachestat is plain data.
    let mut pages: cachestat = unsafe { core::mem::zeroed() };
    same!(run, ok!(run, cachestat(fd as _, &raw mut range, &raw mut pages, 0)), 0);
    holds!(run, pages.nr_cache >= 1);
    close(run, fd)
}

fn write_only(run: &Run) -> Outcome {
    close(run, file(run, c"f", b"")?)?;
    let fd = ok!(run, openat(AT_FDCWD, c"f".as_ptr(), O_WRONLY, 0));
    let mut byte = 0u8;
    fails!(run, EBADF, read(fd as _, (&raw mut byte).cast(), 1));
    same!(run, ok!(run, fcntl(fd as _, F_GETFL, 0)) as i32 & 3, O_WRONLY);
    close(run, fd)?;
    remove(run, c"f")
}
