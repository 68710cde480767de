//! epoll, eventfd, inotify, fanotify, asynchronous I/O, io_uring, counters of performance.

use super::*;
use core::mem::zeroed;
use ring3::{
    AioContext, AsRawFd, Wd,
    consts::{
        Efd, Epoll, EpollCreate, EpollCtl, Fan, FanInit, FanMark, Fd, In, InInit, IoringEnter,
        IoringRegister, IoringSetup, Kcmp, PerfFlag,
    },
    sys::timespec,
    uapi::{epoll_event, io_event, io_uring_params, iocb, kcmp_epoll_slot, perf_event_attr},
};

checks! { "sys::events":
    epoll_made, epoll_waits, epoll_waits_by_nanoseconds, epoll_refuses, counters, watching, watching_refused, watching_everything (privileged), slots,
    asynchronous, rings, rings_refused, performance (privileged),
}

fn interest(events: Epoll, data: u64) -> epoll_event {
    // SAFETY: the struct is plain data; on some ABIs it has padding.
    let mut event: epoll_event = unsafe { zeroed() };
    (event.events, event.data) = (events.bits(), data);
    event
}

fn epoll_made(run: &Run) -> Outcome {
    let fd = ok!(run, epoll_create1(EpollCreate::CLOEXEC));
    same!(run, ok!(run, fcntl::getfd(&fd)), Fd::CLOEXEC);
    let fd = ok!(run, epoll_create(1));
    same!(run, ok!(run, fcntl::getfd(&fd)), Fd::empty());
    fails!(run, EINVAL, epoll_create(0));
    fails!(run, EINVAL, epoll_create(-1));
    fails!(run, EINVAL, epoll_create1(EpollCreate::from_bits_retain(1)));
    Ok(())
}

fn epoll_waits(run: &Run) -> Outcome {
    const DATA: u64 = 0x1234_5678_9abc_def0;
    let epoll = ok!(run, epoll_create1(EpollCreate::CLOEXEC));
    let [reader, writer] = ok!(run, pipe());
    ok!(run, epoll_ctl(&epoll, EpollCtl::ADD, &reader, Some(&interest(Epoll::IN, DATA))));
    let mut events = [interest(Epoll::empty(), 0); 4];
    same!(run, ok!(run, epoll_wait(&epoll, &mut events, 1)), 0);
    ok!(run, write(&writer, b"x"));
    same!(run, ok!(run, epoll_wait(&epoll, &mut events, -1)), 1);
    let (happened, data) = (events[0].events, events[0].data);
    same!(run, (happened, data), (Epoll::IN.bits(), DATA));
    ok!(run, epoll_ctl(&epoll, EpollCtl::MOD, &reader, Some(&interest(Epoll::IN, 7))));
    same!(run, ok!(run, epoll_pwait(&epoll, &mut events, -1, Some(&signals::set_of(&[])))), 1);
    let data = events[0].data;
    same!(run, data, 7);
    ok!(run, epoll_ctl(&epoll, EpollCtl::DEL, &reader, None));
    same!(run, ok!(run, epoll_wait(&epoll, &mut events, 1)), 0);
    Ok(())
}

fn epoll_waits_by_nanoseconds(run: &Run) -> Outcome {
    let epoll = ok!(run, epoll_create1(EpollCreate::CLOEXEC));
    let ([reader, writer], mut events) = (ok!(run, pipe()), [interest(Epoll::empty(), 0); 4]);
    ok!(run, epoll_ctl(&epoll, EpollCtl::ADD, &reader, Some(&interest(Epoll::IN, 7))));
    let time = timespec { tv_sec: 0, tv_nsec: 1_000_000 };
    same!(run, ok!(run, epoll_pwait2(&epoll, &mut events, Some(&time), None)), 0);
    ok!(run, write(&writer, b"x"));
    let time = timespec { tv_sec: 60, tv_nsec: 0 };
    same!(run, ok!(run, epoll_pwait2(&epoll, &mut events, Some(&time), Some(&signals::set_of(&[])))), 1);
    fails!(run, EBADF, epoll_pwait2(closed(), &mut events, None, None));
    fails!(run, EINVAL, epoll_pwait2(&epoll, &mut events, Some(&timespec { tv_sec: 0, tv_nsec: -1 }), None));
    Ok(())
}

fn epoll_refuses(run: &Run) -> Outcome {
    let epoll = ok!(run, epoll_create1(EpollCreate::CLOEXEC));
    let ([reader, _writer], event) = (ok!(run, pipe()), interest(Epoll::IN, 0));
    ok!(run, epoll_ctl(&epoll, EpollCtl::ADD, &reader, Some(&event)));
    fails!(run, EEXIST, epoll_ctl(&epoll, EpollCtl::ADD, &reader, Some(&event)));
    ok!(run, epoll_ctl(&epoll, EpollCtl::DEL, &reader, None));
    fails!(run, ENOENT, epoll_ctl(&epoll, EpollCtl::MOD, &reader, Some(&event)));
    fails!(run, EINVAL, epoll_ctl(&epoll, EpollCtl::ADD, &epoll, Some(&event)));
    fails!(run, EINVAL, epoll_ctl(&reader, EpollCtl::ADD, &epoll, Some(&event)));
    fails!(run, EBADF, epoll_ctl(&epoll, EpollCtl::ADD, closed(), Some(&event)));
    let fd = file(run, c"f", b"")?;
    fails!(run, EPERM, epoll_ctl(&epoll, EpollCtl::ADD, &fd, Some(&event)));
    let mut events = [event; 1];
    fails!(run, EINVAL, epoll_wait(&reader, &mut events, 0));
    fails!(run, EINVAL, epoll_pwait(&reader, &mut events, 0, None));
    fails!(run, EINVAL, epoll_wait(&epoll, &mut events[..0], 0));
    fails!(run, EBADF, epoll_wait(closed(), &mut events, 0));
    remove(run, c"f")
}

fn counters(run: &Run) -> Outcome {
    let fd = ok!(run, eventfd2(3, Efd::CLOEXEC | Efd::NONBLOCK | Efd::SEMAPHORE));
    let mut count = [0; 8];
    for _ in 0..3 {
        same!(run, ok!(run, read(&fd, &mut count)), 8);
        same!(run, u64::from_ne_bytes(count), 1);
    }
    fails!(run, EAGAIN, read(&fd, &mut count));
    let fd = ok!(run, eventfd(7));
    same!(run, ok!(run, fcntl::getfd(&fd)), Fd::empty());
    same!(run, ok!(run, write(&fd, &0x1_0000_0000u64.to_ne_bytes())), 8);
    same!(run, ok!(run, read(&fd, &mut count)), 8);
    same!(run, u64::from_ne_bytes(count), 0x1_0000_0007);
    fails!(run, EINVAL, write(&fd, &u64::MAX.to_ne_bytes()));
    fails!(run, EINVAL, read(&fd, &mut count[..4]));
    fails!(run, EINVAL, eventfd2(0, Efd::from_bits_retain(1 << 30)));
    Ok(())
}

fn watching(run: &Run) -> Outcome {
    ok!(run, mkdir(c"d", mode(0o700)));
    let fd = ok!(run, inotify_init1(InInit::CLOEXEC | InInit::NONBLOCK));
    let watch = ok!(run, inotify_add_watch(&fd, c"d", In::CREATE | In::DELETE));
    file(run, c"d/file", b"")?;
    let mut bytes = [0u8; 256];
    // The watch, what happened, a cookie, the length of the name, and the name.
    same!(run, ok!(run, read(&fd, &mut bytes)), 32);
    same!(run, &bytes[..4], &watch.as_raw().to_ne_bytes());
    same!(run, &bytes[4..8], &In::CREATE.bits().to_ne_bytes());
    same!(run, &bytes[16..21], b"file\0");
    ok!(run, inotify_rm_watch(&fd, watch));
    same!(run, ok!(run, read(&fd, &mut bytes)), 16);
    same!(run, &bytes[4..8], &In::IGNORED.bits().to_ne_bytes());
    fails!(run, EINVAL, inotify_rm_watch(&fd, watch));
    fails!(run, EAGAIN, read(&fd, &mut bytes));
    remove(run, c"d/file")?;
    ok!(run, rmdir(c"d"));
    Ok(())
}

fn watching_refused(run: &Run) -> Outcome {
    let fd = ok!(run, inotify_init());
    same!(run, ok!(run, fcntl::getfd(&fd)), Fd::empty());
    fails!(run, ENOENT, inotify_add_watch(&fd, c"missing", In::CREATE));
    fails!(run, EINVAL, inotify_add_watch(&fd, c".", In::empty()));
    fails!(run, EBADF, inotify_add_watch(closed(), c".", In::CREATE));
    fails!(run, EBADF, inotify_rm_watch(closed(), Wd::from_raw(1)));
    fails!(run, EINVAL, inotify_init1(InInit::from_bits_retain(1)));
    let _ = file(run, c"f", b"")?;
    fails!(run, ENOTDIR, inotify_add_watch(&fd, c"f", In::CREATE | In::ONLYDIR));
    remove(run, c"f")
}

fn watching_everything(run: &Run) -> Outcome {
    fails!(run, EINVAL, fanotify_init(FanInit::from_bits_retain(1 << 30), O::RDONLY));
    fails!(run, EBADF, fanotify_mark(closed(), FanMark::ADD, Fan::OPEN, AT_FDCWD, Some(c".")));
    let fd = ok!(run, fanotify_init(FanInit::CLOEXEC | FanInit::NONBLOCK | FanInit::CLASS_NOTIF, O::RDONLY));
    let made = file(run, c"f", b"")?;
    fails!(run, ENOENT, fanotify_mark(&fd, FanMark::ADD, Fan::OPEN, AT_FDCWD, Some(c"missing")));
    fails!(
        run,
        EINVAL,
        fanotify_mark(&fd, FanMark::ADD, Fan::from_bits_retain(1 << 40), AT_FDCWD, Some(c"f"))
    );
    ok!(run, fanotify_mark(&fd, FanMark::ADD, Fan::MODIFY, AT_FDCWD, Some(c"f")));
    let mut record = [0u8; 256];
    fails!(run, EAGAIN, read(&fd, &mut record));
    ok!(run, write(&made, b"x"));
    // The length, the version and the length of this part, 64 bits of what happened, the file's descriptor, the process.
    same!(run, ok!(run, read(&fd, &mut record)), 24);
    same!(run, &record[8..16], &Fan::MODIFY.bits().to_ne_bytes());
    same!(run, &record[20..24], &value!(run, getpid()).as_raw().to_ne_bytes());
    let number = i32::from_ne_bytes([record[16], record[17], record[18], record[19]]);
    // SAFETY: the kernel has just opened it.
    drop(unsafe { <OwnedFd as ring3::FromRawFd>::from_raw_fd(number) });
    ok!(run, fanotify_mark(&fd, FanMark::REMOVE, Fan::MODIFY, AT_FDCWD, Some(c"f")));
    fails!(run, ENOENT, fanotify_mark(&fd, FanMark::REMOVE, Fan::MODIFY, AT_FDCWD, Some(c"f")));
    remove(run, c"f")
}

/// A file that an epoll descriptor watches is the same as a file of a process.
fn slots(run: &Run) -> Outcome {
    let epoll = ok!(run, epoll_create1(EpollCreate::CLOEXEC));
    let ([reader, writer], own) = (ok!(run, pipe()), value!(run, getpid()));
    ok!(run, epoll_ctl(&epoll, EpollCtl::ADD, &reader, Some(&interest(Epoll::IN, 0))));
    let (epoll, reader, writer) = (&epoll, reader.as_raw_fd(), writer.as_raw_fd());
    let slot = kcmp_epoll_slot { efd: epoll.as_raw_fd() as u32, tfd: reader as u32, toff: 0 };
    fails!(run, EBADF, kcmp(own, own, Kcmp::FILE, CLOSED as usize, CLOSED as usize));
    match call!(run, kcmp::epoll_tfd(own, own, reader, &slot)) {
        Err(Errno::EOPNOTSUPP) => return Err(Failure::Lacks("the kernel cannot look into epoll")),
        result => same!(run, result, Ok(0)),
    }
    holds!(run, ok!(run, kcmp::epoll_tfd(own, own, writer, &slot)) != 0);
    fails!(run, ENOENT, kcmp::epoll_tfd(own, own, reader, &kcmp_epoll_slot { tfd: writer as u32, ..slot }));
    Ok(())
}

fn asynchronous(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"0123456789")?;
    let nothing = AioContext::from_raw(0);
    // SAFETY: plain data.
    let mut events: [io_event; 4] = unsafe { zeroed() };
    fails!(run, EINVAL, io_setup(0));
    fails!(run, EINVAL, io_getevents(nothing, 0, &mut events, None));
    fails!(run, EINVAL, io_pgetevents(nothing, 0, &mut events, None, None));
    fails!(run, EINVAL, io_submit(nothing, &[]));
    fails!(run, EINVAL, io_destroy(nothing));
    // SAFETY: plain data, zeros are a read.
    let mut request: iocb = unsafe { zeroed() };
    fails!(run, EINVAL, io_cancel(nothing, &request));
    let context = ok!(run, io_setup(4));
    let mut bytes = [0u8; 4];
    request.aio_data = 77;
    request.aio_fildes = fd.as_raw_fd() as u32;
    request.aio_buf = bytes.as_mut_ptr().expose_provenance() as u64;
    request.aio_nbytes = 4;
    request.aio_offset = 3;
    for round in 0..2 {
        same!(run, ok!(run, io_submit(context, &[(&raw mut request).cast()])), 1);
        let time = timespec { tv_sec: 60, tv_nsec: 0 };
        let count = match round {
            0 => ok!(run, io_getevents(context, 1, &mut events, Some(&time))),
            _ => ok!(run, io_pgetevents(context, 1, &mut events, Some(&time), Some(&signals::set_of(&[])))),
        };
        same!(run, (count, events[0].data, events[0].res), (1, 77, 4));
    }
    same!(run, &bytes, b"3456");
    request.aio_fildes = CLOSED as u32;
    fails!(run, EBADF, io_submit(context, &[(&raw mut request).cast()]));
    ok!(run, io_destroy(context));
    remove(run, c"f")
}

/// In a child: the kernel takes a ring down later, and interrupts whatever its owner does then.
fn rings(run: &Run) -> Outcome {
    child(run, ring)
}

fn ring(run: &Run) -> Outcome {
    // SAFETY: plain data.
    let mut params: io_uring_params = unsafe { zeroed() };
    let ring = ok!(run, io_uring_setup(3, &mut params));
    same!(run, (params.sq_entries, params.cq_entries), (4, 8));
    same!(run, ok!(run, fcntl::getfd(&ring)), Fd::CLOEXEC);
    same!(run, ok!(run, io_uring_enter(&ring, 0, 0, IoringEnter::empty(), None)), 0);
    fails!(run, EINVAL, io_uring_enter(&ring, 0, 0, IoringEnter::from_bits_retain(1 << 30), None));
    let event = ok!(run, eventfd(0));
    let mut number = event.as_raw_fd();
    let fd = Some(ring3::AsFd::as_fd(&ring));
    same!(
        run,
        ok!(run, io_uring_register(fd, IoringRegister::REGISTER_EVENTFD, (&raw mut number).cast(), 1)),
        0
    );
    fails!(run, EBUSY, io_uring_register(fd, IoringRegister::REGISTER_EVENTFD, (&raw mut number).cast(), 1));
    fails!(run, EINVAL, io_uring_register(fd, IoringRegister::new(9999), nowhere(), 0));
    Ok(())
}

fn rings_refused(run: &Run) -> Outcome {
    // SAFETY: plain data.
    let mut params: io_uring_params = unsafe { zeroed() };
    fails!(run, EINVAL, io_uring_setup(0, &mut params));
    fails!(run, EBADF, io_uring_enter(closed(), 0, 0, IoringEnter::empty(), None));
    fails!(run, EBADF, io_uring_register(Some(closed()), IoringRegister::UNREGISTER_EVENTFD, nowhere(), 0));
    let [reader, _writer] = ok!(run, pipe());
    fails!(run, EOPNOTSUPP, io_uring_enter(&reader, 0, 0, IoringEnter::empty(), None));
    // What would make it unsafe is refused before the kernel sees it.
    params.flags = IoringSetup::NO_MMAP.bits();
    fails!(run, EINVAL, io_uring_setup(4, &mut params));
    Ok(())
}

fn performance(run: &Run) -> Outcome {
    // SAFETY: plain data; zeros count nothing special.
    let mut attr: perf_event_attr = unsafe { zeroed() };
    // `PERF_TYPE_SOFTWARE`, and the clock of the task.
    (attr.r#type, attr.config) = (1, 1);
    attr.size = size_of::<perf_event_attr>() as u32;
    fails!(run, EINVAL, perf_event_open(&attr, 0, -1, None, PerfFlag::from_bits_retain(1 << 20)));
    fails!(run, ESRCH, perf_event_open(&attr, 0x3fff_ffff, -1, None, PerfFlag::empty()));
    let fd = ok!(run, perf_event_open(&attr, 0, -1, None, PerfFlag::FD_CLOEXEC));
    let mut first = [0; 8];
    same!(run, ok!(run, read(&fd, &mut first)), 8);
    let mut second = [0; 8];
    same!(run, ok!(run, read(&fd, &mut second)), 8);
    holds!(run, u64::from_ne_bytes(second) > u64::from_ne_bytes(first));
    attr.r#type = 9999;
    fails!(run, ENOENT, perf_event_open(&attr, 0, -1, None, PerfFlag::empty()));
    Ok(())
}
