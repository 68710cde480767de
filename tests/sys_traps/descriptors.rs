//! Results that are no new descriptors, and descriptors by their numbers.

use super::*;
use ring3::{
    AsRawFd, Errno, OwnedFd, STDIN, consts,
    consts::{At, Clock, IoringSetup, Mfd, Mode, O, Sfd, Sig},
    sys, uapi,
};

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
    let ring = match sys::io_uring_setup(4, &mut zeroed()) {
        Ok(ring) => ring,
        Err(error) => return skip("io_uring_setup", error),
    };
    assert!(is_open(ring.as_raw_fd()));
    // The kernel would take it: the number is that of a ring.
    let mut params: uapi::io_uring_params = zeroed();
    params.flags = IoringSetup::ATTACH_WQ.bits();
    params.wq_fd = ring.as_raw_fd() as u32;
    assert_eq!(sys::io_uring_setup(4, &mut params).unwrap_err(), Errno::EINVAL);
    // SAFETY: the ring is this test's, and there are no other addresses.
    assert!(unsafe { sys::io_uring_setup::any(4, &mut params) }.is_ok());
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
    let time = sys::clock_gettime(Clock::REALTIME).unwrap();
    let clock_of = |fd: &OwnedFd| Clock::new(!fd.as_raw_fd() << 3 | 3);
    let file = sys::memfd_create(c"clock", Mfd::CLOEXEC).unwrap();
    assert_eq!(sys::clock_settime(clock_of(&file), &time), Err(Errno::EINVAL));
    assert_eq!(sys::clock_adjtime(clock_of(&file), &mut zeroed()), Err(Errno::EINVAL));
    // No clock either way: here the kernel says so.
    assert_eq!(sys::clock_settime::dynamic(&file, &time), Err(Errno::EINVAL));
    // The clock of the process has a number below 0 too, and nobody may set it.
    assert_eq!(sys::clock_settime(Clock::new(!0 << 3 | 2), &time), Err(Errno::EPERM));
    match sys::open(c"/dev/ptp0", O::RDWR | O::CLOEXEC, Mode::empty()) {
        Ok(clock) => {
            let mut ask: uapi::__kernel_timex = zeroed();
            assert_eq!(sys::clock_adjtime(clock_of(&clock), &mut ask), Err(Errno::EINVAL));
            assert_ne!(sys::clock_adjtime::dynamic(&clock, &mut ask), Err(Errno::EINVAL));
        }
        Err(error) => skip("clocks of descriptors, by /dev/ptp0", error),
    }
}
