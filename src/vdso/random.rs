//! Random bytes from the vDSO: a generator in the program's own memory, which the kernel seeds, and tells when to seed itself anew.
//!
//! It keeps its state in memory that the program maps as the function says: the kernel may drop it, and drops it in a forked child, so
//! that no two processes go on from the same state. A state serves one call at a time. There are no thread-local variables here
//! that one could lie in, and a signal handler could not use the one of the call that it interrupts. So there are sixteen, and a
//! call takes one that is free, gives it back at its end, and makes the system call if there is none.
//!
//! Which state is taken does not depend on memory that the kernel may drop: a flag that became zero would give a state
//! away twice. In return a child that is forked by one thread never gets back the states that other threads had at that moment; nor does a
//! program whose signal handler jumps out of a call. At worst its calls become system calls.
//!
//! `lib/vdso/getrandom.c` in the kernel.

use super::symbol::{Entry, PAGE};
use super::symbols;
use crate::consts::{Grnd, Map, Prot};
use crate::{Errno, Result, raw, sys};
use core::ffi::{c_uint, c_void};
use core::mem::{self, MaybeUninit};
use core::ptr;
use core::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicUsize,
    Ordering::{Acquire, Relaxed, Release},
};

/// The function: buffer, its length, flags, state, the state's length.
type Function = unsafe extern "C" fn(*mut u8, usize, c_uint, *mut c_void, usize) -> isize;

/// What the function writes in the place of a state if the length is the largest there is (`struct vgetrandom_opaque_params`).
#[repr(C)]
struct Parameters {
    size: u32,
    prot: u32,
    flags: u32,
    reserved: [u32; 13],
}

static FUNCTION: Entry = Entry::new(symbols::GETRANDOM);

/// The states, on one page.
static STATES: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());
/// The length of one, set before they are there.
static SIZE: AtomicUsize = AtomicUsize::new(0);
/// In the place of the states: there are none.
const MISSING: *mut c_void = ptr::without_provenance_mut(1);

/// Whether a state is taken; on a cache line of its own, as the state is.
#[repr(align(64))]
struct Taken(AtomicBool);

const LINE: usize = align_of::<Taken>();
const COUNT: usize = 16;
static TAKEN: [Taken; COUNT] = [const { Taken(AtomicBool::new(false)) }; COUNT];

/// Fills memory as getrandom(2) does.
///
/// # Safety
///
/// So many bytes may be written to.
#[inline]
pub unsafe fn fill(buffer: *mut u8, length: usize, flags: Grnd) -> Result<usize> {
    let flags = flags.bits() as c_uint;
    // SAFETY: the caller's promise.
    unsafe {
        match by_function(buffer, length, flags) {
            Some(result) => result,
            None => raw::getrandom(buffer.cast(), length, flags),
        }
    }
}

/// The same by the function alone, if it is there and a state is free.
///
/// # Safety
///
/// So many bytes may be written to.
#[inline]
unsafe fn by_function(buffer: *mut u8, length: usize, flags: c_uint) -> Option<Result<usize>> {
    let address = FUNCTION.get()?;
    // SAFETY: what the table calls `getrandom` has this type.
    let function = unsafe { mem::transmute::<*mut c_void, Function>(address.as_ptr()) };
    let mut states = STATES.load(Acquire);
    if states <= MISSING {
        states = map(function, states)?;
    }
    let size = SIZE.load(Relaxed);
    let pace = size.next_multiple_of(LINE);
    let index = take(pace)?;
    // SAFETY: the caller's promise; the state is mapped as the function wants it, and nobody else's until it is given back.
    let answer = unsafe { function(buffer, length, flags, states.byte_add(index * pace), size) };
    TAKEN[index].0.store(false, Release);
    match usize::try_from(answer) {
        Ok(count) => Some(Ok(count)),
        // What the function cannot do, it has left to the system call.
        Err(_) => Errno::new(answer.wrapping_neg() as u16).map(Err),
    }
}

/// Takes a state that is free, beginning with one that this thread is likely to have taken before: each has a stack of its own.
#[inline]
fn take(pace: usize) -> Option<usize> {
    let place = MaybeUninit::<u8>::uninit();
    let thread = (place.as_ptr().addr() >> 16) as u32;
    let first = (thread.wrapping_mul(0x9e37_79b9) >> 16) as usize;
    let mut states = (0..COUNT).map(|index| (first + index) % COUNT);
    states.find(|&index| (index + 1) * pace <= PAGE && !TAKEN[index].0.swap(true, Acquire))
}

/// Maps the states, once: of all who do so at a time, one is the first.
#[cold]
#[inline]
fn map(function: Function, known: *mut c_void) -> Option<*mut c_void> {
    if known == MISSING {
        return None;
    }
    let mut parameters = Parameters { size: 0, prot: 0, flags: 0, reserved: [0; 13] };
    // SAFETY: with these arguments the function fills the parameters and nothing else.
    let answer = unsafe { function(ptr::null_mut(), 0, 0, (&raw mut parameters).cast(), usize::MAX) };
    let size = parameters.size as usize;
    let mapped = if answer == 0 && (1..=PAGE).contains(&size) {
        SIZE.store(size, Relaxed);
        let prot = Prot::from_bits_retain(parameters.prot as _);
        let flags = Map::from_bits_retain(parameters.flags as _);
        // SAFETY: new memory, where nothing else is: the flags are for that.
        unsafe { sys::mmap(ptr::null_mut(), PAGE, prot, flags, None, 0) }.unwrap_or(MISSING)
    } else {
        MISSING
    };
    let states = match STATES.compare_exchange(ptr::null_mut(), mapped, Release, Acquire) {
        Ok(_) => mapped,
        Err(other) => {
            if mapped != MISSING {
                // SAFETY: nobody else knows of this memory.
                let _ = unsafe { sys::munmap(mapped, PAGE) };
            }
            other
        }
    };
    (states != MISSING).then_some(states)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The only test of the crate that takes states.
    #[test]
    fn the_system_call_serves_when_every_state_is_taken() {
        let draw = |bytes: &mut [u8; 16]| {
            // SAFETY: so many bytes are there.
            unsafe { by_function(bytes.as_mut_ptr(), 16, 0) }
        };
        let mut bytes = [0; 16];
        if FUNCTION.get().is_none() {
            std::println!("not shown: this kernel's vDSO has no getrandom");
            assert!(draw(&mut bytes).is_none());
            return;
        }
        assert_eq!(draw(&mut bytes), Some(Ok(16)));
        let pace = SIZE.load(Relaxed).next_multiple_of(LINE);
        let taken: std::vec::Vec<_> = core::iter::from_fn(|| take(pace)).collect();
        std::println!("{} states of {} bytes", taken.len(), SIZE.load(Relaxed));
        assert!(taken.len() > 1 && taken.iter().all(|&index| (index + 1) * pace <= PAGE));
        assert_eq!(draw(&mut bytes), None);
        let mut others = [0; 16];
        // SAFETY: so many bytes are there.
        assert_eq!(unsafe { fill(others.as_mut_ptr(), 16, Grnd::empty()) }, Ok(16));
        assert_ne!(others, bytes);
        for index in taken {
            TAKEN[index].0.store(false, Release);
        }
        assert_eq!(draw(&mut bytes), Some(Ok(16)));
        assert_ne!(others, bytes);
    }
}
