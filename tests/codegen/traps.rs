//! The calls whose obvious contract is unsound, and what holds each trap shut: looked up in what the generator writes for every ABI.
//!
//! `tests/sys_traps/` runs the calls that a `Runs` names, `tests/compile-fail/` has the programs of `Rejects`. Both are looked for.

mod list;

use crate::{
    coverage::{each_model, parse},
    texts,
};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use list::{
    ADDRESSES,
    Guard::{self, Does, Has, Lacks, Omitted, Rejects, Runs, Safe, Unsafe},
    LOADED, LOADED_AND_SAFE, NEW_DESCRIPTORS, TRAPS,
};

/// A function as the generator has written it: whether it is safe, its signature, and all of its text.
type Written = (bool, String, String);

/// Each function by its path, on each ABI that has it.
fn written() -> BTreeMap<String, Vec<(String, Written)>> {
    let all = RefCell::new(BTreeMap::<String, Vec<(String, Written)>>::new());
    each_model(|abi, model, _, _| {
        for function in model.functions().unwrap() {
            let path = match function.module {
                Some(module) => format!("{module}::{}", function.name),
                None => function.name.to_owned(),
            };
            let text = (function.safe, function.signature, function.text);
            all.borrow_mut().entry(path).or_default().push((abi.to_owned(), text));
        }
    });
    all.into_inner()
}

/// Type parameters, parameters and result in one: what the signature has after `->`, and what before.
fn halves(signature: &str) -> (&str, &str) {
    signature.split_once(") -> ").unwrap_or((signature, ""))
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_trap_is_held() {
    let functions = written();
    let texts = texts();
    let contracts = parse(crate::codegen::Tables(&texts));
    let runs: String = ["descriptors", "lengths", "commands", "later"]
        .map(|file| read(&format!("sys_traps/{file}.rs")))
        .concat();
    let mut used = BTreeSet::new();
    for (group, traps) in TRAPS {
        let mut kinds = BTreeMap::<&str, usize>::new();
        for &(call, guards) in traps {
            assert!(!guards.is_empty(), "{call} has no guard");
            for guard in guards {
                let kind = match guard {
                    Omitted(reason) => {
                        assert!(!functions.contains_key(call), "`{call}` is left out, and there");
                        let omitted = contracts.omitted.iter().find(|(row, _)| row.text == call);
                        let (_, why) = omitted.unwrap_or_else(|| panic!("`{call}` is not left out"));
                        assert!(why.contains(reason), "`{call}` is left out for another reason: {why}");
                        "left out"
                    }
                    Runs(test) => {
                        let head = format!("#[test]\nfn {test}() {{\n");
                        let body =
                            runs.split_once(&head).unwrap_or_else(|| panic!("no test {test} for `{call}`")).1;
                        let body = body.split_once("\n}\n").expect("a test ends").0;
                        assert!(body.contains(&format!("sys::{call}(")), "{test} does not call `{call}`");
                        used.insert(*test);
                        "run"
                    }
                    Rejects(program, message) => {
                        let source = read(&format!("compile-fail/{program}.rs"));
                        assert!(
                            source.contains(&format!("sys::{call}(")),
                            "{program} does not call `{call}`"
                        );
                        let says = read(&format!("compile-fail/{program}.stderr"));
                        assert!(says.contains(message), "{program} is refused for another reason:\n{says}");
                        "refused by the compiler"
                    }
                    in_source => {
                        let abis = functions.get(call).unwrap_or_else(|| panic!("no ABI has `{call}`"));
                        for (abi, function) in abis {
                            check(&format!("`{call}` of {abi}"), in_source, function);
                        }
                        if matches!(in_source, Unsafe(_)) { "unsafe" } else { "by its signature" }
                    }
                };
                *kinds.entry(kind).or_default() += 1;
            }
        }
        println!("{group}: {} calls, {kinds:?}", traps.len());
    }
    let tests = runs.split("#[test]\nfn ").skip(1).filter_map(|test| Some(test.split_once("()")?.0));
    let idle: Vec<_> = tests.filter(|test| !used.contains(test)).collect();
    assert!(idle.is_empty(), "tests of no trap: {idle:?}");
}

fn check(what: &str, guard: &Guard, (safe, signature, text): &Written) {
    match guard {
        Unsafe(reason) => {
            assert!(!safe && text.contains("pub unsafe fn "), "{what} is safe");
            let section = text.split_once("# Safety").unwrap_or_else(|| panic!("{what} gives no reason")).1;
            let section = section.split_once("#[inline]").unwrap_or((section, "")).0;
            // The documentation makes a sentence of it.
            let plain = |text: &str| text.replace("\n/// ", " ").replace('`', "").to_lowercase();
            assert!(
                plain(section).contains(&plain(reason)),
                "{what} is unsafe for another reason:\n{section}"
            );
        }
        Has(part) => assert!(*safe && signature.contains(part), "{what} is to have {part}: {signature}"),
        Lacks(part) => {
            assert!(*safe && !signature.contains(part), "{what} is to have no {part}: {signature}")
        }
        Does(part) => {
            // An adapter does it in its own way, which a test runs.
            assert!(*safe && text.contains(part), "{what} is to do {part}:\n{text}");
        }
        Safe => assert!(*safe && text.contains("pub fn "), "{what} is unsafe"),
        Omitted(_) | Runs(_) | Rejects(..) => unreachable!("no guard of the source"),
    }
}

#[test]
fn owned_descriptors_are_new_ones() {
    let mut known: BTreeSet<_> = NEW_DESCRIPTORS.into_iter().collect();
    for (path, abis) in written() {
        for (abi, (safe, signature, _)) in abis {
            let (parameters, result) = halves(&signature);
            if safe && (parameters.contains("OwnedFd") || result.contains("OwnedFd")) {
                assert!(
                    NEW_DESCRIPTORS.contains(&&*path),
                    "`{path}` of {abi} has to do with an OwnedFd: read what it accepts, and add it"
                );
                known.remove(&*path);
            }
        }
    }
    assert!(known.is_empty(), "no such functions: {known:?}");
}

#[test]
fn safe_functions_take_nothing_that_is_followed() {
    let mut known: BTreeSet<_> = ADDRESSES.into_iter().collect();
    let mut loaded: BTreeSet<_> = LOADED_AND_SAFE.into_iter().collect();
    for (path, abis) in written() {
        for (abi, (safe, signature, _)) in abis {
            if !safe {
                continue;
            }
            let (parameters, _) = halves(&signature);
            assert!(!parameters.contains("impl Arg"), "`{path}` of {abi} takes any word and is safe");
            if parameters.contains("*mut c_void") || path == "process_vm_readv" {
                assert!(ADDRESSES.contains(&&*path), "`{path}` of {abi} takes an address and is safe");
                known.remove(&*path);
            }
            for ty in LOADED {
                let holds = parameters.match_indices(ty).any(|(at, _)| {
                    !parameters[at + ty.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
                });
                if holds {
                    assert!(
                        LOADED_AND_SAFE.contains(&(&path, ty)),
                        "`{path}` of {abi} takes a {ty}, whose addresses or descriptors the kernel follows, and is safe"
                    );
                    loaded.retain(|&(call, known)| (call, known) != (&*path, ty));
                }
            }
        }
    }
    assert!(known.is_empty(), "no such functions: {known:?}");
    assert!(loaded.is_empty(), "no such functions: {loaded:?}");
}
