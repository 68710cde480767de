//! `cp [--how METHOD] [--progress] [--times] FROM TO` or `cp .. FROM... DIRECTORY`: copies files.
//!
//! It shows the calls that copy without a program's buffer (copy_file_range, sendfile, splice), an io_uring, holes, and how a file
//! appears under its name only when it is complete: it is written without a name (`O_TMPFILE`), or under another one, and a full disk or a
//! signal leaves what was there before.
//!
//! ```sh
//! cargo run --release --example cp -- --progress /usr/bin/gdb /tmp
//! strace target/release/examples/cp --how io_uring /etc/passwd /tmp/passwd
//! ```

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

mod arguments;
mod copy;
mod how;
mod path;
mod progress;
mod ring;
mod stop;
mod target;
mod uring;

use arguments::{Command, Options};
use copy::Copy;
use core::{ffi::CStr, fmt::Display};
use how::{Failure, Files, How};
use path::{PathBuf, Shown};
use progress::Progress;
use ring3::{
    AT_FDCWD, AsFd, Env, Errno, ExitCode, OwnedFd,
    consts::{At, Mode, O},
    eprintln, retry, sys,
    sys::Stat,
};
use target::Target;

ring3::entry!(main);

/// Something that was reported.
struct Failed;

fn report(path: &CStr, text: impl Display) -> Failed {
    eprintln!("cp: {}: {text}", Shown(path));
    Failed
}

/// What turns an error into a message about a path.
fn about(path: &CStr) -> impl Fn(Errno) -> Failed {
    move |error| report(path, error)
}

/// The ways to try where none was asked for, the best first. Only reading and writing do for every file.
fn ways(from: &Stat, to: &Stat) -> &'static [How] {
    let is = |kind| move |stat: &Stat| stat.st_mode & Mode::IFMT == kind;
    if is(Mode::IFREG)(from) && is(Mode::IFREG)(to) {
        &[How::CopyFileRange, How::Sendfile, How::ReadWrite]
    } else if is(Mode::IFIFO)(from) || is(Mode::IFIFO)(to) {
        &[How::Splice, How::ReadWrite]
    } else {
        &[How::ReadWrite]
    }
}

/// The permissions of a copy. A program does not run as somebody else because it was copied by them.
fn permissions(from: &Stat, to: &Stat) -> Mode {
    let mut mode = from.st_mode - Mode::IFMT;
    if from.st_uid != to.st_uid {
        mode = mode - Mode::ISUID;
    }
    if from.st_gid != to.st_gid {
        mode = mode - Mode::ISGID;
    }
    mode
}

/// Copies what is in a file, and what else belongs to it.
fn fill(source: (&CStr, &OwnedFd, &Stat), target: (&CStr, &Target), options: &Options) -> Result<(), Failed> {
    let ((from, file, stat), (to, target)) = (source, target);
    let there = sys::fstat(&target.file).map_err(about(to))?;
    let regular = |stat: &Stat| stat.st_mode & Mode::IFMT == Mode::IFREG;
    let whole = regular(stat) && regular(&there);
    let files = Files {
        from: file.as_fd(),
        to: target.file.as_fd(),
        // Files as in /proc have content, and the size 0.
        stream: !whole || stat.st_size == 0,
    };
    let asked = options.how.as_ref().map(core::slice::from_ref);
    let [first, others @ ..] = asked.unwrap_or(ways(stat, &there)) else { return Ok(()) };
    let mut progress = Progress::new(options.progress, stat.st_size);
    match Copy::new(files, (*first, others), &mut progress).run() {
        Ok(_) => {}
        Err((failure, how)) => {
            progress.abandon();
            return Err(match failure {
                Failure::Input(error) => report(from, error),
                Failure::Output(error) => report(to, error),
                Failure::Unfit(error) => {
                    report(from, format_args!("cannot be copied by {}: {error}", how.name()))
                }
            });
        }
    }
    if whole {
        sys::fchmod(&target.file, permissions(stat, &there)).map_err(about(to))?;
    }
    if options.times && target.is_new() {
        let times = [stat.st_atim, stat.st_mtim];
        sys::utimensat(&target.file, None, Some(&times), At::empty()).map_err(about(to))?;
    }
    Ok(())
}

/// Copies one file.
fn copy(from: &CStr, to: &CStr, options: &Options) -> Result<(), Failed> {
    let file = retry(|| sys::openat(AT_FDCWD, from, O::RDONLY | O::CLOEXEC, Mode::empty()));
    let file = file.map_err(about(from))?;
    let stat = sys::fstat(&file).map_err(about(from))?;
    let kind = stat.st_mode & Mode::IFMT;
    if kind == Mode::IFDIR {
        return Err(report(from, "is a directory, and only files are copied"));
    }
    if let Ok(there) = sys::newfstatat(AT_FDCWD, to, At::empty()) {
        if there.st_mode & Mode::IFMT == Mode::IFDIR {
            // The last of the directory's own name.
            return Err(report(to, Errno::EISDIR));
        }
        if (there.st_dev, there.st_ino) == (stat.st_dev, stat.st_ino) {
            return Err(report(to, format_args!("is the same file as {}", Shown(from))));
        }
    }
    // A file gets its permissions at last; what comes from elsewhere has none but the usual ones.
    let mode = Mode::from_bits_retain(if kind == Mode::IFREG { 0o600 } else { 0o666 });
    let target = Target::open(to, mode).map_err(about(to))?;
    match fill((from, &file, &stat), (to, &target), options) {
        Ok(()) => target.finish().map_err(about(to)),
        Err(failed) => {
            target.give_up();
            Err(failed)
        }
    }
}

/// Copies a file into a directory.
fn copy_into(directory: &CStr, from: &CStr, options: &Options) -> Result<(), Failed> {
    let parts = [directory.to_bytes(), b"/", path::name(from.to_bytes())];
    let to: PathBuf = PathBuf::of(&parts).map_err(about(directory))?;
    copy(from, to.as_c_str(), options)
}

fn is_directory(path: &CStr) -> bool {
    sys::newfstatat(AT_FDCWD, path, At::empty()).is_ok_and(|stat| stat.st_mode & Mode::IFMT == Mode::IFDIR)
}

fn run(command: &Command) -> Result<(), Failed> {
    let Command { options, sources, to, .. } = command;
    stop::prepare().map_err(about(c"signals"))?;
    if !is_directory(to) {
        return match (command.from().next(), sources) {
            (Some(from), 1) => copy(from, to, options),
            _ => Err(report(to, Errno::ENOTDIR)),
        };
    }
    let mut result = Ok(());
    for from in command.from() {
        // What can be copied is.
        result = copy_into(to, from, options).and(result);
    }
    result
}

fn main(env: Env) -> ExitCode {
    match arguments::parse(env) {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(command)) => match run(&command) {
            Ok(()) => ExitCode::SUCCESS,
            Err(Failed) => ExitCode::FAILURE,
        },
        Err(usage) => {
            eprintln!("cp: {usage}");
            2.into()
        }
    }
}
