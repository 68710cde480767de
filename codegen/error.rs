//! What is wrong in a table, and where.

use std::fmt;

/// A place in a file of tables/, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    pub file: &'a str,
    pub line: usize,
    pub column: usize,
}

/// A malformed table: the build stops here.
#[derive(Debug)]
pub struct Error {
    place: String,
    found: String,
    expected: String,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Place<'_> {
    pub fn error(self, found: impl Into<String>, expected: impl Into<String>) -> Error {
        Error {
            place: format!("tables/{}:{}:{}", self.file, self.line, self.column),
            found: found.into(),
            expected: expected.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: found {}, expected {}", self.place, self.found, self.expected)
    }
}

impl std::error::Error for Error {}
