//! threads: the sum is the same however many threads there are, and each has its line.

use anyhow::bail;

use super::{End, Examples};

const USAGE: &str = "usage: threads [-t THREADS] [LIMIT]\n";

pub fn check(examples: &mut Examples) {
    for threads in [1, 2, 8] {
        let ran = examples.execute("threads", &["-t", &threads.to_string(), "30000"]).and_then(|ran| {
            let text = String::from_utf8_lossy(&ran.stdout);
            let mut lines = text.lines();
            let last = lines.next_back();
            let own = |line: &str| {
                line.strip_prefix("thread ")?.split_once(": ")?.1.strip_suffix(" primes")?.parse().ok()
            };
            let counts: Option<Vec<u32>> = lines.map(own).collect();
            let counts = counts.unwrap_or_default();
            // As many as there are: 3245 below 30,000.
            if !ran.status.success()
                || last != Some("3245 primes below 30000")
                || counts.len() != threads
                || counts.iter().sum::<u32>() != 3245
            {
                bail!("{}\n{text}{}", ran.status, ran.tail(10));
            }
            Ok(())
        });
        examples.note("threads", ran);
    }
    examples.ends("threads", &["-t", "0"], &End { code: 2, stdout: "", stderr: USAGE });
    examples.ends("threads", &["x"], &End { code: 2, stdout: "", stderr: USAGE });
}
