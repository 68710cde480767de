//! cat: one file after the other, whatever is in them.

use super::Examples;

pub fn check(examples: &mut Examples) {
    // Longer than a pipe's and any reasonable buffer, and no text.
    let content: Vec<u8> = (0..200_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let other = b"no newline at the end";
    let (first, second) = (examples.file("cat.one", &content), examples.file("cat.other", other));
    examples.says("cat", &[&first, &second], &[&content[..], other].concat());
}
