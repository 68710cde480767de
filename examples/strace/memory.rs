//! The tracee's memory, and the tracee's integers in it.

use alloc::{vec, vec::Vec};
use core::ptr;
use ring3::{Errno, Pid, Result, abi::Abi, io::IoSliceMut, sys, uapi};

/// The memory of a tracee that stands still, seen as its ABI sees it.
#[derive(Clone, Copy)]
pub struct Memory {
    pub pid: Pid,
    pub abi: &'static Abi,
}

/// No page is smaller: a string is read up to the end of one, as the next may be missing.
const PAGE: u64 = 4096;

impl Memory {
    /// So many bytes.
    pub fn bytes(self, address: u64, length: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        let mut done = 0;
        while done < length {
            let next = address.checked_add(done as u64).ok_or(Errno::EFAULT)?;
            match self.read(next, &mut bytes[done..])? {
                0 => return Err(Errno::EFAULT),
                count => done += count,
            }
        }
        Ok(bytes)
    }

    fn read(self, address: u64, bytes: &mut [u8]) -> Result<usize> {
        let length = bytes.len();
        let start = usize::try_from(address).map_err(|_| Errno::EFAULT)?;
        let remote = uapi::iovec { iov_base: ptr::without_provenance_mut(start), iov_len: length as _ };
        sys::process_vm_readv(self.pid, &mut [IoSliceMut::new(bytes)], &[remote])
    }

    /// A string of at most so many bytes, and whether it has ended there.
    pub fn string(self, address: u64, most: usize) -> Result<(Vec<u8>, bool)> {
        let mut string = Vec::new();
        while string.len() < most {
            let next = address.checked_add(string.len() as u64).ok_or(Errno::EFAULT)?;
            let room = (PAGE - next % PAGE) as usize;
            let part = self.bytes(next, room.min(most - string.len()))?;
            match part.iter().position(|&byte| byte == 0) {
                Some(end) => {
                    string.extend_from_slice(&part[..end]);
                    return Ok((string, true));
                }
                None => string.extend_from_slice(&part),
            }
        }
        Ok((string, false))
    }

    /// The bytes of a pointer.
    pub fn word(self) -> usize {
        self.abi.pointer_width() as usize / 8
    }

    /// The size of an integer type of the tables; 0 for what is none.
    pub fn size_of(self, ty: &str) -> usize {
        match ty.split(':').next().unwrap_or_default() {
            "u8" | "i8" => 1,
            "u16" | "i16" => 2,
            "u32" | "i32" | "fd" | "futex" => 4,
            "u64" | "i64" => 8,
            "usize" | "isize" | "addr" | "ptr" | "bits" => self.word(),
            _ => 0,
        }
    }
}

/// An integer that stands in bytes of the machine's order.
pub fn integer(bytes: &[u8]) -> u64 {
    let mut all = [0; 8];
    let length = bytes.len().min(8);
    if cfg!(target_endian = "little") {
        all[..length].copy_from_slice(&bytes[..length]);
    } else {
        all[8 - length..].copy_from_slice(&bytes[..length]);
    }
    u64::from_ne_bytes(all)
}

/// The number that the low bytes hold, with a sign.
pub fn signed(value: u64, size: usize) -> i64 {
    let shift = 64 - 8 * size.clamp(1, 8) as u32;
    (value << shift) as i64 >> shift
}
