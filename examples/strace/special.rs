//! The few things that strace prints in another order than the kernel takes them.

use alloc::vec::Vec;
use ring3::abi::{Abi, Call, Meaning};

/// The arguments of a call that has an order of its own: none for all others.
pub fn arguments(_call: Call, _values: &[u64]) -> Option<Vec<(Meaning, u64)>> {
    None
}

/// An address as wide as those of the ABI.
pub fn masked(abi: &Abi, value: u64) -> u64 {
    value & (u64::MAX >> (64 - abi.pointer_width()))
}
