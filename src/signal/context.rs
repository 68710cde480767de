//! The state of interrupted code.
//!
//! The fields are the processor's; what every processor has is also a function here.

use super::ucontext;
use crate::arch::flow;

impl ucontext {
    /// The address of the instruction that is next: for a fault, of the one that has not been done.
    #[must_use]
    #[inline]
    pub fn program_counter(&self) -> usize {
        flow::program_counter(self)
    }

    /// Lets the program go on elsewhere when the handler returns.
    #[inline]
    pub fn set_program_counter(&mut self, address: usize) {
        flow::set_program_counter(self, address);
    }

    /// The stack pointer.
    #[must_use]
    #[inline]
    pub fn stack_pointer(&self) -> usize {
        flow::stack_pointer(self)
    }
}
