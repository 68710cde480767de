//! Files: made, opened, described, and their rights.

use crate::report::{Check, Outcome, Run};
use crate::tools::mode;
use ring3::consts::{Access, At, Mode, O};
use ring3::{AT_FDCWD, Dev, Errno, Uid, sys};

pub const CHECKS: &[Check] = &[
    ("open files", open_files),
    ("status", status),
    ("devices", devices),
    ("rights", rights),
    ("owners", owners),
    ("a wide owner", wide_owner),
    ("nodes", nodes),
    ("file systems", file_systems),
];

const RW: O = O::RDWR.union(O::CREAT).union(O::CLOEXEC);

fn open_files(run: &Run) -> Outcome {
    let fd = call!(run, creat(c"file", mode(0o640)))?;
    same!(run, call!(run, write(&fd, b"Hello World!\n"))?, 13);
    refused!(run, EBADF, read(&fd, &mut [0; 4]));
    call!(run, close(fd))?;

    let fd = call!(run, open(c"file", O::RDONLY | O::CLOEXEC, Mode::empty()))?;
    let mut text = [0; 20];
    same!(run, call!(run, read(&fd, &mut text))?, 13);
    same!(run, text[..13], *b"Hello World!\n");
    refused!(run, EBADF, write(&fd, b"no"));
    refused!(run, EEXIST, open(c"file", RW | O::EXCL, mode(0o600)));
    refused!(run, ENOENT, open(c"nothing", O::RDWR, Mode::empty()));

    // What is cut off by creat and O_TRUNC, and what the mask takes from the rights.
    call!(run, creat(c"file", mode(0o640)))?;
    same!(run, call!(run, stat(c"file"))?.st_size, 0);
    same!(run, plain!(run, umask(mode(0o027))), mode(0o022));
    let fd = call!(run, openat(AT_FDCWD, c"masked", RW, mode(0o666)))?;
    same!(run, call!(run, fstat(&fd))?.st_mode, mode(0o100_640));
    same!(run, plain!(run, umask(mode(0o022))), mode(0o027));
    Ok(())
}

fn status(run: &Run) -> Outcome {
    let fd = call!(run, open(c"status", RW, mode(0o640)))?;
    call!(run, write(&fd, b"five\n"))?;
    call!(run, symlink(c"status", c"to-status"))?;
    let by_fd = call!(run, fstat(&fd))?;
    let now = plain!(run, time());
    for stat in [
        by_fd,
        call!(run, stat(c"status"))?,
        call!(run, stat(c"to-status"))?,
        call!(run, lstat(c"status"))?,
        call!(run, newfstatat(AT_FDCWD, c"to-status", At::empty()))?,
        call!(run, newfstatat(&fd, c"", At::EMPTY_PATH))?,
    ] {
        same!(run, stat.st_mode, mode(0o100_640));
        same!(run, (stat.st_size, stat.st_nlink), (5, 1));
        same!(run, (stat.st_dev, stat.st_ino), (by_fd.st_dev, by_fd.st_ino));
        same!(run, (stat.st_uid, stat.st_gid), (plain!(run, getuid()), plain!(run, getgid())));
        holds!(run, stat.st_blksize > 0 && stat.st_blocks < 1000);
        for time in [stat.st_atim, stat.st_mtim, stat.st_ctim] {
            holds!(run, (now - 100..=now + 100).contains(&time.tv_sec));
            holds!(run, (0..1_000_000_000).contains(&time.tv_nsec));
        }
    }
    for link in [
        call!(run, lstat(c"to-status"))?,
        call!(run, newfstatat(AT_FDCWD, c"to-status", At::SYMLINK_NOFOLLOW))?,
    ] {
        same!(run, link.st_mode, mode(0o120_777));
        same!(run, link.st_size, 6);
        holds!(run, link.st_ino != by_fd.st_ino);
    }
    refused!(run, ENOENT, stat(c"nothing"));
    refused!(run, ENOENT, lstat(c"nothing"));
    refused!(run, ENOTDIR, stat(c"status/x"));
    Ok(())
}

fn devices(run: &Run) -> Outcome {
    let null = call!(run, open(c"/dev/null", O::WRONLY, Mode::empty()))?;
    for stat in [call!(run, stat(c"/dev/null"))?, call!(run, fstat(&null))?, call!(run, lstat(c"/dev/null"))?]
    {
        same!(run, stat.st_mode & Mode::IFMT, Mode::IFCHR);
        same!(run, stat.st_rdev, Dev::new(1, 3));
    }
    Ok(())
}

fn rights(run: &Run) -> Outcome {
    let fd = call!(run, creat(c"rights", mode(0o600)))?;
    call!(run, access(c"rights", Access::F_OK))?;
    call!(run, access(c"rights", Access::R_OK | Access::W_OK))?;
    // Not even the superuser executes what nobody may.
    refused!(run, EACCES, access(c"rights", Access::X_OK));
    refused!(run, EACCES, faccessat(AT_FDCWD, c"rights", Access::X_OK));
    refused!(run, ENOENT, access(c"nothing", Access::F_OK));
    call!(run, chmod(c"rights", mode(0o2751)))?;
    call!(run, access(c"rights", Access::X_OK))?;
    call!(run, faccessat(AT_FDCWD, c"rights", Access::X_OK))?;
    same!(run, call!(run, stat(c"rights"))?.st_mode, mode(0o102_751));
    call!(run, fchmod(&fd, mode(0o604)))?;
    same!(run, call!(run, stat(c"rights"))?.st_mode, mode(0o100_604));
    call!(run, fchmodat(AT_FDCWD, c"rights", mode(0o621)))?;
    same!(run, call!(run, stat(c"rights"))?.st_mode, mode(0o100_621));
    refused!(run, ENOENT, chmod(c"nothing", mode(0o600)));
    Ok(())
}

fn owners(run: &Run) -> Outcome {
    let fd = call!(run, creat(c"owned", mode(0o600)))?;
    call!(run, symlink(c"nothing", c"dangling"))?;
    let (uid, gid) = (plain!(run, getuid()), plain!(run, getgid()));
    call!(run, chown(c"owned", Some(uid), None))?;
    call!(run, chown(c"owned", None, Some(gid)))?;
    call!(run, fchown(&fd, Some(uid), Some(gid)))?;
    call!(run, lchown(c"dangling", Some(uid), Some(gid)))?;
    call!(run, fchownat(AT_FDCWD, c"dangling", Some(uid), Some(gid), At::SYMLINK_NOFOLLOW))?;
    refused!(run, ENOENT, chown(c"dangling", Some(uid), Some(gid)));
    let stat = call!(run, stat(c"owned"))?;
    same!(run, (stat.st_uid, stat.st_gid), (uid, gid));
    Ok(())
}

/// A user whose number does not fit into 16 bits, as it must in the oldest calls.
fn wide_owner(run: &Run) -> Outcome {
    let fd = call!(run, creat(c"wide", mode(0o600)))?;
    let wide = Uid::from_raw(70_001);
    // The superuser alone can give files away, and in a user namespace that has the user.
    match sys::chown(c"wide", Some(wide), None) {
        Err(Errno::EPERM | Errno::EINVAL) => run.remark("no privilege to give files away"),
        other => {
            call!(run, chown(c"wide", other.map(|()| Some(wide))?, None))?;
            same!(run, call!(run, stat(c"wide"))?.st_uid, wide);
            call!(run, fchown(&fd, Some(Uid::from_raw(70_002)), None))?;
            same!(run, call!(run, fstat(&fd))?.st_uid, Uid::from_raw(70_002));
            call!(run, lchown(c"wide", Some(Uid::from_raw(70_003)), None))?;
            same!(run, call!(run, lstat(c"wide"))?.st_uid, Uid::from_raw(70_003));
        }
    }
    Ok(())
}

fn nodes(run: &Run) -> Outcome {
    call!(run, mknod(c"fifo", Mode::IFIFO | mode(0o600), Dev::new(0, 0)))?;
    same!(run, call!(run, stat(c"fifo"))?.st_mode, mode(0o010_600));
    call!(run, mknodat(AT_FDCWD, c"empty", Mode::IFREG | mode(0o600), Dev::new(0, 0)))?;
    same!(run, call!(run, stat(c"empty"))?.st_mode, mode(0o100_600));
    refused!(run, EEXIST, mknod(c"fifo", Mode::IFIFO | mode(0o600), Dev::new(0, 0)));
    Ok(())
}

fn file_systems(run: &Run) -> Outcome {
    let fd = call!(run, open(c"/proc", O::RDONLY, Mode::empty()))?;
    for proc in [call!(run, statfs(c"/proc"))?, call!(run, fstatfs(&fd))?] {
        // PROC_SUPER_MAGIC
        same!(run, proc.f_type as u32, 0x9fa0);
        same!(run, { proc.f_blocks }, 0);
    }
    let here = call!(run, statfs(c"."))?;
    holds!(run, here.f_bsize > 0 && here.f_namelen > 0 && here.f_blocks >= here.f_bfree);
    refused!(run, ENOENT, statfs(c"nothing"));
    Ok(())
}
