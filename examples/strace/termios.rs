//! What a terminal is set to: flags, and fields of bits among them.

use crate::{structs::Compound, text};
use alloc::{string::String, vec::Vec};
use core::fmt::Write as _;

type Names = &'static [(&'static str, u64)];

/// A number of the struct: fields by the bits that hold them, and flags.
struct Part {
    name: &'static str,
    fields: &'static [(u64, Names)],
    flags: Names,
}

const PARTS: [Part; 4] = [
    Part {
        name: "c_iflag",
        fields: &[],
        flags: &[
            ("IGNBRK", 0o1),
            ("BRKINT", 0o2),
            ("IGNPAR", 0o4),
            ("PARMRK", 0o10),
            ("INPCK", 0o20),
            ("ISTRIP", 0o40),
            ("INLCR", 0o100),
            ("IGNCR", 0o200),
            ("ICRNL", 0o400),
            ("IUCLC", 0o1000),
            ("IXON", 0o2000),
            ("IXANY", 0o4000),
            ("IXOFF", 0o10000),
            ("IMAXBEL", 0o20000),
            ("IUTF8", 0o40000),
        ],
    },
    Part {
        name: "c_oflag",
        fields: &[
            (0o400, &[("NL0", 0), ("NL1", 0o400)]),
            (0o3000, &[("CR0", 0), ("CR1", 0o1000), ("CR2", 0o2000), ("CR3", 0o3000)]),
            (0o14000, &[("TAB0", 0), ("TAB1", 0o4000), ("TAB2", 0o10000), ("TAB3", 0o14000)]),
            (0o20000, &[("BS0", 0), ("BS1", 0o20000)]),
            (0o40000, &[("VT0", 0), ("VT1", 0o40000)]),
            (0o100_000, &[("FF0", 0), ("FF1", 0o100_000)]),
        ],
        flags: &[
            ("OPOST", 0o1),
            ("OLCUC", 0o2),
            ("ONLCR", 0o4),
            ("OCRNL", 0o10),
            ("ONOCR", 0o20),
            ("ONLRET", 0o40),
            ("OFILL", 0o100),
            ("OFDEL", 0o200),
        ],
    },
    Part {
        name: "c_cflag",
        fields: &[(0o10017, SPEEDS), (0o60, &[("CS5", 0), ("CS6", 0o20), ("CS7", 0o40), ("CS8", 0o60)])],
        flags: &[
            ("CSTOPB", 0o100),
            ("CREAD", 0o200),
            ("PARENB", 0o400),
            ("PARODD", 0o1000),
            ("HUPCL", 0o2000),
            ("CLOCAL", 0o4000),
            ("CMSPAR", 0o10_000_000_000),
            ("CRTSCTS", 0o20_000_000_000),
        ],
    },
    Part {
        name: "c_lflag",
        fields: &[],
        flags: &[
            ("ISIG", 0o1),
            ("ICANON", 0o2),
            ("ECHO", 0o10),
            ("ECHOE", 0o20),
            ("ECHOK", 0o40),
            ("ECHONL", 0o100),
            ("NOFLSH", 0o200),
            ("TOSTOP", 0o400),
            ("IEXTEN", 0o100_000),
            ("XCASE", 0o4),
            ("ECHOCTL", 0o1000),
            ("ECHOPRT", 0o2000),
            ("ECHOKE", 0o4000),
            ("FLUSHO", 0o10000),
            ("PENDIN", 0o40000),
            ("EXTPROC", 0o200_000),
        ],
    },
];

const SPEEDS: Names = &[
    ("B0", 0),
    ("B50", 0o1),
    ("B75", 0o2),
    ("B110", 0o3),
    ("B134", 0o4),
    ("B150", 0o5),
    ("B200", 0o6),
    ("B300", 0o7),
    ("B600", 0o10),
    ("B1200", 0o11),
    ("B1800", 0o12),
    ("B2400", 0o13),
    ("B4800", 0o14),
    ("B9600", 0o15),
    ("B19200", 0o16),
    ("B38400", 0o17),
    ("B57600", 0o10001),
    ("B115200", 0o10002),
    ("B230400", 0o10003),
    ("B460800", 0o10004),
    ("B921600", 0o10007),
    ("B1000000", 0o10010),
];

/// ABIs with other bits, which are shown as they are.
const OTHERS: [&str; 3] = ["mips", "powerpc", "sparc"];

pub fn termios(out: &mut String, it: &Compound<'_>) {
    let other = OTHERS.iter().any(|name| it.memory.abi.name().starts_with(name));
    out.push('{');
    for Part { name, fields, flags } in &PARTS {
        let value = it.get(name).unwrap_or(0);
        let _ = write!(out, "{name}=");
        if other {
            text::hex(out, value);
        } else {
            let all = fields.iter().fold(0, |all, (mask, _)| all | mask);
            let named = fields.iter().filter_map(|(mask, names)| find(names, value & mask));
            let set = flags.iter().filter(|(_, bit)| value & !all & bit != 0).map(|(name, _)| *name);
            let shown: Vec<_> = named.chain(set).collect();
            let known = flags.iter().fold(all, |known, (_, bit)| known | bit);
            text::list(out, "|", &shown, |out, name| out.push_str(name));
            match (shown.is_empty(), value & !known) {
                (true, rest) => text::hex(out, rest),
                (false, 0) => {}
                (false, rest) => {
                    let _ = write!(out, "|{rest:#x}");
                }
            }
        }
        out.push_str(", ");
    }
    out.push_str("...}");
}

fn find(names: Names, value: u64) -> Option<&'static str> {
    names.iter().find(|(_, known)| *known == value).map(|(name, _)| *name)
}
