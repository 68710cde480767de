//! The file that is written: it gets its name when it is complete.

use crate::{
    path::{PathBuf, split, temporary},
    stop,
};
use core::{ffi::CStr, fmt::Write};
use ring3::{
    AT_FDCWD, AsFd, AsRawFd, BorrowedFd, Errno, OwnedFd, Result,
    consts::{At, Mode, O},
    retry, sys,
};

/// How many names are tried. Each that is taken is another process's, or one's that was killed.
const NAMES: u32 = 1000;
/// How many symbolic links may follow each other, as in the kernel.
const LINKS: usize = 40;

enum Kind {
    /// Without a name: if the program goes away, so does the file.
    Unnamed,
    /// With a name that is not the target's yet.
    Temporary(u32),
    /// A device or a pipe, which is written to as it is.
    Special,
}

/// A file to write to.
pub struct Target {
    pub file: OwnedFd,
    directory: OwnedFd,
    path: PathBuf,
    kind: Kind,
}

/// Follows symbolic links, so that it is the file at their end that is replaced.
fn follow(path: &CStr) -> Result<PathBuf> {
    let mut path: PathBuf = PathBuf::of(&[path.to_bytes()])?;
    for _ in 0..LINKS {
        let mut room = [0; 4096];
        match sys::readlinkat(AT_FDCWD, path.as_c_str(), &mut room) {
            Ok(length) => {
                let link = &room[..length];
                let directory = split(path.as_c_str().to_bytes()).0;
                path = if link.starts_with(b"/") {
                    PathBuf::of(&[link])?
                } else {
                    PathBuf::of(&[directory, b"/", link])?
                };
            }
            Err(_) => return Ok(path),
        }
    }
    Err(Errno::ELOOP)
}

impl Target {
    /// Opens what is to become the file of a path, with these permissions for as long as it has none of its own.
    ///
    /// A target that is there is not touched before [`finish`](Self::finish), unless it is a device, a pipe or a socket.
    pub fn open(path: &CStr, mode: Mode) -> Result<Self> {
        let there = sys::newfstatat(AT_FDCWD, path, At::empty());
        let path = follow(path)?;
        let (directory, name) = split(path.as_c_str().to_bytes());
        if name.is_empty() {
            return Err(Errno::ENOTDIR);
        }
        let flags = O::PATH | O::DIRECTORY | O::CLOEXEC;
        let directory: PathBuf = PathBuf::of(&[directory])?;
        let directory = sys::openat(AT_FDCWD, directory.as_c_str(), flags, Mode::empty())?;
        match there {
            Err(Errno::ENOENT) => {}
            Err(error) => return Err(error),
            Ok(there) if there.st_mode & Mode::IFMT != Mode::IFREG => {
                let flags = O::WRONLY | O::CLOEXEC;
                let file = retry(|| sys::openat(AT_FDCWD, path.as_c_str(), flags, Mode::empty()))?;
                return Ok(Self { file, directory, path, kind: Kind::Special });
            }
            Ok(there) => {
                // A link of /proc may lead where its text does not.
                let found = sys::newfstatat(AT_FDCWD, path.as_c_str(), At::SYMLINK_NOFOLLOW)?;
                if (found.st_dev, found.st_ino) != (there.st_dev, there.st_ino) {
                    return Err(Errno::ESTALE);
                }
            }
        }
        let flags = O::RDWR | O::CLOEXEC;
        if let Ok(file) = sys::openat(&directory, c".", flags | O::TMPFILE, mode)
            && can_be_named(&file)
        {
            return Ok(Self { file, directory, path, kind: Kind::Unnamed });
        }
        let flags = flags | O::CREAT | O::EXCL;
        let (file, number) = with_free_name(&directory, |name| sys::openat(&directory, name, flags, mode))?;
        Ok(Self { file, directory, path, kind: Kind::Temporary(number) })
    }

    /// Whether the file is one that was not there before.
    pub const fn is_new(&self) -> bool {
        !matches!(self.kind, Kind::Special)
    }

    /// Gives the file its name, in the place of whatever had it.
    pub fn finish(self) -> Result<()> {
        let name = split(self.path.as_c_str().to_bytes()).1;
        let name: PathBuf = PathBuf::of(&[name])?;
        let (directory, name) = (self.directory.as_fd(), name.as_c_str());
        let number = match self.kind {
            Kind::Special => return sys::close(self.file),
            Kind::Unnamed => {
                let link = |name: &CStr| link(self.file.as_fd(), directory, name);
                // A name can be given, and not replaced: that takes a second step.
                match link(name) {
                    Err(Errno::EEXIST) => with_free_name(directory, link)?.1,
                    result => return result,
                }
            }
            // Some file systems say only now that the disk is full.
            Kind::Temporary(number) => {
                sys::close(self.file).inspect_err(|_| stop::discard())?;
                number
            }
        };
        let renamed = stop::undisturbed(|| {
            sys::renameat(directory, temporary(number).as_c_str(), directory, name)?;
            stop::keep();
            Ok(())
        });
        renamed.inspect_err(|_| stop::discard())
    }

    /// Leaves everything as it was.
    pub fn give_up(self) {
        stop::discard();
    }
}

/// Makes a file of a temporary name that nobody has, and has it removed if a signal ends the program.
fn with_free_name<T>(directory: impl AsFd, make: impl Fn(&CStr) -> Result<T>) -> Result<(T, u32)> {
    let directory = directory.as_fd();
    for number in 0..NAMES {
        let made = stop::undisturbed(|| {
            let made = make(temporary(number).as_c_str())?;
            // SAFETY: the directory is the target's, which lasts until the file is renamed or removed.
            unsafe { stop::remember(directory, number) };
            Ok(made)
        });
        match made {
            Err(Errno::EEXIST) => {}
            made => return made.map(|made| (made, number)),
        }
    }
    Err(Errno::EEXIST)
}

/// Where /proc shows an open file.
fn in_proc(file: BorrowedFd<'_>) -> PathBuf<40> {
    let mut path = PathBuf::EMPTY;
    // A number fits.
    let _ = write!(path, "/proc/self/fd/{}", file.as_raw_fd());
    path
}

/// Gives a file without a name one.
fn link(file: BorrowedFd<'_>, directory: BorrowedFd<'_>, name: &CStr) -> Result<()> {
    // `AT_EMPTY_PATH` would do without /proc, for root alone.
    sys::linkat(AT_FDCWD, in_proc(file).as_c_str(), directory, name, At::SYMLINK_FOLLOW)
}

/// Whether [`link`] will find the file: /proc may not be mounted.
fn can_be_named(file: &OwnedFd) -> bool {
    match (sys::fstat(file), sys::newfstatat(AT_FDCWD, in_proc(file.as_fd()).as_c_str(), At::empty())) {
        (Ok(one), Ok(other)) => (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino),
        _ => false,
    }
}
