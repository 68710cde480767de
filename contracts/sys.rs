//! Writes `sys`: the functions that contracts.tbl describes, made of the target's rows.

mod bind;
mod body;
mod document;

use super::{
    Alternative, Constant, Contract, Contracts, Direction, Length, Meaning, Output, Parameter, Token, Type,
};
use crate::codegen::{
    ctype::CType,
    error::{Error, Result},
    numbers::Call,
    prototypes::Prototype,
    raw,
    rust::identifier,
    sets::Set,
};
use std::{collections::HashMap, fmt::Write as _};

/// Everything that the functions of `sys` are made of.
pub struct Model<'m, 'a> {
    pub raw: &'m raw::Model<'a>,
    pub contracts: &'m Contracts<'a>,
    pub sets: &'m [Set<'a>],
    /// The target's rows with a call behind them.
    rows: HashMap<&'a str, &'m Call<'a>>,
}

/// A function of `sys`.
pub struct Function<'a> {
    pub module: Option<&'a str>,
    pub name: &'a str,
    pub safe: bool,
    /// The row that serves it.
    pub row: &'a str,
    pub by: Option<&'a str>,
    /// What stands between `fn` and the body.
    pub signature: String,
    pub text: String,
}

/// The row that the target takes for a contract.
#[derive(Clone, Copy)]
struct Choice<'m, 'a> {
    call: &'m Call<'a>,
    entry: &'a str,
    prototype: &'m Prototype<'a>,
    alternative: Option<&'m Alternative<'a>>,
}

impl<'m, 'a> Model<'m, 'a> {
    pub fn new(
        raw: &'m raw::Model<'a>,
        contracts: &'m Contracts<'a>,
        sets: &'m [Set<'a>],
        calls: &'m [Call<'a>],
    ) -> Self {
        let rows = calls.iter().filter(|call| call.entry.is_some()).map(|call| (call.name, call)).collect();
        Self { raw, contracts, sets, rows }
    }

    /// The functions that the target has, by the table's order.
    pub fn functions(&self) -> Result<Vec<Function<'a>>> {
        self.contracts.contracts.iter().filter_map(|contract| self.function(contract).transpose()).collect()
    }

    /// The function of a contract, or none where the target has no row for it.
    pub fn function(&self, contract: &'m Contract<'a>) -> Result<Option<Function<'a>>> {
        let Some(choice) = self.choose(contract)? else { return Ok(None) };
        let signature = self.signature(contract, choice)?;
        let mut text = self.documentation(contract, choice);
        let safe = contract.hazard.is_empty();
        writeln!(
            text,
            "#[inline]\npub {}fn {}{signature} {{",
            if safe { "" } else { "unsafe " },
            identifier(contract.name.text)
        )
        .unwrap();
        text += &self.body(contract, choice)?;
        text += "}\n\n";
        Ok(Some(Function {
            module: contract.module,
            name: contract.name.text,
            safe,
            row: choice.call.name,
            by: choice.alternative.and_then(|alternative| alternative.by).map(|by| by.text),
            signature,
            text,
        }))
    }

    /// The first row of the contract that the target has.
    fn choose(&self, contract: &'m Contract<'a>) -> Result<Option<Choice<'m, 'a>>> {
        let abi = self.raw.types.target.abi.name;
        if !self.contracts.abis.is_empty() && !self.contracts.abis.contains(&abi) {
            return Ok(None);
        }
        let find = |row: &str, alternative: Option<&'m Alternative<'a>>| -> Result<_> {
            let Some(&call) = self.rows.get(row) else { return Ok(None) };
            let entry = call.entry.expect("a live row has one");
            // What `raw` leaves out, an adapter alone can make.
            if self.raw.rules.omitted(entry.text).is_some()
                && alternative.is_none_or(|alternative| alternative.by.is_none())
            {
                return Ok(None);
            }
            let prototype = self.raw.prototype(entry)?;
            Ok(Some(Choice { call, entry: entry.text, prototype, alternative }))
        };
        if contract.via.is_empty() {
            return find(contract.row(), None);
        }
        for alternative in &contract.via {
            if let Some(choice) = find(alternative.row.text, Some(alternative))? {
                return Ok(Some(choice));
            }
        }
        Ok(None)
    }

    /// Type parameters, parameters and result.
    fn signature(&self, contract: &'m Contract<'a>, choice: Choice<'m, 'a>) -> Result<String> {
        let mut generics = Vec::new();
        let mut parameters = Vec::new();
        for parameter in &contract.parameters {
            if let Some(ty) = self.parameter_type(contract, parameter, choice, &mut generics)? {
                parameters.push(format!("{}: {ty}", identifier(public_name(parameter))));
            }
        }
        let generics = if generics.is_empty() { String::new() } else { format!("<{}>", generics.join(", ")) };
        let result = self.result_type(contract, choice)?;
        let result = if result == "()" { String::new() } else { format!(" -> {result}") };
        Ok(format!("{generics}({}){result}", parameters.join(", ")))
    }

    /// The type of a parameter, or none for one that stays out of the signature.
    fn parameter_type(
        &self,
        contract: &'m Contract<'a>,
        parameter: &Parameter<'a>,
        choice: Choice<'m, 'a>,
        generics: &mut Vec<String>,
    ) -> Result<Option<String>> {
        let ret = matches!(parameter.meaning, Meaning::Memory { direction: Direction::Ret, .. });
        if ret || parameter.fixed.is_some() || contract.measured_by(parameter.name.text).next().is_some() {
            return Ok(None);
        }
        let optional = |ty: &str| {
            if parameter.optional { format!("Option<{ty}>") } else { ty.to_owned() }
        };
        Ok(Some(match &parameter.meaning {
            Meaning::Plain => self.plain_type(contract, parameter, choice)?,
            Meaning::Descriptor if parameter.optional => "Option<BorrowedFd<'_>>".to_owned(),
            Meaning::Descriptor => "impl AsFd".to_owned(),
            Meaning::OwnDescriptor => "OwnedFd".to_owned(),
            Meaning::InoutDescriptor => "&mut OwnedFd".to_owned(),
            Meaning::Address => "*mut c_void".to_owned(),
            Meaning::Word => "impl Arg".to_owned(),
            Meaning::Path | Meaning::String => optional("&CStr"),
            Meaning::Half(_, true) => return Ok(None),
            Meaning::Half(whole, false) => {
                return Ok(Some("u64".to_owned()).filter(|_| contract.parameter(whole.text).is_none()));
            }
            Meaning::Value(ty) | Meaning::Slot(ty) => optional(&self.named(*ty)?.rust),
            Meaning::Memory { ty, length: Length::Null, .. } if ty.text == "cstrs" => optional("CStrs<'_>"),
            Meaning::Memory { direction, ty, length, .. } => {
                let buffer =
                    matches!(&contract.result, Output::Length(name) if name.text == parameter.name.text);
                if buffer && *direction == Direction::Out && !parameter.optional {
                    let generic = ["B", "C", "D"][generics.len()];
                    generics.push(format!("{generic}: Buffer<{}>", self.element(*ty, true)?));
                    return Ok(Some(generic.to_owned()));
                }
                let mutable = if *direction == Direction::In { "" } else { "mut " };
                let element = self.element(*ty, *direction != Direction::In)?;
                optional(&match length {
                    _ if is_storage(*ty) => format!("&{mutable}SockAddr"),
                    Length::One => format!("&{mutable}{element}"),
                    Length::Fixed(count) => format!("&{mutable}[{element}; {count}]"),
                    Length::By(_) | Length::Through(_) | Length::Adapter => format!("&{mutable}[{element}]"),
                    Length::Null => {
                        return Err(ty.place.error(format!("`{}[]`", ty.text), "`cstrs[]`, or a length"));
                    }
                })
            }
        }))
    }

    /// The integer that a parameter without a meaning is: its row's.
    fn plain_type(
        &self,
        contract: &'m Contract<'a>,
        parameter: &Parameter<'a>,
        choice: Choice<'m, 'a>,
    ) -> Result<String> {
        let name = parameter.name;
        let alternative = choice.alternative;
        let index = match alternative.and_then(|alternative| alternative.arguments.as_ref()) {
            Some(arguments) => arguments.iter().position(
                |argument| matches!(argument[..], [Constant::Word(word)] if word.text == name.text),
            ),
            None => contract.parameters.iter().position(|other| other.name.text == name.text),
        };
        let same = alternative.is_none_or(|alternative| {
            alternative.by.is_none() || contract.parameters.len() == choice.prototype.parameters.len()
        });
        let place = name.place;
        let wanted = || {
            place.error(
                format!("`{}` without a meaning", name.text),
                format!("its type, which no argument of `{}` tells", choice.call.name),
            )
        };
        let declaration = index
            .filter(|_| same)
            .and_then(|index| choice.prototype.parameters.get(index))
            .ok_or_else(wanted)?;
        let (entry, to) = (choice.entry, declaration.name);
        if self.raw.rules.is_arg(entry, to) {
            return Err(place.error(
                format!("`{}` without a meaning", name.text),
                format!(
                    "one: what `{}` of `{}` is depends on another argument",
                    declaration.name, choice.call.name
                ),
            ));
        }
        if matches!(declaration.ty, CType::Pointer { .. } | CType::Array(..))
            || self.raw.rules.is_pointer(entry, to)
        {
            return Err(place.error(
                format!("`{}` without a meaning", name.text),
                format!("one: `{}` of `{}` is a pointer", declaration.name, choice.call.name),
            ));
        }
        let ty = normal(&self.raw.types.rust(&declaration.ty, declaration.place)?).to_owned();
        if !INTEGERS.contains(&ty.as_str()) {
            return Err(wanted());
        }
        Ok(ty)
    }

    /// The type of the result, `()` for none at all.
    fn result_type(&self, contract: &'m Contract<'a>, choice: Choice<'m, 'a>) -> Result<String> {
        let value = match &contract.result {
            Output::Nothing => None,
            Output::Count | Output::Want(_) => Some("usize".to_owned()),
            Output::Descriptor => Some("OwnedFd".to_owned()),
            Output::Pointer => Some("*mut c_void".to_owned()),
            Output::Never if self.raw.rules.never_returns(choice.entry) => return Ok("!".to_owned()),
            Output::Never => return Ok("Errno".to_owned()),
            Output::Value(ty, _) => Some(self.named(*ty)?.rust),
            Output::Length(name) => {
                let parameter = contract.parameter(name.text).expect("the parser saw to it");
                match &parameter.meaning {
                    Meaning::Memory { direction: Direction::Out, .. } if !parameter.optional => {
                        Some("B::Output".to_owned())
                    }
                    _ => Some("usize".to_owned()),
                }
            }
        };
        let mut values: Vec<_> = value.into_iter().collect();
        for parameter in &contract.parameters {
            if let Meaning::Memory { direction: Direction::Ret, ty, length, .. } = &parameter.meaning {
                let element = match ty.text {
                    "fd" => "OwnedFd".to_owned(),
                    _ => self.element(*ty, true)?,
                };
                values.push(match length {
                    Length::Fixed(count) => format!("[{element}; {count}]"),
                    _ => element,
                });
            }
        }
        let all = match &values[..] {
            [] => "()".to_owned(),
            [one] => one.clone(),
            several => format!("({})", several.join(", ")),
        };
        let all =
            if matches!(contract.result, Output::Value(_, true)) { format!("Option<{all}>") } else { all };
        Ok(if contract.infallible { all } else { format!("Result<{all}>") })
    }

    /// A type by the name that a contract has for it.
    fn named(&self, ty: Token<'a>) -> Result<Named<'a>> {
        if let Some(&name) = INTEGERS.iter().find(|name| **name == ty.text) {
            return Ok(Named { rust: name.to_owned(), integer: Some(name.to_owned()), c: None });
        }
        if let Some(known) = self.contracts.types.iter().find(|known| known.name == ty.text) {
            if !known.alias.is_empty() {
                let c = CType::Named(self.original(known)?);
                return Ok(Named { rust: known.name.to_owned(), integer: None, c: Some(c) });
            }
            let lifetime = if known.borrows { "<'_>" } else { "" };
            if known.own {
                return Ok(Named {
                    rust: format!("{}{lifetime}", known.name),
                    integer: None,
                    c: Some(known.c.clone()),
                });
            }
            let rust = normal(&self.raw.types.rust(&known.c, known.place)?).to_owned();
            return Ok(Named {
                rust: format!("{}{lifetime}", known.name),
                integer: INTEGERS.contains(&rust.as_str()).then_some(rust),
                c: Some(known.c.clone()),
            });
        }
        if let Some(set) = self.set(ty.text) {
            let integer = normal(set.integer()).to_owned();
            return Ok(Named { rust: format!("consts::{}", set.name), integer: Some(integer), c: None });
        }
        if self.raw.types.tags.get(ty.text).is_some() || self.raw.types.typedefs.get(ty.text).is_some() {
            let c = CType::Named(ty.text);
            let rust = normal(&self.raw.types.rust(&c, ty.place)?).to_owned();
            let integer = INTEGERS.contains(&rust.as_str()).then(|| rust.clone());
            let rust = if integer.is_some() { rust } else { format!("uapi::{rust}") };
            return Ok(Named { rust, integer, c: Some(c) });
        }
        Err(ty.place.error(
            format!("type `{}`", ty.text),
            "an integer of Rust, a line `type`, a set of sets.tbl, or a type of uapi.tbl",
        ))
    }

    /// The type that an alias stands for.
    fn original(&self, alias: &Type<'a>) -> Result<&'a str> {
        let types = &self.raw.types;
        alias
            .alias
            .iter()
            .find(|name| types.tags.get(name).is_some() || types.typedefs.get(name).is_some())
            .copied()
            .ok_or_else(|| {
                alias
                    .place
                    .error(format!("`{}`", alias.name), "an alias of a type that uapi.tbl has for the ABI")
            })
    }

    /// The source of the aliases.
    pub fn aliases(&self) -> Result<String> {
        let mut out = String::new();
        for alias in self.contracts.types.iter().filter(|ty| !ty.alias.is_empty()) {
            let original = self.original(alias)?;
            writeln!(
                out,
                "pub use crate::uapi::{original}{};",
                if original == alias.name { String::new() } else { format!(" as {}", alias.name) }
            )
            .unwrap();
        }
        out.push('\n');
        Ok(out)
    }

    fn set(&self, name: &str) -> Option<&'m Set<'a>> {
        self.sets.iter().find(|set| set.name == name)
    }

    /// The functions of a type that give and take its integer.
    fn conversions(&self, ty: &str) -> (&'static str, &'static str) {
        match self.set(ty) {
            Some(set) if set.is_flags() => ("bits", "from_bits_retain"),
            Some(_) => ("raw", "new"),
            None => ("as_raw", "from_raw"),
        }
    }

    /// The type of a buffer's elements.
    fn element(&self, ty: Token<'a>, mutable: bool) -> Result<String> {
        Ok(match ty.text {
            "slices" if mutable => "IoSliceMut<'_>".to_owned(),
            "slices" => "IoSlice<'_>".to_owned(),
            "AtomicU32" => "AtomicU32".to_owned(),
            "bits" => "usize".to_owned(),
            "ptr" => "*mut c_void".to_owned(),
            _ => self.named(ty)?.rust,
        })
    }
}

/// A type that contracts name.
struct Named<'a> {
    rust: String,
    /// The integer that it goes to the kernel as, if it can.
    integer: Option<String>,
    c: Option<CType<'a>>,
}

pub const INTEGERS: [&str; 11] =
    ["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize", "f64"];

/// A type of C in the spelling that is the same on every ABI.
pub fn normal(rust: &str) -> &str {
    match rust {
        "c_char" | "c_uchar" => "u8",
        "c_schar" => "i8",
        "c_short" => "i16",
        "c_ushort" => "u16",
        "c_int" => "i32",
        "c_uint" => "u32",
        "c_long" => "isize",
        "c_ulong" => "usize",
        "c_longlong" => "i64",
        "c_ulonglong" => "u64",
        other => other,
    }
}

/// The parameter's name in the function.
fn public_name<'a>(parameter: &Parameter<'a>) -> &'a str {
    match parameter.meaning {
        Meaning::Half(whole, _) => whole.text,
        _ => parameter.name.text,
    }
}

/// Whether it is a socket address, which knows its own length.
fn is_storage(ty: Token<'_>) -> bool {
    ty.text == "SockAddr"
}
