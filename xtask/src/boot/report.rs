//! What a booted kernel's programs wrote, told apart.

use std::fmt;

use anyhow::{Result, anyhow, bail};

/// A program's lines, and how it ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Section<'a> {
    pub program: &'a str,
    pub lines: Vec<&'a str>,
    /// `exit N` or what else the first process says; none if it did not get so far.
    pub end: Option<&'a str>,
}

/// Reads the console: the first process says when a program begins and how it ends.
pub fn sections(console: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for line in console.lines().map(str::trim_end) {
        // `init: "PATH" begins`, `init: "PATH" ends: END`.
        let said = line.strip_prefix("init: \"").and_then(|rest| rest.split_once("\" "));
        match (said, sections.last_mut()) {
            (Some((program, "begins")), _) => {
                sections.push(Section { program, lines: Vec::new(), end: None });
            }
            (Some((program, rest)), Some(last)) if last.program == program && rest.starts_with("ends: ") => {
                last.end = rest.strip_prefix("ends: ");
            }
            (_, Some(last)) if last.end.is_none() => last.lines.push(line),
            _ => {}
        }
    }
    sections
}

impl Section<'_> {
    /// Whether the program came to its end and was content.
    pub fn verdict(&self) -> Result<()> {
        match self.end {
            Some("exit 0") => Ok(()),
            Some(end) => bail!("{end}\n{}", self.tail()),
            None => bail!("no end\n{}", self.tail()),
        }
    }

    pub fn tail(&self) -> String {
        self.lines[self.lines.len().saturating_sub(40)..].join("\n")
    }
}

/// The last line of the tracer.
#[derive(Debug, PartialEq, Eq)]
pub struct Trace {
    pub release: String,
    pub abi: String,
    seen: usize,
    mismatches: usize,
}

impl Trace {
    /// Reads `trace: RELEASE, ABI, N calls seen, N mismatches`.
    pub fn read(lines: &[&str]) -> Result<Self> {
        let line = lines.iter().rev().find_map(|line| line.strip_prefix("trace: "));
        let line = line.ok_or_else(|| anyhow!("no line `trace: RELEASE, ABI, ...`"))?;
        Self::parse(line)
            .ok_or_else(|| anyhow!("expected `RELEASE, ABI, N calls seen, N mismatches`, not `{line}`"))
    }

    fn parse(line: &str) -> Option<Self> {
        let mut parts = line.split(", ");
        let (release, abi) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        let seen = parts.next()?.strip_suffix(" calls seen")?.parse().ok()?;
        let mismatches = parts.next()?.strip_suffix(" mismatches")?.parse().ok()?;
        parts.next().is_none().then_some(Self { release, abi, seen, mismatches })
    }

    /// Nothing differed, and something was seen at all.
    pub fn verdict(&self, abi: &str) -> Result<()> {
        if self.abi != abi {
            bail!("the ABI is {}, not {abi}", self.abi);
        }
        match (self.seen, self.mismatches) {
            (_, 1..) => bail!("{} mismatches", self.mismatches),
            (0, _) => bail!("no call was seen"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} calls seen, {} mismatches", self.seen, self.mismatches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_told_apart() {
        let console = "[ 0.1] booting\ninit: \"/a/x\" begins\r\none\r\ntwo\r\ninit: \"/a/x\" ends: exit 0\r\n\
                       between\ninit: \"/b\" begins\nthree\n";
        let sections = sections(console);
        assert_eq!(
            sections,
            [
                Section { program: "/a/x", lines: vec!["one", "two"], end: Some("exit 0") },
                Section { program: "/b", lines: vec!["three"], end: None },
            ]
        );
        assert!(sections[0].verdict().is_ok());
        assert_eq!(sections[1].verdict().unwrap_err().to_string(), "no end\nthree");
    }

    #[test]
    fn what_a_program_says_of_itself_is_not_its_end() {
        let console = "init: \"/a\" begins\ninit: \"/b\" ends: exit 0\ninit: \"/a\" ends: signal 11\n";
        assert_eq!(sections(console)[0].verdict().unwrap_err().to_string().lines().next(), Some("signal 11"));
    }

    #[test]
    fn the_tracers_last_line() {
        let trace = Trace::read(&["note: x", "trace: 7.2+deb14-armmp, arm, 400 calls seen, 0 mismatches"]);
        let trace = trace.unwrap();
        assert_eq!((trace.release.as_str(), trace.abi.as_str()), ("7.2+deb14-armmp", "arm"));
        assert_eq!(trace.to_string(), "400 calls seen, 0 mismatches");
        assert!(trace.verdict("arm").is_ok());
        assert!(trace.verdict("i386").is_err());
        for line in
            ["trace: 7.2, arm, 400 calls seen, 1 mismatches", "trace: 7.2, arm, 0 calls seen, 0 mismatches"]
        {
            assert!(Trace::read(&[line]).unwrap().verdict("arm").is_err());
        }
        for line in
            ["", "trace: ", "trace: the kernel is old", "trace: 7, arm, 1 calls seen, 0 mismatches, more"]
        {
            assert!(Trace::read(&[line]).is_err(), "{line}");
        }
    }
}
