//! One file's content into another: its data, and holes where it has holes.

use crate::{
    how::{Failure, Files, How, Mover},
    progress::Progress,
};
use core::num::NonZeroU64;
use ring3::{Errno, consts::Seek, sys};

/// A copy under way.
pub struct Copy<'a> {
    files: Files<'a>,
    mover: Mover,
    /// The ways that are left, if this one does not serve.
    others: &'a [How],
    position: u64,
    progress: &'a mut Progress,
}

impl<'a> Copy<'a> {
    /// A copy by the first of these ways that serves. There is one at least.
    pub fn new(files: Files<'a>, (first, others): (How, &'a [How]), progress: &'a mut Progress) -> Self {
        Self { files, mover: Mover::new(first), others, position: 0, progress }
    }

    /// Copies all there is, and says how much that was. The way that was taken is for the error, too.
    pub fn run(mut self) -> Result<u64, (Failure, How)> {
        let copied = if self.files.stream { self.rest() } else { self.extents() };
        let how = self.mover.how;
        copied.map_err(|failure| (failure, how))?;
        self.progress.finish(self.position, how);
        Ok(self.position)
    }

    /// Copies the ranges that hold data, as far as the file system knows them, and gives the target the source's length.
    fn extents(&mut self) -> Result<(), Failure> {
        loop {
            let data = match sys::lseek(self.files.from, self.position as i64, Seek::DATA) {
                Ok(data) => data,
                // There is no data behind the position: what is there is a hole.
                Err(Errno::ENXIO) => {
                    let end = sys::lseek(self.files.from, 0, Seek::END).map_err(Failure::Input)?;
                    if end > self.position {
                        self.position = end;
                        break;
                    }
                    self.seek()?;
                    // Nothing, or what has come since.
                    self.rest()?;
                    break;
                }
                // Nobody knows: all of it is data.
                Err(_) => {
                    self.seek()?;
                    self.rest()?;
                    break;
                }
            };
            let hole = sys::lseek(self.files.from, data as i64, Seek::HOLE).unwrap_or(u64::MAX);
            self.position = data;
            self.seek()?;
            if !self.range(hole - data)? {
                break;
            }
        }
        sys::ftruncate(self.files.to, self.position).map_err(Failure::Output)
    }

    /// Brings both files to the position.
    fn seek(&self) -> Result<(), Failure> {
        let seek = |fd| sys::lseek(fd, self.position as i64, Seek::SET).map(drop);
        seek(self.files.from).map_err(Failure::Input)?;
        seek(self.files.to).map_err(Failure::Output)
    }

    fn rest(&mut self) -> Result<(), Failure> {
        self.range(u64::MAX).map(drop)
    }

    /// Copies so many bytes from the position on, and says whether there were as many.
    fn range(&mut self, length: u64) -> Result<bool, Failure> {
        let mut left = length;
        while let Some(limit) = NonZeroU64::new(left) {
            match self.mover.step(&self.files, self.position, limit) {
                Ok(0) => return Ok(false),
                Ok(count) => {
                    self.position += count;
                    left -= count;
                    self.progress.show(self.position, self.mover.how);
                }
                // Nothing was moved by this step: the next way goes on from here.
                Err(Failure::Unfit(_)) if let [next, others @ ..] = self.others => {
                    (self.mover, self.others) = (Mover::new(*next), others);
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(true)
    }
}
