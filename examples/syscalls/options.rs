//! What is asked for.

use ring3::{Env, abi::Abi};

/// What holds for all that is printed.
#[derive(Default)]
pub struct Options {
    pub abi: Option<&'static Abi>,
    pub tsv: bool,
}

pub enum Show {
    Help,
    Coverage,
    All(&'static Abi),
    /// Those of [`queries`].
    Queries,
}

#[derive(Clone, Copy)]
pub enum Query {
    Name(&'static str),
    Number(u32),
}

/// A mistake of the caller's: what is said of it, and the argument.
pub struct Wrong {
    pub what: &'static str,
    pub argument: &'static [u8],
}

/// An argument.
enum Word {
    Abi(&'static [u8]),
    MissingAbi,
    Tsv,
    Coverage,
    Help,
    Other(&'static [u8]),
}

/// The arguments, an option together with its value.
fn words(env: Env) -> impl Iterator<Item = Word> {
    let mut arguments = env.args().skip(1);
    core::iter::from_fn(move || {
        let argument = arguments.next()?.to_bytes();
        Some(match argument {
            b"--abi" => arguments.next().map_or(Word::MissingAbi, |abi| Word::Abi(abi.to_bytes())),
            b"--tsv" => Word::Tsv,
            b"--coverage" => Word::Coverage,
            b"--help" | b"-h" => Word::Help,
            _ => argument.strip_prefix(b"--abi=").map_or(Word::Other(argument), Word::Abi),
        })
    })
}

/// A name or a number; a number that does not fit is none.
fn query(argument: &'static [u8]) -> Option<Query> {
    let text = core::str::from_utf8(argument).ok()?;
    let number = match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None if text.starts_with(|first: char| first.is_ascii_digit()) => text.parse(),
        None if text.is_empty() || text.starts_with('-') => return None,
        None => return Some(Query::Name(text)),
    };
    number.ok().map(Query::Number)
}

/// The names and numbers, all of which [`parse`] has seen.
pub fn queries(env: Env) -> impl Iterator<Item = Query> {
    words(env).filter_map(|word| match word {
        Word::Other(argument) => query(argument),
        _ => None,
    })
}

fn abi(name: &'static [u8]) -> Option<&'static Abi> {
    match core::str::from_utf8(name).ok()? {
        "native" => Some(Abi::native()),
        name => Abi::by_abi_name(name),
    }
}

pub fn parse(env: Env) -> Result<(Show, Options), Wrong> {
    let mut options = Options::default();
    let (mut coverage, mut asked) = (false, false);
    for word in words(env) {
        match word {
            Word::Help => return Ok((Show::Help, options)),
            Word::Coverage => coverage = true,
            Word::Tsv => options.tsv = true,
            Word::MissingAbi => {
                return Err(Wrong { what: "--abi wants the name of an ABI, see --help", argument: b"" });
            }
            Word::Abi(name) => {
                options.abi =
                    Some(abi(name).ok_or(Wrong {
                        what: "there is no ABI of this name, see --help: ",
                        argument: name,
                    })?);
            }
            Word::Other(argument) => {
                asked = true;
                let what = "this is no option, no name and no number of 32 bits: ";
                query(argument).ok_or(Wrong { what, argument })?;
            }
        }
    }
    let show = match (coverage, asked, options.abi) {
        (true, false, None) if !options.tsv => Show::Coverage,
        (true, ..) => return Err(Wrong { what: "--coverage goes with nothing else", argument: b"" }),
        (_, true, _) => Show::Queries,
        (_, _, Some(abi)) => Show::All(abi),
        _ => {
            return Err(Wrong {
                what: "a name, a number, --abi or --coverage is missing, see --help",
                argument: b"",
            });
        }
    };
    Ok((show, options))
}
