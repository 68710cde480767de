//! Memory.

use crate::report::{Check, Outcome, Run};
use core::{ffi::c_void, ptr};
use ring3::consts::{Madv, Map, Mfd, Mremap, Msync, Prot};
use ring3::{AsFd, Errno, sys};

pub const CHECKS: &[Check] = &[
    ("anonymous memory", anonymous),
    ("mapped files", files),
    ("moving memory", moving),
    ("protection", protection),
    ("advice on memory", advice),
    ("locked memory", locked),
    ("resident pages", resident),
    ("the program break", program_break),
];

const RW: Prot = Prot::READ.union(Prot::WRITE);
/// A whole number of pages of any size.
const SIZE: usize = 1 << 16;

/// New memory of `SIZE` bytes.
fn new(run: &Run) -> ring3::Result<*mut c_void> {
    call!(run, mmap::anonymous(SIZE, RW))
}

fn unmap(run: &Run, memory: *mut c_void, size: usize) -> ring3::Result<()> {
    // SAFETY: it is the check's own, and the check is done with it.
    run.heard("munmap", unsafe { sys::munmap(memory, size) })
}

fn anonymous(run: &Run) -> Outcome {
    let flags = Map::PRIVATE | Map::ANONYMOUS;
    // SAFETY: new memory where nothing is.
    let one = run.heard("mmap", unsafe { sys::mmap(ptr::null_mut(), SIZE, RW, flags, None, 0) })?;
    let other = new(run)?;
    holds!(run, one != other && one.addr() % 4096 == 0);
    // SAFETY: both are ours and can be written to.
    let read = unsafe {
        one.cast::<u64>().write(7);
        one.byte_add(SIZE - 8).cast::<u64>().write(8);
        [one.cast::<u64>().read(), one.byte_add(SIZE - 8).cast::<u64>().read(), other.cast::<u64>().read()]
    };
    same!(run, read, [7, 8, 0]);
    unmap(run, one, SIZE)?;
    unmap(run, other, SIZE)?;
    // SAFETY: nothing is mapped.
    let none = unsafe { sys::mmap(ptr::null_mut(), 0, RW, flags, None, 0) };
    same!(run, none, Err(Errno::EINVAL));
    Ok(())
}

fn files(run: &Run) -> Outcome {
    let file = call!(run, memfd_create(c"mapped", Mfd::CLOEXEC))?;
    call!(run, ftruncate(&file, 2 * SIZE as u64))?;
    call!(run, pwrite64(&file, b"second", SIZE as u64))?;
    let map = |offset| {
        let fd = Some(file.as_fd());
        // SAFETY: a mapping where nothing is, of a file that nobody else changes.
        run.heard("mmap", unsafe { sys::mmap(ptr::null_mut(), SIZE, RW, Map::SHARED, fd, offset) })
    };
    let memory = map(SIZE as u64)?;
    // SAFETY: the mapping is there, and can be written to.
    unsafe {
        same!(run, memory.cast::<[u8; 6]>().read(), *b"second");
        memory.cast::<[u8; 6]>().write(*b"change");
    }
    call!(run, msync(memory, SIZE, Msync::SYNC))?;
    refused!(run, EINVAL, msync(memory, SIZE, Msync::SYNC | Msync::ASYNC));
    let mut text = [0; 6];
    call!(run, pread64(&file, &mut text, SIZE as u64))?;
    same!(run, text, *b"change");
    unmap(run, memory, SIZE)?;
    same!(run, map(1), Err(Errno::EINVAL));
    same!(run, map(4096 + 512), Err(Errno::EINVAL));
    Ok(())
}

fn moving(run: &Run) -> Outcome {
    let memory = new(run)?;
    // SAFETY: the memory is ours.
    unsafe { memory.cast::<u64>().write(5) };
    // SAFETY: nobody knows the old address but this check.
    let moved = unsafe { sys::mremap(memory, SIZE, 4 * SIZE, Mremap::MAYMOVE, ptr::null_mut()) };
    let memory = run.heard("mremap", moved)?;
    // SAFETY: it has moved with its contents, and the new part is zero.
    let read = unsafe { [memory.cast::<u64>().read(), memory.byte_add(3 * SIZE).cast::<u64>().read()] };
    same!(run, read, [5, 0]);
    unmap(run, memory, 4 * SIZE)?;
    Ok(())
}

fn protection(run: &Run) -> Outcome {
    let memory = new(run)?;
    // SAFETY: nobody else has the memory.
    run.heard("mprotect", unsafe { sys::mprotect(memory, SIZE, Prot::READ) })?;
    let [reader, writer] = call!(run, pipe())?;
    call!(run, write(&writer, b"x"))?;
    // SAFETY: the kernel writes to the memory, or says that it cannot.
    let bytes = unsafe { core::slice::from_raw_parts_mut(memory.cast::<u8>(), 1) };
    refused!(run, EFAULT, read(&reader, &mut *bytes));
    // SAFETY: nobody else has the memory.
    run.heard("mprotect", unsafe { sys::mprotect(memory, SIZE, RW) })?;
    same!(run, call!(run, read(&reader, &mut *bytes))?, 1);
    same!(run, bytes[0], b'x');
    // SAFETY: the address is no page's.
    let odd = unsafe { sys::mprotect(memory.wrapping_byte_add(1), SIZE, RW) };
    same!(run, odd, Err(Errno::EINVAL));
    unmap(run, memory, SIZE)?;
    Ok(())
}

fn advice(run: &Run) -> Outcome {
    let memory = new(run)?;
    // SAFETY: the memory is ours, and its contents are not needed.
    let read = unsafe {
        memory.cast::<u64>().write(1);
        run.heard("madvise", sys::madvise(memory, SIZE, Madv::DONTNEED))?;
        memory.cast::<u64>().read()
    };
    same!(run, read, 0);
    call!(run, madvise::sequential(memory, SIZE))?;
    unmap(run, memory, SIZE)?;
    Ok(())
}

fn locked(run: &Run) -> Outcome {
    let memory = new(run)?;
    call!(run, mlock(memory, 4096))?;
    call!(run, munlock(memory, 4096))?;
    call!(run, munlockall())?;
    unmap(run, memory, SIZE)?;
    refused!(run, ENOMEM, mlock(memory, 4096));
    Ok(())
}

fn resident(run: &Run) -> Outcome {
    let memory = new(run)?;
    // SAFETY: the memory is ours.
    unsafe { memory.cast::<u64>().write(1) };
    // One byte a page, of which none is smaller than 4096 bytes.
    let mut pages = [0xff; SIZE / 4096];
    call!(run, mincore(memory, SIZE, &mut pages))?;
    same!(run, pages[0] & 1, 1);
    refused!(run, EINVAL, mincore(memory, SIZE, &mut pages[1..]));
    unmap(run, memory, SIZE)?;
    refused!(run, ENOMEM, mincore(memory, SIZE, &mut pages));
    Ok(())
}

fn program_break(run: &Run) -> Outcome {
    run.note("brk");
    // SAFETY: no allocator of this program uses the break.
    let begin = unsafe { sys::brk(ptr::null_mut()) };
    let end = begin.wrapping_byte_add(SIZE);
    // SAFETY: as above.
    let moved = unsafe { sys::brk(end) };
    if moved == begin {
        run.remark("the program break cannot be moved");
        return Ok(());
    }
    same!(run, moved, end);
    // SAFETY: what lies below the break is memory.
    same!(run, unsafe { end.byte_sub(8).cast::<u64>().read_unaligned() }, 0);
    // SAFETY: as above.
    same!(run, unsafe { sys::brk(begin) }, begin);
    Ok(())
}
