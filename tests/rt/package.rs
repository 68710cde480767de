//! A package of programs, as a user would write it, in a temporary directory.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{fs, str};

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// The least that a package of freestanding programs says of its profiles.
pub const ABORT: &str = "[profile.dev]\npanic = \"abort\"\n[profile.release]\npanic = \"abort\"\n";

/// And what makes them small.
pub const SMALL: &str = "[profile.dev]\npanic = \"abort\"\n\
    [profile.release]\npanic = \"abort\"\nopt-level = \"z\"\nlto = true\ncodegen-units = 1\nstrip = true\n";

pub struct Package {
    dir: tempfile::TempDir,
}

impl Package {
    /// Writes a package with these programs, name and text each, and these profiles.
    pub fn new(programs: &[(&str, &str)], profiles: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut manifest = format!(
            "[package]\nname = \"programs\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n\
             [dependencies]\nring3 = {{ path = {:?} }}\n{profiles}",
            env!("CARGO_MANIFEST_DIR")
        );
        for (name, text) in programs {
            manifest += &format!("[[bin]]\nname = \"{name}\"\npath = \"{name}.rs\"\n");
            fs::write(dir.path().join(format!("{name}.rs")), text).unwrap();
        }
        fs::write(dir.path().join("Cargo.toml"), manifest).unwrap();
        fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock"), dir.path().join("Cargo.lock")).unwrap();
        Self { dir }
    }

    /// Runs cargo in the package, apart from what the caller's own cargo has in its environment.
    pub fn cargo(&self, arguments: &[&str], rustflags: &str) -> Output {
        cargo(self.dir.path(), &self.dir.path().join("target"), arguments, rustflags)
    }

    /// Builds the programs and gives the directory they are in. The flags are the programs' alone: where a target is named, build
    /// scripts are compiled without.
    pub fn build(&self, profile: &[&str], rustflags: &str) -> PathBuf {
        let arguments = [&["build", "--target", TARGET], profile].concat();
        let output = self.cargo(&arguments, rustflags);
        assert!(
            output.status.success(),
            "{profile:?} {rustflags}: {}",
            str::from_utf8(&output.stderr).unwrap()
        );
        self.dir.path().join("target").join(TARGET).join(directory(profile))
    }

    /// What the compiler says of programs that it refuses.
    pub fn complaint(&self) -> String {
        let output = self.cargo(&["check"], "");
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    }
}

/// Builds an example of this package as `cargo build` would, in a target directory of the tests' own.
pub fn example(name: &str, profile: &[&str]) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples");
    let arguments = [&["build", "--example", name], profile].concat();
    let output = cargo(Path::new(env!("CARGO_MANIFEST_DIR")), &target, &arguments, "");
    assert!(output.status.success(), "{}", str::from_utf8(&output.stderr).unwrap());
    target.join(directory(profile)).join("examples").join(name)
}

fn directory(profile: &[&str]) -> &'static str {
    if profile.contains(&"--release") { "release" } else { "debug" }
}

pub fn cargo(dir: &Path, target: &Path, arguments: &[&str], rustflags: &str) -> Output {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(dir).args(arguments).arg("--quiet").arg("--offline").arg("--target-dir").arg(target);
    for name in ["CARGO_BUILD_TARGET", "CARGO_ENCODED_RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"]
    {
        command.env_remove(name);
    }
    command.env("RUSTFLAGS", rustflags).output().unwrap()
}

/// Runs a program and gives its exit code and what it wrote.
pub fn run(program: impl AsRef<OsStr>, arguments: &[&str]) -> (Option<i32>, String, String) {
    output(Command::new(program).args(arguments))
}

pub fn output(command: &mut Command) -> (Option<i32>, String, String) {
    let output = command.output().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}
