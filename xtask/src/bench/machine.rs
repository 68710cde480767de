//! What the numbers were measured on.

use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::cross::command::text;

const LIMIT: Duration = Duration::from_secs(60);

/// The processor, the kernel, the compiler and the C library, in one line.
pub fn describe() -> Result<String> {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").context("/proc/cpuinfo")?;
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").context("/proc/sys/kernel/osrelease")?;
    let rustc = text(Command::new("rustc").arg("--version"), LIMIT)?;
    let libc = text(Command::new("getconf").arg("GNU_LIBC_VERSION"), LIMIT)?;
    Ok(format!("{}, Linux {}, {}, {}", processor(&cpuinfo), kernel.trim(), rustc.trim(), libc.trim()))
}

fn processor(cpuinfo: &str) -> String {
    let fields = |name: &'static str| {
        cpuinfo.lines().filter_map(move |line| {
            let (field, value) = line.split_once(':')?;
            (field.trim() == name).then_some(value.trim())
        })
    };
    let model = fields("model name").next().unwrap_or("a processor without a name");
    let count = fields("processor").count();
    let guest = fields("flags").next().is_some_and(|flags| flags.split(' ').any(|flag| flag == "hypervisor"));
    format!("{model}, {count} of them{}", if guest { " in a virtual machine" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_processor_has_a_name_and_a_number() {
        let one =
            |flags: &str| format!("processor\t: 0\nmodel name\t: Some CPU @ 2.00GHz\nflags\t\t: {flags}\n\n");
        assert_eq!(processor(&one("fpu")), "Some CPU @ 2.00GHz, 1 of them");
        let two = one("fpu hypervisor") + &one("fpu hypervisor");
        assert_eq!(processor(&two), "Some CPU @ 2.00GHz, 2 of them in a virtual machine");
        assert_eq!(processor(""), "a processor without a name, 0 of them");
    }
}
