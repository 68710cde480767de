//! Thread-local variables: those of the only thread there is when the program starts, and what later ones need.
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

/// The memory that a thread needs for its variables.
#[derive(Clone, Copy)]
pub struct Room {
    /// From where the thread pointer points to where the variables begin, or back.
    before: usize,
    /// One less than what the thread pointer has to be a multiple of.
    mask: usize,
    /// How many bytes it takes, wherever they lie.
    pub size: usize,
}

impl Room {
    /// The room for the variables of this PT_TLS.
    #[inline]
    pub fn of(header: &ProgramHeader) -> Self {
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
        Self { before, mask, size: size + mask + 16 }
    }

    /// Gives the variables their first values, and tells where the thread pointer has to point.
    ///
    /// # Safety
    ///
    /// The room is that of this PT_TLS, of a program that has been relocated with this bias. At `at`, so many bytes are nobody's, and zero.
    #[inline]
    pub unsafe fn fill(self, at: usize, header: &ProgramHeader, bias: usize) -> usize {
        let mask = self.mask | 15;
        let (pointer, variables) = match TLS {
            Tls::Above(_) => {
                let pointer = (at + mask) & !mask;
                (pointer, pointer + self.before)
            }
            Tls::Below => {
                let pointer = (at + self.before + mask) & !mask;
                (pointer, pointer - self.before)
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
        }
        pointer
    }
}

/// Gives the variables of the program's first thread their memory and their first values, and points the thread pointer at them.
///
/// The memory is mapped: zero, and there wherever the program lies. Its break cannot always grow: qemu-user loads a position-independent
/// program right below something else now and then.
///
/// # Safety
///
/// To be called once, when the program has just been relocated with this bias, with its PT_TLS.
#[inline]
pub unsafe fn set_up(header: &ProgramHeader, bias: usize) -> crate::Result<usize> {
    let room = Room::of(header);
    // PROT_READ, PROT_WRITE; MAP_PRIVATE, MAP_ANONYMOUS; and no file.
    let (protection, flags, file) = (3, 0x22, c_ulong::MAX);
    // SAFETY: new memory, where nothing else is.
    let at =
        unsafe { map(core::ptr::null_mut(), room.size as c_ulong, protection, flags, file, 0)? } as usize;
    // SAFETY: the memory is new, and zero.
    unsafe { set_thread_pointer(room.fill(at, header, bias)) }
}
