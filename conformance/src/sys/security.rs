//! Landlock, seccomp, security modules, BPF. What cannot be undone happens in a child.

use super::*;
use core::{mem::zeroed, ptr};
use ring3::{
    AsRawFd, Sysno, WaitPid,
    consts::{
        Bpf, LandlockAccessFs, LandlockAccessNet, LandlockAddRule, LandlockRestrictSelf, LandlockRule,
        LsmAttr, LsmFlag, Seccomp, SeccompFilterFlag, SeccompMode, Sig, Wait,
    },
    sys::landlock_path_beneath_attr,
    uapi::{landlock_net_port_attr, landlock_ruleset_attr, sock_filter, sock_fprog},
};

checks! { "sys::security":
    landlock_told, landlock_rules, landlock_restricts, landlock_of_ports, filters, filters_by_prctl (emulator: "prctl has not all meanings"), listeners, strict (emulator: "there is no seccomp"), seccomp_told,
    modules, modules_attributes, maps (privileged),
}

fn rules(fs: LandlockAccessFs, net: LandlockAccessNet) -> landlock_ruleset_attr {
    // SAFETY: plain data.
    let mut attr: landlock_ruleset_attr = unsafe { zeroed() };
    (attr.handled_access_fs, attr.handled_access_net) = (fs.bits(), net.bits());
    attr
}

/// Whether this kernel has it turned on.
fn landlock(run: &Run) -> Result<usize, Failure> {
    match call!(run, landlock_create_ruleset::version()) {
        Err(Errno::EOPNOTSUPP) => Err(Failure::Lacks("Landlock is not among the security modules in use")),
        Err(errno) => Err(Failure::Refused("landlock_create_ruleset::version", errno)),
        Ok(version) => Ok(version),
    }
}

/// Where the one is missing the others are, and are named.
fn landlock_is_missing(run: &Run) -> bool {
    let missing = call!(run, landlock_create_ruleset::version()) == Err(Errno::ENOSYS);
    if missing {
        let nobody = closed();
        let path = landlock_path_beneath_attr::new(LandlockAccessFs::empty(), &nobody);
        let port = landlock_net_port_attr { allowed_access: 0, port: 0 };
        let _ = call!(run, landlock_create_ruleset::errata());
        let _ = call!(
            run,
            landlock_create_ruleset(&rules(LandlockAccessFs::empty(), LandlockAccessNet::empty()))
        );
        let _ = call!(run, landlock_add_rule::path_beneath(closed(), &path, LandlockAddRule::empty()));
        let _ = call!(run, landlock_add_rule::net_port(closed(), &port, LandlockAddRule::empty()));
        let _ = call!(run, landlock_restrict_self(Some(closed()), LandlockRestrictSelf::empty()));
    }
    missing
}

fn landlock_told(run: &Run) -> Outcome {
    if landlock_is_missing(run) {
        return Err(Failure::Refused("landlock_create_ruleset::version", Errno::ENOSYS));
    }
    holds!(run, landlock(run)? >= 1);
    match call!(run, landlock_create_ruleset::errata()) {
        Err(Errno::EINVAL) => Err(Failure::Lacks("the kernel is too old")),
        result => {
            holds!(run, result.is_ok());
            Ok(())
        }
    }
}

fn landlock_rules(run: &Run) -> Outcome {
    landlock(run)?;
    let nobody = closed();
    let attr = landlock_path_beneath_attr::new(LandlockAccessFs::READ_DIR, &nobody);
    fails!(run, EBADF, landlock_add_rule::path_beneath(closed(), &attr, LandlockAddRule::empty()));
    fails!(
        run,
        ENOMSG,
        landlock_create_ruleset(&rules(LandlockAccessFs::empty(), LandlockAccessNet::empty()))
    );
    let unknown = LandlockAccessFs::from_bits_retain(1 << 63);
    fails!(run, EINVAL, landlock_create_ruleset(&rules(unknown, LandlockAccessNet::empty())));
    let set =
        ok!(run, landlock_create_ruleset(&rules(LandlockAccessFs::READ_FILE, LandlockAccessNet::empty())));
    // An access that the rules do not handle.
    fails!(run, EINVAL, landlock_add_rule::path_beneath(&set, &attr, LandlockAddRule::empty()));
    let attr = landlock_path_beneath_attr::new(LandlockAccessFs::READ_FILE, &nobody);
    fails!(run, EBADF, landlock_add_rule::path_beneath(&set, &attr, LandlockAddRule::empty()));
    let empty = landlock_path_beneath_attr::new(LandlockAccessFs::empty(), &nobody);
    fails!(run, ENOMSG, landlock_add_rule::path_beneath(&set, &empty, LandlockAddRule::empty()));
    fails!(
        run,
        EINVAL,
        landlock_add_rule(&set, LandlockRule::new(99), ptr::null_mut(), LandlockAddRule::empty())
    );
    child(run, |run| {
        ok!(run, prctl::set_no_new_privs());
        fails!(run, EBADF, landlock_restrict_self(Some(closed()), LandlockRestrictSelf::empty()));
        let [pipe, _writer] = ok!(run, pipe());
        fails!(
            run,
            EBADFD,
            landlock_restrict_self(Some(ring3::AsFd::as_fd(&pipe)), LandlockRestrictSelf::empty())
        );
        Ok(())
    })
}

fn landlock_restricts(run: &Run) -> Outcome {
    landlock(run)?;
    ok!(run, mkdir(c"d", mode(0o700)));
    file(run, c"d/open", b"x")?;
    file(run, c"f", b"x")?;
    let outcome = child(run, |run| {
        let set = ok!(
            run,
            landlock_create_ruleset(&rules(LandlockAccessFs::READ_FILE, LandlockAccessNet::empty()))
        );
        let directory = ok!(run, open(c"d", O::PATH | O::CLOEXEC, Mode::empty()));
        let attr = landlock_path_beneath_attr::new(LandlockAccessFs::READ_FILE, &directory);
        ok!(run, landlock_add_rule::path_beneath(&set, &attr, LandlockAddRule::empty()));
        ok!(run, prctl::set_no_new_privs());
        ok!(run, landlock_restrict_self(Some(ring3::AsFd::as_fd(&set)), LandlockRestrictSelf::empty()));
        ok!(run, open(c"d/open", O::RDONLY, Mode::empty()));
        fails!(run, EACCES, open(c"f", O::RDONLY, Mode::empty()));
        Ok(())
    });
    remove(run, c"f")?;
    remove(run, c"d/open")?;
    ok!(run, rmdir(c"d"));
    outcome
}

fn landlock_of_ports(run: &Run) -> Outcome {
    if landlock(run)? < 4 {
        return Err(Failure::Lacks("the kernel is too old"));
    }
    child(run, |run| {
        let set =
            ok!(run, landlock_create_ruleset(&rules(LandlockAccessFs::empty(), LandlockAccessNet::BIND_TCP)));
        let mut attr = landlock_net_port_attr { allowed_access: LandlockAccessNet::BIND_TCP.bits(), port: 0 };
        ok!(run, landlock_add_rule::net_port(&set, &attr, LandlockAddRule::empty()));
        attr.port = 0x1_0000;
        fails!(run, EINVAL, landlock_add_rule::net_port(&set, &attr, LandlockAddRule::empty()));
        ok!(run, prctl::set_no_new_privs());
        ok!(run, landlock_restrict_self(Some(ring3::AsFd::as_fd(&set)), LandlockRestrictSelf::empty()));
        let fd = ok!(run, socket(ring3::consts::Af::INET, ring3::consts::Sock::STREAM, 0));
        let port = core::net::SocketAddrV4::new(core::net::Ipv4Addr::LOCALHOST, 7777);
        fails!(run, EACCES, bind(&fd, &port.into()));
        Ok(())
    })
}

/// A program that answers `sync` with an error of its own, and lets everything else through.
const FILTER: [sock_filter; 4] = {
    const fn line(code: u16, jt: u8, jf: u8, k: u32) -> sock_filter {
        sock_filter { code, jt, jf, k }
    }
    [
        // The number of the call; if it is this one, the next line, otherwise the one after it.
        line(0x20, 0, 0, 0),
        line(0x15, 0, 1, Sysno::SYNCFS.number()),
        line(0x06, 0, 0, 0x0005_0000 | 77),
        line(0x06, 0, 0, 0x7fff_0000),
    ]
};

fn program(filter: &mut [sock_filter]) -> sock_fprog {
    sock_fprog { len: filter.len() as u16, filter: filter.as_mut_ptr() }
}

fn answered(run: &Run) -> Outcome {
    same!(run, call!(run, syncfs(AT_FDCWD)), Err(Errno::EBADFD));
    same!(run, ok!(run, prctl::get_seccomp()), SeccompMode::FILTER);
    Ok(())
}

fn filters(run: &Run) -> Outcome {
    let mut filter = FILTER;
    fails!(run, EINVAL, seccomp(Seccomp::new(99), 0, ptr::null_mut()));
    let unknown = SeccompFilterFlag::from_bits_retain(1 << 30);
    fails!(run, EINVAL, seccomp::set_mode_filter(unknown, &program(&mut filter)));
    fails!(run, EINVAL, seccomp::set_mode_filter(SeccompFilterFlag::empty(), &program(&mut [])));
    child(run, |run| {
        ok!(run, prctl::set_no_new_privs());
        let mut filter = FILTER;
        same!(run, ok!(run, seccomp::set_mode_filter(SeccompFilterFlag::empty(), &program(&mut filter))), 0);
        answered(run)?;
        fails!(run, EINVAL, seccomp::set_mode_strict());
        Ok(())
    })
}

fn filters_by_prctl(run: &Run) -> Outcome {
    child(run, |run| {
        ok!(run, prctl::set_no_new_privs());
        let mut filter = FILTER;
        ok!(run, prctl::set_seccomp(SeccompMode::FILTER, Some(&program(&mut filter))));
        answered(run)
    })
}

fn listeners(run: &Run) -> Outcome {
    child(run, |run| {
        ok!(run, prctl::set_no_new_privs());
        let mut filter = FILTER;
        let fd = ok!(run, seccomp::new_listener(SeccompFilterFlag::empty(), &program(&mut filter)));
        holds!(run, fd.as_raw_fd() > 2);
        fails!(run, EBUSY, seccomp::new_listener(SeccompFilterFlag::empty(), &program(&mut filter)));
        answered(run)
    })
}

/// After it the process may not even end as it likes.
fn strict(run: &Run) -> Outcome {
    let pid = processes::spawn(run, |run| {
        let _ = call!(run, seccomp::set_mode_strict());
        77
    })?;
    let status = ok!(run, wait4(WaitPid::process(pid), Wait::empty(), None));
    same!(run, status.map(|(_, status)| status.term_signal()), Some(Some(Sig::KILL.raw())));
    Ok(())
}

fn seccomp_told(run: &Run) -> Outcome {
    /// `SECCOMP_RET_ALLOW`
    const ALLOW: u32 = 0x7fff_0000;
    ok!(run, seccomp::get_action_avail(&ALLOW));
    fails!(run, EOPNOTSUPP, seccomp::get_action_avail(&0x1234_0000));
    let sizes = ok!(run, seccomp::get_notif_sizes());
    same!(run, (sizes.seccomp_notif, sizes.seccomp_notif_resp, sizes.seccomp_data), (80, 24, 64));
    Ok(())
}

fn modules(run: &Run) -> Outcome {
    let mut ids = [0; 16];
    let count = ok!(run, lsm_list_modules(Some(&mut ids)));
    // The capabilities are always there.
    holds!(run, (1..=16).contains(&count) && ids[..count].contains(&100));
    if count > 1 {
        fails!(run, E2BIG, lsm_list_modules(Some(&mut ids[..1])));
    }
    fails!(run, E2BIG, lsm_list_modules(Some(&mut [])));
    Ok(())
}

fn modules_attributes(run: &Run) -> Outcome {
    let mut context = [0; 256];
    fails!(run, EINVAL, lsm_get_self_attr(LsmAttr::new(0), Some(&mut context), LsmFlag::empty()));
    fails!(
        run,
        EINVAL,
        lsm_get_self_attr(LsmAttr::CURRENT, Some(&mut context), LsmFlag::from_bits_retain(2))
    );
    fails!(run, EINVAL, lsm_set_self_attr(LsmAttr::CURRENT, &context[..4]));
    Ok(())
}

/// A map of BPF: an array of one number.
fn maps(run: &Run) -> Outcome {
    const ARRAY: u32 = 2;
    #[repr(C, align(8))]
    struct Attr([u32; 32]);
    fails!(run, EINVAL, bpf(Bpf::new(9999), &mut [0; 16], None));
    let mut attr = Attr([0; 32]);
    attr.0[..4].copy_from_slice(&[ARRAY, 4, 4, 1]);
    // SAFETY: numbers are bytes.
    let bytes = unsafe { core::slice::from_raw_parts_mut((&raw mut attr).cast::<u8>(), size_of::<Attr>()) };
    let number = ok!(run, bpf(Bpf::MAP_CREATE, bytes, None));
    // SAFETY: the kernel has just made it.
    let map = unsafe { <OwnedFd as ring3::FromRawFd>::from_raw_fd(number as i32) };
    same!(run, ok!(run, fcntl::getfd(&map)), ring3::consts::Fd::CLOEXEC);
    bytes[4] = 3;
    fails!(run, EINVAL, bpf(Bpf::MAP_CREATE, bytes, None));
    Ok(())
}
