//! Copying through a ring: batches of reads into registered buffers, each linked to the write of the same bytes.

use crate::{
    how::{Failure, Files},
    ring::{Request, Ring},
};
use core::{ffi::c_void, num::NonZeroU64};
use ring3::{
    Errno,
    consts::{IoringOp, Iosqe, Prot},
    sys,
    uapi::iovec,
};

/// How many reads are under way at once, and how long each is.
const BATCH: usize = 8;
const LENGTH: usize = 64 << 10;

/// The buffers' memory.
struct Memory(*mut c_void);

impl Memory {
    fn buffer(&self, index: usize) -> *mut u8 {
        self.0.cast::<u8>().wrapping_add(index * LENGTH)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: the mapping is this value's, and the kernel holds the pages that its requests use.
        let _ = unsafe { sys::munmap(self.0, BATCH * LENGTH) };
    }
}

/// A ring with its buffers.
pub struct Batches {
    ring: Ring,
    memory: Memory,
}

/// What became of a read and of the write that it was linked to.
#[derive(Clone, Copy)]
struct Pair {
    read: i32,
    written: i32,
}

/// The kernel's answer: how much, or why not.
fn answer(res: i32) -> ring3::Result<usize> {
    usize::try_from(res).map_err(|_| Errno::new(res.unsigned_abs() as u16).unwrap_or(Errno::EIO))
}

impl Batches {
    pub fn new() -> ring3::Result<Self> {
        let mut ring = Ring::new(2 * BATCH as u32)?;
        let memory = Memory(sys::mmap::anonymous(BATCH * LENGTH, Prot::READ | Prot::WRITE)?);
        let vectors: [_; BATCH] = core::array::from_fn(|index| iovec {
            iov_base: memory.buffer(index).cast(),
            iov_len: LENGTH as _,
        });
        // SAFETY: the memory lasts longer than the ring, is used for requests alone, and is looked at by nobody else.
        unsafe { ring.register_buffers(&vectors)? };
        Ok(Self { ring, memory })
    }

    /// Copies up to `limit` bytes from `position` to `position`. 0 is the end.
    ///
    /// Files without positions get one request at a time: there, order is what counts.
    pub fn step(&mut self, files: &Files<'_>, position: u64, limit: NonZeroU64) -> Result<u64, Failure> {
        let limit = limit.get().min(if files.stream { LENGTH } else { BATCH * LENGTH } as u64) as usize;
        loop {
            let pairs = self.batch(files, position, limit).map_err(Failure::Unfit)?;
            let mut moved = 0;
            for (index, pair) in pairs.iter().enumerate().take(limit.div_ceil(LENGTH)) {
                let length = LENGTH.min(limit - index * LENGTH);
                match self.settle(files, position + moved, index, *pair) {
                    // The batch goes on behind what is there in full. What later pairs have done is done again.
                    Ok(count) if count < length => return Ok(moved + count as u64),
                    Ok(count) => moved += count as u64,
                    Err(Failure::Input(Errno::EINTR | Errno::EAGAIN)) if moved == 0 => break,
                    Err(failure) if moved == 0 => return Err(failure),
                    // The next batch begins with what has failed here.
                    Err(_) => return Ok(moved),
                }
            }
            if moved > 0 {
                return Ok(moved);
            }
        }
    }

    /// Makes the requests, and waits for what becomes of them.
    fn batch(&mut self, files: &Files<'_>, position: u64, limit: usize) -> ring3::Result<[Pair; BATCH]> {
        let mut wanted = 0;
        for start in (0..limit).step_by(LENGTH) {
            let (index, length) = (start / LENGTH, LENGTH.min(limit - start));
            let offset = position + start as u64;
            // A pipe gives less than it is asked for, as a rule: then the link would only be broken.
            let flags = if files.stream { Iosqe::empty() } else { Iosqe::IO_LINK };
            self.push(files, IoringOp::READ_FIXED, flags, (index, 0..length), offset)?;
            wanted += 1;
            if !files.stream {
                self.push(files, IoringOp::WRITE_FIXED, Iosqe::empty(), (index, 0..length), offset)?;
                wanted += 1;
            }
        }
        self.ring.submit(wanted)?;
        let cancelled = -i32::from(Errno::ECANCELED.number());
        let mut pairs = [Pair { read: cancelled, written: cancelled }; BATCH];
        while let Some(done) = self.ring.next() {
            let pair = pairs.get_mut(done.user_data as usize / 2).ok_or(Errno::EIO)?;
            *if done.user_data % 2 == 0 { &mut pair.read } else { &mut pair.written } = done.res;
        }
        Ok(pairs)
    }

    fn push(
        &mut self,
        files: &Files<'_>,
        op: IoringOp,
        flags: Iosqe,
        (index, part): (usize, core::ops::Range<usize>),
        offset: u64,
    ) -> ring3::Result<()> {
        let (fd, side) = if op == IoringOp::READ_FIXED { (files.from, 0) } else { (files.to, 1) };
        let request = Request {
            op,
            flags,
            fd,
            buffer: self.memory.buffer(index).wrapping_add(part.start),
            length: part.len() as u32,
            offset,
            index: index as u16,
            user_data: 2 * index as u64 + side,
        };
        // SAFETY: both descriptors stay open until the batch is over, and nobody else touches the buffer until then.
        if unsafe { self.ring.push(&request) } { Ok(()) } else { Err(Errno::EBUSY) }
    }

    /// Says how much of a pair is in both files, when that is all that was read. A short read has cancelled its write, which is made here.
    fn settle(
        &mut self,
        files: &Files<'_>,
        position: u64,
        index: usize,
        pair: Pair,
    ) -> Result<usize, Failure> {
        let read = answer(pair.read).map_err(Failure::Input)?;
        let mut written = match answer(pair.written) {
            Err(Errno::ECANCELED) => 0,
            other => other.map_err(Failure::Output)?,
        };
        while written < read {
            let offset = position + written as u64;
            let part = (index, written..read);
            let made = self
                .push(files, IoringOp::WRITE_FIXED, Iosqe::empty(), part, offset)
                .and_then(|()| self.ring.submit(1));
            made.map_err(Failure::Output)?;
            match answer(self.ring.next().map_or(0, |done| done.res)) {
                // Nothing, and no reason.
                Ok(0) => return Err(Failure::Output(Errno::EIO)),
                Ok(count) => written += count,
                Err(Errno::EINTR | Errno::EAGAIN) => {}
                Err(error) => return Err(Failure::Output(error)),
            }
        }
        Ok(read)
    }
}
