//! The README says what the tables say.

use std::collections::BTreeMap;

#[test]
fn sizes_are_those_of_the_table() {
    let readme = include_str!("../README.md");
    let mut sizes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in include_str!("sizes.tbl").lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<_> = row.split('\t').collect();
        let [target, "default" | "tiny", bytes] = cells[..] else { panic!("tests/sizes.tbl: {row}") };
        sizes.entry(target).or_default().push(bytes);
    }
    assert!(!sizes.is_empty());
    for (target, bytes) in sizes {
        let row = format!("| `{target}` | {} |", bytes.join(" | "));
        assert!(readme.lines().any(|line| line == row), "README.md lacks the row {row}");
    }
}

#[test]
fn kernel_is_that_of_the_tables() {
    let version = include_str!("../tables/VERSION").trim();
    assert!(include_str!("../README.md").contains(&format!("as of Linux {version},")));
}
