//! What the kernel must see: which value of which argument in which place.
//!
//! From the prototypes, by the rules of the ABI as tables/README.md says them, and not from the code that writes `raw`: what
//! that gets wrong is to show. The functions of `raw` say by their own types what they make of a value.

use crate::codegen::{
    abi::Pairs,
    ctype::{CType, Declaration},
    error::Result,
    numbers::Call,
    raw::Model,
};
use std::fmt::Write as _;

/// The source of `CALLS`: an element for each row that `raw` has a function for.
pub fn list(calls: &[Call<'_>], model: &Model<'_>) -> Result<String> {
    let abi = model.types.target.abi;
    let mut out = format!("pub const ABI: &str = {:?};\n\npub static CALLS: &[Call] = &[\n", abi.name);
    for call in calls {
        let Some(entry) = call.entry else { continue };
        if model.rules.omitted(entry.text).is_some() {
            continue;
        }
        let prototype =
            model.prototypes.get(entry.text).ok_or_else(|| entry.expected("an entry with a prototype"))?;
        let mut places = Places::default();
        let mut arguments = Vec::new();
        for (index, parameter) in prototype.parameters.iter().enumerate() {
            let value = value(call.number, index);
            places.add(model, parameter, value)?;
            // Where the function takes any type, a word is as good as another one.
            let any = model.rules.is_arg(entry.text, parameter.name);
            arguments.push(format!("arg{}({value:#018x})", if any { "::<usize>" } else { "" }));
        }
        // The address of a block is the function's own affair.
        let (registers, block) = match prototype.block {
            true => ("&[]".to_owned(), places.to_string()),
            false => (places.to_string(), "&[]".to_owned()),
        };
        let never = model.rules.never_returns(entry.text);
        writeln!(
            out,
            "    Call {{\n        name: {:?},\n        number: {},\n        kind: Kind::{},\n        registers: {registers},\n        \
             block: {block},\n        make: || unsafe {{ raw::r#{}({}){} }},\n    }},",
            call.name,
            call.number,
            if never { "Never" } else { "Raw" },
            call.name,
            arguments.join(", "),
            if never { "" } else { ".err()" },
        )
        .unwrap();
    }
    Ok(out + "];\n")
}

/// The registers, or the words of a block, in their order.
#[derive(Default)]
struct Places(Vec<String>);

impl Places {
    fn add(&mut self, model: &Model<'_>, parameter: &Declaration<'_>, value: u64) -> Result<()> {
        let (name, target) = (parameter.name, model.types.target);
        // A parameter of array type is a pointer in C.
        let pointer = matches!(parameter.ty, CType::Array(..) | CType::Pointer { .. });
        let bits = match pointer {
            true => target.abi.width,
            false => model.types.layout(&parameter.ty, parameter.place)?.size * 8,
        };
        let rust = if pointer { String::new() } else { model.types.rust(&parameter.ty, parameter.place)? };
        let signed =
            ["i8", "i16", "i32", "i64", "isize", "c_schar", "c_short", "c_int", "c_long", "c_longlong"];
        let signed = signed.contains(&rust.as_str());
        if bits <= target.abi.word {
            self.place(name, value, bits, signed);
            return Ok(());
        }
        assert_eq!((bits, target.abi.word), (64, 32), "{name}: no ABI splits that");
        if target.abi.pairs == Pairs::Even && !self.0.len().is_multiple_of(2) {
            self.place("(pad)", 0, 32, false);
        }
        let (low, high) = ((value & 0xffff_ffff, "low"), (value >> 32, "high"));
        for (half, which) in if target.big_endian { [high, low] } else { [low, high] } {
            self.place(&format!("{name} ({which} half)"), half, 32, false);
        }
        Ok(())
    }

    fn place(&mut self, argument: &str, value: u64, bits: u32, signed: bool) {
        self.0.push(format!("slot({argument:?}, {value:#018x}, {bits}, {signed})"));
    }
}

impl std::fmt::Display for Places {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "&[{}]", self.0.join(", "))
    }
}

/// A value for an argument: no two of its bytes are equal, and whichever part of it an integer takes is negative if that has a sign.
/// It depends on the call too, so that what an earlier one left in a register is never right.
fn value(number: u32, index: usize) -> u64 {
    let mut state = u64::from(number) << 8 | index as u64;
    loop {
        // splitmix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        let value = (mixed ^ mixed >> 31) | 0x8000_0000_8000_8080;
        let bytes = value.to_ne_bytes();
        if (1..8).all(|at| !bytes[..at].contains(&bytes[at])) {
            return value;
        }
    }
}
