//! The command line.

use alloc::{string::String, vec::Vec};
use core::ffi::CStr;
use ring3::{
    Env, Pid,
    abi::{self, Meaning},
};

pub const USAGE: &str = "usage: strace [-f] [-c] [-e trace=NAMES] [-o FILE] [-p PID]... [PROGRAM ARGUMENT...]

Prints the system calls of a program, and the signals that it gets.

  -f              follow the children and threads that it makes
  -c              count calls, errors and time, and print a table at the end
  -e trace=NAMES  no calls but these, with commas between them; all but these after `!`;
                  %file and %desc are the calls that take a path or a descriptor
  -o FILE         print to a file instead of standard error
  -p PID          trace a process that runs already; its other threads too with -f
  --help          print this

Exits with the program's own status, and dies of the signal that it died of.";

#[derive(Default)]
pub struct Options {
    pub follow: bool,
    pub count: bool,
    pub filter: Option<Filter>,
    pub file: Option<&'static CStr>,
    pub pids: Vec<Pid>,
    pub command: Vec<&'static CStr>,
}

/// What the command line asks for.
pub enum Wish {
    Help,
    Trace(Options),
}

/// Which calls are shown.
pub struct Filter {
    /// These are not shown, all others are.
    inverted: bool,
    names: Vec<&'static str>,
}

impl Filter {
    fn parse(text: &'static str) -> Result<Self, String> {
        let (inverted, list) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut names = Vec::new();
        for name in list.split(',').filter(|name| *name != "none") {
            let known = matches!(name, "all" | "%file" | "file" | "%desc" | "desc")
                || abi::ALL.iter().any(|abi| abi.by_name(name).is_some());
            if !known {
                return Err(alloc::format!("there is no system call {name}"));
            }
            names.push(name.strip_prefix('%').unwrap_or(name));
        }
        Ok(Self { inverted, names })
    }

    pub fn takes(&self, call: Option<abi::Call>) -> bool {
        let Some(call) = call else { return self.inverted };
        let has =
            |wanted: fn(Meaning) -> bool| call.form(&[0; 6]).is_some_and(|form| form.arguments().any(wanted));
        let named = self.names.iter().any(|name| match *name {
            "all" => true,
            "file" => has(|meaning| meaning == Meaning::Path),
            "desc" => has(|meaning| meaning == Meaning::Descriptor),
            name => name == call.name(),
        });
        named != self.inverted
    }
}

/// The wish, or what is wrong with it.
pub fn parse(env: Env) -> Result<Wish, String> {
    let mut options = Options::default();
    let mut words = env.args().skip(1);
    while let Some(word) = words.next() {
        let text = word.to_str().unwrap_or("");
        let Some(letters) = text.strip_prefix('-').filter(|letters| !letters.is_empty() && *letters != "-")
        else {
            options.command.extend((text != "--").then_some(word));
            options.command.extend(words);
            break;
        };
        if letters == "-help" {
            return Ok(Wish::Help);
        }
        for (at, letter) in letters.char_indices() {
            match letter {
                'f' => options.follow = true,
                'c' => options.count = true,
                'h' => return Ok(Wish::Help),
                'e' | 'o' | 'p' => {
                    // The rest of the word, or the next one.
                    let value = match &word.to_bytes_with_nul()[at + 2..] {
                        [0] => words.next(),
                        rest => CStr::from_bytes_with_nul(rest).ok(),
                    };
                    let value = value.ok_or_else(|| alloc::format!("-{letter} wants a value"))?;
                    options.set(letter, value)?;
                    break;
                }
                other => return Err(alloc::format!("there is no option -{other}")),
            }
        }
    }
    match (options.command.is_empty(), options.pids.is_empty()) {
        (true, true) => Err("expected a PROGRAM, or -p PID".into()),
        _ => Ok(Wish::Trace(options)),
    }
}

impl Options {
    fn set(&mut self, letter: char, value: &'static CStr) -> Result<(), String> {
        let text = value.to_str().map_err(|_| alloc::format!("-{letter} wants text"))?;
        match letter {
            'e' => {
                let names = text.strip_prefix("trace=").unwrap_or(text);
                if names.contains('=') {
                    return Err(alloc::format!("-e {text}: trace=NAMES alone is known"));
                }
                self.filter = Some(Filter::parse(names)?);
            }
            'o' => self.file = Some(value),
            _ => {
                let pid = text.parse().ok().filter(|pid| *pid > 0).and_then(Pid::new);
                self.pids
                    .push(pid.ok_or_else(|| alloc::format!("-p {text}: expected the number of a process"))?);
            }
        }
        Ok(())
    }
}
