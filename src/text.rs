//! Strings that stand one after the other in a text: they need no table of pointers.

/// The part of the text that begins at `start` and is `length` bytes long.
///
/// # Safety
///
/// The text must have that part, between characters.
#[inline]
pub const unsafe fn part(text: &'static str, start: usize, length: usize) -> &'static str {
    // SAFETY: the caller's promise.
    unsafe {
        let bytes = core::slice::from_raw_parts(text.as_ptr().add(start), length);
        core::str::from_utf8_unchecked(bytes)
    }
}
