//! Arguments that strace shows in another way than what they mean says, by call and place.

/// How an argument is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// As its meaning says. Memory that the call reads and writes is read when it ends.
    Plain,
    /// A number in hex.
    Hex,
    /// An address, whatever it is.
    Address,
    /// So many pages, as bytes in hex.
    Pages,
    /// A key of System V's objects.
    Key,
    /// As a member of this set.
    Set(&'static str),
    /// Flags alone, where the set has more than flags in it.
    Flags,
    /// Flags with a number in them that is shown even if it is 0.
    Synced,
    /// The bits that a futex waits for.
    Bitset,
    /// A socket's protocol, by its family.
    Protocol,
    /// An option of a socket, by its level.
    Choice,
    /// The value of an option: as its meaning says, if it is as long as that; else a number, if it is as long as one.
    Chosen,
    /// Bytes, all of them in hex.
    Raw,
    /// Bytes as numbers.
    Bytes,
    /// Bytes up to a zero.
    Text,
    /// Bytes, if there is room for any.
    Wanted,
    /// Directory entries, of which the number alone is shown.
    Entries,
    /// Processors in a set of bits.
    Cpus,
    /// A message of System V's queues.
    Message,
    /// Times with their dates.
    Dates,
    /// Memory as it is before the call.
    Before,
    /// Memory as it is before the call, and what the call has made of it.
    Change,
    /// A struct of which the call fills in what its own pointers lead to.
    Filled,
    /// A length before the call and after it.
    Room,
    /// The header of a message that is received: its lengths before the call and after it.
    Header,
    /// The headers of many messages.
    Headers,
    /// What is left of a time that a signal has cut short.
    Left,
    /// What is written only if the result is above 0.
    Given,
    /// What ioctl is asked for, by its parts.
    Request,
    /// What an epoll waits for: nothing, if it is not to wait any more.
    Event,
    /// A mask of signals and its size, both behind one pointer.
    Mask,
}

/// Calls, the place of an argument in their prototypes, and how it is shown.
const VIEWS: [(&str, usize, View); 54] = [
    ("mmap", 5, View::Hex),
    ("mmap2", 5, View::Pages),
    ("rseq", 0, View::Hex),
    ("rseq", 1, View::Hex),
    ("rseq", 2, View::Hex),
    ("rseq", 3, View::Hex),
    ("semctl", 3, View::Address),
    ("msgget semget shmget", 0, View::Key),
    ("fstatat64", 3, View::Set("At")),
    ("faccessat2", 3, View::Set("AtAccess")),
    ("pipe2", 1, View::Flags),
    ("dup3", 2, View::Flags),
    ("msgsnd", 3, View::Flags),
    ("shmat", 2, View::Flags),
    ("statx", 2, View::Synced),
    ("futex futex_time64", 5, View::Bitset),
    ("socket socketpair", 2, View::Protocol),
    ("getsockopt setsockopt", 2, View::Choice),
    ("getsockopt setsockopt", 3, View::Chosen),
    ("getrandom", 0, View::Raw),
    ("mincore", 2, View::Bytes),
    ("getcwd", 0, View::Text),
    ("listxattr llistxattr flistxattr", 1, View::Wanted),
    ("getxattr lgetxattr fgetxattr", 2, View::Wanted),
    ("getdents getdents64", 1, View::Entries),
    ("sched_getaffinity sched_setaffinity", 2, View::Cpus),
    ("msgsnd msgrcv", 1, View::Message),
    ("utime utimes", 1, View::Dates),
    ("futimesat utimensat utimensat_time64", 2, View::Dates),
    ("poll ppoll ppoll_time64", 0, View::Before),
    ("ppoll ppoll_time64", 2, View::Before),
    ("select _newselect pselect6 pselect6_time64", 1, View::Before),
    ("select _newselect pselect6 pselect6_time64", 2, View::Before),
    ("select _newselect pselect6 pselect6_time64", 3, View::Before),
    ("select _newselect pselect6 pselect6_time64", 4, View::Before),
    ("pselect6 pselect6_time64", 5, View::Mask),
    ("copy_file_range splice", 1, View::Before),
    ("copy_file_range splice", 3, View::Before),
    ("bpf", 1, View::Before),
    ("recvmmsg recvmmsg_time64", 4, View::Before),
    ("epoll_ctl", 3, View::Event),
    ("ioctl", 1, View::Request),
    ("ioctl", 2, View::Hex),
    ("sendfile sendfile64", 2, View::Change),
    ("clone3", 0, View::Filled),
    ("accept accept4 getsockname getpeername", 2, View::Room),
    ("recvfrom", 5, View::Room),
    ("getsockopt", 4, View::Room),
    ("recvmsg", 1, View::Header),
    ("sendmmsg recvmmsg recvmmsg_time64", 1, View::Headers),
    ("nanosleep", 1, View::Left),
    ("clock_nanosleep clock_nanosleep_time64", 3, View::Left),
    ("wait4 waitpid", 1, View::Given),
    ("wait4", 3, View::Given),
];

/// How an argument of a call is shown.
pub fn of(call: &str, place: usize) -> View {
    let found = VIEWS.iter().find(|(calls, at, _)| *at == place && calls.split(' ').any(|name| name == call));
    found.map_or(View::Plain, |(_, _, view)| *view)
}
