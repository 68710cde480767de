//! The kernel source tree: is it one, which version, its files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

pub struct Tree {
    root: PathBuf,
    version: String,
}

impl Tree {
    pub fn open(root: &Path) -> Result<Self> {
        let makefile = root.join("Makefile");
        let text = fs::read_to_string(&makefile)
            .with_context(|| format!("{}: expected an unpacked kernel source tree", root.display()))?;
        for needed in ["scripts/syscall.tbl", "include/uapi/asm-generic/errno.h", "arch/x86/Kconfig"] {
            if !root.join(needed).is_file() {
                bail!("{}: expected a kernel source tree, which has {needed}", root.display());
            }
        }
        let version = version(&text).with_context(|| {
            format!("{}: expected VERSION, PATCHLEVEL and SUBLEVEL in the first lines", makefile.display())
        })?;
        Ok(Self { root: root.to_owned(), version })
    }

    pub fn version(&self) -> &str {
        &self.version
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A file's text. Sources are not all UTF-8; what is imported is ASCII.
    pub fn read(&self, relative: &str) -> Result<String> {
        let bytes = fs::read(self.path(relative))
            .with_context(|| format!("{relative}: expected in the kernel tree"))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The files under `dir` whose names end so, sorted, so that the order never depends on the file system.
    pub fn files(&self, dir: &str, end: &str) -> Result<Vec<String>> {
        let mut found = Vec::new();
        let mut todo = vec![dir.to_owned()];
        while let Some(dir) = todo.pop() {
            for entry in
                fs::read_dir(self.path(&dir)).with_context(|| format!("{dir}: expected a directory"))?
            {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let relative = format!("{dir}/{name}");
                if entry.file_type()?.is_dir() {
                    todo.push(relative);
                } else if name.ends_with(end) {
                    found.push(relative);
                }
            }
        }
        found.sort();
        Ok(found)
    }
}

fn version(makefile: &str) -> Option<String> {
    let field = |name: &str| {
        makefile.lines().take(10).find_map(|line| {
            let (key, value) = line.split_once('=')?;
            (key.trim() == name).then(|| value.trim())
        })
    };
    let extra = field("EXTRAVERSION").unwrap_or_default();
    Some(format!("{}.{}.{}{extra}", field("VERSION")?, field("PATCHLEVEL")?, field("SUBLEVEL")?))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn version_comes_from_the_makefile() {
        let makefile = "# SPDX\nVERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 4\nEXTRAVERSION = -rc1\nNAME = x\n";
        assert_eq!(version(makefile).as_deref(), Some("7.3.4-rc1"));
        assert_eq!(version("all:\n"), None);
    }
}
