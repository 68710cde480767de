//! An io_uring: two rings in memory that the program and the kernel share, and calls only to say that there is something in them.
//!
//! The program writes submissions, 64 bytes each, and moves the tail of the one ring; the kernel takes them from its head. Completions come
//! back through the other ring in the order in which they happen, each with the number that its submission was given. Whoever moves an index
//! publishes what lies behind it: a store with Release on one side, a load with Acquire on the other.
//!
//! The crate `io-uring` would do this in a program with std. It was looked at in version 0.7.15: it has no feature without std, and makes
//! its mappings through libc.
//!
//! [io_uring(7)](https://man7.org/linux/man-pages/man7/io_uring.7.html)

use core::{
    ffi::c_void,
    mem::zeroed,
    ptr,
    sync::atomic::{AtomicU32, Ordering::*},
};
use ring3::{
    AsFd, AsRawFd, BorrowedFd, OwnedFd, Result,
    consts::{IoringEnter, IoringOff, IoringOp, IoringRegister, Iosqe, Map, Prot},
    retry, sys,
    uapi::{io_uring_cqe, io_uring_params, io_uring_sqe, iovec},
};

/// A mapping of one of the ring's parts.
struct Part {
    start: *mut c_void,
    length: usize,
}

impl Part {
    fn map(ring: BorrowedFd<'_>, offset: IoringOff, length: usize) -> Result<Self> {
        let (prot, flags) = (Prot::READ | Prot::WRITE, Map::SHARED | Map::POPULATE);
        // SAFETY: a new mapping, where the kernel likes.
        let start = unsafe { sys::mmap(ptr::null_mut(), length, prot, flags, Some(ring), offset.raw())? };
        Ok(Self { start, length })
    }

    /// What lies at an offset that the kernel has told.
    fn at<T>(&self, offset: u32) -> *mut T {
        self.start.wrapping_byte_add(offset as usize).cast()
    }

    /// An index or a mask.
    fn word(&self, offset: u32) -> &AtomicU32 {
        // SAFETY: the kernel tells offsets of aligned words within the mapping, which lasts as long as `self`, and all access to them is atomic.
        unsafe { &*self.at(offset) }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // SAFETY: the mapping is this value's. It can fail for no reason that could be repaired.
        let _ = unsafe { sys::munmap(self.start, self.length) };
    }
}

/// What became of a submission.
pub struct Completion {
    /// The number that it was given.
    pub user_data: u64,
    /// What the call would have answered: a negative error number, or a result.
    pub res: i32,
}

/// A request: what to do with which bytes of a buffer and of a file.
pub struct Request<'a> {
    pub op: IoringOp,
    /// With `IO_LINK`, the next request begins when this one has succeeded in full, and is cancelled if it has not.
    pub flags: Iosqe,
    pub fd: BorrowedFd<'a>,
    pub buffer: *mut u8,
    pub length: u32,
    pub offset: u64,
    /// Which of the registered buffers `buffer` is in, for the operations that want one.
    pub index: u16,
    pub user_data: u64,
}

/// A ring.
pub struct Ring {
    params: io_uring_params,
    submissions: Part,
    completions: Part,
    entries: Part,
    /// How many requests the kernel has not been told of.
    pending: u32,
    // Fields are dropped in this order: the descriptor after its mappings.
    fd: OwnedFd,
}

impl Ring {
    /// A ring for so many requests at a time, or for a few more.
    ///
    /// Errors: `ENOSYS` and `EPERM` where there is no io_uring or may be none, and those of mmap.
    pub fn new(entries: u32) -> Result<Self> {
        // SAFETY: zeros are what the struct is to have where nothing is asked for.
        let mut params: io_uring_params = unsafe { zeroed() };
        let fd = sys::io_uring_setup(entries, &mut params)?;
        let words = |count: u32| count as usize * size_of::<u32>();
        let length = params.sq_off.array as usize + words(params.sq_entries);
        let submissions = Part::map(fd.as_fd(), IoringOff::SQ_RING, length)?;
        let length = params.cq_off.cqes as usize + params.cq_entries as usize * size_of::<io_uring_cqe>();
        let completions = Part::map(fd.as_fd(), IoringOff::CQ_RING, length)?;
        let length = params.sq_entries as usize * size_of::<io_uring_sqe>();
        let entries = Part::map(fd.as_fd(), IoringOff::SQES, length)?;
        // Submissions could be made in another order than they lie in: here, each place of the ring means the one entry.
        for place in 0..params.sq_entries {
            submissions.word(params.sq_off.array + 4 * place).store(place, Relaxed);
        }
        Ok(Self { params, submissions, completions, entries, pending: 0, fd })
    }

    /// Lets the kernel hold these buffers ready, so that it need not look them up for every request.
    ///
    /// # Safety
    ///
    /// The memory is the kernel's to read and write, by requests, for as long as the ring lasts.
    pub unsafe fn register_buffers(&mut self, buffers: &[iovec]) -> Result<()> {
        let (start, count) = (buffers.as_ptr().cast_mut().cast(), buffers.len() as u32);
        let op = IoringRegister::REGISTER_BUFFERS;
        // SAFETY: the kernel reads so many of these; what they lead to is the caller's promise.
        unsafe { sys::io_uring_register(Some(self.fd.as_fd()), op, start, count) }.map(drop)
    }

    /// Writes a request into the ring, and says whether there was room. [`submit`](Self::submit) tells the kernel.
    ///
    /// # Safety
    ///
    /// Until the request is completed, its descriptor stays open and its bytes are the kernel's: to read, or to write to.
    #[must_use]
    pub unsafe fn push(&mut self, request: &Request<'_>) -> bool {
        let offsets = &self.params.sq_off;
        let (head, tail) = (self.submissions.word(offsets.head), self.submissions.word(offsets.tail));
        // The tail is moved here alone.
        let at = tail.load(Relaxed);
        if at.wrapping_sub(head.load(Acquire)) >= self.params.sq_entries {
            return false;
        }
        // SAFETY: zeros are a request that does nothing.
        let mut entry: io_uring_sqe = unsafe { zeroed() };
        entry.opcode = request.op.raw();
        entry.flags = request.flags.bits();
        entry.fd = request.fd.as_raw_fd();
        entry.anon1.off = request.offset;
        entry.anon2.addr = request.buffer.expose_provenance() as u64;
        entry.len = request.length;
        entry.user_data = request.user_data;
        entry.anon4.buf_index = request.index;
        let place = at & (self.params.sq_entries - 1);
        // SAFETY: the place is one of `sq_entries`, a power of two, and the kernel has done with it: the head is beyond what lay there.
        unsafe { self.entries.at::<io_uring_sqe>(0).add(place as usize).write(entry) };
        tail.store(at.wrapping_add(1), Release);
        self.pending += 1;
        true
    }

    /// Tells the kernel of all requests, and waits until `wanted` completions are there.
    ///
    /// Errors: those of io_uring_enter but `EINTR`. Some of the requests may have begun.
    pub fn submit(&mut self, wanted: u32) -> Result<()> {
        while self.pending > 0 || self.ready() < wanted {
            let flags = if wanted > 0 { IoringEnter::GETEVENTS } else { IoringEnter::empty() };
            // SAFETY: whoever pushed the requests has promised what they need.
            let taken =
                retry(|| unsafe { sys::io_uring_enter(&self.fd, self.pending, wanted, flags, None) })?;
            self.pending -= taken as u32;
        }
        Ok(())
    }

    /// How many completions are there.
    fn ready(&self) -> u32 {
        let offsets = &self.params.cq_off;
        let tail = self.completions.word(offsets.tail).load(Acquire);
        tail.wrapping_sub(self.completions.word(offsets.head).load(Relaxed))
    }

    /// The next completion that is there.
    pub fn next(&mut self) -> Option<Completion> {
        if self.ready() == 0 {
            return None;
        }
        let offsets = &self.params.cq_off;
        let head = self.completions.word(offsets.head);
        let at = head.load(Relaxed);
        let place = at & (self.params.cq_entries - 1);
        let entries = self.completions.at::<io_uring_cqe>(offsets.cqes);
        // SAFETY: the place is one of `cq_entries`, a power of two, and before the tail: the kernel has written what lies there.
        let entry = unsafe { &*entries.add(place as usize) };
        let completion = Completion { user_data: entry.user_data, res: entry.res };
        // The place is the kernel's again.
        head.store(at.wrapping_add(1), Release);
        Some(completion)
    }
}
