//! The tracees of the beginning: a program of ours, and processes that run already.

use alloc::{format, vec::Vec};
use core::ffi::CStr;
use ring3::{
    AT_FDCWD, CStrPtr, CStrs, Env, Errno, Pid, Result,
    consts::{Access, Mode, O, PtraceO},
    retry, sys,
};

/// What stops a tracee besides calls and signals.
pub fn options(follow: bool) -> PtraceO {
    let own = PtraceO::TRACESYSGOOD | PtraceO::TRACEEXEC | PtraceO::TRACEEXIT;
    let children = PtraceO::TRACEFORK | PtraceO::TRACEVFORK | PtraceO::TRACECLONE;
    if follow { own | children } else { own }
}

/// Where a program is: by `PATH`, unless its name has a slash.
pub fn find(env: Env, name: &CStr) -> Result<Vec<u8>> {
    if name.to_bytes().contains(&b'/') {
        sys::faccessat(AT_FDCWD, name, Access::X_OK)?;
        return Ok(name.to_bytes_with_nul().into());
    }
    let path = env.var("PATH").unwrap_or(c"/usr/local/bin:/usr/bin:/bin");
    for directory in path.to_bytes().split(|&byte| byte == b':').filter(|directory| !directory.is_empty()) {
        let mut file = Vec::from(directory);
        file.push(b'/');
        file.extend_from_slice(name.to_bytes_with_nul());
        let found = CStr::from_bytes_with_nul(&file).map_err(|_| Errno::ENOENT)?;
        if sys::faccessat(AT_FDCWD, found, Access::X_OK).is_ok() {
            return Ok(file);
        }
    }
    Err(Errno::ENOENT)
}

/// Starts a program under trace: it waits before its execve until the tracer is ready.
pub fn spawn(env: Env, path: &CStr, command: &[&'static CStr], follow: bool) -> Result<Pid> {
    let list = |strings: &mut dyn Iterator<Item = &'static CStr>| {
        let mut list: Vec<_> = strings.map(CStrPtr::new).collect();
        list.push(CStrPtr::END);
        list
    };
    let (argv, envp) = (list(&mut command.iter().copied()), list(&mut env.vars()));
    let (argv, envp) = (CStrs::new(&argv).ok_or(Errno::E2BIG)?, CStrs::new(&envp).ok_or(Errno::E2BIG)?);
    let [wait, go] = sys::pipe2(O::CLOEXEC)?;
    // SAFETY: the program has no other thread.
    let Some(pid) = (unsafe { sys::fork()? }) else {
        drop(go);
        let mut byte = [0_u8];
        let _ = retry(|| sys::read(&wait, &mut byte[..]).map(drop));
        let error = sys::execve(path, argv, envp);
        ring3::eprintln!("strace: exec: {error}");
        sys::exit_group(1);
    };
    drop(wait);
    sys::ptrace::seize(pid, options(follow) | PtraceO::EXITKILL)?;
    sys::ptrace::interrupt(pid)?;
    // The child goes on when this end is closed, and stops before that at the latest.
    drop(go);
    Ok(pid)
}

/// Begins to trace a process, and with `follow` its threads: which they are.
pub fn attach(pid: Pid, follow: bool) -> Result<Vec<Pid>> {
    let mut threads = Vec::new();
    if follow {
        threads = self::threads(pid)?;
    }
    if !threads.contains(&pid) {
        threads.insert(0, pid);
    }
    let mut attached = Vec::new();
    for thread in threads {
        match sys::ptrace::seize(thread, options(follow)).and_then(|()| sys::ptrace::interrupt(thread)) {
            Ok(()) => attached.push(thread),
            // It has ended meanwhile.
            Err(Errno::ESRCH) if thread != pid => {}
            Err(error) => return Err(error),
        }
    }
    Ok(attached)
}

/// The threads of a process, by what /proc says of them.
fn threads(pid: Pid) -> Result<Vec<Pid>> {
    let path = format!("/proc/{}/task\0", pid.as_raw());
    let path = CStr::from_bytes_with_nul(path.as_bytes()).map_err(|_| Errno::EINVAL)?;
    let directory = sys::openat(AT_FDCWD, path, O::RDONLY | O::DIRECTORY | O::CLOEXEC, Mode::empty())?;
    let mut found = Vec::new();
    let mut room = [0_u8; 4096];
    loop {
        let count = sys::getdents64(&directory, &mut room[..])?;
        if count == 0 {
            return Ok(found);
        }
        let mut rest = &room[..count];
        while let [_, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, low, high, _, ..] = rest {
            let length = usize::from(u16::from_ne_bytes([*low, *high]));
            let name = CStr::from_bytes_until_nul(&rest[19..]).map_or("", |name| name.to_str().unwrap_or(""));
            found.extend(name.parse().ok().and_then(Pid::new));
            rest = &rest[length.clamp(1, rest.len())..];
        }
    }
}
