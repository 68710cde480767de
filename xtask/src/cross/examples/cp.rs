//! cp: by each method, with holes and permissions. `cargo test` has the rest.

use std::fs::{self, File};
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt};

use anyhow::{Context, Result, bail};

use super::{End, Examples};

const METHODS: [&str; 5] = ["copy_file_range", "sendfile", "splice", "io_uring", "read/write"];
/// Around the size of a page, and larger than any buffer.
const SIZES: [usize; 5] = [0, 1, 4095, 4097, 600_001];
/// Where a large file has its data: positions that 32 bits do not hold.
const FAR: u64 = (4 << 30) + 12_345;
/// What a kernel or an emulator says that lacks a call.
const LACKING: &str = "the running kernel does not have this call\n";

pub fn check(examples: &mut Examples) {
    examples.ends("cp", &["only one"], &End { code: 2, stdout: "", stderr: "cp: two paths are wanted" });
    let (mut passed, mut lacking) = (0, Vec::new());
    for method in METHODS {
        let copies = examples.copies(method);
        match examples.note(&format!("cp by {method}"), copies) {
            Some(0) => lacking.push(method),
            count => passed += count.unwrap_or_default(),
        }
    }
    let count = lacking.len();
    let tally = format!("cp {passed} passed, {count} not supported ({})", lacking.join(" "));
    examples.outcome.tally(examples.profile.name().into(), tally.replace(" ()", ""));
}

impl Examples<'_> {
    /// Copies some files by a method, and says how many; none if there is no such call here.
    fn copies(&mut self, method: &str) -> Result<usize> {
        let (from, to) = (self.path("cp.from"), self.path("cp.to"));
        for size in SIZES {
            let content: Vec<u8> =
                (0..size as u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
            fs::write(&from, &content)?;
            fs::set_permissions(&from, fs::Permissions::from_mode(0o751))?;
            if !self.copy(method, &from, &to)? {
                return Ok(0);
            }
            let mode = fs::metadata(&to)?.mode() & 0o7777;
            if fs::read(&to)? != content || mode != 0o751 {
                bail!("{size} bytes came out wrong, or with the permissions {mode:o}");
            }
        }
        let large = File::create(&from)?;
        large.write_all_at(b"far", FAR)?;
        large.set_len(FAR + (1 << 30))?;
        self.copy(method, &from, &to)?;
        let (copy, mut text) = (File::open(&to)?, [0; 5]);
        copy.read_exact_at(&mut text, FAR - 1)?;
        let metadata = copy.metadata()?;
        let (length, blocks) = (metadata.len(), metadata.blocks());
        fs::remove_file(&from).and_then(|()| fs::remove_file(&to)).context("the large file")?;
        if &text != b"\0far\0" || length != FAR + (1 << 30) || blocks > 2048 {
            bail!("a file with holes came out with {length} bytes in {blocks} blocks, and {text:?}");
        }
        Ok(SIZES.len() + 1)
    }

    /// Makes one copy; false if the call is not there.
    fn copy(&mut self, method: &str, from: &str, to: &str) -> Result<bool> {
        let ran = self.execute("cp", &["--how", method, from, to])?;
        if ran.status.code() == Some(1) && method == "io_uring" && ran.stderr.ends_with(LACKING) {
            return Ok(false);
        }
        if !ran.status.success() || !ran.stderr.is_empty() {
            bail!("{}\n{}", ran.status, ran.tail(5));
        }
        Ok(true)
    }
}
