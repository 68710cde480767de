//! The ways to copy: each moves some bytes from where both files stand.

use crate::uring::Batches;
use core::{mem::MaybeUninit, num::NonZeroU64};
use ring3::{
    AsFd, BorrowedFd, Errno, OwnedFd,
    consts::{O, SpliceF},
    io, retry, sys,
};

/// A way to copy.
#[derive(Clone, Copy, PartialEq)]
pub enum How {
    CopyFileRange,
    Sendfile,
    Splice,
    IoUring,
    ReadWrite,
}

impl How {
    pub const ALL: [Self; 5] =
        [Self::CopyFileRange, Self::Sendfile, Self::Splice, Self::IoUring, Self::ReadWrite];

    pub const fn name(self) -> &'static str {
        match self {
            Self::CopyFileRange => "copy_file_range",
            Self::Sendfile => "sendfile",
            Self::Splice => "splice",
            Self::IoUring => "io_uring",
            Self::ReadWrite => "read/write",
        }
    }
}

/// What is copied to what.
pub struct Files<'a> {
    pub from: BorrowedFd<'a>,
    pub to: BorrowedFd<'a>,
    /// Whether one of them has no positions, or is read to an end that nobody knows.
    pub stream: bool,
}

/// Why nothing was moved.
#[derive(Debug)]
pub enum Failure {
    Input(Errno),
    Output(Errno),
    /// The call does not serve for these files, or says no more than that it has failed. Another way may.
    Unfit(Errno),
}

/// How much a call is asked for at once: it is not to keep a progress bar waiting.
const CHUNK: u64 = 8 << 20;
/// The size of the pipe that splice goes through.
const PIPE: u32 = 1 << 20;

/// One way to copy, and what it takes.
pub struct Mover {
    pub how: How,
    pipe: Option<[OwnedFd; 2]>,
    ring: Option<Batches>,
    /// The last step was finished by other means for this reason.
    unfit: Option<Errno>,
}

impl Mover {
    pub const fn new(how: How) -> Self {
        Self { how, pipe: None, ring: None, unfit: None }
    }

    /// Moves up to `limit` bytes, and says how many. 0 is the end. An error means that nothing was moved.
    ///
    /// All go by the files' own positions but io_uring, which is told the position.
    pub fn step(&mut self, files: &Files<'_>, position: u64, limit: NonZeroU64) -> Result<u64, Failure> {
        if let Some(reason) = self.unfit {
            return Err(Failure::Unfit(reason));
        }
        let count = limit.get().min(CHUNK) as usize;
        match self.how {
            How::CopyFileRange => self.copy_file_range(files, position, count),
            How::Sendfile => moved(retry(|| sys::sendfile(files.to, files.from, None, count))),
            How::Splice => self.splice(files, count),
            How::IoUring => {
                if self.ring.is_none() {
                    self.ring = Some(Batches::new().map_err(Failure::Unfit)?);
                }
                self.ring.as_mut().map_or(Ok(0), |ring| ring.step(files, position, limit))
            }
            How::ReadWrite => read_write(files, count),
        }
    }

    /// Files whose size is 0 and whose content is not, as in /proc, have nothing to copy for this call.
    fn copy_file_range(&mut self, files: &Files<'_>, position: u64, count: usize) -> Result<u64, Failure> {
        let copied = moved(retry(|| sys::copy_file_range(files.from, None, files.to, None, count)))?;
        if copied > 0 || position > 0 {
            return Ok(copied);
        }
        let copied = read_write(files, count)?;
        if copied > 0 {
            self.unfit = Some(Errno::EINVAL);
        }
        Ok(copied)
    }

    /// One side of each splice must be a pipe: where neither file is one, a pipe between them is.
    fn splice(&mut self, files: &Files<'_>, count: usize) -> Result<u64, Failure> {
        if self.pipe.is_none() {
            match retry(|| sys::splice(files.from, None, files.to, None, count, SpliceF::MOVE)) {
                Err(Errno::EINVAL) => {}
                result => return moved(result),
            }
            let pipe = sys::pipe2(O::CLOEXEC).map_err(Failure::Unfit)?;
            // A larger one saves calls; the kernel may have a limit below.
            let _ = sys::fcntl::setpipe_sz(&pipe[1], PIPE);
            self.pipe = Some(pipe);
        }
        let Some([out, into]) = &self.pipe else { return Ok(0) };
        let taken = moved(retry(|| sys::splice(files.from, None, into, None, count, SpliceF::MOVE)))?;
        let mut left = taken as usize;
        while left > 0 {
            match retry(|| sys::splice(out, None, files.to, None, left, SpliceF::MOVE)) {
                Ok(count @ 1..) => left -= count,
                refused => {
                    // What is in the pipe is read from nowhere else: it goes on by hand.
                    self.unfit = Some(refused.err().unwrap_or(Errno::EIO));
                    let pipe = Files { from: out.as_fd(), ..*files };
                    left -= read_write(&pipe, left)? as usize;
                }
            }
        }
        Ok(taken)
    }
}

/// The answer of a call that does not say which side its error is about. No room is the target's; read and write tell of the rest.
fn moved(answer: ring3::Result<usize>) -> Result<u64, Failure> {
    answer.map(|count| count as u64).map_err(|error| match error {
        Errno::ENOSPC | Errno::EDQUOT | Errno::EFBIG => Failure::Output(error),
        _ => Failure::Unfit(error),
    })
}

fn read_write(files: &Files<'_>, count: usize) -> Result<u64, Failure> {
    let mut buffer = [MaybeUninit::<u8>::uninit(); 128 << 10];
    let room = count.min(buffer.len());
    loop {
        // The buffer is lent anew for each attempt: a signal may have come.
        match sys::read(files.from, &mut buffer[..room]) {
            Ok((bytes, _)) => {
                return io::write_all(files.to, bytes).map(|()| bytes.len() as u64).map_err(Failure::Output);
            }
            Err(Errno::EINTR) => {}
            Err(error) => return Err(Failure::Input(error)),
        }
    }
}
