//! `#if` lines: what holds for an ABI, in three values, since most CONFIG symbols are the builder's choice.

use super::abi::Abi;

/// The symbols that decide between two definitions of one entry point.
pub struct Symbols {
    defined: Vec<String>,
    undefined: Vec<String>,
    long: u32,
}

impl Symbols {
    /// `selects` are the symbols that the architecture's Kconfig selects.
    pub fn of(abi: &Abi, selects: &[String]) -> Self {
        let long = abi.kernel_width();
        let wide = long == 64;
        let mut symbols = Self { defined: Vec::new(), undefined: Vec::new(), long };
        for (name, holds) in [
            ("CONFIG_64BIT", wide),
            ("CONFIG_32BIT", !wide),
            ("CONFIG_ARCH_SPLIT_ARG64", !wide),
            ("CONFIG_MMU", true),
            ("CONFIG_X86_64", abi.kernel == "x86" && wide),
            ("CONFIG_X86_32", abi.kernel == "x86" && !wide),
            ("CONFIG_PPC64", abi.kernel == "powerpc" && wide),
            ("CONFIG_PPC32", abi.kernel == "powerpc" && !wide),
        ] {
            symbols.set(name, holds);
        }
        for name in
            ["CLONE_BACKWARDS", "CLONE_BACKWARDS2", "CLONE_BACKWARDS3", "OLD_SIGSUSPEND", "OLD_SIGSUSPEND3"]
        {
            // x86 selects them for its 32-bit side alone.
            let selected = selects.iter().any(|select| select == name) && !(abi.kernel == "x86" && wide);
            symbols.set(&format!("CONFIG_{name}"), selected);
        }
        symbols
    }

    fn set(&mut self, name: &str, holds: bool) {
        if holds { &mut self.defined } else { &mut self.undefined }.push(name.to_owned());
    }

    fn is_defined(&self, name: &str) -> Option<bool> {
        if self.defined.iter().any(|n| n == name) {
            Some(true)
        } else if self.undefined.iter().any(|n| n == name) {
            Some(false)
        } else {
            None
        }
    }

    /// Whether `condition`, the text after `#if`, holds; `None` when it depends on the configuration.
    pub fn holds(&self, condition: &str) -> Option<bool> {
        let mut parser = Parser { symbols: self, rest: condition };
        parser.or().map(|value| value != 0)
    }
}

/// Recursive descent over the operators that such lines use.
struct Parser<'a> {
    symbols: &'a Symbols,
    rest: &'a str,
}

impl Parser<'_> {
    fn eat(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        let Some(rest) = self.rest.strip_prefix(token) else { return false };
        self.rest = rest;
        true
    }

    fn word(&mut self) -> String {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word.to_owned()
    }

    fn or(&mut self) -> Option<i64> {
        let mut value = self.and();
        while self.eat("||") {
            value = match (value, self.and()) {
                (Some(0), other) | (other, Some(0)) => other,
                (None, None) => None,
                _ => Some(1),
            };
        }
        value
    }

    fn and(&mut self) -> Option<i64> {
        let mut value = self.comparison();
        while self.eat("&&") {
            value = match (value, self.comparison()) {
                (Some(0), _) | (_, Some(0)) => Some(0),
                (Some(_), other) => other,
                (None, _) => None,
            };
        }
        value
    }

    fn comparison(&mut self) -> Option<i64> {
        let left = self.unary();
        for (token, test) in [
            ("==", i64::eq as fn(&i64, &i64) -> bool),
            ("!=", i64::ne),
            (">=", i64::ge),
            ("<=", i64::le),
            (">", i64::gt),
            ("<", i64::lt),
        ] {
            if self.eat(token) {
                let right = self.unary();
                return Some(i64::from(test(&left?, &right?)));
            }
        }
        left
    }

    fn unary(&mut self) -> Option<i64> {
        if self.eat("!") {
            return self.unary().map(|value| i64::from(value == 0));
        }
        if self.eat("(") {
            let value = self.or();
            self.eat(")");
            return value;
        }
        let word = self.word();
        match word.as_str() {
            "" => {
                self.rest = "";
                None
            }
            "defined" | "IS_ENABLED" | "IS_REACHABLE" => {
                let bracket = self.eat("(");
                let name = self.word();
                if bracket {
                    self.eat(")");
                }
                self.symbols.is_defined(&name).map(i64::from)
            }
            "BITS_PER_LONG" | "__BITS_PER_LONG" => Some(i64::from(self.symbols.long)),
            number if number.as_bytes()[0].is_ascii_digit() => {
                number.trim_end_matches(['L', 'U']).parse().ok()
            }
            name => {
                if self.eat("(") {
                    let mut depth = 1;
                    while depth > 0 && !self.rest.is_empty() {
                        match self.rest.as_bytes()[0] {
                            b'(' => depth += 1,
                            b')' => depth -= 1,
                            _ => {}
                        }
                        self.rest = &self.rest[1..];
                    }
                    return None;
                }
                match self.symbols.is_defined(name) {
                    Some(true) => Some(1),
                    Some(false) => Some(0),
                    None => None,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Symbols;

    fn holds(condition: &str) -> Option<bool> {
        Symbols { defined: vec!["A".into()], undefined: vec!["B".into()], long: 32 }.holds(condition)
    }

    #[test]
    fn known_symbols_decide() {
        assert_eq!(holds("defined(A) && !defined B"), Some(true));
        assert_eq!(holds("IS_ENABLED(B) || BITS_PER_LONG == 64"), Some(false));
        assert_eq!(holds("(B || A) && __BITS_PER_LONG < 64"), Some(true));
    }

    #[test]
    fn unknown_symbols_leave_it_open() {
        assert_eq!(holds("defined(C)"), None);
        assert_eq!(holds("defined(C) || defined(A)"), Some(true));
        assert_eq!(holds("C && defined(B)"), Some(false));
        assert_eq!(holds("F(1, (2)) == 3"), None);
    }
}
