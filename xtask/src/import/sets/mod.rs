//! `sets.tbl`: the constants that calls take, by set, with their values on each ABI.
//!
//! `sets.def.tbl` says which names of the exported headers make up a set, and adds those that no header exports.

mod def;
mod values;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use clang::{Clang, Index};

use super::abi::{self, Abi};
use super::tree::Tree;
use super::uapi::Headers;
use crate::output::Output;

use def::Set;
use values::{Question, Unit};

/// What a program's own headers would say. Options with a time in them have two numbers on 32 bits, and the type decides.
const BEGINNING: &str = "#include <linux/types.h>\n#include <linux/time_types.h>\n\
    typedef __kernel_size_t size_t;\ntypedef __kernel_time64_t time_t;\ntypedef __kernel_loff_t loff_t;\n";

/// One target's values by name.
type Values = BTreeMap<String, i64>;

struct Target {
    name: String,
    pointer: u32,
    values: Values,
}

/// Adds `sets.tbl` to `output`.
pub fn import(tree: &Tree, abis: &[Abi], tables: &Path, output: &mut Output) -> Result<()> {
    let sets = def::read(tables, abis)?;
    let clang = Clang::new().map_err(|error| anyhow!("libclang: expected to load it: {error}"))?;
    let index = Index::new(&clang, false, false);
    let headers: BTreeSet<&str> = sets.iter().flat_map(|set| &set.headers).map(String::as_str).collect();
    let mut includes = BEGINNING.to_owned();
    for header in headers {
        // Some architectures lack some; a set without members shows a wrong name.
        writeln!(includes, "#if __has_include(<{header}>)\n#include <{header}>\n#endif")?;
    }
    let mut members = Members::default();
    let mut targets = Vec::new();
    for abi in abis {
        let headers = Headers::new(tree, abi)?;
        for (order, triple) in &abi.clang {
            let name = format!("{}/{order}", abi.name);
            let (source, arguments) = (headers.source(), headers.arguments(triple));
            let unit = Unit { index: &index, source: &source, arguments: &arguments, includes: &includes };
            let values = evaluate(&unit, &sets, &abi.name, &mut members).with_context(|| name.clone())?;
            targets.push(Target { name, pointer: abi.pointer_width(), values });
        }
    }
    let seen: Vec<&str> = members.seen.iter().map(String::as_str).collect();
    let idle: Vec<String> = sets
        .iter()
        .filter(|set| !set.idle(&seen).is_empty())
        .map(|set| format!("{}: {}", set.place, set.idle(&seen).join(",")))
        .collect();
    if !idle.is_empty() {
        bail!("expected patterns that names of some header fit:\n  {}", idle.join("\n  "));
    }
    output.add(
        "sets.tbl",
        "the exported headers, as sets.def.tbl says",
        &write(abis, &sets, &members, &targets)?,
    );
    Ok(())
}

/// Which names the sets have, in the order of their first sight.
#[derive(Default)]
struct Members {
    by_set: HashMap<String, Vec<String>>,
    seen: BTreeSet<String>,
}

impl Members {
    fn add(&mut self, set: &Set, name: &str) {
        let names = self.by_set.entry(set.name.clone()).or_default();
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
}

/// The sets that a name belongs to: those whose pattern says most, unless they leave it out.
fn owners<'a>(sets: &'a [Set], name: &str) -> Vec<&'a Set> {
    let best = sets.iter().filter_map(|set| set.fit(name)).max();
    sets.iter().filter(|set| best.is_some() && set.fit(name) == best && !set.leaves(name)).collect()
}

fn evaluate(unit: &Unit<'_>, sets: &[Set], abi: &str, members: &mut Members) -> Result<Values> {
    let names = unit.names()?;
    let mut questions: Vec<Question<'_>> = Vec::new();
    let mut exported = BTreeSet::new();
    for (name, is_macro) in &names {
        if sets.iter().any(|set| set.fit(name).is_some() || set.leaves(name)) {
            members.seen.insert(name.clone());
        }
        let owners = owners(sets, name);
        if owners.is_empty() || !exported.insert(name.as_str()) {
            continue;
        }
        for set in owners {
            members.add(set, name);
        }
        questions.push(Question { name, value: name, condition: is_macro.then_some(name) });
    }
    for set in sets {
        for added in set.added.iter().filter(|added| added.abis.iter().any(|name| name == abi)) {
            if !set.leaves(&added.name) && names.iter().any(|(name, _)| *name == added.name) {
                bail!("{}: expected a name that no header of the ABI has, found {}", added.place, added.name);
            }
            members.add(set, &added.name);
            questions.push(Question { name: &added.name, value: &added.value, condition: None });
        }
    }
    unit.values(&questions)
}

fn write(abis: &[Abi], sets: &[Set], members: &Members, targets: &[Target]) -> Result<String> {
    let mut text = String::new();
    for set in sets {
        writeln!(text, "{}", set.head)?;
        let names = members
            .by_set
            .get(&set.name)
            .with_context(|| format!("{}: expected members of {}", set.place, set.name))?;
        for name in names {
            let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
            for target in targets {
                let Some(&value) = target.values.get(name) else { continue };
                let value = spell(set, value, target.pointer)
                    .with_context(|| format!("{name}: expected a value of {}'s type", set.name))?;
                match groups.iter_mut().find(|(known, _)| *known == value) {
                    Some((_, names)) => names.push(&target.name),
                    None => groups.push((value, vec![&target.name])),
                }
            }
            for (value, names) in groups {
                match abi::column(abis, &names, targets.len()).as_str() {
                    "*" => writeln!(text, "\t{value}\t{name}")?,
                    column => writeln!(text, "\t{value}\t{name}\t{column}")?,
                }
            }
        }
    }
    Ok(text)
}

/// Bits in hexadecimal, small values in decimal; none if the type cannot hold it.
fn spell(set: &Set, value: i64, pointer: u32) -> Option<String> {
    let bits = set.integer.bits(pointer);
    let mask = u64::MAX >> (64 - bits);
    let pattern = value.cast_unsigned() & mask;
    // A bit pattern is the same, signed or not.
    let sign_extended = (value << (64 - bits)) >> (64 - bits);
    if value != sign_extended && value.cast_unsigned() != pattern {
        return None;
    }
    let negative = set.integer.signed && sign_extended < 0;
    Some(match set.flags || pattern > 0xffff {
        true if set.flags || !negative => format!("{pattern:#x}"),
        _ if set.integer.signed => sign_extended.to_string(),
        _ => pattern.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::{def, owners, spell};

    const SETS: &str = "Ms\tflags\tunsigned long\tMS_\tx.h\tx\n\tleave\tMS_KERN*\nMsync\tvalues\tint\tMS_\ty.h\tx\n\ttake\tMS_SYNC\n";

    #[test]
    fn a_value_is_spelled_as_its_type_holds_it() {
        let sets = def::tests::sets(SETS).unwrap();
        let (flags, values) = (&sets[0], &sets[1]);
        assert_eq!(spell(flags, 1 << 31, 64).as_deref(), Some("0x80000000"));
        assert_eq!(spell(flags, -(1 << 31), 64).as_deref(), Some("0xffffffff80000000"));
        assert_eq!(spell(flags, -(1 << 31), 32).as_deref(), Some("0x80000000"));
        assert_eq!(spell(flags, 1 << 32, 32), None, "a long of 32 bits does not hold it");
        assert_eq!(spell(values, -100, 64).as_deref(), Some("-100"));
        assert_eq!(spell(values, 0x5421, 64).as_deref(), Some("21537"));
        assert_eq!(spell(values, 0x0012_1301, 64).as_deref(), Some("0x121301"));
        assert_eq!(spell(values, 0xfee1_dead, 64).as_deref(), Some("-18751827"));
    }

    #[test]
    fn a_name_has_the_owner_that_names_it() {
        let sets = def::tests::sets(SETS).unwrap();
        let names = |name: &str| owners(&sets, name).iter().map(|set| set.name.clone()).collect::<Vec<_>>();
        assert_eq!(names("MS_RDONLY"), ["Ms"]);
        assert_eq!(names("MS_SYNC"), ["Msync"]);
        assert!(names("MS_KERNMOUNT").is_empty());
    }
}
