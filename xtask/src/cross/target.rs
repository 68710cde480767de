//! What the suite is run for: one row per target and instruction set.

/// One row: a Rust target in one of its flavours.
pub struct Target {
    pub triple: &'static str,
    /// What follows the triple in this row's name, where a triple has several rows.
    pub flavour: &'static str,
    /// The ABI's name in tables/abi.tbl.
    pub abi: &'static str,
    pub rustflags: &'static [&'static str],
    /// The emulator and its arguments, for hosts that cannot run the target's programs themselves.
    pub emulator: &'static [&'static str],
    /// Whether the suite also runs with frame pointers forced on: where they take a register of the calls.
    pub frame_pointers: bool,
}

// The oldest CPU of the target where qemu's default is a newer one: an instruction it lacks is then caught.
pub const TARGETS: &[Target] = &[
    row("x86_64-unknown-linux-gnu", "x86_64", &["qemu-x86_64"]),
    row("i686-unknown-linux-gnu", "i386", &["qemu-i386"]).with_frame_pointers(),
    row("aarch64-unknown-linux-gnu", "aarch64", &["qemu-aarch64"]),
    row("armv5te-unknown-linux-gnueabi", "arm", &["qemu-arm", "-cpu", "arm926"]).with_frame_pointers(),
    row("armv5te-unknown-linux-gnueabi", "arm", &["qemu-arm", "-cpu", "arm926"])
        .flavour("+thumb-mode", &["-Ctarget-feature=+thumb-mode"])
        .with_frame_pointers(),
    row("armv7-unknown-linux-gnueabihf", "arm", &["qemu-arm", "-cpu", "cortex-a8"]).with_frame_pointers(),
    row("thumbv7neon-unknown-linux-gnueabihf", "arm", &["qemu-arm", "-cpu", "cortex-a8"])
        .with_frame_pointers(),
    row("riscv64gc-unknown-linux-gnu", "riscv64", &["qemu-riscv64"]),
    row("riscv32gc-unknown-linux-gnu", "riscv32", &["qemu-riscv32"]),
];

const fn row(triple: &'static str, abi: &'static str, emulator: &'static [&'static str]) -> Target {
    Target { triple, flavour: "", abi, rustflags: &[], emulator, frame_pointers: false }
}

impl Target {
    const fn flavour(self, flavour: &'static str, rustflags: &'static [&'static str]) -> Self {
        Self { flavour, rustflags, ..self }
    }

    const fn with_frame_pointers(self) -> Self {
        Self { frame_pointers: true, ..self }
    }

    pub fn name(&self) -> String {
        format!("{}{}", self.triple, self.flavour)
    }

    /// Whether a word of the command line means this row: its name, its triple or its ABI.
    pub fn is_meant_by(&self, word: &str) -> bool {
        word == self.name() || word == self.triple || word == self.abi
    }

    /// Whether the host's kernel runs the target's programs.
    pub fn is_native_on(&self, host: &str) -> bool {
        let arch = |triple: &str| triple.split('-').next().unwrap_or_default().to_owned();
        let own = arch(self.triple);
        own == arch(host) || (arch(host) == "x86_64" && self.abi == "i386")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_an_abi_of_the_table() {
        let table = include_str!("../../../tables/abi.tbl");
        let names: Vec<_> = table.lines().filter_map(|line| line.split_whitespace().next()).collect();
        for target in TARGETS {
            assert!(names.contains(&target.abi), "{}: no ABI {} in abi.tbl", target.name(), target.abi);
        }
    }

    #[test]
    fn names_are_unique_and_words_select() {
        for (at, target) in TARGETS.iter().enumerate() {
            assert!(TARGETS[..at].iter().all(|other| other.name() != target.name()));
        }
        let meant = |word| TARGETS.iter().filter(|target| target.is_meant_by(word)).count();
        assert_eq!(meant("arm"), 4);
        assert_eq!(meant("armv5te-unknown-linux-gnueabi"), 2);
        assert_eq!(meant("armv5te-unknown-linux-gnueabi+thumb-mode"), 1);
        assert_eq!(meant("vax"), 0);
    }

    #[test]
    fn the_host_runs_its_own() {
        let native =
            |host| TARGETS.iter().filter(|t| t.is_native_on(host)).map(|t| t.abi).collect::<Vec<_>>();
        assert_eq!(native("x86_64-unknown-linux-gnu"), ["x86_64", "i386"]);
        assert_eq!(native("aarch64-unknown-linux-musl"), ["aarch64"]);
    }
}
