//! A malformed table stops the build with file, line, column, what was found and what was expected.

use crate::codegen::{self, Tables, abi::Target};
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
        ("raw.tbl", "ptr\tsys_read\tbuf\n"),
        ("man.tbl", "old\t-\n"),
        ("uapi.tbl", "struct\tbuf\t*\t16\t8\n\t0\t__u64 a\n\t8\t__u32 b:3\n\t8.3\t__u32 c:29\n\t12\tint d\ntypedef\tmode_t\t*\tunsigned int mode_t\n"),
        ("sets.tbl", "O\tflags\tint\tO_\tx.h\tFlags.\n\t0x1\tO_ONE\n"),
        ("errno.tbl", "EPERM\t*\t1\n"),
        ("errno.text.tbl", "EPERM\tnot permitted\n"),
    ]
    .map(|(file, text)| (file.to_owned(), text.to_owned()))
    .into()
}

fn generate(texts: &HashMap<String, String>) -> Result<(), String> {
    let tables = Tables(texts);
    let run = || {
        let abis = tables.abis()?;
        codegen::generate(tables, &abis, Target { abi: &abis[0], big_endian: false })
    };
    run().map(drop).map_err(|error| error.to_string())
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
