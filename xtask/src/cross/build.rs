//! cargo, told which target, flags, linker and core to use, in a target directory of its own per set of flags.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::command::succeed;
use super::target::Target;

pub const LIMIT: Duration = Duration::from_secs(1200);

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Debug,
    Release,
}

pub const PROFILES: [Profile; 2] = [Profile::Debug, Profile::Release];

impl Profile {
    /// The name of the directory that cargo puts the profile's programs in.
    pub fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }
}

/// A set of flags to build a target's programs with.
pub struct Build {
    triple: &'static str,
    rustflags: String,
    linker: Option<&'static str>,
    root: PathBuf,
    directory: PathBuf,
}

impl Build {
    /// A build of the workspace in `root`, with its output in the directory `name` below `home`.
    pub fn new(
        target: &Target,
        extra: &[&str],
        sysroot: Option<&Path>,
        host: &str,
        at: (&Path, &Path, &str),
    ) -> Self {
        let (root, home, name) = at;
        let sysroot = sysroot.map(|sysroot| format!("--sysroot={}", sysroot.display()));
        let flags = target.rustflags.iter().chain(extra).copied();
        Self {
            triple: target.triple,
            rustflags: flags.chain(sysroot.as_deref()).collect::<Vec<_>>().join(" "),
            // The host's own linker stays: build scripts are linked by it, too.
            linker: (target.triple != host).then_some("rust-lld"),
            root: root.to_owned(),
            directory: home.join("build").join(name),
        }
    }

    /// `cargo SUBCOMMAND` for the target, without the arguments that say what to build.
    pub fn cargo(&self, subcommand: &str, profile: Profile) -> Command {
        let variable = |name: &str| {
            format!("CARGO_TARGET_{}_{name}", self.triple.to_ascii_uppercase().replace(['-', '.'], "_"))
        };
        let mut command = cargo();
        command.args([subcommand, "--quiet", "--locked", "--target", self.triple]);
        command.arg("--target-dir").arg(&self.directory).current_dir(&self.root);
        // What is built once and run once has no use for either.
        command.env("CARGO_INCREMENTAL", "0").env("CARGO_PROFILE_DEV_DEBUG", "0");
        command.env(variable("RUSTFLAGS"), &self.rustflags);
        if let Some(linker) = self.linker {
            command.env(variable("LINKER"), linker);
        }
        if profile == Profile::Release {
            command.arg("--release");
        }
        command
    }

    /// Builds what `what` selects.
    pub fn build(&self, profile: Profile, what: &[&str]) -> Result<()> {
        succeed(self.cargo("build", profile).args(what), LIMIT).map(drop)
    }

    /// The workspace.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where cargo puts what it builds.
    pub fn output(&self, profile: Profile) -> PathBuf {
        self.directory.join(self.triple).join(profile.name())
    }
}

/// cargo without what the caller's environment says about flags, profiles and targets.
pub fn cargo() -> Command {
    let mut command = Command::new("cargo");
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let about =
            ["CARGO_BUILD_", "CARGO_PROFILE_", "CARGO_TARGET_", "CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS"];
        if about.iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    command
}

/// Removes an earlier run's program, which would do for one that cargo no longer makes.
pub fn forget(program: &Path) -> Result<()> {
    match fs::remove_file(program) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{}", program.display()))
        }
        _ => Ok(()),
    }
}
