//! `errno.tbl`: the error numbers of each ABI, from the exported headers.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::abi::Abi;
use super::table;
use super::tree::Tree;
use crate::output::Output;

type Numbers = Vec<(String, u32)>;

/// Adds `errno.tbl` to `output`, and holds `errno.text.tbl` to the same names.
pub fn import(tree: &Tree, abis: &[Abi], tables: &Path, output: &mut Output) -> Result<()> {
    let mut all = Vec::new();
    for abi in abis {
        let own = format!("arch/{}/include/uapi/asm/errno.h", abi.kernel);
        let header = if tree.path(&own).is_file() { &own } else { "include/uapi/asm-generic/errno.h" };
        let mut numbers = Numbers::new();
        read(tree, header, &mut numbers)?;
        all.push((abi.name.as_str(), numbers));
    }
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in all.iter().flat_map(|(_, numbers)| numbers) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let mut text = String::new();
    for name in &names {
        for (number, abis) in groups(name, &all) {
            let abis = if abis.len() == all.len() { "*".to_owned() } else { abis.join(",") };
            writeln!(text, "{name}\t{abis}\t{number}")?;
        }
    }
    output.add("errno.tbl", "the errno.h of each architecture", &text);

    let texts = table::read(tables, "errno.text.tbl", 2..=2)?;
    let texts: BTreeSet<&str> = texts.iter().map(|row| row.columns[0].as_str()).collect();
    let names: BTreeSet<&str> = names.into_iter().collect();
    if let Some(name) = names.symmetric_difference(&texts).next() {
        let problem = if names.contains(name) { "a text for it" } else { "an error of some ABI" };
        bail!("tables/errno.text.tbl: {name}: expected {problem}");
    }
    Ok(())
}

fn groups<'a>(name: &str, all: &[(&'a str, Numbers)]) -> Vec<(u32, Vec<&'a str>)> {
    let mut groups: Vec<(u32, Vec<&str>)> = Vec::new();
    for (abi, numbers) in all {
        let Some((_, number)) = numbers.iter().find(|(known, _)| known == name) else { continue };
        match groups.iter_mut().find(|(known, _)| known == number) {
            Some((_, abis)) => abis.push(abi),
            None => groups.push((*number, vec![abi])),
        }
    }
    groups
}

/// These headers hold nothing but includes, `#undef`, and names of numbers or of other names.
fn read(tree: &Tree, header: &str, numbers: &mut Numbers) -> Result<()> {
    for (index, line) in tree.read(header)?.lines().enumerate() {
        let place = || format!("{header}:{}", index + 1);
        let mut words = line.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some("#include"), Some(name), _) => {
                let name = name.trim_matches(['<', '>']);
                read(tree, &format!("include/uapi/{name}"), numbers).with_context(place)?;
            }
            (Some("#undef"), Some(name), _) => numbers.retain(|(known, _)| known != name),
            (Some("#define"), Some(name), Some(value)) if name.starts_with('E') => {
                let number = value
                    .parse()
                    .ok()
                    .or_else(|| numbers.iter().find(|(known, _)| known == value).map(|(_, number)| *number));
                let Some(number) = number else {
                    bail!("{}: expected a number or an error, found {value}", place());
                };
                numbers.push((name.to_owned(), number));
            }
            _ => {}
        }
    }
    Ok(())
}
