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

/// libc's types for System V IPC are the kernel's `shmid64_ds` and so on under the names of the old ones.
const IPC: &str = "the kernel's type of that name is the old one; libc's is its successor";

#[rustfmt::skip]
pub const EXCEPTIONS: &[Exception] = &[
    except(RAW, &[], "landlock_ruleset_attr", &["size"], "it has grown since the kernel that the peer is made from"),
    except(RAW, &[], "sockaddr", &["size", "align"], "the peer gives it the size of the largest address"),
    except(RAW, &["x86", "arm"], "sigaction", &["size", ".sa_flags", ".sa_restorer", ".sa_mask"],
        "the peer's is that of the old sigaction; ring3's that of rt_sigaction"),

    except(LIBC, &[], "sigaction", &[], "the C library's own: with a signal set of 1024 bits"),
    except(LIBC, &[], "sched_attr", &["size"], "libc's is that of Linux 3.14"),
    except(LIBC, &["x86"], "epoll_event", &["align"], "libc packs it as on x86_64; the kernel does that there alone"),
    except(LIBC, &["x86", "arm"], "stat", &[], "the C library's own, which it fills from stat64"),
    except(LIBC, &["arm"], "statfs64", &["size", "align"], "the kernel packs it to 4 bytes on arm; libc forgets to"),
    except(LIBC, &["riscv32"], "rusage", &[], "the C library's own: with 64-bit times"),
    except(LIBC, &["riscv32"], "__kernel_old_timeval", &[], "it stands in rusage, where the C library has 64-bit times"),
    except(LIBC, &[], "ipc_perm", &[], IPC),
    except(LIBC, &[], "msqid_ds", &[], IPC),
    except(LIBC, &[], "shmid_ds", &[], IPC),
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
