//! What came out of one target's suite.

use std::fmt;

use anyhow::Result;

/// What came out: the parts of the line, and everything that went wrong.
#[derive(Default)]
pub struct Outcome {
    pub said: Vec<String>,
    /// What the programs said that check calls, and the builds in which they said so: mostly all of them.
    tallies: Vec<(Vec<String>, String)>,
    pub problems: Vec<String>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tallies = self.tallies.iter().map(|(builds, tally)| format!("{}: {tally}", builds.join(", ")));
        write!(f, "{}", tallies.chain(self.said.iter().cloned()).collect::<Vec<_>>().join("; "))
    }
}

impl Outcome {
    /// One thing was to be done, and it was.
    pub fn success(what: impl Into<String>) -> Self {
        Self { said: vec![what.into()], ..Self::default() }
    }

    /// One thing was to be done, and it failed.
    pub fn failure(what: &str, error: &anyhow::Error) -> Self {
        Self {
            said: vec![what.to_owned()],
            tallies: Vec::new(),
            problems: vec![format!("{what}: {error:#}")],
        }
    }

    /// Notes what a program that checks calls said in one build.
    pub fn tally(&mut self, build: String, tally: String) {
        match self.tallies.iter_mut().find(|(_, known)| *known == tally) {
            Some((builds, _)) => builds.push(build),
            None => self.tallies.push((vec![build], tally)),
        }
    }

    /// Notes what came of `what`.
    pub fn note<T>(&mut self, what: &str, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.problems.push(format!("{what}: {error:#}"));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_that_agree_share_their_words() {
        let mut outcome = Outcome::success("hello 1 byte");
        for (build, tally) in [("debug", "3 passed"), ("release", "2 passed"), ("other", "3 passed")] {
            outcome.tally(build.into(), tally.into());
        }
        assert_eq!(outcome.to_string(), "debug, other: 3 passed; release: 2 passed; hello 1 byte");
    }
}
