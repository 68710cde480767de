//! The pairs of the fixture.

use crate::shapes::Shapes;
use std::collections::BTreeSet;

/// Those that are named after a function of `sys`: there is one on each ABI that has the function, unless an adapter makes it there.
pub const PAIRS: [&str; 104] = [
    "dup",
    "close",
    "dup3",
    "landlock_restrict_self",
    "unlinkat",
    "setns",
    "kill",
    "getpgid",
    "chown",
    "access",
    "ioctl",
    "brk",
    "mremap",
    "epoll_ctl",
    "execve",
    "write",
    "read",
    "getrandom",
    "getxattr",
    "epoll_wait",
    "listmount",
    "statmount",
    "syslog",
    "lsm_get_self_attr",
    "add_key",
    "readv",
    "writev",
    "getgroups",
    "setgroups",
    "mbind",
    "migrate_pages",
    "io_submit",
    "capset",
    "capget",
    "utimensat",
    "semtimedop",
    "sendmmsg",
    "ppoll",
    "rt_sigaction",
    "copy_file_range",
    "getsockopt",
    "bind",
    "sendto",
    "futex_wake",
    "pipe2",
    "getsockopt::so_peerpidfd",
    "getsockopt::so_peercred",
    "getsockopt::so_error",
    "sched_getparam",
    "clock_gettime",
    "statfs",
    "prctl::get_name",
    "fcntl::get_rw_hint",
    "name_to_handle_at",
    "io_setup",
    "getcpu",
    "getresuid",
    "accept4",
    "recvfrom",
    "mq_timedreceive",
    "rt_sigtimedwait",
    "semctl::sem_stat",
    "semctl::info",
    "wait4",
    "times",
    "getpid",
    "getppid",
    "umask",
    "sync",
    "prctl::get_timerslack",
    "time",
    "get_tls",
    "exit_group",
    "msgget",
    "fcntl::getfl",
    "fcntl::getlease",
    "fcntl::getsig",
    "futex::wait",
    "futex::cmp_requeue",
    "quotactl::getinfo",
    "ioctl::fionbio",
    "ioctl::tiocspgrp",
    "fcntl::set_rw_hint",
    "creat",
    "signalfd",
    "getrlimit",
    "futex_waitv",
    "openat",
    "pread64",
    "truncate",
    "fallocate",
    "fadvise64",
    "sync_file_range",
    "preadv",
    "lseek",
    "dup2",
    "epoll_create",
    "poll",
    "gettimeofday",
    "msgsnd",
    "msgrcv",
    "mincore",
    "mmap",
    "openat2",
];

/// The adapters that are compared, too. The others are copies of structs, mostly: by hand they would be the same again, so of them
/// [`every`](crate::every) alone says what they are made of.
pub const ADAPTERS: [&str; 12] = [
    "dup2_dup3",
    "epoll_create_size",
    "poll_ppoll",
    "gettimeofday_clock",
    "time_clock",
    "msgsnd_buf",
    "msgrcv_buf",
    "mincore_pages",
    "mmap_pages",
    "openat2_large",
    "lseek_llseek",
    "lseek_llseek2",
];

/// The other ones.
pub const PLAIN: [&str; 9] = [
    "raw_pread64",
    "raw_write",
    "raw_copy_file_range",
    "is_open",
    "any",
    "caller_of_write",
    "caller_of_fsync",
    "caller_of_two",
    "caller_that_matches",
];

/// Those that differ, and in what: they show that a difference would be seen.
pub const UNEQUAL: [(&str, &str); 2] = [("longer", "instructions"), ("touching", "memory accesses")];

/// The name of the pair for a function.
pub fn name(function: &str) -> String {
    function.replace("::", ".")
}

/// The pairs that an ABI must have.
pub fn on(shapes: &Shapes) -> BTreeSet<String> {
    let by_hand = |function: &str| {
        shapes.get(function).is_some_and(|shapes| {
            let adapter = shapes.iter().find_map(|shape| shape.strip_prefix("by "));
            adapter.is_none_or(|adapter| ADAPTERS.contains(&adapter))
        })
    };
    let functions = PAIRS.into_iter().filter(|function| by_hand(function)).map(name);
    PLAIN.into_iter().map(str::to_owned).chain(functions).collect()
}

/// Where the compiler has another choice for the same steps: the beginning of a build's title and its end, the pair, and how many instructions more
/// it has. They are said here so that no other is overlooked.
pub const TRADES: [(&str, &str, &str, usize); 9] = [
    // A branch over two instructions, where by hand all are done and one of two results is selected: one more to hold, two fewer to run.
    ("aarch64 ", "z", "sched_getparam", 1),
    ("aarch64/be ", "3", "sched_getparam", 1),
    ("aarch64/be ", "3", "getsockopt.so_error", 1),
    ("aarch64/be ", "3", "getsockopt.so_peerpidfd", 1),
    // The result is moved out of the way of the function's own result, which could have stayed where it was.
    ("arm armv7", "3", "mmap", 1),
    ("arm armv5te-unknown-linux-gnueabi  ", "3", "mmap", 1),
    // The first edition of Thumb has few registers and no selection: the two are arranged otherwise.
    ("arm armv5te-unknown-linux-gnueabi -Ctarget-feature=+thumb-mode", "3", "caller_that_matches", 1),
    ("arm armv5te-unknown-linux-gnueabi -Ctarget-feature=+thumb-mode", "3", "getsockopt.so_error", 3),
    ("arm armv5te-unknown-linux-gnueabi -Ctarget-feature=+thumb-mode", "z", "getsockopt.so_error", 3),
];
