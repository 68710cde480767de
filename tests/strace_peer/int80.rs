//! A program that makes calls of i386 from x86_64 code, for strace to decode: those that stand for many, and those whose arguments have another form there.

use std::arch::asm;

/// Memory below 4 GiB, where the gate's pointers reach.
struct Low(*mut u8);

impl Low {
    fn new() -> Self {
        let mut low: *mut u8 = std::ptr::null_mut();
        // SAFETY: a new mapping (mmap, readable and writable, private and anonymous, in the lower half of these 4 GiB) touches no other.
        unsafe {
            asm!("syscall", inlateout("rax") 9_u64 => low, in("rdi") low, in("rsi") 4096, in("rdx") 3, in("r10") 0x62,
                in("r8") -1_i64, in("r9") 0, lateout("rcx") _, lateout("r11") _);
        }
        assert!(!low.is_null() && u32::try_from(low.addr()).is_ok(), "no memory below 4 GiB");
        Self(low)
    }

    /// Bytes at a place, and their address.
    fn bytes(&self, at: usize, bytes: &[u8]) -> u32 {
        assert!(at + bytes.len() <= 4096);
        // SAFETY: the place is in the mapping, which nothing else refers to.
        unsafe { self.0.add(at).copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        self.0.addr() as u32 + at as u32
    }

    fn words(&self, at: usize, words: &[u32]) -> u32 {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
        self.bytes(at, &bytes)
    }
}

/// A call of i386 with up to five arguments.
fn call<const N: usize>(number: u32, arguments: [u32; N]) -> i32 {
    let mut all = [0_u64; 5];
    all.iter_mut().zip(arguments).for_each(|(one, argument)| *one = argument.into());
    let mut result = u64::from(number);
    // SAFETY: the calls below touch this program's own objects and the memory that their pointers lead to.
    unsafe {
        asm!("xchg rbx, {first}", "int 0x80", "xchg rbx, {first}", first = inout(reg) all[0] => _, inlateout("rax") result,
            in("rcx") all[1], in("rdx") all[2], in("rsi") all[3], in("rdi") all[4],
            lateout("r8") _, lateout("r9") _, lateout("r10") _, lateout("r11") _);
    }
    result as i32
}

fn main() {
    let low = Low::new();
    let socketcall = |which: u32, words: &[u32]| call(102, [which, low.words(0, words)]);
    let ipc = |which: u32, [first, second, third]: [u32; 3], pointer: u32| {
        call(117, [which, first, second, third, pointer])
    };

    // SYS_SOCKETPAIR, SYS_SEND, SYS_RECV, SYS_SENDTO, SYS_RECVFROM, SYS_GETSOCKNAME, SYS_GETSOCKOPT, SYS_SHUTDOWN.
    let pair = low.words(64, &[0, 0]);
    let (local, stream) = (1, 1);
    assert_eq!(socketcall(8, &[local, stream, 0, pair]), 0);
    // SAFETY: the call has filled in both words.
    let [one, other] = unsafe { low.0.add(64).cast::<[u32; 2]>().read() };
    let text = low.bytes(128, b"hello");
    assert_eq!(socketcall(9, &[one, text, 5, 0x4000]), 5);
    assert_eq!(socketcall(10, &[other, text + 64, 16, 0]), 5);
    assert_eq!(socketcall(11, &[one, text, 2, 0, 0, 0]), 2);
    assert_eq!(socketcall(12, &[other, text + 64, 16, 0, 0, 0]), 2);
    let length = low.words(72, &[64]);
    assert_eq!(socketcall(6, &[one, text + 64, length]), 0);
    let length = low.words(72, &[4]);
    assert_eq!(socketcall(15, &[one, 1, 3, text + 64, length]), 0);
    assert_eq!(socketcall(13, &[one, 2]), 0);
    // SYS_SOCKET, SYS_LISTEN, SYS_ACCEPT of what does not listen.
    let socket = socketcall(1, &[2, stream | 0x80000, 0]);
    assert!(socket > 2);
    let length = low.words(72, &[64]);
    assert!(socketcall(5, &[one, text + 64, length]) < 0);
    assert!(socketcall(4, &[u32::MAX, 1]) < 0);
    assert!(socketcall(99, &[]) < 0);

    // SEMGET, SEMOP, SEMCTL with GETVAL and IPC_RMID.
    let (private, create) = (0, 0o1600);
    let semaphores = ipc(2, [private, 1, create], 0) as u32;
    let operation = low.words(256, &[1 << 16, 0]);
    assert_eq!(ipc(1, [semaphores, 1, 0], operation), 0);
    let argument = low.words(264, &[0]);
    assert_eq!(ipc(3, [semaphores, 0, 12], argument), 1);
    assert_eq!(ipc(3, [semaphores, 0, 0], argument), 0);
    // SHMGET, SHMDT of nothing, SHMCTL with IPC_RMID.
    let memory = ipc(23, [private, 4096, create], 0) as u32;
    assert!(ipc(22, [0, 0, 0], 0) < 0);
    assert_eq!(ipc(24, [memory, 0, 0], 0), 0);
    // MSGGET, MSGSND, MSGRCV with the message and its type behind one pointer, MSGCTL with IPC_RMID.
    let queue = ipc(13, [private, create, 0], 0) as u32;
    let message = low.words(320, &[7, u32::from_ne_bytes(*b"text")]);
    assert_eq!(ipc(11, [queue, 4, 0], message), 0);
    let both = low.words(280, &[message, 7]);
    assert_eq!(ipc(12, [queue, 4, 0], both), 4);
    assert_eq!(ipc(14, [queue, 0, 0], 0), 0);

    // _llseek, fcntl64 with locks, waitpid.
    let file = call(5, [low.bytes(512, b"/dev/zero\0"), 0]) as u32;
    let place = low.bytes(600, &[0; 8]);
    assert_eq!(call(140, [file, 0, 12, place, 0]), 0);
    assert!(call(140, [one, u32::MAX, u32::MAX, place, 1]) < 0);
    // The type, SEEK_SET, and 64-bit numbers right after them.
    let lock = low.words(620, &[1, 5, 0, 10, 0, 0]);
    assert_eq!(call(221, [file, 12, lock]), 0);
    assert_eq!(call(221, [file, 13, lock]), 0);
    assert!(call(7, [u32::MAX, place, 1]) < 0);
}
