//! Where control goes beside calls: out of a signal handler. One file per instruction set, all with the same items.
//!
//! - `SA_RESTORER`, `set_restorer()`: what a handler returns to, where that is the program's to say
//! - `program_counter()`, `set_program_counter()`, `stack_pointer()`: the registers of interrupted code

cfg_if::cfg_if! {
    if #[cfg(target_arch = "x86_64")] {
        mod x86_64;
        use x86_64 as this;
    } else if #[cfg(target_arch = "x86")] {
        mod x86;
        use x86 as this;
    } else if #[cfg(target_arch = "aarch64")] {
        mod aarch64;
        use aarch64 as this;
    } else if #[cfg(target_arch = "arm")] {
        mod arm;
        use arm as this;
    } else if #[cfg(any(target_arch = "riscv64", target_arch = "riscv32"))] {
        mod riscv;
        use riscv as this;
    } else {
        compile_error!("ring3 has no signal handlers for this instruction set: it wants a file in src/arch/flow/");
    }
}

pub use this::{SA_RESTORER, program_counter, set_program_counter, set_restorer, stack_pointer};
