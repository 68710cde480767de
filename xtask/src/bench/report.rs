//! benches/README.md.

use std::fmt;

use super::criterion::Measured;
use super::programs::{CALL_ON_I386, THREAD};
use super::sizes::PROGRAMS;

#[derive(Default)]
pub struct Report {
    pub machine: String,
    pub rounds: u32,
    pub measured: Measured,
    /// By way, in the order of [`PROGRAMS`].
    pub sizes: Vec<(&'static str, [Option<u64>; 2])>,
    /// What could not be measured, and why.
    pub lacking: Vec<String>,
}

/// What a row is called, and the subject.
const CALLS: [(&str, &str); 4] = [
    ("`getppid`", "call getppid"),
    ("`write` of one byte to /dev/null", "call write"),
    ("`clock_gettime`", "call clock_gettime"),
    ("`splice` of no bytes: six arguments", "call splice"),
];
/// The sides of calls, after the one that all are compared with.
const BY_HAND: &str = "asm";
const CRATES: [&str; 7] = ["ring3 raw", "ring3 sys", "sc", "syscalls", "rustix", "nc", "libc"];

const OWN: &str = "ring3";
const PEERS: [(&str, &str); 4] =
    [("libc", "glibc"), ("std", "std"), ("rustix", "rustix"), ("trap", "the trap")];
const RUNTIME: [(&str, &str); 13] = [
    ("`clock_gettime`, from the vDSO", "clock_gettime"),
    ("`getcpu`, from the vDSO", "getcpu"),
    ("`getrandom`, 16 bytes, from the vDSO", "getrandom, 16 bytes"),
    ("`getppid` on i686: `__kernel_vsyscall`, and `int 0x80` as the trap", CALL_ON_I386),
    ("a child that runs a program and is waited for", "spawn and wait"),
    ("a thread that does nothing and is joined", THREAD),
    ("a block of 64 bytes, allocated and freed", "64 bytes"),
    ("a block of 4 KiB", "4 KiB"),
    ("a block of 1 MiB", "1 MiB"),
    ("blocks of up to 512 bytes that come and go", "1 to 512 bytes"),
    ("blocks of up to 8 KiB that come and go", "1 B to 8 KiB"),
    ("`println!` to /dev/null", "println!"),
    ("`writeln!` through a buffer, to /dev/null", "writeln!, buffered"),
];

impl Report {
    /// Notes what could not be measured, by the first line of the reason, in which no path begins where this workspace is.
    pub fn lack(&mut self, what: &str, error: &anyhow::Error) {
        let workspace = env!("CARGO_MANIFEST_DIR").trim_end_matches("xtask");
        let reason = format!("{error:#}").replace(workspace, "");
        self.lacking.push(format!("{what}: {}", reason.lines().next().unwrap_or_default()));
    }
}

/// Three digits, and a unit.
fn time(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        ..1e3 => (nanoseconds, "ns"),
        1e3..1e6 => (nanoseconds / 1e3, "µs"),
        _ => (nanoseconds / 1e6, "ms"),
    };
    let digits = match value {
        ..10.0 => 2,
        10.0..100.0 => 1,
        _ => 0,
    };
    format!("{value:.digits$} {unit}")
}

fn cell(text: Option<String>) -> String {
    text.unwrap_or_else(|| "-".into())
}

impl Report {
    /// A time, and a ratio beside it.
    fn times(&self, subject: &str, side: &str, ratio: Option<f64>) -> Option<String> {
        Some(format!("{} ({:.2})", time(self.measured.median(subject, side)?), ratio?))
    }

    fn calls(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| | by hand | {} |", CRATES.join(" | "))?;
        writeln!(f, "|---{}", "|---".repeat(CRATES.len() + 1) + "|")?;
        for (row, subject) in CALLS {
            write!(f, "| {row} | {} |", cell(self.measured.median(subject, BY_HAND).map(time)))?;
            for side in CRATES {
                let ratio = self.measured.ratio(subject, side, BY_HAND);
                write!(f, " {} |", cell(ratio.map(|ratio| format!("{ratio:.2}"))))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }

    fn runtime(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| | {OWN} | {} |", PEERS.map(|(_, name)| name).join(" | "))?;
        writeln!(f, "|---{}", "|---".repeat(PEERS.len() + 1) + "|")?;
        for (row, subject) in RUNTIME {
            write!(f, "| {row} | {} |", cell(self.measured.median(subject, OWN).map(time)))?;
            for (side, _) in PEERS {
                let ratio = self.measured.ratio(subject, OWN, side);
                write!(f, " {} |", cell(self.times(subject, side, ratio)))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }

    fn sizes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| | {} |", PROGRAMS.join(" | "))?;
        writeln!(f, "|---{}", "|---".repeat(PROGRAMS.len()) + "|")?;
        for (way, sizes) in &self.sizes {
            let sizes = sizes.map(|size| cell(size.map(|size| size.to_string())));
            writeln!(f, "| {way} | {} |", sizes.join(" | "))?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# What it costs\n\nWritten by `cargo xtask bench`, in one run on: {}.\n", self.machine)?;
        writeln!(
            f,
            "All is compiled with the profile of the main README, for size. A time is the median of criterion's medians in {} rounds; a ratio \
             is the median of the ratios within a round.\n\n## A call\n\nThe trap written by hand, and how many times as long each crate \
             takes. rustix and libc read the clock in the vDSO.\n",
            self.rounds
        )?;
        self.calls(f)?;
        writeln!(
            f,
            "\n## What a program needs besides calls\n\nIn brackets: how many times as long as that one ring3 takes; below 1, ring3 is the \
             faster one. The trap is what none can do without: the calls alone. A child and a thread run on the \
             CPU of who waits for them.\n"
        )?;
        self.runtime(f)?;
        writeln!(
            f,
            "\n## Sizes\n\nIn bytes, stripped and for size. Rust's std alone is linked dynamically; all others are whole.\n"
        )?;
        self.sizes(f)?;
        writeln!(f, "\n## Not measured\n")?;
        for lacking in &self.lacking {
            writeln!(f, "- {lacking}")?;
        }
        writeln!(
            f,
            "- What has a dash: rustix starts no programs or threads and has no allocator and no lines, std's clock is \
             libc's; i686's C library is not there on most machines; and no call alone makes a thread or keeps blocks for later."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_digits() {
        let times = [0.5, 22.04, 164.4, 10_310.0, 95_000.0, 2e6].map(time);
        assert_eq!(times, ["0.50 ns", "22.0 ns", "164 ns", "10.3 µs", "95.0 µs", "2.00 ms"]);
    }

    #[test]
    fn a_table_has_what_was_measured_and_names_the_rest() {
        let mut report = Report { rounds: 1, machine: "a machine".into(), ..Report::default() };
        for (subject, side, nanoseconds) in [
            ("call getppid", "asm", 100.0),
            ("call getppid", "sc", 150.0),
            ("getcpu", "ring3", 20.0),
            ("getcpu", "libc", 25.0),
        ] {
            report.measured.add(subject, side, nanoseconds);
        }
        report.sizes.push(("ring3", [Some(342), None]));
        report.lack(
            "the size of cat, ring3",
            &anyhow::anyhow!("{}/cat: no\nsuch program", env!("CARGO_MANIFEST_DIR")),
        );
        let text = report.to_string();
        for line in [
            "| `getppid` | 100 ns | - | - | 1.50 | - | - | - | - |",
            "| `getcpu`, from the vDSO | 20.0 ns | 25.0 ns (0.80) | - | - | - |",
            "| ring3 | 342 | - |",
            "- the size of cat, ring3: xtask/cat: no",
        ] {
            assert!(text.lines().any(|other| other == line), "{line}\n{text}");
        }
    }
}
