//! C declarations, as far as prototypes and structs of the kernel's interface go.

use super::{
    error::{Error, Place, Result},
    table::Cell,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CType<'a> {
    Void,
    /// C's own integer type, in one spelling: `unsigned long`.
    Integer(&'static str),
    /// A typedef, or one of the fixed-width names.
    Named(&'a str),
    /// A struct or union.
    Tag(&'a str),
    Pointer {
        to: Box<CType<'a>>,
        constant: bool,
    },
    /// `None`: as many as there are.
    Array(Box<CType<'a>>, Option<u32>),
    Function {
        result: Box<CType<'a>>,
        parameters: Vec<CType<'a>>,
    },
}

/// `unsigned long st_dev`, `char name[16]`, `__u64 disabled:1`.
#[derive(Debug)]
pub struct Declaration<'a> {
    pub ty: CType<'a>,
    pub name: &'a str,
    pub bits: Option<u32>,
    /// Where the type begins.
    pub place: Place<'a>,
}

/// A type alone, as C spells it.
#[derive(Debug)]
pub struct TypeName<'a> {
    pub ty: CType<'a>,
    pub text: &'a str,
    pub place: Place<'a>,
}

/// Parses a type that fills the cell.
pub fn parse_type(cell: Cell<'_>) -> Result<TypeName<'_>> {
    let mut parser = Parser { cell, offset: 0 };
    let declaration = parser.declaration()?;
    if !declaration.name.is_empty() {
        return Err(cell.expected("a type alone"));
    }
    parser.end()?;
    Ok(TypeName { ty: declaration.ty, text: cell.text, place: cell.place })
}

/// Parses one declaration that fills the cell.
pub fn parse_declaration(cell: Cell<'_>) -> Result<Declaration<'_>> {
    let mut parser = Parser { cell, offset: 0 };
    let declaration = parser.declaration()?;
    parser.end()?;
    if declaration.name.is_empty() {
        return Err(parser.expected("a name"));
    }
    Ok(declaration)
}

/// A parameter list; the flag says that braces enclose it.
pub fn parse_parameters(cell: Cell<'_>) -> Result<(Vec<Declaration<'_>>, bool)> {
    let mut parser = Parser { cell, offset: 0 };
    let mut parameters = Vec::new();
    if cell.text == "void" {
        return Ok((parameters, false));
    }
    let block = parser.take("{");
    loop {
        let parameter = parser.declaration()?;
        if parameter.name.is_empty() {
            return Err(parser.expected("the parameter's name"));
        }
        if parameter.bits.is_some() {
            return Err(parser.expected("`,` after the parameter"));
        }
        parameters.push(parameter);
        if !parser.take(",") {
            break;
        }
    }
    if block && !parser.take("}") {
        return Err(parser.expected("`}`"));
    }
    parser.end()?;
    Ok((parameters, block))
}

struct Parser<'a> {
    cell: Cell<'a>,
    offset: usize,
}

impl<'a> Parser<'a> {
    fn rest(&mut self) -> &'a str {
        let rest = &self.cell.text[self.offset..];
        let trimmed = rest.trim_start();
        self.offset += rest.len() - trimmed.len();
        trimmed
    }

    fn place(&mut self) -> Place<'a> {
        self.rest();
        let column = self.cell.place.column + self.cell.text[..self.offset].chars().count();
        Place { column, ..self.cell.place }
    }

    fn expected(&mut self, expected: &str) -> Error {
        let found = match self.token() {
            "" => "the end".to_owned(),
            token => format!("`{token}`"),
        };
        self.place().error(found, expected)
    }

    /// The next word, number or sign, which stays.
    fn token(&mut self) -> &'a str {
        let rest = self.rest();
        let word = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        match rest.chars().next() {
            Some(first) if word == 0 => &rest[..first.len_utf8()],
            _ => &rest[..word],
        }
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.token() == token;
        if found {
            self.offset += token.len();
        }
        found
    }

    fn word(&mut self) -> Option<&'a str> {
        let token = self.token();
        token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then(|| {
            self.offset += token.len();
            token
        })
    }

    fn number(&mut self) -> Result<u32> {
        let token = self.token();
        let number = token.parse().map_err(|_| self.expected("a number"))?;
        self.offset += token.len();
        Ok(number)
    }

    fn end(&mut self) -> Result<()> {
        if self.token().is_empty() { Ok(()) } else { Err(self.expected("the end")) }
    }

    /// A declaration, whose name may be missing.
    fn declaration(&mut self) -> Result<Declaration<'a>> {
        let place = self.place();
        let (mut ty, mut constant) = self.specifiers()?;
        while self.take("*") {
            ty = CType::Pointer { to: Box::new(ty), constant };
            constant = self.take("const");
        }
        let name;
        if self.take("(") {
            if !self.take("*") {
                return Err(self.expected("`*`"));
            }
            name = self.word().unwrap_or("");
            if !(self.take(")") && self.take("(")) {
                return Err(self.expected("`)(`"));
            }
            let parameters = self.function_parameters()?;
            ty = CType::Function { result: Box::new(ty), parameters };
        } else {
            name = self.word().unwrap_or("");
        }
        ty = self.arrays(ty)?;
        let bits = if self.take(":") { Some(self.number()?) } else { None };
        Ok(Declaration { ty, name, bits, place })
    }

    fn arrays(&mut self, element: CType<'a>) -> Result<CType<'a>> {
        if !self.take("[") {
            return Ok(element);
        }
        let count = if self.token() == "]" { None } else { Some(self.number()?) };
        if !self.take("]") {
            return Err(self.expected("`]`"));
        }
        Ok(CType::Array(Box::new(self.arrays(element)?), count))
    }

    fn function_parameters(&mut self) -> Result<Vec<CType<'a>>> {
        let mut parameters = Vec::new();
        while !self.take(")") {
            let parameter = self.declaration()?;
            if parameter.ty != CType::Void {
                parameters.push(parameter.ty);
            }
            if !self.take(",") && self.token() != ")" {
                return Err(self.expected("`,` or `)`"));
            }
        }
        Ok(parameters)
    }

    /// The type before the first `*`, and whether it is const.
    fn specifiers(&mut self) -> Result<(CType<'a>, bool)> {
        let place = self.place();
        let mut constant = false;
        let mut words: Vec<&'a str> = Vec::new();
        let mut other = None;
        loop {
            match self.token() {
                "const" => constant = true,
                word @ ("void" | "char" | "short" | "int" | "long" | "signed" | "unsigned")
                    if other.is_none() =>
                {
                    words.push(word)
                }
                "struct" | "union" if other.is_none() && words.is_empty() => {
                    self.word();
                    let tag = self.token();
                    other = Some(CType::Tag(tag));
                    if self.word().is_none() {
                        return Err(self.expected("a tag"));
                    }
                    continue;
                }
                word if other.is_none() && words.is_empty() && self.word().is_some() => {
                    other = Some(CType::Named(word));
                    continue;
                }
                _ => break,
            }
            self.word();
        }
        match other {
            Some(ty) => Ok((ty, constant)),
            None if words.is_empty() => Err(self.expected("a type")),
            None => match integer(&words) {
                Some(ty) => Ok((ty, constant)),
                None => Err(place.error(format!("`{}`", words.join(" ")), "a type of C")),
            },
        }
    }
}

fn integer(words: &[&str]) -> Option<CType<'static>> {
    if words == ["void"] {
        return Some(CType::Void);
    }
    let count = |word| words.iter().filter(|&&w| w == word).count();
    let unsigned = count("unsigned") == 1;
    let spelling = match (count("char"), count("short"), count("long"), count("signed")) {
        (1, 0, 0, 0) if unsigned => "unsigned char",
        (1, 0, 0, 1) => "signed char",
        (1, 0, 0, 0) => "char",
        (0, 1, 0, _) if unsigned => "unsigned short",
        (0, 1, 0, _) => "short",
        (0, 0, 0, _) if unsigned => "unsigned int",
        (0, 0, 0, _) => "int",
        (0, 0, 1, _) if unsigned => "unsigned long",
        (0, 0, 1, _) => "long",
        (0, 0, 2, _) if unsigned => "unsigned long long",
        (0, 0, 2, _) => "long long",
        _ => return None,
    };
    (count("void") == 0 && count("int") <= 1).then_some(CType::Integer(spelling))
}
