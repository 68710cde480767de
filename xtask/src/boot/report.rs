//! What a booted kernel's programs wrote, told apart.

use std::fmt;

use anyhow::{Result, anyhow, bail};

use crate::cross::command::last;

/// A program's lines, and how it ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Section<'a> {
    pub program: &'a str,
    pub lines: Vec<&'a str>,
    /// `exit N` or what else the program that starts them says; none if it did not get so far.
    pub end: Option<&'a str>,
}

/// Reads the console: the program that starts them says when a program begins and how it ends.
pub fn sections(console: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for line in console.lines().map(str::trim_end) {
        // `start: "PATH" begins`, `start: "PATH" ends: END`.
        let said = line.strip_prefix("start: \"").and_then(|rest| rest.split_once("\" "));
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
        last(self.lines.iter().copied(), 40)
    }
}

/// The last line of the tracer.
#[derive(Debug, PartialEq, Eq)]
pub struct Trace {
    pub release: String,
    pub abi: String,
    /// Of `raw` and of `sys`.
    lists: [List; 2],
    /// The functions of `sys`, and how many of them were traced.
    functions: usize,
    traced: usize,
}

#[derive(Debug, PartialEq, Eq)]
struct List {
    name: &'static str,
    seen: usize,
    mismatches: usize,
}

impl Trace {
    /// Reads `trace: RELEASE, ABI, raw: N calls seen, N mismatches, sys: N calls seen, N mismatches, functions of sys: N, traced: N`.
    pub fn read(lines: &[&str]) -> Result<Self> {
        let line = lines.iter().rev().find_map(|line| line.strip_prefix("trace: "));
        let line = line.ok_or_else(|| anyhow!("no line `trace: RELEASE, ABI, ...`"))?;
        Self::parse(line).ok_or_else(|| {
            anyhow!(
                "expected `RELEASE, ABI, raw: N calls seen, N mismatches, sys: ..., functions of sys: N, traced: N`, not `{line}`"
            )
        })
    }

    fn parse(line: &str) -> Option<Self> {
        let mut parts = line.split(", ");
        let (release, abi) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        let mut list = |name| {
            let seen = parts.next()?.strip_prefix(name)?.strip_prefix(": ")?.strip_suffix(" calls seen")?;
            let mismatches = parts.next()?.strip_suffix(" mismatches")?;
            Some(List { name, seen: seen.parse().ok()?, mismatches: mismatches.parse().ok()? })
        };
        let lists = [list("raw")?, list("sys")?];
        let functions = parts.next()?.strip_prefix("functions of sys: ")?.parse().ok()?;
        let traced = parts.next()?.strip_prefix("traced: ")?.parse().ok()?;
        parts.next().is_none().then_some(Self { release, abi, lists, functions, traced })
    }

    /// Nothing differed, and everything was seen.
    pub fn verdict(&self, abi: &str) -> Result<()> {
        if self.abi != abi {
            bail!("the ABI is {}, not {abi}", self.abi);
        }
        for List { name, seen, mismatches } in &self.lists {
            match (seen, mismatches) {
                (_, 1..) => bail!("{name}: {mismatches} mismatches"),
                (0, _) => bail!("{name}: no call was seen"),
                _ => {}
            }
        }
        if self.functions != self.traced {
            bail!("{} of {} functions of sys were traced", self.traced, self.functions);
        }
        Ok(())
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for List { name, seen, mismatches } in &self.lists {
            write!(f, "{name}: {seen} calls seen, {mismatches} mismatches, ")?;
        }
        write!(f, "functions of sys: {}, traced: {}", self.functions, self.traced)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_told_apart() {
        let console = "[ 0.1] booting\nstart: \"/a/x\" begins\r\none\r\ntwo\r\nstart: \"/a/x\" ends: exit 0\r\n\
                       between\nstart: \"/b\" begins\nthree\n";
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
        let console = "start: \"/a\" begins\nstart: \"/b\" ends: exit 0\nstart: \"/a\" ends: signal 11\n";
        assert_eq!(sections(console)[0].verdict().unwrap_err().to_string().lines().next(), Some("signal 11"));
    }

    #[test]
    fn the_tracers_last_line() {
        let said = "raw: 400 calls seen, 0 mismatches, sys: 1300 calls seen, 0 mismatches, functions of sys: 690, traced: 690";
        let line = format!("trace: 7.2+deb14-armmp, arm, {said}");
        let trace = Trace::read(&["note: x", &line]).unwrap();
        assert_eq!((trace.release.as_str(), trace.abi.as_str()), ("7.2+deb14-armmp", "arm"));
        assert_eq!(trace.to_string(), said);
        assert!(trace.verdict("arm").is_ok());
        assert!(trace.verdict("i386").is_err());
        for (from, to) in [
            ("400 calls seen, 0", "400 calls seen, 1"),
            ("1300 calls seen, 0", "1300 calls seen, 1"),
            ("400 calls", "0 calls"),
            ("1300 calls", "0 calls"),
            ("traced: 690", "traced: 689"),
        ] {
            let line = line.replace(from, to);
            assert!(Trace::read(&[&line]).unwrap().verdict("arm").is_err(), "{line}");
        }
        let more = format!("{line}, more");
        for line in
            ["", "trace: ", "trace: the kernel is old", "trace: 7, arm, 1 calls seen, 0 mismatches", &more]
        {
            assert!(Trace::read(&[line]).is_err(), "{line}");
        }
    }
}
