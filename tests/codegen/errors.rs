//! A malformed table stops the build with file, line, column, what was found and what was expected.

use crate::{
    abis,
    codegen::{self, Tables, abi::Target},
    contracts, vdso,
};
use std::collections::HashMap;

/// Small tables that are right: a 64-bit and a 32-bit ABI with two calls.
fn tables() -> HashMap<String, String> {
    [
        (
            "abi.tbl",
            "long\tx\t64\t64\t-\t-\t0\tcommon,64\tn.tbl\tx\tle:x\t8\nshort\ty\t32\t32\teven\t4096\t0\tcommon\tn.tbl\ty\tle:y,be:y\t4\n",
        ),
        ("n.tbl", "0\tcommon\tread\tsys_read\n1\t64\tlseek\tsys_lseek\n2\tcommon\told\n"),
        (
            "prototypes.tbl",
            "sys_read\t*\tlong\tunsigned int fd, struct buf *buf, size_t count\nsys_lseek\t*\tlong\tint fd, loff_t offset\n",
        ),
        ("prototypes.override.tbl", ""),
        ("contracts.tbl", "type Len = loff_t\n\nread(fd: fd, buf: out u8[count], count) -> len buf\nseek(fd: fd, offset: Len)\n    via seek | lseek\n    since 1.0\nomit old: no kernel implements it\n"),
        ("sys.tbl", "read\tlong\n\tpub fn read()\n"),
        ("raw.tbl", "ptr\tsys_read\tbuf\n"),
        ("man.tbl", "old\t-\n"),
        ("uapi.tbl", "struct\tbuf\t*\t16\t8\n\t0\t__u64 a\n\t8\t__u32 b:3\n\t8.3\t__u32 c:29\n\t12\tint d\ntypedef\tmode_t\t*\tunsigned int mode_t\n"),
        ("sets.tbl", "O\tflags\tint\tO_\tx.h\tFlags.\n\t0x1\tO_ONE\n"),
        ("errno.tbl", "EPERM\t*\t1\n"),
        ("errno.text.tbl", "EPERM\tnot permitted\n"),
        ("trap.tbl", "long\tle:0x2a\t3.4\tgo away\ta\tb,c,d\te\nshort\t0x2b\t1.0\ttrap\ta\tb,c,d\te\n"),
        ("since.tbl", "1.0\tread,old\n"),
        ("vdso.tbl", "read\tlong\tV_1\t__vdso_read\nread\tshort\tV_2\t__vdso_read\nlseek\tshort\tV_2\t__vdso_lseek\n"),
    ]
    .map(|(file, text)| (file.to_owned(), text.to_owned()))
    .into()
}

fn generate(texts: &HashMap<String, String>) -> Result<(), String> {
    let tables = Tables(texts);
    let run = || {
        let abis = tables.abis()?;
        let target = Target { abi: &abis[0], big_endian: false };
        codegen::generate(tables, &abis, target)?;
        vdso::generate(tables.get("vdso.tbl")?, &abis, target)?;
        abis::generate(tables, &abis, target)?;
        contracts::table::generate(tables)
    };
    run().map(drop).map_err(|error: codegen::error::Error| error.to_string())
}

/// Replaces a part of a table and expects the error.
#[track_caller]
fn refused(file: &str, part: &str, by: &str, error: &str) {
    let mut texts = tables();
    let text = texts.get_mut(file).unwrap();
    assert!(text.contains(part), "{file} has no {part:?}");
    *text = text.replacen(part, by, 1);
    assert_eq!(generate(&texts).unwrap_err(), error);
}

#[test]
fn right_tables_pass() {
    assert_eq!(generate(&tables()), Ok(()));
}

#[test]
fn missing_column() {
    refused(
        "n.tbl",
        "common\tread\tsys_read",
        "common",
        "tables/n.tbl:1:9: found the end of the line, expected the name of a call",
    );
}

#[test]
fn superfluous_column() {
    refused("man.tbl", "old\t-", "old\t-\tx", "tables/man.tbl:1:7: found `x`, expected the end of the line");
}

#[test]
fn malformed_number() {
    refused("n.tbl", "1\t64", "one\t64", "tables/n.tbl:2:1: found `one`, expected a number");
}

#[test]
fn malformed_identifier() {
    refused("n.tbl", "lseek", "l-seek", "tables/n.tbl:2:6: found `l-seek`, expected an identifier");
}

#[test]
fn duplicate_number() {
    refused(
        "n.tbl",
        "1\t64",
        "0\t64",
        "tables/n.tbl:2:1: found number 0 again, expected a call of its own: line 1 of n.tbl has it",
    );
}

#[test]
fn duplicate_name() {
    refused(
        "n.tbl",
        "lseek",
        "read",
        "tables/n.tbl:2:1: found name `read` again, expected a call of its own: line 1 of n.tbl has it",
    );
}

#[test]
fn missing_prototype() {
    refused(
        "n.tbl",
        "sys_lseek",
        "sys_llseek",
        "tables/n.tbl:2:12: found `sys_llseek`, expected an entry point that prototypes.tbl has for long",
    );
}

#[test]
fn duplicate_prototype() {
    refused(
        "prototypes.tbl",
        "sys_lseek\t*",
        "sys_read\t*",
        "tables/prototypes.tbl:2:1: found `sys_read` again, expected one row for long, which line 1 of prototypes.tbl has",
    );
}

#[test]
fn unknown_type() {
    refused(
        "prototypes.tbl",
        "int fd, loff_t",
        "int fd, whence_t",
        "tables/prototypes.tbl:2:26: found type `whence_t`, expected a type that uapi.tbl has for long",
    );
}

#[test]
fn unknown_struct() {
    refused(
        "prototypes.tbl",
        "int fd, loff_t",
        "int fd, struct where *",
        "tables/prototypes.tbl:2:26: found type `where`, expected a type that uapi.tbl has for long",
    );
}

#[test]
fn parameter_without_name() {
    refused(
        "prototypes.tbl",
        "loff_t offset",
        "loff_t",
        "tables/prototypes.tbl:2:32: found the end, expected the parameter's name",
    );
}

#[test]
fn result_with_a_name() {
    refused(
        "prototypes.tbl",
        "\tlong\tint",
        "\tlong x\tint",
        "tables/prototypes.tbl:2:13: found `long x`, expected a type alone",
    );
}

#[test]
fn no_type_of_c() {
    refused(
        "prototypes.tbl",
        "int fd, loff_t",
        "long short fd, loff_t",
        "tables/prototypes.tbl:2:18: found `long short`, expected a type of C",
    );
}

#[test]
fn unknown_abi() {
    refused(
        "prototypes.tbl",
        "sys_lseek\t*",
        "sys_lseek\tlong,pdp11",
        "tables/prototypes.tbl:2:16: found `pdp11`, expected an ABI of abi.tbl",
    );
}

#[test]
fn pairs_of_wide_registers() {
    refused(
        "abi.tbl",
        "64\t64\t-",
        "64\t64\teven",
        "tables/abi.tbl:1:14: found `even`, expected the pairing of an ABI whose registers have 64 bits",
    );
}

#[test]
fn unknown_kind_of_rule() {
    refused(
        "raw.tbl",
        "ptr",
        "pointer",
        "tables/raw.tbl:1:1: found `pointer`, expected `ptr`, `arg`, `never` or `omit`",
    );
}

#[test]
fn rule_for_no_parameter() {
    refused(
        "raw.tbl",
        "\tbuf",
        "\tbuffer",
        "tables/raw.tbl:1:14: found `buffer`, expected a parameter of sys_read, or `return`",
    );
}

#[test]
fn field_before_a_struct() {
    refused(
        "uapi.tbl",
        "struct\tbuf\t*\t16\t8\n",
        "",
        "tables/uapi.tbl:1:2: found `0`, expected a struct or union before its fields",
    );
}

#[test]
fn overlapping_fields() {
    refused(
        "uapi.tbl",
        "\t8\t__u32 b:3\n\t8.3\t__u32 c:29\n",
        "\t4\t__u32 b\n",
        "tables/uapi.tbl:3:4: found `b` at offset 4, expected offset 8 or more, as the fields before it and its alignment want",
    );
}

#[test]
fn alignment_below_the_fields() {
    refused(
        "uapi.tbl",
        "16\t8",
        "16\t4",
        "tables/uapi.tbl:1:8: found alignment 4 of `buf`, expected `packed`, or its fields' alignment, 8",
    );
}

#[test]
fn bit_field_across_integers() {
    refused(
        "uapi.tbl",
        "c:29",
        "c:30",
        "tables/uapi.tbl:4:6: found bit field `c` at bit 67, expected one that an integer of 32 bits at a multiple of its size holds",
    );
}

#[test]
fn duplicate_type() {
    refused(
        "uapi.tbl",
        "typedef\tmode_t",
        "typedef\tbuf",
        "tables/uapi.tbl:6:9: found `buf` again, expected one row for long, which line 1 of uapi.tbl has",
    );
}

#[test]
fn error_number_out_of_range() {
    refused(
        "errno.tbl",
        "\t1",
        "\t4096",
        "tables/errno.tbl:1:9: found `4096`, expected a number in 1..=4095",
    );
}

#[test]
fn error_without_text() {
    refused(
        "errno.text.tbl",
        "EPERM",
        "ENOENT",
        "tables/errno.tbl:1:1: found `EPERM`, expected an error that errno.text.tbl has",
    );
}

#[test]
fn missing_table() {
    let mut texts = tables();
    texts.remove("raw.tbl");
    assert_eq!(generate(&texts).unwrap_err(), "tables/raw.tbl:1:1: found no file, expected a table");
}

/// Replaces a part of contracts.tbl and expects the error.
#[track_caller]
fn contract_refused(part: &str, by: &str, error: &str) {
    refused("contracts.tbl", part, by, &format!("tables/contracts.tbl:{error}"));
}

#[test]
fn contract_without_a_parenthesis() {
    contract_refused("(fd: fd, buf", "fd: fd, buf", "3:7: found `:`, expected `(`");
}

#[test]
fn parameter_without_a_comma() {
    contract_refused("[count], count", "[count] count", "3:33: found `count`, expected `,` or `)`");
}

#[test]
fn parameter_twice() {
    contract_refused("fd: fd, buf", "buf: fd, buf", "3:15: found `buf` again, expected a name of its own");
}

#[test]
fn unknown_meaning() {
    contract_refused(
        "offset: Len",
        "offset: Length",
        "4:22: found type `Length`, expected an integer of Rust, a line `type`, a set of sets.tbl, or a type of uapi.tbl",
    );
}

#[test]
fn unknown_length() {
    contract_refused("u8[count]", "u8[size]", "3:26: found `size`, expected a parameter of the call");
}

#[test]
fn length_with_a_meaning() {
    contract_refused(
        "[count], count)",
        "[count], count: u32)",
        "3:26: found `count`, which has a meaning, expected a length: a parameter without a meaning",
    );
}

#[test]
fn unknown_buffer() {
    contract_refused("len buf", "len fd", "3:48: found `fd`, expected a buffer that the call writes");
}

#[test]
fn unknown_clause() {
    contract_refused(
        "    since 1.0",
        "    after 1.0",
        "6:5: found `after`, expected `does`, `via`, `since`, `unsafe`, `errors` or `man`",
    );
}

#[test]
fn clause_before_a_contract() {
    contract_refused(
        "type Len",
        "    since 1\ntype Len",
        "1:5: found an indented line, expected a call before it",
    );
}

#[test]
fn clause_of_an_omission() {
    contract_refused(
        "implements it\n",
        "implements it\n    since 1\n",
        "8:5: found an indented line, expected a contract before it",
    );
}

#[test]
fn omission_without_a_reason() {
    contract_refused(
        "old: no kernel implements it",
        "old:",
        "7:10: found the end of the line, expected a reason",
    );
}

#[test]
fn contract_and_omission() {
    contract_refused(
        "omit old",
        "omit read",
        "7:6: found `read` again, expected one entry for it, which line 3 has",
    );
}

#[test]
fn too_few_arguments() {
    contract_refused(
        "seek(fd: fd, offset: Len)",
        "seek(fd: fd)",
        "5:16: found 1 arguments for `lseek`, expected 2, as in `long sys_lseek(int fd, loff_t offset)`",
    );
}

#[test]
fn pointer_for_a_number() {
    contract_refused(
        "offset: Len",
        "offset: path",
        "4:14: found `offset`, a pointer, expected what `offset` of `sys_lseek(int fd, loff_t offset)` is",
    );
}

#[test]
fn number_for_a_pointer() {
    contract_refused(
        "read(fd: fd, buf: out u8[count], count) -> len buf",
        "read(fd: fd, buf: u64, count: usize)",
        "3:14: found `buf`, no pointer, expected what `buf` of `sys_read(unsigned int fd, struct buf *buf, size_t count)` is",
    );
}

#[test]
fn missing_const() {
    contract_refused(
        "buf: out u8[count], count) -> len buf",
        "buf: in u8[count], count)",
        "3:14: found `in`, or a string, for `buf` of `sys_read(unsigned int fd, struct buf *buf, size_t count)`, expected a const parameter, or a line `const read buf`",
    );
}

#[test]
fn memory_of_another_type() {
    contract_refused(
        "out u8[count]",
        "out u32[count]",
        "3:23: found `out u32`, that is u32, expected buf, as `buf` of `sys_read(unsigned int fd, struct buf *buf, size_t count)`",
    );
}

#[test]
fn value_wider_than_its_parameter() {
    contract_refused(
        "seek(fd: fd, offset: Len)\n    via seek | lseek",
        "seek(fd: u64, offset: Len)\n    via seek | lseek",
        "4:6: found `fd`, of type u64, expected what `fd` of `sys_lseek(int fd, loff_t offset)` is",
    );
}

#[test]
fn unknown_constant() {
    contract_refused(
        "offset: Len",
        "offset = SEEK",
        "4:23: found `SEEK`, expected a parameter, a number, `NULL` or a constant of sets.tbl",
    );
}

#[test]
fn line_before_a_function() {
    refused(
        "sys.tbl",
        "read\tlong\n",
        "",
        "tables/sys.tbl:1:2: found `pub fn read()`, expected the head of a function before its lines",
    );
}

#[test]
fn function_without_abis() {
    refused("sys.tbl", "\tlong", "", "tables/sys.tbl:1:5: found the end of the line, expected ABIs");
}

#[test]
fn vdso() {
    refused(
        "vdso.tbl",
        "read\tlong\tV",
        "re+ad\tlong\tV",
        "tables/vdso.tbl:1:1: found `re+ad`, expected an identifier",
    );
    refused("vdso.tbl", "long", "lung", "tables/vdso.tbl:1:6: found `lung`, expected an ABI of abi.tbl");
    refused(
        "vdso.tbl",
        "\tV_1\t__vdso_read",
        "",
        "tables/vdso.tbl:1:10: found the end of the line, expected the version of a symbol",
    );
    refused(
        "vdso.tbl",
        "\t__vdso_read",
        "",
        "tables/vdso.tbl:1:14: found the end of the line, expected a symbol",
    );
    refused("vdso.tbl", "__vdso_read", "a b", "tables/vdso.tbl:1:15: found `a b`, expected an identifier");
    refused("vdso.tbl", "_read", "_read\tx", "tables/vdso.tbl:1:27: found `x`, expected the end of the line");
    refused(
        "vdso.tbl",
        "short",
        "*",
        "tables/vdso.tbl:2:1: found `read` again, expected one row for long, which line 1 of vdso.tbl has",
    );
}

#[test]
fn a_call_that_the_vdso_lacks_is_a_constant_too() {
    let texts = tables();
    let tables = Tables(&texts);
    let abis = tables.abis().unwrap();
    let target = Target { abi: &abis[0], big_endian: false };
    let source = vdso::generate(tables.get("vdso.tbl").unwrap(), &abis, target).unwrap();
    assert_eq!(
        source,
        "/// `read`.\npub const READ: Option<Symbol> = Some(Symbol { name: c\"__vdso_read\", version: c\"V_1\" });\n\
         /// `lseek`.\npub const LSEEK: Option<Symbol> = None;\n"
    );
}

#[test]
fn data_of_all_abis() {
    refused(
        "trap.tbl",
        "short",
        "shore",
        "tables/trap.tbl:2:1: found the end of the table, expected a row of short",
    );
    refused(
        "trap.tbl",
        "short",
        "long",
        "tables/trap.tbl:2:1: found `long`, expected an ABI that has no row yet",
    );
    refused(
        "trap.tbl",
        "le:",
        "be:",
        "tables/trap.tbl:1:6: found `be:0x2a`, expected a number for each byte order of the ABI",
    );
    refused("trap.tbl", "0x2a", "2a", "tables/trap.tbl:1:9: found `2a`, expected a number");
    refused("trap.tbl", "3.4", "3.x", "tables/trap.tbl:1:14: found `3.x`, expected a release of Linux");
    refused(
        "trap.tbl",
        "3.4",
        "3.4.5.6",
        "tables/trap.tbl:1:14: found `3.4.5.6`, expected a release of Linux",
    );
    refused(
        "trap.tbl",
        "b,c,d\te\nshort",
        "b,c\te\nshort",
        "tables/n.tbl:1:15: found `sys_read`, expected an entry point whose arguments fit in 2 registers",
    );
    refused(
        "trap.tbl",
        "\te\n",
        "\n",
        "tables/trap.tbl:1:33: found the end of the line, expected the register of the result",
    );
    refused("since.tbl", "1.0", "one", "tables/since.tbl:1:1: found `one`, expected a release of Linux");
    refused(
        "since.tbl",
        "old",
        "old,read",
        "tables/since.tbl:1:14: found `read`, expected a call that neither contracts.tbl nor a line before has a release for",
    );
    refused("since.tbl", "old", "old\tvax", "tables/since.tbl:1:14: found `vax`, expected an ABI of abi.tbl");
    refused(
        "contracts.tbl",
        "since 1.0",
        "since then",
        "tables/contracts.tbl:6:11: found `then`, expected a release of Linux",
    );
}
