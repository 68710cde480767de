//! What the generator writes for a few calls and types on four ABIs, kept in tests/golden/ so that a change of the generator shows in
//! review. `RING3_BLESS=1 cargo test --test codegen` writes the files anew.

use crate::{
    codegen::{Tables, abi::Target, sets, uapi},
    contracts::{self, sys},
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
fn table_of_sys_is_up_to_date() {
    let texts = texts();
    let found = contracts::table::generate(Tables(&texts)).unwrap_or_else(|error| panic!("{error}"));
    // The first line says what wrote it.
    let (_, table) = texts["sys.tbl"].split_once('\n').unwrap_or_default();
    compare(&found, table, "tables/sys.tbl", "cargo xtask contracts");
}

#[test]
fn table_of_meanings_is_up_to_date() {
    let texts = texts();
    let found = contracts::decode::generate(Tables(&texts)).unwrap_or_else(|error| panic!("{error}"));
    let (_, table) = texts["decode.tbl"].split_once('\n').unwrap_or_default();
    compare(&found, table, "tables/decode.tbl", "cargo xtask contracts");
}

#[test]
fn output_is_the_golden_one() {
    for (name, big_endian) in [("x86_64", false), ("i386", false), ("arm", false), ("mips_o32", true)] {
        let found = output(name, big_endian);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.rs"));
        if env::var_os("RING3_BLESS").is_some() {
            fs::write(&path, &found).unwrap();
        }
        let golden = fs::read_to_string(&path).unwrap_or_default();
        compare(
            &found,
            &golden,
            &format!("tests/golden/{name}.rs"),
            "RING3_BLESS=1 cargo test --test codegen",
        );
    }
}

/// Compares line by line, so that a difference is short.
fn compare(found: &str, file: &str, name: &str, command: &str) {
    for (line, (found, file)) in found.lines().zip(file.lines()).enumerate() {
        assert_eq!(found, file, "line {} of {name}, which `{command}` writes", line + 1);
    }
    assert_eq!(found.lines().count(), file.lines().count(), "lines of {name}, which `{command}` writes");
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
