//! The calls whose obvious contract is unsound, made for real: nothing is written beyond what they were given.
//!
//! `tests/codegen/traps.rs` lists the traps, and which of these tests holds which.

#![cfg(target_os = "linux")]

use core::{
    mem::MaybeUninit,
    sync::atomic::{AtomicU32, Ordering},
};
use ring3::{
    AT_FDCWD, AsRawFd, CStrPtr, CStrs, Errno, KeySerial, Pid, STDIN, WaitPid, consts,
    consts::{
        Af, At, Clock, Futex, IoringSetup, Ipc, Mfd, Mode, MsgRcv, O, Poll, Prot, PtraceO, Sfd, Sig, Sock,
        Wait,
    },
    io::{IoSlice, IoSliceMut, PollFd},
    net::SockAddr,
    sys, uapi,
};
use std::{ffi::CString, process};

/// Memory with a mark on both sides.
#[repr(C)]
struct Guarded<T, const N: usize> {
    before: [T; 8],
    room: [T; N],
    behind: [T; 8],
    mark: T,
}

impl<T: Copy + PartialEq + core::fmt::Debug, const N: usize> Guarded<T, N> {
    fn new(mark: T) -> Self {
        Self { before: [mark; 8], room: [mark; N], behind: [mark; 8], mark }
    }

    #[track_caller]
    fn check(&self) {
        // What the compiler believes of the marks is no proof.
        // SAFETY: references to arrays.
        let (before, behind) =
            unsafe { ((&raw const self.before).read_volatile(), (&raw const self.behind).read_volatile()) };
        assert_eq!((before, behind), ([self.mark; 8], [self.mark; 8]));
    }
}

/// Says that something could not be shown here, for the count of those.
fn skip(what: &str, error: Errno) {
    println!("not shown here: {what}: {error:?}");
}

/// A struct of numbers and addresses, all 0.
fn zeroed<T: Copy>() -> T {
    // SAFETY: the tests ask for no other types.
    unsafe { MaybeUninit::zeroed().assume_init() }
}

fn page() -> *mut u8 {
    sys::mmap::anonymous(3 * 4096, Prot::READ | Prot::WRITE).unwrap().cast()
}

fn is_open(fd: i32) -> bool {
    std::fs::symlink_metadata(format!("/proc/self/fd/{fd}")).is_ok()
}

// Not a fresh descriptor.

#[test]
fn versions_are_no_descriptors() {
    for number in [sys::landlock_create_ruleset::version(), sys::landlock_create_ruleset::errata()] {
        match number {
            Ok(number) => assert!(number < 1 << 31),
            Err(error) => skip("landlock_create_ruleset", error),
        }
    }
}

#[test]
fn an_old_signalfd_stays_its_owners() {
    let mut mask: uapi::sigset_t = zeroed();
    let fd = sys::signalfd4(&mask, Sfd::CLOEXEC).unwrap();
    mask.sig[0] = 1 << (Sig::USR2.raw() - 1);
    for _ in 0..2 {
        assert_eq!(sys::signalfd4::set(&fd, &mask), Ok(()));
        assert!(is_open(fd.as_raw_fd()));
    }
    assert_eq!(sys::signalfd4::set(STDIN, &mask), Err(Errno::EINVAL));
}

#[test]
fn a_ring_is_a_new_descriptor() {
    let refused = [
        IoringSetup::NO_MMAP,
        IoringSetup::REGISTERED_FD_ONLY | IoringSetup::NO_MMAP,
        IoringSetup::REGISTERED_FD_ONLY,
        IoringSetup::ATTACH_WQ,
        IoringSetup::from_bits_retain(1 << 31),
    ];
    for flags in refused {
        let mut params: uapi::io_uring_params = zeroed();
        params.flags = flags.bits();
        assert_eq!(sys::io_uring_setup(4, &mut params).unwrap_err(), Errno::EINVAL, "{flags:?}");
    }
    match sys::io_uring_setup(4, &mut zeroed()) {
        Ok(ring) => assert!(is_open(ring.as_raw_fd())),
        Err(error) => skip("io_uring_setup", error),
    }
}

#[test]
fn a_duplicate_is_new() {
    let file = sys::memfd_create(c"old", Mfd::CLOEXEC).unwrap();
    let new = sys::fcntl::dupfd(&file, 100).unwrap();
    assert!(new.as_raw_fd() >= 100 && new.as_raw_fd() != file.as_raw_fd());
    let mut target = sys::memfd_create(c"new", Mfd::CLOEXEC).unwrap();
    let number = target.as_raw_fd();
    sys::dup2(&file, &mut target).unwrap();
    sys::dup3(&new, &mut target, O::CLOEXEC).unwrap();
    assert_eq!(target.as_raw_fd(), number);
    let (one, other) = (sys::fstat(&file).unwrap(), sys::fstat(&target).unwrap());
    assert_eq!(one.st_ino, other.st_ino);
}

// A descriptor by its number.

#[test]
fn structs_borrow_their_descriptors() {
    let file = sys::open(c"/tmp", O::RDONLY | O::CLOEXEC, Mode::empty()).unwrap();
    let mask = consts::Statx::MNT_ID_UNIQUE;
    let mount = sys::statx(&file, Some(c""), At::EMPTY_PATH, mask).unwrap().stx_mnt_id;
    let what = consts::Statmount::MNT_BASIC.bits();
    let by_id = (sys::mnt_id_req::new(mount, what), consts::StatmountFlags::empty());
    let by_fd = (sys::mnt_id_req::new(0, what).fd(&file), consts::StatmountFlags::BY_FD);
    for (request, flags) in [by_id, by_fd] {
        // The struct's length, and a mark behind it where its strings would be.
        let mut buffer = Guarded::<u8, { size_of::<uapi::statmount>() }>::new(0xa5);
        match sys::statmount(&request, &mut buffer.room, flags) {
            Ok(()) => assert_ne!(buffer.room[..8], [0xa5; 8]),
            Err(error) => skip(&format!("statmount({flags:?})"), error),
        }
        buffer.check();
    }
    let mut attributes = sys::mount_attr::new();
    attributes.attr_set = consts::MountAttr::IDMAP.bits().into();
    let no_namespace = sys::mount_setattr(&file, Some(c""), At::EMPTY_PATH, &attributes);
    assert!(no_namespace.is_err());
    let ruleset = uapi::landlock_ruleset_attr {
        handled_access_fs: consts::LandlockAccessFs::READ_FILE.bits(),
        ..zeroed()
    };
    match sys::landlock_create_ruleset(&ruleset) {
        Ok(ruleset) => {
            let rule = sys::landlock_path_beneath_attr::new(consts::LandlockAccessFs::READ_FILE, &file);
            let added =
                sys::landlock_add_rule::path_beneath(&ruleset, &rule, consts::LandlockAddRule::empty());
            assert_eq!(added, Ok(()));
        }
        Err(error) => skip("landlock_create_ruleset", error),
    }
}

#[test]
fn clocks_of_descriptors_need_the_descriptor() {
    let file = sys::memfd_create(c"clock", Mfd::CLOEXEC).unwrap();
    let clock = Clock::new(!file.as_raw_fd() << 3 | 3);
    let time = sys::clock_gettime(Clock::REALTIME).unwrap();
    assert_eq!(sys::clock_settime(clock, &time), Err(Errno::EINVAL));
    assert_eq!(sys::clock_adjtime(clock, &mut zeroed()), Err(Errno::EINVAL));
    // No clock either way: the kernel says so.
    assert!(sys::clock_settime::dynamic(&file, &time).is_err());
}

// Length or direction.

#[test]
fn mincore_counts_pages() {
    let memory = page();
    let mut pages = Guarded::<u8, 3>::new(0xa5);
    for short in 0..3 {
        assert_eq!(sys::mincore(memory.cast(), 3 * 4096, &mut pages.room[..short]), Err(Errno::EINVAL));
        assert_eq!(pages.room, [0xa5; 3]);
    }
    assert_eq!(sys::mincore(memory.cast(), 2 * 4096 + 1, &mut pages.room[..2]), Err(Errno::EINVAL));
    sys::mincore(memory.cast(), 3 * 4096, &mut pages.room).unwrap();
    assert!(pages.room.iter().all(|&page| page != 0xa5));
    pages.check();
    assert_eq!(sys::mincore(memory.cast(), usize::MAX, &mut pages.room), Err(Errno::EINVAL));
    pages.check();
}

#[test]
fn capget_fills_one_struct_or_two() {
    let mark = uapi::__user_cap_data_struct { effective: 0xa5a5, permitted: 0xa5a5, inheritable: 0xa5a5 };
    for (version, filled) in [(0x1998_0330, 1), (0x2008_0522, 2)] {
        let mut header = uapi::__user_cap_header_struct { version, pid: 0 };
        let mut data = [mark; 4];
        let (two, behind) = data.split_first_chunk_mut::<2>().unwrap();
        sys::capget(&mut header, Some(two)).unwrap();
        let marked =
            |data: &uapi::__user_cap_data_struct| data.effective == 0xa5a5 && data.inheritable == 0xa5a5;
        assert_eq!(two.iter().filter(|data| !marked(data)).count(), filled);
        assert!(behind.iter().all(marked));
    }
    let mut header = uapi::__user_cap_header_struct { version: 0, pid: 0 };
    assert_eq!(sys::capget(&mut header, None), Ok(()));
    assert_ne!(header.version, 0);
}

#[test]
fn sets_of_descriptors_are_bits() {
    let [reader, writer] = sys::pipe().unwrap();
    sys::write(&writer, b"x").unwrap();
    // In the second word, the third, and so on: whole words are read and written.
    for words in 1..8_usize {
        let number = (words * usize::BITS as usize - 1) as i32;
        let Ok(high) = sys::fcntl::dupfd(&reader, number) else { continue };
        let number = high.as_raw_fd() as usize;
        let words = number / usize::BITS as usize + 1;
        let mut set = Guarded::<usize, 16>::new(usize::MAX / 3);
        set.room[..words].fill(0);
        set.room[words - 1] = 1 << (number % usize::BITS as usize);
        let mut now = sys::timeval { tv_sec: 0, tv_usec: 0 };
        assert_eq!(sys::select(Some(&mut set.room[..words]), None, None, Some(&mut now)), Ok(1));
        assert_eq!(set.room[words - 1], 1 << (number % usize::BITS as usize));
        assert!(set.room[words..].iter().all(|&word| word == usize::MAX / 3));
        set.check();
        // The smallest of the sets counts, whatever the others are.
        let mut short = Guarded::<usize, 1>::new(0);
        let mut zero = sys::timespec { tv_sec: 0, tv_nsec: 0 };
        let [mut long, mut other] = [[0_usize; 16]; 2];
        long[words - 1] = 1 << (number % usize::BITS as usize);
        let ready =
            sys::pselect6(Some(&mut long), Some(&mut short.room), Some(&mut other), Some(&mut zero), None);
        assert_eq!(ready, Ok(usize::from(words == 1)));
        short.check();
    }
    assert_eq!(sys::select(None, None, None, Some(&mut sys::timeval { tv_sec: 0, tv_usec: 1 })), Ok(0));
}

#[test]
fn a_set_of_nodes_is_filled_to_its_end() {
    let mut nodes = Guarded::<u64, 32>::new(0xa5a5);
    match sys::get_mempolicy(Some(&mut nodes.room), core::ptr::null_mut(), consts::MpolF::MEMS_ALLOWED) {
        Err(Errno::ENOSYS) => return skip("get_mempolicy", Errno::ENOSYS),
        result => assert!(result.is_ok()),
    }
    assert!(nodes.room.iter().all(|&word| word != 0xa5a5));
    nodes.check();
    let mut part = Guarded::<u64, 32>::new(0xa5a5);
    sys::get_mempolicy(Some(&mut part.room[..20]), core::ptr::null_mut(), consts::MpolF::MEMS_ALLOWED)
        .unwrap();
    assert!(part.room[20..].iter().all(|&word| word == 0xa5a5));
    part.check();
    let none = sys::get_mempolicy(Some(&mut []), core::ptr::null_mut(), consts::MpolF::MEMS_ALLOWED);
    assert_eq!(none, Err(Errno::EINVAL));
    // Node 0 is one that the program may use: its bit arrives.
    let preferred = sys::set_mempolicy(consts::Mpol::PREFERRED, Some(&[1]));
    assert_eq!(preferred, Ok(()));
    let mut set = [0_u64; 32];
    let mode = sys::get_mempolicy(Some(&mut set), core::ptr::null_mut(), consts::MpolF::empty()).unwrap();
    assert_eq!((mode as u32, set[0]), (consts::Mpol::PREFERRED.bits() as u32, 1));
    sys::set_mempolicy(consts::Mpol::DEFAULT, None).unwrap();
}

#[test]
fn timeouts_are_written_back() {
    let [reader, writer] = sys::pipe().unwrap();
    sys::write(&writer, b"x").unwrap();
    let hour = sys::timespec { tv_sec: 3600, tv_nsec: 0 };
    let left = |time: sys::timespec| time.tv_sec == 3599 && time.tv_nsec > 0;
    let mut time = hour;
    assert_eq!(sys::ppoll(&mut [PollFd::new(&reader, Poll::IN)], Some(&mut time), None), Ok(1));
    assert!(left(time));
    let number = reader.as_raw_fd() as usize;
    let mut set = [0_usize; 16];
    set[number / usize::BITS as usize] = 1 << (number % usize::BITS as usize);
    time = hour;
    assert_eq!(sys::pselect6(Some(&mut set), None, None, Some(&mut time), None), Ok(1));
    assert!(left(time));
    let mut old = sys::timeval { tv_sec: 3600, tv_usec: 0 };
    assert_eq!(sys::select(Some(&mut set), None, None, Some(&mut old)), Ok(1));
    assert!(old.tv_sec == 3599);
    let [one, other] = sys::socketpair(Af::UNIX, Sock::DGRAM, 0).unwrap();
    sys::write(&one, b"message").unwrap();
    let (mut bytes, mut control) = ([0; 4], []);
    let mut slices = [IoSliceMut::new(&mut bytes)];
    let mut messages = [sys::RecvMsg::new(&mut slices, &mut control).into()];
    time = hour;
    assert_eq!(sys::recvmmsg(&other, &mut messages, consts::Msg::empty(), Some(&mut time)), Ok(1));
    assert!(left(time) || time.tv_sec == 3600);
    assert_eq!(messages[0].len(), 4);
    assert!(messages[0].message().flags().contains(consts::Msg::TRUNC));
}

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

// Used by the kernel later.

#[test]
fn a_sent_buffer_is_free_again() {
    let listener = sys::socket(Af::INET, Sock::STREAM | Sock::CLOEXEC, 0).unwrap();
    let any: core::net::SocketAddr = "127.0.0.1:0".parse().unwrap();
    sys::bind(&listener, &SockAddr::from(any)).unwrap();
    sys::listen(&listener, 1).unwrap();
    let client = sys::socket(Af::INET, Sock::STREAM | Sock::CLOEXEC, 0).unwrap();
    sys::connect(&client, &sys::getsockname(&listener).unwrap()).unwrap();
    let (server, _) = sys::accept4(&listener, Sock::CLOEXEC).unwrap();
    let mut bytes = vec![1; 20_000];
    let sent = sys::send(&client, &bytes, consts::Msg::ZEROCOPY).unwrap();
    bytes.fill(2);
    let mut found = vec![0; sent];
    let count = sys::recv(&server, &mut found, consts::Msg::WAITALL).unwrap();
    assert!(count == sent && found.iter().all(|&byte| byte == 1));
    let iov = [IoSlice::new(&bytes)];
    assert!(sys::sendmsg(&client, &sys::SendMsg::new(None, &iov), consts::Msg::ZEROCOPY).is_ok());
}

// Memory.

#[test]
fn advice_changes_no_memory() {
    let all = 3 * 4096;
    let memory: *mut u8 = sys::mmap::anonymous(all, Prot::READ | Prot::WRITE).unwrap().cast();
    let pattern = |at: usize| (at % 251) as u8;
    for at in 0..all {
        // SAFETY: the memory is this test's.
        unsafe { memory.add(at).write(pattern(at)) };
    }
    let address = memory.cast();
    let advice = [
        ("normal", sys::madvise::normal(address, all)),
        ("random", sys::madvise::random(address, all)),
        ("sequential", sys::madvise::sequential(address, all)),
        ("willneed", sys::madvise::willneed(address, all)),
        ("hugepage", sys::madvise::hugepage(address, all)),
        ("nohugepage", sys::madvise::nohugepage(address, all)),
        ("dontdump", sys::madvise::dontdump(address, all)),
        ("dodump", sys::madvise::dodump(address, all)),
        ("cold", sys::madvise::cold(address, all)),
        ("pageout", sys::madvise::pageout(address, all)),
        ("populate_read", sys::madvise::populate_read(address, all)),
        ("populate_write", sys::madvise::populate_write(address, all)),
        ("mlock", sys::mlock(address, all)),
        ("munlock", sys::munlock(address, all)),
        ("msync", sys::msync(address, all, consts::Msync::SYNC)),
        ("mseal", sys::mseal(address, all)),
    ];
    for (name, result) in advice {
        if let Err(error) = result {
            skip(name, error);
        }
    }
    for at in 0..all {
        // SAFETY: the memory is this test's.
        assert_eq!(unsafe { memory.add(at).read_volatile() }, pattern(at));
    }
    // With a free choice of flags MAP_FIXED would be among them.
    assert_ne!(page(), memory);
}

// Control flow.

#[test]
fn a_librarys_own_signals_are_refused() {
    let (process, thread) = (sys::getpid(), sys::gettid());
    let own = sys::pidfd_open(process, consts::Pidfd::empty()).unwrap();
    for number in 32..=34 {
        let signal = Some(Sig::new(number));
        assert_eq!(sys::tgkill(process, thread, signal), Err(Errno::EINVAL));
        assert_eq!(sys::tkill(thread, signal), Err(Errno::EINVAL));
        let flags = consts::PidfdSignal::empty();
        assert_eq!(sys::pidfd_send_signal(&own, signal, flags), Err(Errno::EINVAL));
    }
    sys::tgkill(process, thread, None).unwrap();
    sys::tkill(thread, None).unwrap();
    sys::pidfd_send_signal(&own, None, consts::PidfdSignal::empty()).unwrap();
    // URG is ignored.
    sys::tgkill(process, thread, Some(Sig::URG)).unwrap();
}

#[test]
fn a_list_of_strings_has_an_end() {
    let list = [CStrPtr::new(c"one"), CStrPtr::END, CStrPtr::new(c"two")];
    assert!(CStrs::new(&list).is_none());
    assert!(CStrs::new(&list[..1]).is_none());
    assert!(CStrs::new(&[]).is_none());
    let ended = CStrs::new(&list[..2]).unwrap();
    assert_eq!(sys::execve(c"/nonexistent", ended, CStrs::EMPTY), Errno::ENOENT);
}
