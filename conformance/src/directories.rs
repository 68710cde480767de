//! Names: directories, links, renaming.

use crate::{
    constants::*,
    files::{close, file, remove},
    place::Entries,
    report::{Outcome, Run},
};
use ring3::uapi::statx;

checks! { "directories":
    make_and_remove, list, list_wrong, hard_link, symbolic_link, rename, rename_exchange, change_into, fifo, mask_of_modes,
    long_name, temporary_directory_name,
}

fn make_and_remove(run: &Run) -> Outcome {
    let name = c"d".as_ptr();
    same!(run, ok!(run, mkdirat(AT_FDCWD, name, 0o700)), 0);
    fails!(run, EEXIST, mkdirat(AT_FDCWD, name, 0o700));
    fails!(run, EISDIR, unlinkat(AT_FDCWD, name, 0));
    close(run, file(run, c"d/f", b"")?)?;
    fails!(run, ENOTEMPTY, unlinkat(AT_FDCWD, name, AT_REMOVEDIR));
    fails!(run, ENOTDIR, unlinkat(AT_FDCWD, c"d/f".as_ptr(), AT_REMOVEDIR));
    remove(run, c"d/f")?;
    same!(run, ok!(run, unlinkat(AT_FDCWD, name, AT_REMOVEDIR)), 0);
    fails!(run, ENOENT, unlinkat(AT_FDCWD, name, AT_REMOVEDIR));
    fails!(run, EINVAL, unlinkat(AT_FDCWD, name, 1));
    Ok(())
}

fn list(run: &Run) -> Outcome {
    const NAMES: [&core::ffi::CStr; 5] = [c".", c"..", c"a", c"some longer name", c"z"];
    ok!(run, mkdirat(AT_FDCWD, c"d".as_ptr(), 0o700));
    let fd = ok!(run, openat(AT_FDCWD, c"d".as_ptr(), O_RDONLY | O_DIRECTORY, 0));
    for name in &NAMES[2..] {
        close(run, ok!(run, openat(fd as _, name.as_ptr(), O_CREAT | O_WRONLY, 0o600)))?;
    }
    let mut entries = Entries::new();
    let mut seen = [0; NAMES.len()];
    let mut others = 0;
    while let len @ 1.. = ok!(run, getdents64(fd as _, entries.as_mut_ptr(), Entries::SIZE as _)) {
        for entry in entries.names(len) {
            match NAMES.iter().position(|&name| name == entry) {
                Some(n) => seen[n] += 1,
                None => others += 1,
            }
        }
    }
    same!(run, (seen, others), ([1; NAMES.len()], 0));
    for name in &NAMES[2..] {
        same!(run, ok!(run, unlinkat(fd as _, name.as_ptr(), 0)), 0);
    }
    close(run, fd)?;
    ok!(run, unlinkat(AT_FDCWD, c"d".as_ptr(), AT_REMOVEDIR));
    Ok(())
}

fn list_wrong(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    let mut entries = Entries::new();
    fails!(run, ENOTDIR, getdents64(fd as _, entries.as_mut_ptr(), Entries::SIZE as _));
    close(run, fd)?;
    remove(run, c"f")?;
    let fd = ok!(run, openat(AT_FDCWD, c".".as_ptr(), O_RDONLY, 0));
    fails!(run, EINVAL, getdents64(fd as _, entries.as_mut_ptr(), 1));
    close(run, fd)
}

fn hard_link(run: &Run) -> Outcome {
    let fd = file(run, c"f", b"")?;
    same!(run, ok!(run, linkat(AT_FDCWD, c"f".as_ptr(), AT_FDCWD, c"g".as_ptr(), 0)), 0);
    same!(run, crate::files::status(run, fd)?.stx_nlink, 2);
    fails!(run, EEXIST, linkat(AT_FDCWD, c"f".as_ptr(), AT_FDCWD, c"g".as_ptr(), 0));
    fails!(run, ENOENT, linkat(AT_FDCWD, c"missing".as_ptr(), AT_FDCWD, c"h".as_ptr(), 0));
    close(run, fd)?;
    remove(run, c"f")?;
    remove(run, c"g")
}

fn symbolic_link(run: &Run) -> Outcome {
    same!(run, ok!(run, symlinkat(c"target".as_ptr(), AT_FDCWD, c"l".as_ptr())), 0);
    let mut bytes = [0u8; 16];
    same!(run, ok!(run, readlinkat(AT_FDCWD, c"l".as_ptr(), bytes.as_mut_ptr().cast(), 16)), 6);
    same!(run, &bytes[..7], b"target\0");
    // A result that does not fit is cut.
    same!(run, ok!(run, readlinkat(AT_FDCWD, c"l".as_ptr(), bytes.as_mut_ptr().cast(), 3)), 3);
    fails!(run, EINVAL, readlinkat(AT_FDCWD, c".".as_ptr(), bytes.as_mut_ptr().cast(), 16));
    fails!(run, EINVAL, readlinkat(AT_FDCWD, c"l".as_ptr(), bytes.as_mut_ptr().cast(), 0));
    fails!(run, EEXIST, symlinkat(c"other".as_ptr(), AT_FDCWD, c"l".as_ptr()));
    remove(run, c"l")
}

fn rename(run: &Run) -> Outcome {
    close(run, file(run, c"f", b"")?)?;
    close(run, file(run, c"g", b"")?)?;
    let (f, g, h) = (c"f".as_ptr(), c"g".as_ptr(), c"h".as_ptr());
    fails!(run, EEXIST, renameat2(AT_FDCWD, f, AT_FDCWD, g, RENAME_NOREPLACE));
    fails!(run, EINVAL, renameat2(AT_FDCWD, f, AT_FDCWD, g, RENAME_NOREPLACE | RENAME_EXCHANGE));
    same!(run, ok!(run, renameat2(AT_FDCWD, f, AT_FDCWD, h, 0)), 0);
    fails!(run, ENOENT, renameat2(AT_FDCWD, f, AT_FDCWD, h, 0));
    fails!(run, ENOENT, faccessat(AT_FDCWD, f, 0));
    remove(run, c"g")?;
    remove(run, c"h")
}

fn rename_exchange(run: &Run) -> Outcome {
    close(run, file(run, c"f", b"ff")?)?;
    close(run, file(run, c"g", b"gggg")?)?;
    ok!(run, renameat2(AT_FDCWD, c"f".as_ptr(), AT_FDCWD, c"g".as_ptr(), RENAME_EXCHANGE));
    // SAFETY: statx is plain data.
    let mut status: statx = unsafe { core::mem::zeroed() };
    ok!(run, statx(AT_FDCWD, c"f".as_ptr(), 0, STATX_BASIC_STATS, &raw mut status));
    same!(run, status.stx_size, 4);
    remove(run, c"f")?;
    remove(run, c"g")
}

fn change_into(run: &Run) -> Outcome {
    ok!(run, mkdirat(AT_FDCWD, c"d".as_ptr(), 0o700));
    let back = ok!(run, openat(AT_FDCWD, c".".as_ptr(), O_PATH | O_DIRECTORY, 0));
    let mut path = [0u8; 512];
    same!(run, ok!(run, chdir(c"d".as_ptr())), 0);
    let len = ok!(run, getcwd(path.as_mut_ptr().cast(), path.len() as _));
    holds!(run, path[..len].starts_with(b"/") && path[..len].ends_with(b"/d\0"));
    fails!(run, ERANGE, getcwd(path.as_mut_ptr().cast(), 2));
    same!(run, ok!(run, fchdir(back as _)), 0);
    fails!(run, ENOENT, chdir(c"missing".as_ptr()));
    fails!(run, EBADF, fchdir(12345));
    ok!(run, unlinkat(AT_FDCWD, c"d".as_ptr(), AT_REMOVEDIR));
    close(run, back)
}

fn fifo(run: &Run) -> Outcome {
    same!(run, ok!(run, mknodat(AT_FDCWD, c"p".as_ptr(), S_IFIFO | 0o600, 0)), 0);
    fails!(run, ENXIO, openat(AT_FDCWD, c"p".as_ptr(), O_WRONLY | O_NONBLOCK, 0));
    let fd = ok!(run, openat(AT_FDCWD, c"p".as_ptr(), O_RDONLY | O_NONBLOCK, 0));
    same!(run, crate::files::status(run, fd)?.stx_mode & S_IFMT, S_IFIFO);
    let mut byte = 0u8;
    fails!(run, ESPIPE, pread64(fd as _, (&raw mut byte).cast(), 1, 0));
    close(run, fd)?;
    remove(run, c"p")
}

fn mask_of_modes(run: &Run) -> Outcome {
    let old = ok!(run, umask(0o077));
    let fd = ok!(run, openat(AT_FDCWD, c"f".as_ptr(), O_CREAT | O_WRONLY, 0o666));
    same!(run, ok!(run, umask(old as _)), 0o077);
    same!(run, crate::files::status(run, fd)?.stx_mode & 0o7777, 0o600);
    close(run, fd)?;
    remove(run, c"f")
}

fn long_name(run: &Run) -> Outcome {
    let mut name = [b'n'; 300];
    name[299] = 0;
    fails!(run, ENAMETOOLONG, openat(AT_FDCWD, name.as_ptr().cast(), O_RDONLY, 0));
    Ok(())
}

fn temporary_directory_name(run: &Run) -> Outcome {
    let mut path = [0u8; 512];
    let len = ok!(run, getcwd(path.as_mut_ptr().cast(), path.len() as _));
    holds!(run, path[..len].windows(18).any(|part| part == b"ring3-conformance-"));
    Ok(())
}
