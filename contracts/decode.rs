//! decode.tbl: what the arguments and the result of each row are, for who prints calls.
//!
//! A row means what its contract says, also where `sys` takes another row for it; a row that no contract describes means what its
//! prototype says.

use super::{
    Constant, Contract, Contracts, Direction, Length, Meaning, Output, Parameter,
    sys::{INTEGERS, normal},
};
use crate::codegen::{
    Tables,
    abi::{Abi, Target},
    ctype::{CType, Declaration},
    error::Result,
    numbers::Call,
    prototypes::Prototype,
    raw,
    sets::{self, Set},
    uapi::{Compound, Field},
};
use std::fmt::Write as _;

/// What one row or struct is like on some ABIs.
struct Block {
    name: String,
    /// The forms of a row, the one that fits any arguments first; the fields of a struct. A line each.
    text: String,
    abis: Vec<String>,
}

fn add(blocks: &mut Vec<Block>, name: &str, text: String, abi: &Abi<'_>) {
    match blocks.iter_mut().find(|block| block.name == name && block.text == text) {
        Some(block) => block.abis.push(abi.name.to_owned()),
        None => blocks.push(Block { name: name.to_owned(), text, abis: vec![abi.name.to_owned()] }),
    }
}

/// The text of the table.
pub fn generate(tables: Tables<'_>) -> Result<String> {
    let abis = tables.abis()?;
    let contracts = super::parse(tables.get("contracts.tbl")?)?;
    let (mut rows, mut layouts) = (Vec::new(), Vec::new());
    for abi in &abis {
        // The byte order changes no meaning, and the place of few fields.
        let target = Target { abi, big_endian: !abi.has_order(false) };
        let calls = tables.calls(target)?;
        let (raw, compounds) = tables.model(&abis, target)?;
        let sets = sets::parse(tables.get("sets.tbl")?, &abis, target)?;
        let decoder = Decoder { raw: &raw, contracts: &contracts, sets: &sets };
        // A signal frame: nothing but the stack leads there.
        let mut used = vec!["ucontext".to_owned()];
        for call in &calls {
            if let Some(text) = decoder.row(call)? {
                used.extend(memory_of(&text));
                add(&mut rows, call.name, text, abi);
            }
        }
        let mut next = 0;
        while let Some(name) = used.get(next).cloned() {
            next += 1;
            let compound = compounds.iter().find(|compound| compound.name == name);
            if let Some(compound) = compound
                && !used[..next - 1].contains(&name)
            {
                let text = decoder.layout(compound, &mut used)?;
                add(&mut layouts, &name, text, abi);
            }
        }
    }
    let mut out =
        String::from("#NAME\tABIS\n#\tWHEN\tRESULT\tARGUMENTS\n#struct NAME\tABIS\n#\tOFFSET\tTYPE\tFIELD\n");
    for (kind, mut blocks) in [("", rows), ("struct ", layouts)] {
        blocks.sort_by(|one, other| one.name.cmp(&other.name));
        for Block { name, text, abis: names } in blocks {
            writeln!(out, "{kind}{name}\t{}", column(&abis, &names)).unwrap();
            out += &text;
        }
    }
    Ok(out)
}

/// Whether a form has no use for an argument that is an address elsewhere.
fn is_null(parameter: &Parameter<'_>) -> bool {
    matches!(parameter.fixed.as_deref(), Some([Constant::Word(word)]) if word.text == "NULL")
}

/// The types behind the pointers that a row's lines name.
fn memory_of(text: &str) -> impl Iterator<Item = String> {
    text.split(['\t', '\n']).filter_map(|cell| {
        let mut words = cell.split(' ');
        matches!(words.next(), Some("in" | "out" | "inout"))
            .then(|| words.next().map(str::to_owned))
            .flatten()
    })
}

fn column(abis: &[Abi<'_>], names: &[String]) -> String {
    if names.len() == abis.len() { "*".to_owned() } else { names.join(",") }
}

struct Decoder<'m, 'a> {
    raw: &'m raw::Model<'a>,
    contracts: &'m Contracts<'a>,
    sets: &'m [Set<'a>],
}

/// A row and its prototype.
#[derive(Clone, Copy)]
struct Row<'m, 'a> {
    name: &'a str,
    entry: &'a str,
    prototype: &'m Prototype<'a>,
}

impl<'m, 'a> Decoder<'m, 'a> {
    /// The lines of a row; none for a number without a call behind it.
    fn row(&self, call: &'m Call<'a>) -> Result<Option<String>> {
        let Some(entry) = call.entry else { return Ok(None) };
        let row = Row { name: call.name, entry: entry.text, prototype: self.raw.prototype(entry)? };
        let fitting = |contract: &&Contract<'a>| self.fits(contract, row);
        let own = |contract: &&Contract<'a>| contract.row() == row.name;
        let mut contracts: Vec<_> = self.contracts.contracts.iter().filter(fitting).collect();
        // Its own before those that it serves besides.
        contracts.sort_by_key(|contract| !own(contract));
        let base = contracts.iter().find(|contract| contract.module.is_none());
        let mut out = String::new();
        self.line(&mut out, "*", base.copied(), base.copied(), row)?;
        for contract in contracts.iter().filter(|contract| contract.module.is_some()) {
            let mut conditions: Vec<String> = Vec::new();
            for (index, parameter) in contract.parameters.iter().enumerate() {
                let joined = base.is_some_and(|base| self.joins(&base.parameters[index]));
                if let Some((value, mask)) = self.condition(parameter)
                    && (!joined || mask != 0)
                {
                    conditions.push(match mask {
                        0 => format!("{index}={value:#x}"),
                        mask => format!("{index}={value:#x}/{mask:#x}"),
                    });
                }
            }
            if !conditions.is_empty() && self.known(contract) {
                self.line(&mut out, &conditions.join(","), Some(contract), base.copied(), row)?;
            }
        }
        Ok(Some(out))
    }

    /// Whether a contract describes the row's arguments one by one.
    fn fits(&self, contract: &Contract<'a>, row: Row<'m, 'a>) -> bool {
        let named = contract.row() == row.name
            || contract
                .via
                .iter()
                .any(|alternative| alternative.row.text == row.name && alternative.arguments.is_none());
        let parameters = &row.prototype.parameters;
        named
            && contract.parameters.len() == parameters.len()
            && contract.parameters.iter().zip(parameters).all(|(parameter, declaration)| {
                let memory =
                    matches!(parameter.meaning, Meaning::Memory { .. } | Meaning::Path | Meaning::String);
                let number = matches!(
                    parameter.meaning,
                    Meaning::Descriptor | Meaning::OwnDescriptor | Meaning::InoutDescriptor
                );
                let pointer = self.is_pointer(row, declaration);
                // What any word may be, the contract tells.
                let any = self.raw.rules.is_arg(row.entry, declaration.name) || contract.module.is_some();
                (any || !(memory && !pointer || number && pointer)) && self.has_element(parameter)
            })
    }

    /// Whether the target has what the contract says lies in memory: contracts are written for some ABIs.
    fn has_element(&self, parameter: &Parameter<'a>) -> bool {
        let Meaning::Memory { ty, .. } = &parameter.meaning else { return true };
        let others = ["u8", "slices", "cstrs", "bits", "ptr", "fd", "AtomicU32"];
        others.contains(&ty.text)
            || INTEGERS.contains(&ty.text)
            || self.contracts.types.iter().any(|known| known.name == ty.text)
            || self.sets.iter().any(|set| set.name == ty.text)
            || self.compound(&CType::Named(ty.text)).is_some()
            || self.raw.types.typedefs.get(ty.text).is_some()
    }

    /// Whether the target has all constants that a form is known by.
    fn known(&self, contract: &Contract<'a>) -> bool {
        let constants = contract
            .parameters
            .iter()
            .flat_map(|parameter| parameter.fixed.iter().flatten().chain(&parameter.with));
        constants.into_iter().all(|constant| match constant {
            Constant::Word(word) => self.constant(word.text).is_some(),
            _ => true,
        })
    }

    /// The value that a form needs an argument to have, and the bits that do not matter.
    fn condition(&self, parameter: &Parameter<'a>) -> Option<(u64, u64)> {
        let fixed = parameter.fixed.as_ref().unwrap_or(&parameter.with);
        let named = fixed.iter().any(|constant| {
            matches!(constant, Constant::Word(word)
                if word.text != "NULL" && word.text != "by" && !word.text.starts_with(|c: char| c.is_ascii_digit()))
        });
        if !named || (parameter.fixed.is_none() && parameter.mask.is_empty()) {
            return None;
        }
        let or = |constants: &[Constant<'a>]| {
            constants.iter().fold(0, |all, constant| match constant {
                Constant::Word(word) => all | self.constant(word.text).unwrap_or(0),
                _ => all,
            })
        };
        Some((or(fixed), or(&parameter.mask)))
    }

    /// Whether a parameter's bits are flags.
    fn joins(&self, parameter: &Parameter<'a>) -> bool {
        matches!(parameter.meaning, Meaning::Value(ty) if self.sets.iter().any(|set| set.name == ty.text && set.is_flags()))
    }

    fn constant(&self, name: &str) -> Option<u64> {
        if name == "NULL" {
            return Some(0);
        }
        if let Some(digits) = name.strip_prefix("0x") {
            return u64::from_str_radix(digits, 16).ok();
        }
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            return name.parse().ok();
        }
        let mut numbers = self.contracts.numbers.iter().filter(|(known, ..)| known.text == name).peekable();
        if numbers.peek().is_some() {
            let abi = self.raw.types.target.abi.name;
            let here = numbers.find(|(_, _, abis)| abis.contains(&abi));
            return here.map_or(Some(0), |(_, value, _)| self.constant(value));
        }
        self.sets
            .iter()
            .flat_map(|set| &set.members)
            .find(|member| member.name == name)
            .map(|member| member.pattern)
    }

    /// A form: when, the result, the arguments.
    fn line(
        &self,
        out: &mut String,
        when: &str,
        contract: Option<&Contract<'a>>,
        base: Option<&Contract<'a>>,
        row: Row<'m, 'a>,
    ) -> Result<()> {
        write!(out, "\t{when}\t{}", self.result(contract, row)?).unwrap();
        let declarations = &row.prototype.parameters;
        // What a form does not look at is not printed, if nothing follows that is.
        let used = contract.filter(|contract| contract.module.is_some()).map_or(declarations.len(), |contract| {
            let unused = |parameter: &&Parameter<'a>| {
                parameter.fixed.as_ref().is_some_and(|fixed| {
                    matches!(fixed[..], [Constant::Word(word)] if self.constant(word.text) == Some(0) && !self.names_a_member(word.text))
                })
            };
            declarations.len() - contract.parameters.iter().rev().take_while(unused).count()
        });
        for (index, declaration) in declarations.iter().enumerate() {
            let meaning = match contract {
                _ if index >= used => "-".to_owned(),
                Some(contract) if contract.module.is_some() && is_null(&contract.parameters[index]) => {
                    "-".to_owned()
                }
                Some(contract) => {
                    let parameter = &contract.parameters[index];
                    let base = base.map(|base| &base.parameters[index]);
                    self.meaning(contract, parameter, base, declaration, row)?
                }
                None => self.declared(declaration, row)?,
            };
            write!(out, "\t{meaning}").unwrap();
        }
        out.push('\n');
        Ok(())
    }

    fn names_a_member(&self, name: &str) -> bool {
        self.sets.iter().flat_map(|set| &set.members).any(|member| member.name == name)
    }

    fn meaning(
        &self,
        contract: &Contract<'a>,
        parameter: &Parameter<'a>,
        base: Option<&Parameter<'a>>,
        declaration: &Declaration<'a>,
        row: Row<'m, 'a>,
    ) -> Result<String> {
        if parameter.fixed.is_some() && !matches!(parameter.meaning, Meaning::Memory { .. }) {
            let base = base.filter(|base| matches!(base.meaning, Meaning::Value(_)) && self.joins(base));
            return match (base, self.condition(parameter)) {
                (Some(base), _) => self.meaning(contract, base, None, declaration, row),
                (None, Some(_)) => match parameter.fixed.as_deref() {
                    Some([Constant::Word(word), ..]) if self.names_a_member(word.text) => {
                        Ok(format!("name {}", word.text))
                    }
                    _ => self.declared(declaration, row),
                },
                (None, None) => match parameter.fixed.as_deref() {
                    Some([Constant::SizeBehind(_)]) => Ok("inout i32".to_owned()),
                    _ => self.declared(declaration, row),
                },
            };
        }
        Ok(match &parameter.meaning {
            Meaning::Plain => match contract.measured_by(parameter.name.text).next() {
                Some((_, true)) => "inout i32".to_owned(),
                _ => self.declared(declaration, row)?,
            },
            Meaning::Descriptor | Meaning::OwnDescriptor | Meaning::InoutDescriptor => "fd".to_owned(),
            Meaning::Address => "addr".to_owned(),
            Meaning::Word => "word".to_owned(),
            Meaning::Slot(ty) => ty.text.to_owned(),
            Meaning::Half(_, high) => if *high { "hi" } else { "lo" }.to_owned(),
            Meaning::Path => "path".to_owned(),
            Meaning::String => "str".to_owned(),
            Meaning::Value(ty) => self.value(ty.text, Some(declaration))?,
            Meaning::Memory { direction, ty, length, .. } => {
                let direction = match direction {
                    Direction::In => "in",
                    Direction::Out | Direction::Ret => "out",
                    Direction::Inout => "inout",
                };
                let index = |name: &str| contract.parameters.iter().position(|other| other.name.text == name);
                let mut out = match ty.text {
                    "cstrs" => return Ok("strs".to_owned()),
                    other => format!("{direction} {}", self.element(other, declaration)?),
                };
                match length {
                    Length::One | Length::Null | Length::Adapter => {}
                    Length::Fixed(count) => write!(out, " {count}").unwrap(),
                    Length::By(name) => {
                        write!(out, " @{}", index(name.text).expect("the parser saw to it")).unwrap();
                    }
                    Length::Through(name) => {
                        write!(out, " *{}", index(name.text).expect("the parser saw to it")).unwrap();
                    }
                }
                if let Output::Length(name) | Output::Want(name) = &contract.result
                    && name.text == parameter.name.text
                {
                    out += " result";
                }
                out
            }
        })
    }

    /// What lies behind a pointer: the row's own struct where it has one, what the contract says elsewhere.
    fn element(&self, name: &str, declaration: &Declaration<'a>) -> Result<String> {
        if let CType::Pointer { to, .. } | CType::Array(to, _) = &declaration.ty
            && let Some(found) = self.compound(to)
            && !matches!(name, "u8" | "bits" | "slices")
        {
            return Ok(found.to_owned());
        }
        if let Some(known) = self.contracts.types.iter().find(|known| known.name == name) {
            return Ok(match (&known.c, &known.alias[..]) {
                _ if let Some(same) = known.same => {
                    let unknown = || same.place.error(format!("`{}`", same.text), "a struct of uapi.tbl");
                    self.raw.types.tags.get(same.text).map(|_| same.text.to_owned()).ok_or_else(unknown)?
                }
                (_, [first, ..]) => (*first).to_owned(),
                (CType::Void, _) => name.to_lowercase(),
                (c, _) if self.compound(c).is_some() => self.compound(c).unwrap_or_default().to_owned(),
                (c, _) => format!("{}:{name}", normal(&self.raw.types.rust(c, known.place)?)),
            });
        }
        if let Some(found) = self.compound(&CType::Named(name)) {
            return Ok(found.to_owned());
        }
        Ok(match name {
            "AtomicU32" => "futex".to_owned(),
            other if self.sets.iter().any(|set| set.name == other) => format!("set:{other}"),
            other => other.to_owned(),
        })
    }

    /// The name of a struct, also of one behind a typedef.
    fn compound(&self, ty: &CType<'a>) -> Option<&'a str> {
        match ty {
            CType::Tag(name) => Some(name),
            CType::Named(name) if self.raw.types.tags.get(name).is_some() => Some(name),
            CType::Named(name) => self.raw.types.typedefs.get(name).and_then(|ty| self.compound(ty)),
            _ => None,
        }
    }

    /// The lines of a struct, whose own structs are used, too.
    fn layout(&self, compound: &Compound<'a>, used: &mut Vec<String>) -> Result<String> {
        let mut out = format!("\t{}\tsize\n", compound.layout.size);
        for Field { bit, declaration } in &compound.fields {
            let (mut ty, mut count) = (&declaration.ty, String::new());
            while let CType::Array(of, length) = ty {
                write!(count, " {}", length.unwrap_or(0)).unwrap();
                ty = of;
            }
            let kind = match (self.compound(ty), ty) {
                (Some(name), _) => {
                    used.push(name.to_owned());
                    name.to_owned()
                }
                (None, CType::Pointer { .. }) => "addr".to_owned(),
                _ => self.integer(ty, declaration)?.unwrap_or_else(|| "addr".to_owned()),
            };
            if declaration.bits.is_none() {
                writeln!(out, "\t{}\t{kind}{count}\t{}", bit / 8, declaration.name).unwrap();
            }
        }
        Ok(out)
    }

    /// A value: an integer of Rust, a set, or a type of the crate.
    fn value(&self, name: &str, declaration: Option<&Declaration<'a>>) -> Result<String> {
        if self.sets.iter().any(|set| set.name == name) {
            return Ok(format!("set {name}"));
        }
        if let Some(known) = self.contracts.types.iter().find(|known| known.name == name) {
            let integer = normal(&self.raw.types.rust(&known.c, known.place)?).to_owned();
            return Ok(format!("{integer} {name}"));
        }
        // The prototype knows the width and sign that the kernel sees.
        match declaration {
            Some(declaration) => {
                self.integer(&declaration.ty, declaration).map(|ty| ty.unwrap_or(name.to_owned()))
            }
            None => Ok(name.to_owned()),
        }
    }

    fn integer(&self, ty: &CType<'a>, declaration: &Declaration<'a>) -> Result<Option<String>> {
        if matches!(ty, CType::Pointer { .. } | CType::Array(..) | CType::Function { .. } | CType::Void) {
            return Ok(None);
        }
        let rust = normal(&self.raw.types.rust(ty, declaration.place)?).to_owned();
        Ok(Some(rust)
            .filter(|rust| rust.starts_with(['i', 'u']) && rust.ends_with(['8', '6', '2', '4', 'e'])))
    }

    fn is_pointer(&self, row: Row<'m, 'a>, declaration: &Declaration<'a>) -> bool {
        matches!(declaration.ty, CType::Pointer { .. } | CType::Array(..) | CType::Function { .. })
            || self.raw.rules.is_pointer(row.entry, declaration.name)
    }

    /// What a prototype alone says.
    fn declared(&self, declaration: &Declaration<'a>, row: Row<'m, 'a>) -> Result<String> {
        let name = declaration.name;
        if self.raw.rules.is_arg(row.entry, name) {
            return Ok("word".to_owned());
        }
        if let CType::Pointer { to, constant } = &declaration.ty {
            let read = self
                .contracts
                .read_only
                .iter()
                .any(|(known, parameter)| known.text == row.name && parameter.text == name);
            let direction = if *constant || read { "in" } else { "out" };
            return Ok(match &**to {
                CType::Integer("char") if *constant => {
                    let path = name.ends_with("name") || name.contains("path");
                    if path { "path" } else { "str" }.to_owned()
                }
                CType::Integer("char") | CType::Void | CType::Function { .. } | CType::Pointer { .. } => {
                    "addr".to_owned()
                }
                other => match (self.compound(other), self.integer(other, declaration)?) {
                    (Some(compound), _) => format!("{direction} {compound}"),
                    (None, Some(integer)) => format!("{direction} {integer}"),
                    (None, None) => "addr".to_owned(),
                },
            });
        }
        if self.is_pointer(row, declaration) {
            return Ok("addr".to_owned());
        }
        Ok(match (name, self.integer(&declaration.ty, declaration)?) {
            ("fd" | "dfd" | "dirfd" | "fildes", Some(_)) => "fd".to_owned(),
            ("mode", Some(integer)) if integer == "u16" => "set Mode".to_owned(),
            (_, Some(integer)) => integer,
            (_, None) => "word".to_owned(),
        })
    }

    fn result(&self, contract: Option<&Contract<'a>>, row: Row<'m, 'a>) -> Result<String> {
        Ok(match contract.map(|contract| &contract.result) {
            Some(Output::Descriptor) => "fd".to_owned(),
            Some(Output::Pointer) => "addr".to_owned(),
            Some(Output::Never) => "never".to_owned(),
            Some(Output::Value(ty, _)) => self.value(ty.text, None)?,
            Some(Output::Nothing | Output::Count | Output::Length(_) | Output::Want(_)) => "isize".to_owned(),
            None if self.raw.rules.never_returns(row.entry) => "never".to_owned(),
            None if self.raw.rules.is_pointer(row.entry, "return") => "addr".to_owned(),
            None => "isize".to_owned(),
        })
    }
}
