//! What the kernel says of files: status, owners, times, attributes, file systems.

use super::*;
use ring3::{
    Gid, Uid,
    consts::{Statx, Xattr},
    sys::{timespec, timeval, utimbuf},
};

checks! { "sys::status":
    status, status_extended, file_systems, permissions, permissions_of_links, owners, owners_changed (privileged), times, times_in_microseconds,
    attributes, attributes_of_links (privileged), attributes_by_directory, attributes_of_a_file, mask,
}

fn status(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"content")?;
    ok!(run, symlink(c"f", c"s"));
    let by_fd = ok!(run, fstat(&fd));
    same!(run, (by_fd.st_size, by_fd.st_mode, by_fd.st_nlink), (7, Mode::IFREG | mode(0o600), 1));
    same!(run, by_fd.st_uid, value!(run, geteuid()));
    let by_path = ok!(run, stat(c"s"));
    same!(run, (by_path.st_ino, by_path.st_dev), (by_fd.st_ino, by_fd.st_dev));
    same!(run, by_path.st_mtim.tv_sec, by_fd.st_mtim.tv_sec);
    same!(run, by_path.st_mtim.tv_nsec, by_fd.st_mtim.tv_nsec);
    same!(run, ok!(run, newfstatat(AT_FDCWD, c"s", At::empty())).st_ino, by_fd.st_ino);
    let link = ok!(run, lstat(c"s"));
    same!(run, (link.st_size, link.st_mode & Mode::IFMT), (1, Mode::IFLNK));
    same!(run, ok!(run, newfstatat(AT_FDCWD, c"s", At::SYMLINK_NOFOLLOW)).st_ino, link.st_ino);
    fails!(run, ENOENT, stat(c"missing"));
    fails!(run, ENOENT, lstat(c"missing"));
    fails!(run, ENOENT, newfstatat(AT_FDCWD, c"missing", At::empty()));
    fails!(run, ENOTDIR, stat(c"f/g"));
    fails!(run, ENOTDIR, lstat(c"f/g"));
    fails!(run, EBADF, fstat(closed()));
    fails!(run, EBADF, newfstatat(closed(), c"f", At::empty()));
    fails!(run, EINVAL, newfstatat(AT_FDCWD, c"f", At::REMOVEDIR));
    remove(run, c"s")?;
    remove(run, c"f")
}

fn status_extended(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"content")?;
    let status = ok!(run, statx(&fd, Some(c""), At::EMPTY_PATH, Statx::BASIC_STATS));
    same!(run, (status.stx_size, status.stx_mode), (7, 0o100_600));
    let by_path = ok!(run, statx(AT_FDCWD, Some(c"f"), At::empty(), Statx::INO));
    same!(run, by_path.stx_ino, status.stx_ino);
    fails!(run, ENOENT, statx(AT_FDCWD, Some(c"missing"), At::empty(), Statx::BASIC_STATS));
    fails!(run, EINVAL, statx(AT_FDCWD, Some(c"f"), At::empty(), Statx::RESERVED));
    remove(run, c"f")
}

fn file_systems(run: &Run) -> Outcome {
    const PROC_SUPER_MAGIC: u64 = 0x9fa0;
    fails!(run, ENOENT, statfs(c"missing"));
    fails!(run, EBADF, fstatfs(closed()));
    let fd = file(run, c"f", b"")?;
    let (by_path, by_fd) = (ok!(run, statfs(c"f")), ok!(run, fstatfs(&fd)));
    same!(run, (by_path.f_type, by_path.f_bsize), (by_fd.f_type, by_fd.f_bsize));
    holds!(run, by_path.f_bsize > 0);
    remove(run, c"f")?;
    if call!(run, stat(c"/proc/self")).is_ok() {
        let proc = ok!(run, statfs(c"/proc"));
        same!(run, (proc.f_type as u64, proc.f_bsize as usize), (PROC_SUPER_MAGIC, run.page));
    }
    Ok(())
}

fn permissions(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    for (change, bits) in [(0, 0o640), (1, 0o444), (2, 0o4700)] {
        match change {
            0 => ok!(run, chmod(c"f", mode(bits))),
            1 => ok!(run, fchmod(&fd, mode(bits))),
            _ => ok!(run, fchmodat(AT_FDCWD, c"f", mode(bits))),
        }
        same!(run, ok!(run, fstat(&fd)).st_mode, Mode::IFREG | mode(bits));
    }
    fails!(run, ENOENT, chmod(c"missing", mode(0o600)));
    fails!(run, ENOENT, fchmodat(AT_FDCWD, c"missing", mode(0o600)));
    fails!(run, EBADF, fchmod(closed(), mode(0o600)));
    remove(run, c"f")
}

fn permissions_of_links(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    fails!(run, EINVAL, fchmodat2(AT_FDCWD, c"f", mode(0o600), At::REMOVEDIR));
    ok!(run, fchmodat2(AT_FDCWD, c"f", mode(0o650), At::empty()));
    same!(run, ok!(run, fstat(&fd)).st_mode, Mode::IFREG | mode(0o650));
    remove(run, c"f")
}

fn owners(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    let (user, group) = (value!(run, geteuid()), value!(run, getegid()));
    ok!(run, chown(c"f", Some(user), None));
    ok!(run, lchown(c"f", None, Some(group)));
    ok!(run, fchown(&fd, None, None));
    ok!(run, fchownat(AT_FDCWD, c"f", Some(user), Some(group), At::empty()));
    let status = ok!(run, fstat(&fd));
    same!(run, (status.st_uid, status.st_gid), (user, group));
    fails!(run, ENOENT, chown(c"missing", None, None));
    fails!(run, ENOENT, lchown(c"missing", None, None));
    fails!(run, ENOENT, fchownat(AT_FDCWD, c"missing", Some(user), Some(group), At::empty()));
    fails!(run, EINVAL, fchownat(AT_FDCWD, c"f", Some(user), Some(group), At::REMOVEDIR));
    fails!(run, EBADF, fchown(closed(), None, None));
    remove(run, c"f")
}

/// Ids that do not fit into the 16 bits that old calls have.
fn owners_changed(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    let (user, group) = (Uid::from_raw(70_001), Gid::from_raw(80_002));
    ok!(run, chown(c"f", Some(user), None));
    same!(run, ok!(run, stat(c"f")).st_uid, user);
    ok!(run, fchown(&fd, None, Some(group)));
    let status = ok!(run, fstat(&fd));
    same!(run, (status.st_uid, status.st_gid), (user, group));
    ok!(run, lchown(c"f", Some(Uid::from_raw(0)), Some(Gid::from_raw(0))));
    same!(run, ok!(run, lstat(c"f")).st_uid, Uid::from_raw(0));
    remove(run, c"f")
}

fn times(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    let times =
        [timespec { tv_sec: 1_000_000_007, tv_nsec: 0 }, timespec { tv_sec: 1_200_000_000, tv_nsec: 5_000 }];
    ok!(run, utimensat(AT_FDCWD, Some(c"f"), Some(&times), At::empty()));
    let status = ok!(run, fstat(&fd));
    same!(run, (status.st_atim.tv_sec, status.st_mtim.tv_sec), (1_000_000_007, 1_200_000_000));
    same!(run, status.st_mtim.tv_nsec, 5_000);
    // After 2038, which 64 bits alone can say. Not every file system can keep it: a file in memory does.
    let memory = ok!(run, memfd_create(c"times", ring3::consts::Mfd::CLOEXEC));
    let late = [timespec { tv_sec: 5_000_000_000, tv_nsec: 1 }; 2];
    ok!(run, utimensat(&memory, None, Some(&late), At::empty()));
    let status = ok!(run, fstat(&memory));
    same!(run, (status.st_mtim.tv_sec, status.st_mtim.tv_nsec), (5_000_000_000, 1));
    ok!(run, utimensat(&memory, None, None, At::empty()));
    holds!(run, ok!(run, fstat(&memory)).st_mtim.tv_sec < 5_000_000_000);
    let wrong = [timespec { tv_sec: 0, tv_nsec: 1_000_000_000 }; 2];
    fails!(run, EINVAL, utimensat(AT_FDCWD, Some(c"f"), Some(&wrong), At::empty()));
    fails!(run, ENOENT, utimensat(AT_FDCWD, Some(c"missing"), None, At::empty()));
    fails!(run, EBADF, utimensat(closed(), None, None, At::empty()));
    remove(run, c"f")
}

fn times_in_microseconds(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    let time = |tv_sec, tv_usec| timeval { tv_sec, tv_usec };
    ok!(run, utimes(c"f", Some(&[time(1_000_000_001, 7), time(1_100_000_000, 999_999)])));
    let status = ok!(run, fstat(&fd));
    same!(run, (status.st_atim.tv_sec, status.st_mtim.tv_sec), (1_000_000_001, 1_100_000_000));
    same!(run, (status.st_atim.tv_nsec, status.st_mtim.tv_nsec), (7_000, 999_999_000));
    ok!(run, futimesat(AT_FDCWD, Some(c"f"), Some(&[time(1_000_000_002, 0), time(1_000_000_003, 1)])));
    let status = ok!(run, fstat(&fd));
    same!(run, (status.st_atim.tv_sec, status.st_mtim.tv_sec), (1_000_000_002, 1_000_000_003));
    same!(run, status.st_mtim.tv_nsec, 1_000);
    ok!(run, utime(c"f", Some(&utimbuf { actime: 1_000_000_004, modtime: 1_000_000_005 })));
    let status = ok!(run, fstat(&fd));
    same!(run, (status.st_atim.tv_sec, status.st_mtim.tv_sec), (1_000_000_004, 1_000_000_005));
    ok!(run, utime(c"f", None));
    holds!(run, ok!(run, fstat(&fd)).st_mtim.tv_sec > 1_000_000_005);
    for wrong in [-1, 1_000_000] {
        fails!(run, EINVAL, utimes(c"f", Some(&[time(0, wrong); 2])));
        fails!(run, EINVAL, futimesat(AT_FDCWD, Some(c"f"), Some(&[time(0, wrong); 2])));
    }
    fails!(run, ENOENT, utimes(c"missing", None));
    fails!(run, ENOENT, futimesat(AT_FDCWD, Some(c"missing"), None));
    fails!(run, ENOENT, utime(c"missing", None));
    remove(run, c"f")
}

const NAME: &CStr = c"user.ring3";

/// Whether the file system keeps attributes of users.
fn keeps(result: Result<(), Errno>, call: &'static str) -> Outcome {
    match result {
        Ok(()) => Ok(()),
        Err(Errno::EOPNOTSUPP) => Err(Failure::Lacks("the file system has no attributes of users")),
        Err(errno) => Err(Failure::Refused(call, errno)),
    }
}

fn attributes(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    let mut value = [0; 16];
    fails!(run, ENOENT, setxattr(c"missing", NAME, Some(b"x"), Xattr::empty()));
    fails!(run, ENOENT, getxattr(c"missing", NAME, &mut value));
    fails!(run, ENOENT, listxattr(c"missing", &mut value));
    fails!(run, ENOENT, removexattr(c"missing", NAME));
    fails!(run, EBADF, fsetxattr(closed(), NAME, Some(b"x"), Xattr::empty()));
    fails!(run, EBADF, fgetxattr(closed(), NAME, &mut value));
    fails!(run, EBADF, flistxattr(closed(), &mut value));
    fails!(run, EBADF, fremovexattr(closed(), NAME));
    fails!(run, ERANGE, getxattr(c"f", c"", &mut value));
    fails!(run, EINVAL, setxattr(c"f", NAME, Some(b"x"), Xattr::from_bits_retain(4)));
    keeps(call!(run, setxattr(c"f", NAME, Some(b"one"), Xattr::CREATE)), "setxattr")?;
    same!(run, ok!(run, getxattr(c"f", NAME, &mut value)), 3);
    same!(run, &value[..4], b"one\0");
    ok!(run, fsetxattr(&fd, NAME, Some(b"three"), Xattr::REPLACE));
    same!(run, ok!(run, fgetxattr(&fd, NAME, &mut value)), 5);
    same!(run, &value[..6], b"three\0");
    let mut list = [0; 64];
    let length = ok!(run, flistxattr(&fd, &mut list));
    holds!(
        run,
        list[..length].split_inclusive(|byte| *byte == 0).any(|name| name == NAME.to_bytes_with_nul())
    );
    same!(run, ok!(run, listxattr(c"f", &mut [])), length);
    fails!(run, EEXIST, setxattr(c"f", NAME, Some(b"x"), Xattr::CREATE));
    fails!(run, ERANGE, getxattr(c"f", NAME, &mut value[..2]));
    ok!(run, removexattr(c"f", NAME));
    fails!(run, ENODATA, fremovexattr(&fd, NAME));
    fails!(run, ENODATA, fgetxattr(&fd, NAME, &mut value));
    ok!(run, fsetxattr(&fd, NAME, None, Xattr::empty()));
    same!(run, ok!(run, getxattr(c"f", NAME, &mut [])), 0);
    ok!(run, fremovexattr(&fd, NAME));
    remove(run, c"f")
}

/// Links have no attributes of users.
fn attributes_of_links(run: &Run) -> Outcome {
    const TRUSTED: &CStr = c"trusted.ring3";
    ok!(run, symlink(c"f", c"s"));
    let mut value = [0; 64];
    fails!(run, ENOENT, lsetxattr(c"missing", TRUSTED, Some(b"x"), Xattr::empty()));
    fails!(run, ENOENT, lgetxattr(c"missing", TRUSTED, &mut value));
    fails!(run, ENOENT, llistxattr(c"missing", &mut value));
    fails!(run, ENOENT, lremovexattr(c"missing", TRUSTED));
    keeps(call!(run, lsetxattr(c"s", TRUSTED, Some(b"one"), Xattr::empty())), "lsetxattr")?;
    same!(run, ok!(run, lgetxattr(c"s", TRUSTED, &mut value)), 3);
    same!(run, &value[..3], b"one");
    let length = ok!(run, llistxattr(c"s", &mut value));
    holds!(
        run,
        value[..length].split_inclusive(|byte| *byte == 0).any(|name| name == TRUSTED.to_bytes_with_nul())
    );
    ok!(run, lremovexattr(c"s", TRUSTED));
    fails!(run, ENODATA, lgetxattr(c"s", TRUSTED, &mut value));
    remove(run, c"s")
}

fn attributes_by_directory(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    let mut value = [0; 64];
    fails!(
        run,
        ENOENT,
        setxattrat(AT_FDCWD, Some(c"missing"), At::empty(), NAME, Some(b"x"), Xattr::empty())
    );
    fails!(run, ENOENT, getxattrat(AT_FDCWD, Some(c"missing"), At::empty(), NAME, &mut value));
    fails!(run, ENOENT, listxattrat(AT_FDCWD, Some(c"missing"), At::empty(), &mut value));
    fails!(run, ENOENT, removexattrat(AT_FDCWD, Some(c"missing"), At::empty(), NAME));
    let set = call!(run, setxattrat(AT_FDCWD, Some(c"f"), At::empty(), NAME, Some(b"one"), Xattr::empty()));
    keeps(set, "setxattrat")?;
    same!(run, ok!(run, getxattrat(&fd, None, At::EMPTY_PATH, NAME, &mut value)), 3);
    same!(run, &value[..4], b"one\0");
    let length = ok!(run, listxattrat(AT_FDCWD, Some(c"f"), At::empty(), &mut value));
    holds!(
        run,
        value[..length].split_inclusive(|byte| *byte == 0).any(|name| name == NAME.to_bytes_with_nul())
    );
    ok!(run, removexattrat(AT_FDCWD, Some(c"f"), At::empty(), NAME));
    fails!(run, ENODATA, getxattrat(AT_FDCWD, Some(c"f"), At::empty(), NAME, &mut value));
    remove(run, c"f")
}

fn attributes_of_a_file(run: &Run) -> Outcome {
    let _fd = file(run, c"f", b"")?;
    fails!(run, ENOENT, file_getattr(AT_FDCWD, Some(c"missing"), At::empty()));
    let attr = match call!(run, file_getattr(AT_FDCWD, Some(c"f"), At::empty())) {
        Err(Errno::EOPNOTSUPP) => return Err(Failure::Lacks("the file system has no such attributes")),
        Err(errno) => return Err(Failure::Refused("file_getattr", errno)),
        Ok(attr) => attr,
    };
    ok!(run, file_setattr(AT_FDCWD, Some(c"f"), &attr, At::empty()));
    fails!(run, ENOENT, file_setattr(AT_FDCWD, Some(c"missing"), &attr, At::empty()));
    remove(run, c"f")
}

fn mask(run: &Run) -> Outcome {
    let before = value!(run, umask(mode(0o077)));
    ok!(run, mkdir(c"d", mode(0o777)));
    same!(run, ok!(run, stat(c"d")).st_mode, Mode::IFDIR | mode(0o700));
    same!(run, value!(run, umask(before)), mode(0o077));
    ok!(run, rmdir(c"d"));
    Ok(())
}
