//! init, which runs the machine's own programs: exit codes, signals, what it says of programs that cannot be run, and how small it is.

use super::{End, Examples};

/// What a release may weigh, on every ABI.
const LIMIT: u64 = 4096;

pub fn check(examples: &mut Examples) {
    examples.weighs("init", LIMIT);
    let mut ends = |arguments: &[&str], code, stdout: &str, stderr: &str| {
        examples.ends("init", arguments, &End { code, stdout, stderr });
    };
    ends(&["/bin/echo", "Hello", "World!"], 0, "Hello World!\n", "");
    ends(&["sh", "-c", "exit 3"], 3, "", "");
    ends(&["sh", "-c", "kill -KILL $$"], 128 + 9, "", "");
    // An orphan, and the signal that it sends comes back to the program.
    let orphan = "trap 'exit 4' USR1; (sh -c \"trap '' USR1; kill -USR1 $PPID\" &); while :; do :; done";
    ends(&["sh", "-c", orphan], 4, "", "");
    ends(&["/no/such"], 127, "", "init: /no/such: not found\n");
    ends(&["/etc/passwd"], 126, "", "init: /etc/passwd: not permitted\n");
    ends(&[], 2, "", "init: no program\n");
    ends(&["--poweroff", "sh"], 2, "", "init: --poweroff is for process 1\n");
}
