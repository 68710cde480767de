//! The last line of a program that checks calls, which says what came out.

use std::fmt;

use anyhow::{Result, anyhow, bail};

/// How many checks passed and failed, and the names of those for which the kernel or emulator lacks the call. The conformance program
/// counts its checks, the portable program the names that it calls.
#[derive(Debug, PartialEq, Eq)]
struct Tally {
    passed: usize,
    failed: usize,
    not_supported: Vec<String>,
}

impl Tally {
    /// Reads `PROGRAM: N passed, N failed, N not supported: name name ...`, the last such line of `output`.
    fn read(program: &str, output: &str) -> Result<Self> {
        let line = output
            .lines()
            .rev()
            .find_map(|line| line.strip_prefix(program)?.strip_prefix(": "))
            .ok_or_else(|| anyhow!("no line `{program}: N passed, N failed, N not supported: ...`"))?;
        Self::parse(line)
            .ok_or_else(|| anyhow!("expected `N passed, N failed, N not supported: ...`, not `{line}`"))?
    }

    fn parse(line: &str) -> Option<Result<Self>> {
        let (counts, names) = line.split_once(':').unwrap_or((line, ""));
        let mut counts = counts.split(", ");
        let mut count = |what: &str| counts.next()?.strip_suffix(what)?.trim_end().parse::<usize>().ok();
        let (passed, failed, lacking) = (count("passed")?, count("failed")?, count("not supported")?);
        let not_supported: Vec<String> = names.split_whitespace().map(str::to_owned).collect();
        Some(if not_supported.len() == lacking {
            Ok(Self { passed, failed, not_supported })
        } else {
            Err(anyhow!("{lacking} not supported, but {} names", not_supported.len()))
        })
    }

    /// Nothing failed, and something was checked at all.
    fn verdict(&self) -> Result<()> {
        match (self.passed, self.failed) {
            (_, 1..) => bail!("{} checks failed", self.failed),
            (0, _) => bail!("no check passed"),
            _ => Ok(()),
        }
    }
}

/// Reads what a program says of its checks and judges it; gives it as a part of a line.
pub fn judge(program: &str, output: &str) -> Result<String> {
    if program == "conformance" {
        let said = Conformance::read(output)?;
        return said.verdict().map(|()| said.to_string());
    }
    let said = Tally::read(program, output)?;
    said.verdict().map(|()| said.to_string())
}

/// How many different functions of `sys` each run of the conformance program must show.
const FUNCTIONS: usize = 200;

/// What the conformance program says of its checks, and of the functions of `sys` that they call.
#[derive(Debug, PartialEq, Eq)]
struct Conformance {
    checks: Tally,
    functions: Tally,
}

impl Conformance {
    /// Reads the last lines of the checks and of the functions of `sys`.
    fn read(output: &str) -> Result<Self> {
        Ok(Self { checks: Tally::read("conformance", output)?, functions: Tally::read("sys", output)? })
    }

    /// Nothing failed, and enough was checked.
    fn verdict(&self) -> Result<()> {
        self.checks.verdict()?;
        if self.functions.failed > 0 {
            bail!("{} functions of sys failed", self.functions.failed);
        }
        if self.functions.passed < FUNCTIONS {
            bail!("{} functions of sys passed, expected at least {FUNCTIONS}", self.functions.passed);
        }
        Ok(())
    }
}

impl fmt::Display for Conformance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, functions of sys {}", self.checks, self.functions)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passed, {} failed, {} not supported",
            self.passed,
            self.failed,
            self.not_supported.len()
        )?;
        if !self.not_supported.is_empty() {
            write!(f, " ({})", self.not_supported.join(" "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_last_line() {
        let output = "read: passed\nconformance: 12 passed, 0 failed, 2 not supported: clone3 rseq\n";
        let tally = Tally::read("conformance", output).unwrap();
        assert_eq!((tally.passed, tally.failed), (12, 0));
        assert_eq!(tally.to_string(), "12 passed, 0 failed, 2 not supported (clone3 rseq)");
        assert!(tally.verdict().is_ok());
    }

    #[test]
    fn nothing_unsupported_with_and_without_colon() {
        for line in [
            "conformance: 3 passed, 0 failed, 0 not supported:",
            "conformance: 3 passed, 0 failed, 0 not supported",
        ] {
            assert_eq!(
                Tally::read("conformance", line).unwrap().to_string(),
                "3 passed, 0 failed, 0 not supported"
            );
        }
    }

    #[test]
    fn failures_and_emptiness_are_no_success() {
        assert!(
            Tally::read("conformance", "conformance: 3 passed, 1 failed, 0 not supported:")
                .unwrap()
                .verdict()
                .is_err()
        );
        assert!(
            Tally::read("conformance", "conformance: 0 passed, 0 failed, 1 not supported: x")
                .unwrap()
                .verdict()
                .is_err()
        );
    }

    #[test]
    fn other_lines_are_refused() {
        for line in [
            "",
            "conformance: ",
            "conformance: many passed",
            "conformance: 1 passed, 0 failed, 2 not supported: one",
        ] {
            assert!(Tally::read("conformance", line).is_err(), "{line}");
        }
        assert!(Tally::read("portable", "conformance: 3 passed, 0 failed, 0 not supported").is_err());
    }

    #[test]
    fn enough_functions_of_sys() {
        let verdict = |functions: &str| {
            let output = format!("sys: {functions}\nconformance: 3 passed, 0 failed, 0 not supported\n");
            Conformance::read(&output).and_then(|said| said.verdict().map(|()| said.to_string()))
        };
        assert_eq!(
            verdict("200 passed, 0 failed, 1 not supported: keyctl::read(ENOSYS)").unwrap(),
            "3 passed, 0 failed, 0 not supported, functions of sys 200 passed, 0 failed, 1 not supported (keyctl::read(ENOSYS))"
        );
        assert!(verdict("199 passed, 0 failed, 0 not supported").is_err());
        assert!(verdict("200 passed, 1 failed, 0 not supported").is_err());
        assert!(Conformance::read("conformance: 3 passed, 0 failed, 0 not supported").is_err());
    }
}
