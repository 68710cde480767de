//! `grep [-cilnqsv] TEXT [FILE...]`: prints the lines of files, or of standard input, that contain a text.
//!
//! It shows a heap, lines of any length, output through a buffer, and what is due to whoever calls a program: 0 if a line was
//! selected, 1 if none was, 2 if something failed, and a message for each failure. The text is none but itself, as with `grep -F`.
//!
//! ```sh
//! cargo run --release --features alloc --example grep -- -n root /etc/passwd /etc/group
//! dmesg | target/release/examples/grep -i usb
//! ```

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

extern crate alloc;

use alloc::{format, string::String, vec::Vec};
use core::ffi::CStr;
use ring3::{
    AT_FDCWD, AsFd, Env, Errno, ExitCode, STDIN,
    consts::{Mode, O},
    eprintln,
    io::{self, Reader, Stdout},
    println, retry, sys,
};

const USAGE: &str = "usage: grep [-cilnqsv] TEXT [FILE...]";

const HELP: &str = "
Prints the lines that contain TEXT of files, or of standard input.

  -c      how many lines there are in each file, instead of the lines
  -i      letters of ASCII are the same in either case
  -l      the names of the files that have such lines, instead of the lines
  -n      the number of each line before it
  -q      nothing: the exit code says whether there is one
  -s      no word of files that cannot be read
  -v      the lines that do not contain TEXT
  --help  print this

Exits with 0 if there was such a line, 1 if there was none, 2 if something failed.";

/// What is asked for.
#[derive(Default)]
struct Options {
    help: bool,
    count: bool,
    ignore_case: bool,
    names_only: bool,
    numbers: bool,
    quiet: bool,
    no_messages: bool,
    invert: bool,
    /// Whether lines are printed with the name of their file.
    names: bool,
}

/// Which side failed.
enum Failure {
    Input(Errno),
    Output(Errno),
}

fn contains(line: &[u8], text: &[u8], ignore_case: bool) -> bool {
    let mut places = line.windows(text.len().max(1));
    text.is_empty()
        || if ignore_case {
            places.any(|place| place.eq_ignore_ascii_case(text))
        } else {
            places.any(|place| place == text)
        }
}

/// Searches one file and says how many lines were selected.
fn search(
    fd: impl AsFd,
    name: &str,
    text: &[u8],
    options: &Options,
    out: &mut Stdout,
) -> Result<usize, Failure> {
    let mut input = Reader::<_, 8192>::new(fd);
    let mut line = Vec::new();
    let (mut number, mut selected) = (0_usize, 0);
    let prefix = if options.names { format!("{name}:") } else { String::new() };
    loop {
        line.clear();
        if input.read_line(&mut line).map_err(Failure::Input)? == 0 {
            break;
        }
        number += 1;
        let content = line.strip_suffix(b"\n").unwrap_or(&line);
        if contains(content, text, options.ignore_case) == options.invert {
            continue;
        }
        selected += 1;
        if options.quiet || options.names_only {
            break;
        }
        if !options.count {
            let mut print = || {
                out.write_all(prefix.as_bytes())?;
                if options.numbers {
                    write!(out, "{number}:")?;
                }
                out.write_all(content)?;
                out.write_all(b"\n")
            };
            print().map_err(Failure::Output)?;
        }
    }
    if options.names_only && selected > 0 && !options.quiet {
        writeln!(out, "{name}").map_err(Failure::Output)?;
    } else if options.count && !options.quiet {
        writeln!(out, "{prefix}{selected}").map_err(Failure::Output)?;
    }
    Ok(selected)
}

fn search_file(name: &CStr, text: &[u8], options: &Options, out: &mut Stdout) -> Result<usize, Failure> {
    if name == c"-" {
        return search(STDIN, "(standard input)", text, options, out);
    }
    let flags = O::RDONLY | O::CLOEXEC;
    let file = retry(|| sys::openat(AT_FDCWD, name, flags, Mode::empty())).map_err(Failure::Input)?;
    search(&file, &name.to_string_lossy(), text, options, out)
}

/// The options, the text and the files, or the letter of an option that there is none of.
fn parse(env: Env) -> Result<(Options, Option<&'static CStr>, Vec<&'static CStr>), char> {
    let mut options = Options::default();
    let (mut words, mut only_words) = (Vec::new(), false);
    for argument in env.args().skip(1) {
        match argument.to_bytes() {
            b"--" if !only_words => only_words = true,
            b"--help" if !only_words => options.help = true,
            [b'-', letters @ ..] if !letters.is_empty() && !only_words => {
                for letter in letters {
                    *match letter {
                        b'c' => &mut options.count,
                        b'i' => &mut options.ignore_case,
                        b'l' => &mut options.names_only,
                        b'n' => &mut options.numbers,
                        b'q' => &mut options.quiet,
                        b's' => &mut options.no_messages,
                        b'v' => &mut options.invert,
                        other => return Err(char::from(*other)),
                    } = true;
                }
            }
            _ => words.push(argument),
        }
    }
    let mut words = words.into_iter();
    let text = words.next();
    let files: Vec<_> = words.collect();
    options.names = files.len() > 1;
    Ok((options, text, files))
}

fn main(env: Env) -> ExitCode {
    const FAILED: u8 = 2;
    let (options, text, mut files) = match parse(env) {
        Ok((Options { help: true, .. }, ..)) => {
            println!("{USAGE}\n{HELP}");
            return ExitCode::SUCCESS;
        }
        Ok((options, Some(text), files)) => (options, text, files),
        Ok(_) => {
            eprintln!("{USAGE}");
            return FAILED.into();
        }
        Err(letter) => {
            eprintln!("grep: there is no option -{letter}");
            return FAILED.into();
        }
    };
    if files.is_empty() {
        files.push(c"-");
    }
    let mut out = io::stdout();
    let (mut selected, mut failed) = (false, false);
    let mut written = Ok(());
    for name in files {
        match search_file(name, text.to_bytes(), &options, &mut out) {
            Ok(count) => selected |= count > 0,
            Err(Failure::Input(error)) => {
                failed = true;
                if !options.no_messages {
                    eprintln!("grep: {}: {error}", name.to_string_lossy());
                }
            }
            // Nothing that follows could be written either.
            Err(Failure::Output(error)) => {
                written = Err(error);
                break;
            }
        }
        if options.quiet && selected {
            return ExitCode::SUCCESS;
        }
    }
    if let Err(error) = written.and_then(|()| out.flush()) {
        eprintln!("grep: standard output: {error}");
        failed = true;
    }
    match (failed, selected) {
        (true, _) => FAILED.into(),
        (false, selected) => u8::from(!selected).into(),
    }
}

ring3::entry!(main);
