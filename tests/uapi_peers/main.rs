//! The structs of `ring3::uapi` and the constants of `ring3::consts` against those of linux-raw-sys and libc.
//!
//! Whatever both have must agree: size, alignment, and offset and size of each field that both name; the values of constants. The definitions of all three
//! are read from their sources, so nothing here lists what to compare; the compiler then compares, for the host and for every
//! other target whose core library is installed; with `--cfg ring3_offsets`, so that ring3 asserts the offset of every field of its own. `exceptions.rs` has the differences that are right.
//!
//! `cargo test --test uapi_peers -- --nocapture` prints what was compared.

// Where its dependencies are, see Cargo.toml; it compares for the other targets from there.
#![cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]

mod cfg;
#[path = "../common/compiler.rs"]
mod compiler;
mod constants;
mod definitions;
mod exceptions;
#[path = "../common/package.rs"]
mod package;
mod probe;
#[path = "../common/targets.rs"]
mod targets;

use cargo_metadata::{Message, MetadataCommand};
use cfg::Cfg;
use exceptions::EXCEPTIONS;
use package::Package;
use probe::{Peer, Probe};
use std::{fs, path::PathBuf};

/// One for each ABI that ring3 has a trap for: the types do not depend on more.
const TARGETS: [&str; 8] = [
    "x86_64-unknown-linux-gnu",
    "i686-unknown-linux-gnu",
    "x86_64-unknown-linux-gnux32",
    "aarch64-unknown-linux-gnu",
    "aarch64_be-unknown-linux-gnu",
    "armv7-unknown-linux-gnueabihf",
    "riscv64gc-unknown-linux-gnu",
    "riscv32gc-unknown-linux-gnu",
];

const PEERS: [&str; 2] = ["linux-raw-sys", "libc"];

/// A crate to compare with, as Cargo has it.
struct Source {
    name: &'static str,
    version: String,
    root: PathBuf,
    features: Vec<String>,
}

#[test]
fn types_agree_with_those_of_other_crates() {
    let sources = sources();
    let dependencies =
        dependencies(sources.iter().map(|s| (s.name, format!("={}", s.version), &s.features[..])));
    let package = Package::new("uapi_peers", &lib(), &dependencies);
    let (installed, missing): (Vec<_>, Vec<_>) =
        TARGETS.into_iter().partition(|target| targets::is_installed(target));
    let failures: Vec<_> =
        installed.iter().filter_map(|target| compare(&package, &sources, target).err()).collect();
    println!("{} targets compared; not installed: {missing:?}", installed.len());
    for exception in EXCEPTIONS {
        println!(
            "{}: {} {:?} differs: {}",
            exception.peer, exception.name, exception.parts, exception.reason
        );
    }
    for exception in constants::EXCEPTIONS {
        println!("{}: {:?} differ: {}", exception.peer, exception.names, exception.reason);
    }
    assert!(!installed.is_empty(), "no target was compared");
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// The peers: dev-dependencies of ring3, in whatever version the lock file has.
fn sources() -> [Source; 2] {
    // Asked of a package that depends on the peers alone: ring3's workspace needs more than the tests have downloaded.
    let ring3 = MetadataCommand::new().no_deps().other_options(["--offline".to_owned()]).exec().unwrap();
    let ring3 = ring3.packages.iter().find(|package| package.name == "ring3").unwrap();
    let wanted = PEERS.map(|name| {
        let dependency = ring3.dependencies.iter().find(|dependency| dependency.name == name).unwrap();
        (name, dependency.req.to_string(), &[][..])
    });
    let package = Package::new("uapi_peers", &lib(), &dependencies(wanted.into_iter()));
    fs::write(lib(), "").unwrap();
    let metadata = MetadataCommand::new()
        .manifest_path(package.path("Cargo.toml"))
        .other_options(["--offline".to_owned()])
        .exec()
        .unwrap();
    PEERS.map(|name| {
        let package = metadata.packages.iter().find(|package| package.name == name).unwrap();
        // `std` would want a standard library for every target; the others leave out or build a part of that.
        let features = package.features.keys().filter(|feature| {
            name == "linux-raw-sys"
                && !matches!(feature.as_str(), "default" | "std" | "rustc-dep-of-std" | "core")
        });
        let library = package.targets.iter().find(|target| target.is_lib()).unwrap();
        Source {
            name,
            version: package.version.to_string(),
            root: library.src_path.clone().into(),
            features: features.cloned().collect(),
        }
    })
}

fn lib() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("uapi_peers/lib.rs")
}

/// Lines of a manifest, from names, versions and features.
fn dependencies<'a>(peers: impl Iterator<Item = (&'a str, String, &'a [String])>) -> String {
    let line = |(name, version, features)| {
        format!("{name} = {{ version = {version:?}, default-features = false, features = {features:?} }}\n")
    };
    peers.map(line).collect()
}

fn compare(package: &Package, sources: &[Source], target: &str) -> Result<(), String> {
    let lib = package.path("lib.rs");
    // Once without a comparison: the build scripts say what they set, and where ring3's types are.
    fs::write(&lib, "#![no_std]\n").unwrap();
    let messages = check(package, target)?;
    let scripts: Vec<_> = messages
        .iter()
        .filter_map(|message| match message {
            Message::BuildScriptExecuted(script) => Some(script),
            _ => None,
        })
        .collect();
    let script = |name: &str| scripts.iter().find(|script| script.package_id.repr.contains(name));

    let base: Vec<_> =
        compiler::rustc(&["--print", "cfg", "--target", target]).lines().map(str::to_owned).collect();
    let generated = script("#ring3@").or(script("ring3")).unwrap().out_dir.join("uapi.rs");
    let ours = definitions::read_text(
        &fs::read_to_string(&generated).unwrap(),
        &Cfg(base.iter().cloned().collect()),
    );
    let offsets = fs::read_to_string(generated.with_file_name("uapi_offsets.rs")).unwrap().lines().count();
    assert!(offsets > 1000, "{target}: hardly any offset");
    println!("{target}: {offsets} offsets of fields asserted");
    let our_constants = constants::read(&fs::read_to_string(generated.with_file_name("sets.rs")).unwrap());
    let mut text = String::from("#![no_std]\n#![allow(deprecated, unused, clippy::all)]\n");
    for Source { name, version, root, features } in sources {
        let mut set: Vec<_> = base.clone();
        set.extend(features.iter().map(|feature| format!("feature={feature:?}")));
        set.extend(script(&format!("{name}@{version}")).into_iter().flat_map(|script| script.cfgs.clone()));
        let mut theirs = definitions::read_crate(root, &Cfg(set.into_iter().collect()));
        if *name == "libc" {
            // Everything is visible at its root, and nothing elsewhere.
            theirs.types.iter_mut().for_each(|definition| definition.module.clear());
            theirs.constants.iter_mut().for_each(|(module, _)| module.clear());
        }
        let arch = base.iter().find_map(|cfg| cfg.strip_prefix("target_arch=")).unwrap().trim_matches('"');
        let probe = Probe::new(&ours.types, &theirs.types, Peer { name, arch });
        println!(
            "{target}: {name} {version}: {} types, {} fields compared; {} exceptions; {} types of ring3 that it has not",
            probe.types, probe.fields, probe.exceptions, probe.missing
        );
        if let Some(problem) = probe.problem {
            return Err(format!("{target}: {problem}"));
        }
        // Fewer would mean that a source is not read as it should be.
        assert!(probe.types > 25 && probe.fields > 150, "{target}: hardly anything to compare with {name}");
        text += &probe.text;
        let constants = constants::Probe::new(&our_constants, &theirs.constants, Peer { name, arch });
        println!(
            "{target}: {name} {version}: {} constants compared, {} of which differ as they should; {} of ring3 that it has not",
            constants.compared, constants.exceptions, constants.missing
        );
        if let Some(problem) = constants.problem {
            return Err(format!("{target}: {problem}"));
        }
        assert!(constants.compared > 500, "{target}: hardly any constant to compare with {name}");
        text += &constants.text;
    }
    fs::write(&lib, text).unwrap();
    check(package, target).map(drop)
}

/// Checks the package: what Cargo says, or the compiler's errors.
fn check(package: &Package, target: &str) -> Result<Vec<Message>, String> {
    let output = package.cargo("check", target, &["--cfg=ring3_offsets"], &["--message-format=json"]);
    let messages: Vec<_> = Message::parse_stream(&output.stdout[..]).map(Result::unwrap).collect();
    if output.status.success() {
        return Ok(messages);
    }
    let errors: Vec<_> = messages
        .iter()
        .filter_map(|message| match message {
            Message::CompilerMessage(message) => message.message.rendered.as_deref(),
            _ => None,
        })
        .collect();
    Err(format!("{target}:\n{}{}", errors.concat(), String::from_utf8_lossy(&output.stderr)))
}
