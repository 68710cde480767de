//! What the options do, and how the example ends.

use crate::ours;
use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    os::unix::process::ExitStatusExt as _,
    process::{Command, Output, Stdio},
};

fn run(arguments: &[&str]) -> Output {
    Command::new(ours()).args(arguments).output().unwrap()
}

/// Standard error.
fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn help_and_usage_errors() {
    let help = run(&["--help"]);
    assert!(
        help.status.success() && help.stdout.starts_with(b"usage: strace [-f]") && help.stderr.is_empty()
    );
    let cases: [(&[&str], &str); 7] = [
        (&[], "strace: expected a PROGRAM, or -p PID\n"),
        (&["-f"], "strace: expected a PROGRAM, or -p PID\n"),
        (&["-x", "true"], "strace: there is no option -x\n"),
        (&["-o"], "strace: -o wants a value\n"),
        (&["-e", "trace=opn", "true"], "strace: there is no system call opn\n"),
        (&["-e", "signal=none", "true"], "strace: -e signal=none: trace=NAMES alone is known\n"),
        (&["-p", "x"], "strace: -p x: expected the number of a process\n"),
    ];
    for (arguments, line) in cases {
        let output = run(arguments);
        assert_eq!((output.status.code(), said(&output)), (Some(2), line.to_owned()), "{arguments:?}");
    }
    let missing = run(&["/does/not/exist"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(said(&missing).starts_with("strace: /does/not/exist: "));
}

#[test]
fn it_ends_as_the_program_does() {
    assert_eq!(run(&["-e", "trace=none", "sh", "-c", "exit 7"]).status.code(), Some(7));
    let killed = run(&["-e", "trace=none", "sh", "-c", "kill -TERM $$"]);
    assert_eq!(killed.status.signal(), Some(15));
    assert!(said(&killed).ends_with("+++ killed by SIGTERM +++\n"), "{}", said(&killed));
}

#[test]
fn a_filter_shows_no_other_calls() {
    let names = |filter: &str| {
        let output = run(&["-e", filter, "cat", "/dev/null"]);
        assert_eq!(output.status.code(), Some(0));
        let calls: Vec<_> =
            said(&output).lines().filter_map(|line| Some(line.split_once('(')?.0.to_owned())).collect();
        calls
    };
    let opened = names("trace=openat,close");
    assert!(opened.iter().any(|name| name == "openat") && opened.iter().any(|name| name == "close"));
    assert!(opened.iter().all(|name| name == "openat" || name == "close"), "{opened:?}");
    let others = names("trace=!openat,close");
    assert!(
        others.iter().any(|name| name == "mmap")
            && others.iter().all(|name| name != "openat" && name != "close")
    );
    let files = names("%file");
    assert_eq!(files.first().map(String::as_str), Some("execve"));
    assert!(
        files.iter().all(|name| ["execve", "access", "openat", "newfstatat"].contains(&name.as_str())),
        "{files:?}"
    );
    assert!(names("trace=none").is_empty());
}

#[test]
fn a_file_takes_the_log() {
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("log");
    let output = run(&["-o", log.to_str().unwrap(), "echo", "hello"]);
    assert_eq!(
        (output.status.code(), output.stdout, output.stderr),
        (Some(0), b"hello\n".to_vec(), Vec::new())
    );
    let log = fs::read_to_string(log).unwrap();
    assert!(log.starts_with("execve(") && log.ends_with("+++ exited with 0 +++\n"), "{log}");
    let expected = r#"write(1, "hello\n", 6)                  = 6"#;
    assert!(log.lines().any(|line| line == expected), "{log}");
}

#[test]
fn a_table_counts_calls_and_errors() {
    let output = run(&["-c", "cat", "/does/not/exist"]);
    assert_eq!(output.status.code(), Some(1));
    let table = said(&output);
    let mut lines = table.lines().skip_while(|line| !line.starts_with("% time"));
    assert_eq!(lines.next(), Some("% time     seconds  usecs/call     calls    errors syscall"));
    assert!(lines.next().unwrap().starts_with("------ ----------- "));
    let rows: Vec<Vec<_>> = lines.map(|line| line.split_whitespace().collect()).collect();
    let calls = |row: &[&str]| row[3].parse::<u32>().unwrap();
    let (total, rest) = rows.split_last().unwrap();
    let (_, counted) = rest.split_last().unwrap();
    assert_eq!(total.last(), Some(&"total"));
    assert_eq!(calls(total), counted.iter().map(|row| calls(row)).sum::<u32>());
    let openat = counted.iter().find(|row| row.last() == Some(&"openat")).unwrap();
    assert!(openat.len() == 6 && openat[4].parse::<u32>().unwrap() > 0, "{openat:?}");
}

/// A process that runs already: what it does from then on, and that it goes on when the tracer is asked to end.
#[test]
fn a_running_process_is_joined_and_left() {
    let mut program =
        Command::new("sh").args(["-c", "read one; read two; exit 5"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut input = program.stdin.take().unwrap();
    let mut tracer =
        Command::new(ours()).args(["-p", &program.id().to_string()]).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(tracer.stderr.take().unwrap());
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    if !line.ends_with(" attached\n") {
        let _ = program.kill();
        let _ = program.wait();
        let _ = tracer.wait();
        println!("not shown: no tracing of processes that run here: {line}");
        return;
    }
    input.write_all(b"1\n").unwrap();
    line.clear();
    while !line.contains("\"\\n\", 1)") {
        line.clear();
        assert_ne!(lines.read_line(&mut line).unwrap(), 0, "the log has ended before the line was read");
    }
    assert!(Command::new("kill").args(["-INT", &tracer.id().to_string()]).status().unwrap().success());
    let mut rest = String::new();
    lines.read_to_string(&mut rest).unwrap();
    assert!(rest.contains(&format!("strace: Process {} detached\n", program.id())), "{rest}");
    assert!(tracer.wait().unwrap().success());
    input.write_all(b"2\n").unwrap();
    assert_eq!(program.wait().unwrap().code(), Some(5));
}
