//! The command line.

use crate::names::{NATIVE, Numbers, nearest};
use core::ffi::CStr;
use ring3::{CStrs, Env, Errno, Sysno, consts::SeccompRet, eprintln};

/// What `--help` says.
pub const USAGE: &str = include_str!("usage.txt");

/// A path, and whether what is below it may be changed.
#[derive(Clone, Copy)]
pub struct Place {
    pub path: &'static CStr,
    pub write: bool,
}

pub struct Options {
    /// None: all calls.
    pub allow: Option<Numbers>,
    pub deny: SeccompRet,
    pub learn: bool,
    places: [Place; Self::PLACES],
    count: usize,
    pub program: &'static CStr,
    pub argv: CStrs<'static>,
}

/// What is not a usable command line.
pub enum Unusable {
    /// Help was wanted.
    Help,
    /// It has been said what is wrong.
    Wrong,
}

impl Options {
    const PLACES: usize = 64;

    /// Reads the command line.
    pub fn read(env: Env) -> Result<Self, Unusable> {
        let mut options = Self {
            allow: None,
            deny: SeccompRet::TRAP,
            learn: false,
            places: [Place { path: c"", write: false }; Self::PLACES],
            count: 0,
            program: c"",
            argv: CStrs::EMPTY,
        };
        let mut args = env.args();
        args.next();
        loop {
            let argv = args.list();
            let Some(word) = args.next() else { return wrong("a program is missing") };
            let mut value = || args.next().map_or_else(|| missing(word), Ok);
            match word.to_bytes() {
                b"--help" => return Err(Unusable::Help),
                b"--allow" => options.allow(value()?)?,
                b"--deny" => options.deny = deny(value()?)?,
                b"--learn" => options.learn = true,
                b"--ro" => options.place(Place { path: value()?, write: false })?,
                b"--rw" => options.place(Place { path: value()?, write: true })?,
                [b'-', ..] => {
                    eprintln!("sandbox: there is no option {}", word.to_bytes().escape_ascii());
                    return Err(Unusable::Wrong);
                }
                _ => {
                    (options.program, options.argv) = (word, argv);
                    break;
                }
            }
        }
        match (&options.allow, options.learn) {
            (Some(_), true) => wrong("--learn and --allow exclude each other"),
            (None, false) if options.count == 0 => wrong("one of --allow, --learn, --ro and --rw is needed"),
            (None, _) if options.deny != SeccompRet::TRAP => wrong("--deny is for --allow"),
            _ => Ok(options),
        }
    }

    pub fn places(&self) -> &[Place] {
        &self.places[..self.count]
    }

    fn allow(&mut self, list: &CStr) -> Result<(), Unusable> {
        let numbers = self.allow.get_or_insert_with(|| {
            let mut numbers = Numbers::new();
            // The kernel has this made in the place of an allowed call that a signal has interrupted.
            numbers.insert(Sysno::RESTART_SYSCALL.number());
            numbers
        });
        for name in list.to_bytes().split(|&byte| byte == b',') {
            match str::from_utf8(name).ok().and_then(|name| NATIVE.by_name(name)) {
                Some(call) => numbers.insert(call.number()),
                None => {
                    let shown = name.escape_ascii();
                    match nearest(name) {
                        Some(call) => eprintln!(
                            "sandbox: {NATIVE} has no call {shown}; there is one that is called {}",
                            call.name()
                        ),
                        None => eprintln!("sandbox: {NATIVE} has no call {shown}"),
                    }
                    return Err(Unusable::Wrong);
                }
            }
        }
        Ok(())
    }

    fn place(&mut self, place: Place) -> Result<(), Unusable> {
        let Some(free) = self.places.get_mut(self.count) else { return wrong("too many paths") };
        *free = place;
        self.count += 1;
        Ok(())
    }
}

/// What `--deny` means.
fn deny(word: &CStr) -> Result<SeccompRet, Unusable> {
    match word.to_bytes() {
        // A trap is a SIGSYS that tells which call it was; a kill would not.
        b"kill" => Ok(SeccompRet::TRAP),
        b"errno" => {
            let number = Errno::EPERM.number();
            Ok(SeccompRet::ERRNO | SeccompRet::from_bits_retain(number.into()))
        }
        _ => wrong("--deny is kill or errno"),
    }
}

fn missing<T>(option: &CStr) -> Result<T, Unusable> {
    eprintln!("sandbox: {} wants a value", option.to_bytes().escape_ascii());
    Err(Unusable::Wrong)
}

fn wrong<T>(what: &str) -> Result<T, Unusable> {
    eprintln!("sandbox: {what}");
    Err(Unusable::Wrong)
}
