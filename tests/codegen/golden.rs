//! What the generator writes for a few calls and types on four ABIs, kept in tests/golden/ so that a change of the generator shows in
//! review. `RING3_BLESS=1 cargo test --test codegen` writes the files anew.

use crate::{
    codegen::{Tables, abi::Target, uapi},
    texts,
};
use std::{env, fmt::Write as _, fs, path::Path};

const CALLS: [&str; 11] = [
    "write",
    "exit",
    "getpid",
    "ioctl",
    "mmap",
    "mmap2",
    "pread64",
    "fallocate",
    "fadvise64_64",
    "arm_fadvise64_64",
    "epoll_ctl",
];
const TYPES: [&str; 4] = ["epoll_event", "timespec", "sigaction", "perf_event_attr"];

#[test]
fn output_is_the_golden_one() {
    for (name, big_endian) in [("x86_64", false), ("i386", false), ("arm", false), ("mips_o32", true)] {
        let found = output(name, big_endian);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.rs"));
        if env::var_os("RING3_BLESS").is_some() {
            fs::write(&path, &found).unwrap();
        }
        let golden = fs::read_to_string(&path).unwrap_or_default();
        for (line, (found, golden)) in found.lines().zip(golden.lines()).enumerate() {
            assert_eq!(found, golden, "line {} of tests/golden/{name}.rs", line + 1);
        }
        assert_eq!(found.lines().count(), golden.lines().count(), "lines of tests/golden/{name}.rs");
    }
}

fn output(name: &str, big_endian: bool) -> String {
    let texts = texts();
    let tables = Tables(&texts);
    let abis = tables.abis().unwrap();
    let abi = abis.iter().find(|abi| abi.name == name).unwrap();
    let target = Target { abi, big_endian };
    let (model, compounds) = tables.model(&abis, target).unwrap();
    let mut out =
        format!("// What the generator writes for {name}: functions of `raw`, then types of `uapi`.\n\n");
    for call in tables.calls(target).unwrap().iter().filter(|call| CALLS.contains(&call.name)) {
        out += &model
            .function(call)
            .unwrap()
            .unwrap_or_else(|| format!("// {} has no function.\n\n", call.name));
    }
    for compound in compounds.iter().filter(|compound| TYPES.contains(&compound.name)) {
        writeln!(out, "{}", uapi::generate(compound, &model.types).unwrap().trim_end()).unwrap();
        out.push('\n');
    }
    out
}
