//! The machine, the scheduler, and what the kernel lets a program do.

use crate::{
    constants::*,
    files::nowhere,
    portable,
    report::{Failure, Outcome, Run},
};
use core::ptr::{null, null_mut};
use ring3::{
    Errno,
    uapi::{new_utsname, sched_attr, sched_param, sysinfo},
};

checks! { "system":
    names, totals, processor, affinity, affinity_wrong, yield_processor, policies, policy_wrong, attributes, random, random_wrong,
    process_name, no_new_privileges, option_wrong, personality, capabilities (privileged), host_name (privileged),
    sandbox_version, filter_wrong, filters (privileged), programs (privileged), counters (privileged),
    modules (privileged), mounts (privileged), keys (privileged), rings (privileged), old_calls,
}

fn names(run: &Run) -> Outcome {
    // SAFETY: new_utsname is plain data.
    let mut names: new_utsname = unsafe { core::mem::zeroed() };
    same!(run, ok!(run, uname(&raw mut names)), 0);
    let text = |field: &[core::ffi::c_char; 65], expected: &str| {
        expected.bytes().zip(field).all(|(byte, &c)| byte as core::ffi::c_char == c)
    };
    holds!(run, text(&names.sysname, "Linux\0"));
    holds!(run, portable::MACHINES.iter().any(|machine| text(&names.machine, machine)));
    fails!(run, EFAULT, uname(nowhere()));
    Ok(())
}

fn totals(run: &Run) -> Outcome {
    // SAFETY: sysinfo is plain data.
    let mut info: sysinfo = unsafe { core::mem::zeroed() };
    same!(run, ok!(run, sysinfo(&raw mut info)), 0);
    holds!(run, info.uptime > 0 && info.totalram > 0 && info.procs > 0 && info.mem_unit > 0);
    fails!(run, EFAULT, sysinfo(nowhere()));
    Ok(())
}

fn processor(run: &Run) -> Outcome {
    let (mut cpu, mut node) = (u32::MAX, u32::MAX);
    same!(run, ok!(run, getcpu(&raw mut cpu, &raw mut node, null_mut())), 0);
    holds!(run, cpu < 1 << 16 && node < 1 << 16);
    Ok(())
}

fn affinity(run: &Run) -> Outcome {
    let mut mask = [0usize; 1024 / size_of::<usize>()];
    let len = ok!(run, sched_getaffinity(0, 1024, mask.as_mut_ptr().cast()));
    holds!(run, len > 0 && len % size_of::<usize>() == 0);
    holds!(run, mask.iter().any(|&word| word != 0));
    same!(run, ok!(run, sched_setaffinity(0, len as _, mask.as_mut_ptr().cast())), 0);
    Ok(())
}

fn affinity_wrong(run: &Run) -> Outcome {
    let mut mask = [0usize; 16];
    fails!(run, EINVAL, sched_getaffinity(0, 1, mask.as_mut_ptr().cast()));
    fails!(run, ESRCH, sched_getaffinity(i32::MAX, 128, mask.as_mut_ptr().cast()));
    fails!(run, EINVAL, sched_setaffinity(0, 128, mask.as_mut_ptr().cast()));
    Ok(())
}

fn yield_processor(run: &Run) -> Outcome {
    same!(run, ok!(run, sched_yield()), 0);
    Ok(())
}

fn policies(run: &Run) -> Outcome {
    same!(run, ok!(run, sched_getscheduler(0)), SCHED_OTHER as usize);
    same!(run, ok!(run, sched_get_priority_max(SCHED_FIFO)), 99);
    same!(run, ok!(run, sched_get_priority_min(SCHED_FIFO)), 1);
    same!(run, ok!(run, sched_get_priority_max(SCHED_OTHER)), 0);
    let mut param = sched_param { sched_priority: -1 };
    same!(run, ok!(run, sched_getparam(0, &raw mut param)), 0);
    same!(run, param.sched_priority, 0);
    Ok(())
}

fn policy_wrong(run: &Run) -> Outcome {
    let mut param = sched_param { sched_priority: 1 };
    fails!(run, EINVAL, sched_setscheduler(0, SCHED_OTHER, &raw mut param));
    fails!(run, EINVAL, sched_get_priority_max(99));
    fails!(run, EINVAL, sched_getparam(-1, &raw mut param));
    fails!(run, ESRCH, sched_getscheduler(i32::MAX));
    Ok(())
}

fn attributes(run: &Run) -> Outcome {
    // SAFETY: sched_attr is plain data.
    let mut attr: sched_attr = unsafe { core::mem::zeroed() };
    same!(run, ok!(run, sched_getattr(0, &raw mut attr, size_of::<sched_attr>() as _, 0)), 0);
    holds!(run, attr.size >= 48);
    same!(run, attr.sched_policy, SCHED_OTHER as u32);
    fails!(run, EINVAL, sched_getattr(0, &raw mut attr, 1, 0));
    Ok(())
}

fn random(run: &Run) -> Outcome {
    let mut bytes = [[0u8; 32]; 2];
    for bytes in &mut bytes {
        same!(run, ok!(run, getrandom(bytes.as_mut_ptr().cast(), 32, GRND_NONBLOCK)), 32);
    }
    holds!(run, bytes[0] != bytes[1] && bytes[0] != [0; 32]);
    same!(run, ok!(run, getrandom(bytes.as_mut_ptr().cast(), 0, 0)), 0);
    let mut one = [0u8; 2];
    same!(run, ok!(run, getrandom(one.as_mut_ptr().cast(), 1, 0)), 1);
    same!(run, one[1], 0);
    Ok(())
}

fn random_wrong(run: &Run) -> Outcome {
    let mut byte = 0u8;
    fails!(run, EINVAL, getrandom((&raw mut byte).cast(), 1, 1 << 20));
    fails!(run, EFAULT, getrandom(nowhere(), 1, 0));
    Ok(())
}

fn process_name(run: &Run) -> Outcome {
    let mut name = [0u8; 16];
    same!(run, ok!(run, prctl(PR_SET_NAME, c"conformance-test".as_ptr(), 0, 0, 0)), 0);
    same!(run, ok!(run, prctl(PR_GET_NAME, name.as_mut_ptr(), 0, 0, 0)), 0);
    // Fifteen bytes and a null.
    same!(run, &name, b"conformance-tes\0");
    Ok(())
}

fn no_new_privileges(run: &Run) -> Outcome {
    let code = crate::processes::in_child(run, || {
        same!(run, ok!(run, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)), 0);
        // Each of the five arguments is looked at.
        fails!(run, EINVAL, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 1));
        Ok(ok!(run, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)) as i32)
    })?;
    same!(run, code, 1);
    Ok(())
}

fn option_wrong(run: &Run) -> Outcome {
    fails!(run, EINVAL, prctl(9999, 0, 0, 0, 0));
    fails!(run, EFAULT, prctl(PR_SET_NAME, nowhere::<u8>(), 0, 0, 0));
    Ok(())
}

fn personality(run: &Run) -> Outcome {
    let now = ok!(run, personality(PERSONALITY_QUERY));
    same!(run, ok!(run, personality(now as _)), now);
    Ok(())
}

fn capabilities(run: &Run) -> Outcome {
    // Version 3 and this process; then what it has, wants and hands on, in two words each.
    let mut header = [0x2008_0522u32, 0];
    let mut data = [0u32; 6];
    same!(run, ok!(run, capget(header.as_mut_ptr().cast(), data.as_mut_ptr().cast())), 0);
    same!(run, ok!(run, capset(header.as_mut_ptr().cast(), data.as_mut_ptr().cast())), 0);
    header[0] = 1;
    fails!(run, EINVAL, capget(header.as_mut_ptr().cast(), data.as_mut_ptr().cast()));
    same!(run, header[0], 0x2008_0522);
    Ok(())
}

fn host_name(run: &Run) -> Outcome {
    fails!(run, EINVAL, sethostname(c"name".as_ptr().cast_mut(), -1));
    Ok(())
}

fn sandbox_version(run: &Run) -> Outcome {
    let version = call!(run, landlock_create_ruleset(null(), 0, LANDLOCK_CREATE_RULESET_VERSION));
    match version {
        Err(Errno::EOPNOTSUPP) => return Err(Failure::Lacks("landlock was turned off at boot")),
        Err(errno) => return Err(Failure::Refused("landlock_create_ruleset", errno)),
        Ok(version) => holds!(run, (1..1000).contains(&version)),
    }
    fails!(run, EINVAL, landlock_create_ruleset(null(), 0, 1 << 30));
    fails!(run, EBADF, landlock_add_rule(12345, 1, nowhere(), 0));
    Ok(())
}

fn filter_wrong(run: &Run) -> Outcome {
    fails!(run, EINVAL, seccomp(99, 0, null_mut()));
    fails!(run, EINVAL, seccomp(0, 1, null_mut()));
    Ok(())
}

fn filters(run: &Run) -> Outcome {
    const SECCOMP_GET_ACTION_AVAIL: u32 = 2;
    let allow = 0x7fff_0000u32;
    same!(run, ok!(run, seccomp(SECCOMP_GET_ACTION_AVAIL, 0, (&raw const allow).cast_mut().cast())), 0);
    Ok(())
}

fn programs(run: &Run) -> Outcome {
    fails!(run, EINVAL, bpf(9999, nowhere(), 0, null_mut(), 0));
    Ok(())
}

fn counters(run: &Run) -> Outcome {
    fails!(run, EFAULT, perf_event_open(nowhere(), 0, -1, -1, 0));
    Ok(())
}

fn modules(run: &Run) -> Outcome {
    fails!(run, EBADF, finit_module(12345, c"".as_ptr(), 0));
    Ok(())
}

fn mounts(run: &Run) -> Outcome {
    fails!(run, ENOENT, umount2(c"missing".as_ptr().cast_mut(), 0));
    Ok(())
}

fn keys(run: &Run) -> Outcome {
    const KEYCTL_GET_KEYRING_ID: i32 = 0;
    // KEY_SPEC_PROCESS_KEYRING, not to be made if it is not there.
    fails!(run, ENOKEY, keyctl(KEYCTL_GET_KEYRING_ID as _, -2, 0, 0, 0));
    Ok(())
}

fn rings(run: &Run) -> Outcome {
    fails!(run, EFAULT, io_uring_setup(1, nowhere()));
    fails!(run, EBADF, io_uring_enter(12345, 0, 0, 0, null(), 0));
    Ok(())
}

/// Asynchronous I/O of the old kind, without which some kernels are built.
fn old_calls(run: &Run) -> Outcome {
    let mut context = 0;
    same!(run, ok!(run, io_setup(4, &raw mut context)), 0);
    same!(run, ok!(run, io_submit(context, 0, null_mut())), 0);
    same!(run, ok!(run, io_destroy(context)), 0);
    fails!(run, EINVAL, io_destroy(context));
    Ok(())
}
