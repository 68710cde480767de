//! Where the arguments of a row travel, by the rules of the ABI.

use crate::codegen::{
    abi::Pairs,
    ctype::{CType, Declaration},
    error::Result,
    raw::Model,
};

/// What an argument must be, as source of the tracer.
pub enum Given {
    /// An integer of 64 bits, of which the prototype takes some.
    Value(String),
    /// A pointer: to the room of this index, or anywhere; and what is there.
    Memory(Option<usize>, String),
}

/// The registers, or the words of a block, in their order.
#[derive(Default)]
pub struct Places(Vec<String>);

impl Places {
    /// Adds an argument, and gives the register that it begins in.
    pub fn add(&mut self, model: &Model<'_>, parameter: &Declaration<'_>, given: &Given) -> Result<usize> {
        let (name, target) = (parameter.name, model.types.target);
        let value = match given {
            Given::Value(value) => value,
            Given::Memory(room, content) => {
                self.0.push(format!("pointer({name:?}, {room:?}, {content})"));
                return Ok(self.0.len() - 1);
            }
        };
        let (bits, signed) = width(model, parameter)?;
        if bits <= target.abi.word {
            self.place(name, value, bits, signed);
            return Ok(self.0.len() - 1);
        }
        assert_eq!((bits, target.abi.word), (64, 32), "{name}: no ABI splits that");
        if target.abi.pairs == Pairs::Even && !self.0.len().is_multiple_of(2) {
            self.place("(pad)", "0", 32, false);
        }
        let (low, high) = ((format!("{value} & 0xffff_ffff"), "low"), (format!("{value} >> 32"), "high"));
        for (half, which) in if target.big_endian { [high, low] } else { [low, high] } {
            self.place(&format!("{name} ({which} half)"), &half, 32, false);
        }
        Ok(self.0.len() - 2)
    }

    fn place(&mut self, argument: &str, value: &str, bits: u32, signed: bool) {
        self.0.push(format!("slot({argument:?}, {value}, {bits}, {signed})"));
    }
}

impl std::fmt::Display for Places {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "&[{}]", self.0.join(", "))
    }
}

/// The bits of a parameter, and whether it has a sign.
pub fn width(model: &Model<'_>, parameter: &Declaration<'_>) -> Result<(u32, bool)> {
    // A parameter of array type is a pointer in C.
    if matches!(parameter.ty, CType::Array(..) | CType::Pointer { .. }) {
        return Ok((model.types.target.abi.width, false));
    }
    let bits = model.types.layout(&parameter.ty, parameter.place)?.size * 8;
    let rust = model.types.rust(&parameter.ty, parameter.place)?;
    Ok((bits, is_signed(&rust)))
}

/// Whether an integer of Rust has a sign. C's `char` has one or not, but no call takes it.
pub fn is_signed(rust: &str) -> bool {
    ["i8", "i16", "i32", "i64", "isize", "c_schar", "c_short", "c_int", "c_long", "c_longlong"]
        .contains(&rust)
}
