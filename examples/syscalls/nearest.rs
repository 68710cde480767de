//! The name that was probably meant.

use ring3::abi::Abi;

/// More than any name has.
const MOST: usize = 64;

/// How many letters are to be put in, taken out, replaced or swapped with the next one to make one name of the other.
fn distance(one: &[u8], other: &[u8]) -> usize {
    // The rows of the table for the last two letters and for this one.
    let mut rows = [[0_usize; MOST + 1]; 3];
    for (column, start) in rows[0].iter_mut().enumerate() {
        *start = column;
    }
    for (index, letter) in one.iter().enumerate() {
        let [before, last, this] = match index % 3 {
            0 => [2, 0, 1],
            1 => [0, 1, 2],
            _ => [1, 2, 0],
        };
        rows[this][0] = index + 1;
        for (column, with) in other.iter().enumerate() {
            let replaced = rows[last][column] + usize::from(letter != with);
            let mut least = replaced.min(rows[last][column + 1] + 1).min(rows[this][column] + 1);
            if index > 0 && column > 0 && one[index - 1] == *with && *letter == other[column - 1] {
                least = least.min(rows[before][column - 1] + 1);
            }
            rows[this][column + 1] = least;
        }
    }
    rows[one.len() % 3][other.len()]
}

/// The name of these ABIs that is nearest to another one, if any letter of it is right.
pub fn name(abis: &[&'static Abi], wanted: &str) -> Option<&'static str> {
    let wanted = wanted.as_bytes();
    if wanted.len() > MOST {
        return None;
    }
    let names = abis.iter().flat_map(|abi| abi.calls()).filter(|call| call.is_live()).map(|call| call.name());
    let known = names.filter(|name| name.len() <= MOST).map(|name| (distance(wanted, name.as_bytes()), name));
    let (distance, name) = known.min_by_key(|(distance, _)| *distance)?;
    (distance < wanted.len().max(name.len())).then_some(name)
}
