//! `sets.def.tbl`: which constants make up which type.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::import::abi::{self, Abi};
use crate::import::table::{self, Row};

/// A type of `ring3::consts`.
pub struct Set {
    pub place: String,
    /// The head line, which `sets.tbl` repeats.
    pub head: String,
    pub name: String,
    pub flags: bool,
    pub integer: Integer,
    pub headers: Vec<String>,
    take: Vec<String>,
    leave: Vec<String>,
    pub added: Vec<Added>,
}

#[derive(Clone, Copy)]
pub struct Integer {
    /// None: that of a pointer.
    bits: Option<u32>,
    pub signed: bool,
}

/// A member that no header exports.
pub struct Added {
    pub place: String,
    pub name: String,
    pub value: String,
    pub abis: Vec<String>,
}

const INTEGERS: [(&str, Option<u32>, bool); 11] = [
    ("int", Some(32), true),
    ("unsigned int", Some(32), false),
    ("long", None, true),
    ("unsigned long", None, false),
    ("short", Some(16), true),
    ("__u8", Some(8), false),
    ("__u16", Some(16), false),
    ("__u32", Some(32), false),
    ("__s32", Some(32), true),
    ("__u64", Some(64), false),
    ("umode_t", Some(16), false),
];

impl Integer {
    pub fn bits(self, pointer: u32) -> u32 {
        self.bits.unwrap_or(pointer)
    }
}

pub fn read(tables: &Path, abis: &[Abi]) -> Result<Vec<Set>> {
    let mut sets: Vec<Set> = Vec::new();
    for row in table::read(tables, "sets.def.tbl", 2..=6)? {
        if !row.indented {
            let set = head(&row)?;
            if sets.iter().any(|other| other.name == set.name) {
                bail!("{}: expected a set of its own, found {} again", row.place, set.name);
            }
            sets.push(set);
            continue;
        }
        let Some(set) = sets.last_mut() else { bail!("{}: expected a set before its members", row.place) };
        line(&row, set, abis)?;
    }
    for set in &mut sets {
        if set.take.is_empty() && set.added.is_empty() {
            let prefixes = set.head.split('\t').nth(3).into_iter().flat_map(list);
            set.take = prefixes.map(|prefix| prefix + "*").collect();
        }
    }
    Ok(sets)
}

fn head(row: &Row) -> Result<Set> {
    let [name, kind, integer, _, headers, _] = &row.columns[..] else {
        bail!("{}: expected SET KIND TYPE PREFIXES HEADERS TEXT", row.place);
    };
    let flags = match kind.as_str() {
        "flags" => true,
        "values" => false,
        _ => bail!("{}: expected flags or values, found {kind}", row.place),
    };
    let Some(&(_, bits, signed)) = INTEGERS.iter().find(|known| known.0 == integer) else {
        bail!("{}: expected an integer type, found {integer}", row.place);
    };
    Ok(Set {
        place: row.place.clone(),
        head: row.columns.join("\t"),
        name: name.clone(),
        flags,
        integer: Integer { bits, signed },
        headers: list(headers).filter(|header| header != "-").collect(),
        take: Vec::new(),
        leave: Vec::new(),
        added: Vec::new(),
    })
}

fn line(row: &Row, set: &mut Set, abis: &[Abi]) -> Result<()> {
    match &row.columns[..] {
        [word, names] if word == "take" => set.take.extend(list(names)),
        [word, names] if word == "leave" => set.leave.extend(list(names)),
        [word, value, name, rest @ ..] if word == "add" && rest.len() < 2 => set.added.push(Added {
            place: row.place.clone(),
            name: name.clone(),
            value: value.clone(),
            abis: abi::list(rest.first().map_or("*", String::as_str), abis)
                .with_context(|| row.place.clone())?,
        }),
        _ => bail!("{}: expected take NAMES, leave NAMES or add VALUE NAME [ABIS]", row.place),
    }
    Ok(())
}

fn list(names: &str) -> impl Iterator<Item = String> {
    names.split(',').map(str::to_owned)
}

impl Set {
    /// How well the set's patterns fit a name: the length of the one that says most, a whole name above all.
    pub fn fit(&self, name: &str) -> Option<usize> {
        self.take.iter().filter(|pattern| matches(pattern, name)).map(|pattern| weight(pattern)).max()
    }

    pub fn leaves(&self, name: &str) -> bool {
        self.leave.iter().any(|pattern| matches(pattern, name))
    }

    /// The patterns that none of the names fits: they would stand there for nothing.
    pub fn idle(&self, names: &[&str]) -> Vec<&str> {
        let used = |pattern: &&String| names.iter().any(|name| matches(pattern, name));
        self.take.iter().chain(&self.leave).filter(|pattern| !used(pattern)).map(String::as_str).collect()
    }
}

fn weight(pattern: &str) -> usize {
    if pattern.contains('*') { pattern.len() - 1 } else { usize::MAX }
}

/// Each `*` of the pattern stands for one character or more.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, rest)) => name
            .strip_prefix(start)
            .is_some_and(|name| (1..=name.len()).any(|length| matches(rest, &name[length..]))),
        None => name == pattern,
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// The sets of a table, for ABIs `a` and `b`.
    pub fn sets(text: &str) -> Result<Vec<Set>> {
        let dir = tempfile::tempdir().unwrap();
        let abi =
            |name: &str| format!("{name}\t{name}\t32\t32\tany\tpage\t0\t*\tn\tx\tle:i386-linux-gnu\t4\n");
        std::fs::write(dir.path().join("abi.tbl"), abi("a") + &abi("b")).unwrap();
        std::fs::write(dir.path().join("sets.def.tbl"), text).unwrap();
        read(dir.path(), &Abi::read_all(dir.path()).unwrap())
    }

    #[test]
    fn the_pattern_that_says_most_wins() {
        let sets = sets(
            "Epoll\tflags\tint\tEPOLL_,EPOLL\tx.h\tx\nCtl\tvalues\tint\tEPOLL_CTL_\tx.h\tx\nOne\tvalues\tint\tEPOLL_CTL_\tx.h\tx\n\ttake\tEPOLL_CTL_ADD,EPOLL*ET\n\tleave\tEPOLLET\n",
        )
        .unwrap();
        let fit = |name: &str| sets.iter().map(|set| set.fit(name)).collect::<Vec<_>>();
        assert_eq!(fit("EPOLLIN"), [Some(5), None, None]);
        assert_eq!(fit("EPOLL_CTL_DEL"), [Some(6), Some(10), None]);
        assert_eq!(fit("EPOLL_CTL_ADD"), [Some(6), Some(10), Some(usize::MAX)]);
        assert_eq!(fit("EPOLL"), [None, None, None], "a prefix alone is no member");
        assert!(sets[2].leaves("EPOLLET"));
        assert_eq!(sets[2].idle(&["EPOLL_CTL_ADD"]), ["EPOLL*ET", "EPOLLET"]);
    }

    #[test]
    fn bad_lines_are_named() {
        let error = |text: &str| sets(text).err().unwrap().to_string();
        assert_eq!(error("\ttake\tX\n"), "tables/sets.def.tbl:1: expected a set before its members");
        assert_eq!(
            error("O\tbits\tint\tO_\tx.h\tx\n"),
            "tables/sets.def.tbl:1: expected flags or values, found bits"
        );
        assert_eq!(
            error("O\tflags\tchar\tO_\tx.h\tx\n"),
            "tables/sets.def.tbl:1: expected an integer type, found char"
        );
        assert_eq!(
            error("O\tflags\tint\tO_\tx.h\tx\n\tgive\tX\n"),
            "tables/sets.def.tbl:2: expected take NAMES, leave NAMES or add VALUE NAME [ABIS]"
        );
    }
}
