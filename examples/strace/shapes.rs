//! Which fields of a struct strace shows, in its order.
//!
//! A field is `NAME`, or `NAME:HOW` with a set's name or one of these: `hex`, `octal`, `ticks`, `date`, `both` (a number and its lower half). `NAME?` is
//! left out when it is 0. At the end `...` stands for the others. In brackets the values stand alone.

/// Structs with what is shown of them; after `in` of those that the call only reads.
const SHAPES: [(&str, &str); 28] = [
    ("__kernel_fsid_t", "val:hex"),
    ("__kernel_timex old_timex32", TIMEX),
    ("epoll_event", "events:Epoll data:both"),
    ("flock flock64", "l_type:FLock l_whence:Seek l_start l_len l_pid"),
    ("in flock flock64", "l_type:FLock l_whence:Seek l_start l_len"),
    ("in ipc64_perm ipc_perm", "uid gid mode:octal"),
    ("in msqid64_ds msqid_ds", "msg_perm msg_qbytes"),
    ("in semid64_ds", "sem_perm ..."),
    ("in shmid64_ds shmid_ds", "shm_perm ..."),
    ("io_uring_params", URING),
    ("io_sqring_offsets", "head tail ring_mask ring_entries flags dropped array user_addr?:hex"),
    ("io_cqring_offsets", "head tail ring_mask ring_entries overflow cqes flags user_addr?:hex"),
    ("ipc64_perm ipc_perm", "uid gid mode:octal key cuid cgid"),
    ("msqid64_ds msqid_ds", "msg_perm msg_stime msg_rtime msg_ctime msg_qnum msg_qbytes msg_lspid msg_lrpid"),
    ("new_utsname old_utsname oldold_utsname", "sysname nodename ..."),
    ("open_how", "flags:O mode?:Mode resolve:Resolve"),
    ("rusage", "ru_utime ru_stime ..."),
    ("sched_param", "[sched_priority]"),
    ("sembuf", "sem_num sem_op sem_flg:SemFlg"),
    ("semid64_ds", "sem_perm sem_otime sem_ctime sem_nsems"),
    ("shmid64_ds shmid_ds", "shm_perm shm_segsz shm_cpid shm_lpid shm_nattch shm_atime shm_dtime shm_ctime"),
    ("sigaltstack", "ss_sp ss_flags:Ss ss_size"),
    ("sigevent", "sigev_value? sigev_signo:Sig sigev_notify:Sigev"),
    ("statfs statfs64", STATFS),
    ("statx", "stx_mask:Statx stx_attributes:StatxAttr stx_mode:Mode stx_size ..."),
    ("sysinfo", SYSINFO),
    ("tms", "tms_utime:ticks tms_stime:ticks tms_cutime:ticks tms_cstime:ticks"),
    ("utimbuf old_utimbuf32", "actime:date modtime:date"),
];

const TIMEX: &str = "modes:Adj offset freq maxerror esterror status:Sta constant precision tolerance time tick ppsfreq \
    jitter shift stabil jitcnt calcnt errcnt stbcnt tai";
const STATFS: &str =
    "f_type:FsMagic f_bsize f_blocks f_bfree f_bavail f_files f_ffree f_fsid f_namelen f_frsize f_flags:St";
const SYSINFO: &str =
    "uptime loads totalram freeram sharedram bufferram totalswap freeswap procs totalhigh freehigh mem_unit";
const URING: &str =
    "flags:IoringSetup sq_thread_cpu sq_thread_idle sq_entries cq_entries features:IoringFeat sq_off cq_off";

/// A field that is shown.
#[derive(Clone, Copy)]
pub struct Shown {
    pub name: &'static str,
    /// Nothing if its type says enough.
    pub how: &'static str,
    /// Whether it is left out when it is 0.
    pub optional: bool,
}

/// What is shown of a struct.
#[derive(Clone, Copy)]
pub struct Shape {
    fields: &'static str,
    /// Whether the fields have names.
    pub named: bool,
}

impl Shape {
    /// None where nothing is said of the struct: then all of it is shown.
    pub fn of(name: &str, writes: bool) -> Option<Self> {
        let find = |only: bool| {
            let fits = |names: &str| names.split(' ').any(|known| known == name);
            SHAPES.iter().find(|(names, _)| names.starts_with("in ") == only && fits(names))
        };
        let (_, fields) = if writes { find(false) } else { find(true).or_else(|| find(false)) }?;
        let inside = fields.strip_prefix('[').and_then(|fields| fields.strip_suffix(']'));
        Some(Self { fields: inside.unwrap_or(fields), named: inside.is_none() })
    }

    /// The fields, the last with the name `...` if there are more.
    pub fn fields(self) -> impl Iterator<Item = Shown> {
        self.fields.split(' ').map(|field| {
            let (name, how) = field.split_once(':').unwrap_or((field, ""));
            match name.strip_suffix('?') {
                Some(name) => Shown { name, how, optional: true },
                None => Shown { name, how, optional: false },
            }
        })
    }
}
