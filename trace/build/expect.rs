//! What the kernel must see: which value of which argument in which place.
//!
//! From the prototypes, by the rules of the ABI as tables/README.md says them, and not from the code that writes `raw`: what
//! that gets wrong is to show. The functions of `raw` say by their own types what they make of a value.

use crate::codegen::{error::Result, numbers::Call, raw::Model};
use crate::places::{Given, Places};
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
            places.add(model, parameter, &Given::Value(format!("{value:#018x}")))?;
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
        let (name, number) = (call.name, call.number);
        writeln!(
            out,
            "    Call {{\n        name: {name:?},\n        kind: Kind::{},\n        steps: &[Step::forgotten({number}, {registers}, {block})],\n        \
             answer: Answer::Error(Errno::ENOSYS),\n        make: || unsafe {{ raw::r#{name}({}){} }},\n    }},",
            if never { "Never" } else { "Function" },
            arguments.join(", "),
            if never { "" } else { ".err()" },
        )
        .unwrap();
    }
    Ok(out + "];\n")
}

/// A value for an argument: no two of its bytes are equal, and whichever part of it an integer takes is negative if that has a sign.
/// It depends on the call too, so that what an earlier one left in a register is never right.
pub fn value(number: u32, index: usize) -> u64 {
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
