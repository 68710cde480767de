//! Writes `Hello World!` and exits with 0 in 129 bytes: `hello`, with everything given up that a program of x86_64 can live without.
//!
//! It shows how far one `cargo build` gets, without a tool that works on the file afterwards: a file header that is also
//! the program header's first bytes, data in fields that the kernel does not read, and code that the compiler wrote, out of two calls of
//! the library.
//!
//! ```sh
//! cargo build --release --example smallest
//! wc -c target/release/examples/smallest
//! strace target/release/examples/smallest
//! ```
//!
//! # Every byte
//!
//! | offset | bytes | what | kept because |
//! |---|---|---|---|
//! | 0x00 | `7f 45 4c 46` | `\x7fELF` | the kernel looks at these four alone |
//! | 0x04 | `02 01 01 00` | 64 bits, little-endian, version 1, System V | for `file`, `readelf`, `gdb`: the kernel would take a text here |
//! | 0x08 | 8 × `00` | padding | free |
//! | 0x10 | `02 00` | `ET_EXEC`: lies where it says | read |
//! | 0x12 | `3e 00` | x86_64 | read |
//! | 0x14 | `01 00 00 00` | version 1 | for the tools |
//! | 0x18 | `68 00 40 00 ..` | the entry, 0x400068 | read |
//! | 0x20 | `38 00 ..` | the program header begins at 0x38 | read |
//! | 0x28 | `Hello World!\n`, `00` | offset of the section headers, flags, and size of this header, if anyone asked | the text |
//! | 0x36 | `38 00` | a program header has 56 bytes | read |
//! | 0x38 | `01 00` `00 00` | one program header, sections of 0 bytes; also `PT_LOAD` | read, twice |
//! | 0x3c | `05 00` `00 00` | 5 sections, which nobody finds; also `PF_R`, `PF_X` | read, as the flags |
//! | 0x40 | 8 × `00` | from the file's begin .. | read |
//! | 0x48 | `00 00 40 00 ..` | .. to 4 MiB: any user may map there, unlike at 0 | read |
//! | 0x50 | 8 × `00` | physical address | free |
//! | 0x58 | `81 00 ..` | 129 bytes of the file | read |
//! | 0x60 | `81 00 ..` | 129 bytes in memory | read |
//! | 0x68 | `6a 01 58` | `push 1`, `pop rax`: write. The first eight bytes of code are also the segment's alignment: no power of two, and so ignored | |
//! | 0x6b | `6a 0d 5a` | `push 13`, `pop rdx`: as many bytes | |
//! | 0x6e | `be 28 00 40 00` | `mov esi, 0x400028`: the text | |
//! | 0x73 | `48 89 c7` | `mov rdi, rax`: standard output is 1, too | |
//! | 0x76 | `0f 05` | `syscall` | |
//! | 0x78 | `6a 3c 58` | `push 60`, `pop rax`: exit | |
//! | 0x7b | `31 ff` | `xor edi, edi`: 0 | |
//! | 0x7d | `0f 05` | `syscall` | |
//! | 0x7f | `eb fe` | a loop without end: the compiler does not know that the call does not return | |
//!
//! # What is given up
//!
//! - `entry!` and all that it does: relocation, arguments, panics with a message, an aligned stack.
//! - Addresses that differ from run to run: the program always lies at 4 MiB.
//! - `PT_GNU_STACK`, 56 bytes. Since Linux 5.8 a 64-bit program of x86_64 without it has a stack that is not executable all the
//!   same; before, it had one that is. The code itself is never writable.
//! - Whether the text was written: nobody looks at write's result.
//! - Other linkers than lld, other settings than `opt-level = "z"` and LTO. On other architectures than x86_64 there is only a message.
//!
//! Less is possible by hand, where the code lies in the free fields, too: 85 bytes. The compiler puts a function in one piece.

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64", panic = "abort", not(debug_assertions)))]
mod smallest {
    use ring3::{Sysno, raw, syscall};

    // link/ring3-smallest.x puts this first, and the code after it.
    core::arch::global_asm!(
        ".pushsection .deplibs,\"MS\",@llvm_dependent_libraries,1",
        ".asciz \"ring3-smallest.x\"",
        ".popsection",
        ".pushsection .smallest.headers,\"ax\",@progbits",
        "__smallest_headers:",
        ".byte 0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0",
        ".quad 0",
        ".short 2, 62",
        ".long 1",
        ".quad {at} + 0x68, 0x38",
        ".ascii \"Hello World!\\n\\0\"",
        ".short 0x38",
        ".long 1, 5",
        ".quad 0, {at}, 0",
        ".quad __smallest_end - __smallest_headers, __smallest_end - __smallest_headers",
        ".popsection",
        at = const AT,
    );

    const AT: usize = 0x40_0000;
    const TEXT: *const core::ffi::c_char = core::ptr::without_provenance(AT + 0x28);

    #[unsafe(no_mangle)]
    unsafe extern "C" fn __smallest() -> ! {
        // SAFETY: the kernel reads the text, which lies where the headers were put; then the program ends.
        unsafe {
            let _ = raw::write(1, TEXT.cast(), 13);
            let _ = syscall!(Sysno::EXIT, 0);
        }
        loop {}
    }

    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
        loop {}
    }
}

/// What takes the program's place in a dev build, which the compiler does not make small, and on other architectures.
#[cfg(not(all(
    target_arch = "x86_64",
    target_pointer_width = "64",
    panic = "abort",
    not(debug_assertions)
)))]
mod substitute {
    use ring3::{ExitCode, raw};

    fn write(fd: u32, text: &[u8]) -> bool {
        // SAFETY: the kernel reads the bytes of the slice, no others.
        let written = unsafe { raw::write(fd, text.as_ptr().cast(), text.len()) };
        written == Ok(text.len())
    }

    pub fn main() -> ExitCode {
        if cfg!(all(target_arch = "x86_64", target_pointer_width = "64")) {
            return if write(1, b"Hello World!\n") { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
        write(2, b"smallest: only for x86_64\n");
        ExitCode::from(2)
    }

    ring3::entry!(main);
}
