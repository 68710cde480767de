//! The file system that a kernel starts with: an archive of programs.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cpio::newc::{Builder, trailer};

const DIRECTORY: u32 = 0o04_0755;
const PROGRAM: u32 = 0o10_0755;
const CHARACTERS: u32 = 0o02_0600;

/// Writes an archive of `programs`, each by its path on the other side and on this one, to `to`.
pub fn write(to: &Path, programs: &[(String, PathBuf)]) -> Result<()> {
    let mut archive = Vec::new();
    let parents: BTreeSet<_> = programs.iter().filter_map(|(name, _)| name.rsplit_once('/')).collect();
    let parents: BTreeSet<_> = parents.into_iter().map(|(parent, _)| parent).chain(["dev"]).collect();
    for parent in parents {
        Builder::new(parent).mode(DIRECTORY).nlink(2).write(&mut archive, 0).finish()?;
    }
    // The kernel opens it for the first process, before anything is mounted.
    let console = Builder::new("dev/console").mode(CHARACTERS).rdev_major(5).rdev_minor(1);
    console.write(&mut archive, 0).finish()?;
    for (name, program) in programs {
        let content = fs::read(program).with_context(|| format!("{}", program.display()))?;
        let mut file = Builder::new(name).mode(PROGRAM).write(&mut archive, u32::try_from(content.len())?);
        file.write_all(&content)?;
        file.finish()?;
    }
    trailer(&mut archive)?;
    fs::write(to, archive).with_context(|| format!("{}", to.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cpio::newc::Reader;
    use std::io::Read;

    #[test]
    fn an_archive_reads_back() {
        let home = tempfile::tempdir().unwrap();
        let (program, to) = (home.path().join("program"), home.path().join("archive"));
        fs::write(&program, "content").unwrap();
        write(&to, &[("init".into(), program.clone()), ("a/b".into(), program)]).unwrap();
        let archive = fs::read(to).unwrap();
        let (mut rest, mut found) = (&archive[..], Vec::new());
        loop {
            let mut reader = Reader::new(rest).unwrap();
            let (name, mode) = (reader.entry().name().to_owned(), reader.entry().mode());
            if reader.entry().is_trailer() {
                break;
            }
            let mut content = String::new();
            reader.read_to_string(&mut content).unwrap();
            found.push((name, mode, content));
            rest = reader.finish().unwrap();
        }
        let expected = [
            ("a", DIRECTORY, ""),
            ("dev", DIRECTORY, ""),
            ("dev/console", CHARACTERS, ""),
            ("init", PROGRAM, "content"),
            ("a/b", PROGRAM, "content"),
        ];
        assert_eq!(found, expected.map(|(name, mode, content)| (name.to_owned(), mode, content.to_owned())));
    }
}
