//! What contracts say by a name: how large it is, and which number it is.

use crate::codegen::{
    abi::{Abi, AbiSet},
    ctype::{self, CType},
    error::Result,
    raw::Model,
    table::Table,
};
use crate::contracts::{Constant, Contracts, Token};
use crate::places::is_signed;
use std::collections::HashMap;

/// The sets and structs of the target, read anew: what the generator makes of them is to show.
pub struct Types<'m, 'a> {
    pub model: &'m Model<'a>,
    pub contracts: &'m Contracts<'a>,
    sets: HashMap<&'a str, Integer>,
    constants: HashMap<&'a str, i128>,
    structs: HashMap<&'a str, Vec<(usize, CType<'a>, &'a str)>>,
}

#[derive(Clone, Copy)]
pub struct Integer {
    pub bits: u32,
    pub signed: bool,
}

impl Integer {
    /// The number that the low bits of a value mean, as 64 bits.
    pub fn cut(self, value: u64) -> u64 {
        let unused = 64 - self.bits;
        let top = value << unused;
        if self.signed { (top.cast_signed() >> unused).cast_unsigned() } else { top >> unused }
    }
}

impl<'m, 'a> Types<'m, 'a> {
    pub fn new(
        model: &'m Model<'a>,
        contracts: &'m Contracts<'a>,
        abis: &[Abi<'_>],
        sets: Table<'a>,
        uapi: Table<'a>,
    ) -> Result<Self> {
        let mut types = Self {
            model,
            contracts,
            sets: HashMap::new(),
            constants: HashMap::new(),
            structs: HashMap::new(),
        };
        types.read_sets(abis, sets)?;
        types.read_structs(abis, uapi)?;
        Ok(types)
    }

    fn read_sets(&mut self, abis: &[Abi<'_>], table: Table<'a>) -> Result<()> {
        let target = self.model.types.target;
        let mut integer = Integer { bits: 0, signed: false };
        for row in table.rows() {
            if !row.indented {
                let c = row.cell(2, "an integer type")?;
                // The kernel's own name, which no exported header has.
                integer = match c.text {
                    "umode_t" => Integer { bits: 16, signed: false },
                    _ => self.integer(&ctype::parse_type(c)?.ty, c.place)?,
                };
                self.sets.insert(row.cell(0, "the name of a set")?.text, integer);
                continue;
            }
            if let Some(abis_of_row) = row.cells.get(2)
                && !AbiSet::parse(*abis_of_row, abis)?.contains(target)
            {
                continue;
            }
            let value = row.cell(0, "a value")?;
            let number = parse(value.text).ok_or_else(|| value.expected("a number"))?;
            let number = integer.cut(number as u64);
            let number = if integer.signed { i128::from(number.cast_signed()) } else { number.into() };
            self.constants.entry(row.cell(1, "a name")?.text).or_insert(number);
        }
        Ok(())
    }

    fn read_structs(&mut self, abis: &[Abi<'_>], table: Table<'a>) -> Result<()> {
        let target = self.model.types.target;
        let mut current = None;
        for row in table.rows() {
            if !row.indented {
                let ours = AbiSet::parse(row.cell(2, "ABIs")?, abis)?.contains(target);
                let ours = ours && row.cell(0, "`struct`, `union` or `typedef`")?.text != "typedef";
                current = if ours { Some(row.cell(1, "a name")?.text) } else { None };
                continue;
            }
            let Some(name) = current else { continue };
            let offset = row.cell(0, "an offset")?;
            let bytes = offset.text.split('.').next().unwrap_or_default();
            let at = bytes.parse().map_err(|_| offset.expected("an offset"))?;
            let field = ctype::parse_declaration(row.cell(1, "a declaration")?)?;
            self.structs.entry(name).or_default().push((at, field.ty, field.name));
        }
        Ok(())
    }

    fn integer(&self, c: &CType<'a>, place: crate::codegen::error::Place<'a>) -> Result<Integer> {
        let bits = self.model.types.layout(c, place)?.size * 8;
        Ok(Integer { bits, signed: is_signed(&self.model.types.rust(c, place)?) })
    }

    /// The integer that a value of a contract is.
    pub fn value(&self, ty: Token<'a>) -> Result<Integer> {
        let width = self.model.types.target.abi.width;
        let primitive = |bits| Integer { bits, signed: is_signed(ty.text) };
        match ty.text {
            "u8" | "i8" => return Ok(primitive(8)),
            "u16" | "i16" => return Ok(primitive(16)),
            "u32" | "i32" => return Ok(primitive(32)),
            "u64" | "i64" => return Ok(primitive(64)),
            "usize" | "isize" => return Ok(primitive(width)),
            _ => {}
        }
        if let Some(known) = self.contracts.types.iter().find(|known| known.name == ty.text) {
            return self.integer(&known.c, known.place);
        }
        match self.sets.get(ty.text) {
            Some(&integer) => Ok(integer),
            None if self.structs.contains_key(ty.text) => {
                Err(ty.place.error(format!("`{}`", ty.text), "an integer"))
            }
            None => self.integer(&CType::Named(ty.text), ty.place),
        }
    }

    /// The number that stands for none.
    pub fn none(&self, ty: Token<'a>) -> i64 {
        let known = self.contracts.types.iter().find(|known| known.name == ty.text);
        known.and_then(|known| known.none.parse().ok()).unwrap_or_default()
    }

    /// The size of a type of memory, as an expression of Rust.
    pub fn size(&self, ty: Token<'a>) -> Result<String> {
        let pointer = self.model.types.pointer_size();
        match ty.text {
            "fd" | "AtomicU32" => return Ok("4".to_owned()),
            "ptr" | "bits" => return Ok(pointer.to_string()),
            _ => {}
        }
        if let Some(known) = self.contracts.types.iter().find(|known| known.name == ty.text) {
            // Its layout is its own, and what the kernel sees are the bytes of the tracee's.
            if known.own {
                return Ok(format!("size_of::<sys::{}>()", known.name));
            }
            return Ok(self.model.types.layout(&self.c(ty), known.place)?.size.to_string());
        }
        match self.value(ty) {
            Ok(integer) => Ok((integer.bits / 8).to_string()),
            Err(_) => Ok(self.model.types.layout(&self.c(ty), ty.place)?.size.to_string()),
        }
    }

    /// The type of C that a name of a contract stands for.
    fn c(&self, ty: Token<'a>) -> CType<'a> {
        let types = &self.model.types;
        let known = self.contracts.types.iter().find(|known| known.name == ty.text);
        match known {
            Some(known) if !known.alias.is_empty() => {
                let has = |name: &&&str| types.tags.get(name).is_some() || types.typedefs.get(name).is_some();
                CType::Named(known.alias.iter().find(has).unwrap_or(&known.alias[0]))
            }
            Some(known) => known.c.clone(),
            None => CType::Named(ty.text),
        }
    }

    /// Constants, or-ed, as an expression of 64 bits.
    pub fn constant(&self, constants: &[Constant<'a>]) -> Result<String> {
        match constants {
            [Constant::SizeOf(ty)] => Ok(format!("{} as u64", self.size(*ty)?)),
            _ => Ok(format!("{:#018x}", self.bits(constants)?)),
        }
    }

    /// Constants, or-ed, as 64 bits.
    pub fn bits(&self, constants: &[Constant<'a>]) -> Result<u64> {
        constants.iter().try_fold(0, |bits, constant| Ok(bits | self.number(constant)?))
    }

    fn number(&self, constant: &Constant<'a>) -> Result<u64> {
        let unknown =
            |word: Token<'a>| word.place.error(format!("`{}`", word.text), "a number that is known");
        Ok(match *constant {
            Constant::SizeOf(word) | Constant::SizeBehind(word) => return Err(unknown(word)),
            Constant::Negative(word) => parse(word.text).ok_or_else(|| unknown(word))?.wrapping_neg() as u64,
            Constant::Shifted(word, by) => {
                self.number(&Constant::Word(word))? << parse(by.text).ok_or_else(|| unknown(by))?
            }
            Constant::Word(word) if word.text == "NULL" => 0,
            Constant::Word(word) => {
                let mut numbers = self.contracts.numbers.iter().filter(|(name, ..)| name.text == word.text);
                let abi = self.model.types.target.abi.name;
                let first = numbers.clone().next();
                match (first, numbers.find(|(.., abis)| abis.contains(&abi))) {
                    (_, Some((_, value, _))) => parse(value).ok_or_else(|| unknown(word))? as u64,
                    (Some(_), None) => 0,
                    (None, None) => {
                        let number = parse(word.text).or_else(|| self.constants.get(word.text).copied());
                        number.ok_or_else(|| unknown(word))? as u64
                    }
                }
            }
        })
    }

    /// Where a struct has the member `size`, and how many bytes that has.
    pub fn size_member(&self, ty: Token<'a>) -> Result<(usize, u32)> {
        let (CType::Named(name) | CType::Tag(name)) = self.c(ty) else {
            return Err(ty.place.error(format!("`{}`", ty.text), "a struct"));
        };
        let field = self.structs.get(name).into_iter().flatten().find(|field| field.2 == "size");
        let (at, c, _) =
            field.ok_or_else(|| ty.place.error(format!("`{name}`"), "a struct with a member `size`"))?;
        Ok((*at, self.model.types.layout(c, ty.place)?.size))
    }

    /// The bytes of a type that no member of it covers, which a copy of it may lose.
    pub fn holes(&self, ty: Token<'a>) -> Result<Vec<usize>> {
        let known = self.contracts.types.iter().any(|known| known.name == ty.text && known.own);
        if known || ["fd", "ptr"].contains(&ty.text) || self.sets.contains_key(ty.text) {
            return Ok(Vec::new());
        }
        let c = self.c(ty);
        let Ok(layout) = self.model.types.layout(&c, ty.place) else { return Ok(Vec::new()) };
        let mut covered = vec![false; layout.size as usize];
        self.cover(&c, ty, 0, &mut covered)?;
        Ok((0..covered.len()).filter(|&at| !covered[at]).collect())
    }

    fn cover(&self, c: &CType<'a>, ty: Token<'a>, at: usize, covered: &mut [bool]) -> Result<()> {
        let types = &self.model.types;
        let name = match c {
            CType::Named(name) if let Some(c) = types.typedefs.get(name) => {
                return self.cover(c, ty, at, covered);
            }
            CType::Named(name) | CType::Tag(name) => name,
            CType::Array(element, Some(count)) => {
                let size = types.layout(element, ty.place)?.size as usize;
                return (0..*count as usize)
                    .try_for_each(|index| self.cover(element, ty, at + index * size, covered));
            }
            _ => "",
        };
        match self.structs.get(name) {
            Some(fields) => {
                fields.iter().try_for_each(|(offset, c, _)| self.cover(c, ty, at + offset, covered))
            }
            None => {
                let size = types.layout(c, ty.place)?.size as usize;
                covered[at..at + size].fill(true);
                Ok(())
            }
        }
    }
}

/// A number as tables spell it.
fn parse(text: &str) -> Option<i128> {
    match (text.strip_prefix('-'), text.strip_prefix("0x")) {
        (Some(rest), _) => parse(rest).map(|number| -number),
        (None, Some(digits)) => i128::from_str_radix(digits, 16).ok(),
        (None, None) => text.parse().ok(),
    }
}
