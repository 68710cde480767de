//! The types of `consts`: two sets on two ABIs as they are written, and what is said of bad rows.

use crate::{
    codegen::{
        Tables,
        abi::Target,
        sets::{self, Set},
    },
    each_target, texts,
};
use std::{collections::HashMap, env, fs, path::Path};

#[test]
fn output_is_the_golden_one() {
    let texts = texts();
    let tables = Tables(&texts);
    let abis = tables.abis().unwrap();
    for (name, big_endian) in [("x86_64", false), ("mips_o32", true)] {
        let abi = abis.iter().find(|abi| abi.name == name).unwrap();
        let target = Target { abi, big_endian };
        let mut sets = sets::parse(tables.get("sets.tbl").unwrap(), &abis, target).unwrap();
        sets.retain(|set| ["Sock", "SigHow"].contains(&set.name));
        let found = sets::generate(&sets);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/sets_{name}.rs"));
        if env::var_os("RING3_BLESS").is_some() {
            fs::write(&path, &found).unwrap();
        }
        assert_eq!(found, fs::read_to_string(&path).unwrap_or_default(), "tests/golden/sets_{name}.rs");
    }
}

#[test]
fn every_abi_has_its_sets() {
    println!("{:<16} {:>5} {:>9}", "ABI", "sets", "constants");
    each_target(|tables, abis, target| {
        let name = format!("{}/{}", target.abi.name, if target.big_endian { "be" } else { "le" });
        let all = sets::parse(tables.get("sets.tbl").unwrap(), abis, target)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let constants: usize = all.iter().map(|set| set.members.len()).sum();
        println!("{name:<16} {:>5} {constants:>9}", all.len());
        // What a portable signature names must be there everywhere.
        for set in ["O", "At", "Mode", "Prot", "Map", "Sock", "Msg", "Clock", "Wait", "Sig", "Sa", "Epoll"] {
            assert!(all.iter().any(|known| known.name == set), "{name}: {set}");
        }
    });
}

const GOOD: &str = "O\tflags\tint\tO_\tx.h\tHow.\n\t0x80000000\tO_TOP\n\t0x1\tO_ONE\tlong\nW\tvalues\tshort\tW_\t-\tWhat.\n\t-1\tW_LAST\n\t2\tW_2ND\n";

fn parse<T>(text: &str, then: impl Fn(&[Set<'_>]) -> T) -> Result<T, String> {
    let abi = "long\tx\t64\t64\t-\t-\t0\t*\tn.tbl\tx\tle:x\t8\nshort\ty\t32\t32\teven\t4096\t0\t*\tn.tbl\ty\tle:y\t4\n";
    let texts =
        HashMap::from([("abi.tbl".to_owned(), abi.to_owned()), ("sets.tbl".to_owned(), text.to_owned())]);
    let tables = Tables(&texts);
    let abis = tables.abis().unwrap();
    let target = Target { abi: &abis[1], big_endian: false };
    sets::parse(tables.get("sets.tbl").unwrap(), &abis, target)
        .map(|sets| then(&sets))
        .map_err(|error| error.to_string())
}

#[test]
fn values_are_of_the_type() {
    let text = parse(GOOD, sets::generate).unwrap();
    for part in [
        "pub const TOP: Self = Self(-0x80000000, PhantomData);",
        "pub type O = Flags<c_int, Of<tag::O>>;",
        "O \"O 32 TOP=80000000\"",
        "pub const LAST: Self = Self(-0x1, PhantomData);",
        "    /// `W_2ND`\n    pub const W_2ND: Self = Self(2, PhantomData);",
        "pub type W = Values<c_short, Of<tag::W>>;",
        "W \"W 16 LAST=ffff W_2ND=2\"",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("ONE"), "a constant of another ABI");
}

#[test]
fn bad_rows_are_refused() {
    for (part, by, error) in [
        ("O\tflags", "O\tbits", "1:3: found `bits`, expected `flags` or `values`"),
        ("\tint", "\tfloat", "1:9: found `float`, expected an integer type of C"),
        ("\tHow.", "", "1:19: found the end of the line, expected what the set is"),
        ("How.", "How.\tx", "1:25: found `x`, expected the end of the line"),
        ("O\tflags\tint\tO_\tx.h\tHow.\n", "", "1:2: found `0x80000000`, expected a set before its members"),
        ("0x80000000", "0x180000000", "2:2: found `0x180000000`, expected a number that 32 bits hold"),
        ("0x80000000", "many", "2:2: found `many`, expected a number"),
        ("O_TOP", "O-TOP", "2:13: found `O-TOP`, expected an identifier"),
        ("\tO_TOP", "", "2:12: found the end of the line, expected the name of a constant"),
        ("O_ONE\tlong", "O_ONE\tpdp11", "3:12: found `pdp11`, expected an ABI of abi.tbl"),
        (
            "O_ONE\tlong",
            "O_TOP",
            "3:6: found `O_TOP` again, expected one row for short, which line 2 of sets.tbl has",
        ),
        ("O_ONE\tlong", "TOP", "3:6: found `TOP`, a second `TOP` of O, expected a name of its own"),
        (
            "W\tvalues",
            "O\tvalues",
            "4:1: found `O` again, expected one row for short, which line 1 of sets.tbl has",
        ),
        ("-1", "-32769", "5:2: found `-32769`, expected a number that 16 bits hold"),
    ] {
        assert!(GOOD.contains(part), "{part}");
        let found = parse(&GOOD.replacen(part, by, 1), |_| ()).unwrap_err();
        assert_eq!(found, format!("tables/sets.tbl:{error}"));
    }
}
