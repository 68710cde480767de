//! The example `sandbox`: its filters in an interpreter, number by number, and the whole of it on programs of this machine.
//!
//! What the kernel does not let a test do is said, and counts as not shown.

#![cfg(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64"))]

#[path = "../examples/sandbox/filter.rs"]
mod filter;
#[path = "rt/package.rs"]
#[expect(dead_code, reason = "the tests of the runtime use more of it")]
mod package;

use filter::{Filter, Launch, MOST, Rules};
use package::{ended, output};
use ring3::{abi, consts::SeccompRet, uapi::sock_filter};
use std::{
    fs,
    io::Read as _,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

/// What a filter sees: number, architecture, instruction pointer, arguments.
struct Seen {
    number: u32,
    arch: u32,
    arguments: [u64; 6],
}

impl Seen {
    fn of(number: u32) -> Self {
        Self { number, arch: ARCH, arguments: [0; 6] }
    }

    fn word(&self, offset: u32) -> u32 {
        let bytes: Vec<u8> = [self.number, self.arch, 0, 0]
            .into_iter()
            .flat_map(u32::to_le_bytes)
            .chain(self.arguments.into_iter().flat_map(u64::to_le_bytes))
            .collect();
        u32::from_le_bytes(bytes[offset as usize..][..4].try_into().unwrap())
    }
}

/// Runs a filter as the kernel does (net/core/filter.c), and gives its answer and how many instructions that took.
fn interpret(code: &[sock_filter], seen: &Seen) -> (u32, usize) {
    let (mut accumulator, mut at, mut steps) = (0, 0, 0);
    loop {
        let sock_filter { code: operation, jt, jf, k } = code[at];
        at += 1;
        steps += 1;
        let jump = |taken| usize::from(if taken { jt } else { jf });
        match operation {
            0x20 => accumulator = seen.word(k),
            0x05 => at += k as usize,
            0x15 => at += jump(accumulator == k),
            0x35 => at += jump(accumulator >= k),
            0x06 => return (k, steps),
            other => panic!("instruction {other:#x} at {}", at - 1),
        }
    }
}

const ARCH: u32 = abi::X86_64.audit_arch();
const LAUNCH: Launch = Launch { calls: [59, 231], secret: [0x0123_4567_89ab_cdef, 2, usize::MAX] };
const ALLOW: u32 = SeccompRet::ALLOW.bits();
const TRAP: u32 = SeccompRet::TRAP.bits();

fn filter(allowed: &[u32], deny: SeccompRet) -> Filter {
    let rules =
        Rules { allowed, audit_arch: ARCH, foreign: Some(abi::X32.number_base()), deny, launch: LAUNCH };
    Filter::new(&rules).unwrap()
}

/// Compares every number's answer with the set; gives the most instructions that one took.
fn check(allowed: &[u32]) -> usize {
    let deny = SeccompRet::ERRNO | SeccompRet::from_bits_retain(1);
    let mut filter = filter(allowed, deny);
    let code = filter.code();
    assert!(code.len() <= MOST);
    let edges = [0x3fff_ffff, 0x4000_0000, 0x4000_0001, 0x4000_0200, 0x7fff_ffff, 0x8000_0000, u32::MAX];
    let numbers = (0..=700).chain(allowed.iter().flat_map(|&number| [number.saturating_sub(1), number]));
    let mut most = 0;
    for number in numbers.chain(edges) {
        let (answer, steps) = interpret(code, &Seen::of(number));
        let expected = match () {
            () if number >= abi::X32.number_base() => TRAP,
            () if allowed.contains(&number) => ALLOW,
            () => deny.bits(),
        };
        assert_eq!(answer, expected, "{number} of {allowed:?}");
        most = most.max(steps);
        for arch in [abi::I386.audit_arch(), abi::AARCH64.audit_arch(), 0, !ARCH] {
            assert_eq!(interpret(code, &Seen { arch, ..Seen::of(number) }).0, TRAP);
        }
    }
    most
}

#[test]
fn filters_answer_as_the_list_says() {
    check(&[]);
    check(&[0]);
    check(&[5]);
    check(&[59, 231]);
    check(&[600]);
    check(&[0, 1, 2, 600]);
    check(&(0..=700).collect::<Vec<_>>());
    check(&(0..400).collect::<Vec<_>>());
    check(&abi::X86_64.calls().map(|call| call.number()).collect::<Vec<_>>());
    let mut random = fastrand::Rng::with_seed(6);
    for share in 1..10 {
        check(&(0..600).filter(|_| random.u8(..10) < share).collect::<Vec<_>>());
    }
}

/// The largest: no two numbers beside each other, so that there are more instructions than a jump spans.
#[test]
fn long_filters_jump_far_and_search_by_halves() {
    let even: Vec<_> = (0..=700).step_by(2).collect();
    let steps = check(&even);
    // About ten halves, some with a long jump, behind the fixed part.
    assert!(steps <= 32, "{steps}");
    let mut filter = filter(&even, SeccompRet::TRAP);
    let long =
        filter.code().iter().filter(|instruction| instruction.code == 0x05 && instruction.k > 255).count();
    assert!(long > 0 && filter.code().len() > 1000);
    let too_many: Vec<_> = (0..6000).step_by(2).collect();
    let rules =
        Rules { allowed: &too_many, audit_arch: ARCH, foreign: None, deny: SeccompRet::TRAP, launch: LAUNCH };
    assert!(Filter::new(&rules).is_err());
}

#[test]
fn only_who_knows_the_words_starts_a_program() {
    let arguments = |words: [usize; 3]| {
        let [one, two, three] = words.map(|word| word as u64);
        [7, 8, 9, one, two, three]
    };
    for allowed in [&[][..], &[0, 1], &(0..=700).step_by(2).collect::<Vec<_>>()] {
        let mut filter = filter(allowed, SeccompRet::TRAP);
        let code = filter.code();
        for number in LAUNCH.calls {
            let known = Seen { arguments: arguments(LAUNCH.secret), ..Seen::of(number) };
            assert_eq!(interpret(code, &known).0, ALLOW);
            for bit in 0..3 * 64 {
                let mut secret = LAUNCH.secret;
                secret[bit / 64] ^= 1 << (bit % 64);
                let guessed = Seen { arguments: arguments(secret), ..Seen::of(number) };
                assert_eq!(interpret(code, &guessed).0, TRAP, "{number}, bit {bit}");
            }
            assert_eq!(interpret(code, &Seen { arch: 0, ..known }).0, TRAP);
        }
        // They open nothing else.
        assert_eq!(interpret(code, &Seen { arguments: arguments(LAUNCH.secret), ..Seen::of(57) }).0, TRAP);
    }
}

fn example(name: &str) -> PathBuf {
    package::example(name, &["--release"])
}

fn sandbox(arguments: &[&str]) -> Command {
    let mut command = Command::new(example("sandbox"));
    command.args(arguments);
    command
}

/// Whether this machine lets a process confine and watch another; it is said if not.
fn can_confine() -> bool {
    let hello = example("hello");
    let (code, _, stderr) = output(sandbox(&["--allow", "write,exit_group"]).arg(hello));
    if code == Some(1) && stderr.contains("not permitted") {
        println!("not shown: this machine does not let a process be watched or filtered: {stderr}");
        return false;
    }
    true
}

/// The calls that a program makes, as `--learn` writes them.
fn learned(program: &[&str]) -> Vec<String> {
    let (code, _, stderr) = output(sandbox(&["--learn"]).args(program));
    assert_eq!(code, Some(0), "{stderr}");
    let words: Vec<_> = stderr.split_whitespace().map(str::to_owned).collect();
    assert!(words.len() == 2 && words[0] == "--allow", "{stderr}");
    words
}

/// Standard error with the number of the process in place of itself.
fn without_pid(stderr: &str) -> String {
    let words = stderr.split(' ').map(|word| if word.parse::<u32>().is_ok() { "PID" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn words_are_checked() {
    let help = output(&mut sandbox(&["--help"]));
    assert!(help.0 == Some(0) && help.1.starts_with("usage: sandbox [--allow CALLS]") && help.2.is_empty());
    for (arguments, complaint) in [
        (&[][..], "a program is missing"),
        (&["--allow", "read"], "a program is missing"),
        (&["--allow"], "--allow wants a value"),
        (&["ls"], "one of --allow, --learn, --ro and --rw is needed"),
        (&["--deny", "errno", "--learn", "ls"], "--deny is for --allow"),
        (&["--deny", "eperm", "--allow", "read", "ls"], "--deny is kill or errno"),
        (&["--learn", "--allow", "read", "ls"], "--learn and --allow exclude each other"),
        (&["--permit", "read", "ls"], "there is no option --permit"),
        (&["--allow", "read,wirte", "ls"], "x86_64 has no call wirte; there is one that is called write"),
        (
            &["--allow", "exit_grup", "ls"],
            "x86_64 has no call exit_grup; there is one that is called exit_group",
        ),
        (&["--allow", "read,", "ls"], "x86_64 has no call "),
        (&["--allow", "xxxxxxxxxxxxxxxx", "ls"], "x86_64 has no call xxxxxxxxxxxxxxxx"),
    ] {
        let (code, stdout, stderr) = output(&mut sandbox(arguments));
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}: {stderr}");
        assert!(
            stderr.starts_with(&format!("sandbox: {complaint}")) && stderr.lines().count() == 1,
            "{stderr}"
        );
    }
}

#[test]
fn what_is_allowed_runs_and_nothing_else() {
    if !can_confine() {
        return;
    }
    let hello = example("hello");
    let hello = hello.to_str().unwrap();
    let ran = |arguments: &[&str], program: &[&str]| {
        let (code, stdout, stderr) = output(sandbox(arguments).args(program));
        (code, stdout, without_pid(&stderr))
    };
    assert_eq!(ran(&["--allow", "write,exit_group"], &[hello]), ended(0, "Hello World!\n", ""));
    assert_eq!(ran(&["--allow", "write", "--allow", "exit_group"], &[hello]), ended(0, "Hello World!\n", ""));
    // It begins, which is no call of its own, and cannot go further.
    let refused = |name: &str| format!("sandbox: {name} is not allowed; process PID ends\n");
    assert_eq!(ran(&["--allow", "read"], &[hello]), ended(128 + 31, "", &refused("write")));
    assert_eq!(
        ran(&["--allow", "write"], &[hello]),
        ended(128 + 31, "Hello World!\n", &refused("exit_group"))
    );
    // An error, and the program, which looks at it, says so by its code.
    assert_eq!(ran(&["--deny", "errno", "--allow", "exit_group"], &[hello]), ended(1, "", ""));
    // Calls of another ABI are refused, whatever their numbers are called here.
    let (code, stdout, stderr) =
        ran(&["--allow", "write,exit_group,mmap,rt_sigaction"], &[example("hello_int80").to_str().unwrap()]);
    let foreign = " of another ABI (AUDIT_ARCH 0x40000003) is not allowed; process PID ends\n";
    assert!(
        code == Some(128 + 31) && stdout.is_empty() && stderr.ends_with(foreign),
        "{code:?} {stdout} {stderr}"
    );
}

/// A sleep that a stop has interrupted goes on by another call than the one that is allowed.
#[test]
fn an_interrupted_call_goes_on() {
    if !can_confine() {
        return;
    }
    let program = ["sleep", "1"];
    let allow = learned(&program);
    assert!(allow.iter().all(|word| !word.contains("restart_syscall")), "{allow:?}");
    let mut sandbox = sandbox(&[]);
    let mut running = sandbox.args(&allow).args(program).stderr(Stdio::piped()).spawn().unwrap();
    let children = format!("/proc/{0}/task/{0}/children", running.id());
    let sleeps = |pid: &str| fs::read(format!("/proc/{pid}/comm")).is_ok_and(|name| name == b"sleep\n");
    let pid = loop {
        let child = fs::read_to_string(&children).unwrap();
        match child.split_whitespace().next() {
            Some(pid) if sleeps(pid) => break pid.to_owned(),
            _ => thread::sleep(Duration::from_millis(10)),
        }
        assert_eq!(running.try_wait().unwrap(), None, "it has ended before it has slept");
    };
    for signal in ["-STOP", "-CONT"] {
        // It has begun to sleep, or has stopped.
        thread::sleep(Duration::from_millis(200));
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }
    let mut said = String::new();
    running.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((running.wait().unwrap().code(), said.as_str()), (Some(0), ""));
}

#[test]
fn a_refused_call_ends_the_process_whatever_it_does_about_it() {
    if !can_confine() {
        return;
    }
    // All that the script needs but the call of `ulimit`.
    let script = |trap: &str| format!("{trap}; echo before; umask 022; echo after");
    for (trap, signal) in [("true", 31), ("trap '' SYS", 31), ("trap 'echo caught' SYS", 9)] {
        let script = script(trap);
        let words = learned(&["sh", "-c", &script]);
        assert!(words[1].split(',').any(|name| name == "umask"), "{words:?}");
        assert_eq!(output(sandbox(&[&words[0], &words[1], "sh", "-c"]).arg(&script)).0, Some(0));
        let fewer: Vec<_> = words[1].split(',').filter(|&name| name != "umask").collect();
        let (code, stdout, stderr) = output(sandbox(&["--allow", &fewer.join(","), "sh", "-c"]).arg(&script));
        assert_eq!((code, stdout.as_str()), (Some(128 + signal), "before\n"), "{trap}: {stderr}");
        assert_eq!(without_pid(&stderr), "sandbox: umask is not allowed; process PID ends\n");
    }
}

#[test]
fn children_and_threads_are_learned_and_confined() {
    if !can_confine() {
        return;
    }
    // A child of its own runs another program: for that, execve has to be on the list.
    let script = ["sh", "-c", "(cat /etc/passwd; true) | wc -l; echo done"];
    let words = learned(&script);
    let names: Vec<_> = words[1].split(',').collect();
    assert!(names.contains(&"execve") && names.contains(&"pipe2") || names.contains(&"pipe"), "{names:?}");
    let (code, stdout, stderr) = output(sandbox(&[&words[0], &words[1]]).args(script));
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(stdout.ends_with("done\n"));
    let fewer: Vec<_> = names.iter().filter(|&&name| name != "execve").copied().collect();
    let (code, stdout, stderr) = output(sandbox(&["--allow", &fewer.join(",")]).args(script));
    assert_eq!((code, stdout.as_str()), (Some(0), "done\n"), "{stderr}");
    let refused: Vec<_> = stderr.lines().map(without_pid).collect();
    assert!(refused.contains(&"sandbox: execve is not allowed; process PID ends".to_owned()), "{refused:?}");

    // The tests' own program, with threads.
    let own = std::env::current_exe().unwrap();
    let own = [own.to_str().unwrap(), "--exact", "threads", "--ignored", "--quiet", "--test-threads=2"];
    let words = learned(&own);
    assert!(words[1].split(',').any(|name| name == "clone3" || name == "clone"), "{words:?}");
    assert!(words[1].split(',').any(|name| name == "getppid"), "{words:?}");
    assert_eq!(output(sandbox(&[&words[0], &words[1]]).args(own)).0, Some(0));
}

/// What the test above runs.
#[test]
#[ignore = "a program of another test"]
fn threads() {
    let threads = [(); 4].map(|()| std::thread::spawn(std::os::unix::process::parent_id));
    for thread in threads {
        assert!(thread.join().unwrap() > 0);
    }
}

#[test]
fn a_program_that_cannot_be_run_is_reported() {
    if !can_confine() {
        return;
    }
    for list in ["read", "execve,exit_group", "exit_group"] {
        let (code, _, stderr) = output(&mut sandbox(&["--allow", list, "/no/such"]));
        let said = "sandbox: /no/such: no file or object of that name exists\n";
        assert_eq!((code, stderr.as_str()), (Some(127), said));
        let (code, _, stderr) = output(&mut sandbox(&["--allow", list, "/etc/passwd"]));
        assert!(code == Some(126) && stderr.starts_with("sandbox: /etc/passwd: "), "{stderr}");
    }
    assert_eq!(output(&mut sandbox(&["--learn", "no-such"])).0, Some(127));
    assert_eq!(output(&mut sandbox(&["--learn", "sh", "-c", "exit 3"])).0, Some(3));
    assert_eq!(output(&mut sandbox(&["--learn", "sh", "-c", "kill -HUP $$"])).0, Some(128 + 1));
}

#[test]
fn files_are_those_of_the_rules() {
    let scratch = tempfile::tempdir().unwrap();
    let home = scratch.path();
    for name in ["ro", "rw", "other"] {
        fs::create_dir(home.join(name)).unwrap();
        fs::write(home.join(name).join("file"), format!("{name}\n")).unwrap();
    }
    let place = |name: &str| home.join(name).to_str().unwrap().to_owned();
    let (ro, rw, other) = (place("ro"), place("rw"), place("other"));
    // The shell and what it needs.
    let system = [
        "--ro",
        "/usr",
        "--ro",
        "/lib",
        "--ro",
        "/lib64",
        "--ro",
        "/bin",
        "--ro",
        "/etc",
        "--rw",
        "/dev/null",
    ];
    let run = |script: &str| {
        let mut command = sandbox(&system);
        command.args(["--ro", &ro, "--rw", &rw, "sh", "-c", script]);
        output(&mut command)
    };
    let (code, stdout, stderr) = run("true");
    if code == Some(1) && stderr.contains("Landlock") {
        println!("not shown: {stderr}");
        return;
    }
    assert_eq!((code, stdout, stderr), ended(0, "", ""));
    assert_eq!(run(&format!("cat {ro}/file {rw}/file; echo x >/dev/null")), ended(0, "ro\nrw\n", ""));
    assert_eq!(
        run(&format!("echo more >>{rw}/file; mkdir {rw}/new; rm {rw}/file; ls {rw}")),
        ended(0, "new\n", "")
    );
    for script in [
        format!("echo x >{ro}/file"),
        format!("rm {ro}/file"),
        format!("mkdir {ro}/new"),
        format!("cat {other}/file"),
        format!("ls {other}"),
        format!("echo x >{other}/new"),
        format!("ln {ro}/file {rw}/link"),
        "cat /proc/self/status".to_owned(),
    ] {
        let (code, stdout, stderr) = run(&script);
        assert!(
            code != Some(0) && stdout.is_empty() && !stderr.is_empty(),
            "{script}: {code:?} {stdout} {stderr}"
        );
    }
    assert_eq!(fs::read_to_string(home.join("ro/file")).unwrap(), "ro\n");
    // A file of its own.
    let file = place("other/file");
    let ran = output(sandbox(&system).args(["--ro", &file, "cat", &file]));
    assert_eq!(ran, ended(0, "other\n", ""));
    let missing = place("missing");
    let (code, _, stderr) = output(&mut sandbox(&["--ro", &missing, "true"]));
    assert!(code == Some(1) && stderr.starts_with(&format!("sandbox: {missing}: ")), "{stderr}");
}
