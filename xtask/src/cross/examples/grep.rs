//! grep, which has a heap and reads lines: what it prints, what it complains of, and its exit codes.

use super::{End, Examples};

pub fn check(examples: &mut Examples) {
    let long = "x".repeat(300_000);
    let one = examples.file("grep.one", format!("first\n{long} needle {long}\n\nNeedle"));
    let other = examples.file("grep.other", "needle\n");
    let missing = examples.path("grep.missing");
    // The kernel's word for it follows.
    let complaint = format!("grep: {}: ", missing);
    let mut ends = |arguments: &[&str], code, stdout: &str, stderr: &str| {
        examples.ends("grep", arguments, &End { code, stdout, stderr });
    };
    ends(&["needle", &one], 0, &format!("{long} needle {long}\n"), "");
    ends(
        &["-in", "NEEDLE", &other, &one],
        0,
        &format!("{other}:1:needle\n{one}:2:{long} needle {long}\n{one}:4:Needle\n"),
        "",
    );
    ends(&["-cv", "needle", &one], 0, "3\n", "");
    ends(&["-l", "first", &one, &other], 0, &format!("{one}\n"), "");
    ends(&["-q", "Needle", &one], 0, "", "");
    ends(&["absent", &one, &other], 1, "", "");
    // Standard input is empty.
    ends(&["needle"], 1, "", "");
    ends(&["first", &missing, &one], 2, &format!("{one}:first\n"), &complaint);
    ends(&["-s", "first", &missing], 2, "", "");
    ends(&[], 2, "", "usage: grep [-cilnqsv] TEXT [FILE...]\n");
    ends(&["-z", "first", &one], 2, "", "grep: there is no option -z\n");
}
