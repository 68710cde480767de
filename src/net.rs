//! Socket addresses.

use crate::{consts::Af, uapi};
use core::{
    fmt,
    mem::MaybeUninit,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6},
};

/// The address of a socket, of any family: as many bytes as the kernel says.
///
/// ```
/// use core::net::SocketAddr;
/// use ring3::net::SockAddr;
///
/// let loopback: SocketAddr = "127.0.0.1:80".parse().unwrap();
/// assert_eq!(SockAddr::from(loopback).ip(), Some(loopback));
/// assert_eq!(SockAddr::unix(b"/run/socket").unwrap().as_bytes().len(), 2 + 11);
/// ```
#[derive(Clone, Copy)]
pub struct SockAddr {
    storage: Storage,
    len: u32,
}

#[derive(Clone, Copy)]
#[repr(C, align(8))]
struct Storage([MaybeUninit<u8>; SockAddr::MAX]);

impl SockAddr {
    /// The bytes of the longest address.
    pub const MAX: usize = 128;

    /// No address: what a socket without a name has, and a datagram's lack of a sender.
    #[must_use]
    #[inline]
    pub const fn empty() -> Self {
        Self { storage: Storage([MaybeUninit::uninit(); Self::MAX]), len: 0 }
    }

    /// No address, in storage that is initialised.
    #[inline]
    pub(crate) const fn zeroed() -> Self {
        Self { storage: Storage([MaybeUninit::new(0); Self::MAX]), len: 0 }
    }

    /// The address of these bytes, which begin with the family's number, if they are not too many.
    ///
    /// # Safety
    ///
    /// The addresses of some families hold a descriptor by its number (`AF_XDP`, L2TP of `AF_PPPOX`), whose sockets do not all look at the family. The
    /// descriptor must be the caller's to use.
    #[must_use]
    #[inline]
    pub unsafe fn from_bytes(bytes: &[u8]) -> Option<Self> {
        (bytes.len() <= Self::MAX).then(|| Self::copied(bytes))
    }

    /// The address of these bytes, or none at all if they are too many.
    #[inline]
    pub(crate) fn copied(bytes: &[u8]) -> Self {
        let mut addr = Self::empty();
        if let Some(room) = addr.storage.0.get_mut(..bytes.len()) {
            room.write_copy_of_slice(bytes);
            addr.len = bytes.len() as u32;
        }
        addr
    }

    /// A socket in the file system; after a first byte of 0, one in Linux's abstract namespace. A path needs no null at its end, and has none.
    #[must_use]
    #[inline]
    pub fn unix(path: &[u8]) -> Option<Self> {
        if path.first() != Some(&0) && path.contains(&0) {
            return None;
        }
        let mut bytes = [0; size_of::<uapi::sockaddr_un>()];
        bytes[..2].copy_from_slice(&(Af::UNIX.raw() as u16).to_ne_bytes());
        bytes[2..].get_mut(..path.len())?.copy_from_slice(path);
        Some(Self::copied(&bytes[..2 + path.len()]))
    }

    /// The bytes, of which the first two are the family's number.
    #[must_use]
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        // SAFETY: so many bytes were written, by `copied` or by the kernel.
        unsafe { core::slice::from_raw_parts(self.as_ptr(), self.len()) }
    }

    /// The family, if there is an address.
    #[must_use]
    #[inline]
    pub fn family(&self) -> Option<Af> {
        let family = self.as_bytes().first_chunk()?;
        Some(Af::new(u16::from_ne_bytes(*family).into()))
    }

    /// The address of the internet, if it is one.
    #[must_use]
    #[inline]
    pub fn ip(&self) -> Option<SocketAddr> {
        let bytes = self.as_bytes();
        let port = || Some(u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?));
        if self.family()? == Af::INET {
            let ip = Ipv4Addr::from(*bytes.get(4..)?.first_chunk::<4>()?);
            return Some(SocketAddrV4::new(ip, port()?).into());
        }
        if self.family()? == Af::INET6 {
            let flow = u32::from_be_bytes(*bytes.get(4..)?.first_chunk()?);
            let ip = Ipv6Addr::from(*bytes.get(8..)?.first_chunk::<16>()?);
            let scope = u32::from_ne_bytes(*bytes.get(24..)?.first_chunk()?);
            return Some(SocketAddrV6::new(ip, port()?, flow, scope).into());
        }
        None
    }

    #[inline]
    pub(crate) const fn as_ptr(&self) -> *const u8 {
        (&raw const self.storage).cast()
    }

    #[inline]
    pub(crate) const fn as_mut_ptr(&mut self) -> *mut u8 {
        (&raw mut self.storage).cast()
    }

    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.len as usize
    }

    /// # Safety
    ///
    /// So many bytes were written, or as many as there is room for: the kernel says what it would have written.
    #[inline]
    pub(crate) const unsafe fn with_len(mut self, len: usize) -> Self {
        self.len = if len < Self::MAX { len as u32 } else { Self::MAX as u32 };
        self
    }
}

impl From<SocketAddrV4> for SockAddr {
    #[inline]
    fn from(addr: SocketAddrV4) -> Self {
        let mut bytes = [0; 16];
        bytes[..2].copy_from_slice(&(Af::INET.raw() as u16).to_ne_bytes());
        bytes[2..4].copy_from_slice(&addr.port().to_be_bytes());
        bytes[4..8].copy_from_slice(&addr.ip().octets());
        Self::copied(&bytes)
    }
}

impl From<SocketAddrV6> for SockAddr {
    #[inline]
    fn from(addr: SocketAddrV6) -> Self {
        let mut bytes = [0; 28];
        bytes[..2].copy_from_slice(&(Af::INET6.raw() as u16).to_ne_bytes());
        bytes[2..4].copy_from_slice(&addr.port().to_be_bytes());
        bytes[4..8].copy_from_slice(&addr.flowinfo().to_be_bytes());
        bytes[8..24].copy_from_slice(&addr.ip().octets());
        bytes[24..].copy_from_slice(&addr.scope_id().to_ne_bytes());
        Self::copied(&bytes)
    }
}

impl From<SocketAddr> for SockAddr {
    #[inline]
    fn from(addr: SocketAddr) -> Self {
        match addr {
            SocketAddr::V4(addr) => addr.into(),
            SocketAddr::V6(addr) => addr.into(),
        }
    }
}

impl PartialEq for SockAddr {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for SockAddr {}

impl fmt::Debug for SockAddr {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ip() {
            Some(ip) => fmt::Debug::fmt(&ip, f),
            None => f.debug_tuple("SockAddr").field(&self.as_bytes()).finish(),
        }
    }
}
