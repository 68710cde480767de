//! Lines and columns: what all tables have in common.

use super::error::{Error, Place, Result};
use std::collections::HashMap;

/// A file of tables/.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    pub file: &'a str,
    pub text: &'a str,
}

/// A line that is neither empty nor a comment.
pub struct Row<'a> {
    pub cells: Vec<Cell<'a>>,
    /// The line begins with a tab: it belongs to the last one that does not.
    pub indented: bool,
    end: Place<'a>,
}

/// What stands between tabs.
#[derive(Clone, Copy)]
pub struct Cell<'a> {
    pub text: &'a str,
    pub place: Place<'a>,
}

impl<'a> Table<'a> {
    pub fn rows(self) -> impl Iterator<Item = Row<'a>> {
        self.text.lines().enumerate().filter_map(move |(index, line)| {
            let content = line.trim_end();
            if content.is_empty() || content.starts_with('#') {
                return None;
            }
            let place = |offset: usize| Place {
                file: self.file,
                line: index + 1,
                column: content[..offset].chars().count() + 1,
            };
            let cells = content.split('\t').scan(0, |offset, text| {
                let start = *offset;
                *offset += text.len() + 1;
                Some((start, text))
            });
            Some(Row {
                cells: cells
                    .filter(|(_, text)| !text.is_empty())
                    .map(|(start, text)| Cell { text, place: place(start) })
                    .collect(),
                indented: content.starts_with('\t'),
                end: place(content.len()),
            })
        })
    }
}

impl<'a> Row<'a> {
    /// The column of this index, called `what` in the error if it is missing.
    pub fn cell(&self, index: usize, what: &str) -> Result<Cell<'a>> {
        self.cells.get(index).copied().ok_or_else(|| self.end.error("the end of the line", what))
    }

    /// Refuses columns after the last one that has a meaning.
    pub fn at_most(&self, count: usize) -> Result<()> {
        match self.cells.get(count) {
            Some(cell) => Err(cell.expected("the end of the line")),
            None => Ok(()),
        }
    }
}

impl<'a> Cell<'a> {
    /// The cell's text is not what it should be.
    pub fn expected(&self, expected: &str) -> Error {
        self.place.error(format!("`{}`", self.text), expected)
    }

    /// A number, decimal or in hexadecimal after `0x`.
    pub fn number(&self) -> Result<u32> {
        match self.text.strip_prefix("0x") {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => self.text.parse(),
        }
        .map_err(|_| self.expected("a number"))
    }

    /// A C identifier.
    pub fn identifier(&self) -> Result<&'a str> {
        let mut chars = self.text.chars();
        let head = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        if head && chars.all(|c| c.is_ascii_alphanumeric() || c == '_') {
            Ok(self.text)
        } else {
            Err(self.expected("an identifier"))
        }
    }

    /// The parts before and after a sign, if it is there.
    pub fn split_once(self, sign: char) -> (Self, Option<Self>) {
        match self.text.split_once(sign) {
            None => (self, None),
            Some((before, after)) => {
                let column = self.place.column + before.chars().count() + 1;
                let place = Place { column, ..self.place };
                (Cell { text: before, ..self }, Some(Cell { text: after, place }))
            }
        }
    }

    /// The parts between commas, each with its place.
    pub fn list(self) -> impl Iterator<Item = Cell<'a>> {
        let mut column = self.place.column;
        self.text.split(',').map(move |text| {
            let cell = Cell { text, place: Place { column, ..self.place } };
            column += text.chars().count() + 1;
            cell
        })
    }
}

/// Values by name. One map of positions serves every type of values: each map more is a tenth of what the build script takes to compile.
pub struct Index<'a, V> {
    positions: HashMap<&'a str, usize>,
    values: Vec<V>,
}

impl<'a, V> Index<'a, V> {
    pub fn new() -> Self {
        Self { positions: HashMap::new(), values: Vec::new() }
    }

    pub fn get(&self, name: &str) -> Option<&V> {
        self.positions.get(name).map(|&position| &self.values[position])
    }

    /// Adds a value, which takes the place of another one of the name.
    pub fn insert(&mut self, name: &'a str, value: V) {
        self.positions.insert(name, self.values.len());
        self.values.push(value);
    }
}
