//! What the layouts promise of a file: its size, its form, its first instructions, and what tools make of it.

use crate::package::{ABORT, Package, ended, run};
use crate::{file, steps};
use object::elf::{ET_DYN, ET_EXEC};
use object::{Object, ObjectSection, ObjectSymbol};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

/// What tests/sizes.tbl says of this machine's target.
fn sizes() -> Vec<(&'static str, usize)> {
    let rows = include_str!("../sizes.tbl").lines().filter(|line| !line.starts_with('#'));
    let rows = rows.map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter(|row| row[0] == "x86_64-unknown-linux-gnu")
        .map(|row| (row[1], row[2].parse().unwrap()))
        .collect()
}

#[test]
fn hello_has_the_size_of_the_table() {
    let dir = Package::programs().build("small", "", &["hello", "hello_tiny", "hello_full"]);
    assert_eq!(sizes().len(), 2);
    for (layout, size) in sizes() {
        let limit = if layout == "tiny" { 232 } else { 512 };
        let name = if layout == "tiny" { "hello_tiny" } else { "hello" };
        let bytes = fs::read(dir.join(name)).unwrap();
        assert_eq!(bytes.len(), size, "{layout}: tests/sizes.tbl says otherwise");
        assert!(size <= limit);
        assert_eq!(run(dir.join(name), &[]), ended(0, "Hello World!\n", ""));
        file::check_layout(&bytes, ET_DYN);
        assert_eq!(file::loaded(&bytes).filter(|segment| segment.writable).count(), 0);
    }
}

/// The limits are those of a program in which there is nothing to relocate, and of one in which there is one thing.
#[test]
fn hello_runs_few_instructions() {
    let dir = Package::programs().build("small", "", &["hello", "hello_tiny", "hello_relocated"]);
    for (name, limit) in [("hello", 24), ("hello_tiny", 16), ("hello_relocated", 28)] {
        let steps = steps::count(&dir.join(name));
        println!("{name}: {steps} instructions");
        assert!(steps <= limit, "{name}: {steps} instructions, more than {limit}");
    }
    let relocated = fs::read(dir.join("hello_relocated")).unwrap();
    assert_eq!(file::loaded(&relocated).filter(|segment| segment.writable).count(), 1);
}

#[test]
fn the_full_layout_keeps_everything() {
    let programs = Package::programs();
    for (profile, names) in
        [("release", &["hello_full"][..]), ("dev", &["hello_full", "hello", "hello_tiny", "probe"])]
    {
        let dir = programs.build(profile, "", names);
        for name in names {
            let bytes = fs::read(dir.join(name)).unwrap();
            file::check_protection(&bytes);
            let file = object::File::parse(&*bytes).unwrap();
            for section in [".text", ".eh_frame", ".eh_frame_hdr", ".symtab"] {
                assert!(
                    file.section_by_name(section).is_some_and(|section| section.size() > 0),
                    "{name}: {section}"
                );
            }
            assert!(file.symbols().any(|symbol| symbol.name() == Ok("__ring3_enter")));
            assert!(file.section_by_name(".interp").is_none(), "{name}");
            assert_eq!(file.section_by_name(".debug_info").is_some(), profile == "dev");
        }
    }
}

#[test]
fn the_full_layout_has_thread_local_variables_and_constructors() {
    for (profile, rustflags) in [
        ("release", ""),
        ("dev", ""),
        ("release", "-Clinker-features=-lld"),
        ("release", "-Clink-arg=-Wl,-z,pack-relative-relocs"),
        ("release", "-Crelocation-model=static"),
    ] {
        let program = Package::programs().build(profile, rustflags, &["everything"]).join("everything");
        assert_eq!(run(&program, &["a"]), ended(42, "", ""), "{profile} {rustflags}");
        let status = Command::new(&program).arg("write").status().unwrap();
        assert_eq!(status.signal(), Some(libc::SIGSEGV), "{profile} {rustflags}");
    }
}

#[test]
fn a_panic_can_be_silent() {
    let programs = Package::programs();
    let aborts = programs.build("small", "", &["aborts"]).join("aborts");
    for (arguments, code, signal) in [
        (&[][..], Some(42), None),
        (&["a"], None, Some(libc::SIGABRT)),
        (&["a", "b"], None, Some(libc::SIGABRT)),
        (&["a", "b", "c"], None, Some(libc::SIGABRT)),
    ] {
        let output = Command::new(&aborts).args(arguments).env_remove("ABSENT").output().unwrap();
        assert_eq!((output.status.code(), output.status.signal()), (code, signal), "{arguments:?}");
        assert!(output.stdout.is_empty() && output.stderr.is_empty());
    }
    let bytes = fs::read(&aborts).unwrap();
    println!("aborts: {} bytes", bytes.len());
    let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    for text in ["arguments", "panicked", "index out of bounds", "a variable", ".rs", "src/"] {
        assert!(!has(text), "`{text}` is in the file");
    }
    // Numbers are printed from this table by core::fmt, and it is in a program that reports its panics.
    assert!(!has("0001020304"));
    let probe = fs::read(programs.build("small", "", &["probe"]).join("probe")).unwrap();
    assert!(probe.windows(10).any(|window| window == b"0001020304"));

    // The same in the layout that has symbols, not one of which is core::fmt's.
    let text = include_str!("programs/aborts.rs").replace("layout = default", "layout = full");
    let profile = format!("{ABORT}opt-level = \"z\"\nlto = true\ncodegen-units = 1\n");
    let full = Package::new("aborts_full", &[("aborts_full", &text)], &profile);
    let bytes = fs::read(full.build("release", "", &["aborts_full"]).join("aborts_full")).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let names: Vec<_> = file.symbols().filter_map(|symbol| symbol.name().ok()).collect();
    assert!(names.len() > 5, "{names:?}");
    assert!(!names.iter().any(|name| name.contains("core3fmt")), "{names:?}");
}

#[test]
fn a_layout_says_what_it_lacks() {
    let written = "static mut COUNT: u32 = 1;\nfn main() { unsafe { COUNT += core::hint::black_box(1); core::hint::black_box(&raw const COUNT); } }";
    let table = "static WORDS: [&str; 2] = [\"a\", \"bc\"];\nfn main(env: ring3::Env) -> u8 { WORDS.get(env.args().count()).map_or(0, |word| word.len() as u8) }\n#[used] static W: &[&str; 2] = &WORDS;";
    let constructor = "extern \"C\" fn first() {}\n#[used]\n#[unsafe(link_section = \".init_array\")]\nstatic FIRST: extern \"C\" fn() = first;\nfn main() {}";
    let local = "core::arch::global_asm!(\".pushsection .tdata,\\\"awT\\\",@progbits\", \"local: .long 1\", \".popsection\");\nfn main() -> i32 { let value: i32; unsafe { core::arch::asm!(\"mov {0:e}, fs:[local@tpoff]\", out(reg) value) }; value }";
    let cases = [
        ("written", written, "tiny", "`layout = tiny` has no room for a static"),
        (
            "table",
            table,
            "tiny",
            "`layout = tiny` has no room for a static that is written to or points to something",
        ),
        (
            "constructor",
            constructor,
            "default",
            "this layout runs no constructors before main: write `layout = full`",
        ),
        (
            "constructor_tiny",
            constructor,
            "tiny",
            "`layout = tiny` runs no constructors before main: write `layout = full`",
        ),
        ("local", local, "default", "this layout has no thread-local variables: write `layout = full`"),
        ("local_tiny", local, "tiny", "`layout = tiny` has no thread-local variables: write `layout = full`"),
    ];
    let texts = cases.map(|(name, main, layout, _)| {
        (
            name,
            format!(
                "#![no_std]\n#![no_main]\n{main}\nring3::entry!(main, panic = abort, layout = {layout});"
            ),
        )
    });
    let programs = texts.each_ref().map(|(name, text)| (*name, text.as_str()));
    let package = Package::new("refused", &programs, &format!("{ABORT}lto = true\n"));
    for (name, _, _, expected) in cases {
        let error = package.try_build("release", "", &[name]).unwrap_err();
        assert!(error.contains(expected), "{name}: {error}");
    }
    let error = Package::programs()
        .try_build("small", "-Clink-arg=-Wl,-z,pack-relative-relocs", &["hello_relocated"])
        .unwrap_err();
    assert!(
        error.contains("this layout has no packed relocations: link without -z pack-relative-relocs"),
        "{error}"
    );
}

/// Every tool says what the layout promises, and does not stumble.
#[test]
fn tools_understand_the_files() {
    let programs = Package::programs();
    let small = programs.build("small", "", &["hello", "hello_tiny", "probe"]);
    let full = programs.build("release", "", &["hello_full"]);
    let fixed = programs.build("small", "-Crelocation-model=static", &["hello"]);
    let mut absent = Vec::new();
    for (path, has_symbols) in [
        (small.join("hello"), false),
        (small.join("hello_tiny"), false),
        (small.join("probe"), false),
        (fixed.join("hello"), false),
        (full.join("hello_full"), true),
    ] {
        let mut tool = |name: &'static str, arguments: &[&str]| {
            let ran = Command::new(name).args(arguments).arg(&path).env("LC_ALL", "C").output();
            if ran.is_err() {
                absent.push(name);
            }
            ran.ok().map(|output| {
                let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
                assert!(
                    output.status.success() || path.ends_with("probe"),
                    "{name} {path:?}: {}",
                    text(&output.stderr)
                );
                (text(&output.stdout), text(&output.stderr))
            })
        };
        if let Some((said, complaint)) = tool("readelf", &["-a", "-W"]) {
            assert_eq!(complaint, "", "{path:?}");
            assert!(said.contains("GNU_STACK") && !said.contains("INTERP"), "{said}");
            assert_eq!(said.contains("There are no sections"), !has_symbols, "{said}");
        }
        if let Some((said, _)) = tool("file", &["-b"]) {
            assert!(said.starts_with("ELF 64-bit LSB") && said.contains("x86-64"), "{said}");
            assert!(!said.contains("corrupt") && !said.contains("interpreter"), "{said}");
        }
        if let Some((_, said)) = tool("strace", &[]) {
            let calls: Vec<_> = said.lines().filter(|line| line.contains('(')).collect();
            if !path.ends_with("probe") && !has_symbols {
                assert_eq!(calls.len(), 3, "{said}");
                assert!(calls[1].starts_with("write(1,") && calls[2].starts_with("exit_group(0)"), "{said}");
            }
        }
        let start: &[&str] =
            if has_symbols { &["-ex", "break __ring3_enter", "-ex", "run"] } else { &["-ex", "starti"] };
        let commands = [&["-batch", "-nx"], start, &["-ex", "bt", "-ex", "continue"]].concat();
        if let Some((said, _)) = tool("gdb", &commands) {
            let end = if path.ends_with("probe") { "exited with code" } else { "exited normally" };
            assert!(said.contains(end), "{path:?}: {said}");
            if has_symbols {
                assert!(said.contains("#0") && said.contains("in __ring3_enter"), "{said}");
                assert!(said.contains("in _start") || said.contains("in __ring3_start_full"), "{said}");
                assert!(!said.contains("corrupt stack"), "{said}");
            }
        }
    }
    absent.dedup();
    println!("not there: {absent:?}");
    file::check_layout(&fs::read(fixed.join("hello")).unwrap(), ET_EXEC);
}
