//! What is left where a copy does not come out: what was there before, and nothing else.

use crate::{CP, Dir, METHODS, cp, failed, noise, succeeded, ways};
use ring3::{Errno, sys};
use std::{
    fs::{self, File},
    io::Write,
    os::{
        fd::AsRawFd,
        unix::process::{CommandExt, ExitStatusExt},
    },
    process::{Child, Command, Output},
    time::{Duration, Instant},
};

#[test]
fn what_cannot_be_meant_is_refused() {
    let dir = Dir::new();
    dir.write("file", b"text");
    fs::hard_link(dir.path("file"), dir.path("same")).unwrap();
    std::os::unix::fs::symlink("file", dir.path("link")).unwrap();
    fs::create_dir(dir.path("dir")).unwrap();
    for same in ["file", "./file", "same", "link", "."] {
        let shown = if same == "." { "./file" } else { same };
        failed(&dir.cp(&["file", same]), 1, &format!("{shown}: is the same file as file"));
    }
    failed(&dir.cp(&["dir", "copy"]), 1, "dir: is a directory, and only files are copied");
    failed(&dir.cp(&["missing", "copy"]), 1, &format!("missing: {}", Errno::ENOENT));
    failed(&dir.cp(&["file", "missing/copy"]), 1, &format!("missing/copy: {}", Errno::ENOENT));
    failed(&dir.cp(&["file", "missing/"]), 1, &format!("missing/: {}", Errno::ENOTDIR));
    failed(&dir.cp(&["file", "file/copy"]), 1, &format!("file/copy: {}", Errno::ENOTDIR));
    assert_eq!(dir.read("file"), b"text");
    assert_eq!(dir.names(), ["dir", "file", "link", "same"]);

    let usage = "two paths are wanted: --help says more";
    failed(&dir.cp(&[]), 2, usage);
    failed(&dir.cp(&["file"]), 2, usage);
    failed(&dir.cp(&["--fast", "file", "copy"]), 2, "there is no option --fast");
    failed(&dir.cp(&["file", "--how"]), 2, "--how wants a method");
    let methods = METHODS.join(" ");
    failed(&dir.cp(&["--how", "magic", "file", "copy"]), 2, &format!("--how magic: there are {methods}"));
    let help = dir.cp(&["--help"]);
    succeeded(&help);
    assert!(String::from_utf8_lossy(&help.stdout).starts_with("usage: cp "));
}

/// The program without /proc in a mount namespace of its own, where it cannot name a file that has no name.
fn without_proc(command: &mut Command) -> &mut Command {
    // SAFETY: three calls are all that the child makes.
    unsafe {
        command.pre_exec(|| {
            let flags = libc::MS_REC | libc::MS_PRIVATE;
            let nothing = std::ptr::null();
            if libc::unshare(libc::CLONE_NEWNS) == 0
                && libc::mount(nothing, c"/".as_ptr(), nothing, flags, nothing.cast()) == 0
                && libc::umount2(c"/proc".as_ptr(), libc::MNT_DETACH) == 0
            {
                return Ok(());
            }
            Err(std::io::Error::last_os_error())
        })
    }
}

/// What ends a copy, and has to leave nothing.
const ENDING: [i32; 3] = [libc::SIGTERM, libc::SIGINT, libc::SIGHUP];

/// A copy that has read all there is in a pipe, and waits for more.
fn waiting(dir: &Dir, named: bool) -> Option<(Child, File)> {
    let mut command = cp();
    command.args(["fifo", "to"]).current_dir(dir.0.path());
    if named {
        without_proc(&mut command);
    }
    let child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            println!("not shown: a mount namespace: {error}");
            return None;
        }
    };
    let mut fifo = File::create(dir.path("fifo")).unwrap();
    fifo.write_all(&noise(50_000)).unwrap();
    // SAFETY: the file lasts longer than this.
    let fd = unsafe { <ring3::BorrowedFd>::borrow_raw(fifo.as_raw_fd()) };
    let start = Instant::now();
    while sys::ioctl::fionread(fd).unwrap() > 0 || (named && dir.names().len() < 3) {
        assert!(start.elapsed() < Duration::from_secs(20), "nobody reads");
        std::thread::sleep(Duration::from_millis(2));
    }
    Some((child, fifo))
}

#[test]
fn a_signal_leaves_nothing() {
    let dir = Dir::new();
    dir.fifo("fifo");
    dir.write("to", b"as it was");
    for named in [false, true] {
        for signal in ENDING {
            let Some((mut child, _fifo)) = waiting(&dir, named) else { return };
            let temporary: Vec<_> = dir.names().into_iter().filter(|name| name.starts_with(".cp-")).collect();
            assert_eq!(temporary.len(), usize::from(named));
            // SAFETY: the child is not waited for yet.
            unsafe { libc::kill(child.id() as i32, signal) };
            assert_eq!(child.wait().unwrap().signal(), Some(signal));
            assert_eq!(dir.names(), ["fifo", "to"]);
            assert_eq!(dir.read("to"), b"as it was");
        }
        // Undisturbed, it is complete.
        let Some((mut child, fifo)) = waiting(&dir, named) else { return };
        drop(fifo);
        assert!(child.wait().unwrap().success());
        assert!(dir.read("to") == noise(50_000));
        assert_eq!(dir.names(), ["fifo", "to"]);
        dir.write("to", b"as it was");
    }
}

/// A file without a name goes with its process, even if that has no time to think of it.
#[test]
fn being_killed_leaves_nothing() {
    let dir = Dir::new();
    dir.fifo("fifo");
    let Some((mut child, _fifo)) = waiting(&dir, false) else { return };
    child.kill().unwrap();
    child.wait().unwrap();
    if dir.names() != ["fifo"] {
        println!("not shown: this file system has no files without names");
    }
}

#[test]
fn a_limit_leaves_what_was_there() {
    let dir = Dir::new();
    dir.write("from", &noise(3 << 20));
    for named in [false, true] {
        for there in [false, true] {
            for way in ways() {
                if there {
                    dir.write("to", b"as it was");
                }
                let mut command = cp();
                command.args(way.iter().chain(&["from", "to"])).current_dir(dir.0.path());
                if named {
                    without_proc(&mut command);
                }
                // SAFETY: setrlimit(2) is all that the child calls.
                unsafe {
                    command.pre_exec(|| {
                        let limit = libc::rlimit { rlim_cur: 1 << 20, rlim_max: 1 << 20 };
                        libc::setrlimit(libc::RLIMIT_FSIZE, &limit);
                        Ok(())
                    })
                };
                let output = match command.output() {
                    Ok(output) => output,
                    Err(error) => {
                        println!("not shown: a mount namespace: {error}");
                        return;
                    }
                };
                failed(&output, 1, &format!("to: {}", Errno::EFBIG));
                if there {
                    assert_eq!(dir.read("to"), b"as it was");
                    fs::remove_file(dir.path("to")).unwrap();
                }
                assert_eq!(dir.names(), ["from"]);
            }
        }
    }
}

/// A disk of 1 MiB, in a mount namespace of its own.
#[test]
fn a_full_disk_leaves_what_was_there() {
    let dir = Dir::new();
    dir.write("from", &noise(3 << 20));
    fs::create_dir(dir.path("disk")).unwrap();
    for way in ways() {
        let script = "mount -t tmpfs -o size=1m none disk || exit 99; printf 'as it was' >disk/to
            \"$@\" 2>&1; echo $?; cat disk/to; echo; ls -A disk";
        let mut command = Command::new("unshare");
        command.args(["-m", "sh", "-c", script, "sh"]).arg(&*CP).args(&way).args(["from", "disk/to"]);
        let output = command.current_dir(dir.0.path()).output();
        let output = match output {
            // unshare's own, and the script's.
            Ok(output) if ![Some(1), Some(99)].contains(&output.status.code()) => output,
            refused => {
                println!("not shown: a small disk: {refused:?}");
                return;
            }
        };
        let said = String::from_utf8_lossy(&output.stdout);
        if way == ["--how", "copy_file_range"] && said.contains(&Errno::EXDEV.to_string()) {
            continue;
        }
        assert_eq!(said, format!("cp: disk/to: {}\n1\nas it was\nto\n", Errno::ENOSPC), "{way:?}");
    }
}

/// The program while strace puts errors in the place of the kernel's answers.
fn with_errors(dir: &Dir, inject: &[&str], arguments: &[&str]) -> Option<Output> {
    let strace = |inject: &[&str]| {
        let mut strace = Command::new("strace");
        strace.args(["-o", "/dev/null"]);
        strace.args(inject.iter().flat_map(|inject| ["-e".into(), format!("inject={inject}")]));
        strace
    };
    if !strace(&["read:error=EIO:when=100"]).arg("true").status().is_ok_and(|status| status.success()) {
        println!("not shown: strace is missing or may not trace here");
        return None;
    }
    Some(strace(inject).arg(&*CP).args(arguments).current_dir(dir.0.path()).output().unwrap())
}

/// Whatever does not serve gives way to what does, in the midst of a copy, too.
#[test]
fn nothing_is_lost_when_a_call_does_not_serve() {
    let dir = Dir::new();
    let content = noise((17 << 20) + 5);
    dir.write("from", &content);
    for inject in [
        &["copy_file_range:error=EXDEV"][..],
        &["copy_file_range:error=EINVAL:when=2+"],
        &["copy_file_range:error=ENOSYS", "sendfile:error=EINVAL"],
        &["copy_file_range:error=EPERM:when=2+", "sendfile:error=EOPNOTSUPP:when=2+"],
        &["lseek:error=EINVAL:when=1"],
        &["openat:error=EOPNOTSUPP:when=3"],
        // A signal that interrupts.
        &["copy_file_range:error=EINTR:when=1..2"],
    ] {
        let Some(output) = with_errors(&dir, inject, &["from", "to"]) else { return };
        succeeded(&output);
        assert!(dir.read("to") == content, "{inject:?}");
        assert_eq!(dir.names(), ["from", "to"]);
    }
    // What is in the pipe between two files when it cannot go on is not read again from the source.
    dir.fifo("fifo");
    for inject in ["splice:error=EINVAL:when=1+2", "splice:error=EINVAL:when=4", "splice:error=EINVAL"] {
        let (path, bytes) = (dir.path("fifo"), content.clone());
        let writer = std::thread::spawn(move || File::create(path).unwrap().write_all(&bytes));
        let Some(output) = with_errors(&dir, &[inject], &["fifo", "to"]) else { return };
        writer.join().unwrap().unwrap();
        succeeded(&output);
        assert!(dir.read("to") == content, "{inject}");
    }
}

#[test]
fn errors_say_whose_they_are() {
    let dir = Dir::new();
    dir.write("from", &noise(1 << 20));
    let io = Errno::EIO;
    for (inject, way, line) in [
        (
            &["copy_file_range:error=EIO", "sendfile:error=EIO", "read:error=EIO"][..],
            &[][..],
            format!("from: {io}"),
        ),
        (&["read:error=EIO:when=2+"], &["--how", "read/write"], format!("from: {io}")),
        (&["write:error=EDQUOT:when=2"], &["--how", "read/write"], format!("to: {}", Errno::EDQUOT)),
        (&["ftruncate:error=EIO"], &[], format!("to: {io}")),
        (&["fchmod:error=EPERM"], &[], format!("to: {}", Errno::EPERM)),
        (&["linkat:error=EIO"], &[], format!("to: {io}")),
        (
            &["io_uring_setup:error=ENOSYS"],
            &["--how", "io_uring"],
            format!("from: cannot be copied by io_uring: {}", Errno::ENOSYS),
        ),
        (
            &["io_uring_setup:error=EPERM"],
            &["--how", "io_uring"],
            format!("from: cannot be copied by io_uring: {}", Errno::EPERM),
        ),
    ] {
        let Some(output) = with_errors(&dir, inject, &[way, &["from", "to"]].concat()) else { return };
        failed(&output, 1, &line);
        assert_eq!(dir.names(), ["from"], "{inject:?}");
    }
    // The last step, with a target that is there, and with a file that has a name of its own.
    dir.write("to", b"as it was");
    for inject in [&["renameat:error=EIO"][..], &["renameat:error=EIO", "openat:error=EOPNOTSUPP:when=3"]] {
        let Some(output) = with_errors(&dir, inject, &["from", "to"]) else { return };
        failed(&output, 1, &format!("to: {io}"));
        assert_eq!((dir.names(), dir.read("to")), (vec!["from".into(), "to".into()], b"as it was".to_vec()));
    }
}
