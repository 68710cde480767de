//! Opening, reading and writing files.

use super::*;
use ring3::{
    consts::{FallocFl, PosixFadv, Resolve, Rwf, Seek, SyncFileRange},
    io::{IoSlice, IoSliceMut},
    uapi::{cachestat_range, open_how},
};

checks! { "sys::files":
    opening, opening_beneath, reading_and_writing, at_offsets, vectors, vectors_with_flags, position, holes, lengths, large, space, advice,
    to_the_disk, cache, copies, sending,
}

fn opening(run: &Run) -> Outcome {
    let made = ok!(run, creat(c"f", mode(0o600)));
    same!(run, ok!(run, write(&made, b"content")), 7);
    fails!(run, EBADF, read(&made, &mut [0; 4]));
    ok!(run, close(made));
    let read_only = ok!(run, open(c"f", O::RDONLY | O::CLOEXEC, Mode::empty()));
    fails!(run, EBADF, write(&read_only, b"x"));
    let mut bytes = [0; 16];
    same!(run, ok!(run, read(&read_only, &mut bytes)), 7);
    same!(run, &bytes[..7], b"content");
    let appending = ok!(run, openat(AT_FDCWD, c"f", O::RDWR | O::APPEND, Mode::empty()));
    same!(run, ok!(run, write(&appending, b"!")), 1);
    same!(run, ok!(run, pread64(&appending, &mut bytes, 0)), 8);
    same!(run, &bytes[..8], b"content!");
    fails!(run, EEXIST, open(c"f", O::WRONLY | O::CREAT | O::EXCL, mode(0o600)));
    fails!(run, ENOTDIR, open(c"f/g", O::RDONLY, Mode::empty()));
    fails!(run, ENOTDIR, open(c"f", O::RDONLY | O::DIRECTORY, Mode::empty()));
    fails!(run, ENOTDIR, openat(&appending, c"g", O::RDONLY, Mode::empty()));
    fails!(run, ENOENT, open(c"missing", O::RDONLY, Mode::empty()));
    fails!(run, ENOENT, openat(AT_FDCWD, c"", O::RDONLY, Mode::empty()));
    fails!(run, EBADF, openat(closed(), c"f", O::RDONLY, Mode::empty()));
    fails!(run, EISDIR, creat(c".", mode(0o600)));
    remove(run, c"f")
}

fn opening_beneath(run: &Run) -> Outcome {
    let flags = (O::RDWR | O::CREAT).bits() as u64;
    let how = open_how { flags, mode: 0o600, resolve: Resolve::BENEATH.bits() };
    let fd = ok!(run, openat2(AT_FDCWD, c"f", &how));
    same!(run, ok!(run, write(&fd, b"x")), 1);
    fails!(run, EXDEV, openat2(AT_FDCWD, c"../f", &how));
    fails!(run, EINVAL, openat2(AT_FDCWD, c"f", &open_how { flags: 0, mode: 0o600, resolve: 0 }));
    // A 32-bit ABI opens large files as well.
    if size_of::<usize>() == 4 {
        ok!(run, lseek(&fd, 3 << 30, Seek::SET));
        same!(run, ok!(run, write(&fd, b"x")), 1);
    }
    remove(run, c"f")
}

fn reading_and_writing(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"Hello World!")?;
    let mut room = [const { core::mem::MaybeUninit::uninit() }; 32];
    let (filled, rest) = ok!(run, read(&fd, &mut room));
    same!(run, (&*filled, rest.len()), (&b"Hello World!"[..], 20));
    same!(run, ok!(run, read(&fd, &mut [0; 4])), 0);
    same!(run, ok!(run, write(&fd, b" And more.")), 10);
    same!(run, ok!(run, lseek(&fd, -4, Seek::CUR)), 18);
    let mut bytes = [0; 8];
    same!(run, ok!(run, read(&fd, &mut bytes[..4])), 4);
    same!(run, &bytes, b"ore.\0\0\0\0");
    fails!(run, EBADF, read(closed(), &mut bytes));
    fails!(run, EBADF, write(closed(), b"x"));
    let directory = ok!(run, open(c".", O::RDONLY | O::DIRECTORY, Mode::empty()));
    fails!(run, EISDIR, read(&directory, &mut bytes));
    remove(run, c"f")
}

fn at_offsets(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"0123456789")?;
    let mut bytes = [0; 4];
    same!(run, ok!(run, pread64(&fd, &mut bytes, 3)), 4);
    same!(run, &bytes, b"3456");
    same!(run, ok!(run, pwrite64(&fd, b"xy", 8)), 2);
    same!(run, ok!(run, pread64(&fd, &mut bytes, 7)), 3);
    same!(run, &bytes[..3], b"7xy");
    fails!(run, EINVAL, pread64(&fd, &mut bytes, u64::MAX));
    fails!(run, EINVAL, pwrite64(&fd, b"x", 1 << 63));
    fails!(run, EBADF, pread64(closed(), &mut bytes, 0));
    fails!(run, EBADF, pwrite64(closed(), b"x", 0));
    remove(run, c"f")
}

fn vectors(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    same!(run, ok!(run, writev(&fd, &[IoSlice::new(b"one"), IoSlice::new(b"two!")])), 7);
    same!(run, ok!(run, pwritev(&fd, &[IoSlice::new(b"T"), IoSlice::new(b"WO")], 3)), 3);
    let (mut one, mut other) = ([0; 2], [0; 8]);
    let mut room = [IoSliceMut::new(&mut one), IoSliceMut::new(&mut other)];
    same!(run, ok!(run, preadv(&fd, &mut room, 1)), 6);
    same!(run, (&one, &other[..5]), (b"ne", &b"TWO!\0"[..]));
    ok!(run, lseek(&fd, 0, Seek::SET));
    let mut room = [IoSliceMut::new(&mut one), IoSliceMut::new(&mut other)];
    same!(run, ok!(run, readv(&fd, &mut room)), 7);
    same!(run, (&one, &other[..5]), (b"on", &b"eTWO!"[..]));
    fails!(run, EBADF, readv(closed(), &mut [IoSliceMut::new(&mut one)]));
    fails!(run, EBADF, writev(closed(), &[IoSlice::new(b"x")]));
    fails!(run, EINVAL, preadv(&fd, &mut [IoSliceMut::new(&mut one)], 1 << 63));
    fails!(run, EINVAL, pwritev(&fd, &[IoSlice::new(b"x")], 1 << 63));
    fails!(run, EINVAL, writev(&fd, &[IoSlice::new(b"x"); 1025]));
    remove(run, c"f")
}

fn vectors_with_flags(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"head")?;
    same!(run, ok!(run, pwritev2(&fd, &[IoSlice::new(b"tail")], 0, Rwf::APPEND)), 4);
    let mut bytes = [0; 8];
    same!(run, ok!(run, preadv2(&fd, &mut [IoSliceMut::new(&mut bytes)], 0, Rwf::empty())), 8);
    same!(run, &bytes, b"headtail");
    let unknown = Rwf::from_bits_retain(1 << 30);
    fails!(run, EOPNOTSUPP, preadv2(&fd, &mut [IoSliceMut::new(&mut bytes)], 0, unknown));
    fails!(run, EOPNOTSUPP, pwritev2(&fd, &[IoSlice::new(b"x")], 0, unknown));
    remove(run, c"f")
}

fn position(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"0123456789")?;
    same!(run, ok!(run, lseek(&fd, -3, Seek::END)), 7);
    same!(run, ok!(run, lseek(&fd, 1, Seek::CUR)), 8);
    // Each half of the position arrives, and comes back.
    same!(run, ok!(run, lseek(&fd, 0x12_3456_789a, Seek::SET)), 0x12_3456_789a);
    same!(run, ok!(run, lseek(&fd, -0x10_0000_0000, Seek::CUR)), 0x2_3456_789a);
    fails!(run, EINVAL, lseek(&fd, -1, Seek::SET));
    fails!(run, EINVAL, lseek(&fd, 0, Seek::new(77)));
    fails!(run, EBADF, lseek(closed(), 0, Seek::SET));
    let [reader, _writer] = ok!(run, pipe2(O::CLOEXEC));
    fails!(run, ESPIPE, lseek(&reader, 0, Seek::CUR));
    fails!(run, ESPIPE, pread64(&reader, &mut [0; 1], 0));
    remove(run, c"f")
}

fn holes(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    ok!(run, pwrite64(&fd, b"x", 1 << 20));
    fails!(run, ENXIO, lseek(&fd, 2 << 20, Seek::DATA));
    let hole = ok!(run, lseek(&fd, 1 << 20, Seek::HOLE));
    holds!(run, hole > 1 << 20);
    remove(run, c"f")
}

fn lengths(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"0123456789")?;
    ok!(run, ftruncate(&fd, 4));
    same!(run, ok!(run, fstat(&fd)).st_size, 4);
    ok!(run, truncate(c"f", 6));
    let mut bytes = [1; 8];
    same!(run, ok!(run, pread64(&fd, &mut bytes, 0)), 6);
    same!(run, &bytes, b"0123\0\0\x01\x01");
    fails!(run, EINVAL, ftruncate(&fd, 1 << 63));
    fails!(run, EINVAL, truncate(c"f", 1 << 63));
    fails!(run, ENOENT, truncate(c"missing", 0));
    fails!(run, EISDIR, truncate(c".", 0));
    fails!(run, EBADF, ftruncate(closed(), 0));
    remove(run, c"f")
}

/// Lengths and offsets of which each half is something.
fn large(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    ok!(run, ftruncate(&fd, 0x1_2000_0003));
    same!(run, ok!(run, fstat(&fd)).st_size, 0x1_2000_0003);
    same!(run, ok!(run, pwrite64(&fd, b"x", 0x1_1000_0001)), 1);
    let mut bytes = [1; 3];
    same!(run, ok!(run, pread64(&fd, &mut bytes, 0x1_1000_0000)), 3);
    same!(run, &bytes, b"\0x\0");
    same!(run, ok!(run, preadv(&fd, &mut [IoSliceMut::new(&mut bytes)], 0x1_1000_0001)), 3);
    same!(run, &bytes, b"x\0\0");
    same!(run, ok!(run, pwritev(&fd, &[IoSlice::new(b"y")], 0x1_1000_0002)), 1);
    same!(run, ok!(run, pread64(&fd, &mut bytes, 0x1_1000_0000)), 3);
    same!(run, &bytes, b"\0xy");
    ok!(run, truncate(c"f", 0x1_0000_0009));
    same!(run, ok!(run, stat(c"f")).st_size, 0x1_0000_0009);
    remove(run, c"f")
}

fn space(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"0123456789")?;
    match call!(run, fallocate(&fd, FallocFl::KEEP_SIZE, 0, 8192)) {
        Err(Errno::EOPNOTSUPP) => return Err(Failure::Lacks("the file system has no fallocate")),
        result => same!(run, result, Ok(())),
    }
    same!(run, ok!(run, fstat(&fd)).st_size, 10);
    ok!(run, fallocate(&fd, FallocFl::empty(), 0, 8192));
    same!(run, ok!(run, fstat(&fd)).st_size, 8192);
    ok!(run, fallocate(&fd, FallocFl::PUNCH_HOLE | FallocFl::KEEP_SIZE, 0, 4096));
    let mut bytes = [1; 4];
    same!(run, ok!(run, pread64(&fd, &mut bytes, 0)), 4);
    same!(run, &bytes, &[0; 4]);
    fails!(run, EINVAL, fallocate(&fd, FallocFl::empty(), 0, 0));
    fails!(run, EFBIG, fallocate(&fd, FallocFl::empty(), 0x7fff_ffff_ffff_f000, 1));
    fails!(run, EBADF, fallocate(closed(), FallocFl::empty(), 0, 1));
    remove(run, c"f")
}

fn advice(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"0123456789")?;
    ok!(run, fadvise64(&fd, 0, 10, PosixFadv::WILLNEED));
    ok!(run, fadvise64(&fd, 0x1_0000_0000, 0, PosixFadv::SEQUENTIAL));
    ok!(run, readahead(&fd, 0, 10));
    fails!(run, EINVAL, fadvise64(&fd, 0, 0, PosixFadv::new(99)));
    fails!(run, EBADF, fadvise64(closed(), 0, 0, PosixFadv::NORMAL));
    fails!(run, EBADF, readahead(closed(), 0, 10));
    let [reader, _writer] = ok!(run, pipe2(O::CLOEXEC));
    fails!(run, ESPIPE, fadvise64(&reader, 0, 0, PosixFadv::NORMAL));
    remove(run, c"f")
}

fn to_the_disk(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"0123456789")?;
    ok!(run, fsync(&fd));
    ok!(run, fdatasync(&fd));
    ok!(run, syncfs(&fd));
    ok!(run, sync_file_range(&fd, 0, 10, SyncFileRange::WRITE | SyncFileRange::WAIT_AFTER));
    value!(run, sync());
    fails!(run, EINVAL, sync_file_range(&fd, -1, 10, SyncFileRange::WRITE));
    fails!(run, EINVAL, sync_file_range(&fd, 0, 10, SyncFileRange::from_bits_retain(64)));
    let [reader, _writer] = ok!(run, pipe2(O::CLOEXEC));
    fails!(run, EINVAL, fsync(&reader));
    fails!(run, EINVAL, fdatasync(&reader));
    fails!(run, EBADF, fsync(closed()));
    fails!(run, EBADF, syncfs(closed()));
    remove(run, c"f")
}

fn cache(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"0123456789")?;
    fails!(run, EBADF, cachestat(closed(), &cachestat_range { off: 0, len: 0 }));
    let pages = ok!(run, cachestat(&fd, &cachestat_range { off: 0, len: 0 }));
    same!(run, pages.nr_cache, 1);
    remove(run, c"f")
}

fn copies(run: &Run) -> Outcome {
    let (from, to) = (file(run, c"f", b"0123456789")?, file(run, c"g", b"----------")?);
    let (mut off_in, mut off_out) = (2, 5);
    same!(run, ok!(run, copy_file_range(&from, Some(&mut off_in), &to, Some(&mut off_out), 3)), 3);
    same!(run, (off_in, off_out), (5, 8));
    let mut bytes = [0; 10];
    same!(run, ok!(run, pread64(&to, &mut bytes, 0)), 10);
    same!(run, &bytes, b"-----234--");
    fails!(run, EBADF, copy_file_range(closed(), None, &to, None, 1));
    let directory = ok!(run, open(c".", O::RDONLY, Mode::empty()));
    fails!(run, EISDIR, copy_file_range(&directory, None, &to, None, 1));
    remove(run, c"f")?;
    remove(run, c"g")
}

fn sending(run: &Run) -> Outcome {
    let (from, to) = (file(run, c"f", b"0123456789")?, file(run, c"g", b"")?);
    let mut offset = 3;
    same!(run, ok!(run, sendfile(&to, &from, Some(&mut offset), 4)), 4);
    same!(run, offset, 7);
    same!(run, ok!(run, sendfile(&to, &from, None, 2)), 2);
    let mut bytes = [0; 8];
    same!(run, ok!(run, pread64(&to, &mut bytes, 0)), 6);
    same!(run, &bytes[..6], b"345601");
    fails!(run, EBADF, sendfile(&to, closed(), None, 2));
    fails!(run, EINVAL, sendfile(&to, &from, Some(&mut -1), 2));
    remove(run, c"f")?;
    remove(run, c"g")
}
