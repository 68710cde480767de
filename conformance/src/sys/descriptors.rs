//! Descriptors: copies, flags, locks, pipes, terminals, waiting for them.

use super::*;
use ring3::{
    AsRawFd,
    consts::{CloseRange, FLock, FSeal, Fd, Lock, Mfd, Msg, Poll, Sig, Sock, SpliceF},
    io::PollFd,
    sys::{timespec, timeval},
    uapi::{f_owner_ex, flock64, iovec},
};

checks! { "sys::descriptors":
    copies, copies_told (emulator: "fcntl has not all operations"), copies_by_number, flags, locks_of_files, locks_of_ranges, owners, leases, seals, pipes, pipe_sizes, splicing, giving_pages,
    ranges, hints (emulator: "fcntl has not all operations"), control, terminals, waiting, waiting_with_times, sets, sets_with_times, sharing,
}

fn copies(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"0123456789")?;
    let mut copy = ok!(run, dup(&fd));
    holds!(run, copy.as_raw_fd() != fd.as_raw_fd());
    let mut bytes = [0; 3];
    same!(run, (ok!(run, read(&fd, &mut bytes)), ok!(run, read(&copy, &mut bytes))), (3, 3));
    same!(run, &bytes, b"345");
    let other = file(run, c"g", b"other")?;
    let number = copy.as_raw_fd();
    ok!(run, dup2(&other, &mut copy));
    same!(run, copy.as_raw_fd(), number);
    same!(run, ok!(run, pread64(&copy, &mut bytes, 0)), 3);
    same!(run, &bytes, b"oth");
    // The same number twice is nothing to do for the one, and an error for the other.
    // SAFETY: `copy` owns the descriptor, and is not used meanwhile.
    let itself = unsafe { BorrowedFd::borrow_raw(number) };
    ok!(run, dup2(itself, &mut copy));
    fails!(run, EINVAL, dup3(itself, &mut copy, O::empty()));
    ok!(run, dup3(&fd, &mut copy, O::CLOEXEC));
    same!(run, ok!(run, fcntl::getfd(&copy)), Fd::CLOEXEC);
    fails!(run, EINVAL, dup3(&fd, &mut copy, O::APPEND));
    fails!(run, EBADF, dup(closed()));
    fails!(run, EBADF, dup2(closed(), &mut copy));
    fails!(run, EBADF, dup3(closed(), &mut copy, O::empty()));
    remove(run, c"f")?;
    remove(run, c"g")
}

fn copies_told(run: &Run) -> Outcome {
    let (fd, other) = (file(run, c"f", b"")?, file(run, c"g", b"")?);
    let copy = ok!(run, dup(&fd));
    same!(run, ok!(run, fcntl::dupfd_query(&fd, &copy)), 1);
    same!(run, ok!(run, fcntl::dupfd_query(&fd, &other)), 0);
    fails!(run, EBADF, fcntl::dupfd_query(closed(), &fd));
    // It was there: whether this `open` has made it is what is asked.
    same!(run, ok!(run, fcntl::created_query(&fd)), 1);
    same!(run, ok!(run, fcntl::created_query(&ok!(run, open(c"f", O::RDWR | O::CREAT, mode(0o600))))), 0);
    remove(run, c"f")?;
    remove(run, c"g")
}

fn copies_by_number(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    let copy = ok!(run, fcntl::dupfd(&fd, 500));
    same!(run, copy.as_raw_fd(), 500);
    same!(run, ok!(run, fcntl::getfd(&copy)), Fd::empty());
    let other = ok!(run, fcntl::dupfd_cloexec(&fd, 500));
    same!(run, (other.as_raw_fd(), ok!(run, fcntl::getfd(&other))), (501, Fd::CLOEXEC));
    fails!(run, EINVAL, fcntl::dupfd(&fd, -1));
    fails!(run, EBADF, fcntl::dupfd(closed(), 500));
    fails!(run, EBADF, fcntl::dupfd_cloexec(closed(), 500));
    remove(run, c"f")
}

fn flags(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"content")?;
    ok!(run, fcntl::setfd(&fd, Fd::empty()));
    same!(run, ok!(run, fcntl::getfd(&fd)), Fd::empty());
    ok!(run, fcntl::setfd(&fd, Fd::CLOEXEC));
    same!(run, ok!(run, fcntl::getfd(&fd)), Fd::CLOEXEC);
    let before = ok!(run, fcntl::getfl(&fd));
    same!(run, before & O::ACCMODE, O::RDWR);
    ok!(run, fcntl::setfl(&fd, before | O::APPEND));
    holds!(run, ok!(run, fcntl::getfl(&fd)).contains(O::APPEND));
    same!(run, ok!(run, write(&fd, b"!")), 1);
    same!(run, ok!(run, fstat(&fd)).st_size, 8);
    fails!(run, EBADF, fcntl::getfd(closed()));
    fails!(run, EBADF, fcntl::setfd(closed(), Fd::empty()));
    fails!(run, EBADF, fcntl::getfl(closed()));
    fails!(run, EBADF, fcntl::setfl(closed(), O::empty()));
    fails!(run, EINVAL, fcntl(&fd, ring3::consts::F::new(9999), 0));
    remove(run, c"f")
}

fn locks_of_files(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    let other = ok!(run, open(c"f", O::RDONLY, Mode::empty()));
    ok!(run, flock(&fd, Lock::EX));
    fails!(run, EAGAIN, flock(&other, Lock::SH | Lock::NB));
    ok!(run, flock(&fd, Lock::UN));
    ok!(run, flock(&other, Lock::EX | Lock::NB));
    fails!(run, EBADF, flock(closed(), Lock::SH));
    fails!(run, EINVAL, flock(&fd, Lock::from_bits_retain(16)));
    remove(run, c"f")
}

fn lock(kind: FLock, start: i64, length: i64) -> flock64 {
    // SAFETY: plain data; on some ABIs it has gaps.
    let mut lock: flock64 = unsafe { core::mem::zeroed() };
    (lock.l_type, lock.l_start, lock.l_len) = (kind.raw(), start, length);
    lock
}

/// Positions beyond 32 bits, too.
fn locks_of_ranges(run: &Run) -> Outcome {
    const FAR: i64 = 0x12_3456_789a;
    let fd = file(run, c"f", b"")?;
    let other = ok!(run, open(c"f", O::RDWR, Mode::empty()));
    ok!(run, fcntl::ofd_setlk(&fd, &lock(FLock::WRLCK, FAR, 7)));
    let mut found = lock(FLock::RDLCK, 0, 0);
    ok!(run, fcntl::ofd_getlk(&other, &mut found));
    same!(run, (found.l_type, found.l_start, found.l_len, found.l_pid), (FLock::WRLCK.raw(), FAR, 7, -1));
    fails!(run, EAGAIN, fcntl::ofd_setlk(&other, &lock(FLock::RDLCK, FAR + 6, 1)));
    ok!(run, fcntl::ofd_setlkw(&other, &lock(FLock::RDLCK, FAR + 7, 1)));
    let mut found = lock(FLock::WRLCK, FAR, 1);
    ok!(run, fcntl::getlk(&fd, &mut found));
    same!(run, (found.l_type, found.l_start, found.l_len), (FLock::WRLCK.raw(), FAR, 7));
    fails!(run, EAGAIN, fcntl::setlk(&fd, &lock(FLock::WRLCK, FAR + 7, 1)));
    ok!(run, fcntl::ofd_setlk(&fd, &lock(FLock::UNLCK, 0, 0)));
    ok!(run, fcntl::setlk(&fd, &lock(FLock::WRLCK, FAR, 7)));
    ok!(run, fcntl::setlkw(&fd, &lock(FLock::UNLCK, FAR, 7)));
    let mut found = lock(FLock::WRLCK, 0, FAR);
    ok!(run, fcntl::getlk(&fd, &mut found));
    same!(run, found.l_type, FLock::UNLCK.raw());
    fails!(run, EBADF, fcntl::getlk(closed(), &mut found));
    fails!(run, EBADF, fcntl::setlk(closed(), &found));
    fails!(run, EBADF, fcntl::setlkw(closed(), &found));
    fails!(run, EINVAL, fcntl::ofd_getlk(&fd, &mut flock64 { l_pid: 1, ..found }));
    remove(run, c"f")
}

fn owners(run: &Run) -> Outcome {
    const F_OWNER_PID: i32 = 1;
    let [reader, _writer] = ok!(run, pipe());
    same!(run, ok!(run, fcntl::getsig(&reader)), None);
    ok!(run, fcntl::setsig(&reader, Some(Sig::USR1)));
    same!(run, ok!(run, fcntl::getsig(&reader)), Some(Sig::USR1));
    fails!(run, EINVAL, fcntl::setsig(&reader, Some(Sig::new(99))));
    let own = value!(run, getpid()).as_raw();
    ok!(run, fcntl::setown_ex(&reader, &f_owner_ex { r#type: F_OWNER_PID, pid: own }));
    let owner = ok!(run, fcntl::getown_ex(&reader));
    same!(run, (owner.r#type, owner.pid), (F_OWNER_PID, own));
    fails!(run, EINVAL, fcntl::setown_ex(&reader, &f_owner_ex { r#type: 9, pid: own }));
    fails!(run, EBADF, fcntl::getown_ex(closed()));
    Ok(())
}

fn leases(run: &Run) -> Outcome {
    let made = file(run, c"f", b"")?;
    ok!(run, close(made));
    let fd = ok!(run, open(c"f", O::RDONLY, Mode::empty()));
    same!(run, ok!(run, fcntl::getlease(&fd)), FLock::UNLCK);
    ok!(run, fcntl::setlease(&fd, FLock::RDLCK));
    same!(run, ok!(run, fcntl::getlease(&fd)), FLock::RDLCK);
    ok!(run, fcntl::setlease(&fd, FLock::UNLCK));
    fails!(run, EINVAL, fcntl::setlease(&fd, FLock::new(9)));
    fails!(run, ENOTDIR, fcntl::notify(&fd, 1));
    let directory = ok!(run, open(c".", O::RDONLY, Mode::empty()));
    ok!(run, fcntl::notify(&directory, 0));
    remove(run, c"f")
}

fn seals(run: &Run) -> Outcome {
    let fd = ok!(run, memfd_create(c"seals", Mfd::CLOEXEC | Mfd::ALLOW_SEALING));
    ok!(run, fcntl::add_seals(&fd, FSeal::GROW | FSeal::SHRINK));
    same!(
        run,
        ok!(run, fcntl::get_seals(&fd)) & (FSeal::GROW | FSeal::SHRINK | FSeal::WRITE),
        FSeal::GROW | FSeal::SHRINK
    );
    fails!(run, EPERM, ftruncate(&fd, 1));
    ok!(run, fcntl::add_seals(&fd, FSeal::SEAL));
    fails!(run, EPERM, fcntl::add_seals(&fd, FSeal::WRITE));
    let [reader, _writer] = ok!(run, pipe());
    fails!(run, EINVAL, fcntl::get_seals(&reader));
    fails!(run, EINVAL, memfd_create(c"", Mfd::from_bits_retain(1 << 20)));
    Ok(())
}

fn pipes(run: &Run) -> Outcome {
    let [reader, writer] = ok!(run, pipe());
    same!(run, ok!(run, fcntl::getfd(&reader)), Fd::empty());
    same!(run, ok!(run, write(&writer, b"through")), 7);
    let mut bytes = [0; 8];
    same!(run, ok!(run, read(&reader, &mut bytes)), 7);
    same!(run, &bytes, b"through\0");
    ok!(run, close(writer));
    same!(run, ok!(run, read(&reader, &mut bytes)), 0);
    let [reader, writer] = ok!(run, pipe2(O::CLOEXEC | O::NONBLOCK));
    same!(run, ok!(run, fcntl::getfd(&writer)), Fd::CLOEXEC);
    fails!(run, EAGAIN, read(&reader, &mut bytes));
    fails!(run, EBADF, read(&writer, &mut bytes));
    fails!(run, EBADF, write(&reader, b"x"));
    fails!(run, EINVAL, pipe2(O::APPEND));
    Ok(())
}

fn pipe_sizes(run: &Run) -> Outcome {
    let [reader, writer] = ok!(run, pipe2(O::CLOEXEC));
    holds!(run, ok!(run, fcntl::getpipe_sz(&reader)) >= run.page);
    same!(run, ok!(run, fcntl::setpipe_sz(&writer, 2 * run.page as u32)), 2 * run.page);
    same!(run, ok!(run, fcntl::getpipe_sz(&reader)), 2 * run.page);
    fails!(run, EINVAL, fcntl::setpipe_sz(&writer, u32::MAX));
    let fd = file(run, c"f", b"")?;
    fails!(run, EBADF, fcntl::getpipe_sz(&fd));
    fails!(run, EBADF, fcntl::setpipe_sz(&fd, 4096));
    remove(run, c"f")
}

fn splicing(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"0123456789")?;
    let ([reader, writer], [copy, copy_writer]) =
        (ok!(run, pipe2(O::NONBLOCK)), ok!(run, pipe2(O::NONBLOCK)));
    let mut offset = 2;
    same!(run, ok!(run, splice(&fd, Some(&mut offset), &writer, None, 5, SpliceF::empty())), 5);
    same!(run, offset, 7);
    same!(run, ok!(run, tee(&reader, &copy_writer, 3, SpliceF::NONBLOCK)), 3);
    let mut bytes = [0; 8];
    same!(run, ok!(run, read(&copy, &mut bytes)), 3);
    same!(run, &bytes[..4], b"234\0");
    same!(run, ok!(run, read(&reader, &mut bytes)), 5);
    same!(run, &bytes[..6], b"23456\0");
    fails!(run, EAGAIN, tee(&reader, &copy_writer, 3, SpliceF::NONBLOCK));
    fails!(run, EINVAL, tee(&fd, &writer, 3, SpliceF::empty()));
    fails!(run, EINVAL, splice(&fd, None, &fd, None, 1, SpliceF::empty()));
    fails!(run, ESPIPE, splice(&reader, Some(&mut offset), &fd, None, 1, SpliceF::empty()));
    fails!(run, EBADF, splice(closed(), None, &writer, None, 1, SpliceF::empty()));
    fails!(run, EBADF, tee(closed(), &writer, 1, SpliceF::empty()));
    remove(run, c"f")
}

fn giving_pages(run: &Run) -> Outcome {
    let [reader, writer] = ok!(run, pipe2(O::CLOEXEC));
    let mut content = *b"pages";
    let iov = [iovec { iov_base: content.as_mut_ptr().cast(), iov_len: 5 }];
    same!(run, ok!(run, vmsplice(&writer, &iov, SpliceF::empty())), 5);
    let mut bytes = [0; 8];
    same!(run, ok!(run, read(&reader, &mut bytes)), 5);
    same!(run, &bytes[..5], b"pages");
    fails!(run, EBADF, vmsplice(closed(), &iov, SpliceF::empty()));
    let fd = file(run, c"f", b"")?;
    fails!(run, EBADF, vmsplice(&fd, &iov, SpliceF::empty()));
    remove(run, c"f")
}

fn ranges(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    let (one, other) = (ok!(run, fcntl::dupfd(&fd, 600)), ok!(run, fcntl::dupfd(&fd, 600)));
    let (first, last) = (one.as_raw_fd() as u32, other.as_raw_fd() as u32);
    ok!(run, close_range(first, last, CloseRange::CLOEXEC));
    same!(run, ok!(run, fcntl::getfd(&other)), Fd::CLOEXEC);
    // Their numbers are nobody's any more.
    core::mem::forget((one, other));
    ok!(run, close_range(first, last, CloseRange::empty()));
    // SAFETY: nothing has got the number meanwhile.
    fails!(run, EBADF, fcntl::getfd(unsafe { BorrowedFd::borrow_raw(first as i32) }));
    fails!(run, EINVAL, close_range(last, first, CloseRange::empty()));
    fails!(run, EINVAL, close_range(first, last, CloseRange::from_bits_retain(1 << 20)));
    remove(run, c"f")
}

fn hints(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    same!(run, ok!(run, fcntl::get_rw_hint(&fd)), 0);
    ok!(run, fcntl::set_rw_hint(&fd, &2));
    same!(run, ok!(run, fcntl::get_rw_hint(&fd)), 2);
    fails!(run, EINVAL, fcntl::set_rw_hint(&fd, &99));
    fails!(run, EBADF, fcntl::get_rw_hint(closed()));
    remove(run, c"f")
}

fn control(run: &Run) -> Outcome {
    let [reader, writer] = ok!(run, pipe());
    ok!(run, write(&writer, b"12345"));
    same!(run, ok!(run, ioctl::fionread(&reader)), 5);
    ok!(run, ioctl::fioclex(&reader));
    same!(run, ok!(run, fcntl::getfd(&reader)), Fd::CLOEXEC);
    ok!(run, ioctl::fionclex(&reader));
    same!(run, ok!(run, fcntl::getfd(&reader)), Fd::empty());
    ok!(run, ioctl::fionbio(&reader, &1));
    holds!(run, ok!(run, fcntl::getfl(&reader)).contains(O::NONBLOCK));
    fails!(run, EBADF, ioctl::fionread(closed()));
    fails!(run, EBADF, ioctl::fioclex(closed()));
    fails!(run, EBADF, ioctl::fionclex(closed()));
    fails!(run, EBADF, ioctl::fionbio(closed(), &1));
    fails!(run, ENOTTY, ioctl(&reader, 0x5401, nowhere()));
    fails!(run, ENOTTY, ioctl::tiocgptn(&reader));
    Ok(())
}

fn terminals(run: &Run) -> Outcome {
    let [pipe, _writer] = ok!(run, pipe());
    fails!(run, ENOTTY, ioctl::tcgets(&pipe));
    fails!(run, ENOTTY, ioctl::tiocgwinsz(&pipe));
    fails!(run, ENOTTY, ioctl::tiocgpgrp(&pipe));
    let master = match call!(run, open(c"/dev/ptmx", O::RDWR | O::NOCTTY | O::NONBLOCK, Mode::empty())) {
        Err(_) => return Err(Failure::Lacks("there are no pseudo-terminals")),
        Ok(master) => master,
    };
    ok!(run, ioctl::tiocsptlck(&master, &0));
    let _number = ok!(run, ioctl::tiocgptn(&master));
    let slave = ok!(run, ioctl::tiocgptpeer(&master, O::RDWR | O::NOCTTY));
    let mut size = ok!(run, ioctl::tiocgwinsz(&slave));
    same!(run, (size.ws_row, size.ws_col), (0, 0));
    (size.ws_row, size.ws_col) = (25, 80);
    ok!(run, ioctl::tiocswinsz(&slave, &size));
    let size = ok!(run, ioctl::tiocgwinsz(&master));
    same!(run, (size.ws_row, size.ws_col), (25, 80));
    /// `ECHO` and `ICANON`, of termios.h.
    const LINES: u32 = 0o10 | 0o2;
    let mut termios = ok!(run, ioctl::tcgets(&slave));
    same!(run, termios.c_lflag & LINES, LINES);
    termios.c_lflag &= !LINES;
    ok!(run, ioctl::tcsets(&slave, &termios));
    same!(run, ok!(run, ioctl::tcgets(&slave)).c_lflag & LINES, 0);
    ok!(run, ioctl::tcsetsw(&slave, &termios));
    ok!(run, ioctl::tcsetsf(&slave, &termios));
    same!(run, ok!(run, write(&master, b"typed")), 5);
    let mut bytes = [0; 8];
    same!(run, ok!(run, read(&slave, &mut bytes)), 5);
    same!(run, &bytes[..5], b"typed");
    fails!(run, ENOTTY, ioctl::tiocgpgrp(&slave));
    fails!(run, ENOTTY, ioctl::tiocspgrp(&slave, &value!(run, getpid())));
    Ok(())
}

fn waiting(run: &Run) -> Outcome {
    let [reader, writer] = ok!(run, pipe());
    let mut fds = [PollFd::new(&reader, Poll::IN), PollFd::new(&writer, Poll::OUT)];
    same!(run, ok!(run, poll(&mut fds, 0)), 1);
    same!(run, (fds[0].revents(), fds[1].revents()), (Poll::empty(), Poll::OUT));
    same!(run, ok!(run, poll(&mut fds[..1], 10)), 0);
    ok!(run, write(&writer, b"x"));
    same!(run, ok!(run, poll(&mut fds, -1)), 2);
    same!(run, fds[0].revents(), Poll::IN);
    let nobody = closed();
    let mut none = [PollFd::new(&nobody, Poll::IN)];
    same!(run, ok!(run, poll(&mut none, 1000)), 1);
    same!(run, none[0].revents(), Poll::NVAL);
    Ok(())
}

fn waiting_with_times(run: &Run) -> Outcome {
    let [reader, writer] = ok!(run, pipe());
    let mut fds = [PollFd::new(&reader, Poll::IN)];
    let mut time = timespec { tv_sec: 0, tv_nsec: 1_000_000 };
    same!(run, ok!(run, ppoll(&mut fds, Some(&mut time), None)), 0);
    same!(run, (time.tv_sec, time.tv_nsec), (0, 0));
    ok!(run, write(&writer, b"x"));
    same!(run, ok!(run, ppoll(&mut fds, None, None)), 1);
    same!(run, fds[0].revents(), Poll::IN);
    let mut wrong = timespec { tv_sec: 0, tv_nsec: 1_000_000_000 };
    fails!(run, EINVAL, ppoll(&mut fds, Some(&mut wrong), None));
    Ok(())
}

/// A set of one descriptor.
fn set(fd: &OwnedFd) -> [usize; 1024 / usize::BITS as usize] {
    let (number, mut set) = (fd.as_raw_fd() as usize, [0; _]);
    set[number / usize::BITS as usize] = 1 << (number % usize::BITS as usize);
    set
}

fn sets(run: &Run) -> Outcome {
    let [reader, writer] = ok!(run, pipe());
    // The last bit that the kernel looks at.
    let high = ok!(run, fcntl::dupfd(&reader, 1023));
    same!(run, high.as_raw_fd(), 1023);
    let (mut read, mut write_set) = (set(&high), set(&writer));
    let mut time = timeval { tv_sec: 0, tv_usec: 1000 };
    same!(run, ok!(run, select(Some(&mut read), Some(&mut write_set), None, Some(&mut time))), 1);
    same!(run, (read == [0; _], write_set == set(&writer)), (true, true));
    let (mut read, mut time) = (set(&high), timeval { tv_sec: 0, tv_usec: 1000 });
    same!(run, ok!(run, select(Some(&mut read), None, None, Some(&mut time))), 0);
    same!(run, (time.tv_sec, time.tv_usec), (0, 0));
    ok!(run, write(&writer, b"x"));
    let (mut read, mut time) = (set(&high), timeval { tv_sec: 60, tv_usec: 0 });
    same!(run, ok!(run, select(Some(&mut read), None, None, Some(&mut time))), 1);
    holds!(run, read == set(&high));
    // What is left of the time.
    holds!(run, time.tv_sec == 59 || time.tv_sec == 60);
    same!(run, ok!(run, select(Some(&mut set(&high)), None, None, None)), 1);
    fails!(run, EINVAL, select(None, None, None, Some(&mut timeval { tv_sec: -1, tv_usec: 0 })));
    ok!(run, close(high));
    let mut read = [0; 1024 / usize::BITS as usize];
    read[read.len() - 1] = 1 << (usize::BITS - 1);
    fails!(run, EBADF, select(Some(&mut read), None, None, Some(&mut timeval { tv_sec: 0, tv_usec: 0 })));
    Ok(())
}

fn sets_with_times(run: &Run) -> Outcome {
    let [reader, writer] = ok!(run, pipe());
    let (mut read, mut time) = (set(&reader), timespec { tv_sec: 0, tv_nsec: 1_000_000 });
    same!(run, ok!(run, pselect6(Some(&mut read), None, None, Some(&mut time), None)), 0);
    ok!(run, write(&writer, b"x"));
    let (mut read, mut write_set) = (set(&reader), set(&writer));
    same!(
        run,
        ok!(run, pselect6(Some(&mut read), Some(&mut write_set), None, None, Some(&signals::set_of(&[])))),
        2
    );
    holds!(run, read == set(&reader) && write_set == set(&writer));
    let mut wrong = timespec { tv_sec: 0, tv_nsec: 1_000_000_000 };
    fails!(run, EINVAL, pselect6(None, None, None, Some(&mut wrong), None));
    Ok(())
}

/// What is the same for two processes.
fn sharing(run: &Run) -> Outcome {
    let pair = ok!(run, socketpair(ring3::consts::Af::UNIX, Sock::STREAM, 0));
    let own = value!(run, getpid());
    let copy = ok!(run, dup(&pair[0]));
    let [one, other] = pair.each_ref().map(AsRawFd::as_raw_fd);
    fails!(run, EBADF, kcmp::file(own, own, CLOSED, one));
    same!(run, ok!(run, kcmp::file(own, own, one, copy.as_raw_fd())), 0);
    holds!(run, ok!(run, kcmp::file(own, own, one, other)) != 0);
    same!(run, ok!(run, kcmp(own, own, ring3::consts::Kcmp::VM, 0, 0)), 0);
    fails!(run, EINVAL, kcmp(own, own, ring3::consts::Kcmp::new(99), 0, 0));
    same!(run, ok!(run, send(&pair[0], b"x", Msg::empty())), 1);
    Ok(())
}
