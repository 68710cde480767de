//! The memory of a thread, and who gives it back.
//!
//! | from below | |
//! |---|---|
//! | what cannot be touched | only in memory that is mapped here |
//! | the stack | |
//! | what the thread begins with | [`Task`] |
//! | the packet | [`Packet`]: who gives the memory back; the function, then its value |
//! | thread-local variables | where the program has any |

use super::Stack;
use crate::{
    Errno, Pid, Result,
    arch::flow::{self, STACK_ALIGN, Task},
    consts::{Clone, Futex, Map, Prot, SigHow},
    raw,
    rt::{
        arch::{PAGE, ThreadPointer},
        threads::{self, Variables},
    },
    signal::{GUARD, SigSet},
    sys,
    uapi::{clone_args, sigset_t},
};
use core::{
    alloc::Layout,
    ffi::{c_int, c_void},
    mem::ManuallyDrop,
    ptr,
    sync::atomic::{
        AtomicU32,
        Ordering::{AcqRel, Acquire},
    },
};

/// The thread runs, and somebody has its handle.
const RUNS: u32 = 0;
/// The handle is gone: the memory is the thread's to give back.
const ALONE: u32 = 1;
/// The value is there: the memory is the handle's to give back.
const DONE: u32 = 2;

/// What the thread and its handle have in common.
#[repr(C)]
pub struct Header {
    /// The thread's number; the kernel makes it 0 and wakes who waits for that, when the thread does not use its memory any more.
    tid: AtomicU32,
    state: AtomicU32,
    /// What is to be unmapped: nothing of the caller's.
    mapped: *mut c_void,
    length: usize,
}

/// The function, until the thread takes it; then the value.
pub union Slot<F, T> {
    pub f: ManuallyDrop<F>,
    pub value: ManuallyDrop<T>,
}

#[repr(C)]
pub struct Packet<F, T> {
    header: Header,
    pub slot: Slot<F, T>,
}

impl<F, T> Packet<F, T> {
    pub const LAYOUT: Layout = Layout::new::<Self>();
}

/// A thread's memory, before there is a thread.
pub struct Place {
    /// What was mapped for it, or null.
    mapped: *mut c_void,
    length: usize,
    packet: *mut c_void,
    task: *mut Task,
    variables: Option<(Variables, *mut c_void)>,
}

impl Place {
    /// Memory with room for all this above the stack.
    #[inline]
    pub fn find(stack: Stack, packet: Layout) -> Result<Self> {
        const TASK: usize = size_of::<Task>().next_multiple_of(STACK_ALIGN);
        let variables = threads::variables()?;
        let align = packet.align().max(STACK_ALIGN);
        let room = variables.as_ref().map_or(0, Variables::size);
        let above = room + TASK + align;
        let above = above.checked_add(packet.size()).ok_or(Errno::ENOMEM)?;
        if stack.size == 0 {
            return Err(Errno::EINVAL);
        }
        let (lowest, length, mapped) = match stack.memory {
            Some(memory) => {
                if above >= stack.size {
                    return Err(Errno::EINVAL);
                }
                let memory = memory.as_ptr();
                check(memory)?;
                check(memory.wrapping_byte_add(stack.size - size_of::<sigset_t>()))?;
                (memory, stack.size, ptr::null_mut())
            }
            None => {
                let length = above.checked_add(stack.size).and_then(|length| length.checked_add(GUARD));
                let length = length.and_then(|length| length.checked_next_multiple_of(PAGE));
                let length = length.ok_or(Errno::ENOMEM)?;
                let memory = map(length)?;
                (memory, length, memory)
            }
        };
        let end = lowest.addr() + length;
        let at = |address: usize| lowest.with_addr(address);
        let packet = (end - room - packet.size()) & !(align - 1);
        let task = at((packet & !(STACK_ALIGN - 1)) - TASK).cast();
        if let Some(variables) = variables.as_ref().filter(|_| mapped.is_null()) {
            // SAFETY: the upper end of the memory is for the variables.
            unsafe { at(end - room).cast::<u8>().write_bytes(0, variables.size()) };
        }
        let variables = variables.map(|variables| (variables, at(end - room)));
        Ok(Self { mapped, length, packet: at(packet), task, variables })
    }

    #[inline]
    pub fn packet(&self) -> *mut c_void {
        self.packet
    }

    /// Makes the thread.
    ///
    /// # Safety
    ///
    /// `run` is right to be called with the packet, once. The memory stays until the thread has ended.
    #[inline]
    pub unsafe fn start(&self, run: unsafe extern "C" fn(*mut c_void) -> c_int) -> Result<Pid> {
        let header = self.packet.cast::<Header>();
        let length = if self.mapped.is_null() { 0 } else { self.length };
        let mut flags =
            Clone::VM | Clone::FS | Clone::FILES | Clone::SIGHAND | Clone::THREAD | Clone::SYSVSEM;
        flags |= Clone::PARENT_SETTID | Clone::CHILD_CLEARTID;
        // SAFETY: all these places are in the memory, which nobody else uses.
        let pointer = unsafe {
            header.write(Header {
                tid: AtomicU32::new(0),
                state: AtomicU32::new(RUNS),
                mapped: self.mapped,
                length,
            });
            self.task.write(Task { run, data: self.packet });
            self.variables.as_ref().map(|(variables, at)| {
                flags |= Clone::SETTLS;
                ThreadPointer::new(variables.fill(at.expose_provenance()))
            })
        };
        // SAFETY: as above.
        let tid = unsafe { (&raw mut (*header).tid).expose_provenance() as u64 };
        let args = clone_args {
            flags: flags.bits(),
            pidfd: 0,
            child_tid: tid,
            parent_tid: tid,
            exit_signal: 0,
            stack: 0,
            stack_size: 0,
            tls: pointer.as_ref().map_or(0, ThreadPointer::word) as u64,
            set_tid: 0,
            set_tid_size: 0,
            cgroup: 0,
        };
        // SAFETY: the task is at the upper end of a stack that nobody uses; the thread shares what threads share, has its own
        // variables, and what it runs is the caller's promise.
        let tid = unsafe { flow::clone(&args, self.task) }.number()?;
        Ok(Pid::from_raw(tid as i32))
    }

    /// Gives the memory back, of which no thread came.
    ///
    /// # Safety
    ///
    /// Nobody uses it.
    #[inline]
    pub unsafe fn give_back(&self) {
        if !self.mapped.is_null() {
            // SAFETY: the caller's promise. If it stays, no harm is done.
            let _ = unsafe { sys::munmap(self.mapped, self.length) };
        }
    }
}

/// New memory, the lowest part of which cannot be touched.
#[inline]
fn map(length: usize) -> Result<*mut c_void> {
    // Not for huge pages, of which a stack would take one whole.
    let kind = Map::PRIVATE | Map::ANONYMOUS | Map::NORESERVE | Map::STACK;
    // SAFETY: new memory, where nothing else is.
    unsafe {
        let memory = sys::mmap(ptr::null_mut(), length, Prot::READ | Prot::WRITE, kind, None, 0)?;
        if let Err(error) = sys::mprotect(memory, GUARD, Prot::NONE) {
            let _ = sys::munmap(memory, length);
            return Err(error);
        }
        Ok(memory)
    }
}

/// Whether memory can be written to: the kernel tells, for a set of signals.
#[inline]
fn check(memory: *mut c_void) -> Result<()> {
    let none = ptr::null_mut();
    // SAFETY: the memory is for the thread, and not in use yet.
    unsafe { raw::rt_sigprocmask(SigHow::BLOCK.raw(), none, memory.cast(), size_of::<sigset_t>()) }.map(drop)
}

/// The thread has its value: whether that is nobody's to take. If not, the memory may be gone at once.
///
/// # Safety
///
/// The header is that of the calling thread.
#[inline]
pub unsafe fn is_left_alone(header: *mut Header) -> bool {
    // SAFETY: the header is there until both sides have said that they are done.
    unsafe { (*header).state.swap(DONE, AcqRel) == ALONE }
}

/// Ends the thread and gives its memory back.
///
/// # Safety
///
/// The header is that of the calling thread, and nobody else uses the memory.
#[inline]
pub unsafe fn leave(header: *mut Header) {
    // SAFETY: the memory is this thread's alone. No handler runs on a stack that is gone, and the kernel does not write
    // where other memory may lie by then.
    unsafe {
        let (mapped, length) = ((*header).mapped, (*header).length);
        if length != 0 {
            let _ = sys::rt_sigprocmask(SigHow::SETMASK, Some(&SigSet::full()));
            sys::set_tid_address(ptr::null_mut());
            flow::leave(mapped, length)
        }
    }
}

/// The handle goes: whether the memory is the thread's from now on. If not, it is the handle's.
///
/// # Safety
///
/// The header is there, and the caller has its handle.
#[inline]
pub unsafe fn leave_alone(header: *mut Header) -> bool {
    // SAFETY: as long as the handle is there, so is the header.
    unsafe {
        // A thread that has been ended will not do it.
        (*header).tid.load(Acquire) != 0
            && (*header).state.compare_exchange(RUNS, ALONE, AcqRel, Acquire).is_ok()
    }
}

/// Waits until the thread has left its memory; whether its value is there.
///
/// # Safety
///
/// The header is there, and stays.
#[inline]
pub unsafe fn wait(header: *mut Header) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        loop {
            let tid = (*header).tid.load(Acquire);
            if tid == 0 {
                return is_done(header);
            }
            // Not a private one: the kernel's word at the end of a thread is for all processes. Whatever it answers, the number says whether there is something to wait for.
            let _ = sys::futex::wait(&(*header).tid, Futex::empty(), tid, None);
        }
    }
}

/// Whether the thread's value is there.
///
/// # Safety
///
/// The header is there, and stays.
#[inline]
unsafe fn is_done(header: *mut Header) -> bool {
    // SAFETY: the caller's promise.
    unsafe { (*header).state.load(Acquire) == DONE }
}

/// Whether the thread has its value, or will never have one.
///
/// # Safety
///
/// The header is there, and stays.
#[inline]
pub unsafe fn is_finished(header: *mut Header) -> bool {
    // SAFETY: the caller's promise.
    unsafe { is_done(header) || (*header).tid.load(Acquire) == 0 }
}

/// Gives the memory back, and the header with it.
///
/// # Safety
///
/// The thread has left it, and nobody else uses it.
#[inline]
pub unsafe fn unmap(header: *mut Header) {
    // SAFETY: the header was there until now.
    unsafe {
        let (mapped, length) = ((*header).mapped, (*header).length);
        if length != 0 {
            // If it stays, no harm is done.
            let _ = sys::munmap(mapped, length);
        }
    }
}
