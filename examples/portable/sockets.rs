//! Sockets.

use crate::report::{Check, Outcome, Run};
use crate::tools::{milliseconds, now};
use core::net::{Ipv4Addr, SocketAddrV4};
use ring3::consts::{Af, Fd, Msg, Shut, So, Sock, Sol};
use ring3::io::{IoSlice, IoSliceMut};
use ring3::net::SockAddr;
use ring3::sys::{self, RecvMMsg, RecvMsg, SendMMsg, SendMsg, timeval};
use ring3::{Errno, OwnedFd};

pub const CHECKS: &[Check] = &[
    ("pairs of sockets", pairs),
    ("connections", connections),
    ("datagrams", datagrams),
    ("messages", messages),
    ("several messages out", several_out),
    ("several messages in", several_in),
    ("options", options),
    ("a timeout of receiving", timeout_in),
    ("a timeout of sending", timeout_out),
];

const STREAM: Sock = Sock::STREAM.union(Sock::CLOEXEC);
const DGRAM: Sock = Sock::DGRAM.union(Sock::CLOEXEC);

fn pairs(run: &Run) -> Outcome {
    let [one, other] = call!(run, socketpair(Af::UNIX, STREAM, 0))?;
    same!(run, call!(run, fcntl::getfd(&one))?, Fd::CLOEXEC);
    same!(run, call!(run, send(&one, b"hello", Msg::NOSIGNAL))?, 5);
    let mut text = [0; 8];
    same!(run, call!(run, recv(&other, &mut text, Msg::PEEK))?, 5);
    same!(run, call!(run, recv(&other, &mut text, Msg::empty()))?, 5);
    same!(run, text[..5], *b"hello");
    refused!(run, EAGAIN, recv(&other, &mut text, Msg::DONTWAIT));
    same!(run, call!(run, sendto(&other, b"back", Msg::empty(), None))?, 4);
    let (count, sender) = call!(run, recvfrom(&one, &mut text, Msg::empty()))?;
    same!(run, (count, sender.family()), (4, None));
    call!(run, shutdown(&one, Shut::WR))?;
    same!(run, call!(run, recv(&other, &mut text, Msg::empty()))?, 0);
    refused!(run, EPIPE, send(&one, b"no", Msg::NOSIGNAL));
    refused!(run, EAFNOSUPPORT, socket(Af::new(77), Sock::STREAM, 0));
    Ok(())
}

/// A socket at a free port of this machine alone.
fn bound(run: &Run, kind: Sock) -> Result<(OwnedFd, SockAddr), Errno> {
    let fd = call!(run, socket(Af::INET, kind, 0))?;
    call!(run, bind(&fd, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0).into()))?;
    let address = call!(run, getsockname(&fd))?;
    Ok((fd, address))
}

fn connections(run: &Run) -> Outcome {
    let (listener, address) = bound(run, STREAM)?;
    holds!(run, address.ip().is_some_and(|ip| ip.ip() == Ipv4Addr::LOCALHOST && ip.port() != 0));
    call!(run, listen(&listener, 4))?;
    for with_flags in [false, true] {
        let client = call!(run, socket(Af::INET, STREAM, 0))?;
        call!(run, connect(&client, &address))?;
        let (server, peer) = if with_flags {
            call!(run, accept4(&listener, Sock::CLOEXEC | Sock::NONBLOCK))?
        } else {
            call!(run, accept(&listener))?
        };
        let flags = if with_flags { Fd::CLOEXEC } else { Fd::empty() };
        same!(run, call!(run, fcntl::getfd(&server))?, flags);
        same!(run, peer, call!(run, getsockname(&client))?);
        same!(run, call!(run, getpeername(&server))?, peer);
        same!(run, call!(run, getpeername(&client))?, address);
        same!(run, call!(run, send(&client, b"ping", Msg::empty()))?, 4);
        let mut text = [0; 4];
        same!(run, call!(run, recv(&server, &mut text, Msg::WAITALL))?, 4);
        same!(run, text, *b"ping");
        call!(run, shutdown(&server, Shut::RDWR))?;
        same!(run, call!(run, recv(&client, &mut text, Msg::empty()))?, 0);
    }
    drop(listener);
    let late = call!(run, socket(Af::INET, STREAM, 0))?;
    refused!(run, ECONNREFUSED, connect(&late, &address));
    refused!(run, ENOTCONN, getpeername(&late));
    refused!(run, EINVAL, accept(&late));
    refused!(run, EINVAL, accept4(&late, Sock::empty()));
    Ok(())
}

fn datagrams(run: &Run) -> Outcome {
    let ((one, here), (other, there)) = (bound(run, DGRAM)?, bound(run, DGRAM)?);
    same!(run, call!(run, sendto(&one, b"to you", Msg::empty(), Some(&there)))?, 6);
    let mut text = [0; 16];
    let (count, sender) = call!(run, recvfrom(&other, &mut text, Msg::empty()))?;
    same!(run, (&text[..count], sender), (&b"to you"[..], here));
    refused!(run, EDESTADDRREQ, send(&one, b"whom?", Msg::empty()));
    call!(run, connect(&one, &there))?;
    same!(run, call!(run, send(&one, b"again", Msg::empty()))?, 5);
    // The result is the length of the whole one, and may exceed the buffer.
    same!(run, call!(run, recv(&other, &mut text[..2], Msg::TRUNC))?, 5);
    refused!(run, EOPNOTSUPP, listen(&one, 1));
    Ok(())
}

fn messages(run: &Run) -> Outcome {
    let ((one, here), (other, there)) = (bound(run, DGRAM)?, bound(run, DGRAM)?);
    let parts = [IoSlice::new(b"in "), IoSlice::new(b"parts")];
    same!(run, call!(run, sendmsg(&one, &SendMsg::new(Some(&there), &parts), Msg::empty()))?, 8);
    let (mut first, mut second, mut sender) = ([0; 4], [0; 3], SockAddr::empty());
    let mut parts = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
    let mut message = RecvMsg::new(&mut parts, &mut []).address(&mut sender);
    same!(run, call!(run, recvmsg(&other, &mut message, Msg::empty()))?, 7);
    same!(run, message.flags(), Msg::TRUNC);
    same!(run, (message.sender(), message.control_len()), (Some(here), 0));
    same!(run, (first, second), (*b"in p", *b"art"));
    Ok(())
}

fn several_out(run: &Run) -> Outcome {
    let [one, other] = call!(run, socketpair(Af::UNIX, DGRAM, 0))?;
    let parts = [[IoSlice::new(b"first")], [IoSlice::new(b"next")]];
    let mut out = parts.each_ref().map(|parts| SendMMsg::from(SendMsg::new(None, parts)));
    same!(run, call!(run, sendmmsg(&one, &mut out, Msg::empty()))?, 2);
    same!(run, (out[0].len(), out[1].len()), (5, 4));
    for expected in [&b"first"[..], b"next"] {
        let mut text = [0; 8];
        let length = call!(run, recv(&other, &mut text, Msg::empty()))?;
        same!(run, &text[..length], expected);
    }
    Ok(())
}

fn several_in(run: &Run) -> Outcome {
    let [one, other] = call!(run, socketpair(Af::UNIX, DGRAM, 0))?;
    call!(run, send(&one, b"first", Msg::empty()))?;
    call!(run, send(&one, b"next", Msg::empty()))?;
    let (mut first, mut second) = ([0; 8], [0; 8]);
    let (mut a, mut b) = ([IoSliceMut::new(&mut first)], [IoSliceMut::new(&mut second)]);
    let mut into =
        [RecvMMsg::from(RecvMsg::new(&mut a, &mut [])), RecvMMsg::from(RecvMsg::new(&mut b, &mut []))];
    let mut time = milliseconds(100_000);
    same!(run, call!(run, recvmmsg(&other, &mut into, Msg::empty(), Some(&mut time)))?, 2);
    same!(run, (into[0].len(), into[1].len()), (5, 4));
    same!(run, (&first[..5], &second[..4]), (&b"first"[..], &b"next"[..]));
    holds!(run, (90..=100).contains(&time.tv_sec));
    Ok(())
}

fn options(run: &Run) -> Outcome {
    let fd = call!(run, socket(Af::INET, STREAM, 0))?;
    same!(run, call!(run, getsockopt::so_type(&fd))?, Sock::STREAM.bits());
    same!(run, call!(run, getsockopt::so_error(&fd))?, 0);
    same!(run, call!(run, getsockopt::so_reuseaddr(&fd))?, 0);
    call!(run, setsockopt::so_reuseaddr(&fd, &1))?;
    same!(run, call!(run, getsockopt::so_reuseaddr(&fd))?, 1);
    let (mut value, mut length) = (0, 4);
    // SAFETY: the option is a number of four bytes.
    let answer = unsafe {
        sys::setsockopt(&fd, Sol::SOCKET, So::KEEPALIVE.raw(), &1_i32.to_ne_bytes()).and_then(|()| {
            let pointer = (&raw mut value).cast();
            sys::getsockopt(&fd, Sol::SOCKET, So::KEEPALIVE.raw(), pointer, &mut length)
        })
    };
    run.note("setsockopt");
    run.heard("getsockopt", answer)?;
    same!(run, (value, length), (1_i32, 4));
    // SAFETY: there is no such option.
    let answer = unsafe { sys::setsockopt(&fd, Sol::SOCKET, 7777, &[0; 4]) };
    same!(run, answer, Err(Errno::ENOPROTOOPT));
    Ok(())
}

/// An option with a time of 64 bits, which kernels take since 5.1, and not every emulator.
fn option_of_2038(answer: ring3::Result<()>) -> ring3::Result<()> {
    answer.map_err(|errno| if errno == Errno::ENOPROTOOPT { Errno::ENOSYS } else { errno })
}

const SHORT: timeval = timeval { tv_sec: 0, tv_usec: 20_000 };

fn timeout_in(run: &Run) -> Outcome {
    let [one, _other] = call!(run, socketpair(Af::UNIX, STREAM, 0))?;
    option_of_2038(call!(run, setsockopt::so_rcvtimeo(&one, &SHORT)))?;
    let begin = now();
    refused!(run, EAGAIN, recv(&one, &mut [0; 4], Msg::empty()));
    holds!(run, now() - begin >= 15_000_000);
    Ok(())
}

fn timeout_out(run: &Run) -> Outcome {
    let [one, _other] = call!(run, socketpair(Af::UNIX, STREAM, 0))?;
    option_of_2038(call!(run, setsockopt::so_sndtimeo(&one, &SHORT)))?;
    let begin = now();
    // Until nothing more fits.
    while let Ok(1..) = call!(run, send(&one, &[0; 4096], Msg::NOSIGNAL)) {}
    refused!(run, EAGAIN, send(&one, &[0; 4096], Msg::NOSIGNAL));
    holds!(run, now() - begin >= 15_000_000);
    Ok(())
}
