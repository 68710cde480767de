//! Spelling, and strings by number.

use std::fmt::Write as _;

/// The keywords of Rust that are no keywords of C.
const KEYWORDS: [&str; 37] = [
    "abstract", "as", "async", "await", "become", "box", "dyn", "final", "fn", "gen", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "trait", "try", "type",
    "typeof", "unsafe", "unsized", "use", "virtual", "where", "yield", "break", "continue", "else", "do",
];

/// A name of C as a name of Rust.
pub fn identifier(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("r#{name}") } else { name.to_owned() }
}

/// Writes a function from a number to strings, as one text and positions in it.
///
/// A table of `&str` would be a table of pointers, which a position-independent program has to relocate when it starts, and has to
/// keep in writable pages.
pub struct Strings {
    function: &'static str,
    text: String,
    arms: String,
}

impl Strings {
    pub fn new(function: &'static str) -> Self {
        Self { function, text: String::new(), arms: String::new() }
    }

    pub fn add(&mut self, number: u32, strings: &[&str]) {
        let start = self.text.len();
        let lengths: String = strings.iter().map(|string| format!(", {}", string.len())).collect();
        writeln!(self.arms, "        {number} => ({start}{lengths}),").unwrap();
        self.text.extend(strings.iter().copied());
    }

    /// The source of the function, for `count` strings a number: where they begin and how long each is.
    pub fn finish(&self, count: usize) -> String {
        let Self { function, text, arms } = self;
        format!(
            "const TEXT: &str = {text:?};\n\n#[inline]\nconst fn {function}(number: u32) -> Option<(u16{})> {{\n    Some(match number {{\n{arms}        _ => return None,\n    }})\n}}\n",
            ", u8".repeat(count)
        )
    }
}
