//! Names of files, and directories.

use crate::report::{Check, Outcome, Run};
use crate::tools::mode;
use ring3::AT_FDCWD;
use ring3::consts::{At, Mode, O, Rename};

pub const CHECKS: &[Check] = &[
    ("links", links),
    ("renaming", renaming),
    ("exchange", exchange),
    ("directories", directories),
    ("working directory", working_directory),
];

fn links(run: &Run) -> Outcome {
    call!(run, creat(c"one", mode(0o600)))?;
    call!(run, link(c"one", c"two"))?;
    call!(run, linkat(AT_FDCWD, c"two", AT_FDCWD, c"three", At::empty()))?;
    same!(run, call!(run, stat(c"one"))?.st_nlink, 3);
    refused!(run, EEXIST, link(c"one", c"two"));
    call!(run, unlink(c"two"))?;
    call!(run, unlinkat(AT_FDCWD, c"three", At::empty()))?;
    same!(run, call!(run, stat(c"one"))?.st_nlink, 1);
    refused!(run, ENOENT, unlink(c"two"));

    call!(run, symlink(c"where/to", c"soft"))?;
    call!(run, symlinkat(c"somewhere", AT_FDCWD, c"softer"))?;
    let mut target = [0; 32];
    same!(run, call!(run, readlink(c"soft", &mut target))?, 8);
    same!(run, target[..8], *b"where/to");
    same!(run, call!(run, readlinkat(AT_FDCWD, c"softer", &mut target[..4]))?, 4);
    same!(run, target[..8], *b"somee/to");
    refused!(run, EINVAL, readlink(c"one", &mut target));
    Ok(())
}

fn renaming(run: &Run) -> Outcome {
    call!(run, creat(c"old", mode(0o600)))?;
    let number = call!(run, stat(c"old"))?.st_ino;
    call!(run, rename(c"old", c"new"))?;
    refused!(run, ENOENT, rename(c"old", c"new"));
    call!(run, renameat(AT_FDCWD, c"new", AT_FDCWD, c"newer"))?;
    same!(run, call!(run, stat(c"newer"))?.st_ino, number);
    call!(run, renameat2(AT_FDCWD, c"newer", AT_FDCWD, c"newest", Rename::empty()))?;
    same!(run, call!(run, stat(c"newest"))?.st_ino, number);
    Ok(())
}

fn exchange(run: &Run) -> Outcome {
    call!(run, creat(c"left", mode(0o600)))?;
    call!(run, creat(c"right", mode(0o600)))?;
    refused!(run, EEXIST, renameat2(AT_FDCWD, c"left", AT_FDCWD, c"right", Rename::NOREPLACE));
    Ok(())
}

fn directories(run: &Run) -> Outcome {
    call!(run, mkdir(c"dir", mode(0o750)))?;
    same!(run, call!(run, stat(c"dir"))?.st_mode, mode(0o040_750));
    call!(run, mkdirat(AT_FDCWD, c"dir/inner", mode(0o700)))?;
    refused!(run, ENOTEMPTY, rmdir(c"dir"));
    refused!(run, EEXIST, mkdir(c"dir", mode(0o700)));
    let fd = call!(run, open(c"dir", O::RDONLY | O::DIRECTORY, Mode::empty()))?;
    // The entries of the directory itself, its parent's and inner: of any length that fits.
    let mut entries = [0; 512];
    let length = call!(run, getdents64(&fd, &mut entries))?;
    holds!(run, (3 * 24..200).contains(&length));
    holds!(run, entries[..length].windows(7).any(|name| name == b"\x04inner\0"));
    same!(run, call!(run, getdents64(&fd, &mut entries))?, 0);
    refused!(run, ENOTDIR, getdents64(&call!(run, creat(c"plain", mode(0o600)))?, &mut entries));
    call!(run, rmdir(c"dir/inner"))?;
    call!(run, rmdir(c"dir"))?;
    refused!(run, ENOENT, rmdir(c"dir"));
    Ok(())
}

fn working_directory(run: &Run) -> Outcome {
    let outer = call!(run, open(c".", O::RDONLY | O::DIRECTORY, Mode::empty()))?;
    call!(run, mkdir(c"below", mode(0o700)))?;
    call!(run, chdir(c"below"))?;
    let mut path = [0; 256];
    let length = call!(run, getcwd(&mut path))?;
    holds!(run, path[..length].starts_with(b"/tmp/") && path[..length].ends_with(b"/below\0"));
    refused!(run, ERANGE, getcwd(&mut path[..4]));
    call!(run, fchdir(&outer))?;
    call!(run, rmdir(c"below"))?;
    refused!(run, ENOENT, chdir(c"below"));
    Ok(())
}
