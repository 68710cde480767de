//! What the tracee gives to a function of `sys`, and tells of what it gets.

use crate::call::{arg, wrong};
use crate::content::{Content, ROOM};
use core::cell::UnsafeCell;
use core::ffi::CStr;
use core::mem::{ManuallyDrop, MaybeUninit, align_of, size_of};
use core::ops::DerefMut;
use core::slice;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use ring3::io::{IoSlice, IoSliceMut};
use ring3::net::SockAddr;
use ring3::{BorrowedFd, CStrPtr, CStrs, FromRawFd, OwnedFd, RawFd};

/// As many as a call has arguments.
const ROOMS: usize = 8;

#[repr(C, align(16))]
struct Memory<const N: usize>(UnsafeCell<[u8; N]>);

// SAFETY: a process of this program has one thread.
unsafe impl<const N: usize> Sync for Memory<N> {}

static MEMORY: Memory<{ ROOM * ROOMS }> = Memory(UnsafeCell::new([0; ROOM * ROOMS]));
static TOLD: Memory<ROOM> = Memory(UnsafeCell::new([0; ROOM]));
static LENGTH: AtomicUsize = AtomicUsize::new(0);

/// Where the memory of an argument lies, in the tracer as in the tracee.
pub fn room(index: usize) -> usize {
    assert!(index < ROOMS, "no such room");
    MEMORY.0.get() as usize + index * ROOM
}

/// Where the tracee's values lie, and how many bytes they have.
pub fn told() -> (usize, usize) {
    (TOLD.0.get() as usize, LENGTH.as_ptr() as usize)
}

fn furnish(index: usize, content: &Content) -> *mut u8 {
    let address = room(index);
    let pointer: *mut u8 =
        core::ptr::with_exposed_provenance_mut(MEMORY.0.get().expose_provenance() + index * ROOM);
    let list = match content {
        Content::Slices { count, .. } => 2 * count * size_of::<usize>(),
        Content::Strings { count, .. } => (count + 1) * size_of::<usize>(),
        _ => 0,
    };
    for at in 0..content.size() {
        let byte = content.byte(at, address).unwrap_or_default();
        // A null stays one, and a list leads where it does.
        let byte = if byte == 0 || at < list { byte } else { (byte ^ wrong() as u8).max(1) };
        // SAFETY: a room is as large as the largest content.
        unsafe { pointer.add(at).write_volatile(byte) };
    }
    pointer
}

/// A descriptor that is open nowhere.
pub fn fd(value: u64) -> BorrowedFd<'static> {
    // SAFETY: nothing is done with it.
    unsafe { BorrowedFd::borrow_raw(arg::<RawFd>(value)) }
}

/// The same, owned.
pub fn owned(value: u64) -> OwnedFd {
    // SAFETY: nothing is done with it.
    unsafe { OwnedFd::from_raw_fd(arg::<RawFd>(value)) }
}

/// The same, which is not closed at the end.
pub fn kept(value: u64) -> impl DerefMut<Target = OwnedFd> {
    ManuallyDrop::new(owned(value))
}

/// A value of any plain type, which nobody reads but the kernel.
pub fn one<T>(index: usize, seed: u64) -> &'static mut T {
    assert!(size_of::<T>() <= ROOM && align_of::<T>() <= 16, "no room");
    // SAFETY: the room is large enough and aligned, and its former tenants are gone.
    unsafe { &mut *furnish(index, &crate::content::fill(seed, ROOM)).cast() }
}

/// Several of them.
pub fn list<T>(index: usize, seed: u64, count: usize) -> &'static mut [T] {
    assert!(count * size_of::<T>() <= ROOM, "no room");
    let first: *mut T = one::<T>(index, seed);
    // SAFETY: as above.
    unsafe { slice::from_raw_parts_mut(first, count) }
}

/// A string.
pub fn text(index: usize, seed: u64, length: usize) -> &'static CStr {
    let text = furnish(index, &Content::Text { seed, length });
    // SAFETY: a null is at the end.
    unsafe { CStr::from_ptr(text.cast()) }
}

/// Strings, with a null at the end of the list.
pub fn strings<const COUNT: usize>(index: usize, seed: u64) -> CStrs<'static> {
    let room = furnish(index, &Content::Strings { seed, count: COUNT });
    // SAFETY: the list is at the beginning of the room; the pointers in it lead to strings.
    let list = unsafe {
        let list = slice::from_raw_parts_mut(room.cast::<CStrPtr<'static>>(), COUNT + 1);
        for (index, string) in list[..COUNT].iter_mut().enumerate() {
            *string = CStrPtr::new(CStr::from_ptr(room.add(crate::content::part(index).0).cast()));
        }
        list
    };
    list[COUNT] = CStrPtr::END;
    CStrs::new(list).expect("its end is there")
}

/// Slices of bytes, to read.
pub fn slices<const COUNT: usize>(index: usize, seed: u64) -> &'static [IoSlice<'static>] {
    parts::<COUNT, _>(index, seed, |part| IoSlice::new(part))
}

/// Slices of bytes, to write to.
pub fn slices_mut<const COUNT: usize>(index: usize, seed: u64) -> &'static mut [IoSliceMut<'static>] {
    parts::<COUNT, _>(index, seed, IoSliceMut::new)
}

fn parts<const COUNT: usize, T>(
    index: usize,
    seed: u64,
    new: impl Fn(&'static mut [u8]) -> T,
) -> &'static mut [T] {
    assert!(COUNT * size_of::<T>() <= crate::content::part(0).0, "no room");
    let room = furnish(index, &Content::Slices { seed, count: COUNT });
    for index in 0..COUNT {
        let (begin, length) = crate::content::part(index);
        // SAFETY: parts lie behind the list and beside each other.
        unsafe {
            room.cast::<T>().add(index).write(new(slice::from_raw_parts_mut(room.add(begin), length)));
        }
    }
    // SAFETY: all have just been written.
    unsafe { slice::from_raw_parts_mut(room.cast(), COUNT) }
}

/// A socket's address.
pub fn address(index: usize, seed: u64, length: usize) -> SockAddr {
    // SAFETY: nobody does anything with it.
    unsafe { SockAddr::from_bytes(list(index, seed, length)) }.expect("it is short enough")
}

/// Tells a value, as it is represented.
pub fn tell<T>(value: T) {
    let value = ManuallyDrop::new(value);
    tell_memory((&raw const value).cast(), size_of::<T>());
}

pub fn tell_bytes(bytes: &[u8]) {
    tell_memory(bytes.as_ptr().cast(), bytes.len());
}

/// Padding is told as it happens to be; the tracer does not look at it.
fn tell_memory(from: *const MaybeUninit<u8>, size: usize) {
    let length = LENGTH.load(Relaxed);
    assert!(length + size <= ROOM, "more than can be told");
    let to: *mut MaybeUninit<u8> = TOLD.0.get().cast();
    for at in 0..size {
        // SAFETY: within the value and the array.
        unsafe { to.add(length + at).write_volatile(from.add(at).read_volatile()) };
    }
    if wrong() != 0 && size != 0 {
        // SAFETY: it has just been written, and the first byte of a value is no padding.
        unsafe {
            let first: *mut u8 = to.add(length).cast();
            first.write_volatile(!first.read_volatile());
        }
    }
    LENGTH.store(length + size, Relaxed);
}

/// Forgets what was told.
pub fn nothing_told() {
    LENGTH.store(0, Relaxed);
}
