//! System V IPC and message queues.

use crate::{
    constants::*,
    files::nowhere,
    portable,
    report::{Outcome, Run, Text},
    time::spec,
};
use core::{
    ffi::c_char,
    fmt::Write,
    ptr::{null, null_mut},
};
use ring3::uapi::{mq_attr, sembuf};

checks! { "ipc":
    shared_memory, shared_memory_wrong, messages, messages_wrong, semaphores, semaphores_wrong, queue, queue_wrong,
}

fn shared_memory(run: &Run) -> Outcome {
    let id = ok!(run, shmget(IPC_PRIVATE, run.page, IPC_CREAT | 0o600));
    let memory = call!(run, shmat(id as _, null_mut(), 0));
    // It goes away with its last user, so it can be marked at once.
    same!(run, ok!(run, shmctl(id as _, IPC_RMID | portable::IPC_VERSION, null_mut())), 0);
    let memory = memory.map_err(|errno| crate::report::Failure::Refused("shmat", errno))?;
    let byte = memory.cast::<u8>();
    // SAFETY: the segment is a page that the kernel has just attached.
    let value = unsafe {
        byte.write_volatile(9);
        byte.read_volatile()
    };
    same!(run, value, 9);
    same!(run, ok!(run, shmdt(memory.cast())), 0);
    fails!(run, EINVAL, shmdt(memory.cast()));
    Ok(())
}

fn shared_memory_wrong(run: &Run) -> Outcome {
    fails!(run, EINVAL, shmget(IPC_PRIVATE, 0, IPC_CREAT | 0o600));
    fails!(run, EINVAL, shmat(-1, null_mut(), 0));
    fails!(run, EINVAL, shmctl(-1, IPC_RMID | portable::IPC_VERSION, null_mut()));
    Ok(())
}

#[repr(C)]
struct Message {
    kind: core::ffi::c_long,
    text: [u8; 8],
}

fn messages(run: &Run) -> Outcome {
    let id = ok!(run, msgget(IPC_PRIVATE, IPC_CREAT | 0o600));
    for (kind, text) in [(1, *b"first   "), (2, *b"second  ")] {
        let mut message = Message { kind, text };
        same!(run, ok!(run, msgsnd(id as _, (&raw mut message).cast(), 8, 0)), 0);
    }
    let mut message = Message { kind: 0, text: [0; 8] };
    same!(run, ok!(run, msgrcv(id as _, (&raw mut message).cast(), 8, 2, IPC_NOWAIT)), 8);
    same!(run, (message.kind, &message.text), (2, b"second  "));
    fails!(run, ENOMSG, msgrcv(id as _, (&raw mut message).cast(), 8, 2, IPC_NOWAIT));
    fails!(run, E2BIG, msgrcv(id as _, (&raw mut message).cast(), 4, 0, IPC_NOWAIT));
    same!(run, ok!(run, msgrcv(id as _, (&raw mut message).cast(), 8, 0, IPC_NOWAIT)), 8);
    same!(run, (message.kind, &message.text), (1, b"first   "));
    same!(run, ok!(run, msgctl(id as _, IPC_RMID | portable::IPC_VERSION, null_mut())), 0);
    Ok(())
}

fn messages_wrong(run: &Run) -> Outcome {
    let mut message = Message { kind: 0, text: [0; 8] };
    fails!(run, EINVAL, msgsnd(-1, (&raw mut message).cast(), 8, 0));
    fails!(run, EINVAL, msgctl(-1, IPC_RMID | portable::IPC_VERSION, null_mut()));
    fails!(run, ENOENT, msgget(0x7269_6e33, 0));
    Ok(())
}

fn semaphores(run: &Run) -> Outcome {
    let version = portable::IPC_VERSION;
    let id = ok!(run, semget(IPC_PRIVATE, 2, IPC_CREAT | 0o600));
    same!(run, ok!(run, semctl(id as _, 1, SETVAL | version, 5)), 0);
    let mut take = sembuf { sem_num: 1, sem_op: -2, sem_flg: IPC_NOWAIT as _ };
    same!(run, ok!(run, semtimedop(id as _, &raw mut take, 1, null())), 0);
    same!(run, ok!(run, semctl(id as _, 1, GETVAL | version, 0)), 3);
    same!(run, ok!(run, semctl(id as _, 0, GETVAL | version, 0)), 0);
    take.sem_op = -4;
    fails!(run, EAGAIN, semtimedop(id as _, &raw mut take, 1, null()));
    take.sem_flg = 0;
    let time = spec(0, 2_000_000);
    fails!(run, EAGAIN, semtimedop(id as _, &raw mut take, 1, &raw const time));
    take.sem_num = 2;
    fails!(run, EFBIG, semtimedop(id as _, &raw mut take, 1, null()));
    same!(run, ok!(run, semctl(id as _, 0, IPC_RMID | version, 0)), 0);
    Ok(())
}

fn semaphores_wrong(run: &Run) -> Outcome {
    fails!(run, EINVAL, semget(IPC_PRIVATE, -1, IPC_CREAT | 0o600));
    fails!(run, EINVAL, semctl(-1, 0, GETVAL | portable::IPC_VERSION, 0));
    Ok(())
}

/// Where a queue's name stands. Runs at the same time have names of their own.
fn named(run: &Run, what: &str) -> Text<64> {
    let mut text = Text::new();
    let _ = write!(text, "/ring3-raw-{what}-{}\0", call!(run, getpid()).unwrap_or_default());
    text
}

/// The name as the kernel takes it: without the slash, which stands before it in memory all the same.
fn queue_name(text: &Text<64>) -> *const c_char {
    text.as_str().as_ptr().wrapping_add(1).cast()
}

fn queue(run: &Run) -> Outcome {
    // SAFETY: mq_attr is plain data.
    let mut attr: mq_attr = unsafe { core::mem::zeroed() };
    attr.mq_maxmsg = 2;
    attr.mq_msgsize = 8;
    let text = named(run, "queue");
    let name = queue_name(&text);
    let fd = ok!(run, mq_open(name, O_RDWR | O_CREAT | O_NONBLOCK, 0o600, &raw mut attr));
    ok!(run, mq_unlink(name));
    same!(run, ok!(run, mq_timedsend(fd as _, b"low".as_ptr().cast(), 3, 1, null())), 0);
    same!(run, ok!(run, mq_timedsend(fd as _, b"high".as_ptr().cast(), 4, 7, null())), 0);
    fails!(run, EAGAIN, mq_timedsend(fd as _, b"x".as_ptr().cast(), 1, 1, null()));
    fails!(run, EMSGSIZE, mq_timedsend(fd as _, b"too long.".as_ptr().cast(), 9, 1, null()));
    // SAFETY: as above.
    let mut now: mq_attr = unsafe { core::mem::zeroed() };
    same!(run, ok!(run, mq_getsetattr(fd as _, null_mut(), &raw mut now)), 0);
    same!(run, (now.mq_maxmsg, now.mq_msgsize, now.mq_curmsgs), (2, 8, 2));
    let (mut bytes, mut priority) = ([0u8; 8], 0u32);
    let at = bytes.as_mut_ptr().cast();
    same!(run, ok!(run, mq_timedreceive(fd as _, at, 8, &raw mut priority, null())), 4);
    same!(run, (&bytes[..4], priority), (&b"high"[..], 7));
    crate::files::close(run, fd)
}

fn queue_wrong(run: &Run) -> Outcome {
    let text = named(run, "missing");
    fails!(run, ENOENT, mq_open(queue_name(&text), O_RDWR, 0, null_mut()));
    fails!(run, ENOENT, mq_unlink(queue_name(&text)));
    fails!(run, EBADF, mq_getsetattr(12345, null_mut(), nowhere()));
    Ok(())
}
