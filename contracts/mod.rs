//! contracts.tbl: what the arguments and results of the calls mean, and the functions of `sys` made of it.
//!
//! tables/README.md has the notation. This half of the generator runs when a contract changes, not in every build: what it makes of all ABIs is
//! tables/sys.tbl, from which the build script takes what is its target's. The tests hold the one to the other.

pub mod decode;
mod synopsis;
pub mod sys;
pub mod table;
mod tokens;

use crate::codegen::{
    ctype::{self, CType},
    error::{Place, Result},
    table::{Cell, Table},
};
use tokens::{Tokens, entries};

pub use tokens::Token;

/// The whole table.
#[derive(Default)]
pub struct Contracts<'a> {
    pub contracts: Vec<Contract<'a>>,
    /// Rows that `sys` has no function for, and why.
    pub omitted: Vec<(Token<'a>, &'a str)>,
    /// Rows that nobody has described yet.
    pub todo: Vec<Token<'a>>,
    /// The ABIs that the table was written for; none means all. `sys` is empty on others.
    pub abis: Vec<&'a str>,
    pub types: Vec<Type<'a>>,
    /// Parameters of rows that the kernel only reads although its prototype does not say `const`.
    pub read_only: Vec<(Token<'a>, Token<'a>)>,
    /// Parameters of rows that lead to what another argument says, whatever the prototype says.
    pub any: Vec<(Token<'a>, Token<'a>)>,
    /// Constants that are 0 on other ABIs than these.
    pub numbers: Vec<(Token<'a>, &'a str, Vec<&'a str>)>,
}

/// A type of the crate that is represented as one of C.
pub struct Type<'a> {
    pub name: &'a str,
    /// It has a lifetime as its parameter.
    pub borrows: bool,
    pub c: CType<'a>,
    /// It has a layout of its own, at least that of `c` where `c` is something.
    pub own: bool,
    /// The kernel's struct with the layout that the type has on every ABI.
    pub same: Option<Token<'a>>,
    /// A name of `sys` for the first of these types that the ABI has, and no type of its own.
    pub alias: Vec<&'a str>,
    /// The number that stands for none.
    pub none: &'a str,
    pub place: Place<'a>,
}

impl<'a> Type<'a> {
    fn new(name: Token<'a>, c: CType<'a>) -> Self {
        let (name, place) = (name.text, name.place);
        Self { name, borrows: false, c, own: false, same: None, alias: Vec::new(), none: "0", place }
    }
}

/// One function of `sys`.
pub struct Contract<'a> {
    /// The module of a meaning: `futex` of `futex::wait`.
    pub module: Option<&'a str>,
    pub name: Token<'a>,
    pub parameters: Vec<Parameter<'a>>,
    pub result: Output<'a>,
    pub infallible: bool,
    /// The rows that serve it, the best first.
    pub via: Vec<Alternative<'a>>,
    pub since: Option<&'a str>,
    pub page: Option<&'a str>,
    pub errors: Vec<&'a str>,
    /// Why it is unsafe, by lines.
    pub hazard: Vec<&'a str>,
    /// What it does, in a sentence.
    pub summary: Option<&'a str>,
}

pub struct Parameter<'a> {
    pub name: Token<'a>,
    pub meaning: Meaning<'a>,
    /// `?`: null, or -1 for a descriptor, is a value of it.
    pub optional: bool,
    /// `=`: it is no parameter of the function.
    pub fixed: Option<Vec<Constant<'a>>>,
    /// `&`: no other bits of it pass.
    pub mask: Vec<Constant<'a>>,
    /// `|`: these bits are always set.
    pub with: Vec<Constant<'a>>,
}

#[derive(Clone, Debug)]
pub enum Meaning<'a> {
    /// An integer, or the length of a buffer that names it.
    Plain,
    Descriptor,
    OwnDescriptor,
    InoutDescriptor,
    Address,
    Word,
    /// A number in the place of a pointer.
    Slot(Token<'a>),
    /// The low or the high word of a 64-bit parameter of this name.
    Half(Token<'a>, bool),
    /// A path.
    Path,
    /// Another string.
    String,
    /// A value: an integer of Rust, a set, or a type of the crate.
    Value(Token<'a>),
    Memory {
        direction: Direction,
        ty: Token<'a>,
        length: Length<'a>,
        /// What is there before the call.
        start: Start,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    In,
    Out,
    Inout,
    /// Out, returned by value.
    Ret,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// What the caller has put there, or nothing.
    Usual,
    /// Zeros: the kernel may leave a part as it is.
    Zero,
    /// A copy of the caller's struct that says its own size.
    Sized,
}

#[derive(Clone, Copy, Debug)]
pub enum Length<'a> {
    One,
    /// The argument of this name counts the elements.
    By(Token<'a>),
    /// The argument of this name leads to the count, which the kernel changes.
    Through(Token<'a>),
    Fixed(u32),
    /// Up to a null.
    Null,
    /// What the adapter makes of the slice.
    Adapter,
}

#[derive(Clone, Copy, Debug)]
pub enum Constant<'a> {
    /// A number, `NULL`, or a constant of sets.tbl.
    Word(Token<'a>),
    Negative(Token<'a>),
    SizeOf(Token<'a>),
    /// A pointer to the size of what a parameter leads to.
    SizeBehind(Token<'a>),
    /// A constant, shifted to the left.
    Shifted(Token<'a>, Token<'a>),
}

pub enum Output<'a> {
    Nothing,
    Count,
    Descriptor,
    Pointer,
    Never,
    Value(Token<'a>, bool),
    /// So many elements of the buffer are initialised.
    Length(Token<'a>),
    /// So many elements would be, if the buffer were large enough.
    Want(Token<'a>),
}

/// A row that can serve a contract.
pub struct Alternative<'a> {
    pub row: Token<'a>,
    /// What the row gets, if not the parameters in their order.
    pub arguments: Option<Vec<Vec<Constant<'a>>>>,
    /// The function of src/compat.rs that makes the call.
    pub by: Option<Token<'a>>,
}

impl<'a> Contract<'a> {
    /// The name that the documentation and the errors give it.
    pub fn path(&self) -> String {
        match self.module {
            Some(module) => format!("{module}::{}", self.name.text),
            None => self.name.text.to_owned(),
        }
    }

    /// The row that the contract is about.
    pub fn row(&self) -> &'a str {
        self.module.unwrap_or(self.name.text)
    }

    pub fn parameter(&self, name: &str) -> Option<&Parameter<'a>> {
        self.parameters.iter().find(|parameter| parameter.name.text == name)
    }

    /// The buffers whose length this parameter is, and whether through a pointer.
    pub fn measured_by(&self, name: &str) -> impl Iterator<Item = (&Parameter<'a>, bool)> {
        self.parameters.iter().filter_map(move |parameter| match &parameter.meaning {
            Meaning::Memory { length: Length::By(length), .. } if length.text == name => {
                Some((parameter, false))
            }
            Meaning::Memory { length: Length::Through(length), .. } if length.text == name => {
                Some((parameter, true))
            }
            _ => None,
        })
    }
}

/// Parses the table.
pub fn parse(table: Table<'_>) -> Result<Contracts<'_>> {
    let mut all = Contracts::default();
    for entry in entries(table)? {
        let mut tokens = Tokens::new(&entry.head, entry.end);
        let head = tokens
            .word("a call, `omit`, `todo`, `abis`, `type`, `own`, `alias`, `const`, `any` or `number`")?;
        // A synopsis has its parenthesis next.
        let directive = !matches!(tokens.peek(), "(" | "::");
        match head.text {
            "omit" if directive => {
                let row = tokens.word("a row")?;
                tokens.take(":").ok_or_else(|| tokens.expected("`:`"))?;
                let reason = tokens.rest(table).ok_or_else(|| tokens.expected("a reason"))?;
                all.omitted.push((row, reason));
            }
            "todo" if directive => {
                while let Some(row) = tokens.optional_word() {
                    all.todo.push(row);
                }
                tokens.end()?;
            }
            "const" | "any" if directive => {
                let row = tokens.word("a row")?;
                let list = if head.text == "any" { &mut all.any } else { &mut all.read_only };
                while let Some(name) = tokens.optional_word() {
                    list.push((row, name));
                }
                tokens.end()?;
            }
            "number" if directive => {
                let name = tokens.word("a name")?;
                tokens.demand("=")?;
                let value = tokens.number().ok_or_else(|| tokens.expected("a number"))?;
                tokens.demand("on")?;
                let mut abis = Vec::new();
                while let Some(abi) = tokens.optional_word() {
                    abis.push(abi.text);
                }
                tokens.end()?;
                all.numbers.push((name, value.text, abis));
            }
            "abis" if directive => {
                while let Some(abi) = tokens.optional_word() {
                    all.abis.push(abi.text);
                }
                tokens.end()?;
            }
            "type" if directive => all.types.push(type_line(table, &mut tokens)?),
            "own" if directive => all.types.push(own_line(&mut tokens)?),
            "alias" if directive => all.types.push(alias_line(&mut tokens)?),
            _ => {
                all.contracts.push(synopsis::parse(table, head, tokens, &entry.clauses)?);
                continue;
            }
        }
        if let Some(clause) = entry.clauses.first() {
            return Err(clause.place.error("an indented line", "a contract before it"));
        }
    }
    reject_duplicates(&all)?;
    Ok(all)
}

fn type_line<'a>(table: Table<'a>, tokens: &mut Tokens<'_, 'a>) -> Result<Type<'a>> {
    let name = tokens.word("a name")?;
    let borrows = tokens.take("<").is_some();
    if borrows && (tokens.take("'_").is_none() || tokens.take(">").is_none()) {
        return Err(tokens.expected("`'_>`"));
    }
    let none = if tokens.take("none").is_some() {
        let negative = tokens.take("-").is_some();
        let number = tokens.number().ok_or_else(|| tokens.expected("a number"))?;
        if negative { "-1" } else { number.text }
    } else {
        "0"
    };
    tokens.take("=").ok_or_else(|| tokens.expected("`=`"))?;
    let place = tokens.place();
    let text = tokens.rest(table).ok_or_else(|| tokens.expected("a type of C"))?;
    let c = ctype::parse_type(Cell { text, place })?.ty;
    Ok(Type { borrows, none, ..Type::new(name, c) })
}

fn own_line<'a>(tokens: &mut Tokens<'_, 'a>) -> Result<Type<'a>> {
    let name = tokens.word("a name")?;
    let borrows = tokens.take("<").is_some();
    if borrows && (tokens.take("'_").is_none() || tokens.take(">").is_none()) {
        return Err(tokens.expected("`'_>`"));
    }
    let c = match tokens.take("=") {
        Some(_) => CType::Tag(tokens.word("a struct of uapi.tbl")?.text),
        None => CType::Void,
    };
    let same = match tokens.take("|") {
        Some(_) => Some(tokens.word("a struct of uapi.tbl")?),
        None => None,
    };
    tokens.end()?;
    Ok(Type { borrows, own: true, same, ..Type::new(name, c) })
}

fn alias_line<'a>(tokens: &mut Tokens<'_, 'a>) -> Result<Type<'a>> {
    let name = tokens.word("a name")?;
    tokens.demand("=")?;
    let mut alias = vec![tokens.word("a type of uapi.tbl")?.text];
    while tokens.take("|").is_some() {
        alias.push(tokens.word("a type of uapi.tbl")?.text);
    }
    tokens.end()?;
    let c = CType::Named(alias[0]);
    Ok(Type { alias, ..Type::new(name, c) })
}

fn reject_duplicates(all: &Contracts<'_>) -> Result<()> {
    let mut known = std::collections::HashMap::new();
    let contracts = all.contracts.iter().map(|contract| (contract.path(), contract.name.place));
    let rest = all.omitted.iter().map(|(row, _)| row).chain(&all.todo);
    for (name, place) in contracts.chain(rest.map(|row| (row.text.to_owned(), row.place))) {
        if let Some(first) = known.insert(name.clone(), place) {
            return Err(place.error(
                format!("`{name}` again"),
                format!("one entry for it, which line {} has", first.line),
            ));
        }
    }
    Ok(())
}
