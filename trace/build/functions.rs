//! What the kernel must see of the functions of `sys`.
//!
//! From the contracts and the prototypes of their rows, as tables/README.md explains both, and not from the code that writes `sys`: what that
//! gets wrong is to show. Each function is called twice: with all that may be missing, and the kernel forgets the call; and
//! without it, and the call seems to succeed. One that may give nothing is called again and answered so. Functions of src/compat.rs are left
//! to the tracer's own list of them.

use crate::codegen::{
    abi::{Abi, AbiSet, Target},
    ctype::{CType, Declaration},
    error::Result,
    numbers::Call,
    prototypes::Prototype,
    raw::Model,
    table::Table,
};
use crate::contracts::{
    Alternative, Constant, Contract, Contracts, Direction, Length, Meaning, Output, Parameter,
};
use crate::expect;
use crate::places::{self, Given, Places};
use crate::types::{Integer, Types};
use std::{collections::BTreeSet, fmt::Write as _};

/// The source of `CALLS`: the elements for each function of `sys` that no written function makes.
pub fn list<'a>(
    contracts: &Contracts<'a>,
    calls: &[Call<'a>],
    model: &Model<'a>,
    abis: &[Abi<'_>],
    tables: [Table<'a>; 2],
) -> Result<String> {
    let [sets, uapi] = tables;
    let types = Types::new(model, contracts, abis, sets, uapi)?;
    let mut out = "pub static CALLS: &[Call] = &[\n".to_owned();
    for contract in &contracts.contracts {
        let Some(row) = row(contract, calls, &types)? else { continue };
        if row.alternative.is_some_and(|alternative| alternative.by.is_some()) {
            continue;
        }
        let never = model.rules.never_returns(row.entry);
        for form in [Form::Full, Form::Bare, Form::None] {
            let possible = match form {
                Form::Full => true,
                // What replaces the program comes back with an error alone.
                Form::Bare => !matches!(contract.result, Output::Never),
                Form::None => matches!(contract.result, Output::Value(_, true)),
            };
            if !possible {
                continue;
            }
            out += &Writer { types: &types, contract, row: &row, form, never }.write()?;
        }
    }
    Ok(out + "];\n")
}

/// The source of `FUNCTIONS`, the names of all that the target has of `sys`, so that none is forgotten; and the functions of
/// src/compat.rs that make some of them.
pub fn names<'a>(
    table: Table<'a>,
    abis: &[Abi<'_>],
    target: Target<'_>,
) -> Result<(String, BTreeSet<&'a str>)> {
    let (mut out, mut adapters) = ("pub static FUNCTIONS: &[&str] = &[\n".to_owned(), BTreeSet::new());
    for row in table.rows().filter(|row| !row.indented) {
        let name = row.cell(0, "the name of a function")?.text;
        // Names of types, and no function.
        if name == "use" || !AbiSet::parse(row.cell(1, "ABIs")?, abis)?.contains(target) {
            continue;
        }
        writeln!(out, "    \"sys::{name}\",").unwrap();
        adapters.extend(row.cells.get(2).map(|adapter| adapter.text));
    }
    Ok((out + "];\n", adapters))
}

/// The row that serves a contract.
struct Row<'m, 'a> {
    number: u32,
    entry: &'a str,
    prototype: &'m Prototype<'a>,
    alternative: Option<&'m Alternative<'a>>,
}

/// The first row of the contract that the target has.
fn row<'m, 'a>(
    contract: &'m Contract<'a>,
    calls: &[Call<'a>],
    types: &Types<'m, 'a>,
) -> Result<Option<Row<'m, 'a>>> {
    let abi = types.model.types.target.abi.name;
    let known = types.contracts.abis.is_empty() || types.contracts.abis.contains(&abi);
    if !known {
        return Ok(None);
    }
    let own = [(contract.row(), None)];
    let via = contract.via.iter().map(|alternative| (alternative.row.text, Some(alternative)));
    for (name, alternative) in via.chain(own.into_iter().filter(|_| contract.via.is_empty())) {
        let Some(call) = calls.iter().find(|call| call.name == name) else { continue };
        let Some(entry) = call.entry else { continue };
        let adapted = alternative.is_some_and(|alternative| alternative.by.is_some());
        if types.model.rules.omitted(entry.text).is_some() && !adapted {
            continue;
        }
        let prototype = types.model.prototypes.get(entry.text);
        let prototype = prototype.ok_or_else(|| entry.expected("an entry with a prototype"))?;
        return Ok(Some(Row { number: call.number, entry: entry.text, prototype, alternative }));
    }
    Ok(None)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// With all that may be missing, and to no effect.
    Full,
    /// Without it, and answered.
    Bare,
    /// The same, with the answer that stands for none.
    None,
}

/// Writes a call of a function.
pub struct Writer<'w, 'm, 'a> {
    pub types: &'w Types<'m, 'a>,
    pub contract: &'m Contract<'a>,
    row: &'w Row<'m, 'a>,
    pub form: Form,
    pub never: bool,
}

impl<'a> Writer<'_, '_, 'a> {
    fn write(&self) -> Result<String> {
        let (contract, prototype) = (self.contract, self.row.prototype);
        let mut places = Places::default();
        let mut written = Vec::new();
        for (index, to) in prototype.parameters.iter().enumerate() {
            let alternative = self.row.alternative.and_then(|alternative| alternative.arguments.as_ref());
            let position = match alternative.map(|arguments| &arguments[index][..]) {
                None => Some(index),
                Some([Constant::Word(word)]) => {
                    contract.parameters.iter().position(|parameter| parameter.name.text == word.text)
                }
                Some(_) => None,
            };
            let given = match (position, alternative) {
                (Some(position), _) => self.given(position, to)?,
                (None, Some(arguments)) => Given::Value(self.types.constant(&arguments[index])?),
                (None, None) => unreachable!("the position is the index"),
            };
            let register = places.add(self.types.model, to, &given)?;
            if let Some(position) = position
                && let Some(content) = self.written(position)?
            {
                written.push(format!("({register}, {content})"));
            }
        }
        let (registers, block) = match prototype.block {
            true => ("&[]".to_owned(), places.to_string()),
            false => (places.to_string(), "&[]".to_owned()),
        };
        let answered = self.is_answered();
        let number = self.row.number;
        let step = match answered {
            false => format!("Step::forgotten({number}, {registers}, {block})"),
            true => {
                let (value, written) = (self.result()?.0, written.join(", "));
                format!("Step::returned({number}, {registers}, {block}, {value}, &[{written}])")
            }
        };
        let (told, make) = self.make()?;
        let mut out = String::new();
        let answer = match answered {
            false => "Error(Errno::ENOSYS)".to_owned(),
            true => format!("Values(&[{}])", told.join(", ")),
        };
        let form = match self.form {
            Form::Full => "",
            Form::Bare => " (answered)",
            Form::None => " (answered with none)",
        };
        writeln!(
            out,
            "    Call {{\n        name: \"sys::{}{form}\",\n        kind: Kind::{},\n        steps: &[{step}],\n        answer: Answer::{answer},\n        \
             make: || unsafe {{ {make} }},\n    }},",
            contract.path(),
            if self.never { "Never" } else { "Function" },
        )
        .unwrap();
        Ok(out)
    }

    /// A call that cannot fail has no other outcome.
    pub fn is_answered(&self) -> bool {
        !self.never && (self.form != Form::Full || self.contract.infallible)
    }

    pub fn is_missing(&self, parameter: &Parameter<'a>) -> bool {
        parameter.optional && self.form != Form::Full
    }

    /// All bits of a value for the parameter at this position of the contract, or for the result behind the last one.
    pub fn bits(&self, position: usize) -> u64 {
        // Functions of the same row get other values.
        let path = self.contract.path();
        let hash = path.bytes().fold(self.row.number, |hash, byte| hash.wrapping_mul(31) ^ u32::from(byte));
        expect::value(hash, position + if self.form == Form::Full { 16 } else { 32 })
    }

    /// The row's parameter that the contract's at this position goes to.
    pub fn to(&self, position: usize) -> Result<&Declaration<'a>> {
        let name = self.contract.parameters[position].name;
        let arguments = self.row.alternative.and_then(|alternative| alternative.arguments.as_ref());
        let index = match arguments {
            None => Some(position),
            Some(arguments) => arguments.iter().position(
                |argument| matches!(argument[..], [Constant::Word(word)] if word.text == name.text),
            ),
        };
        index.and_then(|index| self.row.prototype.parameters.get(index)).ok_or_else(|| {
            name.place
                .error(format!("`{}`", name.text), format!("a parameter that `{}` takes", self.row.entry))
        })
    }

    /// The number of elements of the memory that this parameter measures: the same for all that it does.
    pub fn count(&self, position: usize) -> usize {
        2 + (self.row.number as usize + position) % 3
    }

    /// What the row must get for the parameter at this position.
    fn given(&self, position: usize, to: &Declaration<'a>) -> Result<Given> {
        let (contract, parameter) = (self.contract, &self.contract.parameters[position]);
        if let Some(fixed) = &parameter.fixed {
            return match &fixed[..] {
                [Constant::SizeBehind(word)] => {
                    let behind = contract.parameter(word.text).expect("the generator has found it");
                    let Meaning::Memory { ty, .. } = behind.meaning else {
                        unreachable!("memory has a size")
                    };
                    let content = format!("number({} as u64, {})", self.types.size(ty)?, self.pointee(to)?);
                    Ok(Given::Memory(None, content))
                }
                constants => Ok(Given::Value(self.types.constant(constants)?)),
            };
        }
        if let Some((buffer, through)) = contract.measured_by(parameter.name.text).next() {
            let count = self.length(buffer)?;
            return Ok(match through {
                true => Given::Memory(None, format!("number({count}, {})", self.pointee(to)?)),
                false => Given::Value(count.to_string()),
            });
        }
        if self.is_missing(parameter) {
            return Ok(Given::Value(match &parameter.meaning {
                Meaning::Descriptor => "u64::MAX".to_owned(),
                Meaning::Value(ty) => {
                    format!("{:#018x}", self.types.value(*ty)?.cut(self.types.none(*ty).cast_unsigned()))
                }
                _ => "0".to_owned(),
            }));
        }
        let bits = self.bits(position);
        Ok(Given::Value(match &parameter.meaning {
            Meaning::Memory { .. } | Meaning::Path | Meaning::String => return self.memory(position),
            Meaning::Half(whole, high) => {
                let whole = contract.parameters.iter().position(
                    |other| matches!(other.meaning, Meaning::Half(name, false) if name.text == whole.text),
                );
                let whole = self.bits(whole.expect("a half has another one"));
                // A register that holds all of it is the low half.
                let width = self.types.model.types.target.abi.width;
                let half = if *high { whole.checked_shr(width).unwrap_or_default() } else { whole };
                format!("{half:#018x}")
            }
            _ => {
                let integer = self.integer(position, to)?;
                let mut value = integer.cut(self.narrowed(parameter, bits, integer, to)?);
                if !parameter.mask.is_empty() {
                    value &= self.types.bits(&parameter.mask)?;
                }
                format!("{:#018x}", integer.cut(value | self.types.bits(&parameter.with)?))
            }
        }))
    }

    /// The bits that a value can have: ids of processes and descriptors are positive, and flags have to fit into the row's integer.
    pub fn narrowed(
        &self,
        parameter: &Parameter<'a>,
        bits: u64,
        integer: Integer,
        to: &Declaration<'a>,
    ) -> Result<u64> {
        let positive = match &parameter.meaning {
            Meaning::Descriptor | Meaning::OwnDescriptor | Meaning::InoutDescriptor => true,
            Meaning::Value(ty) => ["Pid", "WaitPid", "KillPid"].contains(&ty.text),
            _ => false,
        };
        let (width, _) = places::width(self.types.model, to)?;
        Ok(match () {
            () if positive => bits & 0x7fff_ffff,
            () if integer.bits > width => bits & (u64::MAX >> (64 - width)),
            () => bits,
        })
    }

    /// The integer that the function takes.
    pub fn integer(&self, position: usize, to: &Declaration<'a>) -> Result<Integer> {
        let width = self.types.model.types.target.abi.width;
        Ok(match &self.contract.parameters[position].meaning {
            Meaning::Value(ty) | Meaning::Slot(ty) => self.types.value(*ty)?,
            Meaning::Descriptor | Meaning::OwnDescriptor | Meaning::InoutDescriptor => {
                Integer { bits: 32, signed: true }
            }
            Meaning::Plain => {
                let (bits, signed) = places::width(self.types.model, to)?;
                Integer { bits, signed }
            }
            _ => Integer { bits: width, signed: false },
        })
    }

    /// The bytes of what a pointer leads to.
    pub fn pointee(&self, to: &Declaration<'a>) -> Result<u32> {
        let CType::Pointer { to: pointee, .. } = &to.ty else {
            return Err(to.place.error(format!("`{}`", to.name), "a pointer"));
        };
        Ok(self.types.model.types.layout(pointee, to.place)?.size)
    }

    /// The number that goes to the kernel for a buffer.
    fn length(&self, buffer: &Parameter<'a>) -> Result<usize> {
        if self.is_missing(buffer) {
            // Others of the same length may be there.
            let Meaning::Memory { length: Length::By(name), .. } = &buffer.meaning else { return Ok(0) };
            let other = self.contract.measured_by(name.text).find(|(other, _)| !self.is_missing(other));
            return other.map_or(Ok(0), |(other, _)| self.length(other));
        }
        let Meaning::Memory { ty, direction, .. } = &buffer.meaning else { unreachable!("it has a length") };
        Ok(match ty.text {
            "SockAddr" if *direction == Direction::Ret => 128,
            // Words, of which each has as many bits as a pointer.
            "bits" => self.elements(buffer) * self.types.model.types.target.abi.width as usize,
            _ => self.elements(buffer),
        })
    }

    /// The number of elements of a slice.
    pub fn elements(&self, buffer: &Parameter<'a>) -> usize {
        let Meaning::Memory { length: Length::By(name) | Length::Through(name), ty, .. } = &buffer.meaning
        else {
            unreachable!("it has a length")
        };
        let named = |parameter: &Parameter<'a>| parameter.name.text == name.text;
        let position = self.contract.parameters.iter().position(named);
        let count = self.count(position.expect("the parser has found it"));
        // Bytes are many, and no address is shorter than its family.
        if ty.text == "u8" || ty.text == "SockAddr" { 10 * count + 3 } else { count }
    }
}
