//! Sockets: of files, of names, of the loopback network.

use super::*;
use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use ring3::{
    AsRawFd, FromRawFd,
    consts::{Af, Fd, Msg, Shut, Sock},
    io::{IoSlice, IoSliceMut},
    net::SockAddr,
    sys::{RecvMMsg, RecvMsg, SendMMsg, SendMsg},
};

checks! { "sys::sockets":
    pairs, pairs_refused (emulator: "it drops unknown flags of the type"), names, paths, datagrams, messages, messages_with_descriptors, several_sent, several_messages (emulator: "it does not look at recvmmsg's time"), ends, connections,
    connections_refused, datagrams_of_the_network, the_newer_network, no_sockets,
}

fn pairs(run: &Run) -> Outcome {
    let [one, other] = ok!(run, socketpair(Af::UNIX, Sock::STREAM | Sock::CLOEXEC, 0));
    same!(run, ok!(run, fcntl::getfd(&one)), Fd::CLOEXEC);
    same!(run, ok!(run, send(&one, b"one and two", Msg::empty())), 11);
    let mut bytes = [0; 16];
    same!(run, ok!(run, recv(&other, &mut bytes[..4], Msg::PEEK)), 4);
    same!(run, ok!(run, recv(&other, &mut bytes, Msg::empty())), 11);
    same!(run, &bytes[..12], b"one and two\0");
    fails!(run, EAGAIN, recv(&other, &mut bytes, Msg::DONTWAIT));
    same!(run, ok!(run, sendto(&other, b"back", Msg::empty(), None)), 4);
    let (length, sender) = ok!(run, recvfrom(&one, &mut bytes, Msg::empty()));
    same!(run, (length, sender.as_bytes().len()), (4, 0));
    ok!(run, close(one));
    fails!(run, EPIPE, send(&other, b"x", Msg::NOSIGNAL));
    same!(run, ok!(run, recv(&other, &mut bytes, Msg::empty())), 0);
    Ok(())
}

fn pairs_refused(run: &Run) -> Outcome {
    fails!(run, EAFNOSUPPORT, socket(Af::new(99), Sock::STREAM, 0));
    fails!(run, EINVAL, socket(Af::UNIX, Sock::from_bits_retain(99), 0));
    fails!(run, EPROTONOSUPPORT, socket(Af::UNIX, Sock::STREAM, 99));
    fails!(run, EOPNOTSUPP, socketpair(Af::INET, Sock::STREAM, 0));
    Ok(())
}

/// A listening socket, one that has connected to it, and the end that it has accepted.
fn connection(run: &Run, name: &SockAddr) -> Result<[OwnedFd; 3], Failure> {
    let family = name.family().unwrap_or(Af::UNIX);
    let listener = ok!(run, socket(family, Sock::STREAM | Sock::CLOEXEC, 0));
    ok!(run, bind(&listener, name));
    ok!(run, listen(&listener, 4));
    let there = ok!(run, getsockname(&listener));
    let caller = ok!(run, socket(family, Sock::STREAM | Sock::CLOEXEC, 0));
    ok!(run, connect(&caller, &there));
    let (end, _) = ok!(run, accept4(&listener, Sock::CLOEXEC));
    Ok([listener, caller, end])
}

/// A name of the abstract namespace that the kernel chooses.
fn anywhere() -> SockAddr {
    SockAddr::unix(b"").unwrap_or(SockAddr::empty())
}

/// A socket for datagrams, and the name that the kernel has chosen for it.
fn named(run: &Run) -> Result<(OwnedFd, SockAddr), Failure> {
    let fd = ok!(run, socket(Af::UNIX, Sock::DGRAM, 0));
    ok!(run, bind(&fd, &anywhere()));
    let name = ok!(run, getsockname(&fd));
    Ok((fd, name))
}

fn names(run: &Run) -> Outcome {
    let [listener, caller, end] = connection(run, &anywhere())?;
    let name = ok!(run, getsockname(&listener));
    // The family, a 0, and five digits.
    same!(run, (name.family(), name.as_bytes().len(), name.as_bytes()[2]), (Some(Af::UNIX), 8, 0));
    same!(run, ok!(run, getpeername(&caller)), name);
    same!(run, ok!(run, getpeername(&end)).as_bytes().len(), 2);
    same!(run, ok!(run, fcntl::getfd(&end)), Fd::CLOEXEC);
    let another = ok!(run, socket(Af::UNIX, Sock::STREAM, 0));
    ok!(run, connect(&another, &name));
    let (accepted, who) = ok!(run, accept(&listener));
    same!(run, who.as_bytes(), ok!(run, getpeername(&accepted)).as_bytes());
    same!(run, ok!(run, write(&another, b"hello")), 5);
    let mut bytes = [0; 8];
    same!(run, ok!(run, read(&accepted, &mut bytes)), 5);
    same!(run, &bytes, b"hello\0\0\0");
    fails!(run, ENOTCONN, getpeername(&listener));
    fails!(run, EINVAL, accept(&another));
    fails!(run, EINVAL, accept4(&listener, Sock::from_bits_retain(77)));
    fails!(run, EINVAL, bind(&listener, &SockAddr::unix(b"another").unwrap_or(anywhere())));
    fails!(run, EISCONN, connect(&another, &name));
    Ok(())
}

fn paths(run: &Run) -> Outcome {
    let Some(name) = SockAddr::unix(b"socket") else { return Ok(()) };
    let [listener, caller, _end] = connection(run, &name)?;
    same!(run, ok!(run, stat(c"socket")).st_mode & Mode::IFMT, Mode::IFSOCK);
    same!(run, ok!(run, getpeername(&caller)).as_bytes().get(2..8), Some(&b"socket"[..]));
    let other = ok!(run, socket(Af::UNIX, Sock::STREAM, 0));
    fails!(run, EADDRINUSE, bind(&other, &name));
    ok!(run, close(listener));
    fails!(run, ECONNREFUSED, connect(&other, &name));
    remove(run, c"socket")?;
    fails!(run, ENOENT, connect(&other, &name));
    fails!(run, EINVAL, listen(&other, 1));
    Ok(())
}

fn datagrams(run: &Run) -> Outcome {
    let [(one, from), (other, to)] = [named(run)?, named(run)?];
    same!(run, ok!(run, sendto(&one, b"datagram", Msg::empty(), Some(&to))), 8);
    let mut bytes = [0; 4];
    let (length, sender) = ok!(run, recvfrom(&other, &mut bytes, Msg::TRUNC));
    same!(run, (length, &bytes, sender == from), (8, b"data", true));
    fails!(run, ENOTCONN, send(&one, b"x", Msg::empty()));
    fails!(run, EOPNOTSUPP, listen(&one, 1));
    fails!(run, EOPNOTSUPP, accept(&one));
    Ok(())
}

fn messages(run: &Run) -> Outcome {
    let [(one, from), (other, to)] = [named(run)?, named(run)?];
    let parts = [IoSlice::new(b"one, "), IoSlice::new(b"two")];
    same!(run, ok!(run, sendmsg(&one, &SendMsg::new(Some(&to), &parts), Msg::empty())), 8);
    let (mut head, mut tail, mut who) = ([0; 3], [0; 4], SockAddr::empty());
    let mut room = [IoSliceMut::new(&mut head), IoSliceMut::new(&mut tail)];
    let mut message = RecvMsg::new(&mut room, &mut []).address(&mut who);
    same!(run, ok!(run, recvmsg(&other, &mut message, Msg::empty())), 7);
    same!(run, (message.flags(), message.sender() == Some(from)), (Msg::TRUNC, true));
    same!(run, (&head, &tail), (b"one", b", tw"));
    let mut room = [IoSliceMut::new(&mut head)];
    let mut none = RecvMsg::new(&mut room, &mut []);
    fails!(run, EAGAIN, recvmsg(&other, &mut none, Msg::DONTWAIT));
    fails!(run, EBADF, recvmsg(closed(), &mut none, Msg::empty()));
    fails!(run, EBADF, sendmsg(closed(), &SendMsg::new(None, &parts), Msg::empty()));
    fails!(run, ENOTCONN, sendmsg(&one, &SendMsg::new(None, &parts), Msg::empty()));
    Ok(())
}

/// The header of control data, and one descriptor, aligned as a word.
#[repr(C)]
struct Rights {
    length: usize,
    level: i32,
    kind: i32,
    fd: [i32; size_of::<usize>() / 4],
}

impl Rights {
    const LENGTH: usize = size_of::<usize>() + 12;

    fn new(fd: i32) -> Self {
        let mut fds = [0; _];
        fds[0] = fd;
        Self {
            length: Self::LENGTH,
            level: ring3::consts::Sol::SOCKET.raw(),
            kind: ring3::consts::Scm::RIGHTS.raw(),
            fd: fds,
        }
    }

    fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: the struct is numbers without gaps.
        unsafe { core::slice::from_raw_parts_mut((&raw mut *self).cast(), size_of::<Self>()) }
    }
}

fn messages_with_descriptors(run: &Run) -> Outcome {
    let [one, other] = ok!(run, socketpair(Af::UNIX, Sock::STREAM, 0));
    let given = file(run, c"f", b"content")?;
    let mut rights = Rights::new(given.as_raw_fd());
    let parts = [IoSlice::new(b"x")];
    // SAFETY: the descriptor is this check's own to pass on.
    let message = unsafe { SendMsg::new(None, &parts).control(rights.bytes()) };
    same!(run, ok!(run, sendmsg(&one, &message, Msg::empty())), 1);
    let (mut byte, mut received) = ([0; 1], Rights::new(-1));
    let mut room = [IoSliceMut::new(&mut byte)];
    let mut message = RecvMsg::new(&mut room, received.bytes());
    same!(run, ok!(run, recvmsg(&other, &mut message, Msg::CMSG_CLOEXEC)), 1);
    holds!(run, message.control_len() >= Rights::LENGTH);
    let number = received.fd[0];
    holds!(run, number >= 0 && number != given.as_raw_fd());
    // SAFETY: the kernel has just made it.
    let copy = unsafe { OwnedFd::from_raw_fd(number) };
    let mut bytes = [0; 8];
    same!(run, ok!(run, pread64(&copy, &mut bytes, 0)), 7);
    same!(run, &bytes, b"content\0");
    remove(run, c"f")
}

fn several_sent(run: &Run) -> Outcome {
    let [one, other] = ok!(run, socketpair(Af::UNIX, Sock::DGRAM, 0));
    let (first, second) = ([IoSlice::new(b"one")], [IoSlice::new(b"two!!")]);
    let mut messages =
        [SendMMsg::from(SendMsg::new(None, &first)), SendMMsg::from(SendMsg::new(None, &second))];
    same!(run, ok!(run, sendmmsg(&one, &mut messages, Msg::empty())), 2);
    same!(run, (messages[0].len(), messages[1].len()), (3, 5));
    let mut bytes = [0; 8];
    same!(
        run,
        (ok!(run, recv(&other, &mut bytes, Msg::empty())), ok!(run, recv(&other, &mut bytes, Msg::empty()))),
        (3, 5)
    );
    same!(run, &bytes, b"two!!\0\0\0");
    fails!(run, EBADF, sendmmsg(closed(), &mut messages, Msg::empty()));
    Ok(())
}

fn several_messages(run: &Run) -> Outcome {
    let [one, other] = ok!(run, socketpair(Af::UNIX, Sock::DGRAM, 0));
    let (first, second) = ([IoSlice::new(b"one")], [IoSlice::new(b"two!!")]);
    let mut messages =
        [SendMMsg::from(SendMsg::new(None, &first)), SendMMsg::from(SendMsg::new(None, &second))];
    same!(run, ok!(run, sendmmsg(&one, &mut messages, Msg::empty())), 2);
    same!(run, (messages[0].len(), messages[1].len()), (3, 5));
    let (mut first, mut second, mut third) = ([0; 8], [0; 8], [0; 8]);
    let mut rooms =
        [[IoSliceMut::new(&mut first)], [IoSliceMut::new(&mut second)], [IoSliceMut::new(&mut third)]];
    let mut messages = rooms.each_mut().map(|room| RecvMMsg::from(RecvMsg::new(room, &mut [])));
    let mut time = ring3::sys::timespec { tv_sec: 60, tv_nsec: 0 };
    same!(run, ok!(run, recvmmsg(&other, &mut messages, Msg::WAITFORONE, Some(&mut time))), 2);
    same!(run, (messages[0].len(), messages[1].len()), (3, 5));
    fails!(run, EAGAIN, recvmmsg(&other, &mut messages, Msg::DONTWAIT, None));
    let mut wrong = ring3::sys::timespec { tv_sec: 0, tv_nsec: -1 };
    fails!(run, EINVAL, recvmmsg(&other, &mut messages, Msg::DONTWAIT, Some(&mut wrong)));
    fails!(run, EBADF, recvmmsg(closed(), &mut messages, Msg::empty(), None));
    same!(run, (&first[..4], &second[..6]), (&b"one\0"[..], &b"two!!\0"[..]));
    Ok(())
}

fn ends(run: &Run) -> Outcome {
    let [one, other] = ok!(run, socketpair(Af::UNIX, Sock::STREAM, 0));
    ok!(run, shutdown(&one, Shut::WR));
    fails!(run, EPIPE, send(&one, b"x", Msg::NOSIGNAL));
    same!(run, ok!(run, recv(&other, &mut [0; 4], Msg::empty())), 0);
    same!(run, ok!(run, send(&other, b"x", Msg::empty())), 1);
    fails!(run, EINVAL, shutdown(&one, Shut::new(9)));
    Ok(())
}

const LOOPBACK: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0);

/// Turns the loopback interface on, where nobody has done so.
pub fn loopback(run: &Run) -> Outcome {
    const SIOCGIFFLAGS: u32 = 0x8913;
    const SIOCSIFFLAGS: u32 = 0x8914;
    const IFF_UP: u8 = 1;
    let fd = match call!(run, socket(Af::INET, Sock::DGRAM, 0)) {
        Err(Errno::EAFNOSUPPORT) => return Err(Failure::Lacks("there is no network")),
        Err(errno) => return Err(Failure::Refused("socket", errno)),
        Ok(fd) => fd,
    };
    // The struct ifreq: the name, and here the flags.
    let mut request = [0u8; 40];
    request[..2].copy_from_slice(b"lo");
    ok!(run, ioctl(&fd, SIOCGIFFLAGS, request.as_mut_ptr()));
    if request[16] & IFF_UP == 0 {
        request[16] |= IFF_UP;
        if call!(run, ioctl(&fd, SIOCSIFFLAGS, request.as_mut_ptr())).is_err() {
            return Err(Failure::Lacks("the loopback interface is down"));
        }
    }
    Ok(())
}

fn connections(run: &Run) -> Outcome {
    loopback(run)?;
    let [listener, caller, end] = connection(run, &LOOPBACK.into())?;
    let name = ok!(run, getsockname(&listener)).ip();
    holds!(run, name.is_some_and(|name| name.ip() == Ipv4Addr::LOCALHOST && name.port() != 0));
    same!(run, ok!(run, getpeername(&caller)).ip(), name);
    same!(run, ok!(run, getpeername(&end)), ok!(run, getsockname(&caller)));
    same!(run, ok!(run, send(&caller, b"through the loopback", Msg::empty())), 20);
    let mut bytes = [0; 32];
    same!(run, ok!(run, recv(&end, &mut bytes[..20], Msg::WAITALL)), 20);
    same!(run, &bytes[..20], b"through the loopback");
    ok!(run, shutdown(&caller, Shut::WR));
    same!(run, ok!(run, recv(&end, &mut bytes, Msg::empty())), 0);
    Ok(())
}

fn connections_refused(run: &Run) -> Outcome {
    loopback(run)?;
    // A port that is taken, but that nobody listens at.
    let taken = ok!(run, socket(Af::INET, Sock::STREAM, 0));
    ok!(run, bind(&taken, &LOOPBACK.into()));
    let name = ok!(run, getsockname(&taken));
    let caller = ok!(run, socket(Af::INET, Sock::STREAM, 0));
    fails!(run, ECONNREFUSED, connect(&caller, &name));
    fails!(run, EADDRINUSE, bind(&ok!(run, socket(Af::INET, Sock::STREAM, 0)), &name));
    let elsewhere = SocketAddrV4::new(Ipv4Addr::new(192, 0, 2, 1), 0);
    fails!(run, EADDRNOTAVAIL, bind(&ok!(run, socket(Af::INET, Sock::STREAM, 0)), &elsewhere.into()));
    fails!(run, ENOTCONN, getpeername(&taken));
    fails!(run, ENOTCONN, shutdown(&taken, Shut::WR));
    fails!(run, EINVAL, bind(&taken, &LOOPBACK.into()));
    Ok(())
}

fn datagrams_of_the_network(run: &Run) -> Outcome {
    loopback(run)?;
    let (one, other) =
        (ok!(run, socket(Af::INET, Sock::DGRAM, 0)), ok!(run, socket(Af::INET, Sock::DGRAM, 0)));
    ok!(run, bind(&one, &LOOPBACK.into()));
    ok!(run, bind(&other, &LOOPBACK.into()));
    let (from, to) = (ok!(run, getsockname(&one)), ok!(run, getsockname(&other)));
    same!(run, ok!(run, sendto(&one, b"datagram", Msg::empty(), Some(&to))), 8);
    let mut bytes = [0; 16];
    let (length, sender) = ok!(run, recvfrom(&other, &mut bytes, Msg::empty()));
    same!(run, (length, &bytes[..8], sender.ip()), (8, &b"datagram"[..], from.ip()));
    fails!(run, EDESTADDRREQ, sendto(&one, b"x", Msg::empty(), None));
    Ok(())
}

fn the_newer_network(run: &Run) -> Outcome {
    let name = SocketAddrV6::new(Ipv6Addr::LOCALHOST, 0, 0, 0);
    let fd = match call!(run, socket(Af::INET6, Sock::DGRAM, 0)) {
        Err(Errno::EAFNOSUPPORT) => return Err(Failure::Lacks("there is no IPv6")),
        Err(errno) => return Err(Failure::Refused("socket", errno)),
        Ok(fd) => fd,
    };
    match call!(run, bind(&fd, &name.into())) {
        Err(Errno::EADDRNOTAVAIL) => return Err(Failure::Lacks("the loopback interface has no IPv6")),
        result => same!(run, result, Ok(())),
    }
    let there = ok!(run, getsockname(&fd));
    holds!(
        run,
        matches!(there.ip(), Some(SocketAddr::V6(ip)) if *ip.ip() == Ipv6Addr::LOCALHOST && ip.port() != 0)
    );
    same!(run, ok!(run, sendto(&fd, b"to itself", Msg::empty(), Some(&there))), 9);
    let mut bytes = [0; 16];
    let (length, sender) = ok!(run, recvfrom(&fd, &mut bytes, Msg::empty()));
    same!(run, (length, sender == there), (9, true));
    Ok(())
}

/// What is no socket, or not open.
fn no_sockets(run: &Run) -> Outcome {
    let [reader, _writer] = ok!(run, pipe());
    let name = anywhere();
    fails!(run, ENOTSOCK, bind(&reader, &name));
    fails!(run, ENOTSOCK, connect(&reader, &name));
    fails!(run, ENOTSOCK, listen(&reader, 1));
    fails!(run, ENOTSOCK, accept(&reader));
    fails!(run, ENOTSOCK, accept4(&reader, Sock::CLOEXEC));
    fails!(run, ENOTSOCK, getsockname(&reader));
    fails!(run, ENOTSOCK, getpeername(&reader));
    fails!(run, ENOTSOCK, send(&reader, b"x", Msg::empty()));
    fails!(run, ENOTSOCK, recv(&reader, &mut [0; 1], Msg::empty()));
    fails!(run, ENOTSOCK, sendto(&reader, b"x", Msg::empty(), None));
    fails!(run, ENOTSOCK, recvfrom(&reader, &mut [0; 1], Msg::empty()));
    fails!(run, ENOTSOCK, shutdown(&reader, Shut::RD));
    fails!(run, EBADF, accept(closed()));
    fails!(run, EBADF, connect(closed(), &name));
    fails!(run, EBADF, shutdown(closed(), Shut::RD));
    Ok(())
}
