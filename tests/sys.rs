//! The functions of `sys`, called for real.

#![cfg(target_os = "linux")]

use core::{mem::MaybeUninit, net::SocketAddr, sync::atomic::AtomicU32};
use ring3::{
    AT_FDCWD, CStrPtr, CStrs, Errno, Pid, WaitPid,
    consts::{
        Access, Af, At, Clock, Epoll, EpollCreate, EpollCtl, Grnd, Ipproto, Map, Mfd, Mode, O, Poll, Prot,
        Seek, Sock, Wait,
    },
    io::{IoSlice, IoSliceMut, PollFd},
    net::SockAddr,
    sys, uapi,
};
use std::{env, ffi::CString, fs};

fn scratch(name: &str) -> CString {
    let path = env::temp_dir().join(format!("ring3-sys-{}-{name}", std::process::id()));
    CString::new(path.into_os_string().into_encoded_bytes()).unwrap()
}

#[test]
fn files() {
    let path = scratch("file");
    let fd =
        sys::open(&path, O::RDWR | O::CREAT | O::EXCL | O::CLOEXEC, Mode::from_bits_retain(0o600)).unwrap();
    assert_eq!(sys::open(&path, O::CREAT | O::EXCL, Mode::empty()).unwrap_err(), Errno::EEXIST);
    assert_eq!(sys::write(&fd, b"Hello World!\n"), Ok(13));
    assert_eq!(sys::writev(&fd, &[IoSlice::new(b"one "), IoSlice::new(b"two")]), Ok(7));
    assert_eq!(sys::lseek(&fd, 6, Seek::SET), Ok(6));
    let mut bytes = [0; 5];
    assert_eq!(sys::read(&fd, &mut bytes), Ok(5));
    assert_eq!(&bytes, b"World");
    let mut uninit = [MaybeUninit::uninit(); 32];
    let (filled, rest) = sys::pread64(&fd, &mut uninit, 13).unwrap();
    assert_eq!((&*filled, rest.len()), (&b"one two"[..], 25));
    let (mut first, mut second) = ([0; 3], [0; 9]);
    let mut slices = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
    assert_eq!(sys::preadv(&fd, &mut slices, 0), Ok(12));
    assert_eq!((&first, &second), (b"Hel", b"lo World!"));

    let by_fd = sys::fstat(&fd).unwrap();
    let by_path = sys::stat(&path).unwrap();
    let statx = sys::statx(AT_FDCWD, Some(&path), At::empty(), ring3::consts::Statx::BASIC_STATS).unwrap();
    assert_eq!((by_fd.st_size, by_path.st_size, statx.stx_size), (20, 20, 20));
    assert_eq!((by_fd.st_ino, by_path.st_ino), (statx.stx_ino, statx.stx_ino));
    assert_eq!(by_fd.st_mode.bits(), 0o100_600);
    assert_eq!(by_fd.st_dev.major(), statx.stx_dev_major);
    assert_eq!(by_fd.st_dev.minor(), statx.stx_dev_minor);

    sys::ftruncate(&fd, 1 << 33).unwrap();
    assert_eq!(sys::lstat(&path).unwrap().st_size, 1 << 33);
    let mut newfd = sys::dup(&fd).unwrap();
    sys::dup2(&fd, &mut newfd).unwrap();
    assert!(sys::fcntl::getfl(&newfd).unwrap().contains(O::RDWR));
    assert_eq!(sys::access(&path, Access::from_bits_retain(4)), Ok(()));
    sys::close(fd).unwrap();

    let link = scratch("link");
    sys::symlink(&path, &link).unwrap();
    let mut target = [0; 256];
    let length = sys::readlink(&link, &mut target).unwrap();
    assert_eq!(&target[..length], path.as_bytes());
    sys::unlink(&link).unwrap();
    sys::rename(&path, &link).unwrap();
    sys::unlinkat(AT_FDCWD, &link, At::empty()).unwrap();
    assert_eq!(sys::stat(&link).err(), Some(Errno::ENOENT));
}

#[test]
fn times() {
    let now = sys::clock_gettime(Clock::REALTIME).unwrap();
    assert!(now.tv_sec > 1_700_000_000);
    assert!((sys::time() - now.tv_sec).abs() < 3);
    assert!((sys::gettimeofday().unwrap().tv_sec - now.tv_sec).abs() < 3);
    let path = scratch("times");
    fs::write(path.to_str().unwrap(), "").unwrap();
    let far = sys::timeval { tv_sec: 1 << 32, tv_usec: 250_000 };
    sys::utimes(&path, Some(&[far; 2])).unwrap();
    let stat = sys::stat(&path).unwrap();
    assert!(stat.st_mtim.tv_sec == 1 << 32 || stat.st_mtim.tv_sec == i64::from(i32::MAX));
    sys::utime(&path, Some(&sys::utimbuf { actime: 1, modtime: 2 })).unwrap();
    assert_eq!(sys::stat(&path).unwrap().st_mtim.tv_sec, 2);
    let bad = sys::timeval { tv_sec: 0, tv_usec: 1_000_000 };
    assert_eq!(sys::utimes(&path, Some(&[bad; 2])), Err(Errno::EINVAL));
    sys::unlink(&path).unwrap();
}

#[test]
fn waiting() {
    let [reader, writer] = sys::pipe().unwrap();
    let mut fds = [PollFd::new(&reader, Poll::IN)];
    assert_eq!(sys::poll(&mut fds, 0), Ok(0));
    let epoll = sys::epoll_create1(EpollCreate::CLOEXEC).unwrap();
    let event = uapi::epoll_event { events: Epoll::IN.bits(), data: 7 };
    sys::epoll_ctl(&epoll, EpollCtl::ADD, &reader, Some(&event)).unwrap();
    assert_eq!(sys::write(&writer, b"x"), Ok(1));
    assert_eq!(sys::poll(&mut fds, -1), Ok(1));
    assert_eq!(fds[0].revents(), Poll::IN);
    let mut events = [const { MaybeUninit::uninit() }; 4];
    let (ready, rest) = sys::epoll_wait(&epoll, &mut events, 0).unwrap();
    assert_eq!((ready.len(), rest.len()), (1, 3));
    let data = ready[0].data;
    assert_eq!(data, 7);
    let word = AtomicU32::new(1);
    let futex = ring3::consts::Futex::PRIVATE_FLAG;
    assert_eq!(sys::futex::wait(&word, futex, 0, None), Err(Errno::EAGAIN));
    assert_eq!(sys::futex::wake(&word, futex, 1), Ok(0));
    let mut set = [0_usize; 1024 / usize::BITS as usize];
    let mut short = sys::timeval { tv_sec: 0, tv_usec: 1 };
    assert_eq!(sys::select(Some(&mut set), None, None, Some(&mut short)), Ok(0));
}

#[test]
fn sockets() {
    let listener = sys::socket(Af::INET, Sock::STREAM | Sock::CLOEXEC, Ipproto::IP.raw()).unwrap();
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    sys::bind(&listener, &SockAddr::from(any)).unwrap();
    sys::listen(&listener, 1).unwrap();
    let address = sys::getsockname(&listener).unwrap();
    let client = sys::socket(Af::INET, Sock::STREAM, 0).unwrap();
    sys::connect(&client, &address).unwrap();
    let (server, peer) = sys::accept4(&listener, Sock::CLOEXEC).unwrap();
    assert_eq!(peer, sys::getsockname(&client).unwrap());
    assert_eq!(peer.family(), Some(Af::INET));
    assert!(sys::getsockopt::so_acceptconn(&listener).unwrap() != 0);
    assert_eq!(sys::write(&server, b"hello"), Ok(5));
    let mut bytes = [0; 8];
    let (count, sender) = sys::recvfrom(&client, &mut bytes, ring3::consts::Msg::empty()).unwrap();
    assert_eq!((&bytes[..count], sender.family()), (&b"hello"[..], None));
}

#[test]
fn memory() {
    let page = sys::mmap::anonymous(4096, Prot::READ | Prot::WRITE).unwrap().cast::<u8>();
    // SAFETY: the page is new, and nobody else has it.
    unsafe {
        page.write(1);
        assert_eq!(page.read(), 1);
        sys::munmap(page.cast(), 4096).unwrap();
    }
    let file = sys::memfd_create(c"sys", Mfd::CLOEXEC).unwrap();
    sys::ftruncate(&file, 8192).unwrap();
    assert_eq!(sys::pwrite64(&file, b"second", 4096), Ok(6));
    // SAFETY: a new mapping of a file that nobody changes.
    unsafe {
        use ring3::AsFd as _;
        let fd = file.as_fd();
        let map = sys::mmap(core::ptr::null_mut(), 4096, Prot::READ, Map::SHARED, Some(fd), 4096).unwrap();
        assert_eq!(map.cast::<[u8; 6]>().read(), *b"second");
        sys::munmap(map, 4096).unwrap();
    }
    let mut random = [0; 32];
    assert_eq!(sys::getrandom(&mut random, Grnd::empty()), Ok(32));
    assert_ne!(random, [0; 32]);
}

#[test]
fn processes() {
    assert_eq!(sys::getpid().as_raw() as u32, std::process::id());
    assert_eq!(Pid::new(0), None);
    assert_eq!(sys::wait4(WaitPid::process(sys::getpid()), Wait::empty(), None), Err(Errno::ECHILD));
    let arguments = [CStrPtr::new(c"true"), CStrPtr::END];
    let list = CStrs::new(&arguments).unwrap();
    assert_eq!(sys::execve(c"/nonexistent", list, CStrs::EMPTY), Errno::ENOENT);
    let name = sys::uname().unwrap();
    assert_eq!(name.sysname[0] as u8, b'L');
}
