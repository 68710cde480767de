//! A child that runs a program and is waited for, and a thread that is joined: `cargo bench -p benches --bench spawn`.
//!
//! ring3's threads are for programs without libc: the program xtask/fixtures/joins measures them, for `cargo xtask bench`. The child's program does nothing, and nothing has to be linked or loaded for it: what is measured is what it takes to get there. The trap is fork,
//! execve and wait4, without what makes a spawn safe.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

mod stay;

use benches::{Subject, repeat, run};
use ring3::consts::Wait;
use ring3::process::Spawn;
use ring3::{CStrPtr, CStrs, sys};
use std::ffi::{CStr, CString, OsStr, c_void};
use std::fs::{self, Permissions};
use std::mem::MaybeUninit;
use std::os::unix::{ffi::OsStrExt, fs::PermissionsExt};
use std::process::Command;
use std::ptr::{null, null_mut};

const ADDRESS: u64 = 0x40_0000;
/// `xor edi, edi; mov eax, 231; syscall`: exit_group(0).
const CODE: [u8; 9] = [0x31, 0xff, 0xb8, 231, 0, 0, 0, 0x0f, 0x05];

/// The file of the least program: a header, one segment, which is the whole file, and the code.
fn program() -> Vec<u8> {
    const HEADERS: u64 = 64 + 56;
    let length = HEADERS + CODE.len() as u64;
    let halves = |halves: &[u16]| halves.iter().flat_map(|half| half.to_le_bytes()).collect::<Vec<_>>();
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>();
    let longs = |longs: &[u64]| longs.iter().flat_map(|long| long.to_le_bytes()).collect::<Vec<_>>();
    [
        // 64 bits, little endian, version 1.
        b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec(),
        // An executable for x86_64, version 1; where it begins, and where its segments are; no sections.
        halves(&[2, 62]),
        words(&[1]),
        longs(&[ADDRESS + HEADERS, 64, 0]),
        words(&[0]),
        halves(&[64, 56, 1, 0, 0, 0]),
        // A segment to read and execute.
        words(&[1, 5]),
        longs(&[0, ADDRESS, ADDRESS, length, length, 4096]),
        CODE.to_vec(),
    ]
    .concat()
}

/// The program, with no arguments but its name and no environment.
fn ring3(path: &CStr) {
    let argv = [CStrPtr::new(path), CStrPtr::END];
    let argv = CStrs::new(&argv).expect("it ends");
    let child = Spawn::new(path, argv, CStrs::EMPTY).spawn().expect("the program is there");
    assert_eq!(child.wait().expect("nobody else waits").exit_code(), Some(0));
}

fn libc(path: &CStr) {
    let (argv, envp) = ([path.as_ptr().cast_mut(), null_mut()], [null_mut()]);
    let (mut pid, mut status) = (0, 1);
    // SAFETY: the lists end, and live long enough.
    unsafe {
        assert_eq!(
            libc::posix_spawn(&mut pid, path.as_ptr(), null(), null(), argv.as_ptr(), envp.as_ptr()),
            0
        );
        assert_eq!(libc::waitpid(pid, &mut status, 0), pid);
    }
    assert_eq!(status, 0);
}

fn std(path: &CStr) {
    let program = OsStr::from_bytes(path.to_bytes());
    let status = Command::new(program).env_clear().status().expect("the program is there");
    assert!(status.success());
}

fn trap(path: &CStr) {
    let argv = [CStrPtr::new(path), CStrPtr::END];
    let argv = CStrs::new(&argv).expect("it ends");
    // SAFETY: the child makes one call, or two.
    match unsafe { sys::fork() }.expect("there may be one process more") {
        None => {
            let _ = sys::execve(path, argv, CStrs::EMPTY);
            sys::exit_group(1)
        }
        Some(child) => {
            let waited = sys::wait4(child.into(), Wait::empty(), None).expect("nobody else waits");
            assert_eq!(waited.and_then(|(_, status)| status.exit_code()), Some(0));
        }
    }
}

/// A thread's stack, as in the program that measures ring3's.
const STACK: usize = 64 << 10;

fn libc_thread(attributes: &libc::pthread_attr_t) {
    extern "C" fn nothing(_: *mut c_void) -> *mut c_void {
        null_mut()
    }
    let mut thread = 0;
    // SAFETY: the function wants nothing.
    unsafe {
        assert_eq!(libc::pthread_create(&mut thread, attributes, nothing, null_mut()), 0);
        assert_eq!(libc::pthread_join(thread, null_mut()), 0);
    }
}

fn std_thread() {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(|| ());
    thread.expect("there may be a thread more").join().expect("it does nothing");
}

fn threads() -> Subject {
    let mut attributes = MaybeUninit::uninit();
    // SAFETY: the function makes them, and they stay with the benchmark.
    let attributes = unsafe {
        assert_eq!(libc::pthread_attr_init(attributes.as_mut_ptr()), 0);
        assert_eq!(libc::pthread_attr_setstacksize(attributes.as_mut_ptr(), STACK), 0);
        attributes.assume_init()
    };
    Subject {
        name: "thread and join",
        sides: vec![("libc", repeat!(libc_thread(&attributes))), ("std", repeat!(std_thread()))],
    }
}

fn main() {
    stay::stay().expect("it may stay where it is");
    let directory = tempfile::tempdir().expect("a directory for a program");
    let path = directory.path().join("program");
    fs::write(&path, program()).expect("a program");
    fs::set_permissions(&path, Permissions::from_mode(0o700)).expect("a program to run");
    let path = CString::new(path.as_os_str().as_bytes()).expect("no such byte in a path");
    let path: &CStr = Box::leak(path.into_boxed_c_str());
    let children = Subject {
        name: "spawn and wait",
        sides: vec![
            ("ring3", repeat!(ring3(path))),
            ("libc", repeat!(libc(path))),
            ("std", repeat!(std(path))),
            ("trap", repeat!(trap(path))),
        ],
    };
    run(vec![children, threads()]);
}
