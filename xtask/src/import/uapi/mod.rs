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

use super::abi::{self, Abi};
use super::prototypes::Prototypes;
use super::tree::Tree;
use crate::output::Output;

pub use headers::Headers;
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
    let mut problems: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for abi in abis {
        let headers = Headers::new(tree, abi)?;
        let text = format!("#line 1 \"tables/{OVERRIDE}\"\n{declarations}\n{}", unit(abi, prototypes));
        for (order, triple) in &abi.clang {
            let target = format!("{}/{order}", abi.name);
            match read(&index, &headers.source(), &headers.arguments(triple), &text) {
                Ok(types) => targets.push((target, types)),
                Err(found) => {
                    for problem in found {
                        problems.entry(problem).or_default().push(target.clone());
                    }
                }
            }
        }
    }
    if !problems.is_empty() {
        let lines = problems.iter().map(|(problem, targets)| format!("{problem} ({})", targets.join(", ")));
        bail!("types:\n  {}", lines.collect::<Vec<_>>().join("\n  "));
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
            writeln!(text, "#line 1 \"{entry}\"\n{result} {PREFIX}{entry}({parameters});")
                .expect("a String takes any text");
        }
    }
    text
}

/// The types of one target, or what is wrong with them.
fn read(index: &Index<'_>, source: &Path, arguments: &[String], text: &str) -> Result<Types, Vec<String>> {
    // Libclang takes an unsaved file only where one exists.
    fs::write(source, "").map_err(|error| vec![error.to_string()])?;
    let parsed = index
        .parser(source)
        .arguments(arguments)
        .unsaved(&[Unsaved::new(source, text)])
        .parse()
        .map_err(|error| vec![format!("libclang: {error}")])?;
    let mut problems: Vec<String> = parsed
        .get_diagnostics()
        .iter()
        .filter(|diagnostic| diagnostic.get_severity() >= Severity::Error)
        .map(|diagnostic| {
            let (file, line, _) = diagnostic.get_location().get_presumed_location();
            format!("{file}:{line}: {}", diagnostic.get_text())
        })
        .collect();
    let mut types = Types::new(arguments.iter().any(|argument| argument.starts_with("--target=m68k")));
    for entity in parsed.get_entity().get_children() {
        let Some(name) = entity.get_name() else { continue };
        let Some(entry) = name.strip_prefix(PREFIX) else { continue };
        if entity.get_kind() != EntityKind::FunctionDecl || !problems.is_empty() {
            continue;
        }
        let kinds = entity.get_type().and_then(|kind| kind.get_argument_types()).unwrap_or_default();
        for kind in kinds.into_iter().chain(entity.get_result_type()) {
            if let Err(error) = types.add(kind) {
                problems.push(format!("{entry}: {error:#}"));
            }
        }
    }
    if problems.is_empty() { Ok(types) } else { Err(problems) }
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
            let names = abi::column(abis, names, targets.len());
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

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "
        typedef unsigned int __u32;
        typedef unsigned long long __u64;
        #ifdef __m68k__
        typedef __u64 aligned_u64 __attribute__((aligned(8)));
        #else
        #define aligned_u64 __u64 __attribute__((aligned(8)))
        #endif
        typedef long off_t;
        typedef struct { unsigned long sig[2]; } set_t;
        enum how { A, B };
        struct plain { char c; __u64 wide; const set_t *set; off_t at[3]; enum how how; };
        struct packed { __u32 a; __u64 b; } __attribute__((packed));
        struct raised { __u32 a; aligned_u64 b; };
        struct bits { __u32 low:3, :5, high:24; char name[]; };
        union choice { int i; struct { void (*call)(int, const void *); struct secret *next; }; struct { char c; } in; };
        int ring3_entry_x(struct plain *, struct packed *, struct raised *, struct bits *, union choice *, off_t, set_t *);
    ";

    fn block(types: &Types, key: &str) -> String {
        match types.blocks.get(key) {
            Some(Block::Record { head, members }) => format!("{head}\n{members}"),
            Some(Block::Typedef(declaration)) => declaration.clone(),
            None => panic!("{key}: expected among {:?}", types.blocks.keys()),
        }
    }

    /// One test, since a process may load libclang once only.
    #[test]
    fn layouts() {
        let Ok(clang) = Clang::new() else {
            eprintln!("no libclang: the layouts are not tested");
            return;
        };
        let index = Index::new(&clang, false, false);
        let dir = tempfile::tempdir().unwrap();
        let parse = |triple: &str, text: &str| {
            let arguments = ["-xc", "-w", &format!("--target={triple}")].map(str::to_owned);
            read(&index, &dir.path().join("a.c"), &arguments, text)
        };

        let x86_64 = parse("x86_64-linux-gnu", SOURCE).unwrap();
        assert_eq!(
            block(&x86_64, "struct plain"),
            "56\t8\n\t0\tchar c\n\t8\t__u64 wide\n\t16\tconst struct set_t *set\n\t24\tlong at[3]\n\t48\tunsigned int how\n"
        );
        assert_eq!(block(&x86_64, "struct packed"), "12\t1\tpacked\n\t0\t__u32 a\n\t4\t__u64 b\n");
        assert_eq!(block(&x86_64, "struct raised"), "16\t8\n\t0\t__u32 a\n\t8\t__u64 b\n");
        assert_eq!(
            block(&x86_64, "struct bits"),
            "4\t4\n\t0.0\t__u32 low:3\n\t1.0\t__u32 high:24\n\t4\tchar name[]\n"
        );
        assert_eq!(
            block(&x86_64, "union choice"),
            "16\t8\n\t0\tint i\n\t0\tstruct choice_anon1 anon1\n\t0\tstruct choice_in in\n"
        );
        assert_eq!(
            block(&x86_64, "struct choice_anon1"),
            "16\t8\n\t0\tvoid (*call)(int, const void *)\n\t8\tvoid *next\n"
        );
        assert_eq!(block(&x86_64, "typedef off_t"), "long off_t");
        assert!(!x86_64.blocks.contains_key("typedef set_t"), "the struct has the name");

        let i386 = parse("i386-linux-gnu", SOURCE).unwrap();
        assert!(block(&i386, "struct plain").starts_with("32\t4\n\t0\tchar c\n\t4\t__u64 wide\n"));
        assert!(block(&i386, "struct raised").starts_with("16\t8\talign\n"));

        let m68k = parse("m68k-linux-gnu", SOURCE).unwrap();
        assert!(block(&m68k, "struct plain").starts_with("30\t2\n\t0\tchar c\n\t2\t__u64 wide\n"));
        assert_eq!(block(&m68k, "struct raised"), "16\t8\talign\n\t0\t__u32 a\n\t8\t__u64 b\n");

        let unknown =
            parse("x86_64-linux-gnu", "#line 1 \"sys_x\"\nint ring3_entry_sys_x(name_t n);").unwrap_err();
        assert_eq!(unknown, ["sys_x:1: unknown type name 'name_t'"]);
        let opaque = parse("x86_64-linux-gnu", "int ring3_entry_sys_x(struct name *);").unwrap_err();
        assert_eq!(opaque, ["sys_x: struct name: expected a definition"]);
    }
}
