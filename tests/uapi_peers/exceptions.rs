//! Where ring3 and a peer differ, and why that is right.

/// What of a type differs.
pub struct Exception {
    pub peer: &'static str,
    /// Values of `target_arch`; none: everywhere.
    pub archs: &'static [&'static str],
    pub name: &'static str,
    /// `size`, `align`, `.field`: each must differ. None: the whole type, of which something must.
    pub parts: &'static [&'static str],
    pub reason: &'static str,
}

const RAW: &str = "linux-raw-sys";
const LIBC: &str = "libc";

/// Types that a peer has under another name: the peer, its name, and ring3's where ring3 has it.
pub const RENAMED: &[(&str, &str, &str)] = &[
    // The C library knows the successors of these structs alone, and gives them the old names.
    (LIBC, "ipc_perm", "ipc64_perm"),
    (LIBC, "msqid_ds", "msqid64_ds"),
    (LIBC, "shmid_ds", "shmid64_ds"),
    // POSIX has its own names for these.
    (LIBC, "itimerspec", "__kernel_itimerspec"),
    (LIBC, "itimerval", "__kernel_old_itimerval"),
    (LIBC, "msghdr", "user_msghdr"),
    (LIBC, "siginfo_t", "siginfo"),
    (LIBC, "stack_t", "sigaltstack"),
    (LIBC, "timespec", "__kernel_timespec"),
    (LIBC, "utsname", "new_utsname"),
];

const GROWN: &str = "it has grown since the kernel that the peer is made from";

const WIDER: &str = "the C library's own, which it converts: with 64-bit times";

#[rustfmt::skip]
pub const EXCEPTIONS: &[Exception] = &[
    except(RAW, &[], "landlock_ruleset_attr", &["size"], GROWN),
    except(RAW, &[], "io_uring_buf_reg", &[".resv"], GROWN),
    except(RAW, &[], "sockaddr", &["size", "align"], "the peer gives it the size of the largest address"),
    except(RAW, &["x86", "arm"], "sigaction", &["size", ".sa_flags", ".sa_restorer", ".sa_mask"],
        "the peer's is that of the old sigaction; ring3's that of rt_sigaction"),

    except(LIBC, &[], "sigaction", &[], "the C library's own: with a signal set of 1024 bits"),
    except(LIBC, &[], "sched_attr", &["size"], "libc's is that of Linux 3.14"),
    except(LIBC, &[], "termios", &["size", ".c_cc"], "the C library's own: with more characters, and speeds"),
    except(LIBC, &["x86"], "epoll_event", &["align"], "libc packs it as on x86_64; the kernel does that there alone"),
    except(LIBC, &["x86", "arm"], "stat", &[], "the C library's own, which it fills from stat64"),
    except(LIBC, &["arm"], "statfs64", &["size", "align"], "the kernel packs it to 4 bytes on arm; libc forgets to"),
    except(LIBC, &["x86", "arm"], "__kernel_timespec", &[], "the C library's has 32-bit times unless it is told otherwise"),
    except(LIBC, &["x86", "arm"], "__kernel_itimerspec", &[], "it is made of that timespec"),
    except(LIBC, &["riscv32"], "__kernel_timespec", &[".tv_nsec"], "the kernel's has 64 bits everywhere; C's is a long"),
    except(LIBC, &["riscv32"], "__kernel_old_timeval", &[], WIDER),
    except(LIBC, &["riscv32"], "__kernel_old_itimerval", &[], WIDER),
    except(LIBC, &["riscv32"], "flock", &[], "libc's is flock64, which its fcntl takes"),
    except(LIBC, &["riscv32"], "rusage", &[], WIDER),
    except(LIBC, &["riscv32"], "msqid64_ds", &[], WIDER),
    except(LIBC, &["riscv32"], "shmid64_ds", &[], WIDER),
    except(LIBC, &["x86_64", "riscv64", "riscv32"], "ipc64_perm", &[".mode"], "libc splits it into a mode and padding"),
];

const fn except(
    peer: &'static str,
    archs: &'static [&'static str],
    name: &'static str,
    parts: &'static [&'static str],
    reason: &'static str,
) -> Exception {
    Exception { peer, archs, name, parts, reason }
}
