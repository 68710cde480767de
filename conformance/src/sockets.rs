//! Sockets of the machine itself: AF_UNIX.

use crate::{
    constants::*,
    files::{close, io, nowhere, remove},
    pipes,
    report::{Failure, Outcome, Run},
};
use core::{ffi::c_int, mem::offset_of, ptr::null_mut};
use ring3::uapi::{mmsghdr, user_msghdr};

checks! { "sockets":
    pair, pair_wrong, family_wrong, type_wrong (emulator: "it drops unknown flags of the type"), message, descriptor_passed, many_messages, server, connect_wrong, not_a_socket, options,
    option_wrong, shutdown, waiting_bytes, would_block, truncated, datagram_by_address,
}

/// struct sockaddr_un (linux/un.h).
#[repr(C)]
struct Address {
    family: u16,
    path: [u8; 108],
}

impl Address {
    const SIZE: usize = size_of::<Self>();

    fn new(path: &[u8]) -> Self {
        let mut address = Self { family: AF_UNIX as u16, path: [0; 108] };
        address.path[..path.len()].copy_from_slice(path);
        address
    }

    fn as_mut_ptr<T>(&mut self) -> *mut T {
        (&raw mut *self).cast()
    }
}

/// Two connected sockets.
fn socket_pair(run: &Run, kind: c_int) -> Result<[usize; 2], Failure> {
    let mut pair = [0i32; 2];
    same!(run, ok!(run, socketpair(AF_UNIX, kind | SOCK_CLOEXEC, 0, pair.as_mut_ptr())), 0);
    Ok(pair.map(|fd| fd as usize))
}

fn close_pair(run: &Run, pair: [usize; 2]) -> Outcome {
    close(run, pair[0])?;
    close(run, pair[1])
}

fn send(run: &Run, fd: usize, bytes: &[u8]) -> Outcome {
    let (start, len) = (bytes.as_ptr().cast_mut().cast(), bytes.len());
    same!(run, ok!(run, sendto(fd as _, start, len, MSG_NOSIGNAL, null_mut(), 0)), len);
    Ok(())
}

fn header(vector: &mut [ring3::uapi::iovec]) -> user_msghdr {
    // SAFETY: user_msghdr is plain data.
    let mut header: user_msghdr = unsafe { core::mem::zeroed() };
    header.msg_iov = vector.as_mut_ptr();
    header.msg_iovlen = vector.len() as _;
    header
}

fn pair(run: &Run) -> Outcome {
    let pair = socket_pair(run, SOCK_STREAM)?;
    let mut bytes = [0u8; 16];
    send(run, pair[0], b"there")?;
    send(run, pair[1], b"back")?;
    let buffer = bytes.as_mut_ptr().cast();
    same!(run, ok!(run, recvfrom(pair[1] as _, buffer, 16, MSG_PEEK, null_mut(), null_mut())), 5);
    same!(run, ok!(run, recvfrom(pair[1] as _, buffer, 16, 0, null_mut(), null_mut())), 5);
    same!(run, &bytes[..5], b"there");
    same!(run, ok!(run, read(pair[0] as _, bytes.as_mut_ptr().cast(), 16)), 4);
    same!(run, &bytes[..4], b"back");
    same!(run, ok!(run, fcntl(pair[0] as _, F_GETFD, 0)), FD_CLOEXEC as usize);
    close_pair(run, pair)
}

fn pair_wrong(run: &Run) -> Outcome {
    let mut pair = [0i32; 2];
    fails!(run, EFAULT, socketpair(AF_UNIX, SOCK_STREAM, 0, nowhere()));
    fails!(run, EPROTONOSUPPORT, socketpair(AF_UNIX, SOCK_STREAM, 99, pair.as_mut_ptr()));
    fails!(run, ESOCKTNOSUPPORT, socketpair(AF_UNIX, 7, 0, pair.as_mut_ptr()));
    Ok(())
}

fn family_wrong(run: &Run) -> Outcome {
    fails!(run, EAFNOSUPPORT, socket(99, SOCK_STREAM, 0));
    Ok(())
}

fn type_wrong(run: &Run) -> Outcome {
    fails!(run, EINVAL, socket(AF_UNIX, 12, 0));
    fails!(run, EINVAL, socket(AF_UNIX, SOCK_STREAM | 1 << 20, 0));
    Ok(())
}

fn message(run: &Run) -> Outcome {
    let pair = socket_pair(run, SOCK_SEQPACKET)?;
    let (mut a, mut b, mut c) = (*b"scatter", *b"gather", [0u8; 32]);
    let mut out = [io(&mut a), io(&mut b)];
    let mut sent = header(&mut out);
    same!(run, ok!(run, sendmsg(pair[0] as _, &raw mut sent, 0)), 13);
    let mut into = [io(&mut c)];
    let mut received = header(&mut into);
    same!(run, ok!(run, recvmsg(pair[1] as _, &raw mut received, 0)), 13);
    same!(run, &c[..13], b"scattergather");
    same!(run, received.msg_flags & MSG_TRUNC, 0);
    fails!(run, EBADF, sendmsg(12345, &raw mut received, 0));
    fails!(run, EFAULT, recvmsg(pair[1] as _, nowhere(), MSG_DONTWAIT));
    close_pair(run, pair)
}

/// A control message (linux/socket.h) that carries one descriptor.
#[repr(C)]
struct Rights {
    len: usize,
    level: c_int,
    kind: c_int,
    fd: c_int,
    pad: c_int,
}

impl Rights {
    const LEN: usize = offset_of!(Self, pad);
}

fn descriptor_passed(run: &Run) -> Outcome {
    let pair = socket_pair(run, SOCK_STREAM)?;
    let ends = pipes::pipe(run, 0)?;
    let mut byte = *b"x";
    let mut vector = [io(&mut byte)];
    let mut rights =
        Rights { len: Rights::LEN, level: SOL_SOCKET, kind: SCM_RIGHTS, fd: ends[1] as _, pad: 0 };
    let mut message = header(&mut vector);
    message.msg_control = (&raw mut rights).cast();
    message.msg_controllen = size_of::<Rights>().next_multiple_of(size_of::<usize>()) as _;
    // The length without padding is what both kernels, 32 and 64 bits, take.
    message.msg_controllen = message.msg_controllen.min(Rights::LEN as _);
    same!(run, ok!(run, sendmsg(pair[0] as _, &raw mut message, 0)), 1);
    let mut got = Rights { len: 0, level: 0, kind: 0, fd: -1, pad: 0 };
    let mut message = header(&mut vector);
    message.msg_control = (&raw mut got).cast();
    message.msg_controllen = size_of::<Rights>() as _;
    same!(run, ok!(run, recvmsg(pair[1] as _, &raw mut message, 0)), 1);
    same!(run, (got.len, got.level, got.kind), (Rights::LEN, SOL_SOCKET, SCM_RIGHTS));
    holds!(run, got.fd >= 0 && got.fd as usize != ends[1]);
    same!(run, ok!(run, write(got.fd as _, b"via".as_ptr().cast(), 3)), 3);
    let mut bytes = [0u8; 4];
    same!(run, ok!(run, read(ends[0] as _, bytes.as_mut_ptr().cast(), 4)), 3);
    same!(run, &bytes[..3], b"via");
    close(run, got.fd as usize)?;
    close(run, ends[0])?;
    close(run, ends[1])?;
    close_pair(run, pair)
}

fn many_messages(run: &Run) -> Outcome {
    let pair = socket_pair(run, SOCK_DGRAM)?;
    let (mut a, mut b) = (*b"one", *b"three");
    let (mut first, mut second) = ([io(&mut a)], [io(&mut b)]);
    let mut out = [&mut first, &mut second].map(|v| mmsghdr { msg_hdr: header(v), msg_len: 99 });
    same!(run, ok!(run, sendmmsg(pair[0] as _, out.as_mut_ptr(), 2, 0)), 2);
    same!(run, [out[0].msg_len, out[1].msg_len], [3, 5]);
    let (mut a, mut b) = ([0u8; 8], [0u8; 8]);
    let (mut first, mut second) = ([io(&mut a)], [io(&mut b)]);
    let mut into = [&mut first, &mut second].map(|v| mmsghdr { msg_hdr: header(v), msg_len: 99 });
    let mut time = crate::time::spec(5, 0);
    same!(run, ok!(run, recvmmsg(pair[1] as _, into.as_mut_ptr(), 2, 0, &raw mut time)), 2);
    same!(run, [into[0].msg_len, into[1].msg_len], [3, 5]);
    same!(run, (&a[..3], &b[..5]), (&b"one"[..], &b"three"[..]));
    close_pair(run, pair)
}

fn server(run: &Run) -> Outcome {
    let mut address = Address::new(b"s");
    let listener = ok!(run, socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    same!(run, ok!(run, bind(listener as _, address.as_mut_ptr(), Address::SIZE as _)), 0);
    fails!(run, EINVAL, bind(listener as _, Address::new(b"t").as_mut_ptr(), Address::SIZE as _));
    same!(run, ok!(run, listen(listener as _, 4)), 0);
    let client = ok!(run, socket(AF_UNIX, SOCK_STREAM, 0));
    same!(run, ok!(run, connect(client as _, address.as_mut_ptr(), Address::SIZE as _)), 0);
    fails!(run, EISCONN, connect(client as _, address.as_mut_ptr(), Address::SIZE as _));
    let mut peer = Address::new(b"");
    let mut len = Address::SIZE as c_int;
    let served = ok!(run, accept4(listener as _, peer.as_mut_ptr(), &raw mut len, SOCK_NONBLOCK));
    // The client has no name.
    same!(run, len, 2);
    let mut len = Address::SIZE as c_int;
    same!(run, ok!(run, getpeername(client as _, peer.as_mut_ptr(), &raw mut len)), 0);
    same!(run, (peer.family, &peer.path[..2], len), (AF_UNIX as u16, &b"s\0"[..], 4));
    let mut len = Address::SIZE as c_int;
    same!(run, ok!(run, getsockname(listener as _, peer.as_mut_ptr(), &raw mut len)), 0);
    same!(run, (&peer.path[..2], len), (&b"s\0"[..], 4));
    send(run, client, b"hello")?;
    let mut bytes = [0u8; 8];
    same!(run, ok!(run, read(served as _, bytes.as_mut_ptr().cast(), 8)), 5);
    same!(run, &bytes[..5], b"hello");
    fails!(run, EAGAIN, read(served as _, bytes.as_mut_ptr().cast(), 8));
    for fd in [served, client, listener] {
        close(run, fd)?;
    }
    remove(run, c"s")
}

fn connect_wrong(run: &Run) -> Outcome {
    let fd = ok!(run, socket(AF_UNIX, SOCK_STREAM, 0));
    let mut missing = Address::new(b"missing");
    fails!(run, ENOENT, connect(fd as _, missing.as_mut_ptr(), Address::SIZE as _));
    fails!(run, EINVAL, connect(fd as _, missing.as_mut_ptr(), 1));
    close(run, crate::files::file(run, c"f", b"")?)?;
    fails!(run, ECONNREFUSED, connect(fd as _, Address::new(b"f").as_mut_ptr(), Address::SIZE as _));
    fails!(run, EFAULT, connect(fd as _, nowhere(), Address::SIZE as _));
    fails!(run, EADDRINUSE, bind(fd as _, Address::new(b"f").as_mut_ptr(), Address::SIZE as _));
    fails!(run, EINVAL, listen(fd as _, 1));
    let mut len = Address::SIZE as c_int;
    fails!(run, ENOTCONN, getpeername(fd as _, missing.as_mut_ptr(), &raw mut len));
    fails!(run, EINVAL, accept4(fd as _, null_mut(), null_mut(), 0));
    close(run, fd)?;
    remove(run, c"f")
}

fn not_a_socket(run: &Run) -> Outcome {
    let ends = pipes::pipe(run, 0)?;
    let mut byte = 0u8;
    fails!(run, ENOTSOCK, listen(ends[0] as _, 1));
    fails!(run, ENOTSOCK, recvfrom(ends[0] as _, (&raw mut byte).cast(), 1, 0, null_mut(), null_mut()));
    fails!(run, EBADF, shutdown(12345, 0));
    close(run, ends[0])?;
    close(run, ends[1])
}

fn options(run: &Run) -> Outcome {
    let pair = socket_pair(run, SOCK_SEQPACKET)?;
    let (mut value, mut len) = (0 as c_int, 4 as c_int);
    let at = (&raw mut value).cast();
    same!(run, ok!(run, getsockopt(pair[0] as _, SOL_SOCKET, SO_TYPE, at, &raw mut len)), 0);
    same!(run, (value, len), (SOCK_SEQPACKET, 4));
    value = 1;
    same!(run, ok!(run, setsockopt(pair[0] as _, SOL_SOCKET, SO_PASSCRED, (&raw mut value).cast(), 4)), 0);
    value = 0;
    let at = (&raw mut value).cast();
    same!(run, ok!(run, getsockopt(pair[0] as _, SOL_SOCKET, SO_PASSCRED, at, &raw mut len)), 0);
    same!(run, value, 1);
    let (mut peer, mut len) = ([0u32; 3], 12 as c_int);
    let at = peer.as_mut_ptr().cast();
    same!(run, ok!(run, getsockopt(pair[0] as _, SOL_SOCKET, SO_PEERCRED, at, &raw mut len)), 0);
    same!(run, (peer[0] as usize, peer[1] as usize), (ok!(run, getpid()), ok!(run, geteuid())));
    close_pair(run, pair)
}

fn option_wrong(run: &Run) -> Outcome {
    let pair = socket_pair(run, SOCK_STREAM)?;
    let (mut value, mut len) = (0 as c_int, 4 as c_int);
    let at = (&raw mut value).cast();
    fails!(run, ENOPROTOOPT, getsockopt(pair[0] as _, SOL_SOCKET, 9999, at, &raw mut len));
    let at = (&raw mut value).cast();
    fails!(run, EINVAL, setsockopt(pair[0] as _, SOL_SOCKET, SO_PASSCRED, at, 1));
    close_pair(run, pair)
}

fn shutdown(run: &Run) -> Outcome {
    let pair = socket_pair(run, SOCK_STREAM)?;
    same!(run, ok!(run, shutdown(pair[0] as _, SHUT_WR)), 0);
    let mut byte = 0u8;
    same!(run, ok!(run, read(pair[1] as _, (&raw mut byte).cast(), 1)), 0);
    let at = (&raw mut byte).cast();
    fails!(run, EPIPE, sendto(pair[0] as _, at, 1, MSG_NOSIGNAL, null_mut(), 0));
    fails!(run, EINVAL, shutdown(pair[0] as _, 99));
    close_pair(run, pair)
}

fn waiting_bytes(run: &Run) -> Outcome {
    let pair = socket_pair(run, SOCK_STREAM)?;
    send(run, pair[0], b"12345678")?;
    let mut count = 0 as c_int;
    same!(run, ok!(run, ioctl(pair[1] as _, FIONREAD, &raw mut count)), 0);
    same!(run, count, 8);
    close_pair(run, pair)
}

fn would_block(run: &Run) -> Outcome {
    let pair = socket_pair(run, SOCK_STREAM)?;
    let mut byte = 0u8;
    let at = (&raw mut byte).cast();
    fails!(run, EAGAIN, recvfrom(pair[1] as _, at, 1, MSG_DONTWAIT, null_mut(), null_mut()));
    close_pair(run, pair)
}

/// With MSG_TRUNC the result is the message's length, though the buffer is shorter.
fn truncated(run: &Run) -> Outcome {
    let pair = socket_pair(run, SOCK_DGRAM)?;
    send(run, pair[0], b"0123456789")?;
    let mut bytes = [0xffu8; 4];
    let at = bytes.as_mut_ptr().cast();
    same!(run, ok!(run, recvfrom(pair[1] as _, at, 3, MSG_TRUNC, null_mut(), null_mut())), 10);
    same!(run, bytes, [b'0', b'1', b'2', 0xff]);
    close_pair(run, pair)
}

/// All six arguments of sendto and recvfrom.
fn datagram_by_address(run: &Run) -> Outcome {
    let (mut here, mut there) = (Address::new(b"here"), Address::new(b"there"));
    let mut bound = [0usize; 2];
    for (fd, address) in bound.iter_mut().zip([&mut here, &mut there]) {
        *fd = ok!(run, socket(AF_UNIX, SOCK_DGRAM, 0));
        ok!(run, bind(*fd as _, address.as_mut_ptr(), Address::SIZE as _));
    }
    let mut text = *b"datagram";
    let at = text.as_mut_ptr().cast();
    same!(
        run,
        ok!(run, sendto(bound[0] as _, at, 8, MSG_NOSIGNAL, there.as_mut_ptr(), Address::SIZE as _)),
        8
    );
    let (mut bytes, mut from, mut len) = ([0u8; 16], Address::new(b""), Address::SIZE as c_int);
    let at = bytes.as_mut_ptr().cast();
    same!(run, ok!(run, recvfrom(bound[1] as _, at, 16, MSG_DONTWAIT, from.as_mut_ptr(), &raw mut len)), 8);
    same!(run, (&bytes[..8], &from.path[..5], len), (&b"datagram"[..], &b"here\0"[..], 7));
    close_pair(run, bound)?;
    remove(run, c"here")?;
    remove(run, c"there")
}
