//! Where the checks run: descriptors, a directory of their own, and whether an emulator stands in for the kernel.

use crate::{
    constants::*,
    portable::calls,
    report::{Run, Text},
};
use core::{
    ffi::{CStr, c_char},
    fmt::Write,
    ptr::{null, null_mut},
};
use ring3::{Errno, uapi::rlimit64};

/// The directory that the checks leave nothing in.
pub struct Place {
    path: Text<64>,
}

impl Place {
    /// The path, with the null that ends it.
    pub fn path(&self) -> &CStr {
        CStr::from_bytes_until_nul(self.path.as_str().as_bytes()).unwrap_or(c"")
    }
}

/// Opens the first three descriptors, if the program was started without one, so that no check gets them.
pub fn open_standard_descriptors() {
    for fd in 0..3 {
        // SAFETY: F_GETFD touches no memory; the path is a string.
        unsafe {
            if calls::fcntl(fd, F_GETFD, 0) == Err(Errno::EBADF) {
                let _ = calls::openat(AT_FDCWD, c"/dev/null".as_ptr(), O_RDWR, 0);
            }
        }
    }
}

/// Tells user-mode emulation: it makes up `/proc/self/exe`, whereas the same link by way of `/proc/thread-self` is the kernel's
/// own word on what file runs.
pub fn emulated() -> bool {
    let (mut told, mut real) = ([0; 512], [0; 512]);
    let told = link(c"/proc/self/exe", &mut told);
    let real = link(c"/proc/thread-self/exe", &mut real);
    !real.is_empty() && told != real
}

fn link<'a>(path: &CStr, target: &'a mut [u8]) -> &'a [u8] {
    // SAFETY: the path is a string; the kernel writes to the buffer, no more than its length.
    let len =
        unsafe { calls::readlinkat(AT_FDCWD, path.as_ptr(), target.as_mut_ptr().cast(), target.len() as _) };
    &target[..len.unwrap_or(0)]
}

/// Lets no file become larger than the checks need: an offset or length that arrives wrong must not fill the machine.
pub fn limit_files(run: &Run) {
    const MOST: u64 = 16 << 30;
    let _ = crate::signals::ignore(run, SIGXFSZ);
    let mut limit = rlimit64 { rlim_cur: 0, rlim_max: 0 };
    if call!(run, prlimit64(0, RLIMIT_FSIZE, null(), &raw mut limit)).is_ok() {
        limit.rlim_cur = limit.rlim_cur.min(MOST);
        let _ = call!(run, prlimit64(0, RLIMIT_FSIZE, &raw const limit, null_mut()));
    }
}

/// Makes a fresh directory and changes into it.
pub fn enter(run: &Run) -> Option<Place> {
    let pid = call!(run, getpid()).ok()?;
    let mut attempt = 0;
    loop {
        let mut path = Text::new();
        let _ = write!(path, "/tmp/ring3-conformance-{pid}-{attempt}\0");
        let place = Place { path };
        match call!(run, mkdirat(AT_FDCWD, place.path().as_ptr(), 0o700)) {
            Ok(_) => {
                call!(run, chdir(place.path().as_ptr())).ok()?;
                return Some(place);
            }
            Err(Errno::EEXIST) if attempt < 100 => attempt += 1,
            Err(_) => return None,
        }
    }
}

impl Place {
    /// Removes the directory, and what checks that failed have left in it.
    pub fn leave(&self, run: &Run) {
        for _ in 0..2 {
            empty(run);
        }
        let _ = call!(run, chdir(c"/".as_ptr()));
        let _ = call!(run, unlinkat(AT_FDCWD, self.path().as_ptr(), AT_REMOVEDIR));
    }
}

/// Removes the files and the empty directories of the current directory.
fn empty(run: &Run) {
    let Ok(fd) = call!(run, openat(AT_FDCWD, c".".as_ptr(), O_RDONLY | O_DIRECTORY, 0)) else { return };
    let mut entries = Entries::new();
    while let Ok(len @ 1..) = call!(run, getdents64(fd as _, entries.as_mut_ptr(), Entries::SIZE as _)) {
        for entry in entries.names(len) {
            let name: *const c_char = entry.as_ptr();
            if entry != c"." && entry != c".." && call!(run, unlinkat(AT_FDCWD, name, 0)).is_err() {
                let _ = call!(run, unlinkat(AT_FDCWD, name, AT_REMOVEDIR));
            }
        }
    }
    let _ = call!(run, close(fd as _));
}

/// What getdents64 gives: records of inode, offset, length, type and name (include/linux/dirent.h).
#[repr(C, align(8))]
pub struct Entries([u8; Entries::SIZE]);

impl Entries {
    pub const SIZE: usize = 4096;

    pub const fn new() -> Self {
        Self([0; Self::SIZE])
    }

    pub fn as_mut_ptr<T>(&mut self) -> *mut T {
        (&raw mut self.0).cast()
    }

    pub fn as_bytes(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// The names of the records in the first `len` bytes.
    pub fn names(&self, len: usize) -> impl Iterator<Item = &CStr> {
        let mut rest = &self.0[..len.min(Self::SIZE)];
        core::iter::from_fn(move || {
            let record = rest.get(..usize::from(u16::from_ne_bytes([*rest.get(16)?, *rest.get(17)?])))?;
            rest = &rest[record.len()..];
            CStr::from_bytes_until_nul(record.get(19..)?).ok()
        })
    }
}
