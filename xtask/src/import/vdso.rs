//! `vdso.tbl` is written by hand, after the linker scripts of the kernel's vDSOs. A row that no script bears out goes unseen otherwise:
//! the program would make the system call.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::abi::{self, Abi};
use super::table;
use super::tree::Tree;

/// The name that some scripts have for their version, and the header that says what it is.
const VERSION: &str = "VDSO_VERSION_STRING";

pub fn check(tree: &Tree, tables: &Path, abis: &[Abi]) -> Result<()> {
    for row in table::read(tables, "vdso.tbl", 4..=4)? {
        let [call, only, version, symbol] = &row.columns[..] else { unreachable!("four columns") };
        let only = abi::list(only, abis).with_context(|| row.place.clone())?;
        for abi in abis.iter().filter(|abi| only.contains(&abi.name)) {
            let header = format!("arch/{}/include/asm/vdso.h", abi.kernel);
            let header = tree.read(&header).unwrap_or_default();
            let scripts = tree.files(&format!("arch/{}", abi.kernel), "lds.S")?;
            let mut exported = false;
            for script in scripts.iter().filter(|script| script.contains("vdso")) {
                exported |= exports(&tree.read(script)?, &header, version, symbol);
            }
            if !exported {
                bail!(
                    "{}: expected a symbol that a vDSO of {} exports as {version} for {call}, found {symbol}",
                    row.place,
                    abi.name
                );
            }
        }
    }
    Ok(())
}

/// Whether a linker script exports the symbol in the version.
fn exports(script: &str, header: &str, version: &str, symbol: &str) -> bool {
    let named = header
        .lines()
        .filter_map(|line| line.trim_start_matches('#').trim().strip_prefix("define"))
        .any(|line| line.split_whitespace().eq([VERSION, version]));
    let mut inside = false;
    script.lines().map(str::trim).any(|line| {
        if let Some(begun) = line.strip_suffix('{') {
            inside = begun.trim_end() == version || (named && begun.trim_end() == VERSION);
        }
        inside && line.strip_suffix(';') == Some(symbol)
    })
}

#[cfg(test)]
mod tests {
    use super::exports;

    #[test]
    fn a_symbol_belongs_to_the_version_that_it_stands_in() {
        let script = "VERSION\n{\n\tLINUX_2.6 {\n\tglobal:\n\t\tone;\n\t};\n\n\tLINUX_2.5 {\n\t\ttwo;\n\tlocal: *;\n\t};\n}\n";
        assert!(exports(script, "", "LINUX_2.6", "one"));
        assert!(exports(script, "", "LINUX_2.5", "two"));
        assert!(!exports(script, "", "LINUX_2.5", "one"));
        assert!(!exports(script, "", "LINUX_2.6", "two"));
        assert!(!exports(script, "", "LINUX_2", "one"));
    }

    #[test]
    fn a_version_may_be_a_macro() {
        let header = "#define VDSO_LBASE 0\n#define VDSO_VERSION_STRING\tLINUX_2.6.29\n";
        let script = "VERSION\n{\n\tVDSO_VERSION_STRING {\n\t\tone;\n\t};\n}\n";
        assert!(exports(script, header, "LINUX_2.6.29", "one"));
        assert!(!exports(script, header, "LINUX_2.6", "one"));
        assert!(!exports(script, "", "LINUX_2.6.29", "one"));
    }
}
