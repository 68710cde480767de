//! Mappings, and what the kernel does with memory.

use super::*;
use core::ptr::null_mut;
use ring3::{
    Pid,
    consts::{
        Madv, Map, Mcl, MembarrierCmd, MembarrierCmdFlag, Mfd, Mlock, Mpol, MpolF, MpolMf, Mremap, Msync,
        Pkey, Prot, Uffd,
    },
    io::{IoSlice, IoSliceMut},
    uapi::iovec,
};

checks! { "sys::memory":
    anonymous, of_a_file, at_a_far_offset, moving, to_nothing (emulator: "it looks for room of no size first"), protection, advice, advice_to_itself (emulator: "madvise does nothing"), presence, nothing_there (emulator: "it keeps all of a 32-bit space mapped"),
    locking (privileged), to_the_file, secret, sealing, barriers, policy, pages_of_nodes, other_processes, the_break (emulator: "there may be no room above the program"), keys,
    nonlinear, faults_of_users (privileged), names_of_mappings,
}

/// New pages; they are unmapped at the end.
struct Pages(*mut c_void, usize);

impl Pages {
    fn new(run: &Run, count: usize) -> Result<Self, Failure> {
        let length = count * run.page;
        Ok(Self(ok!(run, mmap::anonymous(length, Prot::READ | Prot::WRITE)), length))
    }

    fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: the mapping is this value's own, readable and writable.
        unsafe { core::slice::from_raw_parts_mut(self.0.cast(), self.1) }
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        // SAFETY: the mapping is this value's own.
        let _ = unsafe { ring3::sys::munmap(self.0, self.1) };
    }
}

fn anonymous(run: &Run) -> Outcome {
    let address = ok!(run, mmap::anonymous(2 * run.page, Prot::READ | Prot::WRITE));
    // SAFETY: two new pages.
    let bytes = unsafe { core::slice::from_raw_parts_mut(address.cast::<u8>(), 2 * run.page) };
    holds!(run, bytes.iter().all(|byte| *byte == 0));
    bytes[2 * run.page - 1] = 7;
    ok!(run, munmap(address, 2 * run.page));
    fails!(run, EINVAL, munmap(nowhere(), run.page));
    fails!(run, EINVAL, mmap::anonymous(0, Prot::READ));
    Ok(())
}

fn of_a_file(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"content")?;
    let address =
        ok!(run, mmap(null_mut(), run.page, Prot::READ | Prot::WRITE, Map::SHARED, Some(fd_of(&fd)), 0));
    // SAFETY: a new page, and nobody else writes to the file meanwhile.
    let bytes = unsafe { core::slice::from_raw_parts_mut(address.cast::<u8>(), 16) };
    same!(run, &bytes[..9], b"content\0\0");
    bytes[0] = b'C';
    ok!(run, msync(address, run.page, Msync::SYNC));
    let mut read_back = [0; 8];
    same!(run, ok!(run, pread64(&fd, &mut read_back, 0)), 7);
    same!(run, &read_back[..7], b"Content");
    ok!(run, munmap(address, run.page));
    fails!(run, EINVAL, mmap(null_mut(), run.page, Prot::READ, Map::SHARED, Some(fd_of(&fd)), 1));
    fails!(run, EBADF, mmap(null_mut(), run.page, Prot::READ, Map::SHARED, Some(closed()), 0));
    fails!(run, EINVAL, mmap(null_mut(), run.page, Prot::READ, Map::empty(), Some(fd_of(&fd)), 0));
    remove(run, c"f")
}

fn fd_of(fd: &OwnedFd) -> BorrowedFd<'_> {
    ring3::AsFd::as_fd(fd)
}

/// An offset that does not fit into 32 bits, which 32-bit ABIs say in pages.
fn at_a_far_offset(run: &Run) -> Outcome {
    const FAR: u64 = 0x1_2000_0000;
    let fd = file(run, c"f", b"")?;
    ok!(run, pwrite64(&fd, b"far", FAR));
    let address = ok!(run, mmap(null_mut(), run.page, Prot::READ, Map::PRIVATE, Some(fd_of(&fd)), FAR));
    // SAFETY: a new page of the file, which has three bytes there.
    same!(run, unsafe { *address.cast::<[u8; 3]>() }, *b"far");
    ok!(run, munmap(address, run.page));
    if size_of::<usize>() == 4 {
        fails!(
            run,
            EOVERFLOW,
            mmap(null_mut(), run.page, Prot::READ, Map::PRIVATE, Some(fd_of(&fd)), 1 << 50)
        );
    }
    remove(run, c"f")
}

fn moving(run: &Run) -> Outcome {
    let old = ok!(run, mmap::anonymous(run.page, Prot::READ | Prot::WRITE));
    // SAFETY: a new page.
    unsafe { old.cast::<u32>().write(77) };
    let new = ok!(run, mremap(old, run.page, 3 * run.page, Mremap::MAYMOVE, null_mut()));
    // SAFETY: the pages are there, wherever they are now.
    same!(run, unsafe { new.cast::<u32>().read() }, 77);
    same!(run, ok!(run, mremap(new, 3 * run.page, run.page, Mremap::empty(), null_mut())), new);
    fails!(run, EINVAL, mremap(new, run.page, run.page, Mremap::FIXED, null_mut()));
    ok!(run, munmap(new, run.page));
    Ok(())
}

fn protection(run: &Run) -> Outcome {
    let mut pages = Pages::new(run, 1)?;
    pages.bytes()[0] = 7;
    let [reader, writer] = ok!(run, pipe2(O::CLOEXEC | O::NONBLOCK));
    ok!(run, write(&writer, b"xy"));
    ok!(run, mprotect(pages.0, run.page, Prot::READ));
    // The kernel cannot write there either.
    // SAFETY: the slice is not looked at while it may not be written to.
    let slice = unsafe { core::slice::from_raw_parts_mut(pages.0.cast::<u8>(), 1) };
    fails!(run, EFAULT, read(&reader, slice));
    ok!(run, mprotect(pages.0, run.page, Prot::READ | Prot::WRITE));
    same!(run, ok!(run, read(&reader, &mut pages.bytes()[..1])), 1);
    same!(run, pages.bytes()[0], b'x');
    fails!(run, EINVAL, mprotect(nowhere(), run.page, Prot::READ));
    Ok(())
}

fn advice(run: &Run) -> Outcome {
    let pages = Pages::new(run, 2)?;
    let (address, length) = (pages.0, pages.1);
    ok!(run, madvise::normal(address, length));
    ok!(run, madvise::random(address, length));
    ok!(run, madvise::sequential(address, length));
    ok!(run, madvise::willneed(address, length));
    ok!(run, madvise::dontdump(address, length));
    ok!(run, madvise::dodump(address, length));
    Ok(())
}

fn advice_to_itself(run: &Run) -> Outcome {
    let mut pages = Pages::new(run, 2)?;
    let (address, length) = (pages.0, pages.1);
    pages.bytes().fill(7);
    ok!(run, madvise::cold(address, length));
    ok!(run, madvise::pageout(address, length));
    ok!(run, madvise::populate_read(address, length));
    ok!(run, madvise::populate_write(address, length));
    same!(run, pages.bytes()[run.page], 7);
    ok!(run, madvise(address, length, Madv::DONTNEED));
    same!(run, pages.bytes()[run.page], 0);
    // Whether large pages are configured.
    let large = call!(run, madvise::nohugepage(address, length));
    same!(run, call!(run, madvise::hugepage(address, length)), large);
    fails!(run, EINVAL, madvise(address, length, Madv::new(999)));
    fails!(run, EINVAL, madvise::normal(nowhere(), length));
    Ok(())
}

fn presence(run: &Run) -> Outcome {
    let mut pages = Pages::new(run, 2)?;
    pages.bytes()[0] = 7;
    let mut present = [0xff; 64];
    ok!(run, mincore(pages.0, pages.1, &mut present));
    same!(run, (present[0] & 1, present[1] & 1, present[pages.1 / 4096]), (1, 0, 0xff));
    // A page for each byte, or less.
    fails!(run, EINVAL, mincore(pages.0, pages.1, &mut []));
    Ok(())
}

fn to_nothing(run: &Run) -> Outcome {
    let pages = Pages::new(run, 1)?;
    fails!(run, EINVAL, mremap(pages.0, run.page, 0, Mremap::empty(), null_mut()));
    Ok(())
}

/// Where nothing is mapped.
fn nothing_there(run: &Run) -> Outcome {
    let (address, mut present) = (Pages::new(run, 1)?.0, [0; 1]);
    fails!(run, ENOMEM, mincore(address, run.page, &mut present));
    fails!(run, EINVAL, mincore(nowhere(), run.page, &mut present));
    fails!(run, ENOMEM, msync(address, run.page, Msync::ASYNC));
    fails!(run, EFAULT, mremap(address, run.page, 2 * run.page, Mremap::MAYMOVE, null_mut()));
    fails!(run, ENOMEM, mprotect(address, run.page, Prot::READ));
    fails!(run, ENOMEM, madvise::random(address, run.page));
    fails!(run, ENOMEM, madvise::populate_read(address, run.page));
    fails!(run, ENOMEM, madvise::cold(address, run.page));
    fails!(run, ENOMEM, madvise::dodump(address, run.page));
    fails!(run, ENOMEM, mlock(address, run.page));
    fails!(run, ENOMEM, munlock(address, run.page));
    Ok(())
}

fn locking(run: &Run) -> Outcome {
    let pages = Pages::new(run, 1)?;
    fails!(run, EINVAL, mlock2(pages.0, run.page, Mlock::from_bits_retain(99)));
    fails!(run, EINVAL, mlockall(Mcl::empty()));
    ok!(run, mlock(pages.0, run.page));
    ok!(run, munlock(pages.0, run.page));
    ok!(run, mlock2(pages.0, run.page, Mlock::ONFAULT));
    ok!(run, mlockall(Mcl::CURRENT | Mcl::ONFAULT));
    ok!(run, munlockall());
    Ok(())
}

fn to_the_file(run: &Run) -> Outcome {
    let pages = Pages::new(run, 1)?;
    ok!(run, msync(pages.0, run.page, Msync::ASYNC));
    fails!(run, EINVAL, msync(pages.0, run.page, Msync::ASYNC | Msync::SYNC));
    fails!(run, EINVAL, msync(nowhere(), run.page, Msync::SYNC));
    Ok(())
}

fn secret(run: &Run) -> Outcome {
    #[cfg(not(target_arch = "arm"))]
    {
        fails!(run, EINVAL, memfd_secret(O::APPEND));
        let fd = ok!(run, memfd_secret(O::CLOEXEC));
        ok!(run, ftruncate(&fd, run.page as u64));
        fails!(run, EINVAL, read(&fd, &mut [0; 1]));
    }
    let fd = ok!(run, memfd_create(c"name", Mfd::CLOEXEC));
    same!(run, ok!(run, write(&fd, b"content")), 7);
    same!(run, ok!(run, fstat(&fd)).st_size, 7);
    Ok(())
}

fn sealing(run: &Run) -> Outcome {
    fails!(run, EINVAL, mseal(nowhere(), run.page));
    child(run, |run| {
        let address = ok!(run, mmap::anonymous(run.page, Prot::READ));
        ok!(run, mseal(address, run.page));
        fails!(run, EPERM, munmap(address, run.page));
        fails!(run, EPERM, mprotect(address, run.page, Prot::READ | Prot::WRITE));
        Ok(())
    })
}

fn barriers(run: &Run) -> Outcome {
    let none = MembarrierCmdFlag::empty();
    fails!(run, EINVAL, membarrier(MembarrierCmd::new(1 << 30), none, 0));
    let known = ok!(run, membarrier(MembarrierCmd::QUERY, none, 0));
    holds!(run, known & MembarrierCmd::PRIVATE_EXPEDITED.raw() as usize != 0);
    fails!(run, EPERM, membarrier(MembarrierCmd::PRIVATE_EXPEDITED, none, 0));
    same!(run, ok!(run, membarrier(MembarrierCmd::REGISTER_PRIVATE_EXPEDITED, none, 0)), 0);
    same!(run, ok!(run, membarrier(MembarrierCmd::PRIVATE_EXPEDITED, none, 0)), 0);
    Ok(())
}

fn policy(run: &Run) -> Outcome {
    let pages = Pages::new(run, 1)?;
    let mut nodes = [u64::MAX; 16];
    fails!(run, EINVAL, get_mempolicy(None, nowhere(), MpolF::empty()));
    same!(run, ok!(run, get_mempolicy(Some(&mut nodes), null_mut(), MpolF::empty())), Mpol::DEFAULT.bits());
    same!(run, nodes, [0; 16]);
    ok!(run, get_mempolicy(Some(&mut nodes), null_mut(), MpolF::MEMS_ALLOWED));
    same!(run, nodes[0] & 1, 1);
    ok!(run, mbind(pages.0, run.page, Mpol::PREFERRED, Some(&[1]), MpolMf::empty()));
    same!(run, ok!(run, get_mempolicy(Some(&mut nodes), pages.0, MpolF::ADDR)), Mpol::PREFERRED.bits());
    same!(run, nodes[0], 1);
    fails!(run, EINVAL, mbind(pages.0, run.page, Mpol::DEFAULT, Some(&[1]), MpolMf::empty()));
    fails!(run, EINVAL, set_mempolicy(Mpol::BIND, Some(&[0])));
    ok!(run, set_mempolicy(Mpol::BIND, Some(&[1])));
    same!(run, ok!(run, get_mempolicy(None, null_mut(), MpolF::empty())), Mpol::BIND.bits());
    ok!(run, set_mempolicy(Mpol::DEFAULT, None));
    fails!(run, EINVAL, set_mempolicy_home_node(pages.0, run.page, 99));
    same!(run, ok!(run, migrate_pages(None, &[1], &[1])), 0);
    Ok(())
}

fn pages_of_nodes(run: &Run) -> Outcome {
    let mut pages = Pages::new(run, 2)?;
    pages.bytes()[0] = 7;
    let list = [pages.0, pages.0.wrapping_byte_add(run.page)];
    let mut status = [77; 2];
    // Where they are: the one on the first node, the other nowhere yet.
    same!(run, ok!(run, move_pages(None, &list, None, &mut status, MpolMf::empty())), 0);
    same!(run, status, [0, -2]);
    fails!(run, EINVAL, move_pages(None, &list, None, &mut status, MpolMf::STRICT));
    Ok(())
}

fn other_processes(run: &Run) -> Outcome {
    let own = value!(run, getpid());
    let mut content = *b"content";
    let remote = [iovec { iov_base: content.as_mut_ptr().cast(), iov_len: 7 }];
    let mut bytes = [0; 8];
    same!(run, ok!(run, process_vm_readv(own, &mut [IoSliceMut::new(&mut bytes)], &remote)), 7);
    same!(run, &bytes, b"content\0");
    same!(run, ok!(run, process_vm_writev(own, &[IoSlice::new(b"CON")], &remote)), 3);
    same!(run, &content, b"CONtent");
    let wrong = [iovec { iov_base: nowhere(), iov_len: 7 }];
    fails!(run, EFAULT, process_vm_readv(own, &mut [IoSliceMut::new(&mut bytes)], &wrong));
    fails!(run, EFAULT, process_vm_writev(own, &[IoSlice::new(b"x")], &wrong));
    let Some(nobody) = Pid::new(0x3fff_ffff) else { return Ok(()) };
    fails!(run, ESRCH, process_vm_readv(nobody, &mut [IoSliceMut::new(&mut bytes)], &remote));
    fails!(run, ESRCH, process_vm_writev(nobody, &[IoSlice::new(b"x")], &remote));
    let pages = Pages::new(run, 1)?;
    let range = [iovec { iov_base: pages.0, iov_len: run.page as _ }];
    fails!(run, EBADF, process_madvise(closed(), &range, Madv::COLD));
    let itself = ok!(run, pidfd_open(own, ring3::consts::Pidfd::empty()));
    same!(run, ok!(run, process_madvise(&itself, &range, Madv::COLD)), run.page);
    fails!(run, EINVAL, process_madvise(&itself, &range, Madv::new(999)));
    Ok(())
}

fn the_break(run: &Run) -> Outcome {
    let now = value!(run, brk(null_mut()));
    holds!(run, !now.is_null());
    let more = now.wrapping_byte_add(2 * run.page);
    same!(run, value!(run, brk(more)), more);
    // SAFETY: the kernel has just made the memory below the break.
    unsafe { more.wrapping_byte_sub(4).cast::<u32>().write_unaligned(7) };
    same!(run, value!(run, brk(now)), now);
    // It cannot be: nothing changes.
    same!(run, value!(run, brk(nowhere())), now);
    Ok(())
}

fn keys(run: &Run) -> Outcome {
    let pages = Pages::new(run, 1)?;
    // Of a processor without keys, too.
    ok!(run, pkey_mprotect(pages.0, run.page, Prot::READ, -1));
    fails!(run, EINVAL, pkey_mprotect(pages.0, run.page, Prot::READ, 999));
    fails!(run, EINVAL, pkey_free(999));
    fails!(run, EINVAL, pkey_alloc(Pkey::from_bits_retain(1 << 20)));
    match call!(run, pkey_alloc(Pkey::UNRESTRICTED)) {
        // The processor has none, or the kernel for it.
        Err(Errno::ENOSPC | Errno::EINVAL) => Ok(()),
        Err(errno) => Err(Failure::Refused("pkey_alloc", errno)),
        Ok(key) => {
            ok!(run, pkey_mprotect(pages.0, run.page, Prot::READ | Prot::WRITE, key));
            ok!(run, pkey_free(key));
            Ok(())
        }
    }
}

fn nonlinear(run: &Run) -> Outcome {
    let pages = Pages::new(run, 2)?;
    // Only of shared mappings.
    fails!(run, EINVAL, remap_file_pages(pages.0, run.page, 1, Map::empty()));
    let (prot, flags) = (Prot::READ | Prot::WRITE, Map::SHARED);
    let fd = file(run, c"f", b"")?;
    ok!(run, ftruncate(&fd, 2 * run.page as u64));
    ok!(run, pwrite64(&fd, b"second", run.page as u64));
    let length = 2 * run.page;
    let mut pages = Pages(ok!(run, mmap(null_mut(), length, prot, flags, Some(fd_of(&fd)), 0)), length);
    ok!(run, remap_file_pages(pages.0, run.page, 1, Map::empty()));
    same!(run, &pages.bytes()[..6], b"second");
    remove(run, c"f")
}

fn faults_of_users(run: &Run) -> Outcome {
    fails!(run, EINVAL, userfaultfd(Uffd::from_bits_retain(1 << 20)));
    let fd = ok!(run, userfaultfd(Uffd::CLOEXEC | Uffd::NONBLOCK | Uffd::USER_MODE_ONLY));
    // Nothing has been agreed on.
    fails!(run, EINVAL, read(&fd, &mut [0; 32]));
    Ok(())
}

fn names_of_mappings(run: &Run) -> Outcome {
    let pages = Pages::new(run, 1)?;
    let named = call!(run, prctl::set_vma_anon_name(pages.0, run.page, Some(c"ring3")));
    if named == Err(Errno::EINVAL) {
        return Err(Failure::Lacks("the kernel keeps no names of mappings"));
    }
    same!(run, named, Ok(()));
    ok!(run, prctl::set_vma_anon_name(pages.0, run.page, None));
    fails!(run, EINVAL, prctl::set_vma_anon_name(pages.0, run.page, Some(c"[ring3]")));
    Ok(())
}
