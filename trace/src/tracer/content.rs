//! Memory as it is given to calls, and as it must be when the kernel sees it.

use crate::given;
use core::mem::size_of;

/// The bytes of a piece of memory, known to tracer and tracee by few numbers.
pub enum Content {
    /// The bytes of a seed, with these in place of some.
    Fill {
        seed: u64,
        size: usize,
        except: &'static [Patch],
    },
    /// A string of a seed, and the null after it.
    Text {
        seed: u64,
        length: usize,
    },
    /// An integer.
    Number {
        value: u64,
        size: usize,
    },
    /// One after the other.
    Pieces(&'static [Piece]),
    Zeros(usize),
    /// Room for so many bytes, whatever they are.
    Room(usize),
    /// A room with a list of slices: each leads to a part of the room.
    Slices {
        seed: u64,
        count: usize,
    },
    /// A room with a list of strings and the null after it.
    Strings {
        seed: u64,
        count: usize,
    },
}

/// An integer of a number of bytes.
pub enum Piece {
    Number(u64, usize),
    /// The address of a room.
    Room(usize, usize),
    Any(usize),
}

/// An integer in the place of other bytes, or any bytes at all there.
pub struct Patch {
    pub at: usize,
    pub size: usize,
    pub value: Option<u64>,
}

pub const fn fill(seed: u64, size: usize) -> Content {
    Content::Fill { seed, size, except: &[] }
}

pub const fn number(value: u64, size: usize) -> Content {
    Content::Number { value, size }
}

/// The bytes that an argument's memory can have.
pub const ROOM: usize = 1024;
/// Where the parts of a room begin that its slices and strings lead to, and their distance.
const PARTS: usize = 512;
const PART: usize = 64;
const WORD: usize = size_of::<usize>();

/// The byte of a seed at a place.
pub fn byte(seed: u64, at: usize) -> u8 {
    // splitmix64.
    let mut mixed = seed.wrapping_add((at as u64 / 8 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ mixed >> 31) >> (at % 8 * 8)) as u8
}

/// The same for strings: no null.
fn letter(seed: u64, at: usize) -> u8 {
    byte(seed, at).max(1)
}

/// The byte of an integer in memory.
fn of_number(value: u64, size: usize, at: usize) -> u8 {
    let bytes = value.to_ne_bytes();
    if cfg!(target_endian = "big") { bytes[bytes.len() - size + at] } else { bytes[at] }
}

/// The part that a slice or a string leads to: where it begins in the room, and its length.
pub const fn part(index: usize) -> (usize, usize) {
    (PARTS + index * PART, 5 + index)
}

impl Piece {
    fn size(&self) -> usize {
        match *self {
            Self::Number(_, size) | Self::Room(_, size) | Self::Any(size) => size,
        }
    }
}

impl Content {
    pub fn size(&self) -> usize {
        match *self {
            Self::Fill { size, .. } | Self::Number { size, .. } | Self::Zeros(size) | Self::Room(size) => {
                size
            }
            Self::Text { length, .. } => length + 1,
            Self::Pieces(pieces) => pieces.iter().map(Piece::size).sum(),
            Self::Slices { .. } | Self::Strings { .. } => ROOM,
        }
    }

    /// The byte at a place, if it must be a certain one, for memory at `address`.
    pub fn byte(&self, at: usize, address: usize) -> Option<u8> {
        Some(match *self {
            Self::Fill { seed, except, .. } => {
                let patch = except.iter().find(|patch| (patch.at..patch.at + patch.size).contains(&at));
                match patch {
                    Some(patch) => return Some(of_number(patch.value?, patch.size, at - patch.at)),
                    None => byte(seed, at),
                }
            }
            Self::Text { length, .. } if at == length => 0,
            Self::Text { seed, .. } => letter(seed, at),
            Self::Number { value, size } => of_number(value, size, at),
            Self::Pieces(pieces) => {
                let mut at = at;
                let piece = pieces.iter().find(|piece| {
                    let here = at < piece.size();
                    at -= if here { 0 } else { piece.size() };
                    here
                });
                match *piece? {
                    Piece::Number(value, size) => of_number(value, size, at),
                    Piece::Room(room, size) => of_number(given::room(room) as u64, size, at),
                    Piece::Any(_) => return None,
                }
            }
            Self::Zeros(_) => 0,
            Self::Room(_) => return None,
            Self::Slices { seed, count } => {
                let (index, word) = (at / WORD / 2, at / WORD % 2);
                let (begin, length) = part(index);
                let list = [address + begin, length][word] as u64;
                if index < count { of_number(list, WORD, at % WORD) } else { byte(seed, at) }
            }
            Self::Strings { seed, count } => match at / WORD {
                index if index < count => of_number((address + part(index).0) as u64, WORD, at % WORD),
                index if index == count => 0,
                _ if at < PARTS => byte(seed, at),
                _ if at % PART == part((at - PARTS) / PART).1 => 0,
                _ => letter(seed, at),
            },
        })
    }
}
