//! criterion's benchmarks: they run, and their numbers are read from the files that criterion leaves.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::Machine;
use crate::cross::build::cargo;
use crate::cross::command::succeed;

const BENCHES: [&str; 4] = ["calls", "spawn", "text", "vdso"];
/// All of them, built and run once.
const LIMIT: Duration = Duration::from_secs(1200);

/// Nanoseconds of each round, by subject and side.
#[derive(Default)]
pub struct Measured(BTreeMap<String, BTreeMap<String, Vec<f64>>>);

impl Measured {
    pub fn add(&mut self, subject: &str, side: &str, nanoseconds: f64) {
        self.0.entry(subject.into()).or_default().entry(side.into()).or_default().push(nanoseconds);
    }

    fn rounds(&self, subject: &str, side: &str) -> Option<&Vec<f64>> {
        self.0.get(subject)?.get(side)
    }

    /// What a side takes, as the median of the rounds.
    pub fn median(&self, subject: &str, side: &str) -> Option<f64> {
        median(self.rounds(subject, side)?.iter().copied())
    }

    /// How many times as long as the other side it takes, as the median of the rounds' ratios.
    pub fn ratio(&self, subject: &str, side: &str, other: &str) -> Option<f64> {
        let (side, other) = (self.rounds(subject, side)?, self.rounds(subject, other)?);
        median(side.iter().zip(other).map(|(side, other)| side / other))
    }
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

fn bench(machine: &Machine) -> Command {
    let mut command = cargo();
    command.args(["bench", "--quiet", "--locked", "--package", "benches", "--features", "alloc"]);
    command.args(BENCHES.iter().flat_map(|name| ["--bench", name])).current_dir(&machine.root);
    command
}

pub fn build(machine: &Machine) -> Result<()> {
    succeed(bench(machine).arg("--no-run"), LIMIT).map(drop)
}

/// Runs all benchmarks once, each for a short time.
pub fn round(machine: &Machine, measured: &mut Measured) -> Result<()> {
    // A place of its own: no number of an earlier run is in it.
    let home = tempfile::tempdir_in(&machine.home)?;
    let mut command = bench(machine);
    command.args(["--", "--warm-up-time", "0.05", "--measurement-time", "0.2", "--nresamples", "1000"]);
    succeed(command.env("CRITERION_HOME", home.path()), LIMIT)?;
    read(home.path(), measured)
}

/// Reads SUBJECT/SIDE/new: what criterion measured, and how it was called.
fn read(home: &Path, measured: &mut Measured) -> Result<()> {
    let mut found = 0;
    for subject in fs::read_dir(home)? {
        for side in fs::read_dir(subject?.path())? {
            let new = side?.path().join("new");
            // Beside the sides there may be a report on all of them.
            if !new.is_dir() {
                continue;
            }
            let names = json(&new.join("benchmark.json"))?;
            let estimates = json(&new.join("estimates.json"))?;
            let (Some(subject), Some(side), Some(median)) = (
                names["group_id"].as_str(),
                names["function_id"].as_str(),
                estimates["median"]["point_estimate"].as_f64(),
            ) else {
                bail!("{}: expected a group, a function and a median", new.display());
            };
            measured.add(subject, side, median);
            found += 1;
        }
    }
    if found == 0 {
        bail!("criterion has left no numbers");
    }
    Ok(())
}

fn json(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{}: expected JSON", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_criterions_files() {
        let home = tempfile::tempdir().unwrap();
        let mut measured = Measured::default();
        assert_eq!(
            read(home.path(), &mut measured).unwrap_err().to_string(),
            "criterion has left no numbers"
        );
        for (side, median) in [("one", 1.5), ("other", 3.0)] {
            let new = home.path().join("a_b").join(side).join("new");
            fs::create_dir_all(&new).unwrap();
            let names = format!(r#"{{"group_id":"a/b","function_id":"{side}"}}"#);
            fs::write(new.join("benchmark.json"), names).unwrap();
            fs::write(new.join("estimates.json"), format!(r#"{{"median":{{"point_estimate":{median}}}}}"#))
                .unwrap();
        }
        fs::create_dir(home.path().join("a_b/report")).unwrap();
        read(home.path(), &mut measured).unwrap();
        assert_eq!(measured.median("a/b", "one"), Some(1.5));
        assert_eq!(measured.ratio("a/b", "one", "other"), Some(0.5));
        assert_eq!(measured.ratio("a/b", "one", "none"), None);
        fs::write(home.path().join("a_b/one/new/estimates.json"), "{}").unwrap();
        let error = read(home.path(), &mut measured).unwrap_err().to_string();
        assert!(error.ends_with("one/new: expected a group, a function and a median"), "{error}");
    }

    #[test]
    fn a_ratio_is_of_one_round() {
        let mut measured = Measured::default();
        // The machine was busy in the second round.
        for (one, other) in [(10.0, 20.0), (90.0, 180.0), (11.0, 22.0)] {
            measured.add("a", "one", one);
            measured.add("a", "other", other);
        }
        assert_eq!(measured.median("a", "one"), Some(11.0));
        assert_eq!(measured.ratio("a", "one", "other"), Some(0.5));
    }
}
