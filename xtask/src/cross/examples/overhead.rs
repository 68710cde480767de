//! overhead: the rows that there are, and a number or a reason in each; never a time.

use std::fs;

use anyhow::{Context, Result, bail, ensure};

use super::{End, Examples};
use crate::cross::target::Target;

const USAGE: &str = "usage: overhead [--rounds N] [--svg FILE]\n";
/// In a release build under qemu-user these take less than half a second.
const ROUNDS: &str = "3";
const HERE: &str = "a call of a function";

pub fn check(examples: &mut Examples) {
    examples.ends("overhead", &["--help"], &End { code: 0, stdout: USAGE, stderr: "" });
    for (arguments, complaint) in [
        (&["--rounds"][..], "overhead: --rounds: a number from 1 to 100000 has to follow\n"),
        (&["--rounds", "0"], "overhead: --rounds: a number from 1 to 100000 has to follow\n"),
        (&["--svg"], "overhead: --svg: a file has to follow\n"),
        (&["fast"], "overhead: fast: there is no such option\n"),
    ] {
        examples.ends("overhead", arguments, &End { code: 2, stdout: "", stderr: complaint });
    }
    let (drawing, nowhere) = (examples.path("overhead.svg"), examples.path("nowhere/overhead.svg"));
    let _ = fs::remove_file(&drawing);
    let ran = examples.execute("overhead", &["--rounds", ROUNDS, "--svg", &drawing]).and_then(|ran| {
        ensure!(ran.status.success(), "{}\n{}", ran.status, ran.tail(20));
        let table = Table::read(&String::from_utf8_lossy(&ran.stdout), examples.suite.target)?;
        table.is_drawn(&fs::read_to_string(&drawing).context("the drawing")?)?;
        Ok(table.to_string())
    });
    if let Some(said) = examples.note("overhead", ran) {
        examples.outcome.tally(examples.profile.name().into(), format!("overhead {said}"));
    }
    let refused = examples.execute("overhead", &["--rounds", "1", "--svg", &nowhere]).and_then(|ran| {
        let complaint = ran.stderr.starts_with(&format!("overhead: {nowhere}: "));
        ensure!(ran.status.code() == Some(1) && complaint, "{}\n{}", ran.status, ran.tail(5));
        Ok(())
    });
    examples.note("overhead without a place for the drawing", refused);
}

/// What the program has printed: the names of what it has measured, and of what is not there.
pub struct Table {
    measured: Vec<String>,
    lacking: Vec<String>,
}

impl Table {
    /// Reads the table and the chart below it.
    pub fn read(text: &str, target: &Target) -> Result<Self> {
        let (table, chart) = text.split_once("\n\n").context("no empty line before the chart")?;
        let mut read = Self { measured: Vec::new(), lacking: Vec::new() };
        for row in table.lines().skip(1) {
            let (name, rest) = row.split_at_checked(30).with_context(|| format!("a short row: `{row}`"))?;
            let name = name.trim_end().to_owned();
            match rest.split_whitespace().collect::<Vec<_>>()[..] {
                ["not", "here:", ..] => read.lacking.push(name),
                [median, unit, p99, other, ratio] => {
                    let (median, p99) = (picoseconds(median, unit)?, picoseconds(p99, other)?);
                    ensure!(0.0 < median && median <= p99, "median and p99 in `{row}`");
                    let ratio: f64 = ratio.parse().with_context(|| format!("the ratio in `{row}`"))?;
                    ensure!(ratio >= 1.0, "less than the least: `{row}`");
                    read.measured.push(name);
                }
                _ => bail!(
                    "expected `NAME MEDIAN UNIT P99 UNIT RATIO` or `NAME not here: REASON`, not `{row}`"
                ),
            }
        }
        let mut found: Vec<_> = read.measured.iter().chain(&read.lacking).map(String::as_str).collect();
        let mut expected = rows(target.abi);
        found.sort_unstable();
        expected.sort_unstable();
        ensure!(found == expected, "rows {found:?}, not {expected:?}");
        ensure!(read.measured.iter().any(|name| name == HERE), "no {HERE}");
        let bars: Vec<_> = chart.lines().filter(|line| line.ends_with('█')).collect();
        let drawn = |name: &String| bars.iter().any(|bar| bar.starts_with(name.as_str()));
        ensure!(bars.len() == read.measured.len() && read.measured.iter().all(drawn), "bars:\n{text}");
        Ok(read)
    }

    /// Everything that a kernel of one's own has, is measured.
    pub fn is_whole(&self) -> Result<()> {
        // Not what the architecture lacks, or the kernel's vDSO.
        let lacking: Vec<_> = self
            .lacking
            .iter()
            .filter(|name| name.contains("io_uring") || name.contains("filtered"))
            .collect();
        ensure!(lacking.is_empty(), "not measured: {lacking:?}");
        Ok(())
    }

    /// Whether a drawing has a bar and a name for each row.
    fn is_drawn(&self, drawing: &str) -> Result<()> {
        let document = roxmltree::Document::parse(drawing).context("the drawing is not well-formed")?;
        let root = document.root_element();
        ensure!(root.tag_name().name() == "svg", "the drawing is a {:?}", root.tag_name());
        let named = |name: &'static str| {
            root.children().filter(move |node| node.has_tag_name(("http://www.w3.org/2000/svg", name)))
        };
        // The first is the ground.
        let bars = named("rect").count() - 1;
        ensure!(bars == self.measured.len(), "{bars} bars are drawn, not {}", self.measured.len());
        for name in &self.measured {
            ensure!(named("text").any(|node| node.text() == Some(name)), "{name} is not drawn");
        }
        Ok(())
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} rows, {} not here", self.measured.len(), self.lacking.len())?;
        if !self.lacking.is_empty() {
            write!(f, ": {}", self.lacking.join("; "))?;
        }
        Ok(())
    }
}

/// The names of an ABI's rows.
fn rows(abi: &str) -> Vec<&'static str> {
    let traps: &[_] = match abi {
        "x86_64" => &["getppid, syscall", "getppid, int 0x80", "time, vsyscall page"],
        "i386" => &["getppid, int 0x80", "getppid, __kernel_vsyscall"],
        "arm" | "aarch64" => &["getppid, svc"],
        _ => &["getppid, ecall"],
    };
    let others = [
        HERE,
        "clock_gettime, vDSO",
        "clock_gettime, trap",
        "one of 32 writes",
        "one of 32 in a writev",
        "one of 32 in an io_uring",
        "getppid, filtered by number",
        "getppid, filtered by argument",
    ];
    traps.iter().copied().chain(others).collect()
}

fn picoseconds(number: &str, unit: &str) -> Result<f64> {
    let unit = match unit {
        "ns" => 1e3,
        "us" => 1e6,
        "ms" => 1e9,
        _ => bail!("{unit}: not a unit of time"),
    };
    Ok(number.parse::<f64>().with_context(|| format!("{number}: not a number"))? * unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cross::target::TARGETS;

    /// The output on a target, with one row left out or lacking.
    fn output(target: &Target, without: &str, lacking: &str) -> String {
        let rows = rows(target.abi).into_iter().filter(|name| *name != without).collect::<Vec<_>>();
        let row = |name: &&str| match *name == lacking {
            true => format!("{name:30} not here: function not implemented\n"),
            false => format!("{name:30}    1.34 ns    1.97 us       1.0\n"),
        };
        let bars = rows.iter().filter(|name| **name != lacking).map(|name| format!("{name:30} ██\n"));
        format!("head\n{}\nmedians\n{}", rows.iter().map(row).collect::<String>(), bars.collect::<String>())
    }

    #[test]
    fn a_table_has_all_rows_and_a_bar_for_each_number() {
        for target in TARGETS {
            let read = |without, lacking| Table::read(&output(target, without, lacking), target);
            let count = rows(target.abi).len();
            assert_eq!(read("", "").unwrap().to_string(), format!("{count} rows, 0 not here"));
            let table = read("", "one of 32 in an io_uring").unwrap();
            let said = format!("{} rows, 1 not here: one of 32 in an io_uring", count - 1);
            assert_eq!(table.to_string(), said);
            assert!(table.is_whole().is_err());
            assert!(read("", "clock_gettime, vDSO").unwrap().is_whole().is_ok());
            assert!(read("one of 32 writes", "").is_err());
            assert!(read("", HERE).is_err());
            let output = output(target, "", "");
            for (from, to) in
                [("1.34 ns", "0.00 ns"), ("1.97 us", "1.00 ns"), ("    1.0\n", "    0.9\n"), ("██", "")]
            {
                assert!(Table::read(&output.replacen(from, to, 1), target).is_err(), "{from}");
            }
        }
    }

    #[test]
    fn a_drawing_has_a_bar_for_each_row() {
        let table = Table { measured: vec!["one".into()], lacking: Vec::new() };
        let svg = |inside| format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><rect/>{inside}</svg>");
        assert!(table.is_drawn(&svg("<text>one</text><rect/>")).is_ok());
        assert!(table.is_drawn(&svg("<text>other</text><rect/>")).is_err());
        assert!(table.is_drawn(&svg("<text>one</text>")).is_err());
        assert!(table.is_drawn("<svg>").is_err());
    }
}
