//! A log of `strace -f -o`: what each thread did, without what differs from run to run.

use std::collections::BTreeMap;

/// The lines of each thread, by a name that says which child of whom it is: `1`, its second child `1.2`. Signals of others come last.
pub type Threads = BTreeMap<String, Vec<Line>>;

/// What a thread did.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its name, count of arguments and result.
    pub short: String,
    /// All of it, without the words for an error and the blanks before a result.
    pub text: String,
}

/// Reads a log.
pub fn read(log: &str) -> Threads {
    let mut first = None;
    let mut lines: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut unfinished: BTreeMap<u32, String> = BTreeMap::new();
    for line in log.lines() {
        let (pid, text) = line.split_once(' ').unwrap_or_else(|| panic!("a line without a number: {line}"));
        let pid = pid.parse().unwrap_or_else(|_| panic!("a line without a number: {line}"));
        first.get_or_insert(pid);
        let text = text.trim_start();
        if let Some(begun) = text.strip_suffix(" <unfinished ...>") {
            unfinished.insert(pid, begun.to_owned());
            continue;
        }
        let text = match text.strip_prefix("<... ").and_then(|rest| rest.split_once(" resumed>")) {
            Some((_, rest)) => unfinished.remove(&pid).unwrap_or_default() + rest,
            None => text.to_owned(),
        };
        lines.entry(pid).or_default().push(text);
    }
    assert!(unfinished.is_empty(), "calls that nothing was heard of again: {unfinished:?}");
    let names = names(&lines, first.unwrap_or_default());
    let nameless = lines.keys().filter(|pid| !names.contains_key(pid)).count();
    assert_eq!(nameless, 0, "threads that nobody has made");
    let normal = |thread: &str, lines: Vec<String>| {
        let mut addresses = Vec::new();
        let line = |line: &String| Line { short: normal(line, &names, &mut addresses), text: whole(line) };
        let lines: Vec<_> = lines.iter().map(line).collect();
        // A signal may come before such a call or in it; it is made again.
        let lines = lines.into_iter().filter(|line| !line.short.contains(" = ? ERESTART"));
        // A child may end before its parent asks for it or after that, and a child's signals are its parent's doing.
        let others = if thread == "1" { "--- SIGCHLD" } else { "---" };
        let (events, mut lines): (Vec<_>, _) =
            lines.into_iter().partition(|line| line.short.starts_with(others));
        // How far a child gets until another's signal ends it is not its own doing.
        if thread != "1" && lines.last().is_some_and(|line| line.short.starts_with("+++ killed by ")) {
            lines.retain(|line| line.short.starts_with("+++"));
        }
        lines.extend(events);
        lines
    };
    lines.into_iter().map(|(pid, lines)| (names[&pid].clone(), normal(&names[&pid], lines))).collect()
}

/// Threads by number: a child is known by whose call has answered its number.
fn names(lines: &BTreeMap<u32, Vec<String>>, first: u32) -> BTreeMap<u32, String> {
    let mut names = BTreeMap::from([(first, "1".to_owned())]);
    let mut todo = vec![first];
    while let Some(parent) = todo.pop() {
        let mut count = 0;
        for line in lines.get(&parent).into_iter().flatten() {
            let makes = ["clone(", "clone3(", "fork(", "vfork("].iter().any(|call| line.starts_with(call));
            let child = line.rsplit_once("= ").and_then(|(_, result)| result.trim().parse().ok());
            if let Some(child) = child.filter(|child| makes && !names.contains_key(child)) {
                count += 1;
                names.insert(child, format!("{}.{count}", names[&parent]));
                todo.push(child);
            }
        }
    }
    names
}

/// A line without the words for an error, which are the crate's own, and with one blank before the result.
fn whole(line: &str) -> String {
    let Some((call, result)) = line.rsplit_once(" = ").filter(|_| !line.starts_with(['-', '+'])) else {
        return line.to_owned();
    };
    let error = result.starts_with("-1 E");
    let result = result.split_once(" (").filter(|_| error).map_or(result, |(name, _)| name);
    format!("{} = {result}", call.trim_end())
}

/// A call as `NAME/COUNT = RESULT`; of a signal its name and code; an end as it is.
fn normal(line: &str, names: &BTreeMap<u32, String>, addresses: &mut Vec<String>) -> String {
    if let Some(signal) = line.strip_prefix("--- ") {
        let code =
            line.split_once("si_code=").map_or("", |(_, rest)| rest.split([',', '}']).next().unwrap_or(""));
        return format!("--- {} {code}", signal.split(' ').next().unwrap_or_default());
    }
    if line.starts_with("+++ ") {
        return line.to_owned();
    }
    let (name, rest) = line.split_once('(').unwrap_or_else(|| panic!("neither a call nor an event: {line}"));
    let (count, rest) = arguments(rest).unwrap_or_else(|| panic!("a call without its end: {line}"));
    let result =
        rest.trim_start().strip_prefix("= ").unwrap_or_else(|| panic!("a call without a result: {line}"));
    let mut words = result.split_whitespace();
    let value = words.next().unwrap_or_default();
    let error = if matches!(value, "-1" | "?") { words.next().unwrap_or_default() } else { "" };
    let value = match value.parse().ok().and_then(|number: u32| names.get(&number)) {
        Some(thread) => format!("thread {thread}"),
        // The tracer.
        None if name == "getppid" => "parent".to_owned(),
        None if matches!(name, "time" | "times") => "time".to_owned(),
        // A path may have a number of a process in it, with one digit more or less.
        None if name == "getcwd" && error.is_empty() => "length".to_owned(),
        // The kernel numbers these through.
        None if matches!(name, "msgget" | "semget" | "shmget") && value.parse::<u32>().is_ok() => {
            "object".to_owned()
        }
        None if value.starts_with("0x") && value.len() > 6 => {
            let place = addresses.iter().position(|known| known == value).unwrap_or_else(|| {
                addresses.push(value.to_owned());
                addresses.len() - 1
            });
            format!("address {place}")
        }
        None => value.to_owned(),
    };
    format!("{name}/{count} = {value} {error}").trim_end().to_owned()
}

/// How many arguments there are up to the parenthesis that ends them, and what follows that.
fn arguments(text: &str) -> Option<(usize, &str)> {
    let (mut depth, mut commas, mut quoted, mut escaped, mut any) = (0, 0, false, false, false);
    for (index, character) in text.char_indices() {
        any |= depth > 0 || !matches!(character, ')' | ' ');
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => return Some((if any { commas + 1 } else { 0 }, &text[index + 1..])),
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => commas += 1,
            _ => {}
        }
    }
    None
}

#[test]
fn a_log_is_read_per_thread() {
    let log = "7 execve(\"a\", [\"b, c\"], 0x1 /* 2 vars */) = 0\n7 fork() = 8\n8 read(0,  <unfinished ...>\n\
        7 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED} ---\n8 <... read resumed>\"\\\"(\", 2) = 1\n\
        8 +++ exited with 0 +++\n7 brk(NULL) = 0x5555000\n7 open(\"x\", O_RDONLY) = -1 ENOENT (No)\n";
    let threads = read(log);
    let short = |thread: &str| threads[thread].iter().map(|line| line.short.as_str()).collect::<Vec<_>>();
    let expected = [
        "execve/3 = 0",
        "fork/0 = thread 1.1",
        "brk/1 = address 0",
        "open/2 = -1 ENOENT",
        "--- SIGCHLD CLD_EXITED",
    ];
    assert_eq!(short("1"), expected);
    assert_eq!(short("1.1"), ["read/3 = 1", "+++ exited with 0 +++"]);
    let text = |thread: &str, at: usize| threads[thread][at].text.as_str();
    assert_eq!(text("1", 3), "open(\"x\", O_RDONLY) = -1 ENOENT");
    assert_eq!(text("1.1", 0), "read(0, \"\\\"(\", 2) = 1");
}
