//! A directory for the checks to work in, and an end of all that is in it.

use crate::report::{Outcome, Run};
use crate::tools::mode;
use core::ffi::CStr;
use core::fmt::Write;
use ring3::consts::{At, Mode, O};
use ring3::{AT_FDCWD, Errno, sys};

/// The directory's name, which no other run has.
pub struct Name {
    text: [u8; 64],
    len: usize,
}

impl Write for Name {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        // The last byte stays 0.
        let rest = self.text[self.len..63].get_mut(..text.len()).ok_or(core::fmt::Error)?;
        rest.copy_from_slice(text.as_bytes());
        self.len += text.len();
        Ok(())
    }
}

impl Name {
    pub fn new() -> Self {
        let mut name = Self { text: [0; 64], len: 0 };
        let _ = write!(name, "/tmp/ring3-portable-{}", sys::getpid().as_raw());
        name
    }

    pub fn as_c_str(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.text).unwrap_or_default()
    }
}

pub fn enter(run: &Run) -> Outcome {
    plain!(run, umask(mode(0o022)));
    let name = Name::new();
    call!(run, mkdir(name.as_c_str(), mode(0o755)))?;
    refused!(run, EEXIST, mkdir(name.as_c_str(), mode(0o755)));
    call!(run, chdir(name.as_c_str()))?;
    Ok(())
}

pub fn leave(run: &Run) -> Outcome {
    let here = call!(run, open(c".", O::RDONLY | O::DIRECTORY, Mode::empty()))?;
    let mut entries = [0; 4096];
    let length = call!(run, getdents64(&here, &mut entries))?;
    let mut left = &entries[..length];
    // Number, position, length of the entry, type, name.
    while let Some(&[low, high]) = left.get(16..18) {
        let (entry, rest) = left.split_at(u16::from_ne_bytes([low, high]).into());
        let name = CStr::from_bytes_until_nul(&entry[19..]).unwrap_or_default();
        if name != c"." && name != c".." {
            match sys::unlinkat(AT_FDCWD, name, At::empty()) {
                Err(Errno::EISDIR | Errno::EPERM) => sys::unlinkat(AT_FDCWD, name, At::REMOVEDIR)?,
                result => result?,
            }
        }
        left = rest;
    }
    call!(run, chdir(c"/"))?;
    call!(run, rmdir(Name::new().as_c_str()))?;
    Ok(())
}
