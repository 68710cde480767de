//! A file with its text beyond 4 GiB: 64-bit offsets everywhere. What is before it takes no room.

use crate::report::{Check, Outcome, Run};
use crate::tools::{mode, zeroed};
use core::ptr;
use ring3::consts::{At, FLock, FallocFl, Map, Mode, O, PosixFadv, Prot, Rwf, Seek, SpliceF, SyncFileRange};
use ring3::io::{IoSlice, IoSliceMut};
use ring3::uapi::flock64;
use ring3::{AT_FDCWD, AsFd, OwnedFd, sys};

pub const CHECKS: &[Check] = &[
    ("large: positions", positions),
    ("large: slices", slices),
    ("large: slices out with flags", slices_out_with_flags),
    ("large: slices in with flags", slices_in_with_flags),
    ("large: sizes", sizes),
    ("large: ways to open", ways_to_open),
    ("large: advice", advice),
    ("large: sendfile", sendfile),
    ("large: copy_file_range", copy_file_range),
    ("large: splice", splice),
    ("large: locks", locks),
    ("large: locks of open files", open_locks),
    ("large: mapping", mapping),
];

/// A multiple of 4 GiB and of no page larger than 64 KiB, so that a lost half shows.
const FAR: u64 = 5 << 32 | 1 << 16;

/// A file with "far" at `FAR`.
fn file(run: &Run) -> ring3::Result<OwnedFd> {
    let fd = call!(run, open(c"large", O::RDWR | O::CREAT | O::TRUNC | O::CLOEXEC, mode(0o600)))?;
    call!(run, pwrite64(&fd, b"far", FAR))?;
    Ok(fd)
}

fn positions(run: &Run) -> Outcome {
    let fd = file(run)?;
    same!(run, call!(run, lseek(&fd, 0, Seek::END))?, FAR + 3);
    same!(run, call!(run, lseek(&fd, FAR as i64, Seek::SET))?, FAR);
    let mut text = [0; 8];
    same!(run, call!(run, read(&fd, &mut text))?, 3);
    same!(run, text[..3], *b"far");
    same!(run, call!(run, lseek(&fd, 0, Seek::CUR))?, FAR + 3);
    same!(run, call!(run, write(&fd, b"ther"))?, 4);
    same!(run, call!(run, lseek(&fd, -(FAR as i64), Seek::CUR))?, 7);
    same!(run, call!(run, pread64(&fd, &mut text, FAR))?, 7);
    same!(run, text[..7], *b"farther");
    same!(run, call!(run, pread64(&fd, &mut text, FAR & 0xffff_ffff))?, 8);
    same!(run, text, [0; 8]);
    Ok(())
}

fn slices(run: &Run) -> Outcome {
    let fd = file(run)?;
    same!(run, call!(run, pwritev(&fd, &[IoSlice::new(b"fa"), IoSlice::new(b"rce")], FAR))?, 5);
    let (mut first, mut second) = ([0; 1], [0; 4]);
    let mut iov = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
    same!(run, call!(run, preadv(&fd, &mut iov, FAR))?, 5);
    same!(run, (first, second), (*b"f", *b"arce"));
    Ok(())
}

fn slices_out_with_flags(run: &Run) -> Outcome {
    let fd = file(run)?;
    same!(run, call!(run, pwritev2(&fd, &[IoSlice::new(b"m")], FAR + 3, Rwf::empty()))?, 1);
    let mut text = [0; 4];
    same!(run, call!(run, pread64(&fd, &mut text, FAR))?, 4);
    same!(run, text, *b"farm");
    Ok(())
}

fn slices_in_with_flags(run: &Run) -> Outcome {
    let fd = file(run)?;
    let mut text = [0; 4];
    same!(run, call!(run, preadv2(&fd, &mut [IoSliceMut::new(&mut text)], FAR, Rwf::empty()))?, 3);
    same!(run, text, *b"far\0");
    Ok(())
}

fn sizes(run: &Run) -> Outcome {
    let fd = file(run)?;
    let sizes = |size| -> Outcome {
        same!(run, call!(run, stat(c"large"))?.st_size, size);
        same!(run, call!(run, lstat(c"large"))?.st_size, size);
        same!(run, call!(run, fstat(&fd))?.st_size, size);
        same!(run, call!(run, newfstatat(AT_FDCWD, c"large", At::empty()))?.st_size, size);
        Ok(())
    };
    sizes(FAR + 3)?;
    call!(run, truncate(c"large", FAR + 2))?;
    sizes(FAR + 2)?;
    call!(run, ftruncate(&fd, 2 * FAR + 1))?;
    sizes(2 * FAR + 1)?;
    call!(run, ftruncate(&fd, FAR))?;
    call!(run, fallocate(&fd, FallocFl::empty(), FAR, 4096))?;
    sizes(FAR + 4096)?;
    holds!(run, call!(run, fstat(&fd))?.st_blocks < 1 << 20);
    Ok(())
}

/// The calls that open files leave their size to the caller on some ABIs.
fn ways_to_open(run: &Run) -> Outcome {
    file(run)?;
    for fd in [
        call!(run, open(c"large", O::RDWR, Mode::empty()))?,
        call!(run, openat(AT_FDCWD, c"large", O::RDWR, Mode::empty()))?,
        call!(run, creat(c"large", mode(0o600)))?,
    ] {
        same!(run, call!(run, pwrite64(&fd, b"far", FAR))?, 3);
        same!(run, call!(run, lseek(&fd, FAR as i64, Seek::SET))?, FAR);
        same!(run, call!(run, write(&fd, b"near"))?, 4);
        same!(run, call!(run, fstat(&fd))?.st_size, FAR + 4);
    }
    Ok(())
}

fn advice(run: &Run) -> Outcome {
    let fd = file(run)?;
    call!(run, fadvise64(&fd, FAR, 3, PosixFadv::WILLNEED))?;
    call!(run, fadvise64(&fd, 0, FAR, PosixFadv::DONTNEED))?;
    call!(run, sync_file_range(&fd, FAR as i64, 3, SyncFileRange::WRITE_AND_WAIT))?;
    refused!(run, EINVAL, sync_file_range(&fd, i64::MAX, FAR as i64, SyncFileRange::WRITE));
    call!(run, readahead(&fd, FAR, 3))?;
    Ok(())
}

fn sendfile(run: &Run) -> Outcome {
    let fd = file(run)?;
    let [reader, writer] = call!(run, pipe())?;
    let mut offset = FAR as i64;
    same!(run, call!(run, sendfile(&writer, &fd, Some(&mut offset), 10))?, 3);
    same!(run, offset as u64, FAR + 3);
    let mut text = [0; 3];
    call!(run, read(&reader, &mut text))?;
    same!(run, text, *b"far");
    Ok(())
}

fn copy_file_range(run: &Run) -> Outcome {
    let fd = file(run)?;
    let (mut from, mut to) = (FAR as i64, FAR as i64 + (1 << 33));
    let copied = call!(run, copy_file_range(&fd, Some(&mut from), &fd, Some(&mut to), 3))?;
    same!(run, (copied, from as u64, to as u64), (3, FAR + 3, FAR + 3 + (1 << 33)));
    let mut text = [0; 3];
    call!(run, pread64(&fd, &mut text, FAR + (1 << 33)))?;
    same!(run, text, *b"far");
    Ok(())
}

fn splice(run: &Run) -> Outcome {
    let fd = file(run)?;
    let [reader, writer] = call!(run, pipe())?;
    let mut offset = FAR as i64;
    same!(run, call!(run, splice(&fd, Some(&mut offset), &writer, None, 3, SpliceF::empty()))?, 3);
    same!(run, offset as u64, FAR + 3);
    let mut text = [0; 3];
    call!(run, read(&reader, &mut text))?;
    same!(run, text, *b"far");
    Ok(())
}

/// A lock for writing of ten bytes at `FAR`.
fn lock() -> flock64 {
    let mut lock: flock64 = zeroed();
    lock.l_type = FLock::WRLCK.raw();
    lock.l_start = FAR as i64;
    lock.l_len = 10;
    lock
}

fn locks(run: &Run) -> Outcome {
    let fd = file(run)?;
    call!(run, fcntl::setlk(&fd, &lock()))?;
    call!(run, fcntl::setlkw(&fd, &lock()))?;
    let mut own = lock();
    call!(run, fcntl::getlk(&fd, &mut own))?;
    same!(run, (FLock::new(own.l_type), own.l_start as u64), (FLock::UNLCK, FAR));
    Ok(())
}

fn open_locks(run: &Run) -> Outcome {
    let fd = file(run)?;
    let other = call!(run, open(c"large", O::RDWR, Mode::empty()))?;
    call!(run, fcntl::ofd_setlk(&fd, &lock()))?;
    call!(run, fcntl::ofd_setlkw(&fd, &lock()))?;
    let mut asked = lock();
    asked.l_start -= 5;
    call!(run, fcntl::ofd_getlk(&other, &mut asked))?;
    let found = (FLock::new(asked.l_type), asked.l_start as u64, asked.l_len, asked.l_pid);
    same!(run, found, (FLock::WRLCK, FAR, 10, -1));
    refused!(run, EAGAIN, fcntl::ofd_setlk(&other, &lock()));
    let mut near = lock();
    near.l_start &= 0xffff_ffff;
    call!(run, fcntl::ofd_setlk(&other, &near))?;
    Ok(())
}

fn mapping(run: &Run) -> Outcome {
    let fd = file(run)?;
    let map = |offset| {
        // SAFETY: a mapping where nothing is, of a file that nobody else changes.
        let map = unsafe { sys::mmap(ptr::null_mut(), 3, Prot::READ, Map::SHARED, Some(fd.as_fd()), offset) };
        run.heard("mmap", map)
    };
    let text = map(FAR)?;
    // SAFETY: the first three bytes of the page are the file's.
    same!(run, unsafe { *text.cast::<[u8; 3]>() }, *b"far");
    // SAFETY: nobody has the mapping any more.
    run.heard("munmap", unsafe { sys::munmap(text, 3) })?;
    same!(run, map(FAR + 1).err(), Some(ring3::Errno::EINVAL));
    Ok(())
}
