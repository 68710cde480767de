//! Calls made of others, where an expression in tables/contracts.tbl cannot say how, and the types that they share.
//!
//! build.rs sets `ring3_by` for the functions that the ABI's contracts name, and these alone are compiled: the rows that they call
//! are missing elsewhere. Each has the signature of the function of `sys` that calls it, and is `inline` as that is: the caller's compiler
//! sees through both.

#![allow(
    unused_imports,
    dead_code,
    clippy::unnecessary_cast,
    clippy::cast_lossless,
    clippy::useless_conversion,
    reason = "what is used, and the kernel's types, depend on the ABI"
)]

mod borrowing;
mod fd;
mod ipc;
mod memory;
mod message;
mod sets;
mod signal;
mod stat;
mod time;
mod types;
mod wait;

pub use borrowing::{file_clone_range, landlock_path_beneath_attr, mnt_id_req, mount_attr};
pub use message::{RecvMMsg, RecvMsg, SendMMsg, SendMsg};
pub use stat::Stat;
pub use types::{FileHandle, itimerval, timeval, timezone, utimbuf};

pub(crate) use {fd::*, ipc::*, memory::*, sets::*, signal::*, stat::*, time::*, wait::*};

use crate::{
    Errno, Result, consts,
    fd::{AsFd, AsRawFd, BorrowedFd},
    raw, uapi,
};
use core::ptr;

/// The bits in the width that a row takes, if it can hold them.
#[inline]
pub(crate) fn narrow(bits: u64) -> Result<u32> {
    u32::try_from(bits).map_err(|_| Errno::EINVAL)
}

const CWD: i32 = -100;
