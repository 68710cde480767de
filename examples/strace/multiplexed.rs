//! The calls of 32-bit machines that stand for many: `socketcall`, whose arguments lie in memory, and `ipc`, which has them in another order.

use crate::memory::{Memory, integer};
use alloc::{format, vec::Vec};
use ring3::abi::{self, Call};

/// What socketcall calls, from 1 on, and with how many arguments.
const SOCKET: [(&str, usize); 20] = [
    ("socket", 3),
    ("bind", 3),
    ("connect", 3),
    ("listen", 2),
    ("accept", 3),
    ("getsockname", 3),
    ("getpeername", 3),
    ("socketpair", 4),
    ("send", 4),
    ("recv", 4),
    ("sendto", 6),
    ("recvfrom", 6),
    ("shutdown", 2),
    ("setsockopt", 5),
    ("getsockopt", 5),
    ("sendmsg", 3),
    ("recvmsg", 3),
    ("accept4", 4),
    ("recvmmsg", 5),
    ("sendmmsg", 4),
];

/// What ipc calls, by number, and which of its arguments are the call's.
const IPC: [(u64, &str, &[usize]); 12] = [
    (1, "semop", &[1, 4, 2]),
    (2, "semget", &[1, 2, 3]),
    (3, "semctl", &[1, 2, 3, 4]),
    (4, "semtimedop", &[1, 4, 2, 5]),
    (11, "msgsnd", &[1, 4, 2, 3]),
    (12, "msgrcv", &[1, 4, 2, 5, 3]),
    (13, "msgget", &[1, 2]),
    (14, "msgctl", &[1, 2, 4]),
    (21, "shmat", &[1, 4, 2]),
    (22, "shmdt", &[4]),
    (23, "shmget", &[1, 2, 3]),
    (24, "shmctl", &[1, 2, 4]),
];

/// The call that such a one stands for, with that one's arguments.
pub fn inner(memory: Memory, call: Call, values: &[u64]) -> Option<(Call, Vec<u64>)> {
    let value = |place: usize| values.get(place).copied().unwrap_or(0);
    let words = |address: u64, count: usize| {
        let bytes = memory.bytes(address, count * memory.word()).ok()?;
        Some(bytes.chunks_exact(memory.word()).map(integer).collect::<Vec<_>>())
    };
    match call.name() {
        "socketcall" => {
            let (name, count) = *SOCKET.get(usize::try_from(value(0)).ok()?.checked_sub(1)?)?;
            Some((by_name(memory, name)?, words(value(1), count)?))
        }
        "ipc" => {
            let (_, name, places) = IPC.iter().find(|(number, ..)| *number == value(0) & 0xffff)?;
            let mut values: Vec<_> = places.iter().map(|place| value(*place)).collect();
            match *name {
                "semctl" => values[3] = *words(values[3], 1)?.first()?,
                // The first version has the message and its type behind one pointer.
                "msgrcv" if value(0) >> 16 == 0 => {
                    (values[1], values[3]) = words(values[1], 2).map(|both| (both[0], both[1]))?;
                }
                _ => {}
            }
            Some((by_name(memory, name)?, values))
        }
        _ => None,
    }
}

/// A call of the ABI. Where it has none of the name, that of another one with pointers as wide: the meaning is the same.
fn by_name(memory: Memory, name: &str) -> Option<Call> {
    let timed = format!("{name}_time64");
    let here = memory.abi.by_name(name);
    let same = |abi: &&&'static abi::Abi| abi.pointer_width() == memory.abi.pointer_width();
    let others =
        || abi::ALL.iter().filter(same).find_map(|abi| abi.by_name(name).or_else(|| abi.by_name(&timed)));
    here.filter(|call| call.is_live()).or_else(others)
}
