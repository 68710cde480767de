//! What a thread needs to know of the program that makes it: who has started it, and which thread-local variables it has.
//!
//! [`entry!`](crate::entry) alone defines the function that tells. A program without it that makes threads does not link; the linker names what is missing,
//! `__ring3_thread_needs_entry`.

use super::arch::address;
use super::elf::{self, E_PHNUM, EHDR, PT_DYNAMIC, PT_INTERP, PT_TLS, ProgramHeader};
use super::tls::Room;
use crate::{Errno, Result};

/// Who has started the program, and how it was linked.
#[derive(Clone, Copy)]
pub enum Program {
    /// A libc, which has its own idea of a thread.
    Hosted,
    /// `entry!`, in a layout that has no thread-local variables.
    Plain,
    /// `entry!`, by a linker's own layout: the ELF header is at this address.
    Full(usize),
}

/// The program, if the linker has laid it out by itself.
#[inline]
pub fn full() -> Program {
    Program::Full(address!("__ehdr_start"))
}

/// The program, if a script has laid it out, unless the linker does not read scripts.
#[inline]
pub fn laid_out() -> Program {
    // One address where no script has defined them: the labels are the program's own then.
    if address!("__ring3_origin") == address!("__ring3_relocations") { full() } else { Program::Plain }
}

/// Defines what tells of the program, as it was linked or for whoever has started it.
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_threads {
    ($how:expr) => {
        const _: () = {
            #[unsafe(no_mangle)]
            fn __ring3_thread_needs_entry() -> $crate::rt::threads::Program {
                $how
            }
        };
    };
}

unsafe extern "Rust" {
    /// What `entry!` defines, and whoever else defines it promises that it is right.
    safe fn __ring3_thread_needs_entry() -> Program;
}

/// The thread-local variables of the program.
pub struct Variables {
    header: &'static ProgramHeader,
    bias: usize,
    room: Room,
}

impl Variables {
    /// How many bytes they need.
    #[inline]
    pub fn size(&self) -> usize {
        self.room.size
    }

    /// Gives a thread's own their first values, and tells where its thread pointer has to point.
    ///
    /// # Safety
    ///
    /// At `at`, so many bytes are nobody's, and zero.
    #[inline]
    pub unsafe fn fill(&self, at: usize) -> usize {
        // SAFETY: the header is this program's; the rest is the caller's promise.
        unsafe { self.room.fill(at, self.header, self.bias) }
    }
}

/// The variables that a thread needs, if there are any; `ENOSYS` where ring3 does not know all that a thread needs.
#[inline]
pub fn variables() -> Result<Option<Variables>> {
    let file = match __ring3_thread_needs_entry() {
        Program::Hosted => return Err(Errno::ENOSYS),
        Program::Plain => return Ok(None),
        Program::Full(file) => file,
    };
    // SAFETY: the linker says that the ELF header lies there, in memory that nobody writes to; the program headers follow it.
    let headers: &[ProgramHeader] = unsafe {
        let count = *((file + E_PHNUM) as *const u16);
        core::slice::from_raw_parts((file + EHDR) as *const ProgramHeader, count.into())
    };
    let bias = elf::bias(headers);
    let find = |kind| headers.iter().find(|header| header.kind == kind);
    if find(PT_INTERP).is_some()
        && let Some(dynamic) = find(PT_DYNAMIC)
        // SAFETY: the header says that the section is there.
        && unsafe { needs_library(dynamic.vaddr.wrapping_add(bias)) }
    {
        return Err(Errno::ENOSYS);
    }
    Ok(find(PT_TLS).map(|header| Variables { header, bias, room: Room::of(header) }))
}

/// Whether an interpreter has loaded a library with the program: it may have variables of its own.
///
/// # Safety
///
/// The program's dynamic section lies there.
unsafe fn needs_library(section: usize) -> bool {
    const DT_NULL: usize = 0;
    const DT_NEEDED: usize = 1;
    let mut entry = section as *const [usize; 2];
    loop {
        // SAFETY: pairs of tag and value, which end in a tag of 0.
        match unsafe { *entry } {
            [DT_NEEDED, _] => return true,
            [DT_NULL, _] => return false,
            _ => entry = entry.wrapping_add(1),
        }
    }
}
