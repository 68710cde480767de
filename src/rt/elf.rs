//! What the kernel leaves in memory of the program's file: the program headers.

/// An entry of the table.
#[derive(Clone, Copy)]
#[repr(C)]
#[cfg(target_pointer_width = "64")]
pub struct ProgramHeader {
    pub kind: u32,
    pub flags: u32,
    pub offset: usize,
    pub vaddr: usize,
    pub paddr: usize,
    pub filesz: usize,
    pub memsz: usize,
    pub align: usize,
}

/// An entry of the table.
#[derive(Clone, Copy)]
#[repr(C)]
#[cfg(target_pointer_width = "32")]
pub struct ProgramHeader {
    pub kind: u32,
    pub offset: usize,
    pub vaddr: usize,
    pub paddr: usize,
    pub filesz: usize,
    pub memsz: usize,
    pub flags: u32,
    pub align: usize,
}

/// The size of the ELF header, which the program headers follow in what every linker writes.
pub const EHDR: usize = if size_of::<usize>() == 4 { 52 } else { 64 };

/// Where the ELF header has the number of program headers, in two bytes.
pub const E_PHNUM: usize = EHDR - 8;

/// How far from where it was linked for a program lies, by its program headers where they lie.
#[inline]
pub fn bias(headers: &[ProgramHeader]) -> usize {
    headers
        .iter()
        .find(|header| header.kind == PT_LOAD && header.offset == 0)
        .map_or(0, |header| (headers.as_ptr() as usize).wrapping_sub(EHDR).wrapping_sub(header.vaddr))
}

pub const PT_LOAD: u32 = 1;
pub const PT_DYNAMIC: u32 = 2;
pub const PT_INTERP: u32 = 3;
pub const PT_TLS: u32 = 7;
pub const PT_GNU_RELRO: u32 = 0x6474_e552;
