//! What comes out: content, holes, permissions, times.

use crate::{Dir, USABLE, failed, noise, stderr, succeeded, ways};
use ring3::Errno;
use std::{
    fs::{self, File},
    io::Write,
    os::{
        fd::AsRawFd,
        unix::fs::{FileExt, MetadataExt, PermissionsExt},
    },
    time::Duration,
};

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
