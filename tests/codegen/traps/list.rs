//! The traps, each with what holds it shut.

/// What keeps a call from being a safe function that breaks memory or descriptors.
pub enum Guard {
    /// It is an `unsafe fn`, and says this in its `# Safety` section.
    Unsafe(&'static str),
    /// It is a safe `fn` with this in its signature.
    Has(&'static str),
    /// It is a safe `fn` without this in its signature.
    Lacks(&'static str),
    /// It is a safe `fn` whose body has this.
    Does(&'static str),
    /// It is a safe `fn`: there is no trap, or an argument that would be one is fixed.
    Safe,
    /// `sys` has no such function, for this reason.
    Omitted(&'static str),
    /// A test of `tests/sys_traps/` makes the call.
    Runs(&'static str),
    /// A program of `tests/compile-fail` is refused, with this in the compiler's message.
    Rejects(&'static str, &'static str),
}

use Guard::{Does, Has, Lacks, Omitted, Rejects, Runs, Safe, Unsafe};

pub type Trap = (&'static str, &'static [Guard]);

const FRESH: &[Trap] = &[
    ("landlock_create_ruleset", &[Lacks("LandlockCreateRuleset"), Has("-> Result<OwnedFd>"), Does(", 0)")]),
    ("landlock_create_ruleset::version", &[Lacks("OwnedFd"), Runs("versions_are_no_descriptors")]),
    ("landlock_create_ruleset::errata", &[Lacks("OwnedFd"), Runs("versions_are_no_descriptors")]),
    ("signalfd", &[Lacks("AsFd"), Has("-> Result<OwnedFd>"), Does("(-1")]),
    ("signalfd4", &[Lacks("AsFd"), Has("-> Result<OwnedFd>"), Does("(-1")]),
    ("signalfd4::set", &[Lacks("OwnedFd"), Runs("an_old_signalfd_stays_its_owners")]),
    ("io_uring_setup", &[Has("-> Result<OwnedFd>"), Runs("a_ring_is_a_new_descriptor")]),
    ("io_uring_setup::any", &[Unsafe("may be an index")]),
    ("bpf", &[Unsafe("cmd says what the result is")]),
    ("fcntl", &[Unsafe("whether the result is a new descriptor")]),
    ("fcntl::dupfd", &[Has("-> Result<OwnedFd>"), Runs("a_duplicate_is_new")]),
    ("fcntl::getfl", &[Lacks("OwnedFd")]),
    ("fcntl::setfd", &[Lacks("OwnedFd")]),
    ("seccomp", &[Unsafe("depends on operation")]),
    ("seccomp::set_mode_filter", &[Unsafe("comes back as a number")]),
    ("seccomp::new_listener", &[Unsafe("a filter makes calls lie")]),
    (
        "dup2",
        &[
            Has("newfd: &mut OwnedFd"),
            Lacks("-> Result<OwnedFd>"),
            Runs("a_duplicate_is_new"),
            Rejects("sys_duplicate_onto_a_borrowed_descriptor", "expected `&mut OwnedFd`"),
            Rejects("sys_duplicate_onto_a_descriptor_in_use", "cannot borrow `fd` as mutable"),
        ],
    ),
    ("dup3", &[Has("newfd: &mut OwnedFd"), Lacks("-> Result<OwnedFd>"), Runs("a_duplicate_is_new")]),
    ("close_range", &[Unsafe("closes descriptors that others own")]),
    ("unshare", &[Unsafe("CLONE_FILES")]),
    ("unshare::fs", &[Lacks("Clone"), Safe]),
    ("unshare::newuser", &[Lacks("Clone"), Safe]),
    ("ioctl::tiocgptpeer", &[Unsafe("any number, which is no new descriptor")]),
];

/// Descriptors that the kernel takes by their number.
const BORROWED: &[Trap] = &[
    (
        "ioctl::ficlonerange",
        &[
            Has("file_clone_range<'_>"),
            Rejects(
                "sys_descriptor_of_a_struct_closed",
                "cannot move out of `source` because it is borrowed",
            ),
        ],
    ),
    (
        "landlock_add_rule::path_beneath",
        &[Has("landlock_path_beneath_attr<'_>"), Runs("structs_borrow_their_descriptors")],
    ),
    ("mount_setattr", &[Has("mount_attr<'_>"), Runs("structs_borrow_their_descriptors")]),
    ("open_tree_attr", &[Has("mount_attr<'_>")]),
    ("statmount", &[Has("mnt_id_req<'_>"), Runs("structs_borrow_their_descriptors")]),
    ("listmount", &[Has("mnt_id_req<'_>")]),
    ("waitid", &[Unsafe("P_PIDFD")]),
    ("waitid::pidfd", &[Has("id: impl AsFd")]),
    ("clock_settime", &[Runs("clocks_of_descriptors_need_the_descriptor")]),
    ("clock_settime::dynamic", &[Has("fd: impl AsFd"), Runs("clocks_of_descriptors_need_the_descriptor")]),
    ("clock_adjtime", &[Runs("clocks_of_descriptors_need_the_descriptor")]),
    ("clock_adjtime::dynamic", &[Has("fd: impl AsFd")]),
];

const LENGTHS: &[Trap] = &[
    ("mincore", &[Has("vec: &mut [u8]"), Runs("mincore_counts_pages")]),
    (
        "capget",
        &[Has("Option<&mut [uapi::__user_cap_data_struct; 2]>"), Runs("capget_fills_one_struct_or_two")],
    ),
    ("capset", &[Has("&[uapi::__user_cap_data_struct; 2]")]),
    ("select", &[Has("Option<&mut [usize]>"), Runs("sets_of_descriptors_are_bits")]),
    ("pselect6", &[Has("Option<&mut [usize]>"), Runs("sets_of_descriptors_are_bits")]),
    ("get_mempolicy", &[Has("Option<&mut [u64]>"), Runs("a_set_of_nodes_is_filled_to_its_end")]),
    ("mbind", &[Does("* usize::BITS"), Has("Option<&[usize]>")]),
    ("migrate_pages", &[Does("* usize::BITS")]),
    ("set_mempolicy", &[Does("* usize::BITS"), Runs("a_set_of_nodes_is_filled_to_its_end")]),
    // Timeouts that are written back.
    ("select", &[Has("timeout: Option<&mut timeval>"), Runs("timeouts_are_written_back")]),
    ("pselect6", &[Has("timeout: Option<&mut timespec>"), Runs("timeouts_are_written_back")]),
    ("ppoll", &[Has("tmo: Option<&mut timespec>"), Runs("timeouts_are_written_back")]),
    ("recvmmsg", &[Has("timeout: Option<&mut timespec>"), Runs("timeouts_are_written_back")]),
    ("nanosleep", &[Has("rem: Option<&mut timespec>")]),
    ("clock_nanosleep", &[Has("remain: Option<&mut timespec>")]),
    // Types by command.
    ("semctl", &[Unsafe("what arg is depends on op")]),
    ("semctl::getall", &[Unsafe("room for one u16 for each semaphore")]),
    ("semctl::setall", &[Unsafe("one u16 for each semaphore")]),
    ("semctl::stat", &[Lacks("op:"), Runs("system_v_structs_are_the_commands")]),
    ("shmctl", &[Unsafe("what buf is depends on op")]),
    ("shmctl::stat", &[Lacks("op:"), Runs("system_v_structs_are_the_commands")]),
    ("msgctl", &[Unsafe("op says what is read or written at buf")]),
    ("msgctl::stat", &[Lacks("op:"), Runs("system_v_structs_are_the_commands")]),
    ("msgrcv", &[Has("msgp: &mut [u8]"), Runs("a_message_begins_with_its_type")]),
    ("msgsnd", &[Has("msgp: &[u8]"), Runs("a_message_begins_with_its_type")]),
    ("quotactl", &[Unsafe("what addr is depends on op")]),
    ("quotactl_fd", &[Unsafe("what addr is depends on op")]),
    ("quotactl::getquota", &[Has("op: consts::Quota"), Does("& 255")]),
    ("quotactl_fd::getquota", &[Has("op: consts::Quota"), Does("& 255")]),
    ("keyctl", &[Unsafe("op says which arguments are addresses")]),
    (
        "keyctl::read",
        &[Has("buffer: &mut [u8]"), Has("-> Result<usize>"), Runs("a_key_may_exceed_the_buffer")],
    ),
    ("futex", &[Unsafe("op says what the other arguments are")]),
    (
        "futex::wake",
        &[Has("uaddr: &AtomicU32"), Does(" & "), Runs("no_bit_makes_another_command_of_a_futex")],
    ),
    ("futex::requeue", &[Does(" & "), Runs("no_bit_makes_another_command_of_a_futex")]),
    ("ioctl", &[Unsafe("depends on fd and op"), Rejects("sys_word_of_a_command", "requires unsafe")]),
    ("ioctl::tcgets", &[Does("zeroed()")]),
    ("prctl", &[Unsafe("depends on op")]),
    ("prctl::get_tid_address", &[Has("-> Result<u64>"), Does("zeroed()"), Runs("pointers_are_the_kernels")]),
    ("prctl::get_auxv", &[Has("auxv: &mut [u8]"), Runs("vectors_may_exceed_the_buffer")]),
    ("ptrace", &[Unsafe("depends on op")]),
    ("ptrace::getregset", &[Has("data: &mut [u8]"), Runs("registers_stay_within_the_buffer")]),
    ("getsockopt", &[Unsafe("TCP_ZEROCOPY_RECEIVE")]),
    ("sched_setattr", &[Does("attr.size = size_of::<"), Runs("a_struct_says_its_own_size")]),
    ("sched_getattr", &[Does("zeroed()"), Runs("a_struct_says_its_own_size")]),
    ("perf_event_open", &[Unsafe("attr may hold addresses"), Runs("a_struct_says_its_own_size")]),
    (
        "name_to_handle_at",
        &[Has("handle: &mut FileHandle"), Has("-> Result<u64>"), Runs("a_mount_has_four_bytes_or_eight")],
    ),
    ("open_by_handle_at", &[Has("handle: &FileHandle"), Runs("a_mount_has_four_bytes_or_eight")]),
    // Results that exceed the buffer, and bytes that nobody writes.
    ("getxattr", &[Has("value: &mut [u8]"), Runs("results_may_exceed_the_buffer")]),
    ("listxattr", &[Has("list: &mut [u8]"), Runs("results_may_exceed_the_buffer")]),
    ("getgroups", &[Has("list: &mut [Gid]"), Runs("results_may_exceed_the_buffer")]),
    ("recv", &[Has("buf: &mut [u8]"), Runs("results_may_exceed_the_buffer")]),
    ("recvfrom", &[Has("buf: &mut [u8]")]),
    ("getdents64", &[Has("dirp: &mut [u8]")]),
    ("lsm_get_self_attr", &[Has("Option<&mut [u8]>")]),
    ("statmount", &[Has("smbuf: &mut [u8]")]),
];

const LATER: &[Trap] = &[
    ("set_robust_list", &[Unsafe("when the thread ends")]),
    ("set_tid_address", &[Unsafe("when the thread ends")]),
    ("rseq", &[Unsafe("until it is unregistered")]),
    ("io_setup", &[Lacks("*mut"), Does("zeroed()"), Safe]),
    ("io_submit", &[Unsafe("until they complete")]),
    ("io_destroy", &[Unsafe("unmaps the completion ring")]),
    ("io_uring_enter", &[Unsafe("until they complete")]),
    ("io_uring_register", &[Unsafe("until it is unregistered")]),
    ("vmsplice", &[Unsafe("goes on using the memory")]),
    ("setsockopt", &[Unsafe("SO_ZEROCOPY")]),
    ("send", &[Has("flags: consts::Msg"), Runs("a_sent_buffer_is_free_again")]),
    (
        "recvmsg",
        &[Has("msg: &mut RecvMsg<'_>"), Rejects("sys_buffer_in_use", "`control` does not live long enough")],
    ),
    ("sendmsg", &[Has("msg: &SendMsg<'_>"), Rejects("sys_control_data_of_a_message", "requires unsafe")]),
    ("restart_syscall", &[Unsafe("pointers of its own that may be gone")]),
    // The mappings of perf, packet and ring descriptors.
    ("mmap", &[Unsafe("MAP_FIXED")]),
];

const MEMORY: &[Trap] = &[
    ("mmap", &[Unsafe("changes under its readers"), Rejects("sys_memory_mapped", "requires unsafe")]),
    ("mmap::anonymous", &[Lacks("flags"), Lacks("addr"), Lacks("AsFd"), Runs("advice_changes_no_memory")]),
    ("munmap", &[Unsafe("memory in use goes"), Rejects("sys_unsafe_outside_unsafe", "requires unsafe")]),
    ("mremap", &[Unsafe("MREMAP_FIXED")]),
    ("mprotect", &[Unsafe("becomes inaccessible")]),
    ("pkey_mprotect", &[Unsafe("loses or gains rights")]),
    ("pkey_free", &[Unsafe("whoever is given it next")]),
    ("pkey_alloc", &[Safe]),
    ("brk", &[Unsafe("program break")]),
    ("remap_file_pages", &[Unsafe("shows other pages")]),
    ("map_shadow_stack", &[Unsafe("where functions return to")]),
    ("shmat", &[Unsafe("SHM_REMAP")]),
    ("shmdt", &[Unsafe("goes away")]),
    ("madvise", &[Unsafe("MADV_DONTNEED")]),
    ("madvise::willneed", &[Lacks("advice"), Runs("advice_changes_no_memory")]),
    ("madvise::pageout", &[Lacks("advice"), Runs("advice_changes_no_memory")]),
    ("process_madvise", &[Unsafe("on the program itself")]),
    ("process_vm_writev", &[Unsafe("overwrites any memory")]),
    ("process_vm_readv", &[Has("local_iov: &mut [IoSliceMut<'_>]"), Safe]),
    ("ptrace::pokedata", &[Unsafe("overwrites")]),
    ("ptrace::pokeuser", &[Unsafe("registers")]),
    ("ptrace::setregset", &[Unsafe("registers")]),
    ("userfaultfd", &[Unsafe("what memory of this program reads as")]),
    ("futex::wake_op", &[Has("uaddr2: &AtomicU32"), Runs("futexes_change_one_word")]),
    ("futex::lock_pi", &[Has("uaddr: &AtomicU32"), Runs("futexes_change_one_word")]),
    ("futex::unlock_pi", &[Has("uaddr: &AtomicU32"), Runs("futexes_change_one_word")]),
    ("futex_wait", &[Unsafe("FUTEX2_NUMA")]),
    ("futex_wake", &[Unsafe("FUTEX2_NUMA")]),
    ("futex_waitv", &[Unsafe("FUTEX2_NUMA")]),
    ("futex_requeue", &[Unsafe("FUTEX2_NUMA")]),
    ("prctl::set_mm_map", &[Unsafe("map holds an address")]),
    ("prctl::set_syscall_user_dispatch", &[Unsafe("reads switch at each call")]),
    ("prctl::sve_set_vl", &[Unsafe("contents are lost")]),
    ("prctl::set_seccomp", &[Unsafe("lies about the results")]),
    ("arch_prctl", &[Unsafe("ARCH_SET_FS")]),
    ("set_thread_area", &[Unsafe("may change under it")]),
    ("set_tls", &[Unsafe("goes to the new address")]),
    ("modify_ldt", &[Unsafe("segment registers in use")]),
    ("modify_ldt::read", &[Lacks("func"), Safe]),
    ("seccomp::set_mode_strict", &[Unsafe("ends the calling thread alone")]),
];

const CONTROL: &[Trap] = &[
    ("rt_sigaction", &[Unsafe("at any point of the program")]),
    ("sigaltstack", &[Unsafe("signal handlers write to that memory")]),
    ("rt_sigreturn", &[Omitted("registers from a signal frame")]),
    ("sigreturn", &[Omitted("registers from a signal frame")]),
    ("rt_sigqueueinfo", &[Unsafe("si_ptr")]),
    ("rt_tgsigqueueinfo", &[Unsafe("si_ptr")]),
    ("pidfd_send_signal", &[Lacks("siginfo"), Runs("a_librarys_own_signals_are_refused")]),
    ("pidfd_send_signal::with_info", &[Unsafe("si_ptr")]),
    ("ptrace::setsiginfo", &[Unsafe("si_ptr")]),
    ("tgkill", &[Lacks("siginfo"), Runs("a_librarys_own_signals_are_refused")]),
    ("tkill", &[Lacks("siginfo"), Runs("a_librarys_own_signals_are_refused")]),
    ("personality", &[Unsafe("FDPIC_FUNCPTRS")]),
    ("personality::query", &[Lacks("persona"), Safe]),
    ("mq_notify", &[Unsafe("its handler may take for an address")]),
    ("timer_create", &[Unsafe("sival_ptr")]),
    ("timer_create::alarm", &[Lacks("sigevent"), Safe]),
    ("fork", &[Unsafe("the calling thread alone")]),
    ("vfork", &[Omitted("its parent's stack")]),
    ("clone", &[Omitted("returns on the stack that the caller names")]),
    ("clone3", &[Omitted("returns on the stack that the caller names")]),
    ("exit", &[Omitted("ends one thread")]),
    ("uretprobe", &[Omitted("trampoline")]),
    ("uprobe", &[Omitted("trampoline")]),
    (
        "execve",
        &[
            Has("argv: CStrs<'_>"),
            Has("envp: CStrs<'_>"),
            Runs("a_list_of_strings_has_an_end"),
            Rejects("sys_list_of_strings_without_an_end", "expected `CStrs<'_>`"),
        ],
    ),
    ("execveat", &[Has("argv: CStrs<'_>"), Has("envp: CStrs<'_>")]),
    ("reboot", &[Unsafe("ends the calling thread alone")]),
];

const HARMLESS: &[Trap] = &[
    ("membarrier", &[Safe]),
    ("memfd_secret", &[Safe, Has("-> Result<OwnedFd>")]),
    ("epoll_ctl", &[Safe, Has("Option<&uapi::epoll_event>")]),
    ("exit_group", &[Safe, Has("-> !")]),
    ("landlock_restrict_self", &[Safe]),
    // AF_ALG.
    ("socket", &[Safe, Has("-> Result<OwnedFd>")]),
    ("accept4", &[Safe, Has("OwnedFd")]),
];

pub const TRAPS: [(&str, &[Trap]); 7] = [
    ("not a fresh descriptor", FRESH),
    ("a descriptor by its number", BORROWED),
    ("length or direction", LENGTHS),
    ("used by the kernel later", LATER),
    ("memory or code", MEMORY),
    ("control flow", CONTROL),
    ("no trap", HARMLESS),
];

/// All safe functions that give an owned descriptor. What they accept was read in the kernel's source: each answers a descriptor that it has installed itself.
pub const NEW_DESCRIPTORS: [&str; 40] = [
    "accept",
    "accept4",
    "creat",
    "dup",
    "epoll_create",
    "epoll_create1",
    "eventfd",
    "eventfd2",
    "fanotify_init",
    "fcntl::dupfd",
    "fcntl::dupfd_cloexec",
    "fsmount",
    "fsopen",
    "fspick",
    "getsockopt::so_peerpidfd",
    "inotify_init",
    "inotify_init1",
    "io_uring_setup",
    "landlock_create_ruleset",
    "memfd_create",
    "memfd_secret",
    "mq_open",
    "open",
    "open_by_handle_at",
    "open_tree",
    "open_tree_attr",
    "openat",
    "openat2",
    "pidfd_getfd",
    "pidfd_open",
    "pipe",
    "pipe2",
    "signalfd",
    "signalfd4",
    "socket",
    "socketpair",
    "timerfd_create",
    // Of whatever file: the file's own operations have no part in it.
    "dup2",
    "dup3",
    "close",
];

/// All safe functions that take an address: memory whose contents and rights stay as they are.
pub const ADDRESSES: [&str; 26] = [
    "cacheflush",
    "get_mempolicy",
    "madvise::cold",
    "madvise::dodump",
    "madvise::dontdump",
    "madvise::hugepage",
    "madvise::nohugepage",
    "madvise::normal",
    "madvise::pageout",
    "madvise::populate_read",
    "madvise::populate_write",
    "madvise::random",
    "madvise::sequential",
    "madvise::willneed",
    "mbind",
    "mincore",
    "mlock",
    "mlock2",
    "move_pages",
    "mseal",
    "msync",
    "munlock",
    "prctl::set_vma_anon_name",
    "process_vm_readv",
    "riscv_flush_icache",
    "set_mempolicy_home_node",
];

/// Types that hold addresses, or numbers of descriptors, which the kernel follows.
pub const LOADED: [&str; 18] = [
    "uapi::iocb",
    "uapi::iovec",
    "uapi::siginfo",
    "uapi::siginfo_t",
    "uapi::sigevent",
    "uapi::sigaction",
    "uapi::sigaltstack",
    "uapi::sock_fprog",
    "uapi::futex_waitv",
    "uapi::kexec_segment",
    "uapi::perf_event_attr",
    "uapi::prctl_mm_map",
    "uapi::robust_list_head",
    "uapi::user_msghdr",
    "uapi::mount_attr",
    "uapi::mnt_id_req",
    "uapi::landlock_path_beneath_attr",
    "uapi::file_handle",
];

/// Safe functions that take such a type all the same: the addresses are looked up or only read through.
pub const LOADED_AND_SAFE: [(&str, &str); 2] =
    [("io_cancel", "uapi::iocb"), ("process_vm_readv", "uapi::iovec")];
