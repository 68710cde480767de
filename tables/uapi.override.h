// What libclang reads for each target: the exported headers that declare the types of the prototypes, and our own
// declarations of those that no header exports. An exported type that differs from what the kernel takes is renamed
// out of the way while its header is read.

#include <linux/types.h>

// Libclang aligns m68k's types like other machines', so the import lays them out itself. What an attribute raises, it
// sees on a typedef only, and the padding of siginfo must not ask for the alignment of a pointer.
#ifdef __m68k__
#undef __aligned_u64
#undef __aligned_s64
typedef __u64 raised_u64 __attribute__((aligned(8)));
typedef __s64 raised_s64 __attribute__((aligned(8)));
#define __aligned_u64 raised_u64
#define __aligned_s64 raised_s64
#define __alignof__(type) 2
#include <asm/siginfo.h>
#undef __alignof__
#endif

// The C library's view, as of the first kernels; a mask is longer today, and rt_sigaction's struct another one.
#define sigset_t exported_sigset_t
#define old_sigset_t exported_old_sigset_t
#define sigaction exported_sigaction
#define old_sigaction exported_old_sigaction
#include <asm/signal.h>
#undef sigset_t
#undef old_sigset_t
#undef sigaction
#undef old_sigaction
#undef sa_handler
#undef sa_sigaction

// n32 is told of a 32-bit struct stat, but its calls are those of n64.
#if defined(__mips__) && _MIPS_SIM == _ABIN32
#define stat exported_stat
#include <asm/stat.h>
#undef stat
#else
#include <asm/stat.h>
#endif

// x32 is told of 32-bit words, but its calls are those of x86_64.
#if defined(__x86_64__) && defined(__ILP32__)
#define __statfs_word __kernel_long_t
#endif
#include <asm/statfs.h>

#include <asm/ipcbuf.h>
// n32 is told of times without an upper half, but its calls take o32's struct.
#if defined(__mips__) && _MIPS_SIM == _ABIN32
#pragma push_macro("__mips64")
#undef __mips64
#include <asm/msgbuf.h>
#pragma pop_macro("__mips64")
#else
#include <asm/msgbuf.h>
#endif
#include <asm/poll.h>
#include <asm/posix_types.h>
#include <asm/shmbuf.h>
#include <asm/siginfo.h>
#include <linux/aio_abi.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/eventpoll.h>
#include <linux/fs.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <linux/kexec.h>
#include <linux/landlock.h>
#include <linux/lsm.h>
#include <linux/mman.h>
#include <linux/mount.h>
#include <linux/mqueue.h>
#include <linux/msg.h>
#include <linux/nsfs.h>
#include <linux/openat2.h>
#include <linux/perf_event.h>
#include <linux/resource.h>
#include <linux/rseq.h>
#include <linux/sched.h>
#include <linux/sched/types.h>
#include <linux/sem.h>
#include <linux/shm.h>
#include <linux/socket.h>
#include <linux/stat.h>
#include <linux/sysinfo.h>
#include <linux/time.h>
#include <linux/time_types.h>
#include <linux/times.h>
#include <linux/timex.h>
#include <linux/uio.h>
#include <linux/utime.h>
#include <linux/utsname.h>
#include <linux/xattr.h>

// For what the prototypes call `void *`.
#include <asm/fcntl.h>
#include <asm/sembuf.h>
#include <asm/termbits.h>
#include <asm/termios.h>
#include <linux/fanotify.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/inotify.h>
#include <linux/kcmp.h>
#include <linux/keyctl.h>
#include <linux/netlink.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/quota.h>
#include <linux/seccomp.h>
#include <linux/signalfd.h>
#include <linux/un.h>
#include <linux/userfaultfd.h>

#if defined(__i386__) || defined(__x86_64__)
#include <asm/ldt.h>
#endif
#ifdef __i386__
#include <asm/vm86.h>
#endif
#ifdef __riscv
#include <asm/hwprobe.h>
#endif
#ifdef __s390x__
#include <asm/guarded_storage.h>
#endif
#ifdef __sparc__
#include <asm/utrap.h>
#endif

// Scalars under the names of the prototypes.

typedef __SIZE_TYPE__ size_t;
typedef __kernel_ssize_t ssize_t;
typedef __UINTPTR_TYPE__ uintptr_t;
typedef __kernel_clockid_t clockid_t;
typedef __kernel_gid32_t gid_t;
typedef __kernel_key_t key_t;
typedef __s32 key_serial_t;
typedef __kernel_loff_t loff_t;
typedef __kernel_mqd_t mqd_t;
#if defined(__mips__) && _MIPS_SIM == _ABIN32
// n32's calls are those of n64.
typedef long long off_t;
#else
typedef __kernel_off_t off_t;
#endif
typedef __kernel_old_gid_t old_gid_t;
typedef unsigned long old_sigset_t;
typedef __s32 old_time32_t;
typedef __kernel_old_uid_t old_uid_t;
typedef __kernel_pid_t pid_t;
typedef __kernel_uid32_t qid_t;
typedef __kernel_rwf_t rwf_t;
typedef __kernel_timer_t timer_t;
typedef __kernel_uid32_t uid_t;
typedef unsigned short umode_t;

typedef __kernel_fd_set fd_set;

// Signals.

#ifdef __mips__
#define SIGNALS 128
#else
#define SIGNALS 64
#endif

typedef struct {
    unsigned long sig[SIGNALS / (8 * sizeof(long))];
} sigset_t;

#ifdef __mips__

struct sigaction {
    unsigned int sa_flags;
    __sighandler_t sa_handler;
    sigset_t sa_mask;
};

#else

struct sigaction {
    __sighandler_t sa_handler;
    unsigned long sa_flags;
#if !defined(__riscv) && !defined(__loongarch__) && !defined(__csky__) && !defined(__hexagon__)
    __sigrestore_t sa_restorer;
#endif
    sigset_t sa_mask;
};

#endif

// It holds a mask.
#ifndef __sparc__
#include <asm/sigcontext.h>
#endif
#ifdef __arm__
struct ucontext {
    unsigned long uc_flags;
    struct ucontext *uc_link;
    stack_t uc_stack;
    struct sigcontext uc_mcontext;
    sigset_t uc_sigmask;
    int reserved[30];
    unsigned long uc_regspace[128] __attribute__((aligned(8)));
};
#elif !defined(__sparc__)
#include <asm/ucontext.h>
#endif

struct old_sigaction {
    __sighandler_t sa_handler;
    old_sigset_t sa_mask;
    unsigned long sa_flags;
    __sigrestore_t sa_restorer;
};

struct __aio_sigset {
    const sigset_t *sigmask;
#if defined(__x86_64__) && defined(__ILP32__)
    // x86_64's call, which reads two words of 64 bits.
    __u32 zero;
    __u64 sigsetsize;
#else
    size_t sigsetsize;
#endif
};

// Time of 32 bits.

struct old_timespec32 {
    old_time32_t tv_sec;
    __s32 tv_nsec;
};

struct old_timeval32 {
    old_time32_t tv_sec;
    __s32 tv_usec;
};

struct old_itimerspec32 {
    struct old_timespec32 it_interval;
    struct old_timespec32 it_value;
};

struct old_itimerval32 {
    struct old_timeval32 it_interval;
    struct old_timeval32 it_value;
};

struct old_utimbuf32 {
    old_time32_t actime;
    old_time32_t modtime;
};

struct old_timex32 {
    __u32 modes;
    __s32 offset, freq, maxerror, esterror, status, constant, precision, tolerance;
    struct old_timeval32 time;
    __s32 tick, ppsfreq, jitter, shift, stabil, jitcnt, calcnt, errcnt, stbcnt, tai;
    __s32 reserved[11];
};

// Files.

#if defined(__mips__) && _MIPS_SIM == _ABIN32
struct stat {
    unsigned int st_dev;
    unsigned int st_pad0[3];
    unsigned long long st_ino;
    __kernel_mode_t st_mode;
    __u32 st_nlink;
    __kernel_uid32_t st_uid;
    __kernel_gid32_t st_gid;
    unsigned int st_rdev;
    unsigned int st_pad1[3];
    long long st_size;
    unsigned int st_atime, st_atime_nsec;
    unsigned int st_mtime, st_mtime_nsec;
    unsigned int st_ctime, st_ctime_nsec;
    unsigned int st_blksize;
    unsigned int st_pad2;
    unsigned long long st_blocks;
};
#endif

struct linux_dirent {
    __kernel_ulong_t d_ino;
    __kernel_ulong_t d_off;
    unsigned short d_reclen;
    char d_name[];
};

struct linux_dirent64 {
    __u64 d_ino;
    __s64 d_off;
    unsigned short d_reclen;
    unsigned char d_type;
    char d_name[];
};

struct old_linux_dirent {
    unsigned long d_ino;
    unsigned long d_offset;
    unsigned short d_namlen;
    char d_name[];
};

struct file_handle {
    __u32 handle_bytes;
    int handle_type;
    unsigned char f_handle[];
};

struct ustat {
    __kernel_daddr_t f_tfree;
#ifdef __s390x__
    unsigned int f_tinode;
#else
    __kernel_ulong_t f_tinode;
#endif
    char f_fname[6];
    char f_fpack[6];
};

struct sel_arg_struct {
    unsigned long n;
    fd_set *inp, *outp, *exp;
    struct __kernel_old_timeval *tvp;
};

// Sockets.

struct sockaddr {
    __kernel_sa_family_t sa_family;
    char sa_data[14];
};

struct user_msghdr {
    void *msg_name;
    int msg_namelen;
    struct iovec *msg_iov;
    size_t msg_iovlen;
    void *msg_control;
    size_t msg_controllen;
    unsigned int msg_flags;
};

struct mmsghdr {
    struct user_msghdr msg_hdr;
    unsigned int msg_len;
};

// Processes.

struct sched_param {
    int sched_priority;
};

#ifdef __powerpc__
struct rtas_args {
    __be32 token;
    __be32 nargs;
    __be32 nret;
    __be32 args[16];
    __be32 *rets;
} __attribute__((aligned(8)));
#endif

// What the prototypes call `void *`, and what the kernel writes where a program maps or reads it.

struct cmsghdr {
    size_t cmsg_len;
    int cmsg_level;
    int cmsg_type;
};

struct ucred {
    __u32 pid;
    __u32 uid;
    __u32 gid;
};

struct linger {
    int l_onoff;
    int l_linger;
};

void ring3_entry_io_uring(struct io_uring_sqe *, struct io_uring_cqe *, struct io_uring_probe *,
                          struct io_uring_restriction *, struct io_uring_rsrc_register *,
                          struct io_uring_rsrc_update *, struct io_uring_rsrc_update2 *,
                          struct io_uring_buf_reg *, struct io_uring_buf *, struct io_uring_getevents_arg *,
                          struct io_uring_sync_cancel_reg *, struct io_uring_file_index_range *,
                          struct io_uring_recvmsg_out *);
void ring3_entry_sockets(struct sockaddr_in *, struct sockaddr_in6 *, struct sockaddr_un *, struct sockaddr_nl *,
                         struct sockaddr_ll *, struct __kernel_sockaddr_storage *,
                         struct cmsghdr *, struct ucred *, struct linger *, struct nlmsghdr *, struct ip_mreq *,
                         struct ip_mreqn *, struct ipv6_mreq *, struct __kernel_sock_timeval *);
void ring3_entry_events(struct inotify_event *, struct signalfd_siginfo *, struct fanotify_event_metadata *,
                        struct fanotify_response *, struct fanotify_event_info_header *,
                        struct fanotify_event_info_fid *, struct uffd_msg *, struct uffdio_api *,
                        struct uffdio_register *, struct uffdio_copy *, struct uffdio_zeropage *);
void ring3_entry_files(struct flock *, struct flock64 *, struct f_owner_ex *, struct file_clone_range *,
                       struct winsize *, struct termios *, struct if_dqblk *, struct if_nextdqblk *,
                       struct if_dqinfo *, struct landlock_path_beneath_attr *, struct landlock_net_port_attr *);
// What the calls take that have an older struct in their prototype, too.
void ring3_entry_ipc(struct semid64_ds *, struct msqid64_ds *, struct shmid64_ds *, struct shminfo64 *,
                     struct shm_info *, struct msginfo *, struct seminfo *);
void ring3_entry_processes(struct kcmp_epoll_slot *, struct seccomp_data *, struct seccomp_notif *, struct seccomp_notif_resp *,
                           struct seccomp_notif_sizes *, struct sock_fprog *, struct prctl_mm_map *,
                           struct ptrace_syscall_info *, struct ptrace_peeksiginfo_args *,
                           struct perf_event_mmap_page *, struct perf_event_header *, struct bpf_insn *,
                           struct keyctl_dh_params *, struct keyctl_pkey_query *, struct keyctl_pkey_params *);
// sparc hands its signal handlers no such struct.
#ifndef __sparc__
void ring3_entry_signals(struct ucontext *);
#endif
