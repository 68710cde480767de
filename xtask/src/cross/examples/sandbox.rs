//! sandbox, as far as it comes without a kernel that filters: the emulators have neither ptrace nor seccomp. `cargo xtask boot` has the rest.

use super::{End, Examples};

const USAGE: &str = include_str!("../../../../examples/sandbox/usage.txt");

pub fn check(examples: &mut Examples) {
    examples.says("sandbox", &["--help"], USAGE.as_bytes());
    let abi = examples.suite.target.abi;
    let mut wrong = |arguments: &[&str], complaint: &str| {
        let stderr = format!("sandbox: {complaint}");
        examples.ends("sandbox", arguments, &End { code: 2, stdout: "", stderr: &stderr });
    };
    wrong(&[], "a program is missing\n");
    wrong(&["--deny", "errno", "--learn", "true"], "--deny is for --allow\n");
    wrong(&["--learnt", "true"], "there is no option --learnt\n");
    let near = format!("{abi} has no call exit_grup; there is one that is called exit_group\n");
    wrong(&["--allow", "read,exit_grup", "true"], &near);
}
