//! The example `cp`: what it copies, byte by byte, and what it leaves behind where it cannot.
//!
//! `cargo xtask cross` copies a few files on every ABI, `cargo xtask boot` on real kernels.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

mod copies;
#[path = "../common/examples.rs"]
mod examples;
mod failures;
#[path = "../common/signals.rs"]
mod signals;

use ring3::Errno;
use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
    sync::LazyLock,
};
use tempfile::TempDir;

const METHODS: [&str; 5] = ["copy_file_range", "sendfile", "splice", "io_uring", "read/write"];
static CP: LazyLock<PathBuf> = LazyLock::new(|| examples::build("cp", "x86_64-unknown-linux-gnu"));

fn cp() -> Command {
    let mut command = Command::new(&*CP);
    signals::heed(&mut command);
    command
}

/// The methods that this kernel has; the others are named.
static USABLE: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let dir = Dir::new();
    dir.write("probe", b"x");
    let usable = |method: &&str| {
        let output = dir.cp(&["--how", method, "probe", "probe.copy"]);
        let refused = stderr(&output).contains(&format!("{}", Errno::ENOSYS))
            || stderr(&output).contains(&format!("{}", Errno::EPERM));
        if refused {
            println!("not shown: {method}: {}", stderr(&output));
        }
        !refused
    };
    METHODS.into_iter().filter(usable).collect()
});

/// Nothing at all, and each method of those that this kernel has.
fn ways() -> Vec<Vec<&'static str>> {
    std::iter::once(vec![]).chain(USABLE.iter().map(|&method| vec!["--how", method])).collect()
}

/// A directory that the program runs in.
struct Dir(TempDir);

impl Dir {
    fn new() -> Self {
        Self(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.path(name), content).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    fn fifo(&self, name: &str) {
        let made = Command::new("mkfifo").arg(self.path(name)).status().unwrap();
        assert!(made.success());
    }

    fn cp(&self, arguments: &[&str]) -> Output {
        cp().args(arguments).current_dir(self.0.path()).output().unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
fn succeeded(output: &Output) {
    assert!(output.status.success() && output.stderr.is_empty(), "{}: {}", output.status, stderr(output));
}

/// It ended with this code and this line.
#[track_caller]
fn failed(output: &Output, code: i32, line: &str) {
    assert_eq!((output.status.code(), stderr(output)), (Some(code), format!("cp: {line}\n")));
}

/// Bytes that no block of which is like another.
fn noise(length: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(length as u64);
    std::iter::repeat_with(|| random.u8(..)).take(length).collect()
}
