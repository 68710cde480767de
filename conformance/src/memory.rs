//! Mappings, and memory of other processes.

use crate::{
    constants::*,
    files::{close, io, nowhere},
    pipes, portable,
    processes::in_child,
    report::{Failure, Outcome, Run},
};
use core::{
    ffi::{c_ulong, c_void},
    ptr::{null_mut, without_provenance_mut},
};
use ring3::{Errno, uapi::iovec};

checks! { "memory":
    anonymous, map_wrong, file_at_offset, shared_file, high, fixed_no_replace, protect,
    nothing_there (emulator: "it keeps all of a 32-bit space mapped"), protect_kills, unmap, grow, move_to,
    grow_wrong, shrink_to_nothing (emulator: "it looks for room of no size first"), forget,
    advice_wrong (emulator: "it takes unknown advice for none"), resident, sync, lock (privileged), lock_on_fault (privileged), lock_wrong (privileged), program_break (emulator: "its own memory may lie right behind the program"),
    read_other (privileged), write_other (privileged), other_missing (privileged), barrier, policy (privileged), seal, keys,
}

/// Fresh memory of so many pages.
pub fn pages(run: &Run, count: usize) -> Result<*mut u8, Failure> {
    let prot = PROT_READ | PROT_WRITE;
    match portable::mmap(run, null_mut(), count * run.page, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) {
        Ok(address) => Ok(address.cast()),
        Err(errno) => Err(Failure::Refused("mmap", errno)),
    }
}

pub fn free(run: &Run, address: *mut u8, count: usize) -> Outcome {
    same!(run, ok!(run, munmap(address.cast(), count * run.page)), 0);
    Ok(())
}

/// What the memory at an address holds.
fn at(address: *mut u8) -> u8 {
    // SAFETY: the checks pass addresses in their own mappings. Volatile, because the kernel changes what is there.
    unsafe { address.read_volatile() }
}

fn set(address: *mut u8, byte: u8) {
    // SAFETY: as above.
    unsafe { address.write_volatile(byte) }
}

/// Whether the kernel can read from there.
fn readable(run: &Run, address: *mut u8) -> Result<bool, Failure> {
    let ends = pipes::pipe(run, 0)?;
    let result = call!(run, write(ends[1] as _, address.cast_const().cast(), 1));
    close(run, ends[0])?;
    close(run, ends[1])?;
    match result {
        Ok(1) => Ok(true),
        Err(Errno::EFAULT) => Ok(false),
        other => Err(run.wrong("write", &other, &Ok::<_, Errno>(1))),
    }
}

fn anonymous(run: &Run) -> Outcome {
    let memory = pages(run, 3)?;
    same!(run, memory.addr() % run.page, 0);
    same!(run, (at(memory), at(memory.wrapping_add(3 * run.page - 1))), (0, 0));
    for n in 0..3 {
        set(memory.wrapping_add(n * run.page + n), n as u8 + 1);
    }
    for n in 0..3 {
        same!(run, at(memory.wrapping_add(n * run.page + n)), n as u8 + 1);
    }
    free(run, memory, 3)
}

fn map_wrong(run: &Run) -> Outcome {
    let (private, page) = (MAP_PRIVATE | MAP_ANONYMOUS, run.page);
    same!(run, portable::mmap(run, null_mut(), 0, PROT_READ, private, -1, 0), Err(Errno::EINVAL));
    same!(run, portable::mmap(run, null_mut(), page, PROT_READ, MAP_ANONYMOUS, -1, 0), Err(Errno::EINVAL));
    same!(run, portable::mmap(run, null_mut(), page, PROT_READ, MAP_PRIVATE, 12345, 0), Err(Errno::EBADF));
    let unaligned = without_provenance_mut(page + 1);
    same!(
        run,
        portable::mmap(run, unaligned, page, PROT_READ, private | MAP_FIXED, -1, 0),
        Err(Errno::EINVAL)
    );
    same!(
        run,
        portable::mmap(run, null_mut(), usize::MAX & !page, PROT_READ, private, -1, 0),
        Err(Errno::ENOMEM)
    );
    fails!(run, EINVAL, munmap(without_provenance_mut(page + 1), page));
    fails!(run, EINVAL, munmap(without_provenance_mut(page), 0));
    Ok(())
}

/// A file whose byte at each of these offsets is known.
const OFFSETS: [u64; 3] = [0x1000, 0x8765_4000, 0x1_2345_6000];

fn marked(run: &Run) -> Result<usize, Failure> {
    let fd = ok!(run, memfd_create(c"marked".as_ptr(), MFD_CLOEXEC));
    for (n, &offset) in OFFSETS.iter().enumerate() {
        let bytes = [b'a' + n as u8; 2];
        same!(run, ok!(run, pwrite64(fd as _, bytes.as_ptr().cast(), 2, offset as _)), 2);
    }
    Ok(fd)
}

fn file_at_offset(run: &Run) -> Outcome {
    if run.page > 4096 {
        return Err(Failure::Lacks("pages of 4096 bytes"));
    }
    let fd = marked(run)?;
    for (n, &offset) in OFFSETS.iter().enumerate() {
        match portable::mmap(run, null_mut(), run.page, PROT_READ, MAP_PRIVATE, fd as _, offset) {
            Err(errno) => return Err(Failure::Refused("mmap", errno)),
            Ok(memory) => {
                let memory = memory.cast::<u8>();
                same!(run, [at(memory), at(memory.wrapping_add(2))], [b'a' + n as u8, 0]);
                free(run, memory, 1)?;
            }
        }
    }
    close(run, fd)
}

fn shared_file(run: &Run) -> Outcome {
    let fd = ok!(run, memfd_create(c"shared".as_ptr(), MFD_CLOEXEC));
    ok!(run, ftruncate(fd as _, run.page as _));
    let memory = portable::mmap(run, null_mut(), run.page, PROT_READ | PROT_WRITE, MAP_SHARED, fd as _, 0);
    let memory = memory.map_err(|errno| Failure::Refused("mmap", errno))?.cast::<u8>();
    set(memory.wrapping_add(5), b'm');
    let mut byte = 0u8;
    same!(run, ok!(run, pread64(fd as _, (&raw mut byte).cast(), 1, 5)), 1);
    same!(run, byte, b'm');
    same!(run, ok!(run, pwrite64(fd as _, b"w".as_ptr().cast(), 1, 6)), 1);
    same!(run, at(memory.wrapping_add(6)), b'w');
    same!(run, ok!(run, msync(memory.cast(), run.page, MS_SYNC)), 0);
    free(run, memory, 1)?;
    close(run, fd)
}

/// An address above half of a 32-bit space is a result, though it is negative as an integer.
fn high(run: &Run) -> Outcome {
    let hints = [0x9876_5000, 0xa000_0000, 0xb000_0000, 0x8800_0000usize];
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    for hint in hints {
        let address: *mut c_void = without_provenance_mut(hint);
        match portable::mmap(run, address, run.page, PROT_READ | PROT_WRITE, flags, -1, 0) {
            Ok(memory) => {
                same!(run, memory, address);
                let memory = memory.cast::<u8>();
                set(memory, 7);
                same!(run, at(memory), 7);
                return free(run, memory, 1);
            }
            Err(Errno::EEXIST | Errno::ENOMEM) => {}
            Err(errno) => return Err(Failure::Refused("mmap", errno)),
        }
    }
    Err(Failure::Lacks("room above 2 GiB"))
}

fn fixed_no_replace(run: &Run) -> Outcome {
    let memory = pages(run, 1)?;
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    same!(run, portable::mmap(run, memory.cast(), run.page, PROT_READ, flags, -1, 0), Err(Errno::EEXIST));
    free(run, memory, 1)
}

fn protect(run: &Run) -> Outcome {
    let memory = pages(run, 2)?;
    set(memory, 9);
    same!(run, ok!(run, mprotect(memory.cast(), run.page, PROT_NONE as _)), 0);
    holds!(run, !readable(run, memory)?);
    holds!(run, readable(run, memory.wrapping_add(run.page))?);
    same!(run, ok!(run, mprotect(memory.cast(), run.page, PROT_READ as _)), 0);
    holds!(run, readable(run, memory)?);
    same!(run, at(memory), 9);
    fails!(run, EINVAL, mprotect(memory.wrapping_add(1).cast(), run.page, PROT_READ as _));
    free(run, memory, 2)
}

fn nothing_there(run: &Run) -> Outcome {
    let memory = pages(run, 1)?;
    free(run, memory, 1)?;
    fails!(run, ENOMEM, mprotect(memory.cast(), run.page, PROT_READ as _));
    fails!(run, ENOMEM, msync(memory.cast(), run.page, MS_SYNC));
    Ok(())
}

fn protect_kills(run: &Run) -> Outcome {
    let memory = pages(run, 1)?;
    same!(run, ok!(run, mprotect(memory.cast(), run.page, PROT_READ as _)), 0);
    let child = portable::fork(run).map_err(|errno| Failure::Refused("fork", errno))?;
    if child == 0 {
        let none = ring3::uapi::rlimit64 { rlim_cur: 0, rlim_max: 0 };
        let _ = call!(run, prlimit64(0, RLIMIT_CORE, &raw const none, null_mut()));
        set(memory, 1);
        portable::exit(0);
    }
    same!(run, portable::wait(run, child), Ok(256 + SIGSEGV));
    free(run, memory, 1)
}

fn unmap(run: &Run) -> Outcome {
    let memory = pages(run, 3)?;
    same!(run, ok!(run, munmap(memory.wrapping_add(run.page).cast(), run.page)), 0);
    holds!(run, readable(run, memory)?);
    holds!(run, !readable(run, memory.wrapping_add(run.page))?);
    holds!(run, readable(run, memory.wrapping_add(2 * run.page))?);
    free(run, memory, 3)
}

fn grow(run: &Run) -> Outcome {
    let memory = pages(run, 1)?;
    set(memory.wrapping_add(100), 42);
    let grown =
        ok!(run, mremap(memory.cast(), run.page as _, 64 * run.page as c_ulong, MREMAP_MAYMOVE, null_mut()));
    let grown = grown.cast::<u8>();
    same!(run, (at(grown.wrapping_add(100)), at(grown.wrapping_add(63 * run.page))), (42, 0));
    let shrunk = ok!(run, mremap(grown.cast(), 64 * run.page as c_ulong, run.page as _, 0, null_mut()));
    same!(run, shrunk.cast(), grown);
    same!(run, at(grown.wrapping_add(100)), 42);
    free(run, grown, 1)
}

/// The fifth argument of mremap.
fn move_to(run: &Run) -> Outcome {
    let (from, to) = (pages(run, 1)?, pages(run, 1)?);
    set(from, 3);
    let flags = MREMAP_MAYMOVE | MREMAP_FIXED;
    let moved = ok!(run, mremap(from.cast(), run.page as _, run.page as _, flags, to.cast()));
    same!(run, moved.cast(), to);
    same!(run, at(to), 3);
    holds!(run, !readable(run, from)?);
    free(run, to, 1)
}

fn grow_wrong(run: &Run) -> Outcome {
    let memory = pages(run, 1)?;
    fails!(run, EINVAL, mremap(memory.wrapping_add(1).cast(), run.page as _, run.page as _, 0, null_mut()));
    fails!(run, EINVAL, mremap(memory.cast(), run.page as _, run.page as _, 1 << 20, null_mut()));
    free(run, memory, 1)
}

fn shrink_to_nothing(run: &Run) -> Outcome {
    let memory = pages(run, 1)?;
    // In a child, because an emulator may not survive it.
    let code = in_child(run, || {
        fails!(run, EINVAL, mremap(memory.cast(), run.page as _, 0, MREMAP_MAYMOVE, null_mut()));
        Ok(1)
    })?;
    same!(run, code, 1);
    free(run, memory, 1)
}

fn forget(run: &Run) -> Outcome {
    let memory = pages(run, 1)?;
    set(memory, 1);
    same!(run, ok!(run, madvise(memory.cast(), run.page, MADV_DONTNEED)), 0);
    same!(run, at(memory), 0);
    free(run, memory, 1)
}

fn advice_wrong(run: &Run) -> Outcome {
    let memory = pages(run, 1)?;
    fails!(run, EINVAL, madvise(memory.cast(), run.page, 9999));
    free(run, memory, 1)
}

fn resident(run: &Run) -> Outcome {
    let memory = pages(run, 4)?;
    set(memory.wrapping_add(2 * run.page), 1);
    let mut residence = [0xffu8; 5];
    same!(run, ok!(run, mincore(memory.cast(), 4 * run.page, residence.as_mut_ptr())), 0);
    same!(run, (residence[2] & 1, residence[4]), (1, 0xff));
    fails!(run, EFAULT, mincore(memory.cast(), run.page, nowhere()));
    free(run, memory, 4)?;
    fails!(run, ENOMEM, mincore(memory.cast(), run.page, residence.as_mut_ptr()));
    Ok(())
}

fn sync(run: &Run) -> Outcome {
    let memory = pages(run, 1)?;
    same!(run, ok!(run, msync(memory.cast(), run.page, MS_SYNC)), 0);
    fails!(run, EINVAL, msync(memory.cast(), run.page, 1 << 20));
    free(run, memory, 1)
}

fn lock(run: &Run) -> Outcome {
    let memory = pages(run, 1)?;
    same!(run, ok!(run, mlock(memory.cast(), run.page)), 0);
    same!(run, ok!(run, munlock(memory.cast(), run.page)), 0);
    free(run, memory, 1)
}

fn lock_on_fault(run: &Run) -> Outcome {
    let memory = pages(run, 1)?;
    same!(run, ok!(run, mlock2(memory.cast(), run.page, 1)), 0);
    same!(run, ok!(run, munlock(memory.cast(), run.page)), 0);
    fails!(run, EINVAL, mlock2(memory.cast(), run.page, 1 << 20));
    free(run, memory, 1)
}

fn lock_wrong(run: &Run) -> Outcome {
    let memory = pages(run, 1)?;
    free(run, memory, 1)?;
    fails!(run, ENOMEM, mlock(memory.cast(), run.page));
    Ok(())
}

fn program_break(run: &Run) -> Outcome {
    let start = ok!(run, brk(null_mut()));
    holds!(run, !start.is_null());
    let end = start.cast::<u8>().wrapping_add(3 * run.page);
    same!(run, ok!(run, brk(end.cast())).cast::<u8>(), end);
    let last = end.wrapping_sub(1);
    set(last, 5);
    same!(run, at(last), 5);
    same!(run, ok!(run, brk(start)), start);
    // A break that cannot be is no error: the old one comes back.
    same!(run, ok!(run, brk(without_provenance_mut(run.page))), start);
    Ok(())
}

/// Six arguments, each with a meaning: the bytes move only if all arrive.
fn read_other(run: &Run) -> Outcome {
    let pid = ok!(run, getpid());
    let (mut from, mut a, mut b) = (*b"process_vm", [0u8; 4], [0u8; 9]);
    let (to, theirs) = ([io(&mut a), io(&mut b)], [io(&mut from)]);
    same!(run, ok!(run, process_vm_readv(pid as _, to.as_ptr(), 2, theirs.as_ptr(), 1, 0)), 10);
    same!(run, (&a, &b), (b"proc", b"ess_vm\0\0\0"));
    fails!(run, EINVAL, process_vm_readv(pid as _, to.as_ptr(), 2, theirs.as_ptr(), 1, 1));
    Ok(())
}

fn write_other(run: &Run) -> Outcome {
    let pid = ok!(run, getpid());
    let (mut from, mut to) = (*b"written", [0u8; 7]);
    let (ours, theirs) = ([io(&mut from)], [io(&mut to)]);
    same!(run, ok!(run, process_vm_writev(pid as _, ours.as_ptr(), 1, theirs.as_ptr(), 1, 0)), 7);
    same!(run, &to, b"written");
    let missing = [iovec { iov_base: nowhere(), iov_len: 1 }];
    fails!(run, EFAULT, process_vm_writev(pid as _, ours.as_ptr(), 1, missing.as_ptr(), 1, 0));
    Ok(())
}

fn other_missing(run: &Run) -> Outcome {
    let (mut from, mut to) = ([0u8; 1], [0u8; 1]);
    let (ours, theirs) = ([io(&mut to)], [io(&mut from)]);
    fails!(run, ESRCH, process_vm_readv(i32::MAX, ours.as_ptr(), 1, theirs.as_ptr(), 1, 0));
    Ok(())
}

fn barrier(run: &Run) -> Outcome {
    let commands = ok!(run, membarrier(MEMBARRIER_CMD_QUERY, 0, 0));
    // MEMBARRIER_CMD_GLOBAL, the oldest, is there unless the machine has tickless processors.
    if commands & 1 != 0 {
        same!(run, ok!(run, membarrier(1, 0, 0)), 0);
    }
    fails!(run, EINVAL, membarrier(1 << 30, 0, 0));
    fails!(run, EINVAL, membarrier(MEMBARRIER_CMD_QUERY, 1 << 10, 0));
    Ok(())
}

fn policy(run: &Run) -> Outcome {
    let mut mode = -1;
    same!(run, ok!(run, get_mempolicy(&raw mut mode, null_mut(), 0, null_mut(), 0)), 0);
    same!(run, mode, 0);
    fails!(run, EINVAL, get_mempolicy(&raw mut mode, null_mut(), 0, null_mut(), 1 << 20));
    Ok(())
}

fn seal(run: &Run) -> Outcome {
    if size_of::<usize>() == 4 {
        return Err(Failure::Lacks("mseal is for 64-bit kernels (CONFIG_64BIT in mm/Makefile)"));
    }
    let memory = pages(run, 1)?;
    same!(run, ok!(run, mseal(memory.cast(), run.page, 0)), 0);
    fails!(run, EPERM, munmap(memory.cast(), run.page));
    fails!(run, EINVAL, mseal(memory.cast(), run.page, 1));
    Ok(())
}

fn keys(run: &Run) -> Outcome {
    let memory = pages(run, 1)?;
    // Key -1 is none: this is mprotect.
    same!(run, ok!(run, pkey_mprotect(memory.cast(), run.page, PROT_READ as _, -1)), 0);
    fails!(run, EINVAL, pkey_mprotect(memory.cast(), run.page, PROT_READ as _, 1000));
    fails!(run, EINVAL, pkey_alloc(1, 0));
    fails!(run, EINVAL, pkey_free(1000));
    free(run, memory, 1)
}
