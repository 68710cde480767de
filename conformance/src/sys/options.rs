//! Options of sockets: what is set is there afterwards.

use super::*;
use ring3::{
    consts::{Af, Sock, Sol},
    sys::timeval,
    uapi::linger,
};

checks! { "sys::options":
    told, switches, sizes, lingering, times (emulator: "it does not know the options with 64-bit times"), who, any_option, of_tcp, of_ip, of_devices, privileged (privileged, emulator: "it does not know SO_MARK"), no_sockets,
}

fn unix(run: &Run) -> Result<OwnedFd, Failure> {
    Ok(ok!(run, socket(Af::UNIX, Sock::STREAM, 0)))
}

fn tcp(run: &Run) -> Result<OwnedFd, Failure> {
    match call!(run, socket(Af::INET, Sock::STREAM, 0)) {
        Err(Errno::EAFNOSUPPORT) => Err(Failure::Lacks("there is no network")),
        Err(errno) => Err(Failure::Refused("socket", errno)),
        Ok(fd) => Ok(fd),
    }
}

fn told(run: &Run) -> Outcome {
    let fd = unix(run)?;
    same!(run, ok!(run, getsockopt::so_error(&fd)), 0);
    same!(run, ok!(run, getsockopt::so_type(&fd)), Sock::STREAM.bits());
    same!(run, ok!(run, getsockopt::so_domain(&fd)), Af::UNIX.raw());
    same!(run, ok!(run, getsockopt::so_protocol(&fd)), 0);
    same!(run, ok!(run, getsockopt::so_acceptconn(&fd)), 0);
    ok!(run, bind(&fd, &ring3::net::SockAddr::unix(b"").unwrap_or(ring3::net::SockAddr::empty())));
    ok!(run, listen(&fd, 1));
    same!(run, ok!(run, getsockopt::so_acceptconn(&fd)), 1);
    Ok(())
}

fn switches(run: &Run) -> Outcome {
    let fd = tcp(run)?;
    macro_rules! switch {
        ($($name:ident),*) => {$(
            same!(run, ok!(run, getsockopt::$name(&fd)), 0);
            ok!(run, setsockopt::$name(&fd, &1));
            same!(run, ok!(run, getsockopt::$name(&fd)), 1);
        )*};
    }
    switch!(so_reuseaddr, so_reuseport, so_keepalive, so_broadcast, tcp_nodelay);
    ok!(run, setsockopt::so_oobinline(&fd, &1));
    ok!(run, setsockopt::so_dontroute(&fd, &1));
    ok!(run, setsockopt::so_priority(&fd, &3));
    ok!(run, setsockopt::so_passcred(&unix(run)?, &1));
    Ok(())
}

/// The kernel doubles them.
fn sizes(run: &Run) -> Outcome {
    let fd = unix(run)?;
    ok!(run, setsockopt::so_sndbuf(&fd, &20_000));
    same!(run, ok!(run, getsockopt::so_sndbuf(&fd)), 40_000);
    ok!(run, setsockopt::so_rcvbuf(&fd, &30_000));
    same!(run, ok!(run, getsockopt::so_rcvbuf(&fd)), 60_000);
    ok!(run, setsockopt::so_rcvlowat(&fd, &2));
    Ok(())
}

fn lingering(run: &Run) -> Outcome {
    let fd = unix(run)?;
    ok!(run, setsockopt::so_linger(&fd, &linger { l_onoff: 1, l_linger: 77 }));
    let lingering = ok!(run, getsockopt::so_linger(&fd));
    same!(run, (lingering.l_onoff, lingering.l_linger), (1, 77));
    Ok(())
}

fn times(run: &Run) -> Outcome {
    let [one, _other] = ok!(run, socketpair(Af::UNIX, Sock::STREAM, 0));
    ok!(run, setsockopt::so_rcvtimeo(&one, &timeval { tv_sec: 0, tv_usec: 1000 }));
    ok!(run, setsockopt::so_sndtimeo(&one, &timeval { tv_sec: 0x1_0000_0000, tv_usec: 1000 }));
    fails!(run, EAGAIN, recv(&one, &mut [0; 1], ring3::consts::Msg::empty()));
    fails!(run, EDOM, setsockopt::so_rcvtimeo(&one, &timeval { tv_sec: 0, tv_usec: 1_000_000 }));
    fails!(run, EDOM, setsockopt::so_sndtimeo(&one, &timeval { tv_sec: 0, tv_usec: -1 }));
    Ok(())
}

fn who(run: &Run) -> Outcome {
    let [one, _other] = ok!(run, socketpair(Af::UNIX, Sock::STREAM, 0));
    let peer = ok!(run, getsockopt::so_peercred(&one));
    same!(run, peer.pid as i32, value!(run, getpid()).as_raw());
    same!(run, peer.uid, value!(run, geteuid()).as_raw());
    let fd = ok!(run, getsockopt::so_peerpidfd(&one));
    ok!(run, pidfd_send_signal(&fd, None, ring3::consts::PidfdSignal::empty()));
    Ok(())
}

fn any_option(run: &Run) -> Outcome {
    const SO_TYPE: i32 = 3;
    const SO_RCVLOWAT: i32 = 18;
    let fd = unix(run)?;
    let (mut value, mut length) = (0i32, 4);
    ok!(run, getsockopt(&fd, Sol::SOCKET, SO_TYPE, (&raw mut value).cast(), &mut length));
    same!(run, (value, length), (Sock::STREAM.bits(), 4));
    ok!(run, setsockopt(&fd, Sol::SOCKET, SO_RCVLOWAT, &3i32.to_ne_bytes()));
    ok!(run, getsockopt(&fd, Sol::SOCKET, SO_RCVLOWAT, (&raw mut value).cast(), &mut length));
    same!(run, value, 3);
    fails!(run, ENOPROTOOPT, getsockopt(&fd, Sol::SOCKET, 9999, (&raw mut value).cast(), &mut length));
    fails!(run, ENOPROTOOPT, setsockopt(&fd, Sol::SOCKET, 9999, &[0; 4]));
    fails!(run, EINVAL, setsockopt(&fd, Sol::SOCKET, SO_RCVLOWAT, &[0; 2]));
    fails!(run, EFAULT, getsockopt(&fd, Sol::SOCKET, SO_TYPE, nowhere(), &mut length));
    Ok(())
}

fn of_tcp(run: &Run) -> Outcome {
    const TCP_KEEPIDLE: i32 = 4;
    let fd = tcp(run)?;
    ok!(run, setsockopt::tcp_cork(&fd, &1));
    ok!(run, setsockopt::tcp_keepidle(&fd, &777));
    let (mut value, mut length) = (0i32, 4);
    ok!(run, getsockopt(&fd, Sol::TCP, TCP_KEEPIDLE, (&raw mut value).cast(), &mut length));
    same!(run, value, 777);
    ok!(run, setsockopt::tcp_keepintvl(&fd, &7));
    ok!(run, setsockopt::tcp_keepcnt(&fd, &7));
    ok!(run, setsockopt::tcp_user_timeout(&fd, &7000));
    fails!(run, EINVAL, setsockopt::tcp_keepidle(&fd, &-1));
    fails!(run, EINVAL, setsockopt::tcp_keepintvl(&fd, &0));
    fails!(run, EINVAL, setsockopt::tcp_keepcnt(&fd, &1000));
    fails!(run, EOPNOTSUPP, setsockopt::tcp_nodelay(&unix(run)?, &1));
    Ok(())
}

fn of_ip(run: &Run) -> Outcome {
    const IP_TTL: i32 = 2;
    let fd = tcp(run)?;
    ok!(run, setsockopt::ip_ttl(&fd, &77));
    let (mut value, mut length) = (0i32, 4);
    ok!(run, getsockopt(&fd, Sol::IP, IP_TTL, (&raw mut value).cast(), &mut length));
    same!(run, value, 77);
    ok!(run, setsockopt::ip_tos(&fd, &0x10));
    fails!(run, EINVAL, setsockopt::ip_ttl(&fd, &256));
    match call!(run, socket(Af::INET6, Sock::STREAM, 0)) {
        Err(_) => Err(Failure::Lacks("there is no IPv6")),
        Ok(fd) => {
            ok!(run, setsockopt::ipv6_v6only(&fd, &1));
            ok!(run, setsockopt::ipv6_unicast_hops(&fd, &7));
            fails!(run, EINVAL, setsockopt::ipv6_unicast_hops(&fd, &256));
            Ok(())
        }
    }
}

fn of_devices(run: &Run) -> Outcome {
    let fd = tcp(run)?;
    fails!(run, ENODEV, setsockopt::so_bindtodevice(&fd, b"no-such-device"));
    Ok(())
}

fn privileged(run: &Run) -> Outcome {
    let fd = tcp(run)?;
    ok!(run, setsockopt::so_mark(&fd, &7));
    ok!(run, setsockopt::so_bindtodevice(&fd, b"lo\0"));
    Ok(())
}

fn no_sockets(run: &Run) -> Outcome {
    let [reader, _writer] = ok!(run, pipe());
    fails!(run, ENOTSOCK, getsockopt::so_error(&reader));
    fails!(run, ENOTSOCK, getsockopt::so_peercred(&reader));
    fails!(run, ENOTSOCK, setsockopt::so_reuseaddr(&reader, &1));
    fails!(run, EBADF, getsockopt::so_type(closed()));
    fails!(run, EBADF, setsockopt::so_keepalive(closed(), &1));
    Ok(())
}
