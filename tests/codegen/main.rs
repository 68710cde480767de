//! The generator: what it writes, and what it says of bad tables.

#[path = "../../codegen/abis.rs"]
mod abis;
#[path = "../../codegen/mod.rs"]
#[expect(dead_code, reason = "the build script uses more of it")]
mod codegen;
#[path = "../../contracts/mod.rs"]
#[expect(dead_code, reason = "the tracer uses more of it")]
mod contracts;
#[path = "../../codegen/vdso.rs"]
mod vdso;

mod coverage;
mod data;
mod errors;
mod golden;
mod sets;
mod tables;
mod traps;

use codegen::{Tables, abi};
use std::{collections::HashMap, path::Path};

/// The texts of tables/.
fn texts() -> HashMap<String, String> {
    codegen::texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tables")).expect("the tables are texts")
}

/// Calls `check` with each ABI in each of its byte orders.
fn each_target(check: impl Fn(Tables<'_>, &[abi::Abi<'_>], abi::Target<'_>)) {
    let texts = texts();
    let tables = Tables(&texts);
    let abis = tables.abis().unwrap();
    for abi in &abis {
        for big_endian in [false, true] {
            if abi.has_order(big_endian) {
                check(tables, &abis, abi::Target { abi, big_endian });
            }
        }
    }
}
