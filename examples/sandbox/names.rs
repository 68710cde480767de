//! Calls by their names, and lists of them.

use ring3::abi::{self, Abi, Call};

/// The calls of this machine's ABI.
pub const NATIVE: &Abi = abi::NATIVE;

/// Where the numbers begin of another ABI that the kernel tells by them alone: x32 beside x86_64.
pub const FOREIGN: Option<u32> =
    if NATIVE.audit_arch() == abi::X32.audit_arch() { Some(abi::X32.number_base()) } else { None };

/// Numbers in their order, each once.
pub struct Numbers {
    list: [u32; Self::MOST],
    count: usize,
}

impl Numbers {
    /// More than any ABI has.
    const MOST: usize = 1024;

    pub const fn new() -> Self {
        Self { list: [0; Self::MOST], count: 0 }
    }

    pub fn as_slice(&self) -> &[u32] {
        &self.list[..self.count]
    }

    /// Adds a number. There is room for all that have a name.
    pub fn insert(&mut self, number: u32) {
        if let Err(place) = self.as_slice().binary_search(&number)
            && self.count < Self::MOST
        {
            self.list.copy_within(place..self.count, place + 1);
            self.list[place] = number;
            self.count += 1;
        }
    }
}

/// The call whose name is most like this one, if one is.
pub fn nearest(name: &[u8]) -> Option<Call> {
    let near = NATIVE
        .calls()
        .filter(|call| call.is_live())
        .map(|call| (distance(name, call.name().as_bytes()), call));
    let (distance, call) = near.min_by_key(|&(distance, _)| distance)?;
    (distance <= name.len() / 3 + 1).then_some(call)
}

/// How many letters have to be put in, taken out or changed to make the one of the other.
fn distance(one: &[u8], other: &[u8]) -> usize {
    const MOST: usize = 64;
    let mut row: [usize; MOST] = core::array::from_fn(|index| index);
    if one.len() >= MOST || other.len() >= MOST {
        return usize::MAX;
    }
    for (index, letter) in one.iter().enumerate() {
        let mut diagonal = index;
        row[0] = index + 1;
        for (place, known) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != known);
            diagonal = row[place + 1];
            row[place + 1] = changed.min(diagonal + 1).min(row[place] + 1);
        }
    }
    row[other.len()]
}
