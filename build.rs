//! Turns the tables of the target's ABI into code.

#[cfg(feature = "tables")]
#[path = "codegen/abis.rs"]
mod abis;
#[path = "codegen/mod.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod codegen;
#[cfg(feature = "tables")]
#[path = "codegen/decode.rs"]
mod decode;
#[path = "build/link.rs"]
mod link;
#[cfg(feature = "runtime")]
#[path = "codegen/vdso.rs"]
mod vdso;

use codegen::{Tables, abi};
use std::{env, error::Error, fs, path::Path, process::ExitCode};

fn main() -> ExitCode {
    println!("cargo::rustc-check-cfg=cfg(ring3_thumb)");
    // For the tests: asserts the offset of every field of `uapi`.
    println!("cargo::rustc-check-cfg=cfg(ring3_offsets)");
    if makes_thumb() {
        println!("cargo::rustc-cfg=ring3_thumb");
    }
    link::emit();
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the code for the target into `OUT_DIR`.
fn generate() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=tables");
    let texts = codegen::texts(Path::new("tables"))?;
    let tables = Tables(&texts);
    let abis = tables.abis()?;
    let (arch, width) = (env::var("CARGO_CFG_TARGET_ARCH")?, env::var("CARGO_CFG_TARGET_POINTER_WIDTH")?);
    let abi = abi::select(&abis, &arch, width.parse()?)
        .filter(|_| matches!(env::var("CARGO_CFG_TARGET_OS").as_deref(), Ok("linux" | "android")))
        .ok_or_else(|| {
            format!(
                "{} is no target with an ABI of Linux that tables/abi.tbl has",
                env::var("TARGET").unwrap_or(arch)
            )
        })?;
    let target = abi::Target { abi, big_endian: env::var("CARGO_CFG_TARGET_ENDIAN")? == "big" };
    let out = env::var("OUT_DIR")?;
    let generated = codegen::generate(tables, &abis, target)?;
    write(&out, "sysno.rs", &generated.sysno)?;
    write(&out, "errno.rs", &generated.errno)?;
    write(&out, "uapi.rs", &generated.uapi.types)?;
    write(&out, "uapi_offsets.rs", &generated.uapi.offsets)?;
    write(&out, "raw.rs", &generated.raw)?;
    write(&out, "sets.rs", &generated.sets)?;
    write(&out, "sys.rs", &generated.sys.source)?;
    #[cfg(feature = "runtime")]
    write(&out, "vdso.rs", &vdso::generate(tables.get("vdso.tbl")?, &abis, target)?)?;
    #[cfg(feature = "tables")]
    write(&out, "abis.rs", &abis::generate(tables, &abis, target)?)?;
    #[cfg(feature = "tables")]
    write(&out, "decode.rs", &decode::generate(tables, &abis)?)?;
    // Only what this ABI calls of src/compat.rs is compiled: the rows that it calls may be missing elsewhere.
    println!("cargo::rustc-check-cfg=cfg(ring3_by, values(any()))");
    for adapter in &generated.sys.adapters {
        println!("cargo::rustc-cfg=ring3_by=\"{adapter}\"");
    }
    Ok(())
}

fn write(directory: &str, file: &str, text: &str) -> Result<(), Box<dyn Error>> {
    Ok(fs::write(Path::new(directory).join(file), text)?)
}

/// Whether the compiler makes Thumb code, where r7 is the frame pointer.
///
/// On stable no `cfg` tells. The targets of Thumb are named so, and `thumb-mode` turns the others to it and back; the last
/// mention wins, as in the compiler. A mistake is found when `src/arch/` is compiled, not later.
fn makes_thumb() -> bool {
    let named = env::var("TARGET").is_ok_and(|target| target.starts_with("thumb"));
    println!("cargo::rerun-if-env-changed=CARGO_ENCODED_RUSTFLAGS");
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    // `-C target-feature=..` comes as two flags, `-Ctarget-feature=..` and `--codegen=target-feature=..` as one.
    let features = flags.split('\x1f').filter_map(|flag| {
        flag.trim_start_matches("--codegen=")
            .trim_start_matches("-C")
            .trim_start()
            .strip_prefix("target-feature=")
    });
    features.flat_map(|list| list.split(',')).fold(named, |thumb, feature| match feature {
        "+thumb-mode" => true,
        "-thumb-mode" => false,
        _ => thumb,
    })
}
