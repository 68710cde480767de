//! Every function of `sys`, compiled: the traps that it has, and the code that it calls.
//!
//! A pair shows that a shape costs nothing; that no function is made otherwise than its shapes say, and what the adapters are made of, is
//! seen here. A function has one trap, or as many as [`TRAPS`] says, and calls nothing that is not in its own code: no panic, no check
//! of bounds, no function of core. What copies and clears structs (`memcpy`, `memset`) is the compiler's choice, and C's as well.

use crate::{
    contracts::sys,
    cost::{Assembly, InstructionSet},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

/// The adapters that make several calls: how many at most, for an ABI may lack one of them.
const TRAPS: [(&str, usize); 2] = [("nice_setpriority", 2), ("settimeofday_clock", 2)];

/// What an adapter calls, as C's equivalent does: divisions that the processor does not have.
const CALLS: [(&str, &[&str]); 2] = [
    ("gettimeofday_clock", &["__aeabi_idiv"]),
    ("select_pselect6", &["__divdi3", "__moddi3", "__aeabi_ldivmod", "__aeabi_idiv"]),
];

/// A function that calls the one of `sys`, under the name that the assembly has for it.
pub fn wrapper(function: &sys::Function<'_>, index: usize) -> String {
    let path = match function.module {
        Some(module) => format!("{}::{}", raw(module), raw(function.name)),
        None => raw(function.name),
    };
    let (generics, rest) = match function.signature.strip_prefix('<') {
        Some(rest) => {
            // `B: Buffer<T>>(..)`: the first `>(` ends the list.
            let (generics, rest) = rest.split_once(">(").expect("parameters follow the generics");
            (generics, format!("({rest}"))
        }
        None => ("", function.signature.clone()),
    };
    let mut signature = rest.replace("impl AsFd", "BorrowedFd<'_>").replace("impl Arg", "usize");
    if let Some(element) = generics.strip_prefix("B: Buffer<").and_then(|rest| rest.strip_suffix('>')) {
        for end in [",", ")"] {
            signature = signature.replace(&format!(": B{end}"), &format!(": &mut [{element}]{end}"));
        }
        signature = signature.replace("B::Output", "usize");
    }
    let (parameters, result) = split(&signature);
    let types: Vec<_> = parameters.iter().map(|parameter| parameter.split_once(": ").unwrap().1).collect();
    let parameters: Vec<_> = types.iter().enumerate().map(|(at, ty)| format!("a{at}: {ty}")).collect();
    let arguments: Vec<_> = (0..types.len()).map(|at| format!("a{at}")).collect();
    let mut out = String::new();
    writeln!(
        out,
        "#[unsafe(export_name = \"every_{}\")]\npub unsafe fn f{index}({}){result} {{\n    unsafe {{ sys::{path}({}) }}\n}}\n",
        label(function),
        parameters.join(", "),
        arguments.join(", "),
    )
    .unwrap();
    out
}

/// The name in the assembly.
fn label(function: &sys::Function<'_>) -> String {
    match function.module {
        Some(module) => format!("{module}.{}", function.name),
        None => function.name.to_owned(),
    }
}

/// A name that is a keyword of Rust, or not.
fn raw(name: &str) -> String {
    if ["move", "type", "break"].contains(&name) { format!("r#{name}") } else { name.to_owned() }
}

/// The parameters and what follows them.
fn split(signature: &str) -> (Vec<String>, &str) {
    let (mut depth, mut parameters, mut start) = (0, Vec::new(), 1);
    for (at, character) in signature.char_indices() {
        match character {
            '(' | '[' | '<' => depth += 1,
            ']' => depth -= 1,
            '>' if !signature[..at].ends_with('-') => depth -= 1,
            ',' if depth == 1 => {
                parameters.push(signature[start..at].trim().to_owned());
                start = at + 1;
            }
            ')' => {
                depth -= 1;
                if depth == 0 {
                    let last = signature[start..at].trim();
                    parameters.extend((!last.is_empty()).then(|| last.to_owned()));
                    return (parameters, &signature[at + 1..]);
                }
            }
            _ => {}
        }
    }
    panic!("no end of the parameters in {signature}");
}

/// What stands around the wrappers.
pub const HEAD: &str = "#![no_std]\n#![allow(unused_unsafe, unused_imports)]\n\
    use core::{ffi::*, sync::atomic::AtomicU32};\n\
    use ring3::{io::*, net::SockAddr, sys::*, *};\n\n";

/// What is wrong with the functions in the assembly.
pub fn check(assembly: &str, set: InstructionSet, functions: &[sys::Function<'_>]) -> Vec<String> {
    let (assembly, mut wrong) = (Assembly::read(assembly), Vec::new());
    for function in functions {
        let mut seen = BTreeSet::new();
        let mut calls = BTreeMap::new();
        let traps = traps(&assembly, &format!("every_{}", label(function)), set, &mut seen, &mut calls);
        let expected = function
            .by
            .and_then(|by| TRAPS.iter().find(|(adapter, _)| *adapter == by))
            .map_or(1, |(_, traps)| *traps);
        let by = function.by.map_or(String::new(), |by| format!(", by {by}"));
        if traps == 0 || traps > expected {
            wrong.push(format!("{}{by} has {traps} traps, not {expected}", label(function)));
        }
        if let Some((_, allowed)) = CALLS.iter().find(|(adapter, _)| function.by == Some(adapter)) {
            calls.retain(|callee, _| !allowed.contains(&callee.as_str()));
        }
        if !calls.is_empty() {
            wrong.push(format!("{}{by} calls {calls:?}", label(function)));
        }
    }
    wrong
}

/// The traps of a function and of what it calls in the same assembly; other calls are counted.
fn traps(
    assembly: &Assembly<'_>,
    name: &str,
    set: InstructionSet,
    seen: &mut BTreeSet<String>,
    calls: &mut BTreeMap<String, usize>,
) -> usize {
    if !seen.insert(name.to_owned()) {
        return 0;
    }
    let function = assembly.get(name).unwrap_or_else(|| panic!("no function {name} in the assembly"));
    let mut count = 0;
    for instruction in &function.instructions {
        if set.is_trap(instruction) {
            count += 1;
        } else if let Some(callee) = set.callee(instruction) {
            if assembly.get(callee).is_some() {
                count += traps(assembly, callee, set, seen, calls);
            } else if !["memcpy", "memset", "memmove"].contains(&callee) {
                *calls.entry(callee.to_owned()).or_default() += 1;
            }
        }
    }
    count
}
