//! contracts.tbl as a whole: every live row is described or left out for a reason, and every function is the same on each ABI.

use crate::{
    codegen::{Tables, sets},
    contracts::{self, Contracts, sys},
    texts,
};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The ABIs that the crate compiles for.
const ABIS: [&str; 6] = ["x86_64", "i386", "arm", "aarch64", "riscv64", "riscv32"];

/// Calls `check` with each ABI's model of `sys`, the names of its live rows, and how many numbers it has.
pub fn each_model(check: impl Fn(&str, &sys::Model<'_, '_>, &BTreeSet<&str>, (usize, usize))) {
    let texts = texts();
    let tables = Tables(&texts);
    let abis = tables.abis().unwrap();
    let contracts = parse(tables);
    for abi in abis.iter().filter(|abi| ABIS.contains(&abi.name)) {
        let target = crate::codegen::abi::Target { abi, big_endian: false };
        let (raw, _) = tables.model(&abis, target).unwrap();
        let calls = tables.calls(target).unwrap();
        let sets = sets::parse(tables.get("sets.tbl").unwrap(), &abis, target).unwrap();
        let live: Vec<_> = calls.iter().filter_map(|call| Some((call.name, call.entry?.text))).collect();
        let functions = live.iter().filter(|(_, entry)| raw.rules.omitted(entry).is_none()).count();
        let names = live.iter().map(|&(name, _)| name).collect();
        let model = sys::Model::new(&raw, &contracts, &sets, &calls);
        check(abi.name, &model, &names, (calls.len(), functions));
    }
}

pub fn parse(tables: Tables<'_>) -> Contracts<'_> {
    contracts::parse(tables.get("contracts.tbl").unwrap()).unwrap_or_else(|error| panic!("{error}"))
}

/// The rows that contracts bear the name of, and those that they are made by.
fn described<'a>(contracts: &Contracts<'a>) -> (BTreeSet<&'a str>, BTreeSet<&'a str>) {
    let named = contracts.contracts.iter().map(|contract| contract.row()).collect();
    let alternatives = contracts.contracts.iter().flat_map(|contract| &contract.via);
    (named, alternatives.map(|alternative| alternative.row.text).collect())
}

#[test]
fn contracts_and_omissions_are_the_table() {
    let texts = texts();
    let contracts = parse(Tables(&texts));
    let (named, serving) = described(&contracts);
    let omitted: BTreeMap<_, _> = contracts.omitted.iter().map(|(row, reason)| (row.text, *reason)).collect();
    let todo: BTreeSet<_> = contracts.todo.iter().map(|row| row.text).collect();
    println!(
        "{:<8} {:>5} {:>5} {:>5} {:>9} {:>11} {:>15} {:>8} {:>5}  omitted by reason",
        "ABI", "rows", "live", "raw", "sys safe", "sys unsafe", "rows described", "omitted", "todo"
    );
    each_model(|abi, model, live, (rows, raw)| {
        let functions = model.functions().unwrap_or_else(|error| panic!("{abi}: {error}"));
        let safe = functions.iter().filter(|function| function.safe).count();
        let (mut covered, mut left, mut open) = (0, BTreeMap::<&str, usize>::new(), 0);
        for row in live {
            let here = functions.iter().any(|function| function.module.unwrap_or(function.name) == *row);
            if let Some(reason) = omitted.get(row) {
                assert!(!named.contains(row), "{row} has a contract and is omitted");
                *left.entry(category(reason)).or_default() += 1;
                superseded(abi, row, reason, |name| {
                    functions.iter().any(|function| function.module.unwrap_or(function.name) == name)
                });
            } else if todo.contains(row) {
                assert!(!named.contains(row), "{row} has a contract and is still to do");
                open += 1;
            } else {
                assert!(here || serving.contains(row), "{abi}: `{row}` has neither a contract nor a reason");
                covered += 1;
            }
        }
        let reasons: Vec<_> = left.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
        println!(
            "{abi:<8} {rows:>5} {:>5} {raw:>5} {safe:>9} {:>11} {covered:>15} {:>8} {open:>5}  {}",
            live.len(),
            functions.len() - safe,
            left.values().sum::<usize>(),
            reasons.join(", ")
        );
        assert_eq!(covered + open + left.values().sum::<usize>(), live.len(), "{abi}");
        let data = ring3::abi::Abi::by_abi_name(abi).expect("every ABI is there").coverage();
        let data = [data.raw, data.safe, data.hazardous, data.omitted, data.todo].map(usize::from);
        assert_eq!(data, [raw, safe, functions.len() - safe, left.values().sum(), open], "{abi}");
    });
}

/// The kind of a reason.
fn category(reason: &str) -> &'static str {
    ["superseded", "belongs to the runtime", "no kernel implements it", "a row of"]
        .into_iter()
        .find(|kind| reason.starts_with(kind))
        .unwrap_or("other")
}

/// A call that takes the place of another must be there.
fn superseded(abi: &str, row: &str, reason: &str, exists: impl Fn(&str) -> bool) {
    if let Some(by) = reason.strip_prefix("superseded by ") {
        let name: String = by.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        assert!(exists(&name), "{abi}: `{row}` is superseded by `{name}`, which is not there");
    }
}

#[test]
fn a_function_is_the_same_on_every_abi() {
    let signatures = std::cell::RefCell::new(BTreeMap::<String, (String, String)>::new());
    each_model(|abi, model, _, _| {
        for function in model.functions().unwrap() {
            let name = format!("{}::{}", function.module.unwrap_or(""), function.name);
            let here = format!("{}{}", if function.safe { "" } else { "unsafe " }, function.signature);
            let mut signatures = signatures.borrow_mut();
            let (first, known) =
                signatures.entry(name.clone()).or_insert_with(|| (abi.to_owned(), here.clone()));
            assert_eq!(*known, here, "{name} on {first} and on {abi}");
        }
    });
}

#[test]
fn no_line_is_idle() {
    let texts = texts();
    let tables = Tables(&texts);
    let contracts = parse(tables);
    let (named, serving) = described(&contracts);
    let rows = std::cell::RefCell::new(HashSet::new());
    each_model(|_, _, live, _| rows.borrow_mut().extend(live.iter().map(|&row| row.to_owned())));
    let rows = rows.into_inner();
    for alternative in contracts.contracts.iter().flat_map(|contract| &contract.via) {
        assert!(rows.contains(alternative.row.text), "no ABI has the row `{}`", alternative.row.text);
    }
    for name in named {
        let contract = contracts.contracts.iter().find(|contract| contract.row() == name).unwrap();
        assert!(rows.contains(name) || !contract.via.is_empty(), "no ABI has the row `{name}`");
    }
    for (row, _) in &contracts.omitted {
        assert!(rows.contains(row.text), "no ABI has the row `{}`, which is omitted", row.text);
    }
    for (row, name) in contracts.read_only.iter().chain(&contracts.any) {
        let used = serving.contains(row.text)
            || contracts.contracts.iter().any(|contract| contract.row() == row.text)
            // decode.tbl has these, too.
            || contracts.omitted.iter().any(|(omitted, _)| omitted.text == row.text);
        assert!(used, "no contract is made by `{}`, whose `{}` has a line", row.text, name.text);
    }
    println!("{} parameters lack a const in the kernel's prototype", contracts.read_only.len());
}

#[test]
fn every_function_says_what_it_does() {
    let texts = texts();
    for contract in parse(Tables(&texts)).contracts {
        let name = contract.path();
        let summary = contract.summary.unwrap_or_else(|| panic!("`{name}` lacks the clause `does`"));
        assert!(summary.ends_with('.') && summary.len() <= 130, "`{name}`: {summary}");
    }
}
