//! `templates/hello` as a stranger has it: filled in by cargo-generate, with ring3 and what that depends on from a registry.
//!
//! The registry is a directory of the packaged crate, as `cargo package` makes it, and of the others' sources. Nothing leads from there to
//! this work tree, so that a file missing in the package is missed here.

use crate::ended;
use crate::package::{cargo, run};
use cargo_metadata::{DependencyKind, MetadataCommand};
use std::fs;
use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const NAME: &str = "a-stranger";

fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A file that says of a package's files that there is nothing to check.
fn vouch(package: &Path) {
    fs::write(package.join(".cargo-checksum.json"), "{\"files\":{}}").unwrap();
}

/// Puts ring3 into the registry, out of a package that is made of it.
fn publish(scratch: &Path, registry: &Path) {
    let target = scratch.join("packaged");
    let packaged = cargo(Path::new(ROOT), &target, &["package", "--allow-dirty", "--no-verify"], "");
    assert!(packaged.status.success(), "{}", String::from_utf8_lossy(&packaged.stderr));
    let name = format!("ring3-{}", env!("CARGO_PKG_VERSION"));
    let file = target.join("package").join(format!("{name}.crate"));
    succeed(Command::new("tar").arg("-xzf").arg(file).arg("-C").arg(registry));
    vouch(&registry.join(name));
}

/// Puts there what ring3 depends on, and so on.
fn publish_dependencies(registry: &Path) {
    let metadata = MetadataCommand::new()
        .manifest_path(Path::new(ROOT).join("Cargo.toml"))
        .other_options(["--offline".to_owned(), "--locked".to_owned()])
        .exec()
        .unwrap();
    let mut wanted = vec!["ring3".to_owned()];
    let mut at = 0;
    while let Some(name) = wanted.get(at) {
        at += 1;
        let package = metadata.packages.iter().find(|package| *package.name == *name).unwrap();
        if at > 1 {
            let to = registry.join(name);
            succeed(Command::new("cp").arg("-r").arg(package.manifest_path.parent().unwrap()).arg(&to));
            vouch(&to);
        }
        let dependencies = package.dependencies.iter();
        let needed = dependencies.filter(|one| one.kind == DependencyKind::Normal && !one.optional);
        let names: Vec<_> =
            needed.map(|one| one.name.clone()).filter(|name| !wanted.contains(name)).collect();
        wanted.extend(names);
    }
}

/// Copies a directory, with the name filled in.
fn generate(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (from, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if from.is_dir() {
            generate(&from, &to.join(name));
        } else if name != "cargo-generate.toml" {
            let text = fs::read_to_string(from).unwrap().replace("{{project-name}}", NAME);
            assert!(!text.contains("{{"), "{name:?} has a placeholder that nobody fills");
            fs::write(to.join(name), text).unwrap();
        }
    }
}

#[test]
fn template_is_a_program_of_its_own() {
    let scratch = tempfile::tempdir().unwrap();
    let registry = scratch.path().join("registry");
    fs::create_dir(&registry).unwrap();
    publish(scratch.path(), &registry);
    publish_dependencies(&registry);

    let package = scratch.path().join(NAME);
    generate(&Path::new(ROOT).join("templates/hello"), &package);
    fs::create_dir(package.join(".cargo")).unwrap();
    fs::write(
        package.join(".cargo/config.toml"),
        format!(
            "[source.crates-io]\nreplace-with = \"here\"\n[source.here]\ndirectory = {:?}\n",
            registry.to_str().unwrap()
        ),
    )
    .unwrap();

    let target = package.join("target");
    let build = |arguments: &[&str]| {
        let output = cargo(&package, &target, arguments, "");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    build(&["build"]);
    assert_eq!(run(target.join("debug").join(NAME), &[]), ended(0, "Hello World!\n", ""));
    build(&["build", "--release"]);
    let program = target.join("release").join(NAME);
    assert_eq!(run(&program, &[]), ended(0, "Hello World!\n", ""));
    let size = fs::metadata(program).unwrap().len();
    println!("the template's program: {size} bytes");
    assert!(size <= 512, "{size} bytes");
    build(&["test"]);
}
