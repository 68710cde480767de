//! The tables as a whole: every live row of every ABI gets its function, and the numbers are those of the installed headers.

use crate::{codegen, each_target};
use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    fs,
    path::Path,
};

#[test]
fn every_live_row_has_its_function() {
    println!("{:<16} {:>5} {:>5} {:>5} {:>8}", "ABI", "rows", "live", "raw", "left out");
    each_target(|tables, abis, target| {
        let name = format!("{}/{}", target.abi.name, if target.big_endian { "be" } else { "le" });
        let calls = tables.calls(target).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (model, _) = tables.model(abis, target).unwrap_or_else(|error| panic!("{name}: {error}"));
        let live: Vec<_> =
            calls.iter().filter_map(|call| call.entry.map(|entry| (call, entry.text))).collect();
        let omitted: Vec<_> = live.iter().filter(|(_, entry)| model.rules.omitted(entry).is_some()).collect();
        let generated =
            codegen::generate(tables, abis, target).unwrap_or_else(|error| panic!("{name}: {error}"));
        let functions: Vec<_> =
            generated.raw.lines().filter_map(|line| line.strip_prefix("pub unsafe fn ")).collect();
        println!(
            "{name:<16} {:>5} {:>5} {:>5} {:>8}",
            calls.len(),
            live.len(),
            functions.len(),
            omitted.len()
        );
        assert_eq!(functions.len() + omitted.len(), live.len(), "{name}");
        for (call, entry) in &live {
            let function = functions
                .iter()
                .any(|line| line.trim_start_matches("r#").starts_with(&format!("{}(", call.name)));
            assert_eq!(function, model.rules.omitted(entry).is_none(), "{name}: {}", call.name);
        }
        for call in &calls {
            let constant = format!("pub const {}: Self = Self({});", call.name.to_uppercase(), call.number);
            assert!(generated.sysno.contains(&constant), "{name}: {constant}");
        }
    });
}

#[test]
fn no_rule_is_idle() {
    let idle: RefCell<Option<HashSet<usize>>> = RefCell::default();
    each_target(|tables, abis, target| {
        let (model, _) = tables.model(abis, target).unwrap();
        let calls = tables.calls(target).unwrap();
        let entries: Vec<_> = calls.iter().filter_map(|call| call.entry.map(|entry| entry.text)).collect();
        let here: HashSet<usize> = model.rules.idle(&entries).collect();
        idle.replace_with(|before| {
            Some(before.as_ref().map_or_else(|| here.clone(), |before| before & &here))
        });
    });
    assert_eq!(idle.take(), Some(HashSet::new()), "lines of raw.tbl that no row of any ABI has a use for");
}

/// The directories of an installed linux-libc-dev, and the ABI whose numbers each header has.
const HEADERS: [(&str, &str, &str); 18] = [
    ("x86_64-linux-gnu", "unistd_64.h", "x86_64"),
    ("x86_64-linux-gnu", "unistd_x32.h", "x32"),
    ("x86_64-linux-gnu", "unistd_32.h", "i386"),
    ("i386-linux-gnu", "unistd_32.h", "i386"),
    ("arm-linux-gnueabi", "unistd-eabi.h", "arm"),
    ("arm-linux-gnueabihf", "unistd-eabi.h", "arm"),
    ("aarch64-linux-gnu", "unistd_64.h", "aarch64"),
    ("riscv64-linux-gnu", "unistd_64.h", "riscv64"),
    ("riscv64-linux-gnu", "unistd_32.h", "riscv32"),
    ("loongarch64-linux-gnu", "unistd_64.h", "loongarch64"),
    ("s390x-linux-gnu", "unistd_64.h", "s390x"),
    ("powerpc64le-linux-gnu", "unistd_64.h", "powerpc64"),
    ("powerpc64le-linux-gnu", "unistd_32.h", "powerpc"),
    ("mips64el-linux-gnuabi64", "unistd_n64.h", "mips_n64"),
    ("mips64el-linux-gnuabi64", "unistd_n32.h", "mips_n32"),
    ("mips64el-linux-gnuabi64", "unistd_o32.h", "mips_o32"),
    ("sparc64-linux-gnu", "unistd_64.h", "sparc64"),
    ("m68k-linux-gnu", "unistd_32.h", "m68k"),
];

#[test]
fn installed_headers_agree() {
    let include = Path::new("/usr/include");
    let version = fs::read_to_string(include.join("linux/version.h")).unwrap_or_default();
    let version: HashMap<_, _> =
        version.lines().filter_map(|line| line.strip_prefix("#define ")?.split_once(' ')).collect();
    let part = |name| version.get(name).copied().unwrap_or("?");
    println!(
        "installed headers: Linux {}.{}.{}",
        part("LINUX_VERSION_MAJOR"),
        part("LINUX_VERSION_PATCHLEVEL"),
        part("LINUX_VERSION_SUBLEVEL")
    );
    let mut missing = Vec::new();
    for (directory, header, name) in HEADERS {
        let Ok(text) = fs::read_to_string(include.join(directory).join("asm").join(header)) else {
            missing.push(format!("{directory}/{header}"));
            continue;
        };
        each_target(|tables, _, target| {
            if target.abi.name != name {
                return;
            }
            let calls: HashMap<_, _> =
                tables.calls(target).unwrap().iter().map(|call| (call.name, call.number)).collect();
            let mut common = 0;
            for (call, number) in text.lines().filter_map(|line| definition(line, target.abi.offset)) {
                if let Some(&ours) = calls.get(call) {
                    assert_eq!(ours, number, "{directory}/{header}: {call}");
                    common += 1;
                }
            }
            println!("{name}: {common} names agree with {directory}/{header}");
            assert!(common > 300, "{directory}/{header} has {common} names of {name}");
        });
    }
    println!("headers that are not installed, and so not compared: {}", missing.join(" "));
}

/// `#define __NR_read 0`, `#define __NR_read (__X32_SYSCALL_BIT + 0)`.
fn definition(line: &str, offset: u32) -> Option<(&str, u32)> {
    let (name, value) = line.strip_prefix("#define __NR_")?.split_once([' ', '\t'])?;
    let number = value.trim().trim_matches(['(', ')']);
    match number.split_once('+') {
        Some((_, number)) => Some((name, number.trim().parse::<u32>().ok()? + offset)),
        None => Some((name, number.parse().ok()?)),
    }
}
