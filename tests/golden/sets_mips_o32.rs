/// A socket's type, and flags of socket, socketpair and accept4.
#[derive(PartialEq)]
#[repr(transparent)]
pub struct Sock(c_int);

impl Sock {
    /// `SOCK_STREAM`
    #[doc(alias = "SOCK_STREAM")]
    pub const STREAM: Self = Self(0x2);
    /// `SOCK_DGRAM`
    #[doc(alias = "SOCK_DGRAM")]
    pub const DGRAM: Self = Self(0x1);
    /// `SOCK_RAW`
    #[doc(alias = "SOCK_RAW")]
    pub const RAW: Self = Self(0x3);
    /// `SOCK_RDM`
    #[doc(alias = "SOCK_RDM")]
    pub const RDM: Self = Self(0x4);
    /// `SOCK_SEQPACKET`
    #[doc(alias = "SOCK_SEQPACKET")]
    pub const SEQPACKET: Self = Self(0x5);
    /// `SOCK_DCCP`
    #[doc(alias = "SOCK_DCCP")]
    pub const DCCP: Self = Self(0x6);
    /// `SOCK_PACKET`
    #[doc(alias = "SOCK_PACKET")]
    pub const PACKET: Self = Self(0xa);
    /// `SOCK_CLOEXEC`
    #[doc(alias = "SOCK_CLOEXEC")]
    pub const CLOEXEC: Self = Self(0x80000);
    /// `SOCK_NONBLOCK`
    #[doc(alias = "SOCK_NONBLOCK")]
    pub const NONBLOCK: Self = Self(0x80);
}

flags!(Sock, c_int, "Sock 32 CLOEXEC=80000 NONBLOCK=80 PACKET=a DCCP=6 SEQPACKET=5 RDM=4 RAW=3 STREAM=2 DGRAM=1");

/// What rt_sigprocmask does with the set.
///
/// From `asm/signal.h`.
#[derive(PartialEq)]
#[repr(transparent)]
pub struct SigHow(c_int);

impl SigHow {
    /// `SIG_BLOCK`
    #[doc(alias = "SIG_BLOCK")]
    pub const BLOCK: Self = Self(1);
    /// `SIG_UNBLOCK`
    #[doc(alias = "SIG_UNBLOCK")]
    pub const UNBLOCK: Self = Self(2);
    /// `SIG_SETMASK`
    #[doc(alias = "SIG_SETMASK")]
    pub const SETMASK: Self = Self(3);
}

values!(SigHow, c_int, "SigHow 32 SETMASK=3 UNBLOCK=2 BLOCK=1");

