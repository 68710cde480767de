//! The example `syscalls`: what it prints, what it complains of, and its exit codes.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

use ring3::abi::{self, Abi};
use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

/// Built without ring3's dev-dependencies.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("syscalls");
        let built = Command::new(env!("CARGO"))
            .args([
                "build",
                "--quiet",
                "--offline",
                "--package",
                "examples",
                "--example",
                "syscalls",
                "--target-dir",
            ])
            .arg(&directory)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        directory.join("debug/examples/syscalls")
    })
}

/// Runs it: its exit code, and what it has said on standard output and error.
fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(program()).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[track_caller]
fn prints(arguments: &[&str]) -> String {
    let (code, stdout, stderr) = run(arguments);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    stdout
}

/// It ends with this code, and with one line of this to standard error.
#[track_caller]
fn refuses(arguments: &[&str], code: i32, complaint: &str) {
    let (ended, stdout, stderr) = run(arguments);
    assert_eq!((ended, stdout.as_str(), stderr), (Some(code), "", format!("syscalls: {complaint}\n")));
}

#[test]
fn one_call_on_every_abi() {
    let text = prints(&["write"]);
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("long write(unsigned int fd, const char *buf, size_t count)"));
    assert_eq!(lines.next(), Some("  ABI             NUMBER  SINCE   NUMBER IN  ARGUMENTS"));
    assert_eq!(lines.next(), Some("  x86_64               1  2.6     rax        fd rdi, buf rsi, count rdx"));
    assert_eq!(lines.clone().count(), abi::ALL.len() - 1);
    assert!(text.contains("\n  arm                  4  2.6.16  r7         fd r0, buf r1, count r2\n"));
    assert!(text.contains("\n  x32         1073741825  3.4     rax        fd rdi, buf rsi, count rdx\n"));
}

#[test]
fn prototypes_and_pairs_that_differ() {
    let text = prints(&["mmap"]);
    assert!(text.contains("\nlong mmap({ unsigned long addr, "), "{text}");
    assert!(text.contains("\n  i386                90  1.0     eax        { ... } ebx\n"), "{text}");
    let text = prints(&["--abi", "arm", "ftruncate64"]);
    assert!(text.ends_with(" r7         fd r0, length r2:r3\n"), "{text}");
    let text = prints(&["tuxcall", "getpid", "--abi=x86_64"]);
    let expected = "tuxcall: no call is behind the number\n  ABI             NUMBER  SINCE   NUMBER IN  ARGUMENTS\n  x86_64             184  -       rax       \n\nlong getpid(void)\n";
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn from_number_to_name() {
    let expected = "long openat(int dfd, const char *filename, int flags, umode_t mode)\n  ABI             NUMBER  SINCE   NUMBER IN  ARGUMENTS\n  x86_64             257  2.6.16  rax        dfd rdi, filename rsi, flags rdx, mode r10\n";
    for arguments in [["0x101", "--abi", "x86_64"], ["257", "--abi", "native"], ["--abi", "x86_64", "openat"]]
    {
        assert_eq!(prints(&arguments), expected);
    }
    // As the headers of the kernel have it: what is newer than `open` has no `open`.
    let text = prints(&["open"]);
    assert!(text.ends_with("\n\nnot on aarch64 riscv64 riscv32 loongarch64 csky hexagon\n"), "{text}");
    // Without an ABI: what the number is on each.
    let text = prints(&["4"]);
    assert!(text.contains("long stat(") && text.contains("\nlong write("), "{text}");
}

#[test]
fn all_calls_of_an_abi() {
    for &abi in abi::ALL {
        let text = prints(&["--abi", abi.name()]);
        assert_eq!(text.lines().count(), abi.calls().len() + 2, "{abi}");
        for (line, call) in text.lines().skip(2).zip(abi.calls()) {
            let words: Vec<_> = line.split_whitespace().take(2).collect();
            assert_eq!(words, [call.number().to_string().as_str(), call.name()]);
            assert!(line.ends_with(if call.is_live() { ")" } else { " -" }), "{line}");
        }
    }
    let text = prints(&["--abi", "riscv64"]);
    assert!(
        text.starts_with("riscv64: `ecall`, number in a7, arguments in a0 a1 a2 a3 a4 a5, result in a0\n")
    );
    assert!(text.contains("\n        64  write                    4.15    long write(unsigned int fd, const char *buf, size_t count)\n"), "{text}");
}

#[test]
fn for_scripts() {
    let line = "64\twrite\tsys_write\t3\tlong write(unsigned int fd, const char *buf, size_t count)\triscv64";
    assert_eq!(prints(&["--tsv", "write", "--abi", "riscv64"]), format!("{line}\n"));
    assert!(prints(&["--tsv", "--abi", "riscv64"]).lines().any(|other| other == line));
    assert_eq!(prints(&["--tsv", "write"]).lines().count(), abi::ALL.len());
    let text = prints(&["--tsv", "--abi", "x86_64"]);
    assert_eq!(text.lines().count(), abi::X86_64.calls().len());
    assert!(text.lines().all(|line| line.split('\t').count() == 6), "{text}");
    assert!(text.lines().any(|line| line == "184\ttuxcall\t\t0\t\tx86_64"), "{text}");
}

/// The test of the contracts holds the numbers of the data to the model.
#[test]
fn coverage() {
    let text = prints(&["--coverage"]);
    let mut lines = text.lines();
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("ABI       rows  live   raw  sys safe  sys unsafe  rows described  omitted  todo")
    );
    let mut names = Vec::new();
    for line in lines {
        let (name, counts) = line.split_once(' ').unwrap();
        let abi = Abi::by_abi_name(name).unwrap();
        let counts: Vec<usize> = counts.split_whitespace().map(|count| count.parse().unwrap()).collect();
        let live = abi.calls().filter(|call| call.is_live()).count();
        let data = abi.coverage();
        let [raw, safe, hazardous, omitted, todo] =
            [data.raw, data.safe, data.hazardous, data.omitted, data.todo].map(usize::from);
        let described = live - omitted - todo;
        assert_eq!(
            counts,
            [abi.calls().len(), live, raw, safe, hazardous, described, omitted, todo],
            "{line}"
        );
        names.push(name);
    }
    assert_eq!(names, ["x86_64", "i386", "arm", "aarch64", "riscv64", "riscv32"]);
}

#[test]
fn what_is_not_there() {
    refuses(&["wirte"], 1, "no call of any ABI is named `wirte`; the nearest is `write`");
    refuses(&["open", "--abi", "riscv64"], 1, "no call of riscv64 is named `open`; the nearest is `openat`");
    refuses(&["fstatt"], 1, "no call of any ABI is named `fstatt`; the nearest is `fstat`");
    refuses(&["zzz"], 1, "no call of any ABI is named `zzz`");
    refuses(&[&"x".repeat(300)], 1, &format!("no call of any ABI is named `{}`", "x".repeat(300)));
    refuses(&["9999999"], 1, "no call of any ABI has the number 9999999");
    refuses(&["0x3e7", "--abi", "i386"], 1, "no call of i386 has the number 999");
    // What is there is printed nevertheless.
    let (code, stdout, stderr) = run(&["getpit", "getpid", "--tsv", "--abi", "x86_64"]);
    assert_eq!((code, stdout.as_str()), (Some(1), "39\tgetpid\tsys_getpid\t0\tlong getpid(void)\tx86_64\n"));
    assert_eq!(stderr.lines().count(), 1);
}

#[test]
fn usage() {
    let text = prints(&["--help"]);
    assert!(text.starts_with("usage: syscalls NAME|NUMBER... [--abi ABI] [--tsv]\n"), "{text}");
    assert!(abi::ALL.iter().all(|abi| text.contains(&format!(" {abi}"))), "{text}");
    let missing = "a name, a number, --abi or --coverage is missing, see --help";
    refuses(&[], 2, missing);
    refuses(&["--tsv"], 2, missing);
    refuses(&["--abi"], 2, "--abi wants the name of an ABI, see --help");
    refuses(&["--abi", "pdp11"], 2, "there is no ABI of this name, see --help: pdp11");
    refuses(&["--coverage", "write"], 2, "--coverage goes with nothing else");
    for argument in ["--wide", "", "0x", "4294967296", "12write"] {
        refuses(&[argument], 2, &format!("this is no option, no name and no number of 32 bits: {argument}"));
    }
}

#[test]
fn output_that_nobody_takes() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let ran = Command::new(program()).args(["--abi", "i386"]).stdout(full).output().unwrap();
    let error = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(1));
    assert!(error.starts_with("syscalls: standard output: ") && error.lines().count() == 1, "{error}");

    for arguments in [&["write"][..], &["--abi", "i386"], &["--help"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ran =
            Command::new(program()).args(arguments).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!((ran.status.code(), ran.stderr.len()), (Some(1), 0), "{arguments:?}: {ran:?}");
    }
}

/// `...` stands for the rest of an output.
#[test]
fn the_readme_shows_what_it_prints() {
    let readme = include_str!("../README.md");
    let section = readme.split_once("### syscalls\n").expect("the section").1;
    let console =
        section.split("```").nth(1).and_then(|block| block.strip_prefix("console\n")).expect("its block");
    let mut shown = 0;
    for run in console.split("$ syscalls ").skip(1) {
        let (arguments, expected) = run.split_once('\n').unwrap();
        let printed = prints(&arguments.split(' ').collect::<Vec<_>>());
        match expected.strip_suffix("...\n") {
            Some(start) => assert!(printed.starts_with(start), "{arguments}: {printed}"),
            None => assert_eq!(printed, expected, "{arguments}"),
        }
        shown += 1;
    }
    assert_eq!(shown, 4);
}
