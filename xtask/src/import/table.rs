//! Reading the hand-written `.tbl` files: tab-separated columns, `#` comments.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// One row, with where it stands.
#[derive(Clone, Debug)]
pub struct Row {
    pub place: String,
    /// The line begins with a tab: it belongs to the last one that does not.
    pub indented: bool,
    pub columns: Vec<String>,
}

/// The rows of `dir/file`, each with `columns` columns or (if the second bound is greater) more.
pub fn read(dir: &Path, file: &str, columns: std::ops::RangeInclusive<usize>) -> Result<Vec<Row>> {
    let text =
        fs::read_to_string(dir.join(file)).with_context(|| format!("tables/{file}: expected a table"))?;
    parse(&format!("tables/{file}"), &text, columns)
}

pub fn parse(name: &str, text: &str, columns: std::ops::RangeInclusive<usize>) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let place = format!("{name}:{}", index + 1);
        let row: Vec<String> =
            line.split('\t').map(str::trim).filter(|c| !c.is_empty()).map(str::to_owned).collect();
        if !columns.contains(&row.len()) {
            bail!(
                "{place}: expected {} to {} columns separated by tabs, found {}",
                columns.start(),
                columns.end(),
                row.len()
            );
        }
        rows.push(Row { place, indented: line.starts_with('\t'), columns: row });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn columns_are_runs_of_tabs() {
        let rows = parse("t", "# c\n\na\t\tb c\td\n", 3..=3).unwrap();
        assert_eq!(rows[0].columns, ["a", "b c", "d"]);
        assert_eq!(rows[0].place, "t:3");
    }

    #[test]
    fn a_wrong_count_names_its_line() {
        let error = parse("t", "a b\n", 2..=3).unwrap_err().to_string();
        assert_eq!(error, "t:1: expected 2 to 3 columns separated by tabs, found 1");
    }
}
