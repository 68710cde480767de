//! A stack for handlers.

use crate::{
    Errno, Result,
    consts::{Map, Prot, Ss},
    sys,
    uapi::sigaltstack,
};
use core::{ffi::c_void, marker::PhantomData, ptr};

/// The largest page of any kernel of these ABIs: what lies below a stack, a thread's too, and cannot be touched.
pub(crate) const GUARD: usize = 64 << 10;

/// A stack for the handlers of this thread whose action has `SA_ONSTACK`: they can run where the thread's own stack is used up.
///
/// It is memory of its own, and below it is memory that cannot be touched: a handler that needs more gets a fault and does not overwrite
/// anything. Dropped, it is taken out of use and unmapped.
///
/// # Soundness
///
/// The kernel alone writes to the memory, and handlers use it as the stack that it is. The value stays in its thread, for whom alone it can be taken out of use; that fails
/// while a handler runs on it, and the memory is then left as it is. If another stack is in use by then, somebody may keep this one's address to put it
/// back: the memory is left as it is, too.
#[derive(Debug)]
pub struct AltStack {
    memory: *mut c_void,
    length: usize,
    of_thread: PhantomData<*mut ()>,
}

impl AltStack {
    /// Gives the thread a stack of `size` bytes for its handlers.
    ///
    /// # Errors
    ///
    /// [`ENOMEM`](Errno::ENOMEM): there is no memory, or the kernel's part alone, with all registers of this processor, would not fit (`AT_MINSIGSTKSZ`).
    /// [`EPERM`](Errno::EPERM): the caller is a handler that runs on such a stack.
    #[inline]
    pub fn new(size: usize) -> Result<Self> {
        let size = size.checked_next_multiple_of(GUARD).ok_or(Errno::ENOMEM)?;
        let length = size.checked_add(GUARD).ok_or(Errno::ENOMEM)?;
        let kind = Map::PRIVATE | Map::ANONYMOUS | Map::NORESERVE;
        // SAFETY: new memory, where nothing else is.
        let memory = unsafe { sys::mmap(ptr::null_mut(), length, Prot::NONE, kind, None, 0)? };
        let stack = Self { memory, length, of_thread: PhantomData };
        if let Err(error) = stack.put_up(size) {
            stack.unmap();
            core::mem::forget(stack);
            return Err(error);
        }
        Ok(stack)
    }

    /// Where the stack begins, above what cannot be touched.
    #[inline]
    fn start(&self) -> *mut c_void {
        self.memory.wrapping_byte_add(GUARD)
    }

    #[inline]
    fn put_up(&self, size: usize) -> Result<()> {
        let stack = sigaltstack { ss_sp: self.start(), ss_flags: 0, ss_size: size as _ };
        // SAFETY: the memory is this value's, which stands for it.
        unsafe {
            sys::mprotect(self.start(), size, Prot::READ | Prot::WRITE)?;
            sys::sigaltstack(Some(&stack)).map(|_| ())
        }
    }

    #[inline]
    fn unmap(&self) {
        // SAFETY: nobody else has the memory, and the kernel does not know it any more. If it stays, no harm is done.
        let _ = unsafe { sys::munmap(self.memory, self.length) };
    }
}

impl Drop for AltStack {
    #[inline]
    fn drop(&mut self) {
        let none = sigaltstack { ss_sp: ptr::null_mut(), ss_flags: Ss::DISABLE.bits(), ss_size: 0 };
        // SAFETY: nothing is put up, and only the thread's own stack is taken down: the value does not leave its thread.
        unsafe {
            let current = sys::sigaltstack(None);
            if current.is_ok_and(|current| current.ss_sp == self.start())
                && sys::sigaltstack(Some(&none)).is_ok()
            {
                self.unmap();
            }
        }
    }
}
