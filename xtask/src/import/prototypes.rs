//! `prototypes.tbl`: the C prototype of every entry point that a live row names.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::abi::{self, Abi};
use super::cond::Symbols;
use super::defines::{self, Definition, Kind, Rename};
use super::numbers::Live;
use super::table;
use super::tree::Tree;
use crate::output::Output;

/// Where system calls are defined outside `arch/`.
const DIRS: [&str; 11] = [
    "block",
    "drivers/char",
    "drivers/pci",
    "fs",
    "init",
    "io_uring",
    "ipc",
    "kernel",
    "mm",
    "net",
    "security",
];

/// A return type and a parameter list.
pub type Prototype = (String, String);

/// What an ABI's entry points look like, imported or written by hand.
pub type Prototypes = BTreeMap<(String, String), Prototype>;

struct Override {
    place: String,
    entry: String,
    abis: Vec<String>,
    prototype: Prototype,
}

/// Adds `prototypes.tbl` to `output`; returns the prototype of each (entry, ABI).
pub fn import(
    tree: &Tree,
    abis: &[Abi],
    numbers: &[Vec<Live>],
    tables: &Path,
    output: &mut Output,
) -> Result<Prototypes> {
    let overrides = read_overrides(tables, abis)?;
    let mut imported = Prototypes::new();
    let mut errors = Vec::new();
    let common = scan_all(tree, &DIRS)?.0;
    let mut arch: HashMap<&str, (Vec<Definition>, Vec<Rename>)> = HashMap::new();
    for (abi, live) in abis.iter().zip(numbers) {
        if !arch.contains_key(abi.kernel.as_str()) {
            arch.insert(&abi.kernel, scan_all(tree, &[&format!("arch/{}", abi.kernel)])?);
        }
        let (own, renames) = &arch[abi.kernel.as_str()];
        let symbols = Symbols::of(abi, &selects(tree, &abi.kernel)?);
        let mut by_entry: HashMap<String, Vec<&Definition>> = HashMap::new();
        for definition in common.iter().chain(own) {
            if definition.conditions.iter().all(|condition| symbols.holds(condition) != Some(false)) {
                by_entry.entry(entry_name(definition, abi)).or_default().push(definition);
            }
        }
        let entries: BTreeSet<&str> = live.iter().map(|row| row.entry.as_str()).collect();
        for entry in entries {
            let target = renames.iter().find(|(from, _)| from == entry).map_or(entry, |(_, to)| to);
            // `__sys_x` is a stub in assembly that saves registers and goes on to sys_x.
            let target = if target.starts_with("__sys_") { &target[2..] } else { target };
            let found = by_entry.get(target).map_or(&[][..], Vec::as_slice);
            match unanimous(found) {
                Ok(Some(parameters)) => {
                    let prototype = ("long".to_owned(), parameters.to_owned());
                    imported.insert((entry.to_owned(), abi.name.clone()), prototype);
                }
                Ok(None) => {}
                Err(_) if overrides.iter().any(|row| row.entry == entry && row.abis.contains(&abi.name)) => {}
                Err(places) => {
                    errors.push(format!("{}: expected one definition of {entry}, found {places}", abi.name))
                }
            }
        }
    }
    let merged = merge(abis, numbers, &imported, &overrides, &mut errors);
    if !errors.is_empty() {
        bail!("prototypes:\n  {}", errors.join("\n  "));
    }
    output.add("prototypes.tbl", "the SYSCALL_DEFINE macros", &write(abis, &imported)?);
    Ok(merged)
}

fn scan_all(tree: &Tree, dirs: &[&str]) -> Result<(Vec<Definition>, Vec<Rename>)> {
    let mut all = (Vec::new(), Vec::new());
    for dir in dirs {
        for file in tree.files(dir, ".c")? {
            let text = tree.read(&file)?;
            // User-mode Linux has tables of its own.
            if file.starts_with("arch/x86/um/") {
                continue;
            }
            let table = text.contains("sys_call_table");
            if !table && !text.contains("_DEFINE") {
                continue;
            }
            let (definitions, renames) = defines::scan(&file, &text)?;
            all.0.extend(definitions);
            if table {
                all.1.extend(renames);
            }
        }
    }
    Ok(all)
}

/// The symbols that `arch/DIR/Kconfig` selects, whatever the condition.
fn selects(tree: &Tree, kernel: &str) -> Result<Vec<String>> {
    let text = tree.read(&format!("arch/{kernel}/Kconfig"))?;
    Ok(text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("select ")?.split_whitespace().next())
        .map(str::to_owned)
        .collect())
}

fn entry_name(definition: &Definition, abi: &Abi) -> String {
    let compat = match definition.kind {
        Kind::Native => false,
        Kind::Compat => true,
        Kind::Either => abi.kernel_width() == 64,
    };
    format!("{}sys_{}", if compat { "compat_" } else { "" }, definition.name)
}

/// The parameters that all definitions agree on; an architecture's own go before the common ones.
fn unanimous<'a>(found: &[&'a Definition]) -> Result<Option<&'a str>, String> {
    let own: Vec<_> = found.iter().copied().filter(|d| d.place.starts_with("arch/")).collect();
    let found = if own.is_empty() { found } else { &own };
    let Some(first) = found.first() else { return Ok(None) };
    if first.parameters.is_err() || found.iter().any(|other| other.parameters != first.parameters) {
        let places: Vec<_> = found.iter().map(|d| format!("{}: {:?}", d.place, d.parameters)).collect();
        return Err(places.join(", "));
    }
    Ok(first.parameters.as_deref().ok())
}

fn read_overrides(tables: &Path, abis: &[Abi]) -> Result<Vec<Override>> {
    let mut overrides: Vec<Override> = Vec::new();
    for row in table::read(tables, "prototypes.override.tbl", 4..=4)? {
        let names = abi::list(&row.columns[1], abis).with_context(|| row.place.clone())?;
        let entry = &row.columns[0];
        if let Some(twice) = overrides
            .iter()
            .find(|old| old.entry == *entry && old.abis.iter().any(|name| names.contains(name)))
        {
            bail!("{}: expected ABIs that {} has not named for {entry}", row.place, twice.place);
        }
        overrides.push(Override {
            place: row.place,
            entry: entry.clone(),
            abis: names,
            prototype: (row.columns[2].clone(), row.columns[3].clone()),
        });
    }
    Ok(overrides)
}

/// The overrides laid over the import. A row that changes nothing is an error: it would outlive its reason unseen.
fn merge(
    abis: &[Abi],
    numbers: &[Vec<Live>],
    imported: &Prototypes,
    overrides: &[Override],
    errors: &mut Vec<String>,
) -> Prototypes {
    let mut merged = imported.clone();
    for row in overrides {
        let mut used = false;
        for (abi, live) in abis.iter().zip(numbers) {
            if row.abis.contains(&abi.name) && live.iter().any(|call| call.entry == row.entry) {
                let key = (row.entry.clone(), abi.name.clone());
                if imported.get(&key) == Some(&row.prototype) {
                    errors
                        .push(format!("{}: {} of {} is imported like this", row.place, row.entry, abi.name));
                }
                merged.insert(key, row.prototype.clone());
                used = true;
            }
        }
        if !used {
            errors.push(format!("{}: no ABI it names has {}", row.place, row.entry));
        }
    }
    let mut missing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (abi, live) in abis.iter().zip(numbers) {
        for call in live {
            if !merged.contains_key(&(call.entry.clone(), abi.name.clone())) {
                missing.entry(&call.entry).or_default().push(&abi.name);
            }
        }
    }
    for (entry, names) in missing {
        errors.push(format!("expected a prototype of {entry} for {}", names.join(",")));
    }
    merged
}

/// One row for each set of ABIs that agree; `*` where all that have the entry do.
fn write(abis: &[Abi], imported: &Prototypes) -> Result<String> {
    let mut by_entry: BTreeMap<&str, Vec<(&Prototype, Vec<&str>)>> = BTreeMap::new();
    for abi in abis {
        for ((entry, _), prototype) in imported.iter().filter(|((_, name), _)| *name == abi.name) {
            let groups = by_entry.entry(entry).or_default();
            match groups.iter_mut().find(|(known, _)| *known == prototype) {
                Some((_, names)) => names.push(&abi.name),
                None => groups.push((prototype, vec![&abi.name])),
            }
        }
    }
    let mut text = String::new();
    for (entry, groups) in by_entry {
        for ((returns, parameters), names) in &groups {
            let names = if groups.len() == 1 { "*".to_owned() } else { names.join(",") };
            writeln!(text, "{entry}\t{names}\t{returns}\t{parameters}")?;
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn abis() -> Vec<Abi> {
        let all = Abi::read_all(&crate::tables_dir()).expect("abi.tbl");
        all.into_iter().filter(|abi| ["x86_64", "i386"].contains(&abi.name.as_str())).collect()
    }

    fn calls(entries: &[&str]) -> Vec<Live> {
        entries.iter().map(|entry| Live { name: (*entry).to_owned(), entry: (*entry).to_owned() }).collect()
    }

    fn over(entry: &str, abi: &str, parameters: &str) -> Override {
        Override {
            place: "o:1".to_owned(),
            entry: entry.to_owned(),
            abis: vec![abi.to_owned()],
            prototype: ("long".to_owned(), parameters.to_owned()),
        }
    }

    #[test]
    fn what_an_override_may_not_be() {
        let (abis, numbers) = (abis(), [calls(&["sys_a"]), calls(&["sys_a", "sys_b"])]);
        let imported = Prototypes::from([(
            ("sys_a".to_owned(), "x86_64".to_owned()),
            ("long".to_owned(), "void".to_owned()),
        )]);
        let overrides = [
            over("sys_a", "x86_64", "void"),
            over("sys_b", "x86_64", "int x"),
            over("sys_b", "i386", "int x"),
        ];
        let mut errors = Vec::new();
        let merged = merge(&abis, &numbers, &imported, &overrides, &mut errors);
        assert_eq!(
            errors,
            [
                "o:1: sys_a of x86_64 is imported like this",
                "o:1: no ABI it names has sys_b",
                "expected a prototype of sys_a for i386"
            ]
        );
        assert_eq!(merged[&("sys_b".to_owned(), "i386".to_owned())].1, "int x");
    }

    #[test]
    fn an_architecture_s_own_definition_counts() {
        let text = "SYSCALL_DEFINE1(x, int, a)\n";
        let common = defines::scan("kernel/x.c", text).unwrap().0;
        let own = defines::scan("arch/x86/x.c", "SYSCALL_DEFINE1(x, long, a)\n").unwrap().0;
        assert_eq!(unanimous(&[&common[0], &own[0]]), Ok(Some("long a")));
        let other = defines::scan("kernel/y.c", "SYSCALL_DEFINE1(x, char, a)\n").unwrap().0;
        assert!(unanimous(&[&common[0], &other[0]]).unwrap_err().contains("kernel/y.c:1"));
    }

    #[test]
    fn rows_of_equal_abis_are_one() {
        let mut imported = Prototypes::new();
        for (entry, abi, parameters) in [
            ("sys_a", "x86_64", "void"),
            ("sys_a", "i386", "void"),
            ("sys_b", "x86_64", "int x"),
            ("sys_b", "i386", "long x"),
        ] {
            imported.insert((entry.to_owned(), abi.to_owned()), ("long".to_owned(), parameters.to_owned()));
        }
        assert_eq!(
            write(&abis(), &imported).unwrap(),
            "sys_a\t*\tlong\tvoid\nsys_b\tx86_64\tlong\tint x\nsys_b\ti386\tlong\tlong x\n"
        );
    }
}
