//! src/compat/memory.rs.

use super::*;

const MAP_PRIVATE_ANONYMOUS: usize = 0x22;
/// An address that is no error.
const ADDRESS: i64 = if WORD == 8 { 0x7123_4567_8000 } else { 0xf123_4000_u32.cast_signed() as i64 };

const BITS: usize = 3 * 64;

/// What x86_64 answers for an error: the kernel's `unsigned int`.
const UNSIGNED_EINVAL: i64 = if WORD == 8 { 0xffff_ffea } else { -22 };

macro_rules! mmap {
    ($fd:expr, $offset:expr) => {
        sys::mmap(arg(0x8123_4000), arg(0x8123_4501), arg(0x8123_4502), arg(0x8123_4503), $fd, $offset)
    };
}

adapted! { MEMORY:
    "mmap_pages" "sys::mmap"
        [answered!(MMAP2(
            word("addr", 0x8123_4000), word("length", 0x8123_4501), word("prot", 0x8123_4502),
            word("flags", 0x8123_4503), word("fd", 0x1234_5601), word("pages", 0xfedc_ba98)
        ) = ADDRESS)]
        values![number(ADDRESS as u64, WORD)], done(mmap!(Some(fd(0x1234_5601)), arg(0xfed_cba9_8000)));
    "mmap_pages" "sys::mmap (of nothing)"
        [forgotten!(MMAP2(
            word("addr", 0x8123_4000), word("length", 0x8123_4501), word("prot", 0x8123_4502),
            word("flags", 0x8123_4503), word("fd", usize::MAX), word("pages", 0)
        ))]
        ENOSYS, done(mmap!(None, 0));
    "mmap_pages" "sys::mmap (of a part of a page)" [] EINVAL, done(mmap!(None, arg(0x801)));
    "mmap_pages" "sys::mmap (of too much)" []
        Answer::Error(Errno::EOVERFLOW), done(mmap!(None, arg(0x1000_0000_0000)));
    "mmap_anonymous_block" "sys::mmap::anonymous"
        [answered!(MMAP(
            word("addr", 0), word("length", 0x8123_4504), word("prot", 0x8123_4505),
            word("flags", MAP_PRIVATE_ANONYMOUS), word("fd", usize::MAX), word("offset", 0)
        ) = ADDRESS)]
        values![number(ADDRESS as u64, WORD)],
        done(sys::mmap::anonymous(arg(0x8123_4504), arg(0x8123_4505)));
    "mmap_anonymous_block" "sys::mmap::anonymous (forgotten)"
        [forgotten!(MMAP(
            word("addr", 0), word("length", 0x8123_4506), word("prot", 0x8123_4507),
            word("flags", MAP_PRIVATE_ANONYMOUS), word("fd", usize::MAX), word("offset", 0)
        ))]
        ENOSYS, done(sys::mmap::anonymous(arg(0x8123_4506), arg(0x8123_4507)));

    "mincore_pages" "sys::mincore"
        [answered!(MINCORE(word("addr", 0x8123_4000), word("length", 0x2001), at("vec", 2, fill(0x70, 3))) = 0)]
        values![], done(sys::mincore(arg(0x8123_4000), arg(0x2001), list(2, 0x70, 3)));
    "mincore_pages" "sys::mincore (forgotten)"
        [forgotten!(MINCORE(word("addr", 0x8123_5000), word("length", 0x2000), at("vec", 2, fill(0x71, 2))))]
        ENOSYS, done(sys::mincore(arg(0x8123_5000), arg(0x2000), list(2, 0x71, 2)));
    "mincore_pages" "sys::mincore (without room)" []
        EINVAL, done(sys::mincore(arg(0x8123_4000), 0x2001, list(2, 0x70, 2)));

    "get_mempolicy_mask" "sys::get_mempolicy"
        [answered!(GET_MEMPOLICY(
            any("mode", Content::Room(4)), at("nodemask", 1, fill(0x72, 24)), word("maxnode", BITS),
            word("addr", 0x8123_4568), word("flags", 0x7123_4569)
        ) = 0, 0: number(0x1234_5601, 4))]
        values![number(0x1234_5601, 4)],
        done(sys::get_mempolicy(Some(list(1, 0x72, 3)), arg(0x8123_4568), arg(0x7123_4569)));
    "get_mempolicy_mask" "sys::get_mempolicy (without mask)"
        [forgotten!(GET_MEMPOLICY(
            any("mode", Content::Room(4)), word("nodemask", 0), word("maxnode", 0),
            word("addr", 0x8123_4570), word("flags", 0x7123_4571)
        ))]
        ENOSYS, done(sys::get_mempolicy(None, arg(0x8123_4570), arg(0x7123_4571)));

    "modify_ldt_int" "sys::modify_ldt"
        [answered!(MODIFY_LDT(int("func", 0x1234_5601), at("ptr", 1, fill(0x73, 77)), word("bytecount", 77)) = 66)]
        values![number(66, WORD)], done(sys::modify_ldt(arg(0x1234_5601), list(1, 0x73, 77)));
    "modify_ldt_int" "sys::modify_ldt (refused)"
        [answered!(MODIFY_LDT(int("func", 0x1234_5602), at("ptr", 1, fill(0x74, 76)), word("bytecount", 76)) = UNSIGNED_EINVAL)]
        EINVAL, done(sys::modify_ldt(arg(0x1234_5602), list(1, 0x74, 76)));
    "modify_ldt_read" "sys::modify_ldt::read"
        [answered!(MODIFY_LDT(int("func", 0), at("ptr", 0, fill(0x75, 75)), word("bytecount", 75)) = 65)]
        values![number(65, WORD)], done(sys::modify_ldt::read(list(0, 0x75, 75)));
    "modify_ldt_read" "sys::modify_ldt::read (refused)"
        [answered!(MODIFY_LDT(int("func", 0), at("ptr", 0, fill(0x76, 74)), word("bytecount", 74)) = UNSIGNED_EINVAL)]
        EINVAL, done(sys::modify_ldt::read(list(0, 0x76, 74)));
}
