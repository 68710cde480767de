//! Finding a function in an ELF image in memory.
//!
//! Nothing in the image is believed: what leads out of it, or does not end, makes the function one that is not there.
//!
//! System V ABI, "Dynamic Linking"; `Documentation/ABI/stable/vdso` in the kernel.

use crate::rt::elf::{PT_DYNAMIC, PT_LOAD, ProgramHeader};
use core::ffi::CStr;
use core::iter;

/// What may be read from any bytes.
///
/// # Safety
///
/// Whatever the bits are, they are a value of the type.
unsafe trait Plain: Copy {}

#[derive(Clone, Copy)]
#[repr(C)]
struct Header {
    ident: [u8; 16],
    kind: u16,
    machine: u16,
    version: u32,
    entry: usize,
    phoff: usize,
    shoff: usize,
    flags: u32,
    ehsize: u16,
    phentsize: u16,
    phnum: u16,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct Dynamic {
    tag: usize,
    value: usize,
}

#[cfg(target_pointer_width = "64")]
#[derive(Clone, Copy)]
#[repr(C)]
struct Symbol {
    name: u32,
    info: u8,
    other: u8,
    section: u16,
    value: usize,
    size: usize,
}

#[cfg(target_pointer_width = "32")]
#[derive(Clone, Copy)]
#[repr(C)]
struct Symbol {
    name: u32,
    value: usize,
    size: usize,
    info: u8,
    other: u8,
    section: u16,
}

/// What the defined versions are called; the first name of each is its own.
#[derive(Clone, Copy)]
#[repr(C)]
struct Definition {
    version: u16,
    flags: u16,
    index: u16,
    count: u16,
    hash: u32,
    names: u32,
    next: u32,
}

// SAFETY: integers and arrays of them, without padding that is read.
unsafe impl Plain for u16 {}
// SAFETY: as above.
unsafe impl Plain for u32 {}
// SAFETY: as above.
unsafe impl<const N: usize> Plain for [u32; N] {}
// SAFETY: as above.
unsafe impl Plain for Header {}
// SAFETY: as above.
unsafe impl Plain for ProgramHeader {}
// SAFETY: as above.
unsafe impl Plain for Dynamic {}
// SAFETY: as above.
unsafe impl Plain for Symbol {}
// SAFETY: as above.
unsafe impl Plain for Definition {}

/// Magic number, class, byte order and version.
const IDENT: [u8; 7] = [
    0x7f,
    b'E',
    b'L',
    b'F',
    if size_of::<usize>() == 4 { 1 } else { 2 },
    if cfg!(target_endian = "little") { 1 } else { 2 },
    1,
];
const ET_DYN: u16 = 3;
const PF_X: u32 = 1;

const DT_NULL: usize = 0;
const DT_HASH: usize = 4;
const DT_STRTAB: usize = 5;
const DT_SYMTAB: usize = 6;
const DT_GNU_HASH: usize = 0x6fff_fef5;
const DT_VERSYM: usize = 0x6fff_fff0;
const DT_VERDEF: usize = 0x6fff_fffc;

const STT_NOTYPE: u8 = 0;
const STT_FUNC: u8 = 2;
const STB_GLOBAL: u8 = 1;
const STB_WEAK: u8 = 2;
const SHN_UNDEF: u16 = 0;
/// The bit beside a symbol's version that hides it from who asks for no version.
const VERSYM_HIDDEN: u16 = 0x8000;
/// The definition of the file's own name.
const VER_FLG_BASE: u16 = 1;

/// The image, or as much of it as may be read.
#[derive(Clone, Copy)]
pub struct Image<'a> {
    bytes: &'a [u8],
    /// The segment that the image begins with.
    first: ProgramHeader,
}

impl<'a> Image<'a> {
    /// An image that begins with these bytes, if it is one for this machine.
    #[inline]
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        let first = headers(bytes)?.find(|header| header.kind == PT_LOAD && header.offset == 0)?;
        Some(Self { bytes, first })
    }

    /// How many bytes of a file the first segment says that it has.
    #[inline]
    pub fn len(self) -> usize {
        self.first.filesz
    }

    /// How far from the image's beginning the function lies.
    #[inline]
    pub fn find(self, name: &CStr, version: &CStr) -> Option<usize> {
        let tables = self.tables()?;
        (1..tables.count).find_map(|index| match self.symbol(&tables, index, name, version) {
            // An image that ends within its tables: no more of it is to be believed.
            None => Some(None),
            Some(false) => None,
            Some(true) => Some(self.address(&tables, index)),
        })?
    }

    /// Whether the symbol is that function.
    #[inline]
    fn symbol(self, tables: &Tables, index: usize, name: &CStr, version: &CStr) -> Option<bool> {
        let symbol: Symbol = self.read(element::<Symbol>(tables.symbols, index))?;
        Some(
            symbol.section != SHN_UNDEF
                && matches!(symbol.info & 15, STT_NOTYPE | STT_FUNC)
                && matches!(symbol.info >> 4, STB_GLOBAL | STB_WEAK)
                && self.string_is(tables, symbol.name, name)?
                && self.version_is(tables, index, version)?,
        )
    }

    /// Where the symbol lies, if that is in code.
    #[inline]
    fn address(self, tables: &Tables, index: usize) -> Option<usize> {
        let symbol: Symbol = self.read(element::<Symbol>(tables.symbols, index))?;
        let code = |header: ProgramHeader| {
            header.kind == PT_LOAD
                && header.flags & PF_X != 0
                && symbol.value.wrapping_sub(header.vaddr) < header.memsz
        };
        headers(self.bytes)?.any(code).then(|| self.place(symbol.value))
    }

    #[inline]
    fn string_is(self, tables: &Tables, at: u32, string: &CStr) -> Option<bool> {
        let bytes = self.bytes.get(tables.strings..)?.get(at as usize..)?;
        Some(bytes.starts_with(string.to_bytes_with_nul()))
    }

    /// Whether a symbol has the version. All have where there are no versions.
    #[inline]
    fn version_is(self, tables: &Tables, index: usize, version: &CStr) -> Option<bool> {
        let Some((symbols, definitions)) = tables.versions else { return Some(true) };
        let index = self.read::<u16>(element::<u16>(symbols, index))? & !VERSYM_HIDDEN;
        let mut at = definitions;
        loop {
            let definition: Definition = self.read(at)?;
            if definition.index & !VERSYM_HIDDEN == index && definition.flags & VER_FLG_BASE == 0 {
                let name = self.read::<u32>(at.checked_add(definition.names as usize)?)?;
                return self.string_is(tables, name, version);
            }
            if definition.next == 0 {
                return Some(false);
            }
            // Upwards, so that it ends.
            at = at.checked_add(definition.next as usize)?;
        }
    }

    /// The tables that the dynamic section names.
    #[inline]
    fn tables(self) -> Option<Tables> {
        let dynamic = headers(self.bytes)?.find(|header| header.kind == PT_DYNAMIC)?;
        let (mut symbols, mut strings) = (None, None);
        let (mut hash, mut gnu_hash, mut versym, mut verdef) = (None, None, None, None);
        for index in 0.. {
            let Dynamic { tag, value } = self.read(element::<Dynamic>(self.place(dynamic.vaddr), index))?;
            let place = Some(self.place(value));
            match tag {
                DT_NULL => break,
                DT_SYMTAB => symbols = place,
                DT_STRTAB => strings = place,
                DT_HASH => hash = place,
                DT_GNU_HASH => gnu_hash = place,
                DT_VERSYM => versym = place,
                DT_VERDEF => verdef = place,
                _ => {}
            }
        }
        let count = match (gnu_hash, hash) {
            (Some(at), _) => self.count_by_gnu_hash(at)?,
            (None, Some(at)) => self.read::<[u32; 2]>(at)?[1] as usize,
            (None, None) => return None,
        };
        Some(Tables { symbols: symbols?, strings: strings?, count, versions: versym.zip(verdef) })
    }

    /// The number of symbols, which this table tells by the end of its last chain.
    #[inline]
    fn count_by_gnu_hash(self, at: usize) -> Option<usize> {
        let [buckets, first, bloom, _] = self.read::<[u32; 4]>(at)?.map(|number| number as usize);
        let table = element::<usize>(at.wrapping_add(16), bloom);
        let mut last = 0;
        for index in 0..buckets {
            last = last.max(self.read::<u32>(element::<u32>(table, index))? as usize);
        }
        if last < first {
            return Some(first);
        }
        let chains = element::<u32>(table, buckets);
        loop {
            let hash: u32 = self.read(element::<u32>(chains, last - first))?;
            last = last.checked_add(1)?;
            if hash & 1 != 0 {
                return Some(last);
            }
        }
    }

    /// The distance of an address, as the image has it, from the image's beginning.
    #[inline]
    fn place(self, address: usize) -> usize {
        address.wrapping_sub(self.first.vaddr)
    }

    #[inline]
    fn read<T: Plain>(self, at: usize) -> Option<T> {
        read(self.bytes, at)
    }
}

/// What the dynamic section tells; places are distances from the image's beginning, and may lie outside.
struct Tables {
    symbols: usize,
    strings: usize,
    count: usize,
    /// Of the symbols, and what these numbers mean.
    versions: Option<(usize, usize)>,
}

/// The program headers, if the bytes are an image for this machine.
#[inline]
fn headers(bytes: &[u8]) -> Option<impl Iterator<Item = ProgramHeader>> {
    let header: Header = read(bytes, 0)?;
    if header.ident[..7] != IDENT
        || header.kind != ET_DYN
        || usize::from(header.phentsize) != size_of::<ProgramHeader>()
    {
        return None;
    }
    let mut indices = 0..usize::from(header.phnum);
    Some(iter::from_fn(move || read(bytes, element::<ProgramHeader>(header.phoff, indices.next()?))))
}

/// The place of an element in a table. What wraps around lies in the image or is refused there.
#[inline]
fn element<T>(table: usize, index: usize) -> usize {
    table.wrapping_add(index.wrapping_mul(size_of::<T>()))
}

#[inline]
fn read<T: Plain>(bytes: &[u8], at: usize) -> Option<T> {
    let bytes = bytes.get(at..)?.get(..size_of::<T>())?;
    // SAFETY: so many bytes are there, and any are a value.
    Some(unsafe { bytes.as_ptr().cast::<T>().read_unaligned() })
}

#[cfg(test)]
mod tests;
