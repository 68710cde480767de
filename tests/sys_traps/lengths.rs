//! Lengths in other units than bytes, and times that come back.

use super::*;
use ring3::{
    AsRawFd, Errno, consts,
    consts::{Af, Poll, Sock},
    io::{IoSliceMut, PollFd},
    sys, uapi,
};

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
