//! The exported headers of one architecture as a program would find them installed, without the kernel's own make.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::import::abi::Abi;
use crate::import::tree::Tree;

pub struct Headers {
    /// Where the wrappers stand that the make would write.
    generated: TempDir,
    include: Vec<PathBuf>,
}

impl Headers {
    /// Headers that the architecture leaves to asm-generic get a wrapper. Installing would also cut `__user` and
    /// its kin out; here they are macros for nothing, and the headers that define them are empty.
    pub fn new(tree: &Tree, abi: &Abi) -> Result<Self> {
        let own = format!("arch/{}/include/uapi", abi.kernel);
        let generated = tempfile::tempdir().context("expected to create a temporary directory")?;
        let root = generated.path();
        fs::create_dir_all(root.join("asm"))?;
        fs::create_dir_all(root.join("linux"))?;
        // Numbers come from the tables.
        for empty in ["asm/unistd.h", "linux/compiler.h", "linux/compiler_types.h"] {
            fs::write(root.join(empty), "")?;
        }
        let mut wanted = listed(&tree.read("include/uapi/asm-generic/Kbuild")?, "mandatory-y");
        wanted.extend(listed(&tree.read(&format!("{own}/asm/Kbuild"))?, "generic-y"));
        for header in wanted {
            if !tree.path(&format!("{own}/asm/{header}")).is_file() {
                fs::write(root.join("asm").join(&header), format!("#include <asm-generic/{header}>\n"))?;
            }
        }
        let include = vec![root.to_owned(), tree.path(&own), tree.path("include/uapi")];
        Ok(Self { generated, include })
    }

    pub fn arguments(&self, triple: &str) -> Vec<String> {
        let mut arguments: Vec<String> = [
            "-xc",
            "-std=gnu11",
            "-nostdinc",
            "-ffreestanding",
            "-fsyntax-only",
            "-w",
            "-D__user=",
            "-D__force=",
            "-D__iomem=",
            "-D__attribute_const__=",
            "-D__packed=__attribute__((packed))",
        ]
        .map(str::to_owned)
        .into();
        arguments.push(format!("--target={triple}"));
        arguments.extend(self.include.iter().map(|dir| format!("-I{}", dir.display())));
        arguments
    }

    pub fn source(&self) -> PathBuf {
        self.generated.path().join(Path::new("uapi.c"))
    }
}

/// The names that a Kbuild file adds to a list.
fn listed(kbuild: &str, list: &str) -> BTreeSet<String> {
    kbuild
        .lines()
        .filter_map(|line| line.split_once("+=").filter(|(name, _)| name.trim() == list))
        .flat_map(|(_, names)| names.split_whitespace())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn kbuild_lists() {
        let kbuild = "# x\ngeneric-y += b.h a.h\nmandatory-y += c.h\ngeneric-y += d.h\n";
        assert_eq!(listed(kbuild, "generic-y").into_iter().collect::<Vec<_>>(), ["a.h", "b.h", "d.h"]);
    }
}
