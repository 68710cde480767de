//! The SYSCALL_DEFINE macros of a `.c` file: a reader of tokens, not of C.

use anyhow::{Result, bail};

/// Which family of macros an entry point is defined with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// `sys_NAME`
    Native,
    /// `compat_sys_NAME`
    Compat,
    /// `sys_NAME` of a 32-bit kernel, `compat_sys_NAME` of a 64-bit one
    Either,
}

#[derive(Clone, Debug)]
pub struct Definition {
    pub kind: Kind,
    pub name: String,
    /// An error is one only if a table names the entry: some definitions that no ABI here uses have macros of their own.
    pub parameters: Result<String, String>,
    /// All must hold.
    pub conditions: Vec<String>,
    pub place: String,
}

/// `#define sys_A sys_B` of a file that builds the table of calls.
pub type Rename = (String, String);

const MACROS: [(&str, Kind); 4] = [
    ("SYSCALL_DEFINE", Kind::Native),
    ("COMPAT_SYSCALL_DEFINE", Kind::Compat),
    ("SYSCALL32_DEFINE", Kind::Either),
    ("PPC32_SYSCALL_DEFINE", Kind::Either),
];

pub fn scan(file: &str, text: &str) -> Result<(Vec<Definition>, Vec<Rename>)> {
    let text = without_comments(text);
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    let mut renames = Vec::new();
    let mut stack: Vec<Vec<String>> = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        let start = index;
        let mut line = lines[index].to_owned();
        index += 1;
        if let Some(directive) = line.trim_start().strip_prefix('#') {
            let mut directive = directive.trim_start().to_owned();
            while directive.ends_with('\\') && index < lines.len() {
                directive.pop();
                directive += lines[index];
                index += 1;
            }
            preprocess(&directive, &mut stack);
            renames.extend(rename(&directive));
            continue;
        }
        let Some((kind, count)) = invocation(&line) else { continue };
        while !balanced(&line) {
            let Some(next) = lines.get(index).filter(|next| !next.starts_with('#')) else {
                bail!("{file}:{}: expected the closing parenthesis of {}", start + 1, line.trim());
            };
            line = line + " " + next;
            index += 1;
        }
        let place = format!("{file}:{}", start + 1);
        found.push(definition(&line, kind, count, conditions(&stack), place));
    }
    Ok((found, renames))
}

/// The macro at the start of a line, and its number of parameters.
fn invocation(line: &str) -> Option<(Kind, usize)> {
    MACROS.iter().find_map(|(name, kind)| {
        let rest = line.strip_prefix(name)?;
        let count = rest.chars().next()?.to_digit(10)?;
        rest[1..].trim_start().starts_with('(').then_some((*kind, count as usize))
    })
}

fn definition(line: &str, kind: Kind, count: usize, conditions: Vec<String>, place: String) -> Definition {
    let list = inside(line);
    let name = list.split(',').next().unwrap_or_default().trim().to_owned();
    Definition { kind, name, parameters: parameters(list, count), conditions, place }
}

fn parameters(list: &str, count: usize) -> Result<String, String> {
    let (joined, split) = halves(list);
    let parts: Vec<&str> = joined.split(',').skip(1).map(str::trim).collect();
    if !parts.len().is_multiple_of(2) || parts.len() / 2 + split != count {
        return Err(format!("expected a name and {count} pairs of type and name, found {list}"));
    }
    let all: Vec<String> = parts.chunks(2).map(|pair| declare(pair[0], pair[1])).collect();
    Ok(if all.is_empty() { "void".to_owned() } else { all.join(", ") })
}

/// `SC_ARG64(x)`, `compat_arg_u64_dual(x)`: two halves of one value, and one parameter here.
fn halves(list: &str) -> (String, usize) {
    let mut list = list.to_owned();
    let mut count = 0;
    for macro_name in ["SC_ARG64(", "compat_arg_u64_dual("] {
        while let Some(start) = list.find(macro_name) {
            let end = list[start..].find(')').map_or(list.len() - 1, |at| start + at);
            let name = list[start + macro_name.len()..end].trim().to_owned();
            list.replace_range(start..=end, &format!("u64, {name}"));
            count += 1;
        }
    }
    (list, count)
}

/// One parameter in normal spelling.
pub fn declare(kind: &str, name: &str) -> String {
    let mut words: Vec<String> = kind
        .replace('*', " * ")
        .split_whitespace()
        .filter(|word| !matches!(*word, "__user" | "__force" | "__kernel" | "__iomem"))
        .map(normal_word)
        .collect();
    // What the callee may do with its own copy is no matter of the caller's.
    match words.iter().rposition(|word| word == "*") {
        Some(star) => words.truncate(star + 1),
        None => words.retain(|word| word != "const"),
    }
    if words[0] == "enum" {
        words = vec!["unsigned".to_owned()];
    }
    let bare = |next: Option<&String>| {
        next.is_none_or(|word| !matches!(word.as_str(), "char" | "short" | "int" | "long"))
    };
    if let Some(at) = words.iter().position(|word| word == "unsigned")
        && bare(words.get(at + 1))
    {
        words.insert(at + 1, "int".to_owned());
    }
    let mut text = words.join(" ").replace("* *", "**").replace("* *", "**");
    if !text.ends_with('*') {
        text.push(' ');
    }
    text + name
}

/// The kernel's own names in terms of the exported headers. What a 64-bit kernel calls `compat` is, to the 32-bit
/// program that makes the call, the plain type.
fn normal_word(word: &str) -> String {
    match word {
        "u8" | "u16" | "u32" | "u64" | "s8" | "s16" | "s32" | "s64" => format!("__{word}"),
        "uint" => "unsigned".to_owned(),
        "compat_ulong_t" => "unsigned long".to_owned(),
        "compat_long_t" => "long".to_owned(),
        "compat_uint_t" => "unsigned int".to_owned(),
        "compat_off_t" => "__s32".to_owned(),
        "compat_mode_t" => "umode_t".to_owned(),
        "compat_aio_context_t" => "__u32".to_owned(),
        "compat_msghdr" => "user_msghdr".to_owned(),
        "compat_uptr_t" => word.to_owned(),
        _ => word.replacen("compat_", "", 1),
    }
}

fn inside(line: &str) -> &str {
    let start = line.find('(').map_or(0, |at| at + 1);
    let mut depth = 1;
    for (offset, c) in line[start..].char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return line[start..start + offset].trim();
        }
    }
    line[start..].trim()
}

fn balanced(line: &str) -> bool {
    let open = line.matches('(').count();
    open > 0 && open <= line.matches(')').count()
}

fn rename(directive: &str) -> Option<Rename> {
    let mut words = directive.strip_prefix("define")?.split_whitespace();
    let (from, to) = (words.next()?, words.next()?);
    (from.starts_with("sys_") && !from.contains('(') && to.starts_with("sys_") && words.next().is_none())
        .then(|| (from.to_owned(), to.to_owned()))
}

/// Each level of the stack lists the conditions of its branches so far.
fn preprocess(directive: &str, stack: &mut Vec<Vec<String>>) {
    let (word, rest) = directive.split_once(|c: char| !c.is_alphanumeric()).unwrap_or((directive, ""));
    let separator = &directive[word.len()..directive.len() - rest.len()];
    let rest = format!("{separator}{rest}").trim().to_owned();
    let condition = match word {
        "if" | "elif" => rest,
        "ifdef" => format!("defined({rest})"),
        "ifndef" => format!("!defined({rest})"),
        "else" => "1".to_owned(),
        "endif" => {
            stack.pop();
            return;
        }
        _ => return,
    };
    if word.starts_with("if") {
        stack.push(vec![condition]);
    } else if let Some(branches) = stack.last_mut() {
        branches.push(condition);
    }
}

/// What holds inside the present branches: each last condition, and none of those before it.
fn conditions(stack: &[Vec<String>]) -> Vec<String> {
    let mut all = Vec::new();
    for branches in stack {
        let (last, earlier) = branches.split_last().expect("a level opens with a branch");
        all.extend(earlier.iter().map(|condition| format!("!({condition})")));
        all.push(last.clone());
    }
    all
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("/*") {
        out.push_str(&rest[..start]);
        let end = rest[start..].find("*/").map_or(rest.len(), |at| start + at + 2);
        out.extend(rest[start..end].chars().filter(|c| *c == '\n'));
        rest = &rest[end..];
    }
    out.push_str(rest);
    let lines: Vec<&str> = out.lines().map(|line| line.find("//").map_or(line, |at| &line[..at])).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Definition {
        scan("f.c", text).unwrap().0.remove(0)
    }

    #[test]
    fn annotations_and_spacing_go() {
        for (text, expected) in [
            (
                "SYSCALL_DEFINE3(read, unsigned int, fd,\n\tchar __user *, buf, /* x */ size_t, count)\n{}",
                "unsigned int fd, char *buf, size_t count",
            ),
            ("SYSCALL_DEFINE1(x, const char __user * const __user *, v)", "const char * const *v"),
            ("SYSCALL_DEFINE2(y, const clockid_t, c, u32 __user *const, p)", "clockid_t c, __u32 *p"),
            ("SYSCALL_DEFINE2(z, unsigned, n, enum kind, k)", "unsigned int n, unsigned int k"),
            (
                "COMPAT_SYSCALL_DEFINE2(w, compat_ulong_t, n, struct __compat_aio_sigset *, s)",
                "unsigned long n, struct __aio_sigset *s",
            ),
            ("SYSCALL_DEFINE0(fork)\n", "void"),
        ] {
            assert_eq!(one(text).parameters.as_deref(), Ok(expected));
        }
    }

    #[test]
    fn halves_become_one_value() {
        let mark = one("SYSCALL32_DEFINE4(mark, int, fd,\n SC_ARG64(mask), int, dfd)");
        assert_eq!(
            (mark.kind, mark.parameters.unwrap().as_str()),
            (Kind::Either, "int fd, __u64 mask, int dfd")
        );
    }

    #[test]
    fn conditions_nest() {
        let text = "#ifdef A\n#elif defined(B)\n#else\n#ifndef C\nSYSCALL_DEFINE0(x)\n#endif\n#endif\n";
        assert_eq!(one(text).conditions, ["!(defined(A))", "!(defined(B))", "1", "!defined(C)"]);
    }

    #[test]
    fn a_wrong_count_is_refused() {
        let error = one("SYSCALL_DEFINE2(x, int, a)").parameters.unwrap_err();
        assert_eq!(error, "expected a name and 2 pairs of type and name, found x, int, a");
    }

    #[test]
    fn renames_of_the_table() {
        let renames = scan("f.c", "#define sys_mmap2 sys_mmap_pgoff\n#define sys_f(x) sys_g\n").unwrap().1;
        assert_eq!(renames, [("sys_mmap2".to_owned(), "sys_mmap_pgoff".to_owned())]);
    }
}
