//! Mounts, namespaces, names of the host: in children with namespaces of their own.

use super::*;
use core::mem::zeroed;
use ring3::{
    AsRawFd, Pid,
    consts::{
        Clone, Fsmount, Fsopen, Fspick, Listmount, Mnt, MountAttr, MoveMount, Ms, OpenTree, Pidfd, Quota,
        StatmountFlags, Statx, Swap,
    },
    sys::{mnt_id_req, mount_attr},
    uapi::ns_id_req,
};

checks! { "sys::mounts":
    mounting (privileged), mounting_refused (privileged), newer (privileged), newer_refused (privileged), trees (privileged),
    attributes (privileged), reconfiguring (privileged), told (privileged), roots (privileged), names (privileged), entering (privileged),
    network (privileged), children (privileged), users (emulator: "it has threads of its own"), times (privileged), namespaces_listed, swap (privileged), accounting (privileged),
    quotas (privileged), quotas_by_descriptor (privileged), everything,
}

const TMPFS_MAGIC: u64 = 0x0102_1994;

/// A child that mounts where nobody else sees it.
fn apart(run: &Run, part: fn(&Run) -> Outcome) -> Outcome {
    ok!(run, mkdir(c"d", mode(0o700)));
    run.functions.then.set(Some(part));
    let outcome = child(run, |run| {
        ok!(run, unshare::newns());
        ok!(run, mount(None, c"/", None, Ms::REC | Ms::PRIVATE, None));
        run.functions.then.get().map_or(Ok(()), |part| part(run))
    });
    ok!(run, rmdir(c"d"));
    outcome
}

/// Whether a file system in memory is mounted on the directory.
fn mounted(run: &Run) -> Result<bool, Failure> {
    let (above, here) = (ok!(run, stat(c".")), ok!(run, stat(c"d")));
    Ok(ok!(run, statfs(c"d")).f_type as u64 == TMPFS_MAGIC && above.st_dev != here.st_dev)
}

fn mounting(run: &Run) -> Outcome {
    apart(run, |run| {
        ok!(
            run,
            mount(Some(c"ring3"), c"d", Some(c"tmpfs"), Ms::NOSUID | Ms::NODEV, Some(c"size=1m,mode=755"))
        );
        holds!(run, mounted(run)?);
        same!(run, ok!(run, stat(c"d")).st_mode, Mode::IFDIR | mode(0o755));
        let fd = file(run, c"d/f", b"content")?;
        fails!(run, EBUSY, umount2(c"d", Mnt::empty()));
        drop(fd);
        ok!(run, mount(None, c"d", None, Ms::REMOUNT | Ms::RDONLY, None));
        fails!(run, EROFS, open(c"d/f", O::WRONLY, Mode::empty()));
        ok!(run, umount2(c"d", Mnt::NOFOLLOW));
        holds!(run, !mounted(run)?);
        ok!(run, mount(Some(c"."), c"d", None, Ms::BIND, None));
        same!(run, ok!(run, stat(c"d")).st_ino, ok!(run, stat(c".")).st_ino);
        fails!(run, EAGAIN, umount2(c"d", Mnt::EXPIRE));
        ok!(run, umount2(c"d", Mnt::DETACH));
        Ok(())
    })
}

fn mounting_refused(run: &Run) -> Outcome {
    fails!(run, ENOENT, mount(Some(c"ring3"), c"missing", Some(c"tmpfs"), Ms::empty(), None));
    fails!(run, ENODEV, mount(Some(c"ring3"), c".", Some(c"no-such-system"), Ms::empty(), None));
    fails!(run, EINVAL, mount(Some(c"ring3"), c".", Some(c"tmpfs"), Ms::empty(), Some(c"no-such-option")));
    fails!(run, EINVAL, umount2(c".", Mnt::empty()));
    fails!(run, EINVAL, umount2(c".", Mnt::from_bits_retain(1 << 20)));
    fails!(run, ENOENT, umount2(c"missing", Mnt::empty()));
    Ok(())
}

/// A file system in memory, mounted nowhere yet.
fn detached(run: &Run) -> Result<OwnedFd, Failure> {
    let context = ok!(run, fsopen(c"tmpfs", Fsopen::CLOEXEC));
    ok!(run, fsconfig::set_string(&context, c"size", c"1m"));
    ok!(run, fsconfig::create(&context));
    Ok(ok!(run, fsmount(&context, Fsmount::CLOEXEC, MountAttr::NOEXEC)))
}

fn newer(run: &Run) -> Outcome {
    apart(run, |run| {
        let fd = detached(run)?;
        same!(run, ok!(run, fstatfs(&fd)).f_type as u64, TMPFS_MAGIC);
        holds!(run, !mounted(run)?);
        ok!(run, move_mount(&fd, Some(c""), AT_FDCWD, Some(c"d"), MoveMount::F_EMPTY_PATH));
        holds!(run, mounted(run)?);
        ok!(run, umount2(c"d", Mnt::DETACH));
        Ok(())
    })
}

fn newer_refused(run: &Run) -> Outcome {
    fails!(run, ENODEV, fsopen(c"no-such-system", Fsopen::CLOEXEC));
    fails!(run, EINVAL, fsopen(c"tmpfs", Fsopen::from_bits_retain(2)));
    fails!(run, EBADF, fsconfig::create(closed()));
    fails!(run, EBADF, fsmount(closed(), Fsmount::CLOEXEC, MountAttr::empty()));
    fails!(run, EBADF, fspick(closed(), c"x", Fspick::empty()));
    fails!(run, ENOENT, fspick(AT_FDCWD, c"missing", Fspick::empty()));
    let context = ok!(run, fsopen(c"tmpfs", Fsopen::CLOEXEC));
    fails!(run, EINVAL, fsconfig::set_flag(&context, c"no-such-flag"));
    fails!(run, EINVAL, fsconfig::set_string(&context, c"no-such-key", c"x"));
    fails!(run, EINVAL, fsconfig::set_binary(&context, c"no-such-key", b"x"));
    fails!(run, EINVAL, fsconfig::set_path(&context, c"no-such-key", c".", AT_FDCWD));
    fails!(run, EINVAL, fsconfig::set_path_empty(&context, c"no-such-key", c"", AT_FDCWD));
    let file = file(run, c"f", b"")?;
    fails!(run, EINVAL, fsconfig::set_fd(&context, c"no-such-key", &file));
    fails!(
        run,
        EINVAL,
        fsconfig(&context, ring3::consts::Fsconfig::CMD_CREATE, None, core::ptr::null_mut(), 7)
    );
    fails!(run, EBUSY, fsconfig::reconfigure(&context));
    // Nothing was made yet.
    fails!(run, EINVAL, fsmount(&context, Fsmount::CLOEXEC, MountAttr::empty()));
    ok!(run, fsconfig::create_excl(&context));
    fails!(run, EBUSY, fsconfig::create_excl(&context));
    fails!(run, EINVAL, fsconfig::create(&file));
    fails!(run, EINVAL, move_mount(&file, Some(c""), AT_FDCWD, Some(c"."), MoveMount::F_EMPTY_PATH));
    fails!(run, ENOENT, move_mount(AT_FDCWD, Some(c"missing"), AT_FDCWD, Some(c"."), MoveMount::empty()));
    fails!(
        run,
        EINVAL,
        move_mount(AT_FDCWD, Some(c"."), AT_FDCWD, Some(c"."), MoveMount::from_bits_retain(1 << 30))
    );
    remove(run, c"f")
}

fn trees(run: &Run) -> Outcome {
    fails!(run, ENOENT, open_tree(AT_FDCWD, c"missing", OpenTree::CLOEXEC));
    fails!(run, EINVAL, open_tree(AT_FDCWD, c".", OpenTree::from_bits_retain(1 << 30)));
    apart(run, |run| {
        ok!(run, mount(Some(c"ring3"), c"d", Some(c"tmpfs"), Ms::empty(), None));
        let copy = ok!(run, open_tree(AT_FDCWD, c"d", OpenTree::CLONE | OpenTree::CLOEXEC));
        ok!(run, umount2(c"d", Mnt::empty()));
        ok!(run, move_mount(&copy, Some(c""), AT_FDCWD, Some(c"d"), MoveMount::F_EMPTY_PATH));
        holds!(run, mounted(run)?);
        let mut attr = mount_attr::new();
        attr.attr_set = MountAttr::RDONLY.bits().into();
        let copy = ok!(run, open_tree_attr(AT_FDCWD, c"d", OpenTree::CLONE, &attr));
        fails!(run, EROFS, openat(&copy, c"f", O::WRONLY | O::CREAT, mode(0o600)));
        ok!(run, umount2(c"d", Mnt::DETACH));
        Ok(())
    })
}

fn attributes(run: &Run) -> Outcome {
    apart(run, |run| {
        let fd = detached(run)?;
        let mut attr = mount_attr::new();
        attr.attr_set = MountAttr::RDONLY.bits().into();
        ok!(run, mount_setattr(&fd, Some(c""), At::EMPTY_PATH, &attr));
        fails!(run, EROFS, openat(&fd, c"f", O::WRONLY | O::CREAT, mode(0o600)));
        (attr.attr_set, attr.attr_clr) = (0, MountAttr::RDONLY.bits().into());
        ok!(run, mount_setattr(&fd, Some(c""), At::EMPTY_PATH, &attr));
        ok!(run, openat(&fd, c"f", O::WRONLY | O::CREAT, mode(0o600)));
        attr.attr_clr = 1 << 60;
        fails!(run, EINVAL, mount_setattr(&fd, Some(c""), At::EMPTY_PATH, &attr));
        attr.attr_clr = 0;
        attr.attr_set = MountAttr::RDONLY.bits().into();
        fails!(run, ENOENT, mount_setattr(AT_FDCWD, Some(c"missing"), At::empty(), &attr));
        Ok(())
    })
}

fn reconfiguring(run: &Run) -> Outcome {
    apart(run, |run| {
        ok!(run, mount(Some(c"ring3"), c"d", Some(c"tmpfs"), Ms::empty(), None));
        let context = ok!(run, fspick(AT_FDCWD, c"d", Fspick::CLOEXEC));
        ok!(run, fsconfig::set_flag(&context, c"ro"));
        ok!(run, fsconfig::reconfigure(&context));
        fails!(run, EROFS, open(c"d/f", O::WRONLY | O::CREAT, mode(0o600)));
        ok!(run, umount2(c"d", Mnt::empty()));
        Ok(())
    })
}

fn told(run: &Run) -> Outcome {
    /// `STATMOUNT_SB_BASIC`, `LSMT_ROOT`
    const SB_BASIC: u64 = 1;
    const ROOT: u64 = u64::MAX;
    fails!(
        run,
        ENOENT,
        statmount(&mnt_id_req::new(1 << 60, SB_BASIC), &mut [0; 1024], StatmountFlags::empty())
    );
    fails!(run, ENOENT, listmount(&mnt_id_req::new(1 << 60, 0), &mut [0u64; 4], Listmount::empty()));
    fails!(
        run,
        EINVAL,
        listmount(&mnt_id_req::new(ROOT, 0), &mut [0u64; 4], Listmount::from_bits_retain(1 << 30))
    );
    apart(run, |run| {
        ok!(run, mount(Some(c"ring3"), c"d", Some(c"tmpfs"), Ms::empty(), None));
        let id = ok!(run, statx(AT_FDCWD, Some(c"d"), At::empty(), Statx::MNT_ID_UNIQUE)).stx_mnt_id;
        #[repr(C, align(8))]
        struct Room([u8; 1024]);
        let mut room = Room([0; 1024]);
        ok!(run, statmount(&mnt_id_req::new(id, SB_BASIC), &mut room.0, StatmountFlags::empty()));
        // SAFETY: the room is aligned, long enough and initialised.
        let told = unsafe { &*(&raw const room).cast::<ring3::uapi::statmount>() };
        same!(run, (told.mask, told.sb_magic), (SB_BASIC, TMPFS_MAGIC));
        fails!(
            run,
            EINVAL,
            statmount(&mnt_id_req::new(id, SB_BASIC), &mut room.0, StatmountFlags::from_bits_retain(1 << 30))
        );
        let mut ids = [0u64; 256];
        let count = ok!(run, listmount(&mnt_id_req::new(ROOT, 0), &mut ids, Listmount::empty()));
        holds!(run, ids[..count].contains(&id));
        ok!(run, umount2(c"d", Mnt::empty()));
        Ok(())
    })
}

fn roots(run: &Run) -> Outcome {
    fails!(run, ENOENT, chroot(c"missing"));
    fails!(run, ENOENT, pivot_root(c"missing", c"missing"));
    fails!(run, EBADF, fchroot(closed()));
    apart(run, |run| {
        ok!(run, mount(Some(c"ring3"), c"d", Some(c"tmpfs"), Ms::empty(), None));
        ok!(run, mkdir(c"d/inner", mode(0o700)));
        // Nothing is mounted there.
        fails!(run, EINVAL, pivot_root(c"d/inner", c"d/inner"));
        ok!(run, chroot(c"d"));
        ok!(run, stat(c"/inner"));
        fails!(run, ENOENT, stat(c"/d"));
        ok!(run, chdir(c"/"));
        ok!(run, mount(Some(c"ring3"), c"inner", Some(c"tmpfs"), Ms::empty(), None));
        ok!(run, mkdir(c"inner/before", mode(0o700)));
        ok!(run, pivot_root(c"inner", c"inner/before"));
        ok!(run, stat(c"/before/inner"));
        Ok(())
    })
}

/// A name as the kernel tells it.
fn text(field: &[core::ffi::c_char]) -> &[u8] {
    // SAFETY: characters are bytes.
    let bytes = unsafe { core::slice::from_raw_parts(field.as_ptr().cast::<u8>(), field.len()) };
    bytes.split(|byte| *byte == 0).next().unwrap_or(bytes)
}

fn names(run: &Run) -> Outcome {
    fails!(run, EINVAL, sethostname(&[b'x'; 65]));
    fails!(run, EINVAL, setdomainname(&[b'x'; 65]));
    let before = ok!(run, uname());
    child(run, |run| {
        ok!(run, unshare::newuts());
        ok!(run, sethostname(b"ring3-host"));
        ok!(run, setdomainname(b"ring3-domain"));
        let now = ok!(run, uname());
        same!(run, (text(&now.nodename), text(&now.domainname)), (&b"ring3-host"[..], &b"ring3-domain"[..]));
        Ok(())
    })?;
    same!(run, text(&ok!(run, uname()).nodename), text(&before.nodename));
    Ok(())
}

/// A child's namespace is entered by the child's descriptor.
fn entering(run: &Run) -> Outcome {
    let [reader, _writer] = ok!(run, pipe());
    fails!(run, EINVAL, setns(&reader, Clone::NEWUTS));
    fails!(run, EBADF, setns(closed(), Clone::NEWUTS));
    child(run, |run| {
        let parent = ok!(run, pidfd_open(value!(run, getppid()).unwrap_or(Pid::INIT), Pidfd::empty()));
        let before = ok!(run, uname());
        ok!(run, unshare::newuts());
        ok!(run, sethostname(b"ring3-host"));
        ok!(run, setns(&parent, Clone::NEWUTS));
        same!(run, text(&ok!(run, uname()).nodename), text(&before.nodename));
        fails!(run, EINVAL, setns(&parent, Clone::VM));
        Ok(())
    })
}

fn network(run: &Run) -> Outcome {
    child(run, |run| {
        ok!(run, unshare::newnet());
        // Its loopback interface is down, so that nothing can be reached.
        let fd = ok!(run, socket(ring3::consts::Af::INET, ring3::consts::Sock::DGRAM, 0));
        let port = core::net::SocketAddrV4::new(core::net::Ipv4Addr::LOCALHOST, 7777);
        fails!(run, ENETUNREACH, connect(&fd, &port.into()));
        Ok(())
    })?;
    child(run, |run| {
        ok!(run, unshare::newipc());
        ok!(run, unshare::newcgroup());
        ok!(run, unshare::fs());
        Ok(())
    })
}

/// The first process of a namespace has the number 1.
fn children(run: &Run) -> Outcome {
    child(run, |run| {
        ok!(run, unshare::newpid());
        child(run, |run| {
            same!(run, value!(run, getpid()), Pid::INIT);
            same!(run, value!(run, getppid()), None);
            Ok(())
        })
    })
}

fn users(run: &Run) -> Outcome {
    child(run, |run| {
        fails!(run, EINVAL, unshare(Clone::PIDFD));
        match call!(run, unshare::newuser()) {
            Err(Errno::EPERM | Errno::ENOSPC) => Err(Failure::Lacks("users may make no namespaces")),
            Err(errno) => Err(Failure::Refused("unshare::newuser", errno)),
            Ok(()) => {
                // Nobody is anybody there yet.
                same!(run, value!(run, getuid()).as_raw(), 65534);
                Ok(())
            }
        }
    })
}

fn times(run: &Run) -> Outcome {
    child(run, |run| match call!(run, unshare::newtime()) {
        Err(Errno::EINVAL) => Err(Failure::Lacks("the kernel has no namespaces of times")),
        Err(errno) => Err(Failure::Refused("unshare::newtime", errno)),
        Ok(()) => Ok(()),
    })
}

fn namespaces_listed(run: &Run) -> Outcome {
    // SAFETY: plain data.
    let mut request: ns_id_req = unsafe { zeroed() };
    request.anon1.ns_type = Clone::NEWUTS.bits() as u32;
    let mut ids = [0u64; 64];
    let count = ok!(run, listns(&request, &mut ids));
    holds!(run, count <= 64);
    request.anon1.ns_type = 1;
    fails!(run, EOPNOTSUPP, listns(&request, &mut ids));
    Ok(())
}

fn swap(run: &Run) -> Outcome {
    let _ = file(run, c"f", b"no swap")?;
    fails!(run, ENOENT, swapon(c"missing", Swap::empty()));
    fails!(run, EINVAL, swapon(c"f", Swap::from_bits_retain(1 << 30)));
    fails!(run, ENOENT, swapoff(c"missing"));
    fails!(run, EINVAL, swapoff(c"f"));
    remove(run, c"f")
}

fn accounting(run: &Run) -> Outcome {
    fails!(run, ENOENT, acct(Some(c"missing")));
    fails!(run, EISDIR, acct(Some(c".")));
    Ok(())
}

fn quotas(run: &Run) -> Outcome {
    const NO_DEVICE: &CStr = c"missing";
    let user = Quota::USRQUOTA;
    fails!(run, ENOENT, quotactl::on(user, NO_DEVICE, 2, c"missing"));
    fails!(run, ENOENT, quotactl::off(user, NO_DEVICE));
    fails!(run, ENOENT, quotactl::getfmt(user, NO_DEVICE));
    fails!(run, ENOENT, quotactl::getinfo(user, NO_DEVICE));
    fails!(run, ENOENT, quotactl::getquota(user, NO_DEVICE, 0));
    fails!(run, ENOENT, quotactl::getnextquota(user, NO_DEVICE, 0));
    fails!(run, ENOENT, quotactl::sync(user, Some(NO_DEVICE)));
    ok!(run, quotactl::sync(user, None));
    fails!(run, ENOTBLK, quotactl::getfmt(user, c"."));
    fails!(run, EINVAL, quotactl(0x7fff_ff63, Some(NO_DEVICE), 0, nowhere()));
    Ok(())
}

fn quotas_by_descriptor(run: &Run) -> Outcome {
    let (user, closed) = (Quota::USRQUOTA, closed());
    fails!(run, EBADF, quotactl_fd::sync(closed, user));
    fails!(run, EBADF, quotactl_fd::getfmt(closed, user));
    fails!(run, EBADF, quotactl_fd::getinfo(closed, user));
    fails!(run, EBADF, quotactl_fd::getquota(closed, user, 0));
    fails!(run, EBADF, quotactl_fd::getnextquota(closed, user, 0));
    let place = ok!(run, open(c".", O::RDONLY, Mode::empty()));
    fails!(run, EINVAL, quotactl_fd(&place, u32::MAX, 0, nowhere()));
    holds!(run, place.as_raw_fd() > 2);
    Ok(())
}

fn everything(run: &Run) -> Outcome {
    fails!(run, EINVAL, unshare(Clone::from_bits_retain(1)));
    child(run, |run| {
        ok!(run, unshare(Clone::FS | Clone::FILES));
        Ok(())
    })
}
