//! What the generator writes for a few calls and types on four ABIs, kept in tests/golden/ so that a change of the generator shows in
//! review. `RING3_BLESS=1 cargo test --test codegen` writes the files anew.

use crate::{
    codegen::{Tables, abi::Target, contracts, sets, sys, uapi},
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
const CONTRACTS: [&str; 14] = [
    "write",
    "read",
    "openat",
    "open",
    "close",
    "pipe2",
    "getpid",
    "epoll_wait",
    "futex::wait",
    "accept",
    "lseek",
    "wait4",
    "preadv",
    "munmap",
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
    let (model, mut compounds) = tables.model(&abis, target).unwrap();
    let mut out = format!(
        "// What the generator writes for {name}: functions of `raw`, then of `sys`, then types of `uapi`.\n\n"
    );
    let calls = tables.calls(target).unwrap();
    for call in calls.iter().filter(|call| CALLS.contains(&call.name)) {
        out += &model
            .function(call)
            .unwrap()
            .unwrap_or_else(|| format!("// {} has no function.\n\n", call.name));
    }
    let contracts = contracts::parse(tables.get("contracts.tbl").unwrap()).unwrap();
    let sets = sets::parse(tables.get("sets.tbl").unwrap(), &abis, target).unwrap();
    let safe = sys::Model::new(&model, &contracts, &sets, &calls);
    for contract in contracts.contracts.iter().filter(|contract| CONTRACTS.contains(&&*contract.path())) {
        match safe.function(contract).unwrap() {
            Some(function) => out += &function.text,
            None => writeln!(out, "// {} is not there.\n", contract.path()).unwrap(),
        }
    }
    compounds.retain(|compound| TYPES.contains(&compound.name));
    let uapi = uapi::generate(&compounds, &model.types).unwrap();
    out + &uapi.types + &uapi.offsets
}
