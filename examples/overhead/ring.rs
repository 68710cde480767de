//! An io_uring that writes one piece many times by one call.

use core::ffi::c_void;
use core::ptr;
use core::sync::atomic::{AtomicU32, Ordering};
use ring3::consts::{IoringEnter, IoringOff, IoringOp, Map, Prot};
use ring3::uapi::{io_uring_cqe, io_uring_params, io_uring_sqe};
use ring3::{AsFd, AsRawFd, BorrowedFd, Errno, OwnedFd, Result, retry, sys};

/// A ring, and the descriptor that it writes to. What is mapped stays: the program ends soon after.
pub struct Ring<'a> {
    ring: OwnedFd,
    to: BorrowedFd<'a>,
    /// As many as there are requests.
    requests: *mut io_uring_sqe,
    count: u32,
    submitted: &'static AtomicU32,
    completions: *const io_uring_cqe,
    mask: u32,
    taken: &'static AtomicU32,
    completed: &'static AtomicU32,
}

impl<'a> Ring<'a> {
    /// A ring of so many requests: a power of two.
    pub fn new(to: BorrowedFd<'a>, count: u32) -> Result<Self> {
        // SAFETY: all of it are numbers, for which zeros are values.
        let mut params: io_uring_params = unsafe { core::mem::zeroed() };
        let ring = sys::io_uring_setup(count, &mut params)?;
        if params.sq_entries != count {
            return Err(Errno::EINVAL);
        }
        let (sq, cq) = (&params.sq_off, &params.cq_off);
        let length = |start: u32, count: u32, size: usize| start as usize + count as usize * size;
        let queue = map(&ring, IoringOff::SQ_RING, length(sq.array, count, size_of::<u32>()))?;
        let size = length(cq.cqes, params.cq_entries, size_of::<io_uring_cqe>());
        let completions = map(&ring, IoringOff::CQ_RING, size)?;
        let requests = map(&ring, IoringOff::SQES, length(0, count, size_of::<io_uring_sqe>()))?;
        // SAFETY: the kernel has said what is at these offsets, within what is mapped, for good, and shares it as atomic words.
        unsafe {
            let array = queue.byte_add(sq.array as usize).cast::<u32>();
            // Request n is always the nth.
            (0..count).for_each(|n| array.add(n as usize).write(n));
            Ok(Self {
                ring,
                to,
                requests: requests.cast(),
                count,
                submitted: &*queue.byte_add(sq.tail as usize).cast(),
                completions: completions.byte_add(cq.cqes as usize).cast(),
                mask: completions.byte_add(cq.ring_mask as usize).cast::<u32>().read(),
                taken: &*completions.byte_add(cq.head as usize).cast(),
                completed: &*completions.byte_add(cq.tail as usize).cast(),
            })
        }
    }

    /// Writes the piece as often as the ring has requests, and waits for all of them.
    pub fn write(&self, piece: &[u8]) -> Result<()> {
        for n in 0..self.count as usize {
            // SAFETY: there are so many requests, and the kernel has read all that were submitted before; zeros are a value.
            unsafe {
                let mut request: io_uring_sqe = core::mem::zeroed();
                request.opcode = IoringOp::WRITE.raw();
                request.fd = self.to.as_raw_fd();
                request.anon2.addr = piece.as_ptr().expose_provenance() as u64;
                request.len = piece.len() as u32;
                self.requests.add(n).write(request);
            }
        }
        // The kernel sees the requests when it sees the number.
        self.submitted
            .store(self.submitted.load(Ordering::Relaxed).wrapping_add(self.count), Ordering::Release);
        let mut submitted = 0;
        while submitted < self.count {
            let (rest, wait) = (self.count - submitted, self.count);
            // SAFETY: the piece lives until all requests are completed, which the call waits for.
            let entered = retry(|| unsafe {
                sys::io_uring_enter(&self.ring, rest, wait, IoringEnter::GETEVENTS, None)
            });
            submitted += entered? as u32;
        }
        self.collect(piece.len())
    }

    /// Takes all completions: each has written all.
    fn collect(&self, length: usize) -> Result<()> {
        let head = self.taken.load(Ordering::Relaxed);
        // The completions are there if the number says so.
        if self.completed.load(Ordering::Acquire).wrapping_sub(head) != self.count {
            return Err(Errno::EIO);
        }
        let mut result = Ok(());
        for n in 0..self.count {
            // SAFETY: the kernel has written it, and the mask keeps the place within the ring.
            let written = unsafe { (*self.completions.add((head.wrapping_add(n) & self.mask) as usize)).res };
            if usize::try_from(written) != Ok(length) {
                result = Err(u16::try_from(-written).ok().and_then(Errno::new).unwrap_or(Errno::EIO));
            }
        }
        self.taken.store(head.wrapping_add(self.count), Ordering::Release);
        result
    }
}

/// Maps a part of the ring.
fn map(ring: &OwnedFd, part: IoringOff, length: usize) -> Result<*mut c_void> {
    let (protection, flags) = (Prot::READ | Prot::WRITE, Map::SHARED | Map::POPULATE);
    // SAFETY: new memory, where the kernel likes.
    unsafe { sys::mmap(ptr::null_mut(), length, protection, flags, Some(ring.as_fd()), part.raw()) }
}
