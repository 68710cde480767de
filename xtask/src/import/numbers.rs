//! The tables of numbers: the kernel's columns, without its comments and its spacing.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Result, bail};

use super::abi::Abi;
use super::table;
use super::tree::Tree;
use crate::output::Output;

/// Our file, and the kernel's.
const SOURCES: [(&str, &str); 11] = [
    ("syscall_64.tbl", "arch/x86/entry/syscalls/syscall_64.tbl"),
    ("syscall_32.tbl", "arch/x86/entry/syscalls/syscall_32.tbl"),
    ("arm.tbl", "arch/arm/tools/syscall.tbl"),
    ("generic.tbl", "scripts/syscall.tbl"),
    ("s390.tbl", "arch/s390/kernel/syscalls/syscall.tbl"),
    ("powerpc.tbl", "arch/powerpc/kernel/syscalls/syscall.tbl"),
    ("mips_o32.tbl", "arch/mips/kernel/syscalls/syscall_o32.tbl"),
    ("mips_n64.tbl", "arch/mips/kernel/syscalls/syscall_n64.tbl"),
    ("mips_n32.tbl", "arch/mips/kernel/syscalls/syscall_n32.tbl"),
    ("sparc.tbl", "arch/sparc/kernel/syscalls/syscall.tbl"),
    ("m68k.tbl", "arch/m68k/kernel/syscalls/syscall.tbl"),
];

/// A row with a call behind it.
#[derive(Clone, Debug)]
pub struct Live {
    pub name: String,
    pub entry: String,
}

#[derive(Debug)]
struct Row {
    tag: String,
    name: String,
    entry: Option<String>,
}

impl Row {
    fn call(&self) -> Option<Live> {
        let entry = self.entry.as_ref().filter(|entry| *entry != "sys_ni_syscall")?;
        Some(Live { name: self.name.clone(), entry: entry.clone() })
    }
}

/// Adds the imported tables to `output`; returns the live rows of each ABI, in the order of `abis`.
pub fn import(tree: &Tree, abis: &[Abi], tables: &Path, output: &mut Output) -> Result<Vec<Vec<Live>>> {
    let mut parsed = BTreeMap::new();
    for (file, source) in SOURCES {
        let (text, rows) = normalise(source, &tree.read(source)?)?;
        output.add(file, source, &text);
        parsed.insert(file.to_owned(), rows);
    }
    let mut numbers = Vec::new();
    for abi in abis {
        let mut live = Vec::new();
        for file in &abi.tables {
            if !parsed.contains_key(file) {
                let text = std::fs::read_to_string(tables.join(file))?;
                parsed.insert(file.clone(), normalise(&format!("tables/{file}"), &text)?.1);
            }
            live.extend(parsed[file].iter().filter(|row| abi.takes(&row.tag)).filter_map(Row::call));
        }
        numbers.push(live);
    }
    Ok(numbers)
}

/// The kernel separates columns with any white space; we with one tab.
fn normalise(name: &str, text: &str) -> Result<(String, Vec<Row>)> {
    let tabbed: String = text
        .lines()
        .map(|line| if line.starts_with('#') { line.to_owned() } else { words(line).join("\t") } + "\n")
        .collect();
    let mut out = String::new();
    let mut rows = Vec::new();
    for row in table::parse(name, &tabbed, 3..=6)? {
        let column = &row.columns;
        if column[0].parse::<u32>().is_err() && parse_hex(&column[0]).is_none() {
            bail!("{}: expected a number, found {}", row.place, column[0]);
        }
        writeln!(out, "{}", column.join("\t"))?;
        rows.push(Row {
            tag: column[1].clone(),
            name: column[2].clone(),
            entry: column.get(3).filter(|entry| *entry != "-").cloned(),
        });
    }
    Ok((out, rows))
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().take_while(|word| !word.starts_with('#')).collect()
}

fn parse_hex(number: &str) -> Option<u32> {
    u32::from_str_radix(number.strip_prefix("0x")?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_lose_comments_and_spacing() {
        let (text, rows) =
            normalise("t", "# x\n0\tcommon  read\t\tsys_read # y\n\n1 64 gone\n2 64 e f - noreturn\n")
                .unwrap();
        assert_eq!(text, "0\tcommon\tread\tsys_read\n1\t64\tgone\n2\t64\te\tf\t-\tnoreturn\n");
        assert_eq!(rows[0].entry.as_deref(), Some("sys_read"));
        assert!(rows[1].entry.is_none());
    }

    #[test]
    fn a_row_without_a_number_is_refused() {
        let error = normalise("t", "x\t64\tread\n").unwrap_err().to_string();
        assert_eq!(error, "t:1: expected a number, found x");
    }

    /// Rows that the tags select, and how many of them have a call, in Linux 7.3.4. A new kernel changes them here.
    #[test]
    fn rows_and_calls() {
        let tables = crate::tables_dir();
        let counts = [
            ("x86_64", 386, 369),
            ("x32", 375, 369),
            ("i386", 462, 441),
            ("arm", 425 + 6, 420 + 6),
            ("aarch64", 328, 326),
            ("riscv64", 329, 327),
            ("riscv32", 319, 317),
            ("loongarch64", 325, 323),
            ("s390x", 391, 378),
            ("powerpc64", 425, 383),
            ("powerpc", 453, 425),
            ("mips_o32", 446, 413),
            ("mips_n64", 376, 363),
            ("mips_n32", 400, 387),
            ("sparc64", 405, 399),
            ("sparc", 442, 434),
            ("m68k", 444, 435),
            ("csky", 348, 346),
            ("hexagon", 347, 345),
        ];
        for (abi, expected) in Abi::read_all(&tables).unwrap().iter().zip(counts) {
            let rows: Vec<Row> = abi
                .tables
                .iter()
                .flat_map(|file| {
                    normalise(file, &std::fs::read_to_string(tables.join(file)).unwrap()).unwrap().1
                })
                .filter(|row| abi.takes(&row.tag))
                .collect();
            let live = rows.iter().filter(|row| row.call().is_some()).count();
            assert_eq!((abi.name.as_str(), rows.len(), live), expected);
        }
    }
}
