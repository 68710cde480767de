// What the generator writes for mips_o32: functions of `raw`, then of `sys`, then types of `uapi`.

/// `long sys_exit(int error_code)`
///
/// Number 4001. Manual page: [exit(2)](https://man7.org/linux/man-pages/man2/exit.2.html).
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn exit(error_code: c_int) -> ! {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call1_noreturn::<4001>(error_code) }
}

/// `long sys_write(unsigned int fd, const char *buf, size_t count)`
///
/// Number 4004. Manual page: [write(2)](https://man7.org/linux/man-pages/man2/write.2.html).
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn write(fd: c_uint, buf: *const c_char, count: usize) -> Result<usize> {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call3::<4004>(fd, buf, count) }.number()
}

/// `long sys_getpid(void)`
///
/// Number 4020. Manual page: [getpid(2)](https://man7.org/linux/man-pages/man2/getpid.2.html).
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn getpid() -> Result<usize> {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call0::<4020>() }.number()
}

/// `long sys_ioctl(unsigned int fd, unsigned int cmd, unsigned long arg)`
///
/// Number 4054. Manual page: [ioctl(2)](https://man7.org/linux/man-pages/man2/ioctl.2.html).
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn ioctl(fd: c_uint, cmd: c_uint, arg: impl Arg) -> Result<usize> {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call3::<4054>(fd, cmd, arg) }.number()
}

/// `long sys_mips_mmap(unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags, unsigned long fd, off_t offset)`
///
/// Number 4090. Manual page: [mmap(2)](https://man7.org/linux/man-pages/man2/mmap.2.html).
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn mmap(addr: *mut c_void, len: c_ulong, prot: c_ulong, flags: c_ulong, fd: c_ulong, offset: c_long) -> Result<*mut c_void> {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call6::<4090>(addr, len, prot, flags, fd, offset) }.pointer()
}

/// `long sys_pread64(unsigned int fd, char *buf, size_t count, loff_t pos)`
///
/// Number 4200. Manual page: [pread64(2)](https://man7.org/linux/man-pages/man2/pread64.2.html).
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn pread64(fd: c_uint, buf: *mut c_char, count: usize, pos: i64) -> Result<usize> {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call6::<4200>(fd, buf, count, 0, (pos >> 32) as u32, pos as u32) }.number()
}

/// `long sys_mips_mmap2(unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags, unsigned long fd, unsigned long pgoff)`
///
/// Number 4210. Manual page: [mmap2(2)](https://man7.org/linux/man-pages/man2/mmap2.2.html).
/// The offset counts units of 4096 bytes.
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn mmap2(addr: *mut c_void, len: c_ulong, prot: c_ulong, flags: c_ulong, fd: c_ulong, pgoff: c_ulong) -> Result<*mut c_void> {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call6::<4210>(addr, len, prot, flags, fd, pgoff) }.pointer()
}

/// `long sys_epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)`
///
/// Number 4249. Manual page: [epoll_ctl(2)](https://man7.org/linux/man-pages/man2/epoll_ctl.2.html).
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn epoll_ctl(epfd: c_int, op: c_int, fd: c_int, event: *mut epoll_event) -> Result<usize> {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call4::<4249>(epfd, op, fd, event) }.number()
}

/// `long sys_fallocate(int fd, int mode, loff_t offset, loff_t len)`
///
/// Number 4320. Manual page: [fallocate(2)](https://man7.org/linux/man-pages/man2/fallocate.2.html).
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn fallocate(fd: c_int, mode: c_int, offset: i64, len: i64) -> Result<usize> {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call6::<4320>(fd, mode, (offset >> 32) as u32, offset as u32, (len >> 32) as u32, len as u32) }.number()
}

// accept is not there.

// close is not there.

// epoll_wait is not there.

// futex::wait is not there.

// getpid is not there.

// lseek is not there.

// munmap is not there.

// open is not there.

// openat is not there.

// pipe2 is not there.

// preadv is not there.

// read is not there.

// wait4 is not there.

// write is not there.

/// `struct epoll_event`, 16 bytes.
#[repr(C)]
pub struct epoll_event {
    /// At offset 0.
    pub events: c_uint,
    /// At offset 8.
    pub data: u64,
}

/// `struct perf_event_attr`, 144 bytes.
#[repr(C)]
pub struct perf_event_attr {
    /// At offset 0.
    pub r#type: u32,
    /// At offset 4.
    pub size: u32,
    /// At offset 8.
    pub config: u64,
    /// At offset 16.
    pub anon1: perf_event_attr_anon1,
    /// At offset 24.
    pub sample_type: u64,
    /// At offset 32.
    pub read_format: u64,
    /// Bit fields, each with a function to get and one to set it.
    pub bits_40: u64,
    /// At offset 48.
    pub anon2: perf_event_attr_anon2,
    /// At offset 52.
    pub bp_type: u32,
    /// At offset 56.
    pub anon3: perf_event_attr_anon3,
    /// At offset 64.
    pub anon4: perf_event_attr_anon4,
    /// At offset 72.
    pub branch_sample_type: u64,
    /// At offset 80.
    pub sample_regs_user: u64,
    /// At offset 88.
    pub sample_stack_user: u32,
    /// At offset 92.
    pub clockid: i32,
    /// At offset 96.
    pub sample_regs_intr: u64,
    /// At offset 104.
    pub aux_watermark: u32,
    /// At offset 108.
    pub sample_max_stack: u16,
    /// At offset 110.
    pub __reserved_2: u16,
    /// At offset 112.
    pub aux_sample_size: u32,
    /// At offset 116.
    pub anon5: perf_event_attr_anon5,
    /// At offset 120.
    pub sig_data: u64,
    /// At offset 128.
    pub config3: u64,
    /// At offset 136.
    pub config4: u64,
}
impl perf_event_attr {
    /// The bit field `disabled`, 1 bits.
    #[inline]
    pub const fn disabled(&self) -> u64 { self.bits_40 >> 63 & 0x1 }
    /// Sets the bit field `disabled` to the low bits of the value.
    #[inline]
    pub const fn set_disabled(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 63) | (value & 0x1) << 63; }
    /// The bit field `inherit`, 1 bits.
    #[inline]
    pub const fn inherit(&self) -> u64 { self.bits_40 >> 62 & 0x1 }
    /// Sets the bit field `inherit` to the low bits of the value.
    #[inline]
    pub const fn set_inherit(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 62) | (value & 0x1) << 62; }
    /// The bit field `pinned`, 1 bits.
    #[inline]
    pub const fn pinned(&self) -> u64 { self.bits_40 >> 61 & 0x1 }
    /// Sets the bit field `pinned` to the low bits of the value.
    #[inline]
    pub const fn set_pinned(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 61) | (value & 0x1) << 61; }
    /// The bit field `exclusive`, 1 bits.
    #[inline]
    pub const fn exclusive(&self) -> u64 { self.bits_40 >> 60 & 0x1 }
    /// Sets the bit field `exclusive` to the low bits of the value.
    #[inline]
    pub const fn set_exclusive(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 60) | (value & 0x1) << 60; }
    /// The bit field `exclude_user`, 1 bits.
    #[inline]
    pub const fn exclude_user(&self) -> u64 { self.bits_40 >> 59 & 0x1 }
    /// Sets the bit field `exclude_user` to the low bits of the value.
    #[inline]
    pub const fn set_exclude_user(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 59) | (value & 0x1) << 59; }
    /// The bit field `exclude_kernel`, 1 bits.
    #[inline]
    pub const fn exclude_kernel(&self) -> u64 { self.bits_40 >> 58 & 0x1 }
    /// Sets the bit field `exclude_kernel` to the low bits of the value.
    #[inline]
    pub const fn set_exclude_kernel(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 58) | (value & 0x1) << 58; }
    /// The bit field `exclude_hv`, 1 bits.
    #[inline]
    pub const fn exclude_hv(&self) -> u64 { self.bits_40 >> 57 & 0x1 }
    /// Sets the bit field `exclude_hv` to the low bits of the value.
    #[inline]
    pub const fn set_exclude_hv(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 57) | (value & 0x1) << 57; }
    /// The bit field `exclude_idle`, 1 bits.
    #[inline]
    pub const fn exclude_idle(&self) -> u64 { self.bits_40 >> 56 & 0x1 }
    /// Sets the bit field `exclude_idle` to the low bits of the value.
    #[inline]
    pub const fn set_exclude_idle(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 56) | (value & 0x1) << 56; }
    /// The bit field `mmap`, 1 bits.
    #[inline]
    pub const fn mmap(&self) -> u64 { self.bits_40 >> 55 & 0x1 }
    /// Sets the bit field `mmap` to the low bits of the value.
    #[inline]
    pub const fn set_mmap(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 55) | (value & 0x1) << 55; }
    /// The bit field `comm`, 1 bits.
    #[inline]
    pub const fn comm(&self) -> u64 { self.bits_40 >> 54 & 0x1 }
    /// Sets the bit field `comm` to the low bits of the value.
    #[inline]
    pub const fn set_comm(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 54) | (value & 0x1) << 54; }
    /// The bit field `freq`, 1 bits.
    #[inline]
    pub const fn freq(&self) -> u64 { self.bits_40 >> 53 & 0x1 }
    /// Sets the bit field `freq` to the low bits of the value.
    #[inline]
    pub const fn set_freq(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 53) | (value & 0x1) << 53; }
    /// The bit field `inherit_stat`, 1 bits.
    #[inline]
    pub const fn inherit_stat(&self) -> u64 { self.bits_40 >> 52 & 0x1 }
    /// Sets the bit field `inherit_stat` to the low bits of the value.
    #[inline]
    pub const fn set_inherit_stat(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 52) | (value & 0x1) << 52; }
    /// The bit field `enable_on_exec`, 1 bits.
    #[inline]
    pub const fn enable_on_exec(&self) -> u64 { self.bits_40 >> 51 & 0x1 }
    /// Sets the bit field `enable_on_exec` to the low bits of the value.
    #[inline]
    pub const fn set_enable_on_exec(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 51) | (value & 0x1) << 51; }
    /// The bit field `task`, 1 bits.
    #[inline]
    pub const fn task(&self) -> u64 { self.bits_40 >> 50 & 0x1 }
    /// Sets the bit field `task` to the low bits of the value.
    #[inline]
    pub const fn set_task(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 50) | (value & 0x1) << 50; }
    /// The bit field `watermark`, 1 bits.
    #[inline]
    pub const fn watermark(&self) -> u64 { self.bits_40 >> 49 & 0x1 }
    /// Sets the bit field `watermark` to the low bits of the value.
    #[inline]
    pub const fn set_watermark(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 49) | (value & 0x1) << 49; }
    /// The bit field `precise_ip`, 2 bits.
    #[inline]
    pub const fn precise_ip(&self) -> u64 { self.bits_40 >> 47 & 0x3 }
    /// Sets the bit field `precise_ip` to the low bits of the value.
    #[inline]
    pub const fn set_precise_ip(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x3 << 47) | (value & 0x3) << 47; }
    /// The bit field `mmap_data`, 1 bits.
    #[inline]
    pub const fn mmap_data(&self) -> u64 { self.bits_40 >> 46 & 0x1 }
    /// Sets the bit field `mmap_data` to the low bits of the value.
    #[inline]
    pub const fn set_mmap_data(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 46) | (value & 0x1) << 46; }
    /// The bit field `sample_id_all`, 1 bits.
    #[inline]
    pub const fn sample_id_all(&self) -> u64 { self.bits_40 >> 45 & 0x1 }
    /// Sets the bit field `sample_id_all` to the low bits of the value.
    #[inline]
    pub const fn set_sample_id_all(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 45) | (value & 0x1) << 45; }
    /// The bit field `exclude_host`, 1 bits.
    #[inline]
    pub const fn exclude_host(&self) -> u64 { self.bits_40 >> 44 & 0x1 }
    /// Sets the bit field `exclude_host` to the low bits of the value.
    #[inline]
    pub const fn set_exclude_host(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 44) | (value & 0x1) << 44; }
    /// The bit field `exclude_guest`, 1 bits.
    #[inline]
    pub const fn exclude_guest(&self) -> u64 { self.bits_40 >> 43 & 0x1 }
    /// Sets the bit field `exclude_guest` to the low bits of the value.
    #[inline]
    pub const fn set_exclude_guest(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 43) | (value & 0x1) << 43; }
    /// The bit field `exclude_callchain_kernel`, 1 bits.
    #[inline]
    pub const fn exclude_callchain_kernel(&self) -> u64 { self.bits_40 >> 42 & 0x1 }
    /// Sets the bit field `exclude_callchain_kernel` to the low bits of the value.
    #[inline]
    pub const fn set_exclude_callchain_kernel(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 42) | (value & 0x1) << 42; }
    /// The bit field `exclude_callchain_user`, 1 bits.
    #[inline]
    pub const fn exclude_callchain_user(&self) -> u64 { self.bits_40 >> 41 & 0x1 }
    /// Sets the bit field `exclude_callchain_user` to the low bits of the value.
    #[inline]
    pub const fn set_exclude_callchain_user(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 41) | (value & 0x1) << 41; }
    /// The bit field `mmap2`, 1 bits.
    #[inline]
    pub const fn mmap2(&self) -> u64 { self.bits_40 >> 40 & 0x1 }
    /// Sets the bit field `mmap2` to the low bits of the value.
    #[inline]
    pub const fn set_mmap2(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 40) | (value & 0x1) << 40; }
    /// The bit field `comm_exec`, 1 bits.
    #[inline]
    pub const fn comm_exec(&self) -> u64 { self.bits_40 >> 39 & 0x1 }
    /// Sets the bit field `comm_exec` to the low bits of the value.
    #[inline]
    pub const fn set_comm_exec(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 39) | (value & 0x1) << 39; }
    /// The bit field `use_clockid`, 1 bits.
    #[inline]
    pub const fn use_clockid(&self) -> u64 { self.bits_40 >> 38 & 0x1 }
    /// Sets the bit field `use_clockid` to the low bits of the value.
    #[inline]
    pub const fn set_use_clockid(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 38) | (value & 0x1) << 38; }
    /// The bit field `context_switch`, 1 bits.
    #[inline]
    pub const fn context_switch(&self) -> u64 { self.bits_40 >> 37 & 0x1 }
    /// Sets the bit field `context_switch` to the low bits of the value.
    #[inline]
    pub const fn set_context_switch(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 37) | (value & 0x1) << 37; }
    /// The bit field `write_backward`, 1 bits.
    #[inline]
    pub const fn write_backward(&self) -> u64 { self.bits_40 >> 36 & 0x1 }
    /// Sets the bit field `write_backward` to the low bits of the value.
    #[inline]
    pub const fn set_write_backward(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 36) | (value & 0x1) << 36; }
    /// The bit field `namespaces`, 1 bits.
    #[inline]
    pub const fn namespaces(&self) -> u64 { self.bits_40 >> 35 & 0x1 }
    /// Sets the bit field `namespaces` to the low bits of the value.
    #[inline]
    pub const fn set_namespaces(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 35) | (value & 0x1) << 35; }
    /// The bit field `ksymbol`, 1 bits.
    #[inline]
    pub const fn ksymbol(&self) -> u64 { self.bits_40 >> 34 & 0x1 }
    /// Sets the bit field `ksymbol` to the low bits of the value.
    #[inline]
    pub const fn set_ksymbol(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 34) | (value & 0x1) << 34; }
    /// The bit field `bpf_event`, 1 bits.
    #[inline]
    pub const fn bpf_event(&self) -> u64 { self.bits_40 >> 33 & 0x1 }
    /// Sets the bit field `bpf_event` to the low bits of the value.
    #[inline]
    pub const fn set_bpf_event(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 33) | (value & 0x1) << 33; }
    /// The bit field `aux_output`, 1 bits.
    #[inline]
    pub const fn aux_output(&self) -> u64 { self.bits_40 >> 32 & 0x1 }
    /// Sets the bit field `aux_output` to the low bits of the value.
    #[inline]
    pub const fn set_aux_output(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 32) | (value & 0x1) << 32; }
    /// The bit field `cgroup`, 1 bits.
    #[inline]
    pub const fn cgroup(&self) -> u64 { self.bits_40 >> 31 & 0x1 }
    /// Sets the bit field `cgroup` to the low bits of the value.
    #[inline]
    pub const fn set_cgroup(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 31) | (value & 0x1) << 31; }
    /// The bit field `text_poke`, 1 bits.
    #[inline]
    pub const fn text_poke(&self) -> u64 { self.bits_40 >> 30 & 0x1 }
    /// Sets the bit field `text_poke` to the low bits of the value.
    #[inline]
    pub const fn set_text_poke(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 30) | (value & 0x1) << 30; }
    /// The bit field `build_id`, 1 bits.
    #[inline]
    pub const fn build_id(&self) -> u64 { self.bits_40 >> 29 & 0x1 }
    /// Sets the bit field `build_id` to the low bits of the value.
    #[inline]
    pub const fn set_build_id(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 29) | (value & 0x1) << 29; }
    /// The bit field `inherit_thread`, 1 bits.
    #[inline]
    pub const fn inherit_thread(&self) -> u64 { self.bits_40 >> 28 & 0x1 }
    /// Sets the bit field `inherit_thread` to the low bits of the value.
    #[inline]
    pub const fn set_inherit_thread(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 28) | (value & 0x1) << 28; }
    /// The bit field `remove_on_exec`, 1 bits.
    #[inline]
    pub const fn remove_on_exec(&self) -> u64 { self.bits_40 >> 27 & 0x1 }
    /// Sets the bit field `remove_on_exec` to the low bits of the value.
    #[inline]
    pub const fn set_remove_on_exec(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 27) | (value & 0x1) << 27; }
    /// The bit field `sigtrap`, 1 bits.
    #[inline]
    pub const fn sigtrap(&self) -> u64 { self.bits_40 >> 26 & 0x1 }
    /// Sets the bit field `sigtrap` to the low bits of the value.
    #[inline]
    pub const fn set_sigtrap(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 26) | (value & 0x1) << 26; }
    /// The bit field `defer_callchain`, 1 bits.
    #[inline]
    pub const fn defer_callchain(&self) -> u64 { self.bits_40 >> 25 & 0x1 }
    /// Sets the bit field `defer_callchain` to the low bits of the value.
    #[inline]
    pub const fn set_defer_callchain(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 25) | (value & 0x1) << 25; }
    /// The bit field `defer_output`, 1 bits.
    #[inline]
    pub const fn defer_output(&self) -> u64 { self.bits_40 >> 24 & 0x1 }
    /// Sets the bit field `defer_output` to the low bits of the value.
    #[inline]
    pub const fn set_defer_output(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 24) | (value & 0x1) << 24; }
    /// The bit field `__reserved_1`, 24 bits.
    #[inline]
    pub const fn __reserved_1(&self) -> u64 { self.bits_40 >> 0 & 0xffffff }
    /// Sets the bit field `__reserved_1` to the low bits of the value.
    #[inline]
    pub const fn set___reserved_1(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0xffffff << 0) | (value & 0xffffff) << 0; }
}

/// `struct sigaction`, 24 bytes.
#[repr(C)]
pub struct sigaction {
    /// At offset 0.
    pub sa_flags: c_uint,
    /// At offset 4.
    pub sa_handler: Option<unsafe extern "C" fn(c_int)>,
    /// At offset 8.
    pub sa_mask: sigset_t,
}

plain! { epoll_event perf_event_attr sigaction }

static_assertions::const_assert!((size_of::<c_char>() ^ 1 | align_of::<c_char>() ^ 1
    | size_of::<c_schar>() ^ 1 | align_of::<c_schar>() ^ 1
    | size_of::<c_uchar>() ^ 1 | align_of::<c_uchar>() ^ 1
    | size_of::<c_short>() ^ 2 | align_of::<c_short>() ^ 2
    | size_of::<c_ushort>() ^ 2 | align_of::<c_ushort>() ^ 2
    | size_of::<c_int>() ^ 4 | align_of::<c_int>() ^ 4
    | size_of::<c_uint>() ^ 4 | align_of::<c_uint>() ^ 4
    | size_of::<c_long>() ^ 4 | align_of::<c_long>() ^ 4
    | size_of::<c_ulong>() ^ 4 | align_of::<c_ulong>() ^ 4
    | size_of::<c_longlong>() ^ 8 | align_of::<c_longlong>() ^ 8
    | size_of::<c_ulonglong>() ^ 8 | align_of::<c_ulonglong>() ^ 8
    | size_of::<f64>() ^ 8 | align_of::<f64>() ^ 8) == 0);
static_assertions::const_assert!((size_of::<u8>() ^ 1 | align_of::<u8>() ^ 1
    | size_of::<u16>() ^ 2 | align_of::<u16>() ^ 2
    | size_of::<u32>() ^ 4 | align_of::<u32>() ^ 4
    | size_of::<u64>() ^ 8 | align_of::<u64>() ^ 8
    | size_of::<i8>() ^ 1 | align_of::<i8>() ^ 1
    | size_of::<i16>() ^ 2 | align_of::<i16>() ^ 2
    | size_of::<i32>() ^ 4 | align_of::<i32>() ^ 4
    | size_of::<i64>() ^ 8 | align_of::<i64>() ^ 8
    | size_of::<usize>() ^ 4 | align_of::<usize>() ^ 4
    | size_of::<isize>() ^ 4 | align_of::<isize>() ^ 4
    | size_of::<*const c_void>() ^ 4 | align_of::<*const c_void>() ^ 4
    | size_of::<epoll_event>() ^ 16 | align_of::<epoll_event>() ^ 8) == 0);
static_assertions::const_assert!((size_of::<perf_event_attr>() ^ 144 | align_of::<perf_event_attr>() ^ 8
    | size_of::<sigaction>() ^ 24 | align_of::<sigaction>() ^ 4) == 0);
static_assertions::const_assert!(offset_of!(epoll_event, events) == 0);
static_assertions::const_assert!(offset_of!(epoll_event, data) == 8);
static_assertions::const_assert!(offset_of!(perf_event_attr, r#type) == 0);
static_assertions::const_assert!(offset_of!(perf_event_attr, size) == 4);
static_assertions::const_assert!(offset_of!(perf_event_attr, config) == 8);
static_assertions::const_assert!(offset_of!(perf_event_attr, anon1) == 16);
static_assertions::const_assert!(offset_of!(perf_event_attr, sample_type) == 24);
static_assertions::const_assert!(offset_of!(perf_event_attr, read_format) == 32);
static_assertions::const_assert!(offset_of!(perf_event_attr, bits_40) == 40);
static_assertions::const_assert!(offset_of!(perf_event_attr, anon2) == 48);
static_assertions::const_assert!(offset_of!(perf_event_attr, bp_type) == 52);
static_assertions::const_assert!(offset_of!(perf_event_attr, anon3) == 56);
static_assertions::const_assert!(offset_of!(perf_event_attr, anon4) == 64);
static_assertions::const_assert!(offset_of!(perf_event_attr, branch_sample_type) == 72);
static_assertions::const_assert!(offset_of!(perf_event_attr, sample_regs_user) == 80);
static_assertions::const_assert!(offset_of!(perf_event_attr, sample_stack_user) == 88);
static_assertions::const_assert!(offset_of!(perf_event_attr, clockid) == 92);
static_assertions::const_assert!(offset_of!(perf_event_attr, sample_regs_intr) == 96);
static_assertions::const_assert!(offset_of!(perf_event_attr, aux_watermark) == 104);
static_assertions::const_assert!(offset_of!(perf_event_attr, sample_max_stack) == 108);
static_assertions::const_assert!(offset_of!(perf_event_attr, __reserved_2) == 110);
static_assertions::const_assert!(offset_of!(perf_event_attr, aux_sample_size) == 112);
static_assertions::const_assert!(offset_of!(perf_event_attr, anon5) == 116);
static_assertions::const_assert!(offset_of!(perf_event_attr, sig_data) == 120);
static_assertions::const_assert!(offset_of!(perf_event_attr, config3) == 128);
static_assertions::const_assert!(offset_of!(perf_event_attr, config4) == 136);
static_assertions::const_assert!(offset_of!(sigaction, sa_flags) == 0);
static_assertions::const_assert!(offset_of!(sigaction, sa_handler) == 4);
static_assertions::const_assert!(offset_of!(sigaction, sa_mask) == 8);
