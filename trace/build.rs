//! Writes the lists of the target's calls: how each is made, and what the kernel must then see.

#[path = "../codegen/mod.rs"]
#[expect(dead_code, reason = "ring3's own build script uses more of it")]
mod codegen;
#[path = "../contracts/mod.rs"]
#[expect(dead_code, reason = "what writes the functions of sys has no part in this")]
mod contracts;
#[path = "build/expect.rs"]
mod expect;
#[path = "build/functions.rs"]
mod functions;
#[path = "build/memory.rs"]
mod memory;
#[path = "build/places.rs"]
mod places;
#[path = "build/types.rs"]
mod types;

use codegen::{Tables, abi};
use std::{env, error::Error, fs, path::Path, process::ExitCode};

fn main() -> ExitCode {
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../tables");
    let texts = codegen::texts(Path::new("../tables"))?;
    let tables = Tables(&texts);
    let abis = tables.abis()?;
    let (arch, width) = (env::var("CARGO_CFG_TARGET_ARCH")?, env::var("CARGO_CFG_TARGET_POINTER_WIDTH")?);
    let abi = abi::select(&abis, &arch, width.parse()?).ok_or("tables/abi.tbl has no such ABI")?;
    let target = abi::Target { abi, big_endian: env::var("CARGO_CFG_TARGET_ENDIAN")? == "big" };
    let (model, _) = tables.model(&abis, target)?;
    let calls = tables.calls(target)?;
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("calls.rs"), expect::list(&calls, &model)?)?;
    let contracts = contracts::parse(tables.get("contracts.tbl")?)?;
    let files = [tables.get("sets.tbl")?, tables.get("uapi.tbl")?];
    let text = functions::list(&contracts, &calls, &model, &abis, files)?;
    let (names, adapters) = functions::names(tables.get("sys.tbl")?, &abis, target)?;
    fs::write(Path::new(&out).join("sys.rs"), text + &names)?;
    println!("cargo::rustc-check-cfg=cfg(adapter, values(any()))");
    for adapter in adapters {
        println!("cargo::rustc-cfg=adapter=\"{adapter}\"");
    }
    Ok(())
}
