//! The child: what confines it, and the program that it becomes.

use crate::{
    filter::{Filter, Launch, Rules},
    names::{FOREIGN, NATIVE},
    options::Options,
};
use core::ffi::CStr;
use ring3::{
    AsFd, Env, Errno, OwnedFd, Result, Sysno,
    consts::{Grnd, LandlockRestrictSelf, SeccompFilterFlag},
    sys, syscall,
    uapi::sock_fprog,
};

/// Where programs are looked for if the environment has no PATH.
const PATH: &CStr = c"/usr/local/bin:/usr/bin:/bin";

/// Confines this process and becomes the program. Comes back only if the process cannot be confined; if the program cannot be run, the process ends with the error's
/// number, for by then it may not even be allowed to write.
pub fn confine(options: &Options, paths: Option<&OwnedFd>, env: Env) -> Errno {
    let launch = match prepare(options, paths) {
        Ok(launch) => launch,
        Err(error) => return error,
    };
    let Launch { calls: [execve, exit_group], secret: [one, two, three] } = launch;
    let error = look_for(options.program, env, |file| {
        let (argv, envp) = (options.argv.as_ptr(), env.vars().list().as_ptr());
        // SAFETY: the strings and the lists end in null. The kernel does not look at the rest, the filter does.
        let ran = unsafe { syscall!(Sysno::new(execve), file.as_ptr(), argv, envp, one, two, three) };
        ran.err().unwrap_or(Errno::EINVAL)
    });
    // SAFETY: ends the process.
    let _ = unsafe { syscall!(Sysno::new(exit_group), i32::from(error.number()), 0, 0, one, two, three) };
    error
}

fn prepare(options: &Options, paths: Option<&OwnedFd>) -> Result<Launch> {
    let mut secret = [0_u8; 3 * size_of::<usize>()];
    sys::getrandom(&mut secret[..], Grnd::empty())?;
    let (words, _) = secret.as_chunks::<{ size_of::<usize>() }>();
    let launch = Launch {
        calls: [Sysno::EXECVE.number(), Sysno::EXIT_GROUP.number()],
        secret: [0, 1, 2].map(|index| usize::from_ne_bytes(words[index])),
    };
    if paths.is_some() || options.allow.is_some() {
        sys::prctl::set_no_new_privs()?;
    }
    if let Some(rules) = paths {
        sys::landlock_restrict_self(Some(rules.as_fd()), LandlockRestrictSelf::empty())?;
    }
    if let Some(numbers) = &options.allow {
        let rules = Rules {
            allowed: numbers.as_slice(),
            audit_arch: NATIVE.audit_arch(),
            foreign: FOREIGN,
            deny: options.deny,
            launch,
        };
        let mut filter = Filter::new(&rules).map_err(|_| Errno::E2BIG)?;
        let code = filter.code();
        let program = sock_fprog { len: code.len() as _, filter: code.as_mut_ptr() };
        // SAFETY: the kernel copies the instructions, of which there are as many. What is refused from here on ends the process, or is an error like any other.
        unsafe { sys::seccomp::set_mode_filter(SeccompFilterFlag::empty(), &program)? };
    }
    Ok(launch)
}

/// Tries a program's path, or its name in all directories of PATH; gives the error.
fn look_for(name: &CStr, env: Env, mut execute: impl FnMut(&CStr) -> Errno) -> Errno {
    let word = name.to_bytes_with_nul();
    if word.contains(&b'/') {
        return execute(name);
    }
    let mut error = Errno::ENOENT;
    for directory in env.var("PATH").unwrap_or(PATH).to_bytes().split(|&byte| byte == b':') {
        let mut file = [0; 4096];
        for (to, &byte) in file.iter_mut().zip(directory.iter().chain(b"/").chain(word)) {
            *to = byte;
        }
        let Ok(file) = CStr::from_bytes_until_nul(&file) else { continue };
        match execute(file) {
            Errno::ENOENT | Errno::ENOTDIR => {}
            other => error = other,
        }
    }
    error
}
