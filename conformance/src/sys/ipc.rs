//! Message queues of POSIX, and messages, semaphores and shared memory of System V.

use super::*;
use crate::report::Text;
use core::{fmt::Write, mem::zeroed, ptr::null_mut};
use ring3::{
    consts::{Ipc, IpcCmd, MsgRcv, SemFlg, Shm, Sigev},
    sys::timespec,
    uapi::{mq_attr, sembuf, sigevent},
};

checks! { "sys::ipc":
    queues, queues_refused, messages, messages_told, messages_refused, semaphores, semaphores_told, semaphores_refused,
    shared_memory, shared_memory_told, shared_memory_refused, numbers_by_place (privileged, emulator: "it does not know MSG_STAT_ANY"),
}

/// A key that stands for none: each set is new.
const PRIVATE: i32 = 0;
const WRONG: timespec = timespec { tv_sec: 0, tv_nsec: -1 };

fn access(bits: i32) -> Ipc {
    Ipc::CREAT | Ipc::from_bits_retain(bits)
}

/// Runs at the same time have names of their own.
fn named(text: &mut Text<64>, run: &Run, what: &str) {
    let _ = write!(text, "/ring3-sys-{what}-{}\0", value!(run, getpid()).as_raw());
}

/// The kernel's names have no slash. User-mode emulation calls a C library with the byte before the name, whose names have one.
fn name(text: &Text<64>) -> &CStr {
    CStr::from_bytes_until_nul(&text.as_str().as_bytes()[1..]).unwrap_or(c"")
}

fn queues(run: &Run) -> Outcome {
    let mut text = Text::new();
    named(&mut text, run, "queue");
    let name = name(&text);
    // Not in constant memory, where user-mode emulation writes the time back to.
    let second = core::hint::black_box(timespec { tv_sec: 1, tv_nsec: 0 });
    // SAFETY: plain data.
    let mut attr: mq_attr = unsafe { zeroed() };
    (attr.mq_maxmsg, attr.mq_msgsize) = (3, 16);
    let flags = O::RDWR | O::CREAT | O::CLOEXEC | O::NONBLOCK;
    let _ = call!(run, mq_unlink(name));
    let queue = ok!(run, mq_open(name, flags, mode(0o600), Some(&attr)));
    let told = ok!(run, mq_getsetattr(&queue, None));
    same!(run, (told.mq_maxmsg, told.mq_msgsize, told.mq_curmsgs), (3, 16, 0));
    ok!(run, mq_timedsend(&queue, b"lesser", 1, None));
    ok!(run, mq_timedsend(&queue, b"greater", 7, Some(&second)));
    same!(run, ok!(run, mq_getsetattr(&queue, None)).mq_curmsgs, 2);
    let mut bytes = [0; 16];
    same!(run, ok!(run, mq_timedreceive(&queue, &mut bytes, None)), (7, 7));
    same!(run, &bytes[..7], b"greater");
    same!(run, ok!(run, mq_timedreceive(&queue, &mut bytes, Some(&second))), (6, 1));
    fails!(run, EAGAIN, mq_timedreceive(&queue, &mut bytes, None));
    fails!(run, EMSGSIZE, mq_timedreceive(&queue, &mut bytes[..8], None));
    fails!(run, EMSGSIZE, mq_timedsend(&queue, &[0; 17], 0, None));
    fails!(run, EINVAL, mq_timedsend(&queue, b"x", 99_999, None));
    attr.mq_flags = 0;
    same!(run, ok!(run, mq_getsetattr(&queue, Some(&attr))).mq_flags, O::NONBLOCK.bits().into());
    same!(run, ok!(run, mq_getsetattr(&queue, None)).mq_flags, 0);
    // It blocks now, until a time that is over.
    fails!(run, ETIMEDOUT, mq_timedreceive(&queue, &mut bytes, Some(&second)));
    fails!(run, EINVAL, mq_timedreceive(&queue, &mut bytes, Some(&WRONG)));
    // SAFETY: plain data.
    let mut event: sigevent = unsafe { zeroed() };
    event.sigev_notify = Sigev::NONE.raw();
    ok!(run, mq_notify(&queue, Some(&event)));
    fails!(run, EBUSY, mq_notify(&queue, Some(&event)));
    ok!(run, mq_notify(&queue, None));
    ok!(run, mq_unlink(name));
    fails!(run, ENOENT, mq_unlink(name));
    Ok(())
}

fn queues_refused(run: &Run) -> Outcome {
    let mut text = Text::new();
    named(&mut text, run, "missing");
    fails!(run, ENOENT, mq_open(name(&text), O::RDWR, Mode::empty(), None));
    fails!(run, ENOENT, mq_unlink(name(&text)));
    fails!(run, EBADF, mq_timedsend(closed(), b"x", 0, None));
    fails!(run, EBADF, mq_timedreceive(closed(), &mut [0; 1], None));
    fails!(run, EBADF, mq_getsetattr(closed(), None));
    fails!(run, EBADF, mq_notify(closed(), None));
    fails!(run, EINVAL, mq_timedsend(closed(), b"x", 0, Some(&WRONG)));
    Ok(())
}

/// A message: a `long` that says its kind, and text.
struct Message([u8; 32]);

impl Message {
    const HEAD: usize = size_of::<isize>();

    fn new(kind: isize, text: &[u8]) -> Self {
        let mut bytes = [0; 32];
        bytes[..Self::HEAD].copy_from_slice(&kind.to_ne_bytes());
        bytes[Self::HEAD..Self::HEAD + text.len()].copy_from_slice(text);
        Self(bytes)
    }
}

fn messages(run: &Run) -> Outcome {
    let id = ok!(run, msgget(PRIVATE, access(0o600)));
    let text = Message::HEAD;
    ok!(run, msgsnd(id, &Message::new(7, b"seven").0[..text + 5], Ipc::empty()));
    ok!(run, msgsnd(id, &Message::new(3, b"three").0[..text + 5], Ipc::NOWAIT));
    let mut room = Message::new(0, b"");
    same!(run, ok!(run, msgrcv(id, &mut room.0, 3, MsgRcv::empty())), 5);
    same!(run, &room.0[..text + 6], &Message::new(3, b"three").0[..text + 6]);
    fails!(run, E2BIG, msgrcv(id, &mut room.0[..text + 2], 0, MsgRcv::empty()));
    same!(run, ok!(run, msgrcv(id, &mut room.0[..text + 2], 0, MsgRcv::NOERROR)), 2);
    // The third byte is of the message before.
    same!(run, &room.0[..text + 3], &Message::new(7, b"ser").0[..text + 3]);
    let nowait = MsgRcv::from_bits_retain(Ipc::NOWAIT.bits());
    fails!(run, ENOMSG, msgrcv(id, &mut room.0, 0, nowait));
    fails!(run, EINVAL, msgsnd(id, &Message::new(0, b"").0, Ipc::empty()));
    // Without room for the kind.
    fails!(run, EINVAL, msgsnd(id, &[0; 1], Ipc::empty()));
    fails!(run, EINVAL, msgrcv(id, &mut [0; 1], 0, nowait));
    ok!(run, msgctl::rmid(id));
    fails!(run, EINVAL, msgctl::rmid(id));
    Ok(())
}

fn messages_told(run: &Run) -> Outcome {
    let id = ok!(run, msgget(PRIVATE, access(0o640)));
    ok!(run, msgsnd(id, &Message::new(7, b"seven").0[..Message::HEAD + 5], Ipc::empty()));
    let mut status = ok!(run, msgctl::stat(id));
    same!(run, (status.msg_qnum, status.msg_cbytes, status.msg_perm.mode as u32 & 0o777), (1, 5, 0o640));
    same!(run, status.msg_perm.uid as u32, value!(run, geteuid()).as_raw());
    status.msg_perm.mode = 0o600;
    ok!(run, msgctl::set(id, &status));
    same!(run, ok!(run, msgctl::stat(id)).msg_perm.mode as u32 & 0o777, 0o600);
    fails!(run, EINVAL, msgctl::set(-1, &status));
    fails!(run, EINVAL, msgctl::stat(-1));
    let (last, limits) = ok!(run, msgctl::info());
    holds!(run, limits.msgmni > 0 && limits.msgmax > 0 && last < usize::MAX / 2);
    let (_, used) = ok!(run, msgctl::msg_info());
    holds!(run, used.msgpool >= 1);
    ok!(run, msgctl::rmid(id));
    Ok(())
}

fn messages_refused(run: &Run) -> Outcome {
    fails!(run, ENOENT, msgget(0x1234_4321, Ipc::empty()));
    fails!(run, EINVAL, msgsnd(-1, &Message::new(1, b"").0, Ipc::empty()));
    fails!(run, EINVAL, msgrcv(-1, &mut Message::new(1, b"").0, 0, MsgRcv::empty()));
    fails!(run, EINVAL, msgctl::rmid(-1));
    fails!(run, EINVAL, msgctl(-1, IpcCmd::RMID, null_mut()));
    Ok(())
}

const fn operation(number: u16, change: i16) -> sembuf {
    sembuf { sem_num: number, sem_op: change, sem_flg: 0 }
}

fn semaphores(run: &Run) -> Outcome {
    let id = ok!(run, semget(PRIVATE, 3, access(0o600)));
    ok!(run, semctl::setval(id, 1, 5));
    same!(run, ok!(run, semctl::getval(id, 1)), 5);
    ok!(run, semop(id, &[operation(1, -2), operation(2, 7)]));
    same!(run, (ok!(run, semctl::getval(id, 1)), ok!(run, semctl::getval(id, 2))), (3, 7));
    same!(run, ok!(run, semctl::getpid(id, 1)), Some(value!(run, getpid())));
    same!(run, (ok!(run, semctl::getncnt(id, 1)), ok!(run, semctl::getzcnt(id, 1))), (0, 0));
    let mut values = [0u16; 3];
    ok!(run, semctl::getall(id, values.as_mut_ptr().cast()));
    same!(run, values, [0, 3, 7]);
    values = [9, 8, 7];
    ok!(run, semctl::setall(id, values.as_mut_ptr().cast()));
    same!(run, ok!(run, semctl::getval(id, 0)), 9);
    let mut wait = operation(1, -100);
    let soon = timespec { tv_sec: 0, tv_nsec: 1_000_000 };
    fails!(run, EAGAIN, semtimedop(id, &[wait], Some(&soon)));
    wait.sem_flg = SemFlg::NOWAIT.bits();
    fails!(run, EAGAIN, semop(id, &[wait]));
    ok!(run, semtimedop(id, &[operation(1, -1)], None));
    same!(run, ok!(run, semctl::getval(id, 1)), 7);
    fails!(run, EFBIG, semop(id, &[operation(3, 1)]));
    fails!(run, ERANGE, semctl::setval(id, 0, 40_000));
    fails!(run, EINVAL, semctl::getval(id, 3));
    fails!(run, EINVAL, semtimedop(id, &[operation(1, -100)], Some(&WRONG)));
    ok!(run, semctl::rmid(id));
    fails!(run, EINVAL, semctl::getval(id, 0));
    Ok(())
}

fn semaphores_told(run: &Run) -> Outcome {
    let id = ok!(run, semget(PRIVATE, 2, access(0o640)));
    let mut status = ok!(run, semctl::stat(id));
    same!(run, (status.sem_nsems, status.sem_perm.mode as u32 & 0o777), (2, 0o640));
    status.sem_perm.mode = 0o600;
    ok!(run, semctl::set(id, &status));
    same!(run, ok!(run, semctl::stat(id)).sem_perm.mode as u32 & 0o777, 0o600);
    let (_, limits) = ok!(run, semctl::info());
    holds!(run, limits.semmni > 0 && limits.semmsl > 0);
    let (_, used) = ok!(run, semctl::sem_info());
    holds!(run, used.semusz >= 1);
    ok!(run, semctl::rmid(id));
    Ok(())
}

fn semaphores_refused(run: &Run) -> Outcome {
    fails!(run, ENOENT, semget(0x1234_4321, 1, Ipc::empty()));
    fails!(run, EINVAL, semget(PRIVATE, -1, access(0o600)));
    fails!(run, EINVAL, semop(-1, &[operation(0, 1)]));
    fails!(run, EINVAL, semtimedop(-1, &[operation(0, 1)], None));
    fails!(run, EINVAL, semctl::rmid(-1));
    fails!(run, EINVAL, semctl::stat(-1));
    fails!(run, EINVAL, semctl(-1, 0, IpcCmd::GETVAL, 0));
    Ok(())
}

fn shared_memory(run: &Run) -> Outcome {
    let flags = Shm::from_bits_retain(access(0o600).bits());
    let id = ok!(run, shmget(PRIVATE, 2 * run.page, flags));
    let one = ok!(run, shmat(id, null_mut(), Shm::empty()));
    let other = ok!(run, shmat(id, null_mut(), Shm::RDONLY));
    holds!(run, one != other);
    // SAFETY: both are the same two pages, the one writable.
    let seen = unsafe {
        one.cast::<u32>().write_volatile(77);
        other.cast::<u32>().read_volatile()
    };
    same!(run, seen, 77);
    same!(run, ok!(run, shmctl::stat(id)).shm_nattch, 2);
    ok!(run, shmdt(one));
    ok!(run, shmdt(other));
    fails!(run, EINVAL, shmdt(one));
    ok!(run, shmctl::rmid(id));
    fails!(run, EINVAL, shmat(id, null_mut(), Shm::empty()));
    Ok(())
}

fn shared_memory_told(run: &Run) -> Outcome {
    let id = ok!(run, shmget(PRIVATE, run.page, Shm::from_bits_retain(access(0o640).bits())));
    let mut status = ok!(run, shmctl::stat(id));
    same!(run, (status.shm_segsz as usize, status.shm_perm.mode as u32 & 0o777), (run.page, 0o640));
    status.shm_perm.mode = 0o600;
    ok!(run, shmctl::set(id, &status));
    same!(run, ok!(run, shmctl::stat(id)).shm_perm.mode as u32 & 0o777, 0o600);
    let (_, limits) = ok!(run, shmctl::info());
    holds!(run, limits.shmmni > 0);
    let (_, used) = ok!(run, shmctl::shm_info());
    holds!(run, used.used_ids >= 1);
    if call!(run, shmctl::lock(id)).is_ok() {
        ok!(run, shmctl::unlock(id));
    }
    ok!(run, shmctl::rmid(id));
    Ok(())
}

fn shared_memory_refused(run: &Run) -> Outcome {
    fails!(run, ENOENT, shmget(0x1234_4321, 1, Shm::empty()));
    fails!(run, EINVAL, shmget(PRIVATE, 0, Shm::from_bits_retain(access(0o600).bits())));
    fails!(run, EINVAL, shmat(-1, null_mut(), Shm::empty()));
    fails!(run, EINVAL, shmdt(nowhere()));
    fails!(run, EINVAL, shmctl::rmid(-1));
    fails!(run, EINVAL, shmctl::lock(-1));
    fails!(run, EINVAL, shmctl::unlock(-1));
    fails!(run, EINVAL, shmctl(-1, IpcCmd::RMID, null_mut()));
    Ok(())
}

/// By their place in the kernel's list: whose id is told as well.
fn numbers_by_place(run: &Run) -> Outcome {
    let id = ok!(run, semget(PRIVATE, 2, access(0o600)));
    let (last, _) = ok!(run, semctl::sem_info());
    let mut found = false;
    for place in 0..=last as i32 {
        found |= matches!(call!(run, semctl::sem_stat(place)), Ok((found, _)) if found == id);
        found |= matches!(call!(run, semctl::sem_stat_any(place)), Ok((found, _)) if found == id);
    }
    holds!(run, found);
    ok!(run, semctl::rmid(id));
    fails!(run, EINVAL, semctl::sem_stat(-1));
    fails!(run, EINVAL, semctl::sem_stat_any(-1));
    let id = ok!(run, msgget(PRIVATE, access(0o600)));
    let (last, _) = ok!(run, msgctl::msg_info());
    let places = 0..=last as i32;
    holds!(
        run,
        places.clone().any(|n| matches!(call!(run, msgctl::msg_stat(n)), Ok((found, _)) if found == id))
    );
    holds!(
        run,
        { places }.any(|n| matches!(call!(run, msgctl::msg_stat_any(n)), Ok((found, _)) if found == id))
    );
    ok!(run, msgctl::rmid(id));
    let id = ok!(run, shmget(PRIVATE, run.page, Shm::from_bits_retain(access(0o600).bits())));
    let (last, _) = ok!(run, shmctl::shm_info());
    let places = 0..=last as i32;
    holds!(
        run,
        places.clone().any(|n| matches!(call!(run, shmctl::shm_stat(n)), Ok((found, _)) if found == id))
    );
    holds!(
        run,
        { places }.any(|n| matches!(call!(run, shmctl::shm_stat_any(n)), Ok((found, _)) if found == id))
    );
    ok!(run, shmctl::rmid(id));
    Ok(())
}
