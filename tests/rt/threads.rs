//! Where there are threads, and where there are none.

use crate::package::{ABORT, Package, ended, run};
use std::process::Command;

/// A library or a program that makes a thread.
const SPAWNS: &str = "
fn spawns() -> Result<u8, ring3::Errno> {
    ring3::thread::spawn(64 << 10, || 42_u8)?.join()
}
";

fn package(name: &str, text: &str, profiles: &str) -> Package {
    Package::with_features(name, &["runtime"], &[(name, text)], profiles)
}

/// Beside libc there is no function that tells of the program: the linker says so, by its name.
#[test]
fn a_program_of_std_that_makes_threads_does_not_link() {
    let program = format!("{SPAWNS}fn main() {{ println!(\"{{:?}}\", spawns()); }}");
    let package = package("threads_beside_libc", &program, "");
    for profile in ["dev", "release"] {
        let complaint = package.try_build(profile, "", &["threads_beside_libc"]).unwrap_err();
        assert!(complaint.contains("__ring3_thread_needs_entry"), "{complaint}");
        assert!(complaint.contains("undefined"), "{complaint}");
    }
}

/// What is not called does not have to be there, and mutexes are beside libc, too.
#[test]
fn a_program_of_std_has_the_rest() {
    let program = format!(
        "#![allow(dead_code)]
        {SPAWNS}
        use ring3::thread::{{Condvar, Mutex}};
        static NUMBER: Mutex<u8> = Mutex::new(0);
        static CHANGED: Condvar = Condvar::new();
        fn main() {{
            let other = std::thread::spawn(|| {{ *NUMBER.lock() = 42; CHANGED.notify_all(); }});
            let mut number = NUMBER.lock();
            while *number == 0 {{ number = CHANGED.wait(number); }}
            other.join().unwrap();
            std::process::exit((*number).into());
        }}"
    );
    let package = package("mutex_beside_libc", &program, "");
    for profile in ["dev", "release"] {
        let program = package.build(profile, "", &["mutex_beside_libc"]).join("mutex_beside_libc");
        assert_eq!(run(program, &[]), ended(42, "", ""), "{profile}");
    }
}

/// What `entry!` makes of a program for std, and what it makes of it otherwise.
#[test]
fn a_program_of_std_by_entry_gets_an_error() {
    let program = format!(
        "#![cfg_attr(panic = \"abort\", no_std)]
        #![cfg_attr(not(test), no_main)]
        {SPAWNS}
        ring3::entry!(main);
        fn main() -> u8 {{
            match spawns() {{ Ok(value) => value, Err(ring3::Errno::ENOSYS) => 7, Err(_) => 1 }}
        }}
        #[test]
        fn there_are_none() {{ assert_eq!(spawns(), Err(ring3::Errno::ENOSYS)); }}"
    );
    let hosted = package("threads_hosted", &program, "");
    assert_eq!(
        run(hosted.build("dev", "", &["threads_hosted"]).join("threads_hosted"), &[]),
        ended(7, "", "")
    );
    let tested = hosted.cargo(&["test"], "");
    assert!(tested.status.success(), "{}", String::from_utf8_lossy(&tested.stderr));

    let own = package("threads_own", &program, ABORT);
    for (profile, rustflags) in [("dev", ""), ("release", ""), ("release", "-Clinker-features=-lld")] {
        let program = own.build(profile, rustflags, &["threads_own"]).join("threads_own");
        assert_eq!(run(program, &[]), ended(42, "", ""), "{profile} {rustflags}");
    }
    // A library that an interpreter has loaded may have variables of its own.
    let flags = "-Clinker-features=-lld -Clink-arg=-Wl,--no-as-needed -Clink-arg=-lc";
    let program = own.build("release", flags, &["threads_own"]).join("threads_own");
    assert_eq!(Command::new(program).status().unwrap().code(), Some(7));
}
