//! The kernel's prototypes: an `unsafe` function for every live row of the target's table.
//!
//! Each function is the trap with the types of C around it: integers of [`core::ffi`], raw pointers, the structs of
//! [`uapi`](crate::uapi). A 64-bit value is one argument, whatever the ABI does with registers. Addresses are
//! `*mut c_void`; an argument whose meaning depends on another one takes any [`Arg`].
//!
//! A call that the running kernel lacks, or was built without, answers [`Errno::ENOSYS`](crate::Errno::ENOSYS).
//!
//! # Which calls are missing
//!
//! Those whose child returns on another stack, and those that do not come back to their caller, are no functions:
//! `clone`, `clone3`, `vfork`, `rt_sigreturn` and their kin. `tables/raw.tbl` lists them with the reasons.
//!
//! # Safety
//!
//! The kernel believes its arguments. For every function here the caller sees to it that
//!
//! - each pointer is valid for what the call reads and writes through it, for as long as it does, and null only where the manual page
//!   lets it be;
//! - the call does nothing to memory, descriptors, threads or signals that other code relies on.
//!
//! # Example
//!
//! ```
//! use ring3::raw;
//!
//! let text = c"Hello World!\n";
//! // SAFETY: the kernel reads as many bytes as the text has.
//! let written = unsafe { raw::write(1, text.as_ptr(), text.count_bytes()) };
//! assert_eq!(written, Ok(13));
//! ```

use crate::{Arg, Result, arch, uapi::*};
use core::ffi::*;

include!(concat!(env!("OUT_DIR"), "/raw.rs"));
