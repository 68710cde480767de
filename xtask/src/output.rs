//! The files of tables/ that a command writes: collected first, then compared or put in place together.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

pub struct Output {
    dir: PathBuf,
    /// What writes them.
    command: &'static str,
    files: BTreeMap<String, String>,
}

impl Output {
    pub fn new(dir: &Path, command: &'static str) -> Self {
        Self { dir: dir.to_owned(), command, files: BTreeMap::new() }
    }

    /// `source` says in the first line where the facts come from.
    pub fn add(&mut self, file: &str, source: &str, text: &str) {
        self.add_bare(file, format!("# Written by `{}` from {source}.\n{text}", self.command));
    }

    /// A file without a line that says so.
    pub fn add_bare(&mut self, file: &str, text: String) {
        let old = self.files.insert(file.to_owned(), text);
        assert!(old.is_none(), "{file} is written once");
    }

    /// Temporary files first, renames last: an error half-way leaves every old file whole.
    pub fn write(&self) -> Result<()> {
        let mut ready = Vec::new();
        for (file, text) in &self.files {
            let path = self.dir.join(file);
            if fs::read_to_string(&path).is_ok_and(|old| old == *text) {
                continue;
            }
            let mut temporary = tempfile::Builder::new()
                .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))
                .tempfile_in(&self.dir)
                .with_context(|| format!("{}: expected to create a file", self.dir.display()))?;
            temporary.write_all(text.as_bytes())?;
            ready.push((temporary, path));
        }
        for (temporary, path) in ready {
            temporary
                .persist(&path)
                .with_context(|| format!("{}: expected to replace it", path.display()))?;
            eprintln!("wrote {}", path.display());
        }
        Ok(())
    }

    pub fn check(&self) -> Result<()> {
        let mut different = Vec::new();
        for (file, text) in &self.files {
            let old = fs::read_to_string(self.dir.join(file)).unwrap_or_default();
            if old != *text {
                let diff = similar::TextDiff::from_lines(&old, text);
                let name = format!("tables/{file}");
                print!("{}", diff.unified_diff().header(&name, self.command));
                different.push(name);
            }
        }
        if !different.is_empty() {
            bail!("not what `{}` gives: {}", self.command, different.join(", "));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_finds_what_write_makes_equal() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.tbl"), "old\n").unwrap();
        let mut output = Output::new(dir.path(), "make");
        output.add("a.tbl", "x", "1\tone\n");
        output.add_bare("VERSION", "1.2.3\n".to_owned());
        assert_eq!(
            output.check().unwrap_err().to_string(),
            "not what `make` gives: tables/VERSION, tables/a.tbl"
        );
        output.write().unwrap();
        output.check().unwrap();
        assert_eq!(fs::read_to_string(dir.path().join("VERSION")).unwrap(), "1.2.3\n");
        let table = fs::read_to_string(dir.path().join("a.tbl")).unwrap();
        assert_eq!(table, "# Written by `make` from x.\n1\tone\n");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "no temporary file is left");
    }
}
