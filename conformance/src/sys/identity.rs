//! Users, groups and capabilities. What changes them happens in a child.

use super::*;
use core::mem::zeroed;
use ring3::{
    Gid, Uid,
    consts::{Cap, Ms, OpenTree},
    uapi::{__user_cap_data_struct, __user_cap_header_struct},
};

checks! { "sys::identity":
    own, unchanged, users (privileged), groups (privileged), of_file_systems (privileged), capabilities, capabilities_lost (privileged),
    without_privileges,
}

/// Larger than the 16 bits that old calls have.
const USER: Uid = Uid::from_raw(70_001);
const OTHER: Uid = Uid::from_raw(70_002);
const GROUP: Gid = Gid::from_raw(80_001);

fn own(run: &Run) -> Outcome {
    let (user, effective, saved) = ok!(run, getresuid());
    same!(run, (value!(run, getuid()), value!(run, geteuid())), (user, effective));
    same!(run, effective, saved);
    let (group, effective, saved) = ok!(run, getresgid());
    same!(run, (value!(run, getgid()), value!(run, getegid())), (group, effective));
    same!(run, effective, saved);
    let mut groups = [Gid::from_raw(0); 64];
    let count = ok!(run, getgroups(&mut []));
    same!(run, ok!(run, getgroups(&mut groups)), count);
    if count > 1 {
        fails!(run, EINVAL, getgroups(&mut groups[..1]));
    }
    Ok(())
}

/// What changes nothing is allowed to everybody.
fn unchanged(run: &Run) -> Outcome {
    let (user, group) = (value!(run, getuid()), value!(run, getgid()));
    ok!(run, setuid(user));
    ok!(run, setgid(group));
    ok!(run, setresuid(None, Some(user), None));
    ok!(run, setresgid(None, None, Some(group)));
    ok!(run, setreuid(Some(user), None));
    ok!(run, setregid(None, Some(group)));
    same!(run, value!(run, setfsuid(None)), user);
    same!(run, value!(run, setfsgid(None)), group);
    fails!(run, EINVAL, setuid(Uid::from_raw(u32::MAX)));
    fails!(run, EINVAL, setgid(Gid::from_raw(u32::MAX)));
    Ok(())
}

fn users(run: &Run) -> Outcome {
    child(run, |run| {
        ok!(run, setresuid(None, Some(USER), Some(OTHER)));
        let (user, effective, saved) = ok!(run, getresuid());
        same!(run, (user, effective, saved), (Uid::from_raw(0), USER, OTHER));
        same!(run, value!(run, geteuid()), USER);
        ok!(run, setreuid(Some(USER), Some(OTHER)));
        same!(run, ok!(run, getresuid()), (USER, OTHER, OTHER));
        ok!(run, setuid(USER));
        same!(run, ok!(run, getresuid()), (USER, USER, OTHER));
        same!(run, value!(run, getuid()), USER);
        fails!(run, EPERM, setuid(Uid::from_raw(0)));
        fails!(run, EPERM, setresuid(Some(Uid::from_raw(0)), None, None));
        fails!(run, EPERM, setreuid(Some(Uid::from_raw(0)), None));
        Ok(())
    })
}

fn groups(run: &Run) -> Outcome {
    child(run, |run| {
        let list = [GROUP, Gid::from_raw(7), Gid::from_raw(90_000)];
        ok!(run, setgroups(&list));
        let mut groups = [Gid::from_raw(0); 8];
        same!(run, ok!(run, getgroups(&mut groups)), 3);
        holds!(run, list.iter().all(|group| groups[..3].contains(group)));
        ok!(run, setgid(GROUP));
        same!(run, ok!(run, getresgid()), (GROUP, GROUP, GROUP));
        ok!(run, setresgid(Some(Gid::from_raw(1)), Some(Gid::from_raw(2)), Some(Gid::from_raw(80_003))));
        same!(run, ok!(run, getresgid()), (Gid::from_raw(1), Gid::from_raw(2), Gid::from_raw(80_003)));
        ok!(run, setregid(Some(GROUP), Some(Gid::from_raw(80_003))));
        same!(run, (value!(run, getgid()), value!(run, getegid())), (GROUP, Gid::from_raw(80_003)));
        ok!(run, setresuid(Some(USER), Some(USER), Some(USER)));
        fails!(run, EPERM, setgroups(&list));
        fails!(run, EPERM, setgid(Gid::from_raw(0)));
        fails!(run, EPERM, setresgid(Some(Gid::from_raw(0)), None, None));
        fails!(run, EPERM, setregid(Some(Gid::from_raw(0)), None));
        Ok(())
    })
}

fn of_file_systems(run: &Run) -> Outcome {
    child(run, |run| {
        let (user, group) = (value!(run, geteuid()), value!(run, getegid()));
        same!(run, value!(run, setfsgid(Some(GROUP))), group);
        let now = value!(run, setfsgid(None));
        if now == group {
            // It says nothing of what it may not do.
            return Err(Failure::Refused("setfsgid", Errno::EPERM));
        }
        same!(run, now, GROUP);
        same!(run, value!(run, setfsuid(Some(USER))), user);
        same!(run, value!(run, setfsuid(None)), USER);
        // The directory is for its owner alone.
        fails!(run, EACCES, mkdir(c"d", mode(0o700)));
        Ok(())
    })
}

const VERSION_3: u32 = 0x2008_0522;

fn capabilities(run: &Run) -> Outcome {
    let mut header = __user_cap_header_struct { version: 7, pid: 0 };
    // SAFETY: the struct is plain data.
    let mut sets: [__user_cap_data_struct; 2] = unsafe { zeroed() };
    fails!(run, EINVAL, capget(&mut header, Some(&mut sets)));
    same!(run, header.version, VERSION_3);
    ok!(run, capget(&mut header, Some(&mut sets)));
    // Whoever has nothing more gives nothing up.
    ok!(run, capset(&mut header, &sets));
    header.version = 7;
    fails!(run, EINVAL, capset(&mut header, &sets));
    let mut other = __user_cap_header_struct { version: VERSION_3, pid: 0x3fff_ffff };
    fails!(run, ESRCH, capget(&mut other, Some(&mut sets)));
    Ok(())
}

fn capabilities_lost(run: &Run) -> Outcome {
    child(run, |run| {
        let mut header = __user_cap_header_struct { version: VERSION_3, pid: 0 };
        // SAFETY: the struct is plain data.
        let mut sets: [__user_cap_data_struct; 2] = unsafe { zeroed() };
        ok!(run, capget(&mut header, Some(&mut sets)));
        if sets[0].effective == 0 {
            return Err(Failure::Refused("capget", Errno::EPERM));
        }
        same!(run, ok!(run, prctl::capbset_read(Cap::CHOWN)), 1);
        ok!(run, prctl::capbset_drop(Cap::CHOWN));
        same!(run, ok!(run, prctl::capbset_read(Cap::CHOWN)), 0);
        fails!(run, EINVAL, prctl::capbset_read(Cap::new(99)));
        fails!(run, EINVAL, prctl::capbset_drop(Cap::new(99)));
        // Nothing is inheritable, so nothing can be raised.
        sets[0].inheritable = 0;
        ok!(run, capset(&mut header, &sets));
        same!(run, ok!(run, prctl::cap_ambient_is_set(Cap::KILL)), 0);
        fails!(run, EPERM, prctl::cap_ambient_raise(Cap::KILL));
        sets[0].inheritable = 1 << Cap::KILL.raw();
        ok!(run, capset(&mut header, &sets));
        ok!(run, prctl::cap_ambient_raise(Cap::KILL));
        same!(run, ok!(run, prctl::cap_ambient_is_set(Cap::KILL)), 1);
        ok!(run, prctl::cap_ambient_lower(Cap::KILL));
        same!(run, ok!(run, prctl::cap_ambient_is_set(Cap::KILL)), 0);
        ok!(run, prctl::cap_ambient_clear_all());
        let none = [__user_cap_data_struct { effective: 0, permitted: 0, inheritable: 0 }; 2];
        ok!(run, capset(&mut header, &none));
        fails!(run, EPERM, capset(&mut header, &sets));
        fails!(run, EPERM, prctl::capbset_drop(Cap::KILL));
        Ok(())
    })
}

/// Calls that only the privileged may make, by a process that is not: EPERM and nothing else.
fn without_privileges(run: &Run) -> Outcome {
    child(run, |run| {
        // Whoever may not do this has none.
        let _ = call!(run, setresuid(Some(USER), Some(USER), Some(USER)));
        fails!(run, EPERM, mount(None, c"/", None, Ms::REMOUNT, None));
        fails!(run, EPERM, umount2(c"/", ring3::consts::Mnt::empty()));
        fails!(run, EPERM, chroot(c"/"));
        fails!(run, EPERM, pivot_root(c"/", c"/"));
        fails!(run, EPERM, unshare::newns());
        fails!(run, EPERM, unshare::newuts());
        fails!(run, EPERM, sethostname(b"ring3"));
        fails!(run, EPERM, setdomainname(b"ring3"));
        fails!(run, EPERM, swapoff(c"/"));
        fails!(run, EPERM, swapon(c"/", ring3::consts::Swap::empty()));
        fails!(run, EPERM, vhangup());
        fails!(run, EPERM, fsopen(c"tmpfs", ring3::consts::Fsopen::CLOEXEC));
        fails!(run, EPERM, open_tree(AT_FDCWD, c"/", OpenTree::CLONE));
        fails!(run, EPERM, settimeofday(Some(&ring3::sys::timeval { tv_sec: 0, tv_usec: 0 }), None));
        fails!(
            run,
            EPERM,
            clock_settime(ring3::consts::Clock::REALTIME, &ring3::sys::timespec { tv_sec: 0, tv_nsec: 0 },)
        );
        fails!(run, EPERM, reboot::cad_off());
        fails!(run, EPERM, kill(ring3::KillPid::process(ring3::Pid::INIT), None));
        Ok(())
    })
}
