//! Entering the program: one file per instruction set, all with the same items.
//!
//! - `MACHINE`, `FLAGS`: what the ELF header says of the instruction set
//! - `PAGE`: what keeps code and data apart
//! - `RELOCATION`, `RELATIVE`: the linker's relocations
//! - `relocations()`: three addresses out of the layout's script, found without the global offset table, which is not
//!   relocated yet
//! - `TLS`, `map`, `set_thread_pointer()`, `ThreadPointer`: thread-local variables
//! - `__ring3_start!`: the entry point
//! - `__ring3_crt!`: the way in without the script
//! - `__ring3_owed!`: symbols that only this instruction set's programs need

cfg_if::cfg_if! {
    if #[cfg(target_arch = "x86_64")] {
        mod x86_64;
        pub use x86_64::*;
    } else if #[cfg(target_arch = "x86")] {
        mod x86;
        pub use x86::*;
    } else if #[cfg(target_arch = "aarch64")] {
        mod aarch64;
        pub use aarch64::*;
    } else if #[cfg(target_arch = "arm")] {
        mod arm;
        pub use arm::*;
    } else if #[cfg(any(target_arch = "riscv64", target_arch = "riscv32"))] {
        mod riscv;
        pub use riscv::*;
    } else {
        compile_error!("ring3 cannot enter programs of this instruction set: it wants a file in src/rt/arch/");
    }
}

/// A thread pointer that is its address and no more.
pub struct Address(usize);

impl Address {
    /// The address for a thread that this one makes.
    #[inline]
    pub const fn new(address: usize) -> Self {
        Self(address)
    }

    /// The word that clone takes.
    #[inline]
    pub const fn word(&self) -> usize {
        self.0
    }
}
