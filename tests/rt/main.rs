//! The runtime, seen from outside: programs are built by cargo as a user would build them, and run.
//!
//! For the machine's own x86_64. `cargo xtask cross` runs the examples and the programs on the other instruction sets.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

mod file;
mod grep;
mod heap;
mod layouts;
mod matrix;
mod package;
mod print;
mod smallest;
mod steps;
mod template;
mod threads;

use package::{ABORT, Package, SMALL, ended, example, output, run};
use std::fs::{self, File};
use std::io::Write;
use std::process::{Command, Stdio};

const PROBE: &str = include_str!("programs/probe.rs");

#[test]
fn hello_reports_a_closed_output() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let status = Command::new(example("hello", &["--release"])).stdout(full).status().unwrap();
    assert_eq!(status.code(), Some(1));
}

#[test]
fn hello_int80_lies_below_4_gib() {
    for profile in [&["--release"][..], &[]] {
        let hello = example("hello_int80", profile);
        let bytes = fs::read(&hello).unwrap();
        file::check_layout(&bytes, object::elf::ET_EXEC);
        for segment in file::loaded(&bytes) {
            assert!(segment.address >= 0x40_0000 && segment.address + segment.size < 1 << 32);
        }
        // A kernel without i386 calls is reported, too.
        let (code, stdout, stderr) = run(hello, &[]);
        if code == Some(0) {
            assert_eq!((stdout.as_str(), stderr.as_str()), ("Hello World!\n", ""));
        } else {
            println!("not shown: this kernel has no i386 calls: {stderr}");
            assert_eq!((code, stdout.as_str()), (Some(1), ""));
            assert!(stderr.starts_with("hello_int80: "), "{stderr}");
        }
    }
}

#[test]
fn cat_copies() {
    let cat = example("cat", &["--release"]);
    file::check_layout(&fs::read(&cat).unwrap(), object::elf::ET_DYN);
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    // More than the buffer holds, and no multiple of it.
    let large = "0123456789\n".repeat(12_345);
    fs::write(path("large"), &large).unwrap();
    fs::write(path("small"), "small\n").unwrap();
    fs::write(path("empty"), "").unwrap();

    assert_eq!(run(&cat, &[&path("large")]), ended(0, &large, ""));
    assert_eq!(run(&cat, &[&path("small"), &path("empty"), &path("small")]), ended(0, "small\nsmall\n", ""));

    let (missing, directory) = (path("missing"), dir.path().to_str().unwrap());
    let (code, stdout, stderr) = run(&cat, &[&missing, &path("small"), directory]);
    assert_eq!((code, stdout.as_str()), (Some(1), "small\n"));
    let lines: Vec<_> = stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{stderr}");
    assert!(lines[0].starts_with(&format!("cat: {missing}: ")), "{stderr}");
    assert!(lines[1].starts_with(&format!("cat: {directory}: ")), "{stderr}");

    let full = File::options().write(true).open("/dev/full").unwrap();
    let (code, _, stderr) = output(Command::new(&cat).arg(path("small")).stdout(full));
    assert_eq!(code, Some(1));
    assert!(stderr.starts_with("cat: standard output: "), "{stderr}");
}

#[test]
fn cat_copies_standard_input_through_a_pipe() {
    let cat = example("cat", &["--release"]);
    let text = "abc\n".repeat(100_000);
    for arguments in [&[][..], &["-"]] {
        let mut child =
            Command::new(&cat).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let bytes = text.clone();
        let writer = std::thread::spawn(move || stdin.write_all(bytes.as_bytes()).unwrap());
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        assert!(output.status.success() && output.stdout == text.as_bytes());
    }
}

#[test]
fn main_has_many_shapes() {
    let shapes = [
        ("fn main() {}", ended(0, "", "")),
        ("fn main() -> u8 { 3 }", ended(3, "", "")),
        ("fn main() -> i32 { -1 }", ended(255, "", "")),
        ("fn main() -> ring3::ExitCode { ring3::ExitCode::from(4) }", ended(4, "", "")),
        ("fn main() -> ! { loop { panic!() } }", ended(101, "", "")),
        ("fn main(_: ring3::Env) {}", ended(0, "", "")),
        ("fn main(env: ring3::Env) -> i32 { env.args().count() as i32 }", ended(1, "", "")),
        ("fn main(_: ring3::Env) -> Result<(), u64> { Ok(()) }", ended(0, "", "")),
        ("fn main() -> Result<u8, u64> { Ok(5) }", ended(5, "", "")),
        ("fn main() -> Result<u8, &'static str> { Err(\"no\") }", ended(1, "", "Error: no\n")),
        ("fn main() -> Result<(), ring3::Errno> { Err(ring3::Errno::EINTR) }", ended(1, "", "")),
        // Names that the expansion has, too.
        ("fn start() {}", ended(0, "", "")),
        ("fn memcpy() -> u8 { 6 }", ended(6, "", "")),
    ];
    let names: Vec<_> = (0..shapes.len()).map(|i| format!("shape{i}")).collect();
    let texts: Vec<_> = shapes
        .iter()
        .map(|(main, _)| {
            format!(
                "#![no_std]\n#![no_main]\n#![deny(warnings)]\n{main}\nring3::entry!({});",
                main["fn ".len()..].split('(').next().unwrap()
            )
        })
        .collect();
    let programs: Vec<_> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let programs_of: Vec<_> = programs.iter().map(|(name, _)| *name).collect();
    let dir = Package::new("shapes", &programs, ABORT).build("release", "", &programs_of);
    for (name, (main, expected)) in names.iter().zip(&shapes) {
        let (code, stdout, stderr) = run(dir.join(name), &[]);
        let stderr = if expected.2.is_empty() && code != Some(0) { String::new() } else { stderr };
        assert_eq!((code, stdout, stderr), *expected, "{main}");
    }
}

#[test]
fn mistakes_are_explained() {
    let program = |main: &str| format!("#![no_std]\n#![no_main]\n{main}\nring3::entry!(main);");
    for main in
        ["fn main(_: u8) {}", "fn main(_: ring3::Env, _: u8) {}", "fn main() -> &'static str { \"\" }"]
    {
        let complaint = Package::new("mistake", &[("program", &program(main))], ABORT).complaint();
        assert!(complaint.contains("cannot be the `main` of a program"), "{complaint}");
        assert!(complaint.contains("takes nothing or a `ring3::Env`"), "{complaint}");
    }
    let complaint = Package::new("mistake", &[("program", &program("fn main() {}"))], "").complaint();
    assert!(complaint.contains("write `panic = \"abort\"` in both"), "{complaint}");
    // The compiler's own words.
    let forgotten = program("fn main() {}").replace("#![no_main]\n", "");
    let complaint = Package::new("mistake", &[("program", &forgotten)], ABORT).complaint();
    assert!(complaint.contains("use `#![no_main]` to bypass the Rust generated entrypoint"), "{complaint}");
}

/// Each program of a workspace has the layout that it asks for.
#[test]
fn programs_of_a_workspace_differ() {
    let hello = include_str!("../../examples/hello.rs");
    let tiny = include_str!("../../examples/hello_tiny.rs");
    let root = Package::new("workspace", &[("root", hello)], SMALL);
    let workspace = root.with_members(&[("one", tiny), ("other", hello)]);
    let dir = workspace.build("release", "", &["root", "one", "other"]);
    let sizes = ["root", "one", "other"].map(|name| {
        assert_eq!(run(dir.join(name), &[]), ended(0, "Hello World!\n", ""));
        fs::metadata(dir.join(name)).unwrap().len()
    });
    assert!(sizes[0] == sizes[2] && sizes[0] <= 512 && sizes[1] <= 232, "{sizes:?}");
}

/// The same source is a program of std when it is compiled for unwinding, and a test when it is compiled for the test harness.
#[test]
fn cargo_test_takes_programs_as_they_are() {
    let program = PROBE.replace("#![no_std]", "#![cfg_attr(panic = \"abort\", no_std)]");
    let program = program.replace("#![no_main]", "#![cfg_attr(not(test), no_main)]");
    let test = "#[test]\nfn runs() { assert_eq!(increment(1), 2); }\n";
    let package = Package::new("tested", &[("probe", &format!("{program}{test}"))], ABORT);
    let tested = package.cargo(&["test"], "");
    assert!(tested.status.success(), "{}", String::from_utf8_lossy(&tested.stderr));
    assert!(String::from_utf8_lossy(&tested.stdout).contains("1 passed"));

    let hosted = Package::new("hosted", &[("probe", &program)], "");
    let probe = hosted.build("dev", "", &["probe"]).join("probe");
    assert_eq!(output(Command::new(probe).arg("a").env_remove("PROBE")), ended(42, "a\n", ""));
}

#[test]
fn std_keeps_the_memory_functions_of_libc() {
    let package = Package::new("std", &[("hosted", include_str!("programs/hosted.rs"))], "");
    for profile in ["dev", "release"] {
        let hosted = package.build(profile, "", &["hosted"]).join("hosted");
        assert_eq!(run(&hosted, &[]), ended(0, "xxx", ""));
        let bytes = fs::read(hosted).unwrap();
        let imported = file::imports(&bytes);
        for name in ["memcpy", "memmove", "memset"] {
            assert!(imported.iter().any(|import| import == name), "{name} is not among {imported:?}");
        }
    }
}
