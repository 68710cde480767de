//! The comparison of constants.

use crate::probe::Peer;
use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write as _,
};

/// Constants of a peer that differ from ring3's, and why that is right.
pub struct Exception {
    pub peer: &'static str,
    /// Values of `target_arch`; none: everywhere.
    pub archs: &'static [&'static str],
    /// Each must differ.
    pub names: &'static [&'static str],
    pub reason: &'static str,
}

const TIME: &[&str] = &[
    "SO_TIMESTAMP",
    "SO_TIMESTAMPNS",
    "SO_TIMESTAMPING",
    "SO_RCVTIMEO",
    "SO_SNDTIMEO",
    "SCM_TIMESTAMP",
    "SCM_TIMESTAMPNS",
    "SCM_TIMESTAMPING",
];

pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        peer: "linux-raw-sys",
        archs: &[],
        names: &["FUTEX_CMD_MASK"],
        reason: "futex has got flags since the kernel that the peer is made from",
    },
    Exception {
        peer: "linux-raw-sys",
        archs: &["aarch64"],
        names: &["PKEY_ACCESS_MASK"],
        reason: "arm64 denies more, which the peer's lists and this mask of it forgets",
    },
    Exception {
        peer: "linux-raw-sys",
        archs: &[],
        names: &["LSMT_ROOT"],
        reason: "an int of value -1 there; the calls take 64 bits, all set",
    },
    Exception {
        peer: "libc",
        archs: &[],
        names: &["CLONE_CLEAR_SIGHAND", "CLONE_INTO_CGROUP"],
        reason: "libc's type has 32 bits, and the flags are above",
    },
    Exception {
        peer: "libc",
        archs: &["x86_64", "aarch64", "riscv64", "riscv32"],
        names: &["O_LARGEFILE"],
        reason: "0 in the C library, whose off_t has 64 bits; the kernel reports the flag of F_GETFL",
    },
    Exception {
        peer: "libc",
        archs: &["x86", "arm"],
        names: TIME,
        reason: "the C library's time_t has 32 bits unless it is told otherwise; ring3's options take 64",
    },
];

/// A constant of ring3: its name in C, and its place in `ring3::consts`.
pub struct Constant {
    c: String,
    path: String,
    accessor: &'static str,
}

/// The constants of a generated source.
pub fn read(source: &str) -> Vec<Constant> {
    let (mut set, mut accessor, mut c) = ("", "", "");
    let mut constants = Vec::new();
    for line in source.lines() {
        if let Some((name, ty)) = line.strip_prefix("pub type ").and_then(|rest| rest.split_once(" = ")) {
            (set, accessor) = (name, if ty.starts_with("Flags<") { "bits" } else { "raw" });
        } else if let Some(rest) = line.strip_prefix("    /// `") {
            c = rest.trim_end_matches('`');
        } else if let Some((name, _)) =
            line.strip_prefix("    pub const ").and_then(|rest| rest.split_once(':'))
        {
            constants.push(Constant { c: c.into(), path: format!("{set}::{name}"), accessor });
        }
    }
    constants
}

/// The program's part for the constants of one peer, and what is in it.
pub struct Probe {
    pub text: String,
    pub compared: usize,
    pub exceptions: usize,
    pub missing: usize,
    pub problem: Option<String>,
}

impl Probe {
    pub fn new(ours: &[Constant], theirs: &[(Vec<String>, String)], peer: Peer<'_>) -> Self {
        let krate = peer.name.replace('-', "_");
        let mut by_name: HashMap<&str, Vec<String>> = HashMap::new();
        for (module, name) in theirs {
            let path = [std::slice::from_ref(&krate), module, std::slice::from_ref(name)].concat().join("::");
            by_name.entry(name).or_default().push(path);
        }
        let mut probe = Self { text: String::new(), compared: 0, exceptions: 0, missing: 0, problem: None };
        writeln!(probe.text, "mod {krate}_constants {{ use ring3::consts;").unwrap();
        // The same number, or the same bits: a flag may be an int here and a u64 there. A narrower type of ring3 has the lower ones.
        probe.text += "const fn bits(number: i128, bytes: usize) -> i128 { number & (u64::MAX as i128 >> (64 - 8 * bytes)) }\n\
            const fn same(ours: (i128, usize), theirs: (i128, usize)) -> bool { ours.0 == theirs.0 \
            || bits(ours.0, ours.1) == bits(theirs.0, if ours.1 < theirs.1 { ours.1 } else { theirs.1 }) }\n";
        let mut used = BTreeSet::new();
        for Constant { c, path, accessor } in ours {
            let Some(paths) = by_name.get(c.as_str()) else {
                probe.missing += 1;
                continue;
            };
            let exception = EXCEPTIONS.iter().any(|exception| exception.covers(peer, c));
            if exception {
                used.insert(c.as_str());
            }
            let not = if exception { "!" } else { "" };
            for theirs in paths {
                writeln!(
                    probe.text,
                    "const _: () = assert!({not}same((consts::{path}.{accessor}() as i128, size_of_val(&consts::{path})), \
                     ({theirs} as i128, size_of_val(&{theirs}))), \"{c} and {theirs}\");"
                )
                .unwrap();
            }
            probe.compared += 1;
        }
        probe.text += "}\n";
        probe.exceptions = used.len();
        let mut listed = EXCEPTIONS
            .iter()
            .flat_map(|exception| exception.names.iter().filter(move |name| exception.covers(peer, name)));
        if let Some(name) = listed.find(|name| !used.contains(**name)) {
            probe.problem = Some(format!("unused exception: {} has no {name} to differ from", peer.name));
        }
        probe
    }
}

impl Exception {
    fn covers(&self, peer: Peer<'_>, name: &str) -> bool {
        self.peer == peer.name
            && self.names.contains(&name)
            && (self.archs.is_empty() || self.archs.contains(&peer.arch))
    }
}
