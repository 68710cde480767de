//! Input: through a buffer, line by line.

use crate::{
    Result, STDIN,
    fd::{AsFd, BorrowedFd},
    retry, sys,
};
use core::{fmt, mem::MaybeUninit};

/// Standard input, through a buffer of 8 KiB.
pub type Stdin = Reader<BorrowedFd<'static>, 8192>;

/// Standard input, through a buffer of 8 KiB. What one buffer has read, another does not see: a program wants one.
///
/// ```no_run
/// use ring3::{io, println};
///
/// let mut input = io::stdin();
/// while let Some(line) = input.next_line()? {
///     println!("{} bytes", line.len());
/// }
/// # Ok::<(), ring3::Errno>(())
/// ```
#[must_use]
pub const fn stdin() -> Stdin {
    Reader::new(STDIN)
}

/// A descriptor with a buffer of `N` bytes behind it, `N` not 0: many small inputs become few reads.
///
/// A read that a signal interrupts is repeated. After any other error nothing is lost: what was read before it is there for the next call. That
/// makes it fit for descriptors that do not block.
pub struct Reader<F: AsFd, const N: usize> {
    fd: F,
    /// Where the bytes begin that nobody has had yet, and where they end.
    start: usize,
    end: usize,
    room: [MaybeUninit<u8>; N],
}

impl<F: AsFd, const N: usize> Reader<F, N> {
    /// A reader with an empty buffer.
    #[must_use]
    pub const fn new(fd: F) -> Self {
        const { assert!(N > 0, "a reader needs a buffer") };
        Self { fd, start: 0, end: 0, room: [const { MaybeUninit::uninit() }; N] }
    }

    /// The descriptor.
    #[must_use]
    pub const fn get_ref(&self) -> &F {
        &self.fd
    }

    /// What was read and nobody has had yet.
    #[must_use]
    pub fn buffer(&self) -> &[u8] {
        // SAFETY: the bytes up to the end are filled, and the start does not pass the end.
        unsafe { self.room.get_unchecked(self.start..self.end).assume_init_ref() }
    }

    /// What was read and nobody has had yet; if that is nothing, what a read gives. Nothing means the end of the file.
    ///
    /// # Errors
    ///
    /// Those of [`read`](sys::read), but `EINTR`.
    pub fn fill_buf(&mut self) -> Result<&[u8]> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            self.read()?;
        }
        Ok(self.buffer())
    }

    /// Marks bytes of [`buffer`](Self::buffer) as had: so many, or all if there are fewer.
    pub fn consume(&mut self, count: usize) {
        self.start = self.end.min(self.start.saturating_add(count));
    }

    /// The next line, lent from the buffer, with its newline; `None` at the end of the file.
    ///
    /// A line that is longer than the buffer comes in parts of `N` bytes: whatever does not end in a newline is a part, or the end of a file
    /// that has none there. `read_line` (feature `alloc`) takes lines of any length.
    ///
    /// # Errors
    ///
    /// Those of [`read`](sys::read), but `EINTR`. What there is of the line stays in the buffer, and the next call goes on.
    pub fn next_line(&mut self) -> Result<Option<&[u8]>> {
        let mut searched = 0;
        let length = loop {
            let bytes = self.buffer();
            if let Some(length) = line_length(bytes.get(searched..).unwrap_or_default()) {
                break searched + length;
            }
            searched = bytes.len();
            if searched == N {
                break searched;
            }
            if self.end == N || searched == 0 {
                self.move_to_front();
            }
            if self.read()? == 0 {
                break searched;
            }
        };
        let start = self.start;
        self.start += length;
        // SAFETY: the bytes up to the end are filled, and the line ends there or before.
        let line = unsafe { self.room.get_unchecked(start..self.start).assume_init_ref() };
        Ok(if line.is_empty() { None } else { Some(line) })
    }

    /// Appends the next line to a vector, with its newline, however long it is, and says how many bytes that were: 0 at the end of
    /// the file. Only the last line of a file may lack its newline.
    ///
    /// ```no_run
    /// # #[cfg(feature = "alloc")]
    /// # fn f() -> ring3::Result<()> {
    /// let mut input = ring3::io::stdin();
    /// let mut line = Vec::new();
    /// while input.read_line(&mut line)? > 0 {
    ///     // ..
    ///     line.clear();
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`read`](sys::read), but `EINTR`, and `ENOMEM` where the vector cannot grow. What there is of the line is in the
    /// vector then, and the next call appends the rest.
    #[cfg(feature = "alloc")]
    pub fn read_line(&mut self, line: &mut alloc::vec::Vec<u8>) -> Result<usize> {
        let mut count = 0;
        loop {
            let bytes = self.fill_buf()?;
            let (length, last) = match line_length(bytes) {
                Some(length) => (length, true),
                None => (bytes.len(), bytes.is_empty()),
            };
            line.try_reserve(length).map_err(|_| crate::Errno::ENOMEM)?;
            line.extend_from_slice(bytes.get(..length).unwrap_or_default());
            self.consume(length);
            count += length;
            if last {
                return Ok(count);
            }
        }
    }

    /// Reads behind what is there, and says how much.
    fn read(&mut self) -> Result<usize> {
        // SAFETY: the end is within the room.
        let free = unsafe { self.room.get_unchecked_mut(self.end..) };
        let count = retry(|| sys::read(&self.fd, &mut *free).map(|(read, _)| read.len()))?;
        self.end += count;
        Ok(count)
    }

    fn move_to_front(&mut self) {
        let room = self.room.as_mut_ptr();
        // SAFETY: both are within the room.
        unsafe { room.copy_from(room.add(self.start), self.end - self.start) };
        self.end -= self.start;
        self.start = 0;
    }
}

/// How long the line is that the bytes begin with, if its end is among them.
fn line_length(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|&byte| byte == b'\n').map(|at| at + 1)
}

impl<F: AsFd + fmt::Debug, const N: usize> fmt::Debug for Reader<F, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("fd", &self.fd).field("buffered", &self.buffer().len()).finish()
    }
}
