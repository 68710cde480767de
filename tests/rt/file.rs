//! What the ELF file says of itself.

use object::elf::{FileHeader64, PF_W, PF_X, PT_DYNAMIC, PT_GNU_STACK, PT_INTERP, PT_LOAD, ProgramHeader64};
use object::read::elf::{FileHeader, ProgramHeader};
use object::{Endianness, Object, ObjectSymbol};

fn header(bytes: &[u8]) -> (&FileHeader64<Endianness>, Endianness, &[ProgramHeader64<Endianness>]) {
    let header = FileHeader64::<Endianness>::parse(bytes).unwrap();
    let endian = header.endian().unwrap();
    (header, endian, header.program_headers(endian, bytes).unwrap())
}

pub struct Segment {
    pub address: u64,
    pub size: u64,
    pub writable: bool,
}

/// The segments that the kernel maps.
pub fn loaded(bytes: &[u8]) -> impl Iterator<Item = Segment> {
    let (_, endian, headers) = header(bytes);
    headers.iter().filter(move |header| header.p_type(endian) == PT_LOAD).map(move |header| Segment {
        address: header.p_vaddr(endian),
        size: header.p_memsz(endian),
        writable: header.p_flags(endian).contains(PF_W),
    })
}

/// No page is both written and executed, and the stack is not executable.
pub fn check_protection(bytes: &[u8]) {
    let (_, endian, headers) = header(bytes);
    let page = |header: &ProgramHeader64<_>| {
        let (start, align) = (header.p_vaddr(endian), header.p_align(endian));
        (start & !(align - 1), (start + header.p_memsz(endian)).next_multiple_of(align))
    };
    let loads: Vec<_> = headers.iter().filter(|header| header.p_type(endian) == PT_LOAD).collect();
    for first in loads.iter().filter(|header| header.p_flags(endian).contains(PF_W)) {
        for second in loads.iter().filter(|header| header.p_flags(endian).contains(PF_X)) {
            let (first, second) = (page(first), page(second));
            assert!(
                first.1 <= second.0 || second.1 <= first.0,
                "{first:x?} is written, {second:x?} executed"
            );
        }
    }
    let stack: Vec<_> = headers.iter().filter(|header| header.p_type(endian) == PT_GNU_STACK).collect();
    assert_eq!(stack.len(), 1);
    assert!(!stack[0].p_flags(endian).contains(PF_X));
}

/// The file has the form that `link/` gives it.
pub fn check_layout(bytes: &[u8], kind: object::elf::FileType) {
    check_protection(bytes);
    let (file, endian, headers) = header(bytes);
    assert_eq!(file.e_type(endian), kind);
    assert_eq!((file.e_shoff(endian), file.e_shnum(endian)), (0, 0), "section headers");
    assert!(headers.iter().all(|header| header.p_type(endian) != PT_INTERP));
    let mapped = headers.iter().filter(|header| header.p_filesz(endian) != 0);
    let end = mapped.map(|header| header.p_offset(endian) + header.p_filesz(endian)).max();
    assert_eq!(end, Some(bytes.len() as u64), "nothing follows what is mapped");
    for load in headers.iter().filter(|header| header.p_type(endian) == PT_LOAD) {
        let align = load.p_align(endian);
        assert_eq!(load.p_vaddr(endian) % align, load.p_offset(endian) % align);
    }
}

/// The file names an interpreter, but has no dynamic section for it.
pub fn misleads_its_interpreter(bytes: &[u8]) -> bool {
    let (_, endian, headers) = header(bytes);
    let has = |kind| headers.iter().any(|header| header.p_type(endian) == kind);
    has(PT_INTERP) && !has(PT_DYNAMIC)
}

/// The functions that the file takes from shared libraries.
pub fn imports(bytes: &[u8]) -> Vec<String> {
    let file = object::File::parse(bytes).unwrap();
    let imports = file.dynamic_symbols().filter(ObjectSymbol::is_undefined);
    imports.map(|symbol| symbol.name().unwrap().to_owned()).collect()
}
