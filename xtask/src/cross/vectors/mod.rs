//! No vector register may be live across a trap: Linux destroys SVE's and RISC-V's vector state there.
//!
//! No emulator shows it, so the compiler's assembly text is read: a fixture with loops that a compiler likes to
//! vectorise, around ring3's calls (`careful_*`) and around a bare trap that names no vector register
//! (`careless_*`), for which the check has to find something. If it does not, it proves nothing.

mod asm;
mod effects;
mod liveness;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};

use super::build::{Build, Profile};
use super::command::succeed;
use asm::Isa;

/// A target feature that brings vector registers, and the row of the table of targets that it is checked on.
pub struct Feature {
    pub target: &'static str,
    pub rustflag: &'static str,
    isa: Isa,
}

pub const FEATURES: [Feature; 2] = [
    Feature { target: "aarch64-unknown-linux-gnu", rustflag: "-Ctarget-feature=+sve", isa: Isa::Aarch64 },
    Feature { target: "riscv64gc-unknown-linux-gnu", rustflag: "-Ctarget-feature=+v", isa: Isa::Riscv64 },
];

/// Compiles the fixture to assembly text and checks it.
pub fn check(feature: &Feature, build: &Build) -> Result<String> {
    let mut cargo = build.cargo("rustc", Profile::Release);
    cargo.args(["--package", "vectors", "--lib", "--", "--emit=asm"]);
    // Text, optimised for speed: what the workspace's profile says is made for size.
    cargo.envs([
        ("CARGO_PROFILE_RELEASE_LTO", "off"),
        ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "3"),
        ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
    ]);
    let deps = build.output(Profile::Release).join("deps");
    for old in texts(&deps).unwrap_or_default() {
        fs::remove_file(old)?;
    }
    // cargo does not know about the text: it is made anew only when the library is.
    let _ = fs::remove_dir_all(build.output(Profile::Release).join(".fingerprint"));
    succeed(&mut cargo, super::build::LIMIT)?;
    let [text] = &texts(&deps)?[..] else {
        bail!("expected one file vectors-*.s in {}", deps.display());
    };
    judge(feature.isa, &fs::read_to_string(text)?)
}

fn texts(directory: &Path) -> Result<Vec<std::path::PathBuf>> {
    let files = fs::read_dir(directory).with_context(|| format!("{}", directory.display()))?;
    let files = files.filter_map(|file| Some(file.ok()?.path()));
    Ok(files
        .filter(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("vectors-") && name.ends_with(".s")
        })
        .collect())
}

/// Every careful function keeps nothing across its trap, every careless one something.
fn judge(isa: Isa, text: &str) -> Result<String> {
    let (mut careful, mut careless) = (0, 0);
    for function in asm::functions(isa, text) {
        let name = &function.name;
        let control = name.starts_with("careless_");
        if !control && !name.starts_with("careful_") {
            continue;
        }
        let seen = liveness::check(isa, &function);
        if seen.traps == 0 || seen.vector_writes == 0 {
            bail!("{name}: expected a trap and vector instructions, saw {seen:?}");
        }
        let (register, reader) = seen.live.first().cloned().unzip();
        match (control, register.zip(reader)) {
            (false, None) => careful += 1,
            (true, Some(_)) => careless += 1,
            (false, Some((register, reader))) => {
                bail!("{name}: {register} is live across the trap, read by `{reader}`");
            }
            (true, None) => bail!("{name}: expected a live register, so the check finds nothing"),
        }
    }
    if careful == 0 || careless == 0 {
        return Err(anyhow!("expected functions careful_* and careless_*, saw {careful} and {careless}"));
    }
    Ok(format!(
        "nothing live across the traps of {careful} functions, found in all {careless} of the control"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAREFUL: &str =
        "\t.type careful_f,@function\ncareful_f:\n\tmovi v0.4s, #7\n\tsvc #0\n\tret\n\t.size careful_f, 1\n";
    const CARELESS: &str =
        "\t.type careless_f,@function\ncareless_f:\n\tmovi v0.4s, #7\n\tsvc #0\n\tstr q0, [x0]\n\tret\n";

    #[test]
    fn both_kinds_are_needed() {
        assert!(judge(Isa::Aarch64, CAREFUL).is_err());
        assert!(judge(Isa::Aarch64, CARELESS).is_err());
        assert!(judge(Isa::Aarch64, &format!("{CAREFUL}{CARELESS}")).is_ok());
    }

    #[test]
    fn each_kind_can_fail() {
        let live = format!("{}{CARELESS}", CARELESS.replace("careless", "careful"));
        let error = judge(Isa::Aarch64, &live).unwrap_err().to_string();
        assert_eq!(error, "careful_f: v0 is live across the trap, read by `str q0, [x0]`");
        let dead = format!("{CAREFUL}{}", CAREFUL.replace("careful", "careless"));
        assert!(judge(Isa::Aarch64, &dead).unwrap_err().to_string().contains("finds nothing"));
    }

    #[test]
    fn a_function_without_vectors_proves_nothing() {
        let plain = CAREFUL.replace("movi v0.4s, #7", "mov x0, #1");
        assert!(judge(Isa::Aarch64, &format!("{plain}{CARELESS}")).is_err());
    }
}
