//! strace: what it says of itself, for the emulators know no ptrace. `cargo xtask boot` runs it on kernels, and `cargo test` beside strace itself.

use anyhow::ensure;

use super::{End, Examples};

pub fn check(examples: &mut Examples) {
    let help = examples.execute("strace", &["--help"]).and_then(|ran| {
        ensure!(ran.status.success() && ran.stdout.starts_with(b"usage: strace [-f]"), "{}", ran.tail(20));
        Ok(())
    });
    examples.note("strace --help", help);
    let mut fails = |arguments: &[&str], stderr: &str| {
        examples.ends("strace", arguments, &End { code: 2, stdout: "", stderr });
    };
    fails(&[], "strace: expected a PROGRAM, or -p PID\n");
    fails(&["-x"], "strace: there is no option -x\n");
    fails(&["-e", "trace=openat,opn", "true"], "strace: there is no system call opn\n");
}
