//! What the kernel could use later: buffers, memory, handlers.

use super::*;
use ring3::{
    CStrPtr, CStrs, Errno, consts,
    consts::{Af, Prot, Sig, Sock},
    io::IoSlice,
    net::SockAddr,
    sys,
};

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
