//! `abi` has every row of the tables, with what the other generators make of it.

use crate::{
    abis,
    codegen::{Tables, abi::Target},
    contracts, each_target, texts,
};
use ring3::abi::{self, Abi};
use std::{cell::Cell, collections::HashSet};

#[test]
fn every_row_is_there() {
    let seen = Cell::new(0);
    println!("{:<16} {:>5} {:>9}", "ABI", "rows", "arguments");
    each_target(|tables, abis, target| {
        // The data has one order of each ABI.
        if target.big_endian && target.abi.has_order(false) {
            return;
        }
        let data = Abi::by_abi_name(target.abi.name).expect("every ABI is there");
        let calls = tables.calls(target).unwrap();
        let (model, _) = tables.model(abis, target).unwrap();
        assert_eq!(data.calls().len(), calls.len());
        assert_eq!(data.pointer_width(), target.abi.width);
        assert_eq!(data.register_width(), target.abi.word);
        let mut arguments = 0;
        for (ours, call) in data.calls().zip(&calls) {
            assert_eq!((ours.number(), ours.name()), (call.number, call.name));
            assert_eq!(ours.entry(), call.entry.map(|entry| entry.text), "{ours:?}");
            assert_eq!(ours.is_live(), call.entry.is_some(), "{ours:?}");
            let Some(entry) = call.entry else {
                assert_eq!(
                    (ours.result(), ours.parameters(), ours.arguments().len()),
                    ("", "", 0),
                    "{ours:?}"
                );
                continue;
            };
            let prototype = model.prototype(entry).unwrap();
            assert_eq!(
                (ours.result(), ours.parameters()),
                (prototype.result.text, prototype.text),
                "{ours:?}"
            );
            if prototype.block {
                assert_eq!(ours.arguments().len(), 1, "{ours:?}");
                continue;
            }
            arguments += ours.arguments().len();
            assert_eq!(ours.arguments().len(), prototype.parameters.len(), "{ours:?}");
            for (ours, parameter) in ours.arguments().zip(&prototype.parameters) {
                assert_eq!(ours.name(), parameter.name, "{ours:?}");
            }
            let declarations: Vec<_> = ours.arguments().map(|argument| argument.declaration()).collect();
            let parameters =
                if declarations.is_empty() { "void".to_owned() } else { declarations.join(", ") };
            assert_eq!(parameters, prototype.text, "{ours:?}");
            registers(ours, model.function(call).unwrap());
        }
        println!("{:<16} {:>5} {arguments:>9}", data.name(), calls.len());
        seen.set(seen.get() + 1);
    });
    assert_eq!(seen.get(), abi::ALL.len());
}

/// The registers are those that the function of `raw` fills: as many words, with a 0 where one is skipped.
fn registers(call: abi::Call, function: Option<String>) {
    let Some(function) = function else { return };
    let words = function.split_once(">(").expect("a call of the trap").1;
    let words = words.split_once(") }").expect("the end of the call").0;
    let mut words = words.split(", ").filter(|word| !word.is_empty());
    let mut place = call.abi().argument_registers().iter();
    for argument in call.arguments() {
        for (half, register) in argument.registers().iter().enumerate() {
            while place.next() != Some(register) {
                assert_eq!(words.next(), Some("0"), "{call:?}: {function}");
            }
            let word = words.next().unwrap_or_else(|| panic!("{call:?}: a word for {register}"));
            let name = argument.name();
            let halves = argument.registers().len() == 2;
            assert_eq!(halves, word.contains(" as u32"), "{call:?}: {word}");
            assert!(word.contains(name), "{call:?}: {word} in {register}, half {half}");
        }
    }
    assert_eq!(words.next(), None, "{call:?}: {function}");
}

#[test]
fn releases_are_those_of_the_contracts() {
    let texts = texts();
    let contracts = contracts::parse(Tables(&texts).get("contracts.tbl").unwrap()).unwrap();
    let mut later = HashSet::new();
    for row in Tables(&texts).get("since.tbl").unwrap().rows() {
        for abi in row.cells.get(2).into_iter().flat_map(|abis| abis.list()) {
            later.extend(row.cells[1].list().map(|name| (abi.text, name.text, row.cells[0].text)));
        }
    }
    let mut compared = 0;
    for contract in contracts.contracts.iter().filter(|contract| contract.module.is_none()) {
        let Some(since) = contract.since else { continue };
        for call in abi::ALL.iter().filter_map(|abi| abi.by_name(contract.name.text)) {
            let release = call.since().expect("a release").to_string();
            let own = call.abi().since().to_string();
            if !later.contains(&(call.abi().name(), call.name(), release.as_str())) {
                assert!(release == since || release == own, "{call:?}: {release}, {since}");
            }
            compared += 1;
        }
    }
    assert!(compared > 2000, "{compared} releases");
}

#[test]
fn no_release_is_of_a_call_that_no_abi_has() {
    let names: HashSet<_> = abi::ALL.iter().flat_map(|abi| abi.calls()).map(abi::Call::name).collect();
    for row in Tables(&texts()).get("since.tbl").unwrap().rows() {
        for name in row.cells[1].list() {
            assert!(names.contains(name.text), "since.tbl: {}", name.text);
            // On these alone it is that one.
            for of in row.cells.get(2).into_iter().flat_map(|abis| abis.list()) {
                let abi = abi::ALL.iter().find(|abi| abi.name() == of.text).expect("an ABI");
                let since = abi.by_name(name.text).and_then(abi::Call::since).expect("a release");
                assert_eq!(since.to_string(), row.cells[0].text, "since.tbl: {} {}", of.text, name.text);
            }
        }
    }
}

/// The same data on a big-endian machine, but for the number that audit has.
#[test]
fn the_byte_order_changes_nothing_else() {
    let texts = texts();
    let tables = Tables(&texts);
    let abis = tables.abis().unwrap();
    let abi = abis.iter().find(|abi| abi.name == "aarch64").unwrap();
    let of = |big_endian| abis::generate(tables, &abis, Target { abi, big_endian }).unwrap();
    let (little, big) = (of(false), of(true));
    let differ: Vec<_> = little.lines().zip(big.lines()).filter(|(one, other)| one != other).collect();
    assert_eq!(little.lines().count(), big.lines().count());
    assert!(differ.iter().all(|(line, _)| line.trim_start().starts_with("audit_arch:")), "{differ:?}");
    assert_eq!(differ.len(), 4, "powerpc64 and mips have both orders: {differ:?}");
}
