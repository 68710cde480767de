//! Relocating the program itself: a position-independent executable without a dynamic linker has nobody else to do it.
//!
//! Until it is done no address may be read from memory: no table of strings or functions, no virtual call, no global offset
//! table. A call of another crate's function goes through that table unless the optimiser has inlined it, and without
//! optimisation even `wrapping_add` may be such a call. So what follows works on addresses as integers and calls nothing.

use super::arch::{RELATIVE, RELOCATION, address};
use super::auxv::{AT_PHDR, AT_PHNUM};
use super::elf::{EHDR, PT_DYNAMIC, PT_INTERP, PT_LOAD, ProgramHeader};

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

/// Applies one relocation, relative to the load bias: `r_offset`, `r_info`, and `r_addend` unless the addend is in the place itself.
///
/// # Safety
///
/// A relative relocation of this program lies at the address; the program is loaded with this bias, and not relocated yet.
#[inline(always)]
unsafe fn apply(bias: usize, at: usize) {
    // SAFETY: the caller says what lies here, and the linker that its place lies in the program.
    unsafe {
        let place = add!(word!(at), bias);
        let addend = if RELOCATION == 3 { word!(add!(at, 2 * WORD)) } else { word!(place) };
        *(place as *mut usize) = add!(addend, bias);
    }
}

/// Applies the relocations between two addresses. Other types than the relative one come from dynamic symbols, of which a program
/// without shared libraries has none.
///
/// # Safety
///
/// The addresses enclose a relocation table of this program, loaded with this bias and not relocated yet.
#[inline(always)]
unsafe fn relocate(bias: usize, start: usize, end: usize) {
    let mut at = start;
    while at != end {
        // SAFETY: the caller says that the table lies here.
        unsafe {
            if word!(add!(at, WORD)) & TYPE == RELATIVE {
                apply(bias, at);
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

const PHDR: usize = size_of::<ProgramHeader>();

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
pub unsafe fn relocate_by_headers(stack: *const usize) {
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

/// Relocates a program that was linked with a layout: its script says where the table lies, and has made sure that it holds
/// nothing but relative relocations. There is none without a script, and nothing to do.
///
/// # Safety
///
/// To be called before anything else, in a program that nothing has relocated if it was linked with a script of `link/`.
#[inline(always)]
pub unsafe fn relocate_by_layout() {
    let (mut at, end) = (address!("__ring3_relocations"), address!("__ring3_relocations_end"));
    if at == end {
        return;
    }
    let bias = address!("__ring3_origin");
    loop {
        // SAFETY: the script puts its origin at address 0, so that its address is the bias, and the table between the other two.
        unsafe { apply(bias, at) };
        at = add!(at, RELOCATION * WORD);
        if at == end {
            return;
        }
    }
}
