//! Thread-local variables of the only thread there is when the program starts.
//!
//! The ABIs agree on this much: the thread pointer is a multiple of the variables' alignment, and the linker has fixed each
//! variable's distance from it. "ELF Handling For Thread-Local Storage", Drepper; `getTlsTpOffset` in lld.

use super::arch::{TLS, map, set_thread_pointer};
use super::elf::ProgramHeader;
use core::ffi::c_ulong;

/// On which side of the thread pointer the variables lie.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Above it, after a gap of so many bytes.
    Above(usize),
    /// Right below it; it points to its own address.
    Below,
}

/// What lies at and above the thread pointer where the variables lie below it: the address itself, and what C code
/// looks for nearby, the stack protector's word.
const CONTROL: usize = 16 * size_of::<usize>();

/// Gives the variables their memory and their first values, and points the thread pointer at them.
///
/// The memory is mapped: zero, and there wherever the program lies. Its break cannot always grow: qemu-user loads a position-independent
/// program right below something else now and then.
///
/// # Safety
///
/// To be called once, when the program has just been relocated with this bias, with its PT_TLS.
#[inline]
pub unsafe fn set_up(header: &ProgramHeader, bias: usize) -> crate::Result<usize> {
    let mask = header.align.max(1) - 1;
    // What the variables' address is above a multiple of the alignment, they have to be here, too.
    let before = match TLS {
        Tls::Above(gap) => gap + (header.vaddr.wrapping_sub(gap) & mask),
        Tls::Below => header.memsz + (header.vaddr.wrapping_add(header.memsz).wrapping_neg() & mask),
    };
    let size = match TLS {
        Tls::Above(_) => before + header.memsz,
        Tls::Below => before + CONTROL,
    };
    // PROT_READ, PROT_WRITE; MAP_PRIVATE, MAP_ANONYMOUS; and no file.
    let (protection, flags, file) = (3, 0x22, c_ulong::MAX);
    let length = (size + mask + 16) as c_ulong;
    // SAFETY: new memory, where nothing else is.
    let room = unsafe { map(core::ptr::null_mut(), length, protection, flags, file, 0)? } as usize;
    let mask = mask | 15;
    let (pointer, variables) = match TLS {
        Tls::Above(_) => {
            let pointer = (room + mask) & !mask;
            (pointer, pointer + before)
        }
        Tls::Below => {
            let pointer = (room + before + mask) & !mask;
            (pointer, pointer - before)
        }
    };
    // SAFETY: the image is in the program, the memory is new and large enough for both.
    unsafe {
        let image = header.vaddr.wrapping_add(bias) as *const u8;
        // By name: as an operation of core's it would bring the program's memcpy into every file.
        super::mem::memcpy(variables as *mut u8, image, header.filesz);
        if TLS == Tls::Below {
            *(pointer as *mut usize) = pointer;
        }
        set_thread_pointer(pointer)
    }
}
