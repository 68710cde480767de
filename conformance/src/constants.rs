//! Constants of the exported headers of Linux 7.3: include/uapi/, and arch/arm/ and arch/arm64/include/uapi/asm/fcntl.h for
//! the three flags that differ there. The other values are the same on x86, arm, arm64 and riscv.

use core::ffi::{c_int, c_uint, c_ulong};

// asm-generic/fcntl.h and linux/fcntl.h
pub const AT_FDCWD: c_int = -100;
pub const AT_REMOVEDIR: c_int = 0x200;
pub const AT_EMPTY_PATH: c_int = 0x1000;
pub const O_RDONLY: c_int = 0;
pub const O_WRONLY: c_int = 1;
pub const O_RDWR: c_int = 2;
pub const O_CREAT: c_int = 1 << 6;
pub const O_EXCL: c_int = 1 << 7;
pub const O_TRUNC: c_int = 1 << 9;
pub const O_APPEND: c_int = 1 << 10;
pub const O_NONBLOCK: c_int = 1 << 11;
pub const O_CLOEXEC: c_int = 1 << 19;
pub const O_PATH: c_int = 1 << 21;
const ARM: bool = cfg!(any(target_arch = "arm", target_arch = "aarch64"));
pub const O_LARGEFILE: c_int = if ARM { 1 << 17 } else { 1 << 15 };
pub const O_DIRECTORY: c_int = if ARM { 1 << 14 } else { 1 << 16 };
pub const O_NOFOLLOW: c_int = if ARM { 1 << 15 } else { 1 << 17 };
pub const F_DUPFD: c_uint = 0;
pub const F_GETFD: c_uint = 1;
pub const F_SETFD: c_uint = 2;
pub const F_GETFL: c_uint = 3;
pub const F_SETFL: c_uint = 4;
pub const F_DUPFD_CLOEXEC: c_uint = 1030;
pub const F_SETPIPE_SZ: c_uint = 1031;
pub const F_GETPIPE_SZ: c_uint = 1032;
pub const F_ADD_SEALS: c_uint = 1033;
pub const F_GET_SEALS: c_uint = 1034;
pub const FD_CLOEXEC: c_int = 1;
pub const F_SEAL_SHRINK: c_int = 2;
pub const LOCK_EX_NB: c_uint = 2 | 4;
pub const LOCK_UN: c_uint = 8;
// linux/fs.h, linux/stat.h, linux/falloc.h, linux/fadvise.h, linux/xattr.h
pub const SEEK_SET: c_uint = 0;
pub const SEEK_CUR: c_uint = 1;
pub const SEEK_END: c_uint = 2;
pub const SEEK_DATA: c_uint = 3;
pub const RENAME_NOREPLACE: c_uint = 1;
pub const RENAME_EXCHANGE: c_uint = 2;
pub const SYNC_FILE_RANGE_WRITE: c_uint = 2;
pub const S_IFMT: u16 = 0o170_000;
pub const S_IFIFO: u16 = 0o010_000;
pub const S_IFREG: u16 = 0o100_000;
pub const STATX_BASIC_STATS: c_uint = 0x7ff;
pub const FALLOC_FL_KEEP_SIZE: c_int = 1;
pub const FALLOC_FL_PUNCH_HOLE: c_int = 2;
pub const POSIX_FADV_WILLNEED: c_int = 3;
pub const RESOLVE_BENEATH: u64 = 8;
// asm-generic/ioctls.h
pub const FIONREAD: c_uint = 0x541b;
pub const TCGETS: c_uint = 0x5401;
// linux/memfd.h
pub const MFD_CLOEXEC: c_uint = 1;
pub const MFD_ALLOW_SEALING: c_uint = 2;
// asm-generic/mman-common.h, asm-generic/mman.h, linux/mman.h
pub const PROT_NONE: c_int = 0;
pub const PROT_READ: c_int = 1;
pub const PROT_WRITE: c_int = 2;
pub const MAP_SHARED: c_int = 1;
pub const MAP_PRIVATE: c_int = 2;
pub const MAP_FIXED: c_int = 0x10;
pub const MAP_ANONYMOUS: c_int = 0x20;
pub const MAP_FIXED_NOREPLACE: c_int = 0x10_0000;
pub const MREMAP_MAYMOVE: c_ulong = 1;
pub const MREMAP_FIXED: c_ulong = 2;
pub const MADV_DONTNEED: c_int = 4;
pub const MS_SYNC: c_int = 4;
// linux/time.h, linux/timerfd.h
pub const CLOCK_REALTIME: c_int = 0;
pub const CLOCK_MONOTONIC: c_int = 1;
pub const CLOCK_PROCESS_CPUTIME_ID: c_int = 2;
pub const CLOCK_THREAD_CPUTIME_ID: c_int = 3;
pub const TIMER_ABSTIME: c_int = 1;
pub const ITIMER_REAL: c_int = 0;
// asm-generic/signal.h, asm-generic/siginfo.h
pub const SIGHUP: c_int = 1;
pub const SIGKILL: c_int = 9;
pub const SIGUSR1: c_int = 10;
pub const SIGSEGV: c_int = 11;
pub const SIGUSR2: c_int = 12;
pub const SIGPIPE: c_int = 13;
pub const SIGALRM: c_int = 14;
pub const SIGTERM: c_int = 15;
pub const SIGCHLD: c_int = 17;
pub const SIG_BLOCK: c_int = 0;
pub const SIG_SETMASK: c_int = 2;
pub const SIG_IGN: usize = 1;
pub const SA_RESTORER: c_ulong = 0x0400_0000;
pub const SI_USER: c_int = 0;
pub const SI_QUEUE: c_int = -1;
pub const SI_TKILL: c_int = -6;
pub const CLD_EXITED: c_int = 1;
pub const SS_DISABLE: c_int = 2;
pub const SIGXFSZ: c_int = 25;
// linux/wait.h
pub const WEXITED: c_int = 4;
pub const P_ALL: c_int = 0;
pub const P_PID: c_int = 1;
// linux/prctl.h, asm-generic/resource.h, linux/sched.h
pub const PR_SET_NAME: c_int = 15;
pub const PR_GET_NAME: c_int = 16;
pub const PR_SET_NO_NEW_PRIVS: c_int = 38;
pub const PR_GET_NO_NEW_PRIVS: c_int = 39;
pub const RLIMIT_FSIZE: c_uint = 1;
pub const RLIMIT_CORE: c_uint = 4;
pub const RLIMIT_NOFILE: c_uint = 7;
pub const SCHED_OTHER: c_int = 0;
pub const SCHED_FIFO: c_int = 1;
// linux/eventpoll.h, asm-generic/poll.h, linux/eventfd.h, linux/inotify.h
pub const EPOLL_CTL_ADD: c_int = 1;
pub const EPOLL_CTL_DEL: c_int = 2;
pub const EPOLLIN: u32 = 1;
pub const POLLIN: i16 = 1;
pub const POLLNVAL: i16 = 0x20;
pub const EFD_SEMAPHORE: c_int = 1;
pub const IN_CREATE: u32 = 0x100;
pub const IN_DELETE: u32 = 0x200;
// linux/futex.h
pub const FUTEX_WAIT: c_int = 0;
pub const FUTEX_WAKE: c_int = 1;
pub const FUTEX_PRIVATE: c_int = 128;
pub const FUTEX2_SIZE_U32: c_uint = 2;
// linux/socket.h, linux/net.h, asm-generic/socket.h
pub const AF_UNIX: c_int = 1;
pub const SOCK_STREAM: c_int = 1;
pub const SOCK_DGRAM: c_int = 2;
pub const SOCK_SEQPACKET: c_int = 5;
pub const SOCK_CLOEXEC: c_int = O_CLOEXEC;
pub const SOCK_NONBLOCK: c_int = O_NONBLOCK;
pub const SOL_SOCKET: c_int = 1;
pub const SO_TYPE: c_int = 3;
pub const SO_PASSCRED: c_int = 16;
pub const SO_PEERCRED: c_int = 17;
pub const SCM_RIGHTS: c_int = 1;
pub const MSG_PEEK: c_uint = 2;
pub const MSG_TRUNC: c_uint = 0x20;
pub const MSG_DONTWAIT: c_uint = 0x40;
pub const MSG_NOSIGNAL: c_uint = 0x4000;
pub const SHUT_WR: c_int = 1;
// linux/ipc.h, linux/sem.h
pub const IPC_CREAT: c_int = 0o1000;
pub const IPC_PRIVATE: c_int = 0;
pub const IPC_RMID: c_int = 0;
pub const IPC_NOWAIT: c_int = 0o4000;
pub const IPC_64: c_int = 0x100;
pub const SETVAL: c_int = 16;
pub const GETVAL: c_int = 12;
// linux/membarrier.h, linux/landlock.h, linux/random.h, linux/personality.h
pub const MEMBARRIER_CMD_QUERY: c_int = 0;
pub const LANDLOCK_CREATE_RULESET_VERSION: c_uint = 1;
pub const GRND_NONBLOCK: c_uint = 1;
pub const PERSONALITY_QUERY: c_uint = 0xffff_ffff;
// arch/riscv/include/asm/cacheflush.h: no exported header has it.
#[cfg(any(target_arch = "riscv64", target_arch = "riscv32"))]
pub const SYS_RISCV_FLUSH_ICACHE_LOCAL: usize = 1;
