//! Mappings, and what the kernel says of memory.

use super::*;
use crate::consts::{Map, MpolF, Prot};
use core::ffi::c_void;

#[cfg(ring3_by = "mmap_pages")]
#[inline]
pub unsafe fn mmap_pages(
    addr: *mut c_void,
    length: usize,
    prot: Prot,
    flags: Map,
    fd: Option<BorrowedFd<'_>>,
    offset: u64,
) -> Result<*mut c_void> {
    // The unit is a page of 4096 bytes: on i386 because pages are, elsewhere whatever they are.
    if !offset.is_multiple_of(4096) {
        return Err(Errno::EINVAL);
    }
    let pages = u32::try_from(offset / 4096).map_err(|_| Errno::EOVERFLOW)?;
    let fd = fd.map_or(-1, |fd| fd.as_raw_fd());
    // SAFETY: the caller's.
    unsafe { raw::mmap2(addr, length as _, prot.bits() as _, flags.bits() as _, fd as _, pages as _) }
}

#[cfg(ring3_by = "mmap_anonymous_block")]
#[inline]
pub fn mmap_anonymous_block(length: usize, prot: Prot) -> Result<*mut c_void> {
    let flags = Map::PRIVATE | Map::ANONYMOUS;
    // SAFETY: new pages, where nothing is.
    unsafe { raw::mmap(ptr::null_mut(), length as _, prot.bits() as _, flags.bits() as _, -1_isize as _, 0) }
}

#[cfg(ring3_by = "mincore_pages")]
#[inline]
pub fn mincore_pages(addr: *mut c_void, length: usize, vec: &mut [u8]) -> Result<()> {
    // A byte for each page, of which none is smaller than this.
    if vec.len() < length.div_ceil(4096) {
        return Err(Errno::EINVAL);
    }
    // SAFETY: `vec` has room for as many bytes as there are pages.
    unsafe { raw::mincore(addr, length, vec.as_mut_ptr().cast()) }.map(|_| ())
}

#[cfg(ring3_by = "get_mempolicy_mask")]
#[inline]
pub fn get_mempolicy_mask(nodemask: Option<&mut [u64]>, addr: *mut c_void, flags: MpolF) -> Result<i32> {
    let bits = nodemask.as_ref().map_or(0, |mask| 64 * mask.len());
    let mask = nodemask.map_or(ptr::null_mut(), |mask| mask.as_mut_ptr());
    let mut mode = 0;
    // SAFETY: the kernel writes a number, and of the mask whole words of 64 bits up to `bits`.
    unsafe { raw::get_mempolicy(&raw mut mode, mask.cast(), bits as _, addr, flags.bits() as _) }?;
    Ok(mode)
}

/// The kernel answers an `unsigned int`: errors look like large numbers on 64-bit ABIs.
#[cfg(any(ring3_by = "modify_ldt_int", ring3_by = "modify_ldt_read"))]
#[inline]
fn ldt(answer: Result<usize>) -> Result<usize> {
    let answer = answer?;
    match answer as u32 as i32 {
        error @ -4095..=-1 => Err(Errno::new(-error as u16).unwrap_or(Errno::EINVAL)),
        _ => Ok(answer),
    }
}

#[cfg(ring3_by = "modify_ldt_int")]
#[inline]
pub unsafe fn modify_ldt_int(func: i32, ptr: &mut [u8]) -> Result<usize> {
    // SAFETY: the caller's; the kernel stays within the slice.
    ldt(unsafe { raw::modify_ldt(func, ptr.as_mut_ptr().cast(), ptr.len() as _) })
}

#[cfg(ring3_by = "modify_ldt_read")]
#[inline]
pub fn modify_ldt_read(ptr: &mut [u8]) -> Result<usize> {
    // SAFETY: the kernel writes within the slice.
    ldt(unsafe { raw::modify_ldt(0, ptr.as_mut_ptr().cast(), ptr.len() as _) })
}
