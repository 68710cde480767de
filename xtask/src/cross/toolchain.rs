//! The Rust toolchain that builds everything, and the core library of the targets that it lacks.
//!
//! Nothing is changed in the toolchain but what `rustup target add` adds: a core that is built here goes into a
//! sysroot of our own, and `--sysroot` in the target's flags leads rustc there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};

use super::apt::{Apt, upstream};
use super::command::{succeed, text};

const SUITE: &str = "trixie-backports";
const CRATES: [&str; 5] = ["alloc", "compiler-builtins", "core", "portable-simd", "stdarch"];
const LIBRARIES: [&str; 3] = ["core", "alloc", "compiler_builtins"];
const QUICK: Duration = Duration::from_secs(60);
const LONG: Duration = Duration::from_secs(600);

/// The environment variable that names an archive of the core library's source.
pub const ARCHIVE: &str = "RING3_RUST_CORE";

/// Where a target's core can come from, in the order in which it is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Source {
    /// The toolchain has it.
    Toolchain,
    /// `rustup target add`.
    Rustup,
    /// Built from Debian's rust-src of the compiler's own version.
    Debian,
    /// Built from the archive that RING3_RUST_CORE names.
    Archive,
}

const SOURCES: [Source; 4] = [Source::Toolchain, Source::Rustup, Source::Debian, Source::Archive];

pub struct Toolchain {
    pub host: String,
    version: String,
    home: PathBuf,
}

/// Where rustc finds a target's core, and how it got there.
pub struct Core {
    /// None: in the toolchain itself.
    pub sysroot: Option<PathBuf>,
    pub story: String,
}

impl Toolchain {
    /// The `rustc` in use; what is built for it goes below `home`.
    pub fn find(home: &Path) -> Result<Self> {
        let verbose = text(Command::new("rustc").arg("-vV"), QUICK)?;
        let field = |name: &str| -> Result<&str> {
            let line = verbose.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            line.ok_or_else(|| anyhow!("rustc -vV says no `{name}`"))
        };
        let version = field("release")?.to_owned();
        let commit = field("commit-hash")?;
        let name = format!("rust-{version}-{}", commit.get(..9).unwrap_or(commit));
        Ok(Self { host: field("host")?.to_owned(), version, home: home.join(name) })
    }

    /// Finds or makes the core of `triple`, from `only` if that is given.
    pub fn core(&self, triple: &str, only: Option<Source>, apt: &Apt) -> Result<Core> {
        let mut tried = Vec::new();
        for source in SOURCES.into_iter().filter(|source| only.is_none_or(|only| only == *source)) {
            let attempt = match source {
                Source::Toolchain => toolchain_has(triple).map(|()| None),
                Source::Rustup => rustup(triple).map(|()| None),
                Source::Debian => self.built(triple, "debian", |to| self.debian(to, apt)).map(Some),
                Source::Archive => self.built(triple, "archive", |to| self.archive(to)).map(Some),
            };
            match attempt {
                Ok(sysroot) => {
                    tried.push(match source {
                        Source::Toolchain => "in the toolchain".to_owned(),
                        Source::Rustup => "added by rustup".to_owned(),
                        Source::Debian => format!("built from Debian's rust-src {}", self.version),
                        Source::Archive => format!("built from the archive in {ARCHIVE}"),
                    });
                    return Ok(Core { sysroot, story: tried.join("; ") });
                }
                Err(error) => tried.push(format!("{error:#}")),
            }
        }
        bail!("no core library for {triple}; tried in this order:\n  {}", tried.join("\n  "));
    }

    /// A sysroot with the core of `triple` built from the source that `fetch` brings.
    fn built(&self, triple: &str, from: &str, fetch: impl Fn(&Path) -> Result<()>) -> Result<PathBuf> {
        let sysroot = self.home.join(from).join("sysroot");
        let libraries = sysroot.join("lib/rustlib").join(triple).join("lib");
        if complete(&libraries) {
            return Ok(sysroot);
        }
        let source = self.home.join(from).join("library");
        if !source.join("Cargo.toml").exists() {
            let _ = fs::remove_dir_all(&source);
            fs::create_dir_all(&source)?;
            fetch(&source)?;
            workspace(&source).context("the source of the core library is not as expected")?;
        }
        // RUSTFLAGS from the environment, so that no .cargo/config.toml above the source has a say in the flags.
        let target = tempfile::tempdir_in(&self.home)?;
        succeed(
            super::build::cargo()
                .args(["build", "-q", "--offline", "--package", "alloc", "--release", "--target", triple])
                .arg("--target-dir")
                .arg(target.path())
                .current_dir(&source)
                .env("RUSTC_BOOTSTRAP", "1")
                .env("RUSTFLAGS", "-Zforce-unstable-if-unmarked -Cembed-bitcode=yes --cap-lints=allow"),
            LONG,
        )?;
        // Two cores side by side are an error (E0464): what an interrupted run left goes first.
        let _ = fs::remove_dir_all(&libraries);
        fs::create_dir_all(&libraries)?;
        for file in fs::read_dir(target.path().join(triple).join("release/deps"))? {
            let file = file?.path();
            if LIBRARIES.iter().any(|name| is_library(&file, name)) {
                fs::copy(&file, libraries.join(file.file_name().unwrap_or_default()))?;
            }
        }
        if !complete(&libraries) {
            bail!("cargo built no {LIBRARIES:?} for {triple}");
        }
        Ok(sysroot)
    }

    /// Fetches Debian's source of exactly this compiler: another version's core does not build with it.
    fn debian(&self, to: &Path, apt: &Apt) -> Result<()> {
        let packages = apt.versions(SUITE, "rust-src")?;
        let Some(package) =
            packages.iter().find(|package| upstream(&package.version) == upstream(&self.version))
        else {
            let versions: Vec<_> = packages.iter().map(|package| package.version.as_str()).collect();
            bail!("{SUITE} has rust-src {}, not {}", versions.join(", "), self.version);
        };
        let scratch = tempfile::tempdir_in(&self.home)?;
        let paths = CRATES.map(|name| format!("./usr/src/*/library/{name}"));
        package.unpack(&paths.each_ref().map(String::as_str), scratch.path())?;
        let library = fs::read_dir(scratch.path().join("usr/src"))?
            .filter_map(|entry| Some(entry.ok()?.path().join("library")))
            .find(|library| library.join("core").exists())
            .ok_or_else(|| anyhow!("rust-src {} has no usr/src/*/library/core", package.version))?;
        for name in CRATES {
            fs::rename(library.join(name), to.join(name)).with_context(|| format!("rust-src's {name}"))?;
        }
        Ok(())
    }

    fn archive(&self, to: &Path) -> Result<()> {
        let Some(file) = std::env::var_os(ARCHIVE).map(PathBuf::from) else {
            bail!("{ARCHIVE} names no archive");
        };
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.contains(&format!("-{}.", self.version)) {
            bail!("{ARCHIVE}: {name} is not for rustc {}", self.version);
        }
        succeed(Command::new("tar").arg("-xf").arg(&file).arg("-C").arg(to), QUICK)?;
        Ok(())
    }
}

/// Makes the unpacked crates a workspace that builds without a registry.
fn workspace(source: &Path) -> Result<()> {
    let manifest = source.join("compiler-builtins/compiler-builtins/Cargo.toml");
    let text = fs::read_to_string(&manifest).with_context(|| format!("{}", manifest.display()))?;
    fs::write(&manifest, without_cc(&text))?;
    let manifest = "[workspace]\nresolver = \"1\"\nmembers = [\"alloc\"]\nexclude = [\"stdarch\", \"portable-simd\"]\n\
                    [profile.release.package.compiler_builtins]\ncodegen-units = 10000\n";
    Ok(fs::write(source.join("Cargo.toml"), manifest)?)
}

/// Drops the optional dependency on the crate cc, for even an optional one has to be found somewhere.
fn without_cc(manifest: &str) -> String {
    let kept = manifest.lines().filter(|line| !line.starts_with("cc = "));
    kept.map(|line| line.replace("[\"dep:cc\"]", "[]") + "\n").collect()
}

fn toolchain_has(triple: &str) -> Result<()> {
    let libraries =
        text(Command::new("rustc").args(["--print", "target-libdir", "--target", triple]), QUICK)?;
    if !complete(Path::new(libraries.trim())) {
        bail!("not in the toolchain");
    }
    Ok(())
}

fn rustup(triple: &str) -> Result<()> {
    let added = succeed(Command::new("rustup").args(["target", "add", triple]), LONG);
    if let Err(error) = added {
        let error = format!("{error:#}");
        let reason = error.lines().find(|line| line.contains("error:")).or(error.lines().next());
        bail!("rustup target add: {}", reason.unwrap_or_default());
    }
    toolchain_has(triple).context("rustup target add was content, but for another toolchain")
}

fn complete(libraries: &Path) -> bool {
    let Ok(files) = fs::read_dir(libraries) else { return false };
    let files: Vec<_> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    LIBRARIES.iter().all(|name| files.iter().any(|file| is_library(file, name)))
}

fn is_library(file: &Path, name: &str) -> bool {
    let file = file.file_name().unwrap_or_default().to_string_lossy();
    file.starts_with(&format!("lib{name}-")) && file.ends_with(".rlib")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_known_by_its_name() {
        assert!(is_library(Path::new("/x/libcore-0a1b.rlib"), "core"));
        assert!(!is_library(Path::new("/x/libcore-0a1b.rmeta"), "core"));
        assert!(!is_library(Path::new("/x/libcore_simd-0a1b.rlib"), "core"));
    }

    #[test]
    fn a_core_is_complete_with_all_three() {
        let home = tempfile::tempdir().unwrap();
        assert!(!complete(&home.path().join("absent")));
        for (name, is) in [("core", false), ("alloc", false), ("compiler_builtins", true)] {
            fs::write(home.path().join(format!("lib{name}-1.rlib")), "").unwrap();
            assert_eq!(complete(home.path()), is);
        }
    }

    #[test]
    fn cc_is_dropped() {
        let manifest = "[build-dependencies]\ncc = { version = \"1.2\", optional = true }\n[features]\nc = [\"dep:cc\"]\n";
        assert_eq!(without_cc(manifest), "[build-dependencies]\n[features]\nc = []\n");
    }
}
