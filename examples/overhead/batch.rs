//! Many writes of one piece by one call, through an io_uring.

use crate::ring::{Request, Ring};
use core::cell::RefCell;
use ring3::consts::{IoringOp, Iosqe};
use ring3::{BorrowedFd, Errno, Result};

/// A ring with room for one batch, and the descriptor that it writes to.
pub struct Batch<'a> {
    ring: RefCell<Ring>,
    to: BorrowedFd<'a>,
    count: u32,
}

impl<'a> Batch<'a> {
    /// For so many writes at a time.
    pub fn new(to: BorrowedFd<'a>, count: u32) -> Result<Self> {
        Ok(Self { ring: RefCell::new(Ring::new(count)?), to, count })
    }

    /// Writes the piece as often as that, and waits until all of it is written.
    pub fn write(&self, piece: &'static [u8]) -> Result<()> {
        let mut ring = self.ring.borrow_mut();
        let request = Request {
            op: IoringOp::WRITE,
            flags: Iosqe::empty(),
            fd: self.to,
            buffer: piece.as_ptr().cast_mut(),
            length: piece.len() as u32,
            offset: 0,
            index: 0,
            user_data: 0,
        };
        for _ in 0..self.count {
            // SAFETY: the descriptor is borrowed for as long as the ring is there, and the piece, which the kernel only reads, for good.
            if !unsafe { ring.push(&request) } {
                return Err(Errno::EBUSY);
            }
        }
        ring.submit(self.count)?;
        let mut result = Ok(());
        for _ in 0..self.count {
            let written = ring.next().ok_or(Errno::EIO)?.res;
            if usize::try_from(written) != Ok(piece.len()) {
                result = Err(u16::try_from(-written).ok().and_then(Errno::new).unwrap_or(Errno::EIO));
            }
        }
        result
    }
}
