//! The Linux system call for programs that carry no libc.

#![no_std]
#![deny(missing_docs)]
