//! What the programs of this package share: processes, and lines on standard output.

#![no_std]

pub mod print;
pub mod process;
