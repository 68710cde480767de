//! src/compat/{ipc,sets,signal,wait}.rs.

use super::*;
use ring3::sys::timeval;

/// A length of 60 bytes and a `long` before them, as messages are.
const MESSAGE: usize = WORD + 60;

macro_rules! ppoll {
    ($count:expr, $timeout:expr, $value:expr) => {
        answered!(
            PPOLL
                | PPOLL_TIME64(
                    at("fds", 0, fill(0x80, $count * 8)),
                    uint("nfds", $count),
                    $timeout,
                    word("sigmask", 0),
                    word("sigsetsize", 8)
                ) = $value
        )
    };
}

/// Of three sets the second is the shortest.
const READ: Slot = at("readfds", 0, fill(0x81, 3 * WORD));
const WRITE: Slot = at("writefds", 1, fill(0x82, 2 * WORD));
const EXCEPT: Slot = at("exceptfds", 2, fill(0x83, 3 * WORD));
const COUNT: Slot = int("nfds", 2 * usize::BITS as i32);

macro_rules! pselect6 {
    ($timeout:expr, $mask:expr, $value:expr $(, $written:expr)?) => {
        answered!(PSELECT6 | PSELECT6_TIME64(
            COUNT, READ, WRITE, EXCEPT, $timeout, any("sig", Content::Pieces(&[$mask, Piece::Number(8, WORD)]))
        ) = $value $(, 4: $written)?)
    };
}

/// Without sets.
const NO_SELECT: Step = answered!(
    PSELECT6
        | PSELECT6_TIME64(
            int("nfds", 0),
            word("readfds", 0),
            word("writefds", 0),
            word("exceptfds", 0),
            word("timeout", 0),
            any("sig", Content::Pieces(&[NO_MASK, Piece::Number(8, WORD)]))
        ) = -38
);

const NO_MASK: Piece = Piece::Number(0, WORD);

fn select(timeout: Option<&mut timeval>) -> Option<Errno> {
    let [read, write, except] = [list(0, 0x81, 3), list(1, 0x82, 2), list(2, 0x83, 3)];
    done(sys::select(Some(read), Some(write), Some(except), timeout))
}

/// `select` with a time: what comes back is what is left.
fn select_for(seconds: i64, microseconds: i64) -> Option<Errno> {
    let mut time = timeval { tv_sec: arg(seconds as u64), tv_usec: arg(microseconds as u64) };
    let result = select(Some(&mut time));
    tell(time);
    result
}

macro_rules! io_pgetevents {
    ($row:ident($timeout:expr, $mask:expr) = $value:expr) => {
        answered!(
            $row(
                word("ctx_id", 0x8123_4567),
                long("min_nr", -0x1234_5602),
                long("nr", 3),
                at("events", 2, fill(0x84, 3 * 32)),
                $timeout,
                $mask
            ) = $value
        )
    };
}

const MASK: Slot = any("usig", Content::Pieces(&[Piece::Room(4, WORD), Piece::Number(8, WORD)]));

fn events(full: bool) -> Option<Errno> {
    let (timeout, mask) = match full {
        true => (Some(&*one(3, 0x85)), Some(&*one(4, 0x86))),
        false => (None, None),
    };
    let events = list::<uapi::io_event>(2, 0x84, 3);
    done(sys::io_pgetevents(arg(0x8123_4567), arg(-0x1234_5602_i64 as u64), events, timeout, mask))
}

/// A vector of 60 bytes, of which the kernel says that it has used 50.
macro_rules! regset {
    ($op:expr) => {
        answered!(PTRACE(
            long("op", $op), long("pid", 0x1234_5603), word("nt_type", 0x8123_4568),
            any("vec", Content::Pieces(&[Piece::Room(2, WORD), Piece::Number(60, WORD)]))
        ) = 0, 3: Content::Pieces(&[Piece::Any(WORD), Piece::Number(50, WORD)]))
    };
}

fn pid() -> Pid {
    arg(0x1234_5603)
}

macro_rules! clone {
    ($value:expr) => {
        answered!(
            CLONE(word("flags", 17), word("newsp", 0), word("1", 0), word("2", 0), word("3", 0)) = $value
        )
    };
}

fn fork() -> Option<Errno> {
    // SAFETY: there is no child: the kernel forgets the call.
    match unsafe { sys::fork() } {
        Ok(Some(child)) => done(Ok(child)),
        Ok(None) => None,
        Err(error) => Some(error),
    }
}

adapted! { REST:
    "msgrcv_buf" "sys::msgrcv"
        [answered!(MSGRCV(
            int("msqid", 0x1234_5601), at("msgp", 1, fill(0x87, MESSAGE)), word("msgsz", 60),
            long("msgtyp", -0x1234_5602), int("msgflg", 0x1234_5603)
        ) = 44)]
        values![number(44, WORD)],
        done(sys::msgrcv(arg(0x1234_5601), list(1, 0x87, MESSAGE), arg(-0x1234_5602_i64 as u64), arg(0x1234_5603)));
    "msgrcv_buf" "sys::msgrcv (without room)" []
        EINVAL, done(sys::msgrcv(1, list(1, 0x87, WORD - 1), 0, consts::MsgRcv::empty()));
    "msgsnd_buf" "sys::msgsnd"
        [answered!(MSGSND(
            int("msqid", 0x1234_5604), at("msgp", 1, fill(0x88, MESSAGE)), word("msgsz", 60), int("msgflg", 0x1234_5605)
        ) = 0)]
        values![], done(sys::msgsnd(arg(0x1234_5604), list(1, 0x88, MESSAGE), arg(0x1234_5605)));
    "msgsnd_buf" "sys::msgsnd (forgotten)"
        [forgotten!(MSGSND(int("msqid", 0x1234_5606), at("msgp", 1, fill(0x89, WORD)), word("msgsz", 0), int("msgflg", 0)))]
        ENOSYS, done(sys::msgsnd(arg(0x1234_5606), list(1, 0x89, WORD), consts::Ipc::empty()));
    "msgsnd_buf" "sys::msgsnd (of nothing)" []
        EINVAL, done(sys::msgsnd(1, list(1, 0x88, WORD - 1), consts::Ipc::empty()));

    "lsm_list_modules_ids" "sys::lsm_list_modules"
        [answered!(LSM_LIST_MODULES(at("ids", 0, fill(0x8a, 24)), any("size", number(24, 4)), uint("flags", 0)) = 2)]
        values![number(2, WORD)], done(sys::lsm_list_modules(Some(list(0, 0x8a, 3))));
    "lsm_list_modules_ids" "sys::lsm_list_modules (without ids)"
        [forgotten!(LSM_LIST_MODULES(word("ids", 0), any("size", number(0, 4)), uint("flags", 0)))]
        ENOSYS, done(sys::lsm_list_modules(None));

    "ptrace_getregset" "sys::ptrace::getregset" [regset!(0x4204)]
        values![number(50, WORD)], done(sys::ptrace::getregset(pid(), arg(0x8123_4568), list::<u8>(2, 0x8b, 60)));
    "ptrace_setregset" "sys::ptrace::setregset" [regset!(0x4205)]
        values![number(50, WORD)], done(sys::ptrace::setregset(pid(), arg(0x8123_4568), list(2, 0x8c, 60)));

    "prctl_sched_core_get" "sys::prctl::sched_core_get"
        [answered!(PRCTL(
            int("op", 62), word("arg2", 0), long("pid", 0x1234_5603), word("arg4", 0), any("cookie", number(0, 8))
        ) = 0, 4: number(0x8123_4567_89ab_cdef, 8))]
        values![number(0x8123_4567_89ab_cdef, 8)], done(sys::prctl::sched_core_get(Some(pid())));
    "prctl_sched_core_get" "sys::prctl::sched_core_get (of itself)"
        [forgotten!(PRCTL(int("op", 62), word("arg2", 0), word("pid", 0), word("arg4", 0), any("cookie", number(0, 8))))]
        ENOSYS, done(sys::prctl::sched_core_get(None));

    "io_pgetevents_sigset" "sys::io_pgetevents"
        [io_pgetevents!(IO_PGETEVENTS(at("timeout", 3, fill(0x85, 16)), MASK) = 2)] values![number(2, WORD)], events(true);
    "io_pgetevents_sigset" "sys::io_pgetevents (bare)"
        [io_pgetevents!(IO_PGETEVENTS(word("timeout", 0), word("usig", 0)) = -38)] ENOSYS, events(false);
    "io_pgetevents_time64_sigset" "sys::io_pgetevents"
        [io_pgetevents!(IO_PGETEVENTS_TIME64(at("timeout", 3, fill(0x85, 16)), MASK) = 2)] values![number(2, WORD)], events(true);
    "io_pgetevents_time64_sigset" "sys::io_pgetevents (bare)"
        [io_pgetevents!(IO_PGETEVENTS_TIME64(word("timeout", 0), word("usig", 0)) = -38)] ENOSYS, events(false);

    "poll_ppoll" "sys::poll" [ppoll!(3, any("tmo", timespec!(12_345, 678_000_000)), 2)]
        values![number(2, WORD)], done(sys::poll(list(0, 0x80, 3), arg(12_345_678)));
    "poll_ppoll" "sys::poll (for ever)" [ppoll!(2, word("tmo", 0), -38)]
        ENOSYS, done(sys::poll(list(0, 0x80, 2), arg(-5_i64 as u64)));

    "pselect6_pack" "sys::pselect6"
        [pselect6!(at("timeout", 3, fill(0x8d, 16)), Piece::Room(4, WORD), 2)]
        values![number(2, WORD)], pselect6(true);
    "pselect6_pack" "sys::pselect6 (bare)" [NO_SELECT] ENOSYS, pselect6(false);
    "pselect6_time64_pack" "sys::pselect6"
        [pselect6!(at("timeout", 3, fill(0x8d, 16)), Piece::Room(4, WORD), 2)]
        values![number(2, WORD)], pselect6(true);
    "pselect6_time64_pack" "sys::pselect6 (bare)" [NO_SELECT]
        ENOSYS, pselect6(false);

    "select_pselect6" "sys::select"
        // Microseconds beyond a second are seconds, and what is left comes back in microseconds.
        [pselect6!(any("timeout", timespec!(0x1_2345_678c_i64, 500_001_000)), NO_MASK, 3, timespec!(7, 8_999))]
        values![number(3, WORD), Content::Pieces(&[Piece::Number(7, 8), Piece::Number(8, 8)])],
        select_for(0x1_2345_6789, 3_500_001);
    "select_pselect6" "sys::select (for ever)" [pselect6!(word("timeout", 0), NO_MASK, -38)]
        ENOSYS, select(None);
    "select_select" "sys::select"
        [answered!(SELECT(
            COUNT, READ, WRITE, EXCEPT,
            any("timeout", Content::Pieces(&[Piece::Number(0x1_2345_6789, 8), Piece::Number(3_500_001, 8)]))
        ) = 3, 4: Content::Pieces(&[Piece::Number(7, 8), Piece::Number(8, 8)]))]
        values![number(3, WORD), Content::Pieces(&[Piece::Number(7, 8), Piece::Number(8, 8)])],
        select_for(0x1_2345_6789, 3_500_001);
    "select_select" "sys::select (for ever)"
        [forgotten!(SELECT(
            COUNT, READ, WRITE, EXCEPT, word("timeout", 0)
        ))]
        ENOSYS, select(None);

    "tkill_free" "sys::tkill" [answered!(TKILL(int("tid", 0x1234_5603), int("sig", 0x7123_4501)) = 0)]
        values![], done(sys::tkill(pid(), Some(arg(0x7123_4501))));
    "tkill_free" "sys::tkill (of none)" [forgotten!(TKILL(int("tid", 0x1234_5603), int("sig", 0)))]
        ENOSYS, done(sys::tkill(pid(), None));
    "tkill_free" "sys::tkill (of a library)" [] EINVAL, done(sys::tkill(pid(), Some(consts::Sig::new(33))));
    "tgkill_free" "sys::tgkill"
        [answered!(TGKILL(int("tgid", 0x1234_5604), int("tid", 0x1234_5603), int("sig", 0x7123_4502)) = 0)]
        values![], done(sys::tgkill(arg(0x1234_5604), pid(), Some(arg(0x7123_4502))));
    "tgkill_free" "sys::tgkill (of none)"
        [forgotten!(TGKILL(int("tgid", 0x1234_5605), int("tid", 0x1234_5603), int("sig", 0)))]
        ENOSYS, done(sys::tgkill(arg(0x1234_5605), pid(), None));
    "tgkill_free" "sys::tgkill (of a library)" [] EINVAL, done(sys::tgkill(pid(), pid(), Some(consts::Sig::new(32))));
    "pidfd_send_signal_free" "sys::pidfd_send_signal"
        [answered!(PIDFD_SEND_SIGNAL(
            int("pidfd", 0x1234_5606), int("sig", 0x7123_4503), word("info", 0), uint("flags", 0x8123_4567)
        ) = 0)]
        values![], done(sys::pidfd_send_signal(fd(0x1234_5606), Some(arg(0x7123_4503)), arg(0x8123_4567)));
    "pidfd_send_signal_free" "sys::pidfd_send_signal (of none)"
        [forgotten!(PIDFD_SEND_SIGNAL(
            int("pidfd", 0x1234_5607), int("sig", 0), word("info", 0), uint("flags", 0x8123_4568)
        ))]
        ENOSYS, done(sys::pidfd_send_signal(fd(0x1234_5607), None, arg(0x8123_4568)));
    "pidfd_send_signal_free" "sys::pidfd_send_signal (of a library)" []
        EINVAL, done(sys::pidfd_send_signal(fd(0x1234_5608), Some(consts::Sig::new(34)), consts::PidfdSignal::empty()));

    // SIGCHLD, and nothing that the child shares.
    "fork_clone" "sys::fork" [clone!(0x1234_5609)] values![number(0x1234_5609, 4)], fork();
    "fork_clone" "sys::fork (in the child)" [clone!(0)] values![], fork();
    "fork_clone" "sys::fork (refused)" [clone!(-38)] ENOSYS, fork();

    // The kernel answers 20 less the niceness.
    "nice_setpriority" "sys::nice" [
            answered!(GETPRIORITY(int("which", 0), int("who", 0)) = 15),
            answered!(SETPRIORITY(int("which", 0), int("who", 0), int("niceval", 8)) = 0)
        ] values![], done(sys::nice(arg(3)));
    "nice_setpriority" "sys::nice (of too much)" [
            answered!(GETPRIORITY(int("which", 0), int("who", 0)) = 30),
            answered!(SETPRIORITY(int("which", 0), int("who", 0), int("niceval", -20)) = -13)
        ] Answer::Error(Errno::EPERM), done(sys::nice(arg(i32::MIN as u64)));
}

fn pselect6(full: bool) -> Option<Errno> {
    if !full {
        return done(sys::pselect6(None, None, None, None, None));
    }
    let [read, write, except] = [list(0, 0x81, 3), list(1, 0x82, 2), list(2, 0x83, 3)];
    done(sys::pselect6(Some(read), Some(write), Some(except), Some(one(3, 0x8d)), Some(&*one(4, 0x8e))))
}
