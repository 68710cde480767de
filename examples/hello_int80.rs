//! Writes `Hello World!` from x86_64 code through the gate of i386: `int 0x80`, with i386's numbers for write and exit.
//!
//! That gate takes 32 bits of each register, so the text must lie below 4 GiB, where no position-independent program is loaded. Hence
//! `layout = fixed`: the program is linked at 4 MiB and stays there. Nothing else tells it from `hello`.
//!
//! A kernel may be built or booted without i386 (`CONFIG_IA32_EMULATION`, `ia32_emulation=off`). The gate is closed then, and the
//! program gets SIGSEGV, which it reports.
//!
//! ```sh
//! cargo run --release --example hello_int80
//! strace target/release/examples/hello_int80
//! ```

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

use ring3::{ExitCode, raw};

const STDERR: u32 = 2;

fn fail(message: &[u8], code: u8) -> ExitCode {
    // SAFETY: the kernel reads the bytes of the slice, no others. There is nobody to tell of a failure.
    let _ = unsafe { raw::write(STDERR, message.as_ptr().cast(), message.len()) };
    ExitCode::from(code)
}

#[cfg(target_arch = "x86_64")]
mod gate {
    use super::{fail, raw};
    use ring3::{ExitCode, arch::int80};

    const WRITE: u32 = 4;
    const EXIT: u32 = 1;

    const STDOUT: u32 = 1;
    static TEXT: [u8; 13] = *b"Hello World!\n";

    const SIGSEGV: i32 = 11;
    const SA_RESTORER: usize = 0x0400_0000;

    /// The kernel's `struct sigaction` of x86_64.
    #[repr(C)]
    struct Action {
        handler: extern "C" fn(i32) -> !,
        flags: usize,
        restorer: extern "C" fn(i32) -> !,
        mask: u64,
    }

    extern "C" fn closed(_: i32) -> ! {
        fail(b"hello_int80: this kernel has no i386 calls (SIGSEGV at int 0x80)\n", 1);
        // SAFETY: ends the program.
        unsafe { raw::exit_group(1) }
    }

    pub fn main() -> ExitCode {
        if u32::try_from(TEXT.as_ptr().addr()).is_err() {
            return fail(b"hello_int80: linked above 4 GiB: `layout = fixed` needs lld\n", 1);
        }

        // x86_64 wants a restorer, though this handler never returns to it.
        let action = Action { handler: closed, flags: SA_RESTORER, restorer: closed, mask: 0 };
        // SAFETY: the structure is the one that the kernel reads, and the handler does nothing but two calls. Without the handler
        // the signal would kill the program as well, unreported.
        let _ = unsafe { raw::rt_sigaction(SIGSEGV, (&raw const action).cast(), core::ptr::null_mut(), 8) };

        // SAFETY: the kernel reads the bytes of the text, whose address fits 32 bits; then the program ends.
        unsafe {
            match int80::syscall3(WRITE, STDOUT, TEXT.as_ptr(), TEXT.len()) {
                Ok(written) if written == TEXT.len() => int80::syscall1_noreturn(EXIT, 0),
                _ => fail(b"hello_int80: i386's write failed\n", 1),
            }
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod gate {
    pub fn main() -> ring3::ExitCode {
        super::fail(b"hello_int80: only x86_64 has the gate of another architecture\n", 2)
    }
}

ring3::entry!(gate::main, layout = fixed);
