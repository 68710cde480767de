//! Whether two lines say the same, but for what differs from run to run.

use std::{collections::BTreeMap, fmt};

/// Lines of strace's that the example does not say the same in, and why. Some line has to differ in this way wherever it is allowed to.
#[derive(Debug)]
pub struct Exception {
    pub call: &'static str,
    /// What strace's line has in it.
    pub part: &'static str,
    pub why: &'static str,
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({}: {}", self.call, self.part, self.why)
    }
}

impl Exception {
    pub fn covers(&self, line: &str) -> bool {
        line.split_once('(').is_some_and(|(call, rest)| call == self.call && rest.contains(self.part))
    }
}

/// Fields that count what others do, too, and the clock.
const VARYING: [&str; 24] = [
    "tv_sec",
    "tv_nsec",
    "tv_usec",
    "f_bfree",
    "f_bavail",
    "f_ffree",
    "si_utime",
    "si_stime",
    "tms_utime",
    "tms_stime",
    "tms_cutime",
    "tms_cstime",
    "msg_stime",
    "msg_rtime",
    "msg_ctime",
    "sem_otime",
    "sem_ctime",
    "shm_atime",
    "shm_dtime",
    "shm_ctime",
    "uptime",
    "freeram",
    "bufferram",
    "procs",
];

/// Calls whose result is the clock's.
const CLOCKS: [&str; 2] = ["time", "times"];

/// What one log has in place of the other's: processes, addresses, ports. Each has one partner in all lines, whatever is equal itself.
#[derive(Default)]
pub struct Partners {
    theirs: BTreeMap<String, String>,
    ours: BTreeMap<String, String>,
}

impl Partners {
    fn fit(&mut self, theirs: &str, ours: &str) -> bool {
        let its = self.theirs.entry(theirs.to_owned()).or_insert_with(|| ours.to_owned()) == ours;
        let own = self.ours.entry(ours.to_owned()).or_insert_with(|| theirs.to_owned()) == theirs;
        its && own
    }

    /// Whether the lines say the same.
    pub fn same(&mut self, theirs: &str, ours: &str) -> bool {
        let call = theirs.split('(').next().unwrap_or_default();
        let (theirs, ours) = (plain(theirs), plain(ours));
        let (theirs, ours) = (tokens(&theirs), tokens(&ours));
        let mut field = "";
        theirs.len() == ours.len()
            && theirs.iter().zip(&ours).enumerate().all(|(at, (one, other))| {
                if one.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    field = one;
                }
                let result = at + 1 == theirs.len() && CLOCKS.contains(&call);
                let varying = VARYING.contains(&field) || result || field == "loads";
                match (kind(one), kind(other)) {
                    (Kind::Number, Kind::Number) if varying => true,
                    // A short number is one that the program has chosen.
                    (Kind::Number, Kind::Number) if one.len().min(other.len()) < 3 => one == other,
                    (Kind::Number, Kind::Number) | (Kind::Address, Kind::Address) => self.fit(one, other),
                    _ => one == other,
                }
            })
    }
}

#[derive(PartialEq)]
enum Kind {
    Number,
    Address,
    Other,
}

fn kind(token: &str) -> Kind {
    let hex = |digits: &str| digits.len() > 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if token.bytes().all(|byte| byte.is_ascii_digit()) {
        Kind::Number
    } else if token.strip_prefix("0x").is_some_and(hex) {
        Kind::Address
    } else {
        Kind::Other
    }
}

/// A line without dates, which stand beside their times, and without what ticks are in seconds.
fn plain(line: &str) -> String {
    let mut out = String::new();
    for (index, part) in line.split("/* ").enumerate() {
        let (comment, rest) = part.split_once(" */").filter(|_| index > 0).unwrap_or(("", part));
        match comment {
            "" => out.push_str(part),
            date if date.ends_with("+0000") => out.push_str(rest),
            ticks if ticks.ends_with(" s") => out = out.trim_end().to_owned() + rest,
            _ => out.push_str(part),
        }
    }
    match out.rsplit_once(" (") {
        Some((before, date)) if date.ends_with("+0000)") => before.to_owned(),
        _ => out,
    }
}

/// Words, numbers and signs.
fn tokens(line: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        // A byte's number is none of the others.
        let end = match first {
            _ if word(first) => rest.find(|c| !word(c)).unwrap_or(rest.len()),
            '\\' => rest[1..].find(|c| !word(c)).map_or(rest.len(), |end| 1 + end),
            _ => first.len_utf8(),
        };
        all.push(&rest[..end]);
        rest = &rest[end..];
    }
    all
}

#[test]
fn lines_are_the_same_but_for_what_differs_from_run_to_run() {
    let mut partners = Partners::default();
    let mut same = |theirs, ours| partners.same(theirs, ours);
    assert!(same("kill(1234, SIGTERM) = 0", "kill(4321, SIGTERM) = 0"));
    assert!(same("wait4(1234, NULL, 0, NULL) = 1234", "wait4(4321, NULL, 0, NULL) = 4321"));
    assert!(!same("wait4(1234, NULL, 0, NULL) = 1234", "wait4(1234, NULL, 0, NULL) = 1234"));
    assert!(!same("kill(1234, SIGTERM) = 0", "kill(5555, SIGTERM) = 0"));
    assert!(same("mmap(NULL, 4096) = 0x7f0000001000", "mmap(NULL, 4096) = 0x7f0000002000"));
    assert!(!same("munmap(0x7f0000001000, 4096) = 0", "munmap(0x7f0000003000, 4096) = 0"));
    assert!(!same("dup(3) = 4", "dup(3) = 5"));
    assert!(!same("read(3, \"\\234\") = 1", "read(3, \"\\256\") = 1"));
    assert!(!same("mmap(3, 0x26000) = 0", "mmap(3, 155648) = 0"));
    assert!(!same("open(\"x\", O_RDONLY) = 3", "open(\"x\", O_RDWR) = 3"));
    assert!(!same("open(\"x\", O_RDONLY) = 3", "open(\"x\", O_RDONLY) = 3 "));
    assert!(same("f({tv_sec=5, tv_nsec=6}) = 0", "f({tv_sec=7, tv_nsec=8000}) = 0"));
    assert!(!same("f({tv_sec=5, tv_nsec=6}) = 0", "f({tv_sec=7}) = 0"));
    assert!(same("times({tms_utime=1 /* 0.01 s */}) = 1721693120", "times({tms_utime=0}) = 1721694444"));
    let date = "time(NULL) = 1795319295 (2026-11-22T03:48:15+0000)";
    assert!(same(date, "time(NULL) = 1795319296 (2026-11-22T03:48:16+0000)"));
    assert!(!same("f({a=0 /* B_??? */}) = 0", "f({a=0 /* C_??? */}) = 0"));
}
