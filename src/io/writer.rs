//! Output: all of it, whatever a call takes, and through a buffer.

use crate::{
    Errno, Result, STDOUT,
    fd::{AsFd, BorrowedFd},
    retry, sys,
};
use core::{
    fmt::{self, Write},
    mem::MaybeUninit,
};

/// Writes all bytes: goes on after a write that took a part, and after a signal.
///
/// # Errors
///
/// Those of [`write`](sys::write), but `EINTR`; some of the bytes may be written then. `EIO` where a write takes nothing and says no more.
pub fn write_all(fd: impl AsFd, bytes: &[u8]) -> Result<()> {
    push(fd.as_fd(), bytes).1
}

/// How many bytes could be written, and what ended that.
fn push(fd: BorrowedFd<'_>, bytes: &[u8]) -> (usize, Result<()>) {
    let mut written = 0;
    while let Some(rest @ [_, ..]) = bytes.get(written..) {
        match sys::write(fd, rest) {
            Ok(0) => return (written, Err(Errno::EIO)),
            Ok(count) => written += count,
            Err(Errno::EINTR) => {}
            Err(error) => return (written, Err(error)),
        }
    }
    (written, Ok(()))
}

/// Prints a text, without a heap: as one write if it has up to 1024 bytes, otherwise as several.
///
/// It is what [`println!`](crate::println) does, and says how it went.
///
/// ```
/// use ring3::{STDOUT, io};
///
/// io::print(STDOUT, format_args!("{} and {}\n", 1, 2))?;
/// # Ok::<(), ring3::Errno>(())
/// ```
///
/// # Errors
///
/// Those of [`write_all`]; `EINVAL` if a value's own formatting fails.
#[inline]
pub fn print(fd: impl AsFd, text: fmt::Arguments<'_>) -> Result<()> {
    match text.as_str() {
        // Where the compiler sees that nothing is to be formatted, a program has none of what formats.
        Some(text) => write_all(fd, text.as_bytes()),
        None => print_formatted(fd.as_fd(), text),
    }
}

fn print_formatted(fd: BorrowedFd<'_>, text: fmt::Arguments<'_>) -> Result<()> {
    let (mut room, mut length) = ([MaybeUninit::uninit(); 1024], 0);
    let mut buffer = Buffer { fd, room: &mut room, length: &mut length };
    buffer.format(text)?;
    buffer.flush()
}

/// Standard output, through a buffer of 8 KiB.
pub type Stdout = Writer<BorrowedFd<'static>, 8192>;

/// Standard output, through a buffer of 8 KiB. Each call makes a new buffer.
///
/// ```
/// use ring3::io;
///
/// let mut out = io::stdout();
/// for number in 0..10_000 {
///     writeln!(out, "{number}")?;
/// }
/// out.flush()?;
/// # Ok::<(), ring3::Errno>(())
/// ```
#[must_use]
pub const fn stdout() -> Stdout {
    Writer::new(STDOUT)
}

/// A descriptor with a buffer of `N` bytes before it: many small outputs become few writes.
///
/// What is in the buffer is written when it is full, by [`flush`](Self::flush), and when the value is dropped, which can report no
/// error: a program that wants to know flushes. A program that panics or exits without returning from `main` loses it.
///
/// An error is the caller's to see, and loses nothing: what could not be written stays in the buffer, and the next flush begins where the
/// last one ended. That makes it fit for descriptors that do not block. A pipe that nobody reads is `EPIPE`, every time; to
/// get that far, a program has to ignore SIGPIPE, which otherwise ends it, as nothing here changes what signals do.
///
/// `write!` and `writeln!` answer a [`Result`] whose error is the call's. For code that wants it, [`core::fmt::Write`] is there, too.
pub struct Writer<F: AsFd, const N: usize> {
    fd: F,
    length: usize,
    room: [MaybeUninit<u8>; N],
}

impl<F: AsFd, const N: usize> Writer<F, N> {
    /// A writer with an empty buffer.
    #[must_use]
    pub const fn new(fd: F) -> Self {
        Self { fd, length: 0, room: [const { MaybeUninit::uninit() }; N] }
    }

    /// The descriptor.
    #[must_use]
    pub const fn get_ref(&self) -> &F {
        &self.fd
    }

    /// What was taken and is not written yet.
    #[must_use]
    pub fn buffer(&self) -> &[u8] {
        // SAFETY: so many bytes of the room are filled.
        unsafe { self.room.get_unchecked(..self.length).assume_init_ref() }
    }

    /// Takes bytes, as many as it says: all, unless there are more than the buffer holds.
    ///
    /// # Errors
    ///
    /// Those of [`write_all`]; none of the bytes is taken then.
    pub fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.parts().write(bytes)
    }

    /// Takes all bytes.
    ///
    /// # Errors
    ///
    /// Those of [`write_all`]; some of the bytes may be taken then.
    pub fn write_all(&mut self, bytes: &[u8]) -> Result<()> {
        self.parts().write_all(bytes)
    }

    /// Takes formatted text: `write!` and `writeln!` call this.
    ///
    /// # Errors
    ///
    /// Those of [`write_all`], and `EINVAL` if a value's own formatting fails; some of the text may be taken then.
    pub fn write_fmt(&mut self, text: fmt::Arguments<'_>) -> Result<()> {
        self.parts().format(text)
    }

    /// Writes what is in the buffer.
    ///
    /// # Errors
    ///
    /// Those of [`write_all`]; what is not written stays.
    pub fn flush(&mut self) -> Result<()> {
        self.parts().flush()
    }

    fn parts(&mut self) -> Buffer<'_> {
        Buffer { fd: self.fd.as_fd(), room: &mut self.room, length: &mut self.length }
    }
}

impl<F: AsFd, const N: usize> Write for Writer<F, N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.write_all(text.as_bytes()).map_err(|_| fmt::Error)
    }
}

impl<F: AsFd, const N: usize> Drop for Writer<F, N> {
    fn drop(&mut self) {
        // Nobody is left to report a failure to.
        let _ = self.flush();
    }
}

impl<F: AsFd + fmt::Debug, const N: usize> fmt::Debug for Writer<F, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("fd", &self.fd).field("buffered", &self.length).finish()
    }
}

/// The parts of a writer, whatever its descriptor and its size are: the code is in a program once.
struct Buffer<'a> {
    fd: BorrowedFd<'a>,
    room: &'a mut [MaybeUninit<u8>],
    /// How many bytes of the room are filled.
    length: &'a mut usize,
}

impl Buffer<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        if bytes.len() > self.room.len() - *self.length {
            self.flush()?;
            if bytes.len() >= self.room.len() {
                let taken = retry(|| sys::write(self.fd, bytes))?;
                return if taken == 0 { Err(Errno::EIO) } else { Ok(taken) };
            }
        }
        // SAFETY: the room has space for the bytes after those that are filled; nobody else has it.
        unsafe {
            let end = self.room.as_mut_ptr().add(*self.length);
            end.cast::<u8>().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        }
        *self.length += bytes.len();
        Ok(bytes.len())
    }

    fn write_all(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let taken = self.write(bytes)?;
            bytes = bytes.get(taken..).unwrap_or_default();
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        let room = self.room.as_mut_ptr().cast::<u8>();
        // SAFETY: so many bytes of the room are filled.
        let (written, result) =
            push(self.fd, unsafe { core::slice::from_raw_parts(room.cast_const(), *self.length) });
        *self.length -= written;
        // SAFETY: the rest lies behind what is written, within the room.
        unsafe { room.copy_from(room.add(written), *self.length) };
        result
    }

    fn format(&mut self, text: fmt::Arguments<'_>) -> Result<()> {
        let mut formatter = Formatter { buffer: self, result: Ok(()) };
        match formatter.write_fmt(text) {
            Ok(()) => Ok(()),
            // Where nothing failed here, the value's own formatting did.
            Err(fmt::Error) => formatter.result.and(Err(Errno::EINVAL)),
        }
    }
}

/// Keeps the error that `fmt::Error` cannot carry.
struct Formatter<'a, 'b> {
    buffer: &'a mut Buffer<'b>,
    result: Result<()>,
}

impl Write for Formatter<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.result = self.buffer.write_all(text.as_bytes());
        self.result.map_err(|_| fmt::Error)
    }
}
