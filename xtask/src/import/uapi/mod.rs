//! `uapi.tbl`: the layout of every type that a prototype names, for each ABI and byte order.
//!
//! libclang reads the exported headers as a program would, once for each target; `uapi.override.h` includes them and
//! declares what they lack. The prototypes follow in the same unit, so that C itself says what their types are.

mod headers;
mod layout;
mod m68k;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use clang::diagnostic::Severity;
use clang::{Clang, EntityKind, Index, Unsaved};

use super::abi::Abi;
use super::output::Output;
use super::prototypes::Prototypes;
use super::tree::Tree;

use headers::Headers;
use layout::{Block, Types};

const OVERRIDE: &str = "uapi.override.h";
const PREFIX: &str = "ring3_entry_";

/// Adds `uapi.tbl` to `output`.
pub fn import(
    tree: &Tree,
    abis: &[Abi],
    prototypes: &Prototypes,
    tables: &Path,
    output: &mut Output,
) -> Result<()> {
    let clang = Clang::new().map_err(|error| anyhow!("libclang: expected to load it: {error}"))?;
    let index = Index::new(&clang, false, false);
    let declarations = fs::read_to_string(tables.join(OVERRIDE)).context(OVERRIDE)?;
    let mut targets = Vec::new();
    let mut problems = Vec::new();
    for abi in abis {
        let headers = Headers::new(tree, abi)?;
        for (order, triple) in &abi.clang {
            let target = format!("{}/{order}", abi.name);
            match read(&index, &headers, triple, &declarations, &unit(abi, prototypes)) {
                Ok(types) => targets.push((target, types)),
                Err(error) => problems.push(format!("{target}: {error:#}")),
            }
        }
    }
    if !problems.is_empty() {
        bail!("types:\n  {}", problems.join("\n  "));
    }
    output.add("uapi.tbl", "the exported headers and uapi.override.h", &write(abis, &targets)?);
    Ok(())
}

/// One function for each prototype: its parameters are what we want to know.
fn unit(abi: &Abi, prototypes: &Prototypes) -> String {
    let mut text = String::new();
    for ((entry, name), (result, parameters)) in prototypes {
        if *name == abi.name {
            let parameters = parameters.trim_start_matches("{ ").trim_end_matches(" }");
            writeln!(text, "{result} {PREFIX}{entry}({parameters});").expect("a String takes any text");
        }
    }
    text
}

fn read(index: &Index<'_>, headers: &Headers, triple: &str, declarations: &str, unit: &str) -> Result<Types> {
    let source = headers.source();
    // Clang takes an unsaved file only where one exists.
    fs::write(&source, "")?;
    let text = format!("#line 1 \"{OVERRIDE}\"\n{declarations}\n#line 1 \"prototypes\"\n{unit}");
    let parsed = index
        .parser(&source)
        .arguments(&headers.arguments(triple))
        .unsaved(&[Unsaved::new(&source, &text)])
        .parse()
        .map_err(|error| anyhow!("libclang: {error}"))?;
    let errors: Vec<String> = parsed
        .get_diagnostics()
        .iter()
        .filter(|diagnostic| diagnostic.get_severity() >= Severity::Error)
        .map(|diagnostic| {
            let (file, line, _) = diagnostic.get_location().get_presumed_location();
            format!("{file}:{line}: {}", diagnostic.get_text())
        })
        .collect();
    if !errors.is_empty() {
        bail!("{}", errors.join("\n    "));
    }
    let mut types = Types::new(triple.starts_with("m68k"));
    let mut missing = Vec::new();
    for entity in parsed.get_entity().get_children() {
        let Some(name) = entity.get_name() else { continue };
        let Some(entry) = name.strip_prefix(PREFIX) else { continue };
        if entity.get_kind() != EntityKind::FunctionDecl {
            continue;
        }
        let kinds = entity.get_type().and_then(|kind| kind.get_argument_types()).unwrap_or_default();
        for kind in kinds.into_iter().chain(entity.get_result_type()) {
            if let Err(error) = types.add(kind) {
                missing.push(format!("{entry}: {error:#}"));
            }
        }
    }
    if !missing.is_empty() {
        bail!("{}", missing.join("\n    "));
    }
    Ok(types)
}

/// Types by name, each with one block for the targets that agree.
fn write(abis: &[Abi], targets: &[(String, Types)]) -> Result<String> {
    let mut groups: BTreeMap<&str, Vec<(&Block, Vec<&str>)>> = BTreeMap::new();
    for (target, types) in targets {
        for (key, block) in &types.blocks {
            let known = groups.entry(key).or_default();
            match known.iter_mut().find(|(other, _)| *other == block) {
                Some((_, names)) => names.push(target),
                None => known.push((block, vec![target])),
            }
        }
    }
    let mut text = String::new();
    for (key, blocks) in &groups {
        for (block, names) in blocks {
            let names = column(abis, names, targets.len());
            let (kind, name) = key.split_once(' ').context("expected a keyword and a name")?;
            match block {
                Block::Record { head, members } => {
                    write!(text, "{kind}\t{name}\t{names}\t{head}\n{members}")?
                }
                Block::Typedef(declaration) => writeln!(text, "{kind}\t{name}\t{names}\t{declaration}")?,
            }
        }
    }
    Ok(text)
}

/// The ABIS column for targets such as `arm/le`: `arm` where both orders are there, `*` for all.
fn column(abis: &[Abi], targets: &[&str], all: usize) -> String {
    if targets.len() == all {
        return "*".to_owned();
    }
    let mut names = Vec::new();
    for abi in abis {
        let mine: Vec<&str> =
            targets.iter().copied().filter(|t| t.split('/').next() == Some(&abi.name)).collect();
        if mine.len() == abi.clang.len() {
            names.push(abi.name.as_str());
        } else {
            names.extend(mine);
        }
    }
    names.join(",")
}
