//! The documentation of a function of `sys`.

use super::super::{Alternative, Constant, Contract};
use super::{Choice, Model};
use std::fmt::Write as _;

impl<'m, 'a> Model<'m, 'a> {
    pub(super) fn documentation(&self, contract: &Contract<'a>, choice: Choice<'m, 'a>) -> String {
        let mut out = String::new();
        if let Some(summary) = contract.summary {
            writeln!(out, "/// {summary}\n///").unwrap();
        }
        let page = match (contract.page, self.raw.pages.get(contract.row()).copied()) {
            (Some(page), _) | (None, Some(page)) => page,
            (None, None) => contract.row(),
        };
        // `fcntl`, `futex(2const)`, or none.
        let (page, section) = page.split_once('(').unwrap_or((page, "2"));
        let section = section.trim_end_matches(')');
        let section = if page.starts_with(|c: char| c.is_ascii_uppercase()) { "2const" } else { section };
        let digit = &section[..section.len().min(1)];
        if page == "-" {
            writeln!(out, "/// `{}`; it has no manual page.", contract.path()).unwrap();
        } else {
            writeln!(
                out,
                "/// [{page}({section})](https://man7.org/linux/man-pages/man{digit}/{page}.{section}.html)"
            )
            .unwrap();
        }
        let prototype = choice.prototype;
        writeln!(out, "///\n/// `{} {}({})`", prototype.result.text, choice.entry, prototype.text).unwrap();
        let raw = choice.call.name;
        let way = choice.alternative.map_or_else(String::new, how);
        if raw != contract.row() || !way.is_empty() {
            writeln!(out, "///\n/// On this ABI it is [`raw::{raw}`]{way}.").unwrap();
        } else {
            writeln!(out, "///\n/// Unsafe twin: [`raw::{raw}`].").unwrap();
        }
        if let Some(since) = contract.since {
            writeln!(out, "///\n/// Since Linux {since}.").unwrap();
        }
        if !contract.infallible {
            out += "///\n/// # Errors\n///\n";
            if contract.errors.is_empty() {
                out += "/// See the manual page.\n";
            }
            let errors: Vec<_> = contract
                .errors
                .iter()
                .flat_map(|line| line.split_whitespace())
                .map(|name| format!("[`{name}`](Errno::{name})"))
                .collect();
            if !errors.is_empty() {
                writeln!(out, "/// {}.", errors.join(", ")).unwrap();
            }
        }
        if !contract.hazard.is_empty() {
            out += "///\n/// # Safety\n///\n";
            writeln!(out, "/// {}", sentence(contract)).unwrap();
        }
        out
    }
}

/// Why the function is unsafe, as a sentence: one that begins with an argument's name begins small.
fn sentence(contract: &Contract<'_>) -> String {
    let text = contract.hazard.join("\n/// ");
    let (first, rest) = text.split_once(' ').unwrap_or((&text, ""));
    let argument = contract.parameters.iter().any(|parameter| parameter.name.text == first);
    let first = match first.chars().next() {
        _ if argument => format!("`{first}`"),
        Some(letter) => letter.to_ascii_uppercase().to_string() + &first[letter.len_utf8()..],
        None => String::new(),
    };
    format!("{first} {}.", rest.trim_end_matches('.'))
}

/// What stands behind the row in the clause `via`.
fn how(alternative: &Alternative<'_>) -> String {
    if alternative.by.is_some() {
        return ", adapted".to_owned();
    }
    let Some(arguments) = &alternative.arguments else { return String::new() };
    let word = |constant: &Constant<'_>| match constant {
        Constant::Word(word) => word.text.to_owned(),
        Constant::Negative(word) => format!("-{}", word.text),
        Constant::Shifted(word, by) => format!("{} << {}", word.text, by.text),
        Constant::SizeOf(ty) | Constant::SizeBehind(ty) => format!("sizeof {}", ty.text),
    };
    let arguments: Vec<_> =
        arguments.iter().map(|argument| argument.iter().map(word).collect::<Vec<_>>().join(" | ")).collect();
    format!("`({})`", arguments.join(", "))
}
