//! The kernels that are booted: one row per image, each with the machine that it runs on.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};

use crate::cross::apt::{Apt, upstream};
use crate::cross::target::{TARGETS, Target};

/// Debian's suite whose packages hold a kernel's image alone.
const SUITE: &str = "forky";

pub struct Kernel {
    /// The architecture, as Debian calls it.
    pub architecture: &'static str,
    /// What the names of the image's packages end in.
    flavour: &'static str,
    /// The ABIs of programs that it runs. The programs of the first one's first target have the first process.
    pub abis: &'static [&'static str],
    pub emulator: &'static str,
    pub machine: &'static [&'static str],
    pub console: &'static str,
}

pub const KERNELS: &[Kernel] = &[
    Kernel {
        architecture: "amd64",
        flavour: "amd64",
        abis: &["x86_64", "i386"],
        emulator: "qemu-system-x86_64",
        machine: &["-machine", "q35", "-cpu", "max"],
        console: "ttyS0",
    },
    Kernel {
        architecture: "arm64",
        flavour: "arm64",
        abis: &["aarch64"],
        emulator: "qemu-system-aarch64",
        machine: &["-machine", "virt", "-cpu", "cortex-a72"],
        console: "ttyAMA0",
    },
    Kernel {
        architecture: "armhf",
        flavour: "armmp",
        abis: &["arm"],
        emulator: "qemu-system-arm",
        machine: &["-machine", "virt", "-cpu", "cortex-a15"],
        console: "ttyAMA0",
    },
    Kernel {
        architecture: "riscv64",
        flavour: "riscv64",
        abis: &["riscv64"],
        emulator: "qemu-system-riscv64",
        machine: &["-machine", "virt"],
        console: "ttyS0",
    },
];

/// An ABI that no kernel is booted for, and why.
pub struct Without {
    pub abi: &'static str,
    pub reason: &'static str,
}

pub const WITHOUT: &[Without] = &[Without {
    abi: "riscv32",
    reason: "there is no kernel to boot: Debian has none; `cargo xtask cross` runs its programs in qemu-user",
}];

impl Without {
    pub fn is_meant_by(&self, word: &str) -> bool {
        TARGETS.iter().any(|target| target.abi == self.abi && target.is_meant_by(word))
    }
}

impl Kernel {
    /// Whether a word of the command line means it: its architecture, or a target or ABI whose programs it runs.
    pub fn is_meant_by(&self, word: &str) -> bool {
        word == self.architecture || self.targets().any(|target| target.is_meant_by(word))
    }

    /// What runs on it.
    pub fn targets(&self) -> impl Iterator<Item = &'static Target> {
        self.abis.iter().flat_map(|abi| TARGETS.iter().filter(move |target| target.abi == *abi))
    }

    /// Finds the image below `home`, or fetches the newest one to there; gives its story, too.
    pub fn image(&self, home: &Path, apt: &Apt) -> Result<(PathBuf, String)> {
        let home = home.join("kernels").join(self.architecture);
        if let Some((image, name)) = unpacked(&home) {
            return Ok((image, format!("{name}, fetched before")));
        }
        let package = apt
            .named(SUITE, &format!("^linux-binary-[0-9][^-]*-{}$", self.flavour))?
            .into_iter()
            .max_by_key(|package| upstream(package.name.trim_start_matches("linux-binary-")))
            .ok_or_else(|| {
                anyhow!("{SUITE} has no linux-binary-VERSION-{} for {}", self.flavour, self.architecture)
            })?;
        fs::create_dir_all(&home)?;
        // Whole or not at all, as an interrupted run must not leave half an image.
        let scratch = tempfile::tempdir_in(&home)?;
        package.unpack(&["./usr/lib/modules/*/vmlinuz"], scratch.path())?;
        let name = format!("{} {}", package.name, package.version);
        let modules = scratch.path().join("usr/lib/modules");
        let release = fs::read_dir(&modules)?.next().context("no image in the package")??;
        let image = home.join(&package.name);
        fs::rename(release.path().join("vmlinuz"), &image).context("no image in the package")?;
        Ok((image, format!("{name} of Debian's {SUITE}")))
    }
}

/// The image that an earlier run fetched, and its package's name.
fn unpacked(home: &Path) -> Option<(PathBuf, String)> {
    let images = fs::read_dir(home).ok()?.filter_map(|file| {
        let file = file.ok()?;
        Some((file.path(), file.file_name().into_string().ok()?))
    });
    images.filter(|(path, name)| path.is_file() && name.starts_with("linux-binary-")).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_abi_has_a_kernel_or_a_reason() {
        for target in TARGETS {
            let kernels =
                KERNELS.iter().filter(|kernel| kernel.targets().any(|own| own.name() == target.name()));
            let reasons = WITHOUT.iter().filter(|without| without.abi == target.abi);
            assert_eq!(kernels.count() + reasons.count(), 1, "{}", target.name());
        }
    }

    #[test]
    fn the_newest_kernel_by_number() {
        let version = |name: &str| upstream(name.trim_start_matches("linux-binary-"));
        assert!(version("linux-binary-7.10.1+deb14-armmp") > version("linux-binary-7.9.12+deb14-armmp"));
    }

    #[test]
    fn an_image_is_a_file() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(unpacked(&home.path().join("absent")), None);
        fs::create_dir(home.path().join("linux-binary-directory")).unwrap();
        assert_eq!(unpacked(home.path()), None);
        fs::write(home.path().join("linux-binary-1"), "").unwrap();
        assert_eq!(unpacked(home.path()).unwrap().1, "linux-binary-1");
    }
}
