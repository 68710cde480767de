//! The example `cp`: what it copies, byte by byte, and what it leaves behind where it cannot.
//!
//! `cargo xtask cross` copies a few files on every ABI, `cargo xtask boot` on real kernels.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

#[path = "common/examples.rs"]
mod examples;

use ring3::{Errno, sys};
use std::{
    fs::{self, File},
    io::Write,
    os::{
        fd::AsRawFd,
        unix::{
            fs::{FileExt, MetadataExt, PermissionsExt},
            process::{CommandExt, ExitStatusExt},
        },
    },
    path::PathBuf,
    process::{Child, Command, Output},
    sync::LazyLock,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const METHODS: [&str; 5] = ["copy_file_range", "sendfile", "splice", "io_uring", "read/write"];
static CP: LazyLock<PathBuf> = LazyLock::new(|| examples::build("cp", "x86_64-unknown-linux-gnu"));

fn cp() -> Command {
    Command::new(&*CP)
}

/// The methods that this kernel has; the others are named.
static USABLE: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let dir = Dir::new();
    dir.write("probe", b"x");
    let usable = |method: &&str| {
        let output = dir.cp(&["--how", method, "probe", "probe.copy"]);
        let refused = stderr(&output).contains(&format!("{}", Errno::ENOSYS))
            || stderr(&output).contains(&format!("{}", Errno::EPERM));
        if refused {
            println!("not shown: {method}: {}", stderr(&output));
        }
        !refused
    };
    METHODS.into_iter().filter(usable).collect()
});

/// Nothing at all, and each method of those that this kernel has.
fn ways() -> Vec<Vec<&'static str>> {
    std::iter::once(vec![]).chain(USABLE.iter().map(|&method| vec!["--how", method])).collect()
}

/// A directory that the program runs in.
struct Dir(TempDir);

impl Dir {
    fn new() -> Self {
        Self(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.path(name), content).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    fn fifo(&self, name: &str) {
        let made = Command::new("mkfifo").arg(self.path(name)).status().unwrap();
        assert!(made.success());
    }

    fn cp(&self, arguments: &[&str]) -> Output {
        cp().args(arguments).current_dir(self.0.path()).output().unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
fn succeeded(output: &Output) {
    assert!(output.status.success() && output.stderr.is_empty(), "{}: {}", output.status, stderr(output));
}

/// It ended with this code and this line.
#[track_caller]
fn failed(output: &Output, code: i32, line: &str) {
    assert_eq!((output.status.code(), stderr(output)), (Some(code), format!("cp: {line}\n")));
}

/// Bytes that no block of which is like another.
fn noise(length: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(length as u64);
    std::iter::repeat_with(|| random.u8(..)).take(length).collect()
}

#[test]
fn every_byte_is_copied() {
    let dir = Dir::new();
    for length in [0, 1, 4095, 4096, 4097, 65_536, 524_288, 524_289, 3 << 20, (9 << 20) + 12_345] {
        let content = noise(length);
        dir.write("from", &content);
        for way in ways() {
            succeeded(&dir.cp(&[&way[..], &["from", "to"]].concat()));
            assert!(dir.read("to") == content, "{way:?}: {length} bytes");
            // And where no file was.
            fs::remove_file(dir.path("to")).unwrap();
            succeeded(&dir.cp(&[&way[..], &["from", "to"]].concat()));
            assert!(dir.read("to") == content, "{way:?}: {length} bytes");
        }
    }
    assert_eq!(dir.names(), ["from", "to"]);
}

/// A file of 1 GiB with a few blocks: the copy has the same holes, at the end, too.
#[test]
fn holes_stay() {
    let dir = Dir::new();
    let from = File::options().read(true).write(true).create_new(true).open(dir.path("from")).unwrap();
    let places = [0, 1 << 20, 500_000_000, 800 << 20];
    for place in places {
        from.write_all_at(&noise(70_001), place).unwrap();
    }
    from.set_len(1 << 30).unwrap();
    from.sync_all().unwrap();
    let blocks = from.metadata().unwrap().blocks();
    assert!(blocks < 4096, "this file system keeps no holes");
    for way in ways() {
        succeeded(&dir.cp(&[&way[..], &["from", "to"]].concat()));
        let to = File::open(dir.path("to")).unwrap();
        to.sync_all().unwrap();
        let metadata = to.metadata().unwrap();
        assert_eq!(metadata.len(), 1 << 30);
        assert!(metadata.blocks() <= blocks + 64, "{way:?}: {} blocks of {blocks}", metadata.blocks());
        assert_eq!(extents(&to), extents(&from), "{way:?}");
        for place in places {
            let (mut expected, mut found) = (vec![0; 90_000], vec![1; 90_000]);
            from.read_exact_at(&mut expected, place).unwrap();
            to.read_exact_at(&mut found, place).unwrap();
            assert!(found == expected, "{way:?}: the bytes at {place}");
        }
    }
}

/// Where a file's data begin and end.
fn extents(file: &File) -> Vec<(i64, i64)> {
    let (mut extents, mut at) = (Vec::new(), 0);
    loop {
        // SAFETY: numbers only.
        let data = unsafe { libc::lseek(file.as_raw_fd(), at, libc::SEEK_DATA) };
        if data < 0 {
            return extents;
        }
        // SAFETY: numbers only.
        at = unsafe { libc::lseek(file.as_raw_fd(), data, libc::SEEK_HOLE) };
        extents.push((data, at));
    }
}

#[test]
fn permissions_stay() {
    let dir = Dir::new();
    dir.write("from", b"text");
    let mode = |name: &str| fs::metadata(dir.path(name)).unwrap().mode() & 0o7777;
    let set = |mode| fs::set_permissions(dir.path("from"), fs::Permissions::from_mode(mode)).unwrap();
    for (permissions, way) in
        [0o600, 0o755, 0o444, 0o4755, 0o6711, 0o666].into_iter().zip(ways().into_iter().cycle())
    {
        set(permissions);
        succeeded(&dir.cp(&[&way[..], &["from", "to"]].concat()));
        assert_eq!(mode("to"), permissions, "{way:?}");
    }
    // Another's program does not become one that runs as whoever copies it.
    match std::os::unix::fs::chown(dir.path("from"), Some(12_345), Some(12_345)) {
        Err(error) => println!("not shown: a file of another owner: {error}"),
        Ok(()) => {
            set(0o6755);
            succeeded(&dir.cp(&["from", "to"]));
            assert_eq!(mode("to"), 0o755);
        }
    }
}

#[test]
fn times_stay_when_asked() {
    let dir = Dir::new();
    dir.write("from", b"text");
    let then = std::time::SystemTime::UNIX_EPOCH + Duration::new(1_000_000_000, 123_456_000);
    let from = File::options().append(true).open(dir.path("from")).unwrap();
    from.set_times(fs::FileTimes::new().set_modified(then).set_accessed(then)).unwrap();
    let modified = || fs::metadata(dir.path("to")).unwrap().modified().unwrap();
    succeeded(&dir.cp(&["from", "to"]));
    assert_ne!(modified(), then);
    succeeded(&dir.cp(&["--times", "from", "to"]));
    assert_eq!(modified(), then);
}

#[test]
fn several_files_go_into_a_directory() {
    let dir = Dir::new();
    dir.write("one", b"1");
    dir.write("--how", b"2");
    fs::create_dir(dir.path("into")).unwrap();
    succeeded(&dir.cp(&["one", "--", "./--how", "into"]));
    assert_eq!((dir.read("into/one"), dir.read("into/--how")), (b"1".to_vec(), b"2".to_vec()));
    // What can be copied is.
    fs::remove_file(dir.path("into/one")).unwrap();
    let none = Errno::ENOENT;
    failed(&dir.cp(&["missing", "one", "into/"]), 1, &format!("missing: {none}"));
    assert_eq!(dir.read("into/one"), b"1");
    failed(&dir.cp(&["one", "--how", "sendfile", "one", "one"]), 1, &format!("one: {}", Errno::ENOTDIR));
}

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

/// A link stays a link: it is the file at its end that is replaced.
#[test]
fn links_are_followed() {
    let dir = Dir::new();
    dir.write("from", b"new");
    fs::create_dir(dir.path("there")).unwrap();
    dir.write("there/file", b"old");
    std::os::unix::fs::symlink("there/other", dir.path("link")).unwrap();
    std::os::unix::fs::symlink("file", dir.path("there/other")).unwrap();
    std::os::unix::fs::symlink("circle", dir.path("circle")).unwrap();
    succeeded(&dir.cp(&["from", "link"]));
    assert_eq!(dir.read("there/file"), b"new");
    assert!(fs::symlink_metadata(dir.path("link")).unwrap().is_symlink());
    // One that leads nowhere yet.
    fs::remove_file(dir.path("there/file")).unwrap();
    succeeded(&dir.cp(&["from", "link"]));
    assert_eq!(dir.read("there/file"), b"new");
    failed(&dir.cp(&["from", "circle"]), 1, &format!("circle: {}", Errno::ELOOP));
}

#[test]
fn pipes_and_devices_are_read_and_written() {
    let dir = Dir::new();
    dir.fifo("fifo");
    let content = noise(300_001);
    let fed = |way: &[&str], to: &str| {
        let (path, content) = (dir.path("fifo"), content.clone());
        // The reader may go away early: that is its own to report.
        let writer = std::thread::spawn(move || File::create(path).unwrap().write_all(&content));
        let output = dir.cp(&[way, &["fifo", to]].concat());
        let _ = writer.join().unwrap();
        output
    };
    for way in [&[][..], &["--how", "splice"], &["--how", "read/write"]] {
        succeeded(&fed(way, "to"));
        assert!(dir.read("to") == content, "{way:?}");
    }
    if USABLE.contains(&"io_uring") {
        succeeded(&fed(&["--how", "io_uring"], "to"));
        assert!(dir.read("to") == content);
    }
    for method in ["copy_file_range", "sendfile"] {
        let reason = Errno::EINVAL;
        failed(&fed(&["--how", method], "to"), 1, &format!("fifo: cannot be copied by {method}: {reason}"));
    }
    assert!(dir.read("to") == content);

    // Into a pipe, by each that can.
    dir.write("from", &content);
    for way in [&[][..], &["--how", "splice"], &["--how", "sendfile"], &["--how", "read/write"]] {
        let path = dir.path("fifo");
        let reader = std::thread::spawn(move || fs::read(path).unwrap());
        succeeded(&dir.cp(&[way, &["from", "fifo"]].concat()));
        assert!(reader.join().unwrap() == content, "{way:?}");
    }
    assert_eq!(dir.names(), ["fifo", "from", "to"]);

    succeeded(&dir.cp(&["from", "/dev/null"]));
    for way in
        ways().into_iter().filter(|way| way != &["--how", "copy_file_range"] && way != &["--how", "sendfile"])
    {
        failed(
            &dir.cp(&[&way[..], &["from", "/dev/full"]].concat()),
            1,
            &format!("/dev/full: {}", Errno::ENOSPC),
        );
    }
}

/// Its files have the size 0, and content all the same.
#[test]
fn proc_is_copied() {
    let dir = Dir::new();
    let expected = fs::read("/proc/version").unwrap();
    for way in [&[][..], &["--how", "read/write"]] {
        succeeded(&dir.cp(&[way, &["/proc/version", "to"]].concat()));
        assert_eq!(dir.read("to"), expected, "{way:?}");
    }
    // The size is that of a page here, and the content is shorter.
    let attribute = "/sys/kernel/mm/transparent_hugepage/enabled";
    match fs::read(attribute) {
        Err(error) => println!("not shown: {attribute}: {error}"),
        Ok(expected) => {
            succeeded(&dir.cp(&[attribute, "to"]));
            assert_eq!(dir.read("to"), expected);
        }
    }
}

#[test]
fn progress_is_shown() {
    let dir = Dir::new();
    dir.write("from", &noise(5 << 20));
    dir.write("empty", b"");
    for method in USABLE.iter() {
        let output = dir.cp(&["--progress", "--how", method, "from", "to"]);
        let bar = format!("\r[{}] 100%  5.0 MiB, {method} \n", "=".repeat(30));
        assert!(output.status.success() && stderr(&output).ends_with(&bar), "{}", stderr(&output));
    }
    let empty = dir.cp(&["--progress", "empty", "to"]);
    assert_eq!(stderr(&empty), format!("\r[{}] 100%  0 B, copy_file_range \n", "=".repeat(30)));
}

/// What is on one file system and what is on another.
#[test]
fn other_file_systems_are_reached() {
    let (dir, Ok(other)) = (Dir::new(), tempfile::tempdir_in("/dev/shm")) else {
        println!("not shown: /dev/shm cannot be written to");
        return;
    };
    if fs::metadata(other.path()).unwrap().dev() == fs::metadata(dir.0.path()).unwrap().dev() {
        println!("not shown: there is one file system");
        return;
    }
    let content = noise(5 << 20);
    dir.write("from", &content);
    let to = other.path().join("to");
    for way in ways() {
        let output = dir.cp(&[&way[..], &["from", to.to_str().unwrap()]].concat());
        if way == ["--how", "copy_file_range"] && !output.status.success() {
            // Kernels differ in that.
            failed(&output, 1, &format!("from: cannot be copied by copy_file_range: {}", Errno::EXDEV));
            continue;
        }
        succeeded(&output);
        assert!(fs::read(&to).unwrap() == content, "{way:?}");
    }
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
        for signal in [libc::SIGTERM, libc::SIGINT, libc::SIGHUP] {
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
