//! Debian packages without touching the machine: an apt of our own, with its lists, cache and empty status
//! under target/, that reads one suite from the mirror the machine itself uses.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};

use super::command::{succeed, text};
use super::sources::{self, Archive};

const LIMIT: Duration = Duration::from_secs(300);

pub struct Apt {
    root: PathBuf,
    /// Whose packages, if not the machine's.
    architecture: Option<&'static str>,
    /// The suites whose index this run has fetched: an older one may name versions that are gone.
    fetched: RefCell<BTreeSet<String>>,
}

/// One version of a package in one suite, and the private apt that can fetch it.
pub struct Package {
    pub name: String,
    pub version: String,
    home: Home,
}

/// What the private apt for one suite and architecture has: a directory.
#[derive(Clone)]
struct Home {
    path: PathBuf,
    architecture: Option<&'static str>,
}

impl Apt {
    /// An apt that keeps everything it has under `root`.
    pub fn new(root: PathBuf) -> Self {
        Self { root, architecture: None, fetched: RefCell::default() }
    }

    /// The same for the packages of another architecture, by Debian's name of it.
    pub fn of(root: PathBuf, architecture: &'static str) -> Self {
        Self { architecture: Some(architecture), ..Self::new(root) }
    }

    /// The versions of `name` in `suite`, newest first; the suite's index is fetched once.
    pub fn versions(&self, suite: &str, name: &str) -> Result<Vec<Package>> {
        let home = self.suite(suite)?;
        let table = text(home.apt("apt-cache").args(["madison", name]), LIMIT)?;
        let versions = madison(&table).into_iter();
        Ok(versions.map(|version| Package { name: name.into(), version, home: home.clone() }).collect())
    }

    /// The newest version of each package in `suite` whose name the regular expression finds.
    pub fn named(&self, suite: &str, expression: &str) -> Result<Vec<Package>> {
        let home = self.suite(suite)?;
        let found = text(home.apt("apt-cache").args(["search", "--names-only", expression]), LIMIT)?;
        let names = found.lines().filter_map(|line| line.split_whitespace().next());
        let newest = names.map(|name| Ok(self.versions(suite, name)?.into_iter().next()));
        newest.filter_map(Result::transpose).collect()
    }

    /// Downloads packages and all that they depend on, as for a machine that has none, and unpacks them into `to`.
    pub fn unpack_closure(&self, suite: &str, packages: &[&str], to: &Path) -> Result<()> {
        let home = self.suite(suite)?;
        let mut install = home.apt("apt-get");
        install.args(["-q", "--yes", "--download-only", "--no-install-recommends", "install"]);
        succeed(install.args(packages), LIMIT)?;
        for deb in fs::read_dir(home.path.join("cache/archives"))? {
            let deb = deb?.path();
            if deb.extension().is_some_and(|extension| extension == "deb") {
                succeed(Command::new("dpkg-deb").arg("--extract").arg(&deb).arg(to), LIMIT)?;
                fs::remove_file(&deb)?;
            }
        }
        Ok(())
    }

    /// Makes the private apt for `suite`: the first of the machine's Debian archives that has it serves.
    fn suite(&self, suite: &str) -> Result<Home> {
        let home = Home { path: self.root.join(suite), architecture: self.architecture };
        if self.fetched.borrow().contains(suite) {
            return Ok(home);
        }
        let archives = sources::machine(Path::new("/etc/apt"))?;
        if archives.is_empty() {
            bail!("no Debian archive (component main) in /etc/apt/sources.list and /etc/apt/sources.list.d");
        }
        let mut tried = String::new();
        for archive in &archives {
            match update(&home, archive, suite) {
                Ok(()) => {
                    self.fetched.borrow_mut().insert(suite.to_owned());
                    return Ok(home);
                }
                Err(error) => write!(tried, "\n{}: {error:#}", archive.uri)?,
            }
        }
        bail!("the index of {suite} cannot be had from the machine's Debian archives:{tried}");
    }
}

impl Package {
    /// Downloads the package and unpacks the files whose path begins with one of `paths` into `to`.
    pub fn unpack(&self, paths: &[&str], to: &Path) -> Result<()> {
        let scratch = tempfile::tempdir_in(&self.home.path)?;
        let wanted = format!("{}={}", self.name, self.version);
        succeed(
            self.home.apt("apt-get").args(["-q", "download", &wanted]).current_dir(scratch.path()),
            LIMIT,
        )?;
        let deb = fs::read_dir(scratch.path())?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
            .ok_or_else(|| anyhow!("apt-get download {wanted} left no .deb file"))?;
        fs::create_dir_all(to)?;
        // Only the part that is needed: all of rust-src is ten times as much.
        let mut tar = Command::new("dpkg-deb")
            .arg("--fsys-tarfile")
            .arg(&deb)
            .stdout(Stdio::piped())
            .spawn()
            .context("dpkg-deb: cannot be started")?;
        let stream = tar.stdout.take().context("dpkg-deb has no output")?;
        let status = Command::new("tar")
            .args(["-x", "--wildcards", "-C"])
            .arg(to)
            .args(paths)
            .stdin(stream)
            .status()
            .context("tar: cannot be started")?;
        if !tar.wait()?.success() || !status.success() {
            bail!("{} does not unpack to {}", deb.display(), to.display());
        }
        Ok(())
    }
}

fn update(home: &Home, archive: &Archive, suite: &str) -> Result<()> {
    for part in ["lists/partial", "cache/archives/partial"] {
        fs::create_dir_all(home.path.join(part))?;
    }
    fs::write(home.path.join("status"), "")?;
    fs::write(home.path.join("suite.sources"), archive.deb822(suite))?;
    let said = succeed(home.apt("apt-get").args(["-q", "update"]), LIMIT)?;
    // apt-get leaves with 0 when it could not reach the server, for it may have an older index.
    if let Some(line) =
        said.stderr.lines().find(|line| line.starts_with("W: Failed") || line.starts_with("E:"))
    {
        bail!("{line}");
    }
    Ok(())
}

impl Home {
    fn apt(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let at = |name: &str| self.path.join(name).display().to_string();
        for option in [
            format!("Dir::Etc::sourcelist={}", at("suite.sources")),
            format!("Dir::State::lists={}", at("lists")),
            format!("Dir::State::status={}", at("status")),
            format!("Dir::Cache={}", at("cache")),
            "Dir::Etc::sourceparts=/dev/null".into(),
            "Dir::Etc::preferencesparts=/dev/null".into(),
            "Acquire::Languages=none".into(),
            "Acquire::Retries=1".into(),
            "Acquire::http::Timeout=30".into(),
            "Acquire::https::Timeout=30".into(),
            // The archives lie below a directory that apt's own user may not be able to read.
            "APT::Sandbox::User=root".into(),
        ] {
            command.arg("-o").arg(option);
        }
        if let Some(architecture) = self.architecture {
            for name in ["APT::Architecture", "APT::Architectures"] {
                command.arg("-o").arg(format!("{name}={architecture}"));
            }
        }
        command.env("LC_ALL", "C");
        command
    }
}

/// The versions in the table of `apt-cache madison`, in its order: the newest first.
fn madison(table: &str) -> Vec<String> {
    table
        .lines()
        .filter_map(|line| {
            let mut columns = line.split('|').map(str::trim);
            let version = columns.nth(1)?;
            columns.next()?.ends_with("Packages").then(|| version.to_owned())
        })
        .collect()
}

/// The numbers at the head of a Debian version's upstream part: `1:10.0.2+ds-2` gives 10, 0, 2.
pub fn upstream(version: &str) -> Vec<u32> {
    let version = version.split_once(':').map_or(version, |(_, rest)| rest);
    let end = version.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(version.len());
    version[..end].split('.').map_while(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn madison_gives_binary_versions_in_order() {
        let table = "  rust-src | 1.96.1+dfsg1-2~bpo13+1 | http://mirror.test/debian x-backports/main amd64 Packages\n  \
                     rust-src | 1.95.0+dfsg1-2~bpo13+1 | http://mirror.test/debian x-backports/main amd64 Packages\n     \
                     rustc | 1.95.0+dfsg1-2~bpo13+1 | http://mirror.test/debian x-backports/main Sources\n";
        assert_eq!(madison(table), ["1.96.1+dfsg1-2~bpo13+1", "1.95.0+dfsg1-2~bpo13+1"]);
        assert!(madison("").is_empty());
        assert!(madison("N: Unable to locate package").is_empty());
    }

    #[test]
    fn upstream_ignores_epoch_and_revision() {
        assert_eq!(upstream("1:10.0.2+ds-2+deb13u1~bpo12+1"), [10, 0, 2]);
        assert_eq!(upstream("1.95.0+dfsg1-2~bpo13+1"), [1, 95, 0]);
        assert_eq!(upstream("1.95.0"), [1, 95, 0]);
        assert_eq!(upstream("1:7.2+dfsg-7+deb12u18"), [7, 2]);
        assert_eq!(upstream("unknown"), [0; 0]);
        // Numbers, not text: 9 is less than 10.
        assert!(upstream("9.2") < upstream("10.0"));
        assert!(upstream("1.95.0") < upstream("1.95.1"));
    }
}
