//! Calls that only some of the ABIs have.

use crate::{
    constants::*,
    files,
    report::{Outcome, Run},
};
use core::ptr::null_mut;

checks! { "own":
    #[cfg(not(target_arch = "riscv32"))] status_by_path,
    #[cfg(not(target_arch = "riscv32"))] time_of_day,
    #[cfg(not(target_arch = "riscv32"))] limit_of_files,
    #[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm"))] paths,
    #[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm"))] descriptors,
    #[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm"))] waiting,
    #[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm"))] process,
    #[cfg(any(target_arch = "x86", target_arch = "arm"))] clock_of_32_bits,
    #[cfg(any(target_arch = "x86", target_arch = "arm"))] ids_of_16_bits,
    #[cfg(target_arch = "x86_64")] thread_area,
    #[cfg(target_arch = "x86")] block_of_arguments,
    #[cfg(target_arch = "x86")] socket_multiplexer,
    #[cfg(target_arch = "arm")] thread_pointer,
    #[cfg(target_arch = "arm")] flush_cache (emulator: "it leaves the first argument for the result"),
    #[cfg(any(target_arch = "riscv64", target_arch = "riscv32"))] instruction_cache,
    #[cfg(any(target_arch = "riscv64", target_arch = "riscv32"))] hardware,
}

/// The older way to a file's status, with the ABI's own struct.
#[cfg(not(target_arch = "riscv32"))]
fn status_by_path(run: &Run) -> Outcome {
    let fd = files::file(run, c"f", b"seven..")?;
    #[cfg(target_pointer_width = "64")]
    {
        // SAFETY: stat is plain data.
        let mut status: ring3::uapi::stat = unsafe { core::mem::zeroed() };
        same!(run, ok!(run, newfstatat(AT_FDCWD, c"f".as_ptr(), &raw mut status, 0)), 0);
        same!(run, (status.st_size, status.st_mode), (7, 0o100_600));
        status.st_size = 0;
        same!(run, ok!(run, fstat(fd as _, &raw mut status)), 0);
        same!(run, status.st_size, 7);
        fails!(run, ENOENT, newfstatat(AT_FDCWD, c"missing".as_ptr(), &raw mut status, 0));
    }
    #[cfg(target_pointer_width = "32")]
    {
        // SAFETY: stat64 is plain data.
        let mut status: ring3::uapi::stat64 = unsafe { core::mem::zeroed() };
        ok!(run, ftruncate(fd as _, 0x1_0000_0007));
        same!(run, ok!(run, fstatat64(AT_FDCWD, c"f".as_ptr(), &raw mut status, 0)), 0);
        same!(run, (status.st_size as i64, status.st_mode), (0x1_0000_0007, 0o100_600));
        status.st_size = 0;
        same!(run, ok!(run, fstat64(fd as _, &raw mut status)), 0);
        same!(run, status.st_size as i64, 0x1_0000_0007);
        fails!(run, ENOENT, fstatat64(AT_FDCWD, c"missing".as_ptr(), &raw mut status, 0));
    }
    files::close(run, fd)?;
    files::remove(run, c"f")
}

#[cfg(not(target_arch = "riscv32"))]
fn time_of_day(run: &Run) -> Outcome {
    // SAFETY: both are plain data.
    let mut time = [0 as core::ffi::c_long; 2];
    same!(run, ok!(run, gettimeofday(time.as_mut_ptr().cast(), null_mut())), 0);
    holds!(run, time[0] > 1_577_836_800 && (0..1_000_000).contains(&time[1]));
    fails!(run, EFAULT, gettimeofday(files::nowhere(), null_mut()));
    let nap = [0 as core::ffi::c_long, 1_000_000];
    same!(run, ok!(run, nanosleep(nap.as_ptr().cast_mut().cast(), null_mut())), 0);
    let nap = [0 as core::ffi::c_long, -1];
    fails!(run, EINVAL, nanosleep(nap.as_ptr().cast_mut().cast(), null_mut()));
    Ok(())
}

#[cfg(not(target_arch = "riscv32"))]
fn limit_of_files(run: &Run) -> Outcome {
    let mut limit = [0usize; 2];
    same!(run, ok!(run, getrlimit(RLIMIT_NOFILE, limit.as_mut_ptr().cast())), 0);
    holds!(run, limit[0] >= 64 && limit[0] <= limit[1]);
    same!(run, ok!(run, setrlimit(RLIMIT_NOFILE, limit.as_mut_ptr().cast())), 0);
    fails!(run, EINVAL, getrlimit(99, limit.as_mut_ptr().cast()));
    Ok(())
}

#[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm"))]
fn paths(run: &Run) -> Outcome {
    let (f, g) = (c"f".as_ptr(), c"g".as_ptr());
    files::close(run, ok!(run, creat(f, 0o600)))?;
    let fd = ok!(run, open(f, O_RDONLY, 0));
    fails!(run, EEXIST, open(f, O_CREAT | O_EXCL, 0o600));
    files::close(run, fd)?;
    same!(run, ok!(run, access(f, 4)), 0);
    same!(run, ok!(run, chmod(f, 0o400)), 0);
    same!(run, ok!(run, rename(f, g)), 0);
    same!(run, ok!(run, link(g, f)), 0);
    same!(run, ok!(run, unlink(g)), 0);
    same!(run, ok!(run, symlink(f, g)), 0);
    let mut bytes = [0u8; 8];
    same!(run, ok!(run, readlink(g, bytes.as_mut_ptr().cast(), 8)), 1);
    same!(run, bytes[0], b'f');
    same!(run, ok!(run, unlink(g)), 0);
    same!(run, ok!(run, unlink(f)), 0);
    fails!(run, ENOENT, unlink(f));
    same!(run, ok!(run, mkdir(f, 0o700)), 0);
    same!(run, ok!(run, rmdir(f)), 0);
    fails!(run, ENOENT, rmdir(f));
    fails!(run, ENOENT, access(f, 0));
    Ok(())
}

#[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm"))]
fn descriptors(run: &Run) -> Outcome {
    let mut ends = [0i32; 2];
    same!(run, ok!(run, pipe(ends.as_mut_ptr())), 0);
    same!(run, ok!(run, dup2(ends[0] as _, 200)), 200);
    // Unlike dup3, it takes the same twice.
    same!(run, ok!(run, dup2(200, 200)), 200);
    let fd = ok!(run, eventfd(5));
    let mut value = 0u64;
    same!(run, ok!(run, read(fd as _, (&raw mut value).cast(), 8)), 8);
    same!(run, value, 5);
    files::close(run, ok!(run, inotify_init()))?;
    for fd in [ends[0] as usize, ends[1] as usize, 200, fd] {
        files::close(run, fd)?;
    }
    Ok(())
}

#[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm"))]
fn waiting(run: &Run) -> Outcome {
    use ring3::uapi::{epoll_event, pollfd};
    let ends = crate::pipes::pipe(run, 0)?;
    let mut polled = [pollfd { fd: ends[0] as _, events: POLLIN, revents: 0 }];
    same!(run, ok!(run, poll(polled.as_mut_ptr(), 1, 0)), 0);
    same!(run, ok!(run, write(ends[1] as _, b"x".as_ptr().cast(), 1)), 1);
    same!(run, ok!(run, poll(polled.as_mut_ptr(), 1, -1)), 1);
    let fd = ok!(run, epoll_create(1));
    fails!(run, EINVAL, epoll_create(0));
    let mut event = epoll_event { events: EPOLLIN, data: 77 };
    ok!(run, epoll_ctl(fd as _, EPOLL_CTL_ADD, ends[0] as _, &raw mut event));
    event.data = 0;
    same!(run, ok!(run, epoll_wait(fd as _, &raw mut event, 1, 1000)), 1);
    let data = event.data;
    same!(run, data, 77);
    for fd in [ends[0], ends[1], fd] {
        files::close(run, fd)?;
    }
    Ok(())
}

#[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm"))]
fn process(run: &Run) -> Outcome {
    same!(run, ok!(run, getpgrp()), ok!(run, getpgid(0)));
    Ok(())
}

/// The calls that have 32-bit time, by their number: the portable names lead to the others.
#[cfg(any(target_arch = "x86", target_arch = "arm"))]
fn clock_of_32_bits(run: &Run) -> Outcome {
    let mut time = [-1i32; 2];
    // SAFETY: the kernel fills the two words of an old_timespec32.
    let result = unsafe { ring3::syscall!(ring3::Sysno::CLOCK_GETTIME, CLOCK_REALTIME, time.as_mut_ptr()) };
    run.made_number(ring3::Sysno::CLOCK_GETTIME, result.as_ref().err());
    same!(run, result, Ok(0));
    holds!(run, time[0] > 1_577_836_800 && (0..1_000_000_000).contains(&time[1]));
    let mut word = 1u32;
    let short = [0i32, 1_000_000];
    // SAFETY: the word and the time are live.
    let result = unsafe {
        let op = FUTEX_WAIT | FUTEX_PRIVATE;
        ring3::syscall!(
            ring3::Sysno::FUTEX,
            &raw mut word,
            op,
            1u32,
            short.as_ptr(),
            core::ptr::null::<u8>(),
            0
        )
    };
    run.made_number(ring3::Sysno::FUTEX, result.as_ref().err());
    same!(run, result, Err(ring3::Errno::ETIMEDOUT));
    Ok(())
}

#[cfg(any(target_arch = "x86", target_arch = "arm"))]
fn ids_of_16_bits(run: &Run) -> Outcome {
    // SAFETY: getuid takes nothing.
    let id = unsafe { ring3::raw::getuid() };
    run.made_number(ring3::Sysno::GETUID, id.as_ref().err());
    let long = ok!(run, getuid());
    // What does not fit is the overflow id (/proc/sys/kernel/overflowuid).
    same!(run, id, Ok(if long > 0xffff { 65534 } else { long }));
    Ok(())
}

#[cfg(target_arch = "x86_64")]
fn thread_area(run: &Run) -> Outcome {
    const ARCH_GET_FS: i32 = 0x1003;
    let mut fs = 1usize;
    same!(run, ok!(run, arch_prctl(ARCH_GET_FS, &raw mut fs)), 0);
    holds!(run, fs != 1);
    fails!(run, EINVAL, arch_prctl(9999, 0));
    Ok(())
}

/// i386's mmap takes its six arguments as a block in memory, and its offset in bytes.
#[cfg(target_arch = "x86")]
fn block_of_arguments(run: &Run) -> Outcome {
    let fd = ok!(run, memfd_create(c"block".as_ptr(), 0));
    same!(run, ok!(run, pwrite64(fd as _, b"b".as_ptr().cast(), 1, 8192)), 1);
    let memory = ok!(run, mmap(null_mut(), 4096, PROT_READ as _, MAP_PRIVATE as _, fd as _, 8192));
    // SAFETY: the page is mapped and readable.
    same!(run, unsafe { memory.cast::<u8>().read_volatile() }, b'b');
    same!(run, ok!(run, munmap(memory, 4096)), 0);
    fails!(run, EINVAL, mmap(null_mut(), 4096, PROT_READ as _, MAP_PRIVATE as _, fd as _, 1));
    files::close(run, fd)
}

#[cfg(target_arch = "x86")]
fn socket_multiplexer(run: &Run) -> Outcome {
    const SOCKETPAIR: i32 = 8;
    const SENDTO: i32 = 11;
    let mut pair = [0i32; 2];
    let mut words = [AF_UNIX as usize, SOCK_STREAM as usize, 0, pair.as_mut_ptr().expose_provenance()];
    same!(run, ok!(run, socketcall(SOCKETPAIR, words.as_mut_ptr().cast())), 0);
    let text = b"by socketcall";
    let mut words = [pair[0] as usize, text.as_ptr().expose_provenance(), text.len(), 0, 0, 0];
    same!(run, ok!(run, socketcall(SENDTO, words.as_mut_ptr().cast())), text.len());
    let mut bytes = [0u8; 32];
    same!(run, ok!(run, read(pair[1] as _, bytes.as_mut_ptr().cast(), 32)), text.len());
    same!(run, &bytes[..text.len()], text);
    fails!(run, EINVAL, socketcall(99, words.as_mut_ptr().cast()));
    fails!(run, EFAULT, socketcall(SENDTO, files::nowhere()));
    files::close(run, pair[0] as usize)?;
    files::close(run, pair[1] as usize)
}

#[cfg(target_arch = "arm")]
fn thread_pointer(run: &Run) -> Outcome {
    // Nothing in this program has one.
    let before = ok!(run, get_tls());
    for pointer in [files::nowhere(), before] {
        same!(run, ok!(run, set_tls(pointer)), 0);
        same!(run, ok!(run, get_tls()) as usize, pointer.addr());
    }
    Ok(())
}

#[cfg(target_arch = "arm")]
fn flush_cache(run: &Run) -> Outcome {
    let memory = [0u32; 16];
    let start = memory.as_ptr().cast_mut();
    let end = start.wrapping_add(16);
    fails!(run, EINVAL, cacheflush(end.cast(), start.cast(), 0));
    same!(run, ok!(run, cacheflush(start.cast(), end.cast(), 0)), 0);
    Ok(())
}

#[cfg(any(target_arch = "riscv64", target_arch = "riscv32"))]
fn instruction_cache(run: &Run) -> Outcome {
    let memory = [0u32; 16];
    let start = memory.as_ptr().cast_mut();
    let end = start.wrapping_add(16);
    for flags in [0, SYS_RISCV_FLUSH_ICACHE_LOCAL] {
        same!(run, ok!(run, riscv_flush_icache(start.cast(), end.cast(), flags)), 0);
    }
    Ok(())
}

#[cfg(any(target_arch = "riscv64", target_arch = "riscv32"))]
fn hardware(run: &Run) -> Outcome {
    // A key and its value; -1 comes back as the key if the kernel does not know it.
    let mut pairs = [[3i64, 0], [0x7fff, 0]];
    same!(run, ok!(run, riscv_hwprobe(pairs.as_mut_ptr().cast(), 2, 0, null_mut(), 0)), 0);
    same!(run, (pairs[0][0], pairs[1][0]), (3, -1));
    fails!(run, EINVAL, riscv_hwprobe(pairs.as_mut_ptr().cast(), 2, 0, null_mut(), 1 << 31));
    fails!(run, EFAULT, riscv_hwprobe(files::nowhere(), 2, 0, null_mut(), 0));
    // Base behaviour: bit 0 says the integer instructions and atomics.
    holds!(run, pairs[0][1] & 1 == 1);
    Ok(())
}
