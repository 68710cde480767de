//! Structs in which the kernel takes a descriptor by its number: here they borrow it, so that no call uses one that is not the caller's.

#![allow(non_camel_case_types, reason = "names are the kernel's")]

use crate::{
    consts::LandlockAccessFs,
    fd::{AsFd, AsRawFd, BorrowedFd},
    uapi,
};
use core::marker::PhantomData;

/// What `FICLONERANGE` shares between two files.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct file_clone_range<'fd> {
    src_fd: i64,
    /// Where the range begins in the source.
    pub src_offset: u64,
    /// How long it is, 0 for up to the end.
    pub src_length: u64,
    /// Where it goes to.
    pub dest_offset: u64,
    owner: PhantomData<BorrowedFd<'fd>>,
}

impl<'fd> file_clone_range<'fd> {
    /// All of this file.
    #[must_use]
    #[inline]
    pub fn new(src: &'fd impl AsFd) -> Self {
        let src_fd = src.as_fd().as_raw_fd().into();
        Self { src_fd, src_offset: 0, src_length: 0, dest_offset: 0, owner: PhantomData }
    }
}

/// What a Landlock ruleset allows below a file or directory.
#[repr(C, packed)]
#[derive(Clone, Copy, Debug)]
pub struct landlock_path_beneath_attr<'fd> {
    allowed_access: LandlockAccessFs,
    parent_fd: i32,
    owner: PhantomData<BorrowedFd<'fd>>,
}

impl<'fd> landlock_path_beneath_attr<'fd> {
    /// These accesses to this file or directory, and to all that is in it.
    #[must_use]
    #[inline]
    pub fn new(allowed_access: LandlockAccessFs, parent: &'fd impl AsFd) -> Self {
        Self { allowed_access, parent_fd: parent.as_fd().as_raw_fd(), owner: PhantomData }
    }
}

/// Attributes of a mount that are to change.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mount_attr<'fd> {
    /// `MOUNT_ATTR_*` to set.
    pub attr_set: u64,
    /// `MOUNT_ATTR_*` to clear.
    pub attr_clr: u64,
    /// `MS_SHARED` and the like, 0 for what it is.
    pub propagation: u64,
    userns_fd: u64,
    owner: PhantomData<BorrowedFd<'fd>>,
}

impl<'fd> mount_attr<'fd> {
    /// No change. Whoever asks for `MOUNT_ATTR_IDMAP` and names no user namespace gets `EINVAL`.
    #[must_use]
    #[inline]
    pub const fn new() -> Self {
        Self { attr_set: 0, attr_clr: 0, propagation: 0, userns_fd: u64::MAX, owner: PhantomData }
    }

    /// With the user namespace of `MOUNT_ATTR_IDMAP`.
    #[must_use]
    #[inline]
    pub fn userns(mut self, userns: &'fd impl AsFd) -> Self {
        // A number below 0 is none of a namespace, and as large as it is refused.
        self.userns_fd = userns.as_fd().as_raw_fd() as u64;
        self
    }
}

impl Default for mount_attr<'_> {
    fn default() -> Self {
        Self::new()
    }
}

/// Which mount, and what of it: for `statmount` and `listmount`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mnt_id_req<'fd> {
    pub(crate) size: u32,
    fd: u32,
    /// The mount; for `listmount` the one whose children are listed.
    pub mnt_id: u64,
    /// `STATMOUNT_*` that are wanted; for `listmount` the mount after which the list begins.
    pub param: u64,
    /// The mount namespace, 0 for the caller's.
    pub mnt_ns_id: u64,
    owner: PhantomData<BorrowedFd<'fd>>,
}

impl<'fd> mnt_id_req<'fd> {
    /// This mount of the caller's namespace. With `STATMOUNT_BY_FD` it is standard input's.
    #[must_use]
    #[inline]
    pub const fn new(mnt_id: u64, param: u64) -> Self {
        Self { size: 0, fd: 0, mnt_id, param, mnt_ns_id: 0, owner: PhantomData }
    }

    /// With the descriptor of a mount namespace; for `STATMOUNT_BY_FD`, of a file on the mount.
    #[must_use]
    #[inline]
    pub fn fd(mut self, fd: &'fd impl AsFd) -> Self {
        self.fd = fd.as_fd().as_raw_fd() as u32;
        self
    }
}

static_assertions::assert_eq_size!(mount_attr<'_>, uapi::mount_attr);
static_assertions::assert_eq_align!(mount_attr<'_>, uapi::mount_attr);
static_assertions::assert_eq_size!(mnt_id_req<'_>, uapi::mnt_id_req);
static_assertions::assert_eq_align!(mnt_id_req<'_>, uapi::mnt_id_req);
static_assertions::assert_eq_size!(landlock_path_beneath_attr<'_>, uapi::landlock_path_beneath_attr);
