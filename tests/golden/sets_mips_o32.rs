/// A socket's type, and flags of socket, socketpair and accept4.
pub type Sock = Flags<c_int, Of<tag::Sock>>;

impl Sock {
    /// `SOCK_STREAM`
    #[doc(alias = "SOCK_STREAM")]
    pub const STREAM: Self = Self(0x2, PhantomData);
    /// `SOCK_DGRAM`
    #[doc(alias = "SOCK_DGRAM")]
    pub const DGRAM: Self = Self(0x1, PhantomData);
    /// `SOCK_RAW`
    #[doc(alias = "SOCK_RAW")]
    pub const RAW: Self = Self(0x3, PhantomData);
    /// `SOCK_RDM`
    #[doc(alias = "SOCK_RDM")]
    pub const RDM: Self = Self(0x4, PhantomData);
    /// `SOCK_SEQPACKET`
    #[doc(alias = "SOCK_SEQPACKET")]
    pub const SEQPACKET: Self = Self(0x5, PhantomData);
    /// `SOCK_DCCP`
    #[doc(alias = "SOCK_DCCP")]
    pub const DCCP: Self = Self(0x6, PhantomData);
    /// `SOCK_PACKET`
    #[doc(alias = "SOCK_PACKET")]
    pub const PACKET: Self = Self(0xa, PhantomData);
    /// `SOCK_CLOEXEC`
    #[doc(alias = "SOCK_CLOEXEC")]
    pub const CLOEXEC: Self = Self(0x80000, PhantomData);
    /// `SOCK_NONBLOCK`
    #[doc(alias = "SOCK_NONBLOCK")]
    pub const NONBLOCK: Self = Self(0x80, PhantomData);
}

/// What rt_sigprocmask does with the set.
///
/// From `asm/signal.h`.
pub type SigHow = Values<c_int, Of<tag::SigHow>>;

impl SigHow {
    /// `SIG_BLOCK`
    #[doc(alias = "SIG_BLOCK")]
    pub const BLOCK: Self = Self(1, PhantomData);
    /// `SIG_UNBLOCK`
    #[doc(alias = "SIG_UNBLOCK")]
    pub const UNBLOCK: Self = Self(2, PhantomData);
    /// `SIG_SETMASK`
    #[doc(alias = "SIG_SETMASK")]
    pub const SETMASK: Self = Self(3, PhantomData);
}

tags! {
    Sock "Sock 32 CLOEXEC=80000 NONBLOCK=80 PACKET=a DCCP=6 SEQPACKET=5 RDM=4 RAW=3 STREAM=2 DGRAM=1"
    SigHow "SigHow 32 SETMASK=3 UNBLOCK=2 BLOCK=1"
}
