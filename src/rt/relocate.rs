//! Relocating the program itself: a position-independent executable without a dynamic linker has nobody else to do it.
//!
//! Until it is done no address may be read from memory: no table of strings or functions, no virtual call, no global offset
//! table. A call of another crate's function goes through that table unless the optimiser has inlined it, and without
//! optimisation even `wrapping_add` may be such a call. So what follows works on addresses as integers and calls nothing.

use super::arch::{RELATIVE, RELOCATION};

const WORD: usize = size_of::<usize>();
/// The type of a relocation is the low byte of `r_info` in 32-bit files, the low word in 64-bit ones.
const TYPE: usize = if WORD == 4 { 0xff } else { 0xffff_ffff };

/// Adds two words, wrapping, without a call or a check.
macro_rules! add {
    ($a:expr, $b:expr) => {
        ($a as u128 + $b as u128) as usize
    };
}

/// Reads the word at an address.
macro_rules! word {
    ($at:expr) => {
        *($at as *const usize)
    };
}

/// Applies the relocations between two addresses: `r_offset`, `r_info`, and `r_addend` unless the addend is in the place itself.
/// Other types than the relative one come from dynamic symbols, of which a program without shared libraries has none.
///
/// # Safety
///
/// The addresses enclose a relocation table of this program, loaded with this bias and not relocated yet.
#[inline(always)]
unsafe fn relocate(bias: usize, start: usize, end: usize) {
    let mut at = start;
    while at != end {
        // SAFETY: the caller says that the table lies here, and the linker that each entry's place lies in the program.
        unsafe {
            if word!(add!(at, WORD)) & TYPE == RELATIVE {
                let place = add!(word!(at), bias);
                let addend = if RELOCATION == 3 { word!(add!(at, 2 * WORD)) } else { word!(place) };
                *(place as *mut usize) = add!(addend, bias);
            }
        }
        at = add!(at, RELOCATION * WORD);
    }
}

/// Applies packed relocations (`DT_RELR`): an even word is an address to relocate, an odd one a bit map of the words that
/// follow.
///
/// # Safety
///
/// As for [`relocate`].
#[inline(always)]
unsafe fn relocate_packed(bias: usize, start: usize, end: usize) {
    let (mut at, mut next) = (start, 0);
    while at != end {
        // SAFETY: the caller says that the table lies here, and the linker that what it names lies in the program.
        unsafe {
            let entry = word!(at);
            if entry & 1 == 0 {
                let place = add!(entry, bias);
                *(place as *mut usize) = add!(word!(place), bias);
                next = add!(place, WORD);
            } else {
                let (mut bits, mut place) = (entry >> 1, next);
                while bits != 0 {
                    if bits & 1 != 0 {
                        *(place as *mut usize) = add!(word!(place), bias);
                    }
                    bits >>= 1;
                    place = add!(place, WORD);
                }
                next = add!(next, WORD * (8 * WORD - 1));
            }
        }
        at = add!(at, WORD);
    }
}

/// The program headers follow the ELF header in what every linker writes.
const EHDR: usize = if WORD == 4 { 52 } else { 64 };
const PHDR: usize = size_of::<ProgramHeader>();

#[repr(C)]
#[cfg(target_pointer_width = "64")]
struct ProgramHeader {
    kind: u32,
    flags: u32,
    offset: usize,
    vaddr: usize,
    paddr: usize,
    filesz: usize,
    memsz: usize,
    align: usize,
}

#[repr(C)]
#[cfg(target_pointer_width = "32")]
struct ProgramHeader {
    kind: u32,
    offset: usize,
    vaddr: usize,
    paddr: usize,
    filesz: usize,
    memsz: usize,
    flags: u32,
    align: usize,
}

const AT_PHDR: usize = 3;
const AT_PHNUM: usize = 5;

const PT_LOAD: u32 = 1;
const PT_DYNAMIC: u32 = 2;
const PT_INTERP: u32 = 3;

const DT_RELA: usize = 7;
const DT_RELASZ: usize = 8;
const DT_REL: usize = 17;
const DT_RELSZ: usize = 18;
const DT_RELRSZ: usize = 35;
const DT_RELR: usize = 36;

/// Relocates a program that was linked without the layout, whichever linker did it and in whichever way: what there is to do
/// stands in the program headers. One that has an interpreter was relocated by it.
///
/// # Safety
///
/// The program was entered with this stack and nothing has been relocated by itself.
#[inline(always)]
pub(super) unsafe fn relocate_by_headers(stack: *const usize) {
    let (mut headers, mut count) = (0, 0);
    let mut at = add!(stack as usize, WORD);
    // SAFETY: argv and envp end in a null word each; the auxiliary vector, pairs of tag and value, in a tag of 0.
    unsafe {
        while word!(at) != 0 {
            at = add!(at, WORD);
        }
        at = add!(at, WORD);
        while word!(at) != 0 {
            at = add!(at, WORD);
        }
        at = add!(at, WORD);
        while word!(at) != 0 {
            match word!(at) {
                AT_PHDR => headers = word!(add!(at, WORD)),
                AT_PHNUM => count = word!(add!(at, WORD)),
                _ => {}
            }
            at = add!(at, 2 * WORD);
        }
    }

    let (mut bias, mut dynamic) = (0, 0);
    at = headers;
    while count != 0 {
        // SAFETY: the kernel says that so many program headers lie here.
        let header = unsafe { &*(at as *const ProgramHeader) };
        match header.kind {
            PT_INTERP => return,
            PT_LOAD if header.offset == 0 => bias = headers - EHDR - header.vaddr,
            PT_DYNAMIC => dynamic = header.vaddr,
            _ => {}
        }
        at = add!(at, PHDR);
        count -= 1;
    }
    if dynamic == 0 {
        return;
    }

    let (mut rel, mut relsz, mut relr, mut relrsz) = (0, 0, 0, 0);
    at = add!(dynamic, bias);
    // SAFETY: the dynamic section, pairs of tag and value, ends in a tag of 0.
    unsafe {
        while word!(at) != 0 {
            let value = word!(add!(at, WORD));
            match word!(at) {
                DT_RELA | DT_REL => rel = value,
                DT_RELASZ | DT_RELSZ => relsz = value,
                DT_RELR => relr = value,
                DT_RELRSZ => relrsz = value,
                _ => {}
            }
            at = add!(at, 2 * WORD);
        }
    }
    let (rel, relr) = (add!(rel, bias), add!(relr, bias));
    // SAFETY: the dynamic section says so, and no interpreter was there to apply them.
    unsafe {
        relocate(bias, rel, add!(rel, relsz));
        relocate_packed(bias, relr, add!(relr, relrsz));
    }
}

/// Relocates a program that was linked with the layout: its script says where the table lies.
///
/// # Safety
///
/// The program was linked with one of the scripts in `link/`, and nothing has relocated it.
#[inline(always)]
pub(super) unsafe fn relocate_by_layout() {
    let (bias, start, end) = super::arch::relocations();
    // SAFETY: the script puts its origin at address 0, so that its address is the bias.
    unsafe { relocate(bias, start, end) }
}
