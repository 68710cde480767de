//! The example `init`: as an ordinary process, and as process 1 of a pid namespace where this machine lets one be made.
//!
//! `cargo xtask boot` has it boot kernels.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

#[path = "rt/package.rs"]
#[expect(dead_code, reason = "the tests of the runtime use more of it")]
mod package;
#[path = "common/signals.rs"]
mod signals;

use package::{ended, output};
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    os::unix::process::ExitStatusExt,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    thread::sleep,
    time::Duration,
};

/// What a release on x86_64 may weigh.
const LIMIT: u64 = 4096;

fn program() -> PathBuf {
    package::example("init", &["--release"])
}

/// It as an ordinary process.
fn init(arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    signals::heed(command.args(arguments));
    command
}

/// It as process 1 of namespaces of its own, if there can be any.
fn first(arguments: &[&str]) -> Option<Command> {
    let unshare = || {
        let mut command = Command::new("unshare");
        command.args(["--pid", "--fork", "--mount"]);
        command
    };
    if !unshare().arg("true").output().is_ok_and(|output| output.status.success()) {
        println!("not shown: unshare is missing or may not make a pid namespace here");
        return None;
    }
    let mut command = unshare();
    signals::heed(command.arg(program()).args(arguments));
    Some(command)
}

/// Starts it with a script that says `ready`, and reads that.
fn started(script: &str) -> (Child, BufReader<impl Read>) {
    let mut child = init(&["sh", "-c", script]).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    (child, stdout)
}

fn send(child: &Child, signal: i32) {
    // SAFETY: the child has not been waited for: it is nobody else's number.
    assert_eq!(unsafe { libc::kill(child.id() as i32, signal) }, 0);
}

fn finish(mut child: Child, mut stdout: BufReader<impl Read>) -> (ExitStatus, String) {
    let mut said = String::new();
    stdout.read_to_string(&mut said).unwrap();
    (child.wait().unwrap(), said)
}

#[test]
fn a_release_is_small() {
    let size = fs::metadata(program()).unwrap().len();
    println!("{size} bytes");
    assert!(size <= LIMIT, "{size}");
}

#[test]
fn words_are_checked() {
    let help = output(&mut init(&["--help"]));
    assert!(
        help.0 == Some(0) && help.1.starts_with("usage: init [--mount]") && help.2.is_empty(),
        "{help:?}"
    );
    for (arguments, complaint) in [
        (&[][..], "init: no program\n"),
        (&["--mount"], "init: no program\n"),
        (&["--mounts", "true"], "init: no such option\n"),
        (&["--poweroff", "true"], "init: --poweroff is for process 1\n"),
    ] {
        assert_eq!(output(&mut init(arguments)), ended(2, "", complaint), "{arguments:?}");
    }
}

#[test]
fn the_program_ends_it() {
    assert_eq!(
        output(&mut init(&["sh", "-c", "echo $1; exit 3", "sh", "--mount"])),
        ended(3, "--mount\n", "")
    );
    assert_eq!(output(&mut init(&["true"])), ended(0, "", ""));
    assert_eq!(output(&mut init(&["sh", "-c", "kill -KILL $$"])), ended(128 + 9, "", ""));
    // What it blocks is not blocked in the program, and what whoever starts it ignores stays so.
    let masks = ["-c", "grep -E '^Sig(Blk|Ign):' /proc/self/status"];
    let alone = output(signals::heed(Command::new("sh").args(masks)));
    assert!(alone.1.starts_with("SigBlk:\t0000000000000000\n"), "{alone:?}");
    assert_eq!(output(init(&["sh"]).args(masks)), alone);
}

#[test]
fn a_program_that_cannot_be_run_is_reported() {
    assert_eq!(output(&mut init(&["/no/such"])), ended(127, "", "init: /no/such: not found\n"));
    assert_eq!(output(&mut init(&["no-such"])), ended(127, "", "init: no-such: not found\n"));
    assert_eq!(output(&mut init(&["/etc/passwd"])), ended(126, "", "init: /etc/passwd: not permitted\n"));
    let looped = tempfile::tempdir().unwrap();
    let file = looped.path().join("loop");
    std::os::unix::fs::symlink(&file, &file).unwrap();
    let name = file.to_str().unwrap();
    assert_eq!(output(&mut init(&[name])), ended(126, "", &format!("init: {name}: error 0040\n")));
    let long = "x".repeat(5000);
    assert_eq!(output(&mut init(&[&long])).0, Some(127));
}

#[test]
fn a_program_is_looked_for() {
    let home = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/bin/echo", home.path().join("say")).unwrap();
    let path = format!("/does/not/exist:/etc/passwd:{}", home.path().display());
    assert_eq!(output(init(&["say", "found"]).env("PATH", &path)), ended(0, "found\n", ""));
    assert_eq!(output(init(&["say"]).env("PATH", "/bin")), ended(127, "", "init: say: not found\n"));
    assert_eq!(output(init(&["sh", "-c", "exit 4"]).env_clear()), ended(4, "", ""));
    // An empty directory of the path is the root's own place here, not the working directory.
    assert_eq!(output(init(&["say"]).current_dir(home.path()).env("PATH", "")).0, Some(127));
}

#[test]
fn signals_reach_the_group() {
    // The second process is in the group, too; the first one ends when it has.
    let script = "trap 'wait; echo outer; exit 5' TERM
        (trap 'echo inner; exit' TERM; echo ready; while :; do sleep 0.02; done) &
        while :; do sleep 0.02; done";
    let (child, stdout) = started(script);
    send(&child, libc::SIGTERM);
    let (status, said) = finish(child, stdout);
    assert_eq!((status.code(), said.as_str()), (Some(5), "inner\nouter\n"));
}

#[test]
fn no_signal_is_lost() {
    let script = "trap 'echo HUP' HUP; trap 'echo USR1' USR1; trap 'echo USR2' USR2; trap 'echo QUIT' QUIT
        trap 'exit 6' TERM; echo ready; while :; do sleep 0.02; done";
    let (child, mut stdout) = started(script);
    // All of them wait for it, and it takes them one after the other.
    send(&child, libc::SIGSTOP);
    for signal in [libc::SIGHUP, libc::SIGUSR1, libc::SIGUSR2, libc::SIGQUIT] {
        send(&child, signal);
    }
    send(&child, libc::SIGCONT);
    let mut names: Vec<_> = stdout.by_ref().lines().take(4).map(Result::unwrap).collect();
    names.sort_unstable();
    assert_eq!(names, ["HUP", "QUIT", "USR1", "USR2"]);
    send(&child, libc::SIGTERM);
    let (status, said) = finish(child, stdout);
    assert_eq!((status.code(), said.as_str()), (Some(6), ""));
}

#[test]
fn waiting_costs_nothing() {
    let (child, stdout) = started("echo ready; exec sleep 60");
    sleep(Duration::from_millis(300));
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    let fields: Vec<_> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    // Field 3, the state, and fields 14 and 15, the ticks of a hundredth of a second.
    let ticks = |field: usize| fields[field - 3].parse::<u64>().unwrap();
    assert!(fields[0] == "S" && ticks(14) + ticks(15) <= 2, "{stat}");
    send(&child, libc::SIGTERM);
    assert_eq!(finish(child, stdout).0.code(), Some(128 + libc::SIGTERM));
}

/// A process that outlives its parent: whose child it becomes, and whether it is gone when it has ended.
const ORPHAN: &str = "pid=$(sh -c 'sleep 1 >/dev/null & echo $!')
    test \"$(grep PPid /proc/$pid/status | tr -dc 0-9)\" = $PPID && echo \"child of init\"
    left=200; while test -e /proc/$pid -a $left -gt 0; do sleep 0.05; left=$((left - 1)); done
    test -e /proc/$pid || echo gone; exit 9";

#[test]
fn orphans_are_waited_for() {
    assert_eq!(output(&mut init(&["sh", "-c", ORPHAN])), ended(9, "child of init\ngone\n", ""));
    // Also if whoever starts it does not care for its own.
    let ignoring = format!("trap '' CHLD; exec {} sh -c \"$1\"", program().display());
    assert_eq!(
        output(Command::new("sh").args(["-c", &ignoring, "sh", ORPHAN])),
        ended(9, "child of init\ngone\n", "")
    );
}

#[test]
fn the_first_process_mounts_and_waits() {
    let script = format!("echo $PPID; stat -f -c %T /proc /sys; test -c /dev/null; echo $?; {ORPHAN}");
    if let Some(mut command) = first(&["--mount", "sh", "-c", &script]) {
        let (code, stdout, stderr) = output(&mut command);
        assert_eq!(
            (code, stdout.as_str()),
            (Some(9), "1\nproc\nsysfs\n0\nchild of init\ngone\n"),
            "{stderr}"
        );
        // A kernel may have no devtmpfs; whatever is there then serves.
        assert!(matches!(stderr.as_str(), "" | "init: /dev: not in this kernel\n"), "{stderr}");
    }
}

#[test]
fn the_first_process_gets_signals_too() {
    let Some(mut command) = first(&["sh", "-c", "trap 'exit 8' TERM; kill -TERM $PPID; sleep 5 & wait"])
    else {
        return;
    };
    assert_eq!(output(&mut command), ended(8, "", ""));
}

#[test]
fn the_first_process_ends_all_others_and_the_machine() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("said");
    // In a group of its own, so that it is left when the program ends.
    let file_name = file.display();
    let script = format!(
        "setsid sh -c \"trap 'echo ended >{file_name}; exit' TERM; : >{file_name}; while :; do sleep 0.02; done\" &
        while ! test -e {file_name}; do sleep 0.02; done"
    );
    if let Some(mut command) = first(&["--poweroff", "sh", "-c", &script]) {
        let output = command.output().unwrap();
        // What reboot(2) does to a pid namespace; unshare ends by the same signal.
        assert_eq!(output.status.signal(), Some(libc::SIGINT), "{output:?}");
        assert_eq!(fs::read_to_string(file).unwrap(), "ended\n");
    }
}
