//! Packages that a test writes and builds: nested Cargo, away from the outer run's flags and without a network.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A package in the tests' scratch directory.
pub struct Package {
    dir: PathBuf,
}

impl Package {
    /// Writes the manifest of a library that stands at `lib` and depends on ring3, and on `dependencies`, lines of TOML.
    ///
    /// The crate's own lock file goes with it, so that everything is there already and has the version that the tests know.
    pub fn new(name: &str, lib: &Path, dependencies: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&dir).unwrap();
        let manifest = format!(
            "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[lib]\npath = {lib:?}\n\n\
             [dependencies]\nring3 = {{ path = {root:?} }}\n{dependencies}\n\
             [profile.release]\npanic = \"abort\"\ncodegen-units = 1\n\n[workspace]\n"
        );
        fs::write(dir.join("Cargo.toml"), manifest).unwrap();
        fs::copy(root.join("Cargo.lock"), dir.join("Cargo.lock")).unwrap();
        Self { dir }
    }

    /// Runs a command of Cargo for a target, with these flags and no other for every crate of it.
    pub fn cargo(&self, command: &str, target: &str, flags: &[&str], arguments: &[&str]) -> Output {
        let mut cargo = Command::new(env!("CARGO"));
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if ["CARGO_BUILD_", "CARGO_PROFILE_", "CARGO_TARGET_"]
                .iter()
                .any(|prefix| text.starts_with(prefix))
            {
                cargo.env_remove(name);
            }
        }
        // An empty value counts: it keeps flags from configuration files out.
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
        cargo.current_dir(&self.dir).arg(command).args([
            "--quiet",
            "--offline",
            "--target",
            target,
            "--target-dir",
        ]);
        cargo.arg(self.dir.join("target")).args(arguments).output().unwrap()
    }

    /// A file in the package's directory.
    pub fn path(&self, file: &str) -> PathBuf {
        self.dir.join(file)
    }
}
