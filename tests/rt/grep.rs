//! The example `grep` where its surroundings fail: `cargo xtask cross` has its ordinary cases.

use crate::package::{ended, example_with_heap, output};
use ring3::Errno;
use std::fs::File;
use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Command, Stdio};

fn grep() -> PathBuf {
    example_with_heap("grep")
}

#[test]
fn grep_helps() {
    let (code, stdout, stderr) = output(Command::new(grep()).arg("--help"));
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(stdout.starts_with("usage: grep [-cilnqsv] TEXT [FILE...]\n"), "{stdout}");
    let letters = stdout.lines().filter_map(|line| line.strip_prefix("  -")?.chars().next());
    assert_eq!(letters.collect::<String>(), "cilnqsv-");
}

#[test]
fn grep_reports_output_that_fails() {
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let grep = grep();
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let (code, _, stderr) = output(Command::new(&grep).args(["", manifest]).stdout(full()));
    assert_eq!((code, stderr.as_str()), (Some(2), &*format!("grep: standard output: {}\n", Errno::ENOSPC)));
    // Nothing was printed, so that nothing failed.
    let (code, _, stderr) = output(Command::new(&grep).args(["no line has this", manifest]).stdout(full()));
    assert_eq!((code, stderr.as_str()), (Some(1), ""));
}

/// A reader that goes away ends the program: by the signal, or as an error where that is ignored. It never goes on forever.
#[test]
fn grep_ends_when_nobody_reads() {
    let grep = grep();
    for ignored in [false, true] {
        let mut command = Command::new(&grep);
        command.args(["-v", "x"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let disposition = if ignored { libc::SIG_IGN } else { libc::SIG_DFL };
        // SAFETY: signal(2) is all that the child calls.
        unsafe {
            command.pre_exec(move || {
                libc::signal(libc::SIGPIPE, disposition);
                Ok(())
            })
        };
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let mut stdin = child.stdin.take().unwrap();
        // Without an end.
        let writer =
            std::thread::spawn(move || while std::io::Write::write_all(&mut stdin, b"line\n").is_ok() {});
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let status = child.wait().unwrap();
        writer.join().unwrap();
        if ignored {
            assert_eq!(
                (status.code(), stderr.as_str()),
                (Some(2), &*format!("grep: standard output: {}\n", Errno::EPIPE))
            );
        } else {
            assert_eq!((status.signal(), stderr.as_str()), (Some(libc::SIGPIPE), ""));
        }
    }
}

/// A line that memory cannot hold: what was found before it is printed, and what comes after it is searched.
#[test]
fn grep_survives_the_end_of_memory() {
    let grep = grep();
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("large"), format!("a needle\n{}\n", "x".repeat(50 << 20))).unwrap();
    std::fs::write(path("small"), "needles\n").unwrap();
    let mut command = Command::new(&grep);
    command.args(["needle", &path("large"), &path("small")]);
    // SAFETY: setrlimit(2) is all that the child calls.
    unsafe {
        command.pre_exec(|| {
            let limit = libc::rlimit { rlim_cur: 16 << 20, rlim_max: 16 << 20 };
            match libc::setrlimit(libc::RLIMIT_AS, &limit) {
                0 => Ok(()),
                _ => Err(std::io::Error::last_os_error()),
            }
        })
    };
    let found = format!("{}:a needle\n{}:needles\n", path("large"), path("small"));
    let complaint = format!("grep: {}: {}\n", path("large"), Errno::ENOMEM);
    assert_eq!(output(&mut command), ended(2, &found, &complaint));
}
