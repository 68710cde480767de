//! Constants by name: members of a set, and flags that join.

use crate::{
    own,
    text::{self, octal},
};
use alloc::{string::String, vec::Vec};
use core::{cmp::Reverse, fmt::Write as _};
use ring3::abi::{Abi, Set};

/// Members that strace has no use for: those that say that nothing is asked for, those of several flags, and one of two names of a flag.
const UNUSED: [&str; 8] = [
    "AT_EACCESS",
    "AT_STATX_SYNC_AS_STAT",
    "FALLOC_FL_ALLOCATE_RANGE",
    "FUTEX_PRIVATE_FLAG",
    "MAP_FILE",
    "MOUNT_ATTR_RELATIME",
    "SYNC_FILE_RANGE_WRITE_AND_WAIT",
    "WUNTRACED",
];

/// Members that come after greater ones, in this order; all others are in the order of their bits.
const LATE: [&str; 11] = [
    "O_DIRECTORY",
    "SOCK_NONBLOCK",
    "TFD_NONBLOCK",
    "EFD_NONBLOCK",
    "SFD_NONBLOCK",
    "W_OK",
    "X_OK",
    "MS_ASYNC",
    "SA_SIGINFO",
    "SA_NOCLDSTOP",
    "SA_NOCLDWAIT",
];

/// Members that strace calls by an older name.
const RENAMED: [(&str, &str); 1] = [("SCHED_NORMAL", "SCHED_OTHER")];

/// A set as it is shown.
struct Members {
    flags: bool,
    /// Whether flags are shown in the order of the list, not in that of their bits.
    ordered: bool,
    width: u32,
    list: Vec<(&'static str, u64)>,
}

impl Members {
    fn of(abi: &Abi, name: &str) -> Option<Self> {
        if let Some((_, set, members)) = own::PARTS.iter().find(|(part, ..)| *part == name) {
            let mut part = Self { ordered: true, ..Self::of(abi, set)? };
            part.list.retain(|(member, _)| members.contains(member));
            return Some(part);
        }
        let set = match abi.set(name) {
            Some(set) => Self {
                flags: set.is_flags(),
                ordered: false,
                width: set.width(),
                list: set.entries().collect(),
            },
            None => {
                let (_, flags, list) = own::SETS.iter().find(|(own, ..)| *own == name)?;
                Self { flags: *flags, ordered: true, width: 64, list: list.to_vec() }
            }
        };
        Some(set)
    }

    /// The flags of all System V's objects, too.
    fn and_common(mut self, abi: &Abi) -> Self {
        let common: Vec<_> = abi.set("Ipc").into_iter().flat_map(Set::entries).collect();
        self.list.retain(|member| !common.contains(member));
        self.list.extend(common);
        self
    }

    /// The member of a value; the first of several.
    fn exact(&self, value: u64) -> Option<&'static str> {
        self.list
            .iter()
            .find(|&&(name, member)| member == value && !is_mask(name))
            .map(|(name, _)| renamed(name))
    }

    /// The bits that hold one of several members.
    fn field(&self) -> u64 {
        self.list.iter().find(|(name, _)| is_field(name)).map_or(0, |(_, mask)| *mask)
    }

    /// What all members' names begin with, up to a `_`.
    fn prefix(&self) -> Option<&'static str> {
        let (first, _) = self.list.first()?;
        let same = self.list.iter().fold(first.len(), |same, (name, _)| {
            same.min(first.bytes().zip(name.bytes()).take_while(|(one, other)| one == other).count())
        });
        first[..same].rfind('_').map(|end| &first[..end])
    }

    /// Appends a value that nothing is known of, and what it might have been.
    fn unknown(&self, out: &mut String, value: u64) {
        let _ = match self.prefix() {
            Some(prefix) => write!(out, "{value:#x} /* {prefix}_??? */"),
            None => write!(out, "{value:#x}"),
        };
    }
}

/// Appends a member of a set, or the members that join to the value.
pub fn constant(out: &mut String, abi: &Abi, name: &str, value: u64) {
    let Some(set) = Members::of(abi, name) else {
        return text::hex(out, value);
    };
    let value = value & (u64::MAX >> (64 - set.width));
    match name {
        "Mode" => mode(out, &set, value),
        "Sig" => signal(out, &set, value),
        "Ipc" | "Shm" => permissions(out, &set.and_common(abi), value),
        "MsgRcv" | "SemFlg" => flags(out, &set.and_common(abi), value, 0),
        // The question for it.
        "Per" if value == 0xffff_ffff => text::hex(out, value),
        _ if set.flags => flags(out, &set, value, set.field()),
        _ => match set.exact(value) {
            Some(name) => out.push_str(name),
            None => set.unknown(out, value),
        },
    }
}

/// Appends the flags of a set, without what stands for none of them.
pub fn flags_alone(out: &mut String, abi: &Abi, name: &str, value: u64) {
    match Members::of(abi, name) {
        Some(mut set) => {
            set.list.retain(|(_, bits)| *bits != 0);
            flags(out, &set, value & (u64::MAX >> (64 - set.width)), 0);
        }
        None => text::hex(out, value),
    }
}

/// Appends flags, and first what a part of them holds, whose bits are those of `field`.
pub fn flags_with(out: &mut String, abi: &Abi, name: &str, value: u64, field: &str) {
    if let Some(set) = Members::of(abi, name) {
        flags(out, &set, value & (u64::MAX >> (64 - set.width)), bits(abi, name, field));
    }
}

/// The bits of a constant; none where the ABI does not have it.
pub fn bits(abi: &Abi, set: &str, name: &str) -> u64 {
    let mut members = abi.set(set).into_iter().flat_map(Set::entries);
    members.find(|member| member.0 == name).map_or(0, |member| member.1)
}

fn renamed(name: &'static str) -> &'static str {
    RENAMED.iter().find(|(new, _)| *new == name).map_or(name, |(_, old)| old)
}

/// Whether a constant is no flag: it says where a number stands.
fn is_mask(name: &str) -> bool {
    name.ends_with("_MASK") || name.ends_with("_SYNC_TYPE") || is_field(name)
}

/// Whether the bits that a constant says hold one of several members.
fn is_field(name: &str) -> bool {
    ["O_ACCMODE", "S_IFMT", "MAP_TYPE", "PER_MASK"].contains(&name)
}

fn flags(out: &mut String, set: &Members, value: u64, field: u64) {
    let used = |name: &str| set.ordered || !UNUSED.contains(&name);
    if field == 0
        && let Some((name, _)) =
            set.list.iter().find(|&&(name, bits)| bits == value && !is_mask(name) && used(name))
    {
        out.push_str(renamed(name));
        return;
    }
    let mut found: Vec<(u64, &str)> = Vec::new();
    if field != 0
        && let Some(name) = set.exact(value & field)
    {
        found.push((value & field, name));
    }
    let mut rest = if found.is_empty() { value } else { value & !field };
    let flag = |name: &str, bits: u64| bits != 0 && !is_mask(name) && used(name);
    let mut members: Vec<_> = set.list.iter().filter(|&&(name, bits)| flag(name, bits)).collect();
    // The greatest first, so that one of several bits comes before its parts; of equal ones the table's first.
    members.sort_by_key(|&(_, bits)| Reverse(bits));
    for &&(name, bits) in &members {
        if rest & bits == bits {
            rest &= !bits;
            found.push((bits, name));
        }
    }
    let late = |name: &str| LATE.iter().position(|late| *late == name).map_or(0, |place| place + 1);
    let listed = |name: &str| set.list.iter().position(|(known, _)| *known == name).unwrap_or(0) as u64;
    found.sort_by_key(|&(bits, name)| match bits {
        _ if set.ordered => (0, listed(name)),
        bits if bits & !field == 0 => (0, 0),
        bits => (late(name), bits),
    });
    text::list(out, "|", &found, |out, (_, name)| out.push_str(name));
    match (found.is_empty(), rest) {
        (true, 0) => out.push('0'),
        (false, 0) => {}
        (true, rest) => set.unknown(out, rest),
        (false, rest) => {
            let _ = write!(out, "|{rest:#x}");
        }
    }
}

/// Permissions in octal; with the type of a file, that and the bits above them by name.
fn mode(out: &mut String, set: &Members, value: u64) {
    match set.exact(value & set.field()) {
        Some(kind) if value & set.field() != 0 => {
            out.push_str(kind);
            for wanted in ["S_ISUID", "S_ISGID", "S_ISVTX"] {
                if set.list.iter().any(|(name, bits)| *name == wanted && value & bits != 0) {
                    let _ = write!(out, "|{wanted}");
                }
            }
            let _ = write!(out, "|{}", octal(value & 0o777));
        }
        _ => out.push_str(&octal(value)),
    }
}

/// Flags, and permissions in octal.
fn permissions(out: &mut String, set: &Members, value: u64) {
    if value & !0o777 != 0 {
        flags(out, set, value & !0o777, 0);
        out.push('|');
    }
    out.push_str(&octal(value & 0o777));
}

fn signal(out: &mut String, set: &Members, value: u64) {
    match set.exact(value) {
        Some(name) if name != "SIGRTMAX" => out.push_str(name),
        _ if (33..=64).contains(&value) => {
            let _ = write!(out, "SIGRT_{}", value - 32);
        }
        _ => {
            let _ = write!(out, "{}", value as i32);
        }
    }
}

/// The name of a signal.
pub fn signal_name(number: i32) -> String {
    let mut out = String::new();
    constant(&mut out, Abi::native(), "Sig", number as u64);
    out
}
