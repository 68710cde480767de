// What the generator writes for i386: functions of `raw`, then of `sys`, then types of `uapi`.

/// `long sys_exit(int error_code)`
///
/// Number 1. Manual page: [exit(2)](https://man7.org/linux/man-pages/man2/exit.2.html).
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn exit(error_code: c_int) -> ! {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call1_noreturn::<1>(error_code) }
}

/// `long sys_write(unsigned int fd, const char *buf, size_t count)`
///
/// Number 4. Manual page: [write(2)](https://man7.org/linux/man-pages/man2/write.2.html).
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn write(fd: c_uint, buf: *const c_char, count: usize) -> Result<usize> {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call3::<4>(fd, buf, count) }.number()
}

/// `long sys_getpid(void)`
///
/// Number 20. Manual page: [getpid(2)](https://man7.org/linux/man-pages/man2/getpid.2.html).
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn getpid() -> Result<usize> {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call0::<20>() }.number()
}

/// `long sys_ioctl(unsigned int fd, unsigned int cmd, unsigned long arg)`
///
/// Number 54. Manual page: [ioctl(2)](https://man7.org/linux/man-pages/man2/ioctl.2.html).
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn ioctl(fd: c_uint, cmd: c_uint, arg: impl Arg) -> Result<usize> {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call3::<54>(fd, cmd, arg) }.number()
}

/// `long sys_old_mmap({ unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags, unsigned long fd, unsigned long offset })`
///
/// Number 90. Manual page: [mmap(2)](https://man7.org/linux/man-pages/man2/mmap.2.html).
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn mmap(addr: *mut c_void, len: c_ulong, prot: c_ulong, flags: c_ulong, fd: c_ulong, offset: c_ulong) -> Result<*mut c_void> {
    let block = [Arg::word(addr), Arg::word(len), Arg::word(prot), Arg::word(flags), Arg::word(fd), Arg::word(offset)];
    // SAFETY: the caller's, see the module.
    unsafe { arch::call1::<90>(&raw const block) }.pointer()
}

/// `long sys_ia32_pread64(unsigned int fd, char *ubuf, size_t count, loff_t pos)`
///
/// Number 180. Manual page: [pread64(2)](https://man7.org/linux/man-pages/man2/pread64.2.html).
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn pread64(fd: c_uint, ubuf: *mut c_char, count: usize, pos: i64) -> Result<usize> {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call5::<180>(fd, ubuf, count, pos as u32, (pos >> 32) as u32) }.number()
}

/// `long sys_mmap_pgoff(unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags, unsigned long fd, unsigned long pgoff)`
///
/// Number 192. Manual page: [mmap2(2)](https://man7.org/linux/man-pages/man2/mmap2.2.html).
/// The offset counts pages.
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn mmap2(addr: *mut c_void, len: c_ulong, prot: c_ulong, flags: c_ulong, fd: c_ulong, pgoff: c_ulong) -> Result<*mut c_void> {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call6::<192>(addr, len, prot, flags, fd, pgoff) }.pointer()
}

/// `long sys_epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)`
///
/// Number 255. Manual page: [epoll_ctl(2)](https://man7.org/linux/man-pages/man2/epoll_ctl.2.html).
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn epoll_ctl(epfd: c_int, op: c_int, fd: c_int, event: *mut epoll_event) -> Result<usize> {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call4::<255>(epfd, op, fd, event) }.number()
}

/// `long sys_ia32_fadvise64_64(int fd, loff_t offset, loff_t len, int advice)`
///
/// Number 272. Manual page: [fadvise64_64(2)](https://man7.org/linux/man-pages/man2/fadvise64_64.2.html).
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn fadvise64_64(fd: c_int, offset: i64, len: i64, advice: c_int) -> Result<usize> {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call6::<272>(fd, offset as u32, (offset >> 32) as u32, len as u32, (len >> 32) as u32, advice) }.number()
}

/// `long sys_ia32_fallocate(int fd, int mode, loff_t offset, loff_t len)`
///
/// Number 324. Manual page: [fallocate(2)](https://man7.org/linux/man-pages/man2/fallocate.2.html).
///
/// # Safety
///
/// See [the module](self#safety).
#[inline]
pub unsafe fn fallocate(fd: c_int, mode: c_int, offset: i64, len: i64) -> Result<usize> {
    // SAFETY: the caller's, see the module.
    unsafe { arch::call6::<324>(fd, mode, offset as u32, (offset >> 32) as u32, len as u32, (len >> 32) as u32) }.number()
}

/// Takes a connection from a listening socket's queue; returns its descriptor and the peer's address.
///
/// [accept(2)](https://man7.org/linux/man-pages/man2/accept.2.html)
///
/// `long sys_accept4(int fd, struct sockaddr *upeer_sockaddr, int *upeer_addrlen, int flags)`
///
/// On this ABI it is [`raw::accept4`]`(sockfd, addr, addrlen, 0)`.
///
/// # Errors
///
/// [`EAGAIN`](Errno::EAGAIN), [`ECONNABORTED`](Errno::ECONNABORTED), [`EINTR`](Errno::EINTR), [`EINVAL`](Errno::EINVAL), [`EMFILE`](Errno::EMFILE), [`ENOTSOCK`](Errno::ENOTSOCK), [`EOPNOTSUPP`](Errno::EOPNOTSUPP), [`EPERM`](Errno::EPERM).
#[inline]
pub fn accept(sockfd: impl AsFd) -> Result<(OwnedFd, SockAddr)> {
    let mut addr = SockAddr::empty();
    let mut addrlen = SockAddr::MAX as i32;
    // SAFETY: tables/contracts.tbl has what the kernel does with each argument.
    let ret = match unsafe { raw::accept4(fd_of(&sockfd) as c_int, addr.as_mut_ptr().cast(), (&raw mut addrlen).cast(), 0) } {
        Ok(ret) => ret,
        Err(error) => return Err(error),
    };
    // SAFETY: the call has succeeded, so the kernel has written what it returns.
    Ok(unsafe { (OwnedFd::from_raw_fd(ret as RawFd), addr.with_len(addrlen as usize)) })
}

/// Closes a descriptor, which is gone even when an error is reported.
///
/// [close(2)](https://man7.org/linux/man-pages/man2/close.2.html)
///
/// `long sys_close(unsigned int fd)`
///
/// Unsafe twin: [`raw::close`].
///
/// # Errors
///
/// [`EBADF`](Errno::EBADF), [`EDQUOT`](Errno::EDQUOT), [`EINTR`](Errno::EINTR), [`EIO`](Errno::EIO), [`ENOSPC`](Errno::ENOSPC).
#[inline]
pub fn close(fd: OwnedFd) -> Result<()> {
    // SAFETY: tables/contracts.tbl has what the kernel does with each argument.
    done(unsafe { raw::close(fd.into_raw_fd() as c_uint) })
}

/// Waits for events of an epoll instance, some milliseconds (-1: no limit), and returns those it got.
///
/// [epoll_wait(2)](https://man7.org/linux/man-pages/man2/epoll_wait.2.html)
///
/// `long sys_epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout)`
///
/// Unsafe twin: [`raw::epoll_wait`].
///
/// # Errors
///
/// [`EBADF`](Errno::EBADF), [`EINTR`](Errno::EINTR), [`EINVAL`](Errno::EINVAL).
#[inline]
pub fn epoll_wait<B: Buffer<uapi::epoll_event>>(epfd: impl AsFd, events: B, timeout: i32) -> Result<B::Output> {
    let mut events = events;
    let (events_pointer, events_length) = events.parts();
    // SAFETY: tables/contracts.tbl has what the kernel does with each argument.
    let ret = match unsafe { raw::epoll_wait(fd_of(&epfd) as c_int, events_pointer.cast(), events_length as i32 as c_int, timeout as c_int) } {
        Ok(ret) => ret,
        Err(error) => return Err(error),
    };
    // SAFETY: the call has succeeded, so the kernel has written what it returns.
    Ok(unsafe { events.filled(ret) })
}

/// Sleeps while the word at `uaddr` has the value `val`, until somebody wakes it or the time is over.
///
/// [futex(2)](https://man7.org/linux/man-pages/man2/futex.2.html)
///
/// `long sys_futex(__u32 *uaddr, int op, __u32 val, const struct __kernel_timespec *utime, __u32 *uaddr2, __u32 val3)`
///
/// On this ABI it is [`raw::futex_time64`].
///
/// # Errors
///
/// [`EAGAIN`](Errno::EAGAIN), [`EINTR`](Errno::EINTR), [`EINVAL`](Errno::EINVAL), [`ETIMEDOUT`](Errno::ETIMEDOUT).
#[inline]
pub fn wait(uaddr: &AtomicU32, op: consts::Futex, val: u32, timeout: Option<&timespec>) -> Result<()> {
    // SAFETY: tables/contracts.tbl has what the kernel does with each argument.
    done(unsafe { raw::futex_time64(uaddr.as_ptr().cast(), ((op.bits() & (0x80 | 0x100) as i32) | 0x0 as i32) as c_int, val as u32, const_or_null(timeout).cast(), ptr::null_mut(), 0) })
}

/// Returns the number of the calling process.
///
/// [getpid(2)](https://man7.org/linux/man-pages/man2/getpid.2.html)
///
/// `long sys_getpid(void)`
///
/// Unsafe twin: [`raw::getpid`].
#[inline]
pub fn getpid() -> Pid {
    // SAFETY: tables/contracts.tbl has what the kernel does with each argument.
    let ret = unsafe { arch::call0::<20>() }.value();
    // SAFETY: zeros are a value, and so is what the kernel writes.
    Pid::from_raw(ret as i32)
}

/// Moves the offset of an open file, and returns where it is now.
///
/// [lseek(2)](https://man7.org/linux/man-pages/man2/lseek.2.html)
///
/// `long sys_llseek(unsigned int fd, unsigned long offset_high, unsigned long offset_low, loff_t *result, unsigned int whence)`
///
/// On this ABI it is [`raw::_llseek`], adapted.
///
/// # Errors
///
/// [`EBADF`](Errno::EBADF), [`EINVAL`](Errno::EINVAL), [`ENXIO`](Errno::ENXIO), [`EOVERFLOW`](Errno::EOVERFLOW), [`ESPIPE`](Errno::ESPIPE).
#[inline]
pub fn lseek(fd: impl AsFd, offset: i64, whence: consts::Seek) -> Result<u64> {
    compat::lseek_llseek2(fd, offset, whence)
}

/// Removes the mappings of a range of memory.
///
/// [munmap(2)](https://man7.org/linux/man-pages/man2/munmap.2.html)
///
/// `long sys_munmap(unsigned long addr, size_t len)`
///
/// Unsafe twin: [`raw::munmap`].
///
/// # Errors
///
/// [`EINVAL`](Errno::EINVAL), [`ENOMEM`](Errno::ENOMEM).
///
/// # Safety
///
/// Memory in use goes, and other memory may take its place.
#[inline]
pub unsafe fn munmap(addr: *mut c_void, length: usize) -> Result<()> {
    // SAFETY: tables/contracts.tbl has what the kernel does with each argument.
    done(unsafe { raw::munmap(addr, length as usize) })
}

/// Opens a file, or makes it, and returns its descriptor.
///
/// [open(2)](https://man7.org/linux/man-pages/man2/open.2.html)
///
/// `long sys_open(const char *filename, int flags, umode_t mode)`
///
/// Unsafe twin: [`raw::open`].
///
/// # Errors
///
/// [`ENOENT`](Errno::ENOENT), [`EACCES`](Errno::EACCES), [`EEXIST`](Errno::EEXIST), [`EISDIR`](Errno::EISDIR), [`ENOTDIR`](Errno::ENOTDIR), [`ELOOP`](Errno::ELOOP), [`EMFILE`](Errno::EMFILE), [`ENOSPC`](Errno::ENOSPC).
#[inline]
pub fn open(path: &CStr, flags: consts::O, mode: consts::Mode) -> Result<OwnedFd> {
    // SAFETY: tables/contracts.tbl has what the kernel does with each argument.
    let ret = match unsafe { raw::open(path.as_ptr().cast(), (flags.bits() | 0x8000 as i32) as c_int, mode.bits() as c_ushort) } {
        Ok(ret) => ret,
        Err(error) => return Err(error),
    };
    // SAFETY: the call has succeeded, so the kernel has written what it returns.
    Ok(unsafe { OwnedFd::from_raw_fd(ret as RawFd) })
}

/// Opens a file, relative to a directory's descriptor unless the path is absolute.
///
/// [openat(2)](https://man7.org/linux/man-pages/man2/openat.2.html)
///
/// `long sys_openat(int dfd, const char *filename, int flags, umode_t mode)`
///
/// Unsafe twin: [`raw::openat`].
///
/// Since Linux 2.6.16.
///
/// # Errors
///
/// [`ENOENT`](Errno::ENOENT), [`EACCES`](Errno::EACCES), [`EEXIST`](Errno::EEXIST), [`EISDIR`](Errno::EISDIR), [`ENOTDIR`](Errno::ENOTDIR), [`ELOOP`](Errno::ELOOP), [`EMFILE`](Errno::EMFILE), [`EBADF`](Errno::EBADF).
#[inline]
pub fn openat(dirfd: impl AsFd, path: &CStr, flags: consts::O, mode: consts::Mode) -> Result<OwnedFd> {
    // SAFETY: tables/contracts.tbl has what the kernel does with each argument.
    let ret = match unsafe { raw::openat(fd_of(&dirfd) as c_int, path.as_ptr().cast(), (flags.bits() | 0x8000 as i32) as c_int, mode.bits() as c_ushort) } {
        Ok(ret) => ret,
        Err(error) => return Err(error),
    };
    // SAFETY: the call has succeeded, so the kernel has written what it returns.
    Ok(unsafe { OwnedFd::from_raw_fd(ret as RawFd) })
}

/// Makes a pipe with flags, and returns the end to read from, then the end to write to.
///
/// [pipe2(2)](https://man7.org/linux/man-pages/man2/pipe2.2.html)
///
/// `long sys_pipe2(int *fildes, int flags)`
///
/// Unsafe twin: [`raw::pipe2`].
///
/// Since Linux 2.6.27.
///
/// # Errors
///
/// [`EMFILE`](Errno::EMFILE), [`ENFILE`](Errno::ENFILE), [`EINVAL`](Errno::EINVAL).
#[inline]
pub fn pipe2(flags: consts::O) -> Result<[OwnedFd; 2]> {
    let mut pipefd = MaybeUninit::<[OwnedFd; 2]>::uninit();
    // SAFETY: tables/contracts.tbl has what the kernel does with each argument.
    if let Err(error) = unsafe { raw::pipe2(pipefd.as_mut_ptr().cast(), flags.bits() as c_int) } {
        return Err(error);
    }
    // SAFETY: the call has succeeded, so the kernel has written what it returns.
    Ok(unsafe { pipefd.assume_init() })
}

/// Reads from a place in a file into several buffers, and returns the count of bytes.
///
/// [preadv(2)](https://man7.org/linux/man-pages/man2/preadv.2.html)
///
/// `long sys_preadv(unsigned long fd, const struct iovec *vec, unsigned long vlen, unsigned long pos_l, unsigned long pos_h)`
///
/// Unsafe twin: [`raw::preadv`].
///
/// Since Linux 2.6.30.
///
/// # Errors
///
/// [`EBADF`](Errno::EBADF), [`EINVAL`](Errno::EINVAL), [`ESPIPE`](Errno::ESPIPE), [`EISDIR`](Errno::EISDIR), [`EINTR`](Errno::EINTR), [`EAGAIN`](Errno::EAGAIN).
#[inline]
pub fn preadv(fd: impl AsFd, iov: &mut [IoSliceMut<'_>], offset: u64) -> Result<usize> {
    // SAFETY: tables/contracts.tbl has what the kernel does with each argument.
    unsafe { raw::preadv(fd_of(&fd) as c_ulong, iov.as_ptr().cast(), iov.len() as usize as c_ulong, (offset >> 0) as usize as c_ulong, (offset >> 32) as usize as c_ulong) }
}

/// Reads from a descriptor into a buffer, and returns what it has filled.
///
/// [read(2)](https://man7.org/linux/man-pages/man2/read.2.html)
///
/// `long sys_read(unsigned int fd, char *buf, size_t count)`
///
/// Unsafe twin: [`raw::read`].
///
/// # Errors
///
/// [`EAGAIN`](Errno::EAGAIN), [`EBADF`](Errno::EBADF), [`EINTR`](Errno::EINTR), [`EINVAL`](Errno::EINVAL), [`EIO`](Errno::EIO), [`EISDIR`](Errno::EISDIR).
#[inline]
pub fn read<B: Buffer<u8>>(fd: impl AsFd, buf: B) -> Result<B::Output> {
    let mut buf = buf;
    let (buf_pointer, buf_length) = buf.parts();
    // SAFETY: tables/contracts.tbl has what the kernel does with each argument.
    let ret = match unsafe { raw::read(fd_of(&fd) as c_uint, buf_pointer.cast(), buf_length as usize) } {
        Ok(ret) => ret,
        Err(error) => return Err(error),
    };
    // SAFETY: the call has succeeded, so the kernel has written what it returns.
    Ok(unsafe { buf.filled(ret) })
}

/// Waits for a child to end, stop or go on; returns which, if any, its status, and fills `rusage`.
///
/// [wait4(2)](https://man7.org/linux/man-pages/man2/wait4.2.html)
///
/// `long sys_wait4(pid_t upid, int *stat_addr, int options, struct rusage *ru)`
///
/// Unsafe twin: [`raw::wait4`].
///
/// # Errors
///
/// [`ECHILD`](Errno::ECHILD), [`EINTR`](Errno::EINTR), [`EINVAL`](Errno::EINVAL).
#[inline]
pub fn wait4(pid: WaitPid, options: consts::Wait, rusage: Option<&mut uapi::rusage>) -> Result<Option<(Pid, WaitStatus)>> {
    let mut wstatus = MaybeUninit::<WaitStatus>::zeroed();
    // SAFETY: tables/contracts.tbl has what the kernel does with each argument.
    let ret = match unsafe { raw::wait4(pid.as_raw() as c_int, wstatus.as_mut_ptr().cast(), options.bits() as c_int, mut_or_null(rusage).cast()) } {
        Ok(ret) => ret,
        Err(error) => return Err(error),
    };
    // SAFETY: the call has succeeded, so the kernel has written what it returns.
    Ok(if ret == 0 { None } else { Some(unsafe { (Pid::from_raw(ret as i32), wstatus.assume_init()) }) })
}

/// Writes a buffer to a descriptor, and returns how many bytes it took.
///
/// [write(2)](https://man7.org/linux/man-pages/man2/write.2.html)
///
/// `long sys_write(unsigned int fd, const char *buf, size_t count)`
///
/// Unsafe twin: [`raw::write`].
///
/// # Errors
///
/// [`EAGAIN`](Errno::EAGAIN), [`EBADF`](Errno::EBADF), [`EFBIG`](Errno::EFBIG), [`EINTR`](Errno::EINTR), [`EINVAL`](Errno::EINVAL), [`EIO`](Errno::EIO), [`ENOSPC`](Errno::ENOSPC), [`EPIPE`](Errno::EPIPE).
#[inline]
pub fn write(fd: impl AsFd, buf: &[u8]) -> Result<usize> {
    // SAFETY: tables/contracts.tbl has what the kernel does with each argument.
    unsafe { raw::write(fd_of(&fd) as c_uint, buf.as_ptr().cast(), buf.len() as usize) }
}

/// `struct epoll_event`, 12 bytes.
#[repr(C)]
pub struct epoll_event {
    /// At offset 0.
    pub events: c_uint,
    /// At offset 4.
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
    pub const fn disabled(&self) -> u64 { self.bits_40 >> 0 & 0x1 }
    /// Sets the bit field `disabled` to the low bits of the value.
    #[inline]
    pub const fn set_disabled(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 0) | (value & 0x1) << 0; }
    /// The bit field `inherit`, 1 bits.
    #[inline]
    pub const fn inherit(&self) -> u64 { self.bits_40 >> 1 & 0x1 }
    /// Sets the bit field `inherit` to the low bits of the value.
    #[inline]
    pub const fn set_inherit(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 1) | (value & 0x1) << 1; }
    /// The bit field `pinned`, 1 bits.
    #[inline]
    pub const fn pinned(&self) -> u64 { self.bits_40 >> 2 & 0x1 }
    /// Sets the bit field `pinned` to the low bits of the value.
    #[inline]
    pub const fn set_pinned(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 2) | (value & 0x1) << 2; }
    /// The bit field `exclusive`, 1 bits.
    #[inline]
    pub const fn exclusive(&self) -> u64 { self.bits_40 >> 3 & 0x1 }
    /// Sets the bit field `exclusive` to the low bits of the value.
    #[inline]
    pub const fn set_exclusive(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 3) | (value & 0x1) << 3; }
    /// The bit field `exclude_user`, 1 bits.
    #[inline]
    pub const fn exclude_user(&self) -> u64 { self.bits_40 >> 4 & 0x1 }
    /// Sets the bit field `exclude_user` to the low bits of the value.
    #[inline]
    pub const fn set_exclude_user(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 4) | (value & 0x1) << 4; }
    /// The bit field `exclude_kernel`, 1 bits.
    #[inline]
    pub const fn exclude_kernel(&self) -> u64 { self.bits_40 >> 5 & 0x1 }
    /// Sets the bit field `exclude_kernel` to the low bits of the value.
    #[inline]
    pub const fn set_exclude_kernel(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 5) | (value & 0x1) << 5; }
    /// The bit field `exclude_hv`, 1 bits.
    #[inline]
    pub const fn exclude_hv(&self) -> u64 { self.bits_40 >> 6 & 0x1 }
    /// Sets the bit field `exclude_hv` to the low bits of the value.
    #[inline]
    pub const fn set_exclude_hv(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 6) | (value & 0x1) << 6; }
    /// The bit field `exclude_idle`, 1 bits.
    #[inline]
    pub const fn exclude_idle(&self) -> u64 { self.bits_40 >> 7 & 0x1 }
    /// Sets the bit field `exclude_idle` to the low bits of the value.
    #[inline]
    pub const fn set_exclude_idle(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 7) | (value & 0x1) << 7; }
    /// The bit field `mmap`, 1 bits.
    #[inline]
    pub const fn mmap(&self) -> u64 { self.bits_40 >> 8 & 0x1 }
    /// Sets the bit field `mmap` to the low bits of the value.
    #[inline]
    pub const fn set_mmap(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 8) | (value & 0x1) << 8; }
    /// The bit field `comm`, 1 bits.
    #[inline]
    pub const fn comm(&self) -> u64 { self.bits_40 >> 9 & 0x1 }
    /// Sets the bit field `comm` to the low bits of the value.
    #[inline]
    pub const fn set_comm(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 9) | (value & 0x1) << 9; }
    /// The bit field `freq`, 1 bits.
    #[inline]
    pub const fn freq(&self) -> u64 { self.bits_40 >> 10 & 0x1 }
    /// Sets the bit field `freq` to the low bits of the value.
    #[inline]
    pub const fn set_freq(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 10) | (value & 0x1) << 10; }
    /// The bit field `inherit_stat`, 1 bits.
    #[inline]
    pub const fn inherit_stat(&self) -> u64 { self.bits_40 >> 11 & 0x1 }
    /// Sets the bit field `inherit_stat` to the low bits of the value.
    #[inline]
    pub const fn set_inherit_stat(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 11) | (value & 0x1) << 11; }
    /// The bit field `enable_on_exec`, 1 bits.
    #[inline]
    pub const fn enable_on_exec(&self) -> u64 { self.bits_40 >> 12 & 0x1 }
    /// Sets the bit field `enable_on_exec` to the low bits of the value.
    #[inline]
    pub const fn set_enable_on_exec(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 12) | (value & 0x1) << 12; }
    /// The bit field `task`, 1 bits.
    #[inline]
    pub const fn task(&self) -> u64 { self.bits_40 >> 13 & 0x1 }
    /// Sets the bit field `task` to the low bits of the value.
    #[inline]
    pub const fn set_task(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 13) | (value & 0x1) << 13; }
    /// The bit field `watermark`, 1 bits.
    #[inline]
    pub const fn watermark(&self) -> u64 { self.bits_40 >> 14 & 0x1 }
    /// Sets the bit field `watermark` to the low bits of the value.
    #[inline]
    pub const fn set_watermark(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 14) | (value & 0x1) << 14; }
    /// The bit field `precise_ip`, 2 bits.
    #[inline]
    pub const fn precise_ip(&self) -> u64 { self.bits_40 >> 15 & 0x3 }
    /// Sets the bit field `precise_ip` to the low bits of the value.
    #[inline]
    pub const fn set_precise_ip(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x3 << 15) | (value & 0x3) << 15; }
    /// The bit field `mmap_data`, 1 bits.
    #[inline]
    pub const fn mmap_data(&self) -> u64 { self.bits_40 >> 17 & 0x1 }
    /// Sets the bit field `mmap_data` to the low bits of the value.
    #[inline]
    pub const fn set_mmap_data(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 17) | (value & 0x1) << 17; }
    /// The bit field `sample_id_all`, 1 bits.
    #[inline]
    pub const fn sample_id_all(&self) -> u64 { self.bits_40 >> 18 & 0x1 }
    /// Sets the bit field `sample_id_all` to the low bits of the value.
    #[inline]
    pub const fn set_sample_id_all(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 18) | (value & 0x1) << 18; }
    /// The bit field `exclude_host`, 1 bits.
    #[inline]
    pub const fn exclude_host(&self) -> u64 { self.bits_40 >> 19 & 0x1 }
    /// Sets the bit field `exclude_host` to the low bits of the value.
    #[inline]
    pub const fn set_exclude_host(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 19) | (value & 0x1) << 19; }
    /// The bit field `exclude_guest`, 1 bits.
    #[inline]
    pub const fn exclude_guest(&self) -> u64 { self.bits_40 >> 20 & 0x1 }
    /// Sets the bit field `exclude_guest` to the low bits of the value.
    #[inline]
    pub const fn set_exclude_guest(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 20) | (value & 0x1) << 20; }
    /// The bit field `exclude_callchain_kernel`, 1 bits.
    #[inline]
    pub const fn exclude_callchain_kernel(&self) -> u64 { self.bits_40 >> 21 & 0x1 }
    /// Sets the bit field `exclude_callchain_kernel` to the low bits of the value.
    #[inline]
    pub const fn set_exclude_callchain_kernel(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 21) | (value & 0x1) << 21; }
    /// The bit field `exclude_callchain_user`, 1 bits.
    #[inline]
    pub const fn exclude_callchain_user(&self) -> u64 { self.bits_40 >> 22 & 0x1 }
    /// Sets the bit field `exclude_callchain_user` to the low bits of the value.
    #[inline]
    pub const fn set_exclude_callchain_user(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 22) | (value & 0x1) << 22; }
    /// The bit field `mmap2`, 1 bits.
    #[inline]
    pub const fn mmap2(&self) -> u64 { self.bits_40 >> 23 & 0x1 }
    /// Sets the bit field `mmap2` to the low bits of the value.
    #[inline]
    pub const fn set_mmap2(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 23) | (value & 0x1) << 23; }
    /// The bit field `comm_exec`, 1 bits.
    #[inline]
    pub const fn comm_exec(&self) -> u64 { self.bits_40 >> 24 & 0x1 }
    /// Sets the bit field `comm_exec` to the low bits of the value.
    #[inline]
    pub const fn set_comm_exec(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 24) | (value & 0x1) << 24; }
    /// The bit field `use_clockid`, 1 bits.
    #[inline]
    pub const fn use_clockid(&self) -> u64 { self.bits_40 >> 25 & 0x1 }
    /// Sets the bit field `use_clockid` to the low bits of the value.
    #[inline]
    pub const fn set_use_clockid(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 25) | (value & 0x1) << 25; }
    /// The bit field `context_switch`, 1 bits.
    #[inline]
    pub const fn context_switch(&self) -> u64 { self.bits_40 >> 26 & 0x1 }
    /// Sets the bit field `context_switch` to the low bits of the value.
    #[inline]
    pub const fn set_context_switch(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 26) | (value & 0x1) << 26; }
    /// The bit field `write_backward`, 1 bits.
    #[inline]
    pub const fn write_backward(&self) -> u64 { self.bits_40 >> 27 & 0x1 }
    /// Sets the bit field `write_backward` to the low bits of the value.
    #[inline]
    pub const fn set_write_backward(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 27) | (value & 0x1) << 27; }
    /// The bit field `namespaces`, 1 bits.
    #[inline]
    pub const fn namespaces(&self) -> u64 { self.bits_40 >> 28 & 0x1 }
    /// Sets the bit field `namespaces` to the low bits of the value.
    #[inline]
    pub const fn set_namespaces(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 28) | (value & 0x1) << 28; }
    /// The bit field `ksymbol`, 1 bits.
    #[inline]
    pub const fn ksymbol(&self) -> u64 { self.bits_40 >> 29 & 0x1 }
    /// Sets the bit field `ksymbol` to the low bits of the value.
    #[inline]
    pub const fn set_ksymbol(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 29) | (value & 0x1) << 29; }
    /// The bit field `bpf_event`, 1 bits.
    #[inline]
    pub const fn bpf_event(&self) -> u64 { self.bits_40 >> 30 & 0x1 }
    /// Sets the bit field `bpf_event` to the low bits of the value.
    #[inline]
    pub const fn set_bpf_event(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 30) | (value & 0x1) << 30; }
    /// The bit field `aux_output`, 1 bits.
    #[inline]
    pub const fn aux_output(&self) -> u64 { self.bits_40 >> 31 & 0x1 }
    /// Sets the bit field `aux_output` to the low bits of the value.
    #[inline]
    pub const fn set_aux_output(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 31) | (value & 0x1) << 31; }
    /// The bit field `cgroup`, 1 bits.
    #[inline]
    pub const fn cgroup(&self) -> u64 { self.bits_40 >> 32 & 0x1 }
    /// Sets the bit field `cgroup` to the low bits of the value.
    #[inline]
    pub const fn set_cgroup(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 32) | (value & 0x1) << 32; }
    /// The bit field `text_poke`, 1 bits.
    #[inline]
    pub const fn text_poke(&self) -> u64 { self.bits_40 >> 33 & 0x1 }
    /// Sets the bit field `text_poke` to the low bits of the value.
    #[inline]
    pub const fn set_text_poke(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 33) | (value & 0x1) << 33; }
    /// The bit field `build_id`, 1 bits.
    #[inline]
    pub const fn build_id(&self) -> u64 { self.bits_40 >> 34 & 0x1 }
    /// Sets the bit field `build_id` to the low bits of the value.
    #[inline]
    pub const fn set_build_id(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 34) | (value & 0x1) << 34; }
    /// The bit field `inherit_thread`, 1 bits.
    #[inline]
    pub const fn inherit_thread(&self) -> u64 { self.bits_40 >> 35 & 0x1 }
    /// Sets the bit field `inherit_thread` to the low bits of the value.
    #[inline]
    pub const fn set_inherit_thread(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 35) | (value & 0x1) << 35; }
    /// The bit field `remove_on_exec`, 1 bits.
    #[inline]
    pub const fn remove_on_exec(&self) -> u64 { self.bits_40 >> 36 & 0x1 }
    /// Sets the bit field `remove_on_exec` to the low bits of the value.
    #[inline]
    pub const fn set_remove_on_exec(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 36) | (value & 0x1) << 36; }
    /// The bit field `sigtrap`, 1 bits.
    #[inline]
    pub const fn sigtrap(&self) -> u64 { self.bits_40 >> 37 & 0x1 }
    /// Sets the bit field `sigtrap` to the low bits of the value.
    #[inline]
    pub const fn set_sigtrap(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 37) | (value & 0x1) << 37; }
    /// The bit field `defer_callchain`, 1 bits.
    #[inline]
    pub const fn defer_callchain(&self) -> u64 { self.bits_40 >> 38 & 0x1 }
    /// Sets the bit field `defer_callchain` to the low bits of the value.
    #[inline]
    pub const fn set_defer_callchain(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 38) | (value & 0x1) << 38; }
    /// The bit field `defer_output`, 1 bits.
    #[inline]
    pub const fn defer_output(&self) -> u64 { self.bits_40 >> 39 & 0x1 }
    /// Sets the bit field `defer_output` to the low bits of the value.
    #[inline]
    pub const fn set_defer_output(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0x1 << 39) | (value & 0x1) << 39; }
    /// The bit field `__reserved_1`, 24 bits.
    #[inline]
    pub const fn __reserved_1(&self) -> u64 { self.bits_40 >> 40 & 0xffffff }
    /// Sets the bit field `__reserved_1` to the low bits of the value.
    #[inline]
    pub const fn set___reserved_1(&mut self, value: u64) { self.bits_40 = self.bits_40 & !(0xffffff << 40) | (value & 0xffffff) << 40; }
}

/// `struct sigaction`, 20 bytes.
#[repr(C)]
pub struct sigaction {
    /// At offset 0.
    pub sa_handler: Option<unsafe extern "C" fn(c_int)>,
    /// At offset 4.
    pub sa_flags: c_ulong,
    /// At offset 8.
    pub sa_restorer: Option<unsafe extern "C" fn()>,
    /// At offset 12.
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
    | size_of::<c_longlong>() ^ 8 | align_of::<c_longlong>() ^ 4
    | size_of::<c_ulonglong>() ^ 8 | align_of::<c_ulonglong>() ^ 4
    | size_of::<f64>() ^ 8 | align_of::<f64>() ^ 4) == 0);
static_assertions::const_assert!((size_of::<u8>() ^ 1 | align_of::<u8>() ^ 1
    | size_of::<u16>() ^ 2 | align_of::<u16>() ^ 2
    | size_of::<u32>() ^ 4 | align_of::<u32>() ^ 4
    | size_of::<u64>() ^ 8 | align_of::<u64>() ^ 4
    | size_of::<i8>() ^ 1 | align_of::<i8>() ^ 1
    | size_of::<i16>() ^ 2 | align_of::<i16>() ^ 2
    | size_of::<i32>() ^ 4 | align_of::<i32>() ^ 4
    | size_of::<i64>() ^ 8 | align_of::<i64>() ^ 4
    | size_of::<usize>() ^ 4 | align_of::<usize>() ^ 4
    | size_of::<isize>() ^ 4 | align_of::<isize>() ^ 4
    | size_of::<*const c_void>() ^ 4 | align_of::<*const c_void>() ^ 4
    | size_of::<epoll_event>() ^ 12 | align_of::<epoll_event>() ^ 4) == 0);
static_assertions::const_assert!((size_of::<perf_event_attr>() ^ 144 | align_of::<perf_event_attr>() ^ 4
    | size_of::<sigaction>() ^ 20 | align_of::<sigaction>() ^ 4) == 0);
static_assertions::const_assert!(offset_of!(epoll_event, events) == 0);
static_assertions::const_assert!(offset_of!(epoll_event, data) == 4);
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
static_assertions::const_assert!(offset_of!(sigaction, sa_handler) == 0);
static_assertions::const_assert!(offset_of!(sigaction, sa_flags) == 4);
static_assertions::const_assert!(offset_of!(sigaction, sa_restorer) == 8);
static_assertions::const_assert!(offset_of!(sigaction, sa_mask) == 12);
