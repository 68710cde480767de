//! Paths, without a heap.

use core::{
    ffi::CStr,
    fmt::{self, Write},
};
use ring3::{Errno, Result, sys};

/// The longest path that a call takes, with its null.
const PATH_MAX: usize = 4096;

/// A path of its own, of up to `N` bytes with the null.
#[derive(Clone)]
pub struct PathBuf<const N: usize = PATH_MAX> {
    /// Zeros behind the path.
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> PathBuf<N> {
    pub const EMPTY: Self = Self { bytes: [0; N], length: 0 };

    /// The path of these parts, one after the other.
    pub fn of(parts: &[&[u8]]) -> Result<Self> {
        let mut path = Self::EMPTY;
        parts.iter().try_for_each(|part| path.push(part))?;
        Ok(path)
    }

    fn push(&mut self, part: &[u8]) -> Result<()> {
        let end = self.length + part.len();
        // The last byte stays null.
        let room = self.bytes[..N - 1].get_mut(self.length..end).ok_or(Errno::ENAMETOOLONG)?;
        room.copy_from_slice(part);
        self.length = end;
        Ok(())
    }

    pub fn as_c_str(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.bytes).unwrap_or_default()
    }
}

impl<const N: usize> Write for PathBuf<N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text.as_bytes()).map_err(|_| fmt::Error)
    }
}

/// The name of a temporary file: no other process of this pid namespace takes the same, and a file of another one's is found to exist.
pub fn temporary(number: u32) -> PathBuf<40> {
    let mut name = PathBuf::EMPTY;
    // Two numbers fit.
    let _ = write!(name, ".cp-{}-{number}", sys::getpid().as_raw());
    name
}

/// The directory and the name of a path.
pub fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|&byte| byte == b'/') {
        Some(0) => path.split_at(1),
        Some(at) => (&path[..at], &path[at + 1..]),
        None => (b".", path),
    }
}

/// What a file is called in a directory that it is copied to.
pub fn name(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|&byte| byte != b'/').map_or(0, |at| at + 1);
    split(&path[..end]).1
}

/// A path for people: what is no UTF-8 is shown as such.
pub struct Shown<'a>(pub &'a CStr);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.to_bytes().utf8_chunks() {
            f.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                f.write_char(char::REPLACEMENT_CHARACTER)?;
            }
        }
        Ok(())
    }
}
