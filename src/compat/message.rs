//! Messages of sockets: address, slices and control data in one struct.

use crate::{
    consts::Msg,
    io::{IoSlice, IoSliceMut},
    net::SockAddr,
    uapi,
};
use core::{ffi::c_void, marker::PhantomData, mem::zeroed, ptr};

/// A message to send, laid out as the kernel's `user_msghdr`.
#[repr(transparent)]
pub struct SendMsg<'a> {
    header: uapi::user_msghdr,
    parts: PhantomData<&'a [u8]>,
}

/// Room for a message, laid out as the kernel's `user_msghdr`.
#[repr(transparent)]
pub struct RecvMsg<'a> {
    header: uapi::user_msghdr,
    parts: PhantomData<&'a mut [u8]>,
}

/// One of several messages to send, laid out as the kernel's `mmsghdr`.
#[repr(C)]
pub struct SendMMsg<'a> {
    msg: SendMsg<'a>,
    len: u32,
}

/// Room for one of several messages, laid out as the kernel's `mmsghdr`.
#[repr(C)]
pub struct RecvMMsg<'a> {
    msg: RecvMsg<'a>,
    len: u32,
}

static_assertions::assert_eq_size!(SendMMsg<'_>, uapi::mmsghdr);

#[inline]
fn header(name: *mut c_void, name_len: usize, iov: *mut uapi::iovec, iov_len: usize) -> uapi::user_msghdr {
    // SAFETY: the struct is plain data.
    let mut header: uapi::user_msghdr = unsafe { zeroed() };
    header.msg_name = name;
    header.msg_namelen = name_len as _;
    header.msg_iov = iov;
    header.msg_iovlen = iov_len as _;
    header
}

impl<'a> SendMsg<'a> {
    /// A message of these slices, to this address unless the socket is connected.
    #[must_use]
    #[inline]
    pub fn new(addr: Option<&'a SockAddr>, iov: &'a [IoSlice<'a>]) -> Self {
        let (name, len) = addr.map_or((ptr::null(), 0), |addr| (addr.as_ptr(), addr.len()));
        let iov_len = iov.len();
        let header = header(name.cast_mut().cast(), len, iov.as_ptr().cast_mut().cast(), iov_len);
        Self { header, parts: PhantomData }
    }

    /// With control data.
    ///
    /// # Safety
    ///
    /// Control data of some protocols holds addresses that the kernel reads or writes (RDS), and that of `SCM_RIGHTS` holds the
    /// numbers of descriptors, which must be the caller's to pass on.
    #[must_use]
    #[inline]
    pub unsafe fn control(mut self, control: &'a [u8]) -> Self {
        self.header.msg_control = control.as_ptr().cast_mut().cast();
        self.header.msg_controllen = control.len() as _;
        self
    }
}

impl<'a> RecvMsg<'a> {
    /// Room in these slices and for control data.
    #[must_use]
    #[inline]
    pub fn new(iov: &'a mut [IoSliceMut<'a>], control: &'a mut [u8]) -> Self {
        let mut header = header(ptr::null_mut(), 0, iov.as_mut_ptr().cast(), iov.len());
        header.msg_control = control.as_mut_ptr().cast();
        header.msg_controllen = control.len() as _;
        Self { header, parts: PhantomData }
    }

    /// With room for the sender's address, which [`sender`](Self::sender) tells.
    #[must_use]
    #[inline]
    pub fn address(mut self, addr: &'a mut SockAddr) -> Self {
        *addr = SockAddr::zeroed();
        self.header.msg_name = addr.as_mut_ptr().cast();
        self.header.msg_namelen = SockAddr::MAX as _;
        self
    }

    /// What the kernel says of the message.
    #[must_use]
    #[inline]
    pub fn flags(&self) -> Msg {
        Msg::from_bits_retain(self.header.msg_flags as _)
    }

    /// How many bytes of control data there are.
    #[must_use]
    #[inline]
    pub fn control_len(&self) -> usize {
        self.header.msg_controllen as usize
    }

    /// The sender's address, if room for it was given and the call has succeeded.
    #[must_use]
    #[inline]
    pub fn sender(&self) -> Option<SockAddr> {
        let storage = self.header.msg_name.cast::<u8>();
        let len = (self.header.msg_namelen as usize).min(SockAddr::MAX);
        // SAFETY: the pointer came of a reference that lives as long as this, and all of the storage is initialised.
        (!storage.is_null()).then(|| unsafe { SockAddr::copied(core::slice::from_raw_parts(storage, len)) })
    }
}

impl<'a> From<SendMsg<'a>> for SendMMsg<'a> {
    #[inline]
    fn from(msg: SendMsg<'a>) -> Self {
        Self { msg, len: 0 }
    }
}

impl SendMMsg<'_> {
    /// How many bytes were sent.
    #[must_use]
    #[inline]
    pub const fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether no byte was sent.
    #[must_use]
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl<'a> From<RecvMsg<'a>> for RecvMMsg<'a> {
    #[inline]
    fn from(msg: RecvMsg<'a>) -> Self {
        Self { msg, len: 0 }
    }
}

impl<'a> RecvMMsg<'a> {
    /// The message.
    #[must_use]
    #[inline]
    pub const fn message(&self) -> &RecvMsg<'a> {
        &self.msg
    }

    /// How many bytes were received.
    #[must_use]
    #[inline]
    pub const fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether no byte was received.
    #[must_use]
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }
}
