//! Types that depend on a command, structs that say their own size, results that exceed the buffer.

use super::*;
use core::sync::atomic::{AtomicU32, Ordering};
use ring3::{
    AT_FDCWD, AsRawFd, Errno, KeySerial, Pid, WaitPid, consts,
    consts::{Af, At, Futex, Ipc, MsgRcv, O, Prot, PtraceO, Sock, Wait},
    sys, uapi,
};
use std::{ffi::CString, process};

#[test]
fn system_v_structs_are_the_commands() {
    let mode = Ipc::from_bits_retain(0o600);
    match sys::msgget(0, mode) {
        Ok(queue) => {
            let stat = sys::msgctl::stat(queue).unwrap();
            assert_eq!((stat.msg_qnum, stat.msg_cbytes), (0, 0));
            sys::msgctl::rmid(queue).unwrap();
        }
        Err(error) => skip("msgget", error),
    }
    match sys::semget(0, 3, mode) {
        Ok(set) => {
            assert_eq!(sys::semctl::stat(set).unwrap().sem_nsems, 3);
            let mut values = Guarded::<u16, 3>::new(0xa5a5);
            // SAFETY: there is room for a number for each of the three.
            unsafe { sys::semctl::getall(set, values.room.as_mut_ptr().cast()) }.unwrap();
            assert_eq!(values.room, [0; 3]);
            values.check();
            sys::semctl::rmid(set).unwrap();
        }
        Err(error) => skip("semget", error),
    }
    match sys::shmget(0, 5000, consts::Shm::from_bits_retain(0o600)) {
        Ok(segment) => {
            assert_eq!(sys::shmctl::stat(segment).unwrap().shm_segsz, 5000);
            sys::shmctl::rmid(segment).unwrap();
        }
        Err(error) => skip("shmget", error),
    }
}

#[test]
fn a_message_begins_with_its_type() {
    const LONG: usize = size_of::<core::ffi::c_long>();
    let queue = match sys::msgget(0, Ipc::from_bits_retain(0o600)) {
        Ok(queue) => queue,
        Err(error) => return skip("msgget", error),
    };
    let mut message = [0; LONG + 10];
    message[0] = 1;
    message[LONG..].copy_from_slice(b"ten bytes.");
    for short in 0..LONG {
        assert_eq!(sys::msgsnd(queue, &message[..short], Ipc::empty()), Err(Errno::EINVAL));
    }
    sys::msgsnd(queue, &message, Ipc::empty()).unwrap();
    let mut found = Guarded::<u8, { LONG + 4 }>::new(0xa5);
    for short in 0..LONG {
        assert_eq!(sys::msgrcv(queue, &mut found.room[..short], 0, MsgRcv::NOERROR), Err(Errno::EINVAL));
    }
    assert_eq!(sys::msgrcv(queue, &mut found.room, 0, MsgRcv::NOERROR), Ok(4));
    assert_eq!((&found.room[LONG..], found.room[0]), (&b"ten "[..], 1));
    found.check();
    sys::msgctl::rmid(queue).unwrap();
}

#[test]
fn a_key_may_exceed_the_buffer() {
    const PROCESS_KEYRING: KeySerial = KeySerial::from_raw(-2);
    let key = match sys::add_key(c"user", Some(c"ring3-trap"), Some(&[7; 40]), PROCESS_KEYRING) {
        Ok(key) => key,
        Err(error) => return skip("add_key", error),
    };
    let mut buffer = Guarded::<u8, 16>::new(0xa5);
    assert_eq!(sys::keyctl::read(key, &mut buffer.room), Ok(40));
    buffer.check();
    assert!(sys::keyctl::describe(key, &mut buffer.room).unwrap() > 16);
    buffer.check();
    sys::keyctl::unlink(key, PROCESS_KEYRING).unwrap();
}

#[test]
fn no_bit_makes_another_command_of_a_futex() {
    let words = [AtomicU32::new(7), AtomicU32::new(7), AtomicU32::new(7), AtomicU32::new(7)];
    // All bits but the one that would have it wait by another clock.
    for bits in [!Futex::CLOCK_REALTIME.bits(), 0x7f, 1, 5, 6, 7, 0x200, 0x400] {
        let flags = Futex::from_bits_retain(bits);
        assert_eq!(sys::futex::wake(&words[1], flags, 1), Ok(0), "{bits:#x}");
        assert_eq!(sys::futex::requeue(&words[1], flags, 1, 1, &words[2]), Ok(0), "{bits:#x}");
        assert_eq!(sys::futex::wait(&words[1], flags, 8, None), Err(Errno::EAGAIN), "{bits:#x}");
    }
    assert!(words.iter().all(|word| word.load(Ordering::Relaxed) == 7));
}

#[test]
fn futexes_change_one_word() {
    let words = [const { AtomicU32::new(0) }; 5];
    let values = || words.each_ref().map(|word| word.load(Ordering::Relaxed));
    let private = Futex::PRIVATE_FLAG;
    // FUTEX_OP_SET: 9 into the word.
    sys::futex::wake_op(&words[1], private, 1, 1, &words[3], 9 << 12).unwrap();
    assert_eq!(values(), [0, 0, 0, 9, 0]);
    sys::futex::lock_pi(&words[1], private, None).unwrap();
    assert_eq!(values(), [0, sys::gettid().as_raw() as u32, 0, 9, 0]);
    sys::futex::unlock_pi(&words[1], private).unwrap();
    assert_eq!(values(), [0, 0, 0, 9, 0]);
}

#[test]
fn pointers_are_the_kernels() {
    let address: u64 = sys::prctl::get_tid_address().unwrap();
    assert!(address == 0 || address > 4096);
    // A 32-bit program's prctl is the same call.
    #[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
    {
        // What a kernel that runs 32-bit programs has.
        if !std::path::Path::new("/proc/sys/abi/vsyscall32").exists() {
            return skip("int 0x80", Errno::ENOSYS);
        }
        const PRCTL: u32 = 172;
        const GET_TID_ADDRESS: usize = 40;
        let flags = consts::Map::PRIVATE | consts::Map::ANONYMOUS | consts::Map::MAP_32BIT;
        // SAFETY: new memory, in the half of the addresses that a 32-bit program has.
        let low = unsafe { sys::mmap(core::ptr::null_mut(), 4096, Prot::READ | Prot::WRITE, flags, None, 0) };
        let low = low.unwrap().cast::<[u32; 4]>();
        // SAFETY: the kernel writes a pointer there, of which the memory has room for two.
        let (result, found) = unsafe {
            low.write([0xa5a5_a5a5; 4]);
            (ring3::arch::int80::syscall2(PRCTL, GET_TID_ADDRESS, low), low.read())
        };
        match result {
            Ok(_) => {
                assert_ne!(
                    found[1], 0xa5a5_a5a5,
                    "the kernel has learned how wide a 32-bit program's pointers are"
                );
                assert_eq!(found[2..], [0xa5a5_a5a5; 2]);
            }
            Err(error) => skip("int 0x80", error),
        }
    }
}

#[test]
fn vectors_may_exceed_the_buffer() {
    let mut part = Guarded::<u8, 24>::new(0xa5);
    match sys::prctl::get_auxv(&mut part.room) {
        Ok(length) => assert!(length > 24 && part.room != [0xa5; 24]),
        Err(error) => skip("prctl(PR_GET_AUXV)", error),
    }
    part.check();
}

#[test]
fn registers_stay_within_the_buffer() {
    let mut child = process::Command::new("sleep").arg("60").spawn().expect("sleep");
    let pid = Pid::new(child.id() as i32).unwrap();
    let attached = sys::ptrace::seize(pid, PtraceO::EXITKILL);
    if let Err(error) = attached {
        skip("ptrace", error);
    } else {
        sys::ptrace::interrupt(pid).unwrap();
        sys::wait4(WaitPid::process(pid), Wait::empty(), None).unwrap();
        const NT_PRSTATUS: u32 = 1;
        let mut part = Guarded::<u8, 16>::new(0xa5);
        assert_eq!(sys::ptrace::getregset(pid, NT_PRSTATUS, &mut part.room), Ok(16));
        part.check();
        let mut all = [0; 4096];
        let length = sys::ptrace::getregset(pid, NT_PRSTATUS, &mut all).unwrap();
        assert!(length > 16 && length < 4096);
        assert_eq!(all[..16], part.room);
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_struct_says_its_own_size() {
    let found = sys::sched_getattr(None, consts::SchedGetattr::empty()).unwrap();
    let mut attr = found;
    attr.size = u32::MAX;
    sys::sched_setattr(None, &attr).unwrap();
    assert_eq!(attr.size, u32::MAX);
    let mut event: uapi::perf_event_attr = zeroed();
    event.size = u32::MAX;
    event.r#type = 1;
    // SAFETY: a software counter of the caller's own.
    match unsafe { sys::perf_event_open(&event, 0, -1, None, consts::PerfFlag::FD_CLOEXEC) } {
        Ok(fd) => assert!(is_open(fd.as_raw_fd())),
        Err(error) => {
            assert_ne!(error, Errno::E2BIG);
            skip("perf_event_open", error);
        }
    }
    assert_eq!(event.size, u32::MAX);
}

#[test]
fn a_mount_has_four_bytes_or_eight() {
    let mut handle = sys::FileHandle::new();
    let id = sys::name_to_handle_at(AT_FDCWD, c"/", &mut handle, At::empty());
    match id {
        Ok(id) => assert!(id < 1 << 32, "{id:#x}"),
        Err(error) => skip("name_to_handle_at", error),
    }
    let unique = sys::name_to_handle_at(AT_FDCWD, c"/", &mut handle, At::HANDLE_MNT_ID_UNIQUE);
    match unique {
        Ok(id) => {
            let mask = consts::Statx::MNT_ID_UNIQUE;
            let stat = sys::statx(AT_FDCWD, Some(c"/"), At::empty(), mask).unwrap();
            assert_eq!(id, stat.stx_mnt_id);
        }
        Err(error) => skip("name_to_handle_at(AT_HANDLE_MNT_ID_UNIQUE)", error),
    }
    // The kernel believes the struct's own word for its length, which is never more than there is.
    assert!(sys::FileHandle::from_bytes(1, &[0; 129]).is_none());
    let long = sys::FileHandle::from_bytes(1, &[0xff; 128]).unwrap();
    assert!(sys::open_by_handle_at(AT_FDCWD, &long, O::RDONLY).is_err());
    assert_eq!(long.as_bytes().len(), 128);
}

#[test]
fn results_may_exceed_the_buffer() {
    let [one, other] = sys::socketpair(Af::UNIX, Sock::DGRAM, 0).unwrap();
    sys::send(&one, b"a message", consts::Msg::empty()).unwrap();
    let mut part = Guarded::<u8, 4>::new(0xa5);
    assert_eq!(sys::recv(&other, &mut part.room, consts::Msg::TRUNC), Ok(9));
    assert_eq!(&part.room, b"a me");
    part.check();
    // Of no size at all the results are how much there is.
    let groups = sys::getgroups(&mut []).unwrap();
    let mut list = vec![ring3::Gid::from_raw(0); groups];
    assert_eq!(sys::getgroups(&mut list), Ok(groups));
    let path = std::env::temp_dir().join(format!("ring3-traps-{}", process::id()));
    std::fs::write(&path, "").unwrap();
    let file = CString::new(path.to_str().unwrap()).unwrap();
    match sys::setxattr(&file, c"user.trap", Some(&[7; 40]), consts::Xattr::empty()) {
        Ok(()) => {
            assert_eq!(sys::getxattr(&file, c"user.trap", &mut []), Ok(40));
            assert!(sys::listxattr(&file, &mut []).unwrap() >= 10);
            let mut room = Guarded::<u8, 8>::new(0xa5);
            assert_eq!(sys::getxattr(&file, c"user.trap", &mut room.room), Err(Errno::ERANGE));
            room.check();
        }
        Err(error) => skip("setxattr", error),
    }
    std::fs::remove_file(path).unwrap();
}
