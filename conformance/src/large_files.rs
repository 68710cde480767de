//! Values of 64 bits, which a 32-bit ABI splits among registers: every one of these goes above 4 GiB.

use crate::{
    constants::*,
    files::{close, file, io, remove, status},
    portable,
    report::{Failure, Outcome, Run},
};
use core::ptr::null_mut;
use ring3::Errno;

checks! { "large_files":
    read_and_write_at, truncate, truncate_by_path, allocate, allocate_wrong, punch, advise, sync_range, read_ahead, seek_data,
    sendfile_at, copy_range_at, splice_at, too_large (emulator: "it opens every file with O_LARGEFILE"),
}

/// No half of it is zero, and the halves differ.
const FAR: i64 = 0x1_2345_6000;

/// A sparse file in memory.
fn sparse(run: &Run) -> Result<usize, Failure> {
    Ok(ok!(run, memfd_create(c"sparse".as_ptr(), MFD_CLOEXEC)))
}

fn far_text(run: &Run) -> Result<usize, Failure> {
    let fd = sparse(run)?;
    same!(run, ok!(run, pwrite64(fd as _, b"far away".as_ptr().cast(), 8, FAR)), 8);
    Ok(fd)
}

fn read_and_write_at(run: &Run) -> Outcome {
    let fd = far_text(run)?;
    same!(run, status(run, fd)?.stx_size, FAR as u64 + 8);
    let mut bytes = [1u8; 12];
    same!(run, ok!(run, pread64(fd as _, bytes.as_mut_ptr().cast(), 12, FAR - 4)), 12);
    same!(run, &bytes, b"\0\0\0\0far away");
    // What lies at the low half alone is a hole.
    same!(run, ok!(run, pread64(fd as _, bytes.as_mut_ptr().cast(), 12, FAR & 0xffff_ffff)), 12);
    same!(run, bytes, [0; 12]);
    same!(run, ok!(run, pread64(fd as _, bytes.as_mut_ptr().cast(), 12, FAR + 8)), 0);
    fails!(run, EINVAL, pread64(fd as _, bytes.as_mut_ptr().cast(), 12, -1));
    close(run, fd)
}

fn truncate(run: &Run) -> Outcome {
    let fd = sparse(run)?;
    same!(run, ok!(run, ftruncate(fd as _, FAR as _)), 0);
    same!(run, status(run, fd)?.stx_size, FAR as u64);
    same!(run, portable::seek(run, fd, -1, SEEK_END), Ok(FAR as u64 - 1));
    close(run, fd)
}

fn truncate_by_path(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    same!(run, ok!(run, truncate(c"f".as_ptr(), FAR as _)), 0);
    same!(run, status(run, fd)?.stx_size, FAR as u64);
    close(run, fd)?;
    remove(run, c"f")
}

fn allocate(run: &Run) -> Outcome {
    let fd = sparse(run)?;
    same!(run, ok!(run, fallocate(fd as _, 0, FAR, 4097)), 0);
    same!(run, status(run, fd)?.stx_size, FAR as u64 + 4097);
    same!(run, ok!(run, fallocate(fd as _, FALLOC_FL_KEEP_SIZE, 2 * FAR, 1)), 0);
    same!(run, status(run, fd)?.stx_size, FAR as u64 + 4097);
    close(run, fd)
}

fn allocate_wrong(run: &Run) -> Outcome {
    let fd = sparse(run)?;
    fails!(run, EINVAL, fallocate(fd as _, 0, FAR, 0));
    fails!(run, EINVAL, fallocate(fd as _, 0, -FAR, 1));
    fails!(run, EFBIG, fallocate(fd as _, 0, i64::MAX - 1, 4096));
    fails!(run, EBADF, fallocate(12345, 0, FAR, 1));
    close(run, fd)
}

fn punch(run: &Run) -> Outcome {
    let fd = far_text(run)?;
    let len = 0x1_0000_0000 + 4096;
    same!(
        run,
        ok!(run, fallocate(fd as _, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, FAR + 4096 - len, len)),
        0
    );
    let mut bytes = [1u8; 8];
    same!(run, ok!(run, pread64(fd as _, bytes.as_mut_ptr().cast(), 8, FAR)), 8);
    same!(run, bytes, [0; 8]);
    close(run, fd)
}

fn advise(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"x")?;
    same!(run, portable::fadvise(run, fd, FAR, FAR, POSIX_FADV_WILLNEED), Ok(0));
    same!(run, portable::fadvise(run, fd, FAR, FAR, 99), Err(Errno::EINVAL));
    same!(run, portable::fadvise(run, fd, 0, -1, POSIX_FADV_WILLNEED), Err(Errno::EINVAL));
    same!(run, portable::fadvise(run, 12345, FAR, FAR, 0), Err(Errno::EBADF));
    close(run, fd)?;
    remove(run, c"f")
}

fn sync_range(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"x")?;
    match portable::sync_file_range(run, fd, FAR, FAR, SYNC_FILE_RANGE_WRITE) {
        Err(errno) => return Err(Failure::Refused("sync_file_range", errno)),
        Ok(value) => same!(run, value, 0),
    }
    same!(run, portable::sync_file_range(run, fd, FAR, FAR, 99), Err(Errno::EINVAL));
    same!(run, portable::sync_file_range(run, fd, FAR, -FAR, SYNC_FILE_RANGE_WRITE), Err(Errno::EINVAL));
    same!(run, portable::sync_file_range(run, fd, FAR, i64::MAX, SYNC_FILE_RANGE_WRITE), Err(Errno::EINVAL));
    close(run, fd)?;
    remove(run, c"f")
}

fn read_ahead(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"x")?;
    same!(run, ok!(run, readahead(fd as _, FAR, 4096)), 0);
    fails!(run, EBADF, readahead(12345, FAR, 4096));
    close(run, fd)?;
    remove(run, c"f")
}

fn seek_data(run: &Run) -> Outcome {
    let fd = far_text(run)?;
    let page = FAR as u64 / run.page as u64 * run.page as u64;
    same!(run, portable::seek(run, fd, 0, SEEK_DATA), Ok(page));
    same!(run, portable::seek(run, fd, FAR, SEEK_SET), Ok(FAR as u64));
    let mut bytes = [0u8; 8];
    same!(run, ok!(run, read(fd as _, bytes.as_mut_ptr().cast(), 8)), 8);
    same!(run, &bytes, b"far away");
    close(run, fd)
}

fn sendfile_at(run: &Run) -> Outcome {
    let (from, to) = (far_text(run)?, sparse(run)?);
    let mut offset = FAR + 4;
    same!(run, ok!(run, sendfile(to as _, from as _, &raw mut offset, 100)), 4);
    same!(run, offset, FAR + 8);
    let mut bytes = [0u8; 8];
    same!(run, ok!(run, pread64(to as _, bytes.as_mut_ptr().cast(), 8, 0)), 4);
    same!(run, &bytes[..4], b"away");
    close(run, from)?;
    close(run, to)
}

fn copy_range_at(run: &Run) -> Outcome {
    let (from, to) = (far_text(run)?, sparse(run)?);
    let (mut from_at, mut to_at) = (FAR, 2 * FAR + 1);
    same!(run, ok!(run, copy_file_range(from as _, &raw mut from_at, to as _, &raw mut to_at, 8, 0)), 8);
    same!(run, (from_at, to_at), (FAR + 8, 2 * FAR + 9));
    let mut bytes = [0u8; 8];
    same!(run, ok!(run, pread64(to as _, bytes.as_mut_ptr().cast(), 8, 2 * FAR + 1)), 8);
    same!(run, &bytes, b"far away");
    close(run, from)?;
    close(run, to)
}

fn splice_at(run: &Run) -> Outcome {
    let from = far_text(run)?;
    let mut pipe = [0i32; 2];
    ok!(run, pipe2(pipe.as_mut_ptr(), 0));
    let mut at = FAR + 4;
    same!(run, ok!(run, splice(from as _, &raw mut at, pipe[1], null_mut(), 3, 0)), 3);
    same!(run, at, FAR + 7);
    let mut bytes = [0u8; 8];
    same!(run, ok!(run, readv(pipe[0] as _, [io(&mut bytes)].as_ptr(), 1)), 3);
    same!(run, &bytes[..3], b"awa");
    close(run, from)?;
    close(run, pipe[0] as usize)?;
    close(run, pipe[1] as usize)
}

fn too_large(run: &Run) -> Outcome {
    // A file that was opened without O_LARGEFILE ends at 2 GiB on a 32-bit ABI; 64-bit ones have no such limit.
    if size_of::<usize>() == 8 {
        return Ok(());
    }
    close(run, file(run, c"f", b"")?)?;
    let fd = ok!(run, openat(AT_FDCWD, c"f".as_ptr(), O_RDWR, 0));
    fails!(run, EFBIG, pwrite64(fd as _, b"x".as_ptr().cast(), 1, FAR));
    same!(run, ok!(run, truncate(c"f".as_ptr(), FAR as _)), 0);
    fails!(run, EOVERFLOW, openat(AT_FDCWD, c"f".as_ptr(), O_RDWR, 0));
    close(run, fd)?;
    remove(run, c"f")
}
