//! The shapes of contracts: what the generator treats differently, and what a call can so cost more by.
//!
//! A shape is a phrase: how an argument comes, how a result goes back, how the call is made. A function has several, and a pair of the
//! fixture stands for all those of its function. So every shape that a function has on an ABI needs a pair there.

use crate::{
    codegen::{
        Tables,
        abi::{Pairs, Target},
        ctype::CType,
        numbers::Call,
        prototypes::Prototype,
        sets::{self, Set},
    },
    contracts::{Alternative, Constant, Contract, Direction, Length, Meaning, Output, Parameter, Start, sys},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// The functions of an ABI and their shapes, by the functions' names.
pub type Shapes = BTreeMap<String, BTreeSet<String>>;

/// The ABIs that `sys` has functions on, with these functions.
pub fn of_each_abi() -> BTreeMap<String, Shapes> {
    let mut all = BTreeMap::new();
    each_abi(|abi, model, calls| {
        let mut shapes = Shapes::new();
        for contract in &model.contracts.contracts {
            let Some(function) = model.function(contract).unwrap_or_else(|error| panic!("{error}")) else {
                continue;
            };
            shapes.insert(contract.path(), Shaper::new(model, calls, contract, &function).shapes());
        }
        all.insert(abi.to_owned(), shapes);
    });
    all
}

/// Calls `see` with each ABI that `sys` has functions on.
pub fn each_abi(mut see: impl FnMut(&str, &sys::Model<'_, '_>, &[Call<'_>])) {
    let texts = texts();
    let tables = Tables(&texts);
    let abis = tables.abis().unwrap();
    let contracts = crate::contracts::parse(tables.get("contracts.tbl").unwrap())
        .unwrap_or_else(|error| panic!("{error}"));
    for abi in abis.iter().filter(|abi| contracts.abis.contains(&abi.name)) {
        let target = Target { abi, big_endian: false };
        let (raw, _) = tables.model(&abis, target).unwrap();
        let calls = tables.calls(target).unwrap();
        let sets = sets::parse(tables.get("sets.tbl").unwrap(), &abis, target).unwrap();
        see(abi.name, &sys::Model::new(&raw, &contracts, &sets, &calls), &calls);
    }
}

/// The texts of tables/.
fn texts() -> std::collections::HashMap<String, String> {
    crate::codegen::texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tables"))
        .expect("the tables are texts")
}

/// A function of `sys`, to be described.
struct Shaper<'m, 'a> {
    model: &'m sys::Model<'m, 'a>,
    contract: &'m Contract<'a>,
    alternative: Option<&'m Alternative<'a>>,
    entry: &'a str,
    prototype: &'m Prototype<'a>,
    text: &'m str,
}

impl<'m, 'a> Shaper<'m, 'a> {
    fn new(
        model: &'m sys::Model<'m, 'a>,
        calls: &[Call<'a>],
        contract: &'m Contract<'a>,
        function: &'m sys::Function<'a>,
    ) -> Self {
        let alternative = contract.via.iter().find(|alternative| {
            alternative.row.text == function.row && alternative.by.map(|by| by.text) == function.by
        });
        let call = calls.iter().find(|call| call.name == function.row && call.entry.is_some());
        let entry = call.and_then(|call| call.entry).expect("a function has a live row");
        let prototype = model.raw.prototype(entry).expect("a function has a prototype");
        Self { model, contract, alternative, entry: entry.text, prototype, text: &function.text }
    }

    fn shapes(&self) -> BTreeSet<String> {
        // What a written function makes of its arguments is its own.
        if let Some(by) = self.alternative.and_then(|alternative| alternative.by) {
            return [format!("by {}", by.text)].into();
        }
        let mut shapes: BTreeSet<String> =
            self.contract.parameters.iter().flat_map(|parameter| self.parameter(parameter)).collect();
        shapes.insert(self.result());
        if let Some(arguments) = self.alternative.and_then(|alternative| alternative.arguments.as_ref()) {
            // Those that the contract does not fix itself.
            for argument in arguments {
                match argument[..] {
                    [Constant::Word(word)] if self.contract.parameter(word.text).is_some() => {}
                    _ => drop(shapes.insert(format!("via {}", constants(argument)))),
                }
            }
            let places = arguments.iter().filter_map(|argument| match argument[..] {
                [Constant::Word(word)] => {
                    self.contract.parameters.iter().position(|parameter| parameter.name.text == word.text)
                }
                _ => None,
            });
            if !places.is_sorted() {
                shapes.insert("via another order".to_owned());
            }
        }
        shapes.extend(self.registers());
        shapes
    }

    /// How many words go to the kernel, and how those of 64 bits do.
    fn registers(&self) -> Vec<String> {
        let target = self.model.raw.types.target;
        let (mut words, mut shapes) = (0, Vec::new());
        for parameter in &self.prototype.parameters {
            let ty = self.model.raw.parameter_type(self.entry, parameter).unwrap();
            let wide = !ty.starts_with('*')
                && ty != "impl Arg"
                && self.model.raw.types.layout(&parameter.ty, parameter.place).unwrap().size * 8
                    > target.abi.word;
            if wide && target.abi.pairs == Pairs::Even && words % 2 == 1 {
                words += 1;
                shapes.push("64 bits in two registers, after one that stays empty".to_owned());
            } else if wide {
                shapes.push("64 bits in two registers".to_owned());
            }
            words += if wide { 2 } else { 1 };
        }
        if self.prototype.block {
            shapes.push("arguments in a block".to_owned());
        }
        shapes.push(match words {
            1 => "1 word".to_owned(),
            _ => format!("{words} words"),
        });
        shapes
    }

    fn parameter(&self, parameter: &Parameter<'a>) -> Vec<String> {
        let optional = if parameter.optional { "?" } else { "" };
        if let Some(fixed) = &parameter.fixed {
            return vec![format!("= {}", constants(fixed))];
        }
        let buffers = self.contract.measured_by(parameter.name.text).count();
        if buffers > 1 {
            return vec!["one length of several buffers".to_owned()];
        }
        let mut shapes = match &parameter.meaning {
            // It goes with its buffer.
            Meaning::Plain if buffers == 1 => return Vec::new(),
            Meaning::Plain => vec!["integer".to_owned()],
            Meaning::Descriptor => vec![format!("fd{optional}")],
            Meaning::OwnDescriptor => vec!["own fd".to_owned()],
            Meaning::InoutDescriptor => vec!["inout fd".to_owned()],
            Meaning::Address => vec![format!("addr{optional}")],
            Meaning::Word => vec!["word".to_owned()],
            Meaning::Slot(_) => vec!["slot".to_owned()],
            Meaning::Half(_, false) => vec!["lo".to_owned()],
            Meaning::Half(_, true) => vec!["hi".to_owned()],
            Meaning::Path | Meaning::String => vec![format!("str{optional}")],
            Meaning::Value(ty) => {
                let none = match self.declared(ty.text) {
                    Some(ty) if parameter.optional => format!(" none {}", ty.none),
                    _ => String::new(),
                };
                vec![format!("{}{optional}{none}", self.kind(ty.text))]
            }
            Meaning::Memory { direction, ty, length, start } => {
                vec![self.memory(*direction, ty.text, *length, *start) + optional]
            }
        };
        if self.text.contains(&format!("narrow({}.", parameter.name.text)) {
            shapes.push("64 bits that have to fit into 32".to_owned());
        }
        if !parameter.mask.is_empty() {
            shapes.push("& mask".to_owned());
        }
        if !parameter.with.is_empty() {
            shapes.push(format!("| {}", constants(&parameter.with)));
        }
        shapes
    }

    fn memory(&self, direction: Direction, ty: &str, length: Length<'_>, start: Start) -> String {
        let direction = match direction {
            Direction::In => "in",
            Direction::Out => "out",
            Direction::Inout => "inout",
            Direction::Ret => "ret",
        };
        let start = match start {
            Start::Usual => "",
            Start::Zero => " zero",
            Start::Sized => " sized",
        };
        let filled = match &self.contract.result {
            Output::Length(buffer) if direction == "out" => self.contract.parameter(buffer.text).is_some_and(
                |buffer| matches!(buffer.meaning, Meaning::Memory { ty: of, .. } if of.text == ty),
            ),
            _ => false,
        };
        let length = match length {
            Length::One => "",
            Length::By(_) if filled => "[n] of any buffer",
            Length::By(_) => "[n]",
            Length::Through(_) => "[*n]",
            Length::Fixed(_) => "[N]",
            Length::Null => "[]",
            Length::Adapter => "[*]",
        };
        format!("{direction}{start} {}{length}", self.kind(ty))
    }

    fn result(&self) -> String {
        let rets = self
            .contract
            .parameters
            .iter()
            .filter(|parameter| {
                matches!(parameter.meaning, Meaning::Memory { direction: Direction::Ret, .. })
            })
            .count();
        let result = match &self.contract.result {
            Output::Nothing => "()".to_owned(),
            Output::Count => "usize".to_owned(),
            Output::Descriptor => "fd".to_owned(),
            Output::Pointer => "ptr".to_owned(),
            Output::Never if self.model.raw.rules.never_returns(self.entry) => "!".to_owned(),
            Output::Never => "an error alone".to_owned(),
            Output::Value(ty, optional) => {
                format!("{}{}", self.kind(ty.text), if *optional { "?" } else { "" })
            }
            Output::Length(_) => "len".to_owned(),
            Output::Want(_) => "want".to_owned(),
        };
        let rets = match rets {
            0 => String::new(),
            1 => " and a ret".to_owned(),
            several => format!(" and {several} rets"),
        };
        format!("-> {result}{rets}{}", if self.contract.infallible { " infallible" } else { "" })
    }

    /// What kind of type this is.
    fn kind(&self, ty: &str) -> &'static str {
        const SPECIAL: [&str; 8] =
            ["fd", "slices", "SockAddr", "AtomicU32", "bits", "ptr", "cstrs", "PollFd"];
        if let Some(special) = SPECIAL.into_iter().find(|special| *special == ty) {
            return special;
        }
        if let Some(set) = self.model.sets.iter().find(|set| set.name == ty) {
            return if Set::is_flags(set) { "flags" } else { "one of several values" };
        }
        match self.declared(ty) {
            Some(declared) if declared.own || !declared.alias.is_empty() => return "struct",
            Some(declared) if !matches!(declared.c, CType::Tag(_)) => return "id",
            _ => {}
        }
        match ty {
            "u64" | "i64" => "integer of 64 bits",
            _ if ty.starts_with(['u', 'i']) && ty[1..].parse::<u8>().is_ok() => "integer",
            "usize" | "isize" => "integer",
            _ => "struct",
        }
    }

    fn declared(&self, ty: &str) -> Option<&crate::contracts::Type<'a>> {
        self.model.contracts.types.iter().find(|declared| declared.name == ty)
    }
}

/// What constants look like.
fn constants(constants: &[Constant<'_>]) -> String {
    let one = |constant: &Constant<'_>| match constant {
        Constant::Word(word) if word.text == "NULL" => "NULL",
        Constant::Word(word) if word.text.starts_with(|c: char| c.is_ascii_digit()) => "number",
        Constant::Word(_) => "NAME",
        Constant::Negative(_) => "-number",
        Constant::SizeOf(_) => "sizeof",
        Constant::SizeBehind(_) => "&sizeof",
        Constant::Shifted(..) => "NAME << number",
    };
    match constants {
        [constant] => one(constant).to_owned(),
        several => {
            several.iter().map(one).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" | ")
        }
    }
}
