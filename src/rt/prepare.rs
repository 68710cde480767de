//! What a program in the full layout has before `main`: thread-local variables, pages that are read-only from now on, constructors.
//!
//! The program headers and the linker's own symbols tell what there is, so that this works after every linker.

use super::arch::address;
use super::auxv::{AT_PAGESZ, AT_PHDR, AT_PHNUM};
use super::elf::{self, PT_GNU_RELRO, PT_INTERP, PT_TLS, ProgramHeader};
use super::env::Env;
use super::tls;
use core::ffi::{c_char, c_int};

/// What the elements of `.preinit_array` and `.init_array` are: they get what `main` gets in C.
type Constructor = unsafe extern "C" fn(c_int, *const *const c_char, *const *const c_char);

/// Prepares the program.
///
/// # Safety
///
/// To be called once, by the entry point, with the stack that the kernel made, when the program has just been relocated.
#[inline]
pub unsafe fn prepare(stack: *const usize) {
    // SAFETY: the caller's promise.
    let env = unsafe { Env::from_stack(stack) };
    // SAFETY: the kernel says that so many program headers lie there.
    let headers: &[ProgramHeader] = unsafe {
        match (env.aux(AT_PHDR), env.aux(AT_PHNUM)) {
            (Some(at), Some(count)) => core::slice::from_raw_parts(at as *const ProgramHeader, count),
            _ => &[],
        }
    };
    let bias = elf::bias(headers);
    // An interpreter has done all this but for the last constructors, which it leaves to libc.
    let interpreted = headers.iter().any(|header| header.kind == PT_INTERP);
    if !interpreted {
        let page = env.aux(AT_PAGESZ).unwrap_or(4096);
        for header in headers {
            // SAFETY: nothing has used a thread-local variable yet, and what is to be read-only was relocated.
            let done = unsafe {
                match header.kind {
                    PT_TLS => tls::set_up(header, bias),
                    PT_GNU_RELRO => protect(header, bias, page),
                    _ => Ok(0),
                }
            };
            if done.is_err() {
                // What a shell answers for a program that it cannot start.
                super::exit(126);
            }
        }
    }
    let first = address!("__preinit_array_start")..address!("__preinit_array_end");
    let second = address!("__init_array_start")..address!("__init_array_end");
    // SAFETY: the linker says that constructors lie there.
    unsafe {
        if !interpreted {
            construct(stack, first);
        }
        construct(stack, second);
    }
}

/// Makes the whole pages of a segment read-only.
///
/// # Safety
///
/// The header is the PT_GNU_RELRO of this program, loaded with this bias and relocated.
unsafe fn protect(header: &ProgramHeader, bias: usize, page: usize) -> crate::Result<usize> {
    const PROT_READ: core::ffi::c_ulong = 1;
    let start = header.vaddr.wrapping_add(bias);
    let end = start.wrapping_add(header.memsz) & !(page - 1);
    let start = start & !(page - 1);
    if start >= end {
        return Ok(0);
    }
    // SAFETY: the linker has put nothing else on these pages.
    unsafe { crate::raw::mprotect(start as *mut _, end - start, PROT_READ) }
}

/// Calls the functions of a table.
///
/// # Safety
///
/// A table of this program's constructors lies at these addresses.
unsafe fn construct(stack: *const usize, table: core::ops::Range<usize>) {
    // SAFETY: the stack begins with argc, argv and its null, and envp follows.
    unsafe {
        let argc = *stack;
        let argv = stack.wrapping_add(1);
        let envp = argv.wrapping_add(argc + 1);
        for at in table.step_by(size_of::<Constructor>()) {
            let constructor = *(at as *const Constructor);
            constructor(argc as c_int, argv.cast(), envp.cast());
        }
    }
}
