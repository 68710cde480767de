//! Directories, links and names.

use super::*;
use crate::place::Entries;
use ring3::{
    Dev,
    consts::{Access, Rename},
    sys::FileHandle,
};

checks! { "sys::names":
    directories, working_directory, entries, hard_links, symbolic_links, renaming, exchanging, removing, nodes, devices (privileged),
    permission_to_use, handles (privileged), closed_directories,
}

fn directories(run: &Run) -> Outcome {
    ok!(run, mkdir(c"d", mode(0o700)));
    ok!(run, mkdirat(AT_FDCWD, c"d/e", mode(0o750)));
    same!(run, ok!(run, stat(c"d/e")).st_mode, Mode::IFDIR | mode(0o750));
    fails!(run, EEXIST, mkdir(c"d", mode(0o700)));
    fails!(run, EEXIST, mkdirat(AT_FDCWD, c"d/e", mode(0o700)));
    fails!(run, ENOENT, mkdir(c"missing/d", mode(0o700)));
    fails!(run, ENOTEMPTY, rmdir(c"d"));
    fails!(run, ENOTEMPTY, unlinkat(AT_FDCWD, c"d", At::REMOVEDIR));
    fails!(run, EINVAL, unlinkat(AT_FDCWD, c"d", At::from_bits_retain(1)));
    ok!(run, unlinkat(AT_FDCWD, c"d/e", At::REMOVEDIR));
    ok!(run, rmdir(c"d"));
    fails!(run, ENOENT, rmdir(c"d"));
    file(run, c"f", b"")?;
    fails!(run, ENOTDIR, rmdir(c"f"));
    remove(run, c"f")
}

fn working_directory(run: &Run) -> Outcome {
    let above = ok!(run, open(c".", O::RDONLY | O::DIRECTORY, Mode::empty()));
    let (mut before, mut path) = ([0; 256], [0; 256]);
    let length = ok!(run, getcwd(&mut before));
    same!(run, before[length - 1], 0);
    ok!(run, mkdir(c"d", mode(0o700)));
    ok!(run, chdir(c"d"));
    let longer = ok!(run, getcwd(&mut path));
    same!(run, (longer, &path[length - 1..longer]), (length + 2, &b"/d\0"[..]));
    fails!(run, ERANGE, getcwd(&mut path[..2]));
    ok!(run, fchdir(&above));
    same!(run, ok!(run, getcwd(&mut path)), length);
    same!(run, &path[..length], &before[..length]);
    fails!(run, ENOENT, chdir(c"missing"));
    let fd = file(run, c"f", b"")?;
    fails!(run, ENOTDIR, chdir(c"f"));
    fails!(run, ENOTDIR, fchdir(&fd));
    fails!(run, EBADF, fchdir(closed()));
    remove(run, c"f")?;
    ok!(run, rmdir(c"d"));
    Ok(())
}

fn entries(run: &Run) -> Outcome {
    ok!(run, mkdir(c"d", mode(0o700)));
    let names = [c"d/a", c"d/bcd", c"d/e"];
    for name in names {
        file(run, name, b"")?;
    }
    let fd = ok!(run, open(c"d", O::RDONLY | O::DIRECTORY, Mode::empty()));
    let (mut room, mut seen) = (Entries::new(), [0; 5]);
    loop {
        let length = ok!(run, getdents64(&fd, room.as_bytes()));
        if length == 0 {
            break;
        }
        for name in room.names(length) {
            let known = [c".", c"..", c"a", c"bcd", c"e"];
            let Some(place) = known.iter().position(|known| *known == name) else {
                return Err(run.wrong("the name of an entry", &name, &known));
            };
            seen[place] += 1;
        }
    }
    same!(run, seen, [1; 5]);
    fails!(run, EINVAL, getdents64(&ok!(run, openat(AT_FDCWD, c"d", O::RDONLY, Mode::empty())), &mut [0; 8]));
    fails!(run, ENOTDIR, getdents64(&ok!(run, open(c"d/a", O::RDONLY, Mode::empty())), room.as_bytes()));
    fails!(run, EBADF, getdents64(closed(), room.as_bytes()));
    for name in names {
        remove(run, name)?;
    }
    ok!(run, rmdir(c"d"));
    Ok(())
}

fn hard_links(run: &Run) -> Outcome {
    file(run, c"f", b"content")?;
    ok!(run, link(c"f", c"g"));
    ok!(run, linkat(AT_FDCWD, c"g", AT_FDCWD, c"h", At::empty()));
    let (one, other) = (ok!(run, stat(c"f")), ok!(run, stat(c"h")));
    same!(run, (one.st_nlink, one.st_ino), (3, other.st_ino));
    fails!(run, EEXIST, link(c"f", c"g"));
    fails!(run, ENOENT, link(c"missing", c"i"));
    fails!(run, ENOENT, linkat(AT_FDCWD, c"missing", AT_FDCWD, c"i", At::empty()));
    fails!(run, EINVAL, linkat(AT_FDCWD, c"f", AT_FDCWD, c"i", At::REMOVEDIR));
    fails!(run, EPERM, link(c".", c"i"));
    ok!(run, unlink(c"h"));
    same!(run, ok!(run, stat(c"f")).st_nlink, 2);
    ok!(run, unlink(c"g"));
    fails!(run, ENOENT, unlink(c"g"));
    fails!(run, EISDIR, unlink(c"."));
    ok!(run, unlink(c"f"));
    Ok(())
}

fn symbolic_links(run: &Run) -> Outcome {
    ok!(run, symlink(c"f", c"s"));
    ok!(run, symlinkat(c"s", AT_FDCWD, c"t"));
    let mut target = [0; 16];
    same!(run, ok!(run, readlink(c"s", &mut target)), 1);
    same!(run, &target[..2], b"f\0");
    same!(run, ok!(run, readlinkat(AT_FDCWD, c"t", &mut target)), 1);
    same!(run, &target[..2], b"s\0");
    fails!(run, ENOENT, open(c"t", O::RDONLY, Mode::empty()));
    file(run, c"f", b"content")?;
    same!(run, ok!(run, stat(c"t")).st_size, 7);
    same!(run, ok!(run, lstat(c"t")).st_mode & Mode::IFMT, Mode::IFLNK);
    fails!(run, ELOOP, open(c"t", O::RDONLY | O::NOFOLLOW, Mode::empty()));
    fails!(run, EINVAL, readlink(c"f", &mut target));
    fails!(run, EINVAL, readlinkat(AT_FDCWD, c"f", &mut target));
    fails!(run, ENOENT, readlink(c"missing", &mut target));
    fails!(run, EEXIST, symlink(c"f", c"s"));
    fails!(run, EEXIST, symlinkat(c"f", AT_FDCWD, c"s"));
    fails!(run, ENOENT, symlink(c"", c"u"));
    ok!(run, symlink(c"l", c"l"));
    fails!(run, ELOOP, stat(c"l"));
    for name in [c"f", c"s", c"t", c"l"] {
        remove(run, name)?;
    }
    Ok(())
}

fn renaming(run: &Run) -> Outcome {
    file(run, c"f", b"content")?;
    ok!(run, rename(c"f", c"g"));
    ok!(run, renameat(AT_FDCWD, c"g", AT_FDCWD, c"h"));
    same!(run, ok!(run, stat(c"h")).st_size, 7);
    fails!(run, ENOENT, stat(c"f"));
    fails!(run, ENOENT, rename(c"f", c"g"));
    fails!(run, ENOENT, renameat(AT_FDCWD, c"f", AT_FDCWD, c"g"));
    ok!(run, mkdir(c"d", mode(0o700)));
    fails!(run, EISDIR, rename(c"h", c"d"));
    fails!(run, ENOTDIR, rename(c"d", c"h"));
    fails!(run, EINVAL, rename(c"d", c"d/e"));
    ok!(run, rmdir(c"d"));
    remove(run, c"h")
}

fn exchanging(run: &Run) -> Outcome {
    file(run, c"f", b"one")?;
    file(run, c"g", b"three")?;
    fails!(run, EEXIST, renameat2(AT_FDCWD, c"f", AT_FDCWD, c"g", Rename::NOREPLACE));
    ok!(run, renameat2(AT_FDCWD, c"f", AT_FDCWD, c"g", Rename::EXCHANGE));
    same!(run, (ok!(run, stat(c"f")).st_size, ok!(run, stat(c"g")).st_size), (5, 3));
    let both = Rename::NOREPLACE | Rename::EXCHANGE;
    fails!(run, EINVAL, renameat2(AT_FDCWD, c"f", AT_FDCWD, c"g", both));
    remove(run, c"f")?;
    remove(run, c"g")
}

fn removing(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"content")?;
    remove(run, c"f")?;
    fails!(run, ENOENT, unlinkat(AT_FDCWD, c"f", At::empty()));
    // It is there as long as somebody has it open.
    let mut bytes = [0; 8];
    same!(run, ok!(run, pread64(&fd, &mut bytes, 0)), 7);
    same!(run, ok!(run, fstat(&fd)).st_nlink, 0);
    Ok(())
}

fn nodes(run: &Run) -> Outcome {
    ok!(run, mknod(c"fifo", Mode::IFIFO | mode(0o600), Dev::from_raw(0)));
    ok!(run, mknodat(AT_FDCWD, c"file", Mode::IFREG | mode(0o600), Dev::from_raw(0)));
    same!(run, ok!(run, stat(c"fifo")).st_mode, Mode::IFIFO | mode(0o600));
    same!(run, ok!(run, stat(c"file")).st_mode, Mode::IFREG | mode(0o600));
    fails!(run, ENXIO, open(c"fifo", O::WRONLY | O::NONBLOCK, Mode::empty()));
    fails!(run, EEXIST, mknod(c"fifo", Mode::IFIFO, Dev::from_raw(0)));
    fails!(run, EINVAL, mknodat(AT_FDCWD, c"link", Mode::IFLNK, Dev::from_raw(0)));
    fails!(run, EPERM, mknodat(AT_FDCWD, c"directory", Mode::IFDIR, Dev::from_raw(0)));
    remove(run, c"fifo")?;
    remove(run, c"file")
}

fn devices(run: &Run) -> Outcome {
    // Numbers of which each half is something.
    let device = Dev::new(0x123, 0x4_5678);
    ok!(run, mknodat(AT_FDCWD, c"device", Mode::IFCHR | mode(0o600), device));
    let status = ok!(run, stat(c"device"));
    same!(run, (status.st_rdev, status.st_rdev.major(), status.st_rdev.minor()), (device, 0x123, 0x4_5678));
    remove(run, c"device")
}

fn permission_to_use(run: &Run) -> Outcome {
    let _ = file(run, c"f", b"")?;
    ok!(run, access(c"f", Access::R_OK | Access::W_OK));
    ok!(run, faccessat(AT_FDCWD, c"f", Access::F_OK));
    ok!(run, faccessat2(AT_FDCWD, c"f", Access::R_OK, At::EACCESS));
    fails!(run, EACCES, access(c"f", Access::X_OK));
    fails!(run, EACCES, faccessat(AT_FDCWD, c"f", Access::X_OK));
    fails!(run, EACCES, faccessat2(AT_FDCWD, c"f", Access::X_OK, At::EACCESS));
    fails!(run, ENOENT, access(c"missing", Access::F_OK));
    fails!(run, EINVAL, faccessat(AT_FDCWD, c"f", Access::from_bits_retain(8)));
    fails!(run, EINVAL, faccessat2(AT_FDCWD, c"f", Access::F_OK, At::SYMLINK_FOLLOW));
    remove(run, c"f")
}

fn handles(run: &Run) -> Outcome {
    file(run, c"f", b"content")?;
    let mut handle = FileHandle::new();
    fails!(run, ENOENT, name_to_handle_at(AT_FDCWD, c"missing", &mut handle, At::empty()));
    match call!(run, name_to_handle_at(AT_FDCWD, c"f", &mut handle, At::empty())) {
        Err(Errno::EOPNOTSUPP) => return Err(Failure::Lacks("the file system has no handles")),
        Err(errno) => return Err(Failure::Refused("name_to_handle_at", errno)),
        Ok(_) => holds!(run, !handle.as_bytes().is_empty()),
    }
    fails!(run, EBADF, open_by_handle_at(closed(), &handle, O::RDONLY));
    let place = ok!(run, open(c".", O::RDONLY, Mode::empty()));
    let fd = ok!(run, open_by_handle_at(&place, &handle, O::RDONLY));
    same!(run, ok!(run, fstat(&fd)).st_size, 7);
    let nothing = FileHandle::from_bytes(77, &[0; 4]).unwrap_or_default();
    fails!(run, ESTALE, open_by_handle_at(&place, &nothing, O::RDONLY));
    remove(run, c"f")
}

/// Each call takes the descriptor where the kernel wants it.
fn closed_directories(run: &Run) -> Outcome {
    fails!(run, EBADF, mkdirat(closed(), c"d", mode(0o700)));
    fails!(run, EBADF, unlinkat(closed(), c"d", At::empty()));
    fails!(run, EBADF, linkat(closed(), c"f", AT_FDCWD, c"g", At::empty()));
    fails!(run, EBADF, symlinkat(c"f", closed(), c"g"));
    fails!(run, EBADF, readlinkat(closed(), c"f", &mut [0; 8]));
    fails!(run, EBADF, renameat(closed(), c"f", AT_FDCWD, c"g"));
    fails!(run, EBADF, renameat2(closed(), c"f", AT_FDCWD, c"g", Rename::empty()));
    fails!(run, EBADF, mknodat(closed(), c"f", Mode::IFIFO, Dev::from_raw(0)));
    fails!(run, EBADF, faccessat(closed(), c"f", Access::F_OK));
    fails!(run, EBADF, faccessat2(closed(), c"f", Access::F_OK, At::empty()));
    fails!(run, EBADF, openat2(closed(), c"f", &ring3::uapi::open_how { flags: 0, mode: 0, resolve: 0 }));
    Ok(())
}
