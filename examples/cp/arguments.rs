//! What is asked for.

use crate::{how::How, path::Shown};
use core::{ffi::CStr, fmt};
use ring3::{Env, println};

const HELP: &str = "\
usage: cp [--how METHOD] [--progress] [--times] FROM TO
       cp [--how METHOD] [--progress] [--times] FROM... DIRECTORY

Copies files, with their holes and permissions. TO appears, or is replaced, when the copy is complete; a device or a pipe is written to.
The bits that make a program run as its owner or group are kept if the copy has the same ones.

  --how METHOD  copy_file_range, sendfile, splice, io_uring or read/write, and no other;
                without it, the first that serves for the files
  --progress    a bar on standard error
  --times       keep the times of the last access and change
  --help        print this, and exit";

/// What the options say.
#[derive(Default)]
pub struct Options {
    pub how: Option<How>,
    pub progress: bool,
    pub times: bool,
}

/// A command line that makes sense.
pub struct Command {
    pub options: Options,
    env: Env,
    /// How many files there are before the last word.
    pub sources: usize,
    pub to: &'static CStr,
}

/// One that makes none.
pub enum Usage {
    Unknown(&'static CStr),
    NoMethod,
    Method(&'static CStr),
    Missing,
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(option) => write!(f, "there is no option {}", Shown(option)),
            Self::NoMethod => write!(f, "--how wants a method"),
            Self::Method(name) => {
                write!(f, "--how {}: there are", Shown(name))?;
                How::ALL.iter().try_for_each(|how| write!(f, " {}", how.name()))
            }
            Self::Missing => write!(f, "two paths are wanted: --help says more"),
        }
    }
}

/// A word of the command line.
enum Word {
    Option(&'static CStr),
    /// The name of a method, if there is one.
    How(Option<&'static CStr>),
    Path(&'static CStr),
}

/// The command line's words, where `--` makes paths of all that follow.
fn words(env: Env) -> impl Iterator<Item = Word> {
    let (mut arguments, mut paths) = (env.args().skip(1), false);
    core::iter::from_fn(move || {
        let word = arguments.next()?;
        match word.to_bytes() {
            _ if paths => Some(Word::Path(word)),
            b"--" => {
                paths = true;
                arguments.next().map(Word::Path)
            }
            b"--how" => Some(Word::How(arguments.next())),
            [b'-', _, ..] => Some(Word::Option(word)),
            _ => Some(Word::Path(word)),
        }
    })
}

impl Command {
    /// The files to copy.
    pub fn from(&self) -> impl Iterator<Item = &'static CStr> {
        let path = |word| if let Word::Path(path) = word { Some(path) } else { None };
        words(self.env).filter_map(path).take(self.sources)
    }
}

/// What the command line says; nothing, if help was all that was wanted.
pub fn parse(env: Env) -> Result<Option<Command>, Usage> {
    let (mut options, mut paths, mut last) = (Options::default(), 0_usize, None);
    for word in words(env) {
        match word {
            Word::Path(path) => {
                last = Some(path);
                paths += 1;
            }
            Word::How(None) => return Err(Usage::NoMethod),
            Word::How(Some(name)) => {
                let known = How::ALL.into_iter().find(|how| how.name().as_bytes() == name.to_bytes());
                options.how = Some(known.ok_or(Usage::Method(name))?);
            }
            Word::Option(option) => match option.to_bytes() {
                b"--help" => {
                    println!("{HELP}");
                    return Ok(None);
                }
                b"--progress" => options.progress = true,
                b"--times" => options.times = true,
                _ => return Err(Usage::Unknown(option)),
            },
        }
    }
    match (last, paths) {
        (Some(to), 2..) => Ok(Some(Command { options, env, sources: paths - 1, to })),
        _ => Err(Usage::Missing),
    }
}
