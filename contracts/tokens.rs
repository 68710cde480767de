//! Entries of lines, and words and signs of entries.

use crate::codegen::{
    error::{Error, Place, Result},
    table::Table,
};

#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    pub text: &'a str,
    pub place: Place<'a>,
    /// Where it ends in the table's text.
    end: usize,
}

/// A line at the margin, the lines that its parentheses reach over, and the indented lines below it.
pub struct Entry<'a> {
    pub head: Vec<Token<'a>>,
    /// Where the head ends.
    pub end: Place<'a>,
    pub clauses: Vec<Line<'a>>,
}

#[derive(Clone, Copy)]
pub struct Line<'a> {
    pub text: &'a str,
    pub place: Place<'a>,
    /// Where it begins in the table's text.
    start: usize,
}

pub fn entries(table: Table<'_>) -> Result<Vec<Entry<'_>>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut open = 0_i32;
    for (index, line) in table.text.lines().enumerate() {
        let text = line.trim();
        let indent = line.len() - line.trim_start().len();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let place = Place { file: table.file, line: index + 1, column: indent + 1 };
        let start = line.as_ptr().addr() - table.text.as_ptr().addr() + indent;
        let line = Line { text, place, start };
        let end = Place { column: place.column + text.chars().count(), ..place };
        if indent > 0 && open == 0 {
            let entry =
                entries.last_mut().ok_or_else(|| place.error("an indented line", "a call before it"))?;
            entry.clauses.push(line);
            continue;
        }
        let tokens = tokenize(line)?;
        if open == 0 {
            entries.push(Entry { head: Vec::new(), end, clauses: Vec::new() });
        }
        // The reason of an omission is prose, whose parentheses mean nothing.
        if tokens.first().is_none_or(|token| token.text != "omit") {
            open += tokens.iter().map(|token| depth(token.text)).sum::<i32>();
        }
        let entry = entries.last_mut().expect("one was pushed");
        entry.head.extend(tokens);
        entry.end = end;
    }
    Ok(entries)
}

fn depth(text: &str) -> i32 {
    match text {
        "(" => 1,
        ")" => -1,
        _ => 0,
    }
}

/// The words and signs of a line.
pub fn tokenize(line: Line<'_>) -> Result<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = line.text;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_alphanumeric() || first == '_' {
            rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())
        } else {
            ["::", "->", "'_"]
                .iter()
                .find(|sign| rest.starts_with(**sign))
                .map_or(first.len_utf8(), |sign| sign.len())
        };
        let offset = line.text.len() - rest.len();
        if !first.is_whitespace() {
            let column = line.place.column + line.text[..offset].chars().count();
            tokens.push(Token {
                text: &rest[..length],
                place: Place { column, ..line.place },
                end: line.start + offset + length,
            });
        }
        rest = &rest[length..];
    }
    Ok(tokens)
}

/// A reader of tokens.
pub struct Tokens<'t, 'a> {
    tokens: &'t [Token<'a>],
    next: usize,
    end: Place<'a>,
}

impl<'t, 'a> Tokens<'t, 'a> {
    pub fn new(tokens: &'t [Token<'a>], end: Place<'a>) -> Self {
        Self { tokens, next: 0, end }
    }

    /// The text of the next token, empty at the end.
    pub fn peek(&self) -> &'a str {
        self.tokens.get(self.next).map_or("", |token| token.text)
    }

    pub fn place(&self) -> Place<'a> {
        self.tokens.get(self.next).map_or(self.end, |token| token.place)
    }

    pub fn expected(&self, expected: &str) -> Error {
        let found = match self.peek() {
            "" => "the end of the line".to_owned(),
            text => format!("`{text}`"),
        };
        self.place().error(found, expected)
    }

    pub fn take(&mut self, text: &str) -> Option<Token<'a>> {
        let token = *self.tokens.get(self.next)?;
        (token.text == text).then(|| {
            self.next += 1;
            token
        })
    }

    pub fn demand(&mut self, text: &str) -> Result<()> {
        self.take(text).map(drop).ok_or_else(|| self.expected(&format!("`{text}`")))
    }

    pub fn optional_word(&mut self) -> Option<Token<'a>> {
        let token = *self.tokens.get(self.next)?;
        token.text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then(|| {
            self.next += 1;
            token
        })
    }

    pub fn word(&mut self, what: &str) -> Result<Token<'a>> {
        self.optional_word().ok_or_else(|| self.expected(what))
    }

    pub fn number(&mut self) -> Option<Token<'a>> {
        let token = *self.tokens.get(self.next)?;
        token.text.starts_with(|c: char| c.is_ascii_digit()).then(|| {
            self.next += 1;
            token
        })
    }

    pub fn end(&self) -> Result<()> {
        if self.peek().is_empty() { Ok(()) } else { Err(self.expected("the end of the line")) }
    }

    /// The rest as it stands in the table.
    pub fn rest(&mut self, table: Table<'a>) -> Option<&'a str> {
        let (first, last) = (self.tokens.get(self.next)?, self.tokens.last()?);
        self.next = self.tokens.len();
        Some(&table.text[first.end - first.text.len()..last.end])
    }
}
