//! Messages, semaphores and shared memory of System V, queues of messages, and a word to wait for.

use crate::report::{Check, Outcome, Run};
use crate::scratch::Name;
use crate::tools::{milliseconds, mode, now, zeroed};
use core::sync::atomic::AtomicU32;
use ring3::consts::{Clock, Futex, Ipc, MsgRcv, O, Shm};
use ring3::sys;
use ring3::uapi::{mq_attr, sembuf};

pub const CHECKS: &[Check] = &[
    ("messages", messages),
    ("semaphores", semaphores),
    ("shared memory", shared_memory),
    ("queues", queues),
    ("futex", futex),
];

/// IPC_PRIVATE: a new one.
const NEW: i32 = 0;
const RIGHTS: i32 = 0o600;
/// What stands before the text of a message: its type, a `long`.
const HEAD: usize = size_of::<isize>();

fn messages(run: &Run) -> Outcome {
    let queue = call!(run, msgget(NEW, Ipc::CREAT | Ipc::from_bits_retain(RIGHTS)))?;
    let mut message = [0; HEAD + 5];
    for (kind, text) in [(7_isize, b"seven"), (8, b"eight")] {
        message[..HEAD].copy_from_slice(&kind.to_ne_bytes());
        message[HEAD..].copy_from_slice(text);
        call!(run, msgsnd(queue, &message, Ipc::empty()))?;
    }
    let stat = call!(run, msgctl::stat(queue))?;
    same!(run, (stat.msg_qnum, stat.msg_cbytes), (2, 10));
    same!(run, stat.msg_perm.mode & 0o777, 0o600);
    holds!(run, stat.msg_lspid == plain!(run, getpid()).as_raw() && stat.msg_qbytes >= 10);
    let mut half = stat;
    half.msg_qbytes = 100;
    call!(run, msgctl::set(queue, &half))?;
    same!(run, call!(run, msgctl::stat(queue))?.msg_qbytes, 100);

    let mut received = [0; HEAD + 16];
    same!(run, call!(run, msgrcv(queue, &mut received, 8, MsgRcv::empty()))?, 5);
    same!(run, received[..HEAD], 8_isize.to_ne_bytes());
    same!(run, received[HEAD..HEAD + 5], *b"eight");
    refused!(run, E2BIG, msgrcv(queue, &mut received[..HEAD + 2], 0, MsgRcv::empty()));
    same!(run, call!(run, msgrcv(queue, &mut received[..HEAD + 2], 0, MsgRcv::NOERROR))?, 2);
    same!(run, received[HEAD..HEAD + 3], *b"seg");
    let nowait = MsgRcv::from_bits_retain(Ipc::NOWAIT.bits());
    refused!(run, ENOMSG, msgrcv(queue, &mut received, 0, nowait));
    call!(run, msgctl::rmid(queue))?;
    refused!(run, EINVAL, msgctl::stat(queue));
    Ok(())
}

fn semaphores(run: &Run) -> Outcome {
    let set = call!(run, semget(NEW, 2, Ipc::CREAT | Ipc::from_bits_retain(RIGHTS)))?;
    call!(run, semctl::setval(set, 1, 3))?;
    let change = |number, by| sembuf { sem_num: number, sem_op: by, sem_flg: 0 };
    call!(run, semop(set, &[change(0, 2), change(1, -1)]))?;
    same!(run, (call!(run, semctl::getval(set, 0))?, call!(run, semctl::getval(set, 1))?), (2, 2));
    same!(run, call!(run, semctl::getpid(set, 1))?, Some(plain!(run, getpid())));
    same!(run, call!(run, semctl::getncnt(set, 1))?, 0);
    let begin = now();
    refused!(run, EAGAIN, semtimedop(set, &[change(0, -3)], Some(&milliseconds(5))));
    holds!(run, now() - begin >= 5_000_000);
    call!(run, semtimedop(set, &[change(0, -2)], None))?;
    same!(run, call!(run, semctl::getval(set, 0))?, 0);
    let stat = call!(run, semctl::stat(set))?;
    same!(run, (stat.sem_nsems, stat.sem_perm.mode & 0o777), (2, 0o600));
    call!(run, semctl::rmid(set))?;
    refused!(run, EINVAL, semctl::getval(set, 0));
    Ok(())
}

fn shared_memory(run: &Run) -> Outcome {
    let id = call!(run, shmget(NEW, 5000, Shm::from_bits_retain(Ipc::CREAT.bits() | RIGHTS)))?;
    let attach = || {
        // SAFETY: new memory where nothing is.
        run.heard("shmat", unsafe { sys::shmat(id, core::ptr::null_mut(), Shm::empty()) })
    };
    let (one, other) = (attach()?, attach()?);
    // SAFETY: both are the same memory, which no reference leads to.
    let read = unsafe {
        one.cast::<u32>().write_volatile(77);
        other.cast::<u32>().read_volatile()
    };
    same!(run, read, 77);
    let stat = call!(run, shmctl::stat(id))?;
    same!(run, (stat.shm_segsz, stat.shm_nattch, stat.shm_perm.mode & 0o777), (5000, 2, 0o600));
    same!(run, stat.shm_cpid, plain!(run, getpid()).as_raw());
    // SAFETY: nobody uses it any more.
    run.heard("shmdt", unsafe { sys::shmdt(one) })?;
    same!(run, call!(run, shmctl::stat(id))?.shm_nattch, 1);
    // SAFETY: as above.
    run.heard("shmdt", unsafe { sys::shmdt(other) })?;
    call!(run, shmctl::rmid(id))?;
    refused!(run, EINVAL, shmctl::stat(id));
    Ok(())
}

fn queues(run: &Run) -> Outcome {
    let mut attr: mq_attr = zeroed();
    (attr.mq_maxmsg, attr.mq_msgsize) = (2, 16);
    let flags = O::RDWR | O::CREAT | O::EXCL | O::CLOEXEC;
    // A slash is no part of the name, but emulators look for the C library's before it.
    let directory = Name::new();
    let name = &directory.as_c_str()["/tmp/".len()..];
    let queue = call!(run, mq_open(name, flags, mode(0o600), Some(&attr)))?;
    // Nothing is left, whatever comes next.
    call!(run, mq_unlink(name))?;
    refused!(run, ENOENT, mq_unlink(name));
    call!(run, mq_timedsend(&queue, b"low", 1, None))?;
    call!(run, mq_timedsend(&queue, b"high", 9, None))?;
    let attr = call!(run, mq_getsetattr(&queue, None))?;
    same!(run, (attr.mq_curmsgs, attr.mq_maxmsg, attr.mq_msgsize), (2, 2, 16));
    let soon = || -> ring3::Result<_> {
        let mut time = call!(run, clock_gettime(Clock::REALTIME))?;
        time.tv_nsec += 5_000_000;
        if time.tv_nsec >= 1_000_000_000 {
            (time.tv_sec, time.tv_nsec) = (time.tv_sec + 1, time.tv_nsec - 1_000_000_000);
        }
        Ok(time)
    };
    refused!(run, ETIMEDOUT, mq_timedsend(&queue, b"full", 1, Some(&soon()?)));
    let mut text = [0; 16];
    for (expected, priority) in [(&b"high"[..], 9), (b"low", 1)] {
        let (length, found) = call!(run, mq_timedreceive(&queue, &mut text, None))?;
        same!(run, (&text[..length], found), (expected, priority));
    }
    refused!(run, ETIMEDOUT, mq_timedreceive(&queue, &mut text, Some(&soon()?)));
    Ok(())
}

fn futex(run: &Run) -> Outcome {
    let (word, own) = (AtomicU32::new(1), Futex::PRIVATE_FLAG);
    refused!(run, EAGAIN, futex::wait(&word, own, 0, None));
    let begin = now();
    refused!(run, ETIMEDOUT, futex::wait(&word, own, 1, Some(&milliseconds(5))));
    holds!(run, now() - begin >= 5_000_000);
    same!(run, call!(run, futex::wake(&word, own, 1))?, 0);
    Ok(())
}
