//! What the instructions of a function cost.

/// The architectures, as far as their assembly is told apart here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InstructionSet {
    X86,
    Aarch64,
    Arm,
    Thumb,
    Riscv,
}

use InstructionSet::{Aarch64, Arm, Riscv, Thumb, X86};
use std::collections::{BTreeSet, HashMap};

impl InstructionSet {
    /// Whether the instruction enters the kernel.
    pub fn is_trap(self, instruction: &str) -> bool {
        let mut words = instruction.split_whitespace();
        match self {
            X86 => match words.next() {
                Some("syscall") => true,
                name => name == Some("int") && words.next() == Some("$128"),
            },
            Aarch64 | Arm | Thumb => words.next() == Some("svc"),
            Riscv => words.next() == Some("ecall"),
        }
    }

    /// The function that the instruction calls or goes on to.
    pub fn callee(self, instruction: &str) -> Option<&str> {
        let (name, operands) = instruction.split_once(char::is_whitespace)?;
        let goes = match self {
            X86 => name.starts_with("call") || name.starts_with("jmp"),
            Aarch64 => matches!(name, "bl" | "blr" | "b"),
            Arm | Thumb => matches!(name, "bl" | "blx" | "b"),
            Riscv => matches!(name, "call" | "tail" | "jal" | "jalr" | "j"),
        };
        let target = operands.rsplit([',', ' ', '\t']).next()?;
        let target = target.trim_start_matches('*').split('@').next()?;
        (goes && !target.starts_with(".L")).then_some(target)
    }
}

/// The functions of rustc's assembly, by name.
pub struct Assembly<'a>(HashMap<&'a str, Function<'a>>);

/// The instructions of a function.
pub struct Function<'a> {
    pub instructions: Vec<&'a str>,
}

impl<'a> Assembly<'a> {
    pub fn read(text: &'a str) -> Self {
        let mut functions = HashMap::<_, Function<'a>>::new();
        let (mut aliases, mut current) = (Vec::new(), None);
        for line in text.lines() {
            // Where two functions came out the same, the compiler keeps one, and the other is a name of it:
            // `hand_write = ring3_write`, or `.set hand_write, ring3_write`.
            let alias = match line.strip_prefix(".set") {
                Some(names) => names.split_once(','),
                None => line.split_once(" = "),
            };
            if let Some((name, other)) = alias {
                aliases.push((name.trim(), other.trim()));
            } else if line.starts_with(".Lfunc_end") {
                current = None;
            } else if let Some(label) =
                line.strip_suffix(':').filter(|label| !label.starts_with([' ', '\t', '.']))
            {
                current = Some(label.trim_matches('"'));
            } else if let Some(name) = current {
                let line = line.trim();
                // No directives, labels, and comments, whose sign differs: only `#APP` begins a line here, and its like.
                if !line.is_empty() && !line.starts_with(['.', '#', '@', '/']) && !line.ends_with(':') {
                    functions
                        .entry(name)
                        .or_insert_with(|| Function { instructions: Vec::new() })
                        .instructions
                        .push(line);
                }
            }
        }
        for (name, other) in aliases {
            if let Some(other) = functions.get(other) {
                let instructions = other.instructions.clone();
                functions.insert(name, Function { instructions });
            }
        }
        Self(functions)
    }

    /// The names that begin so, without what they begin with.
    pub fn names(&self, prefix: &str) -> BTreeSet<&'a str> {
        self.0.keys().filter_map(|name| name.strip_prefix(prefix)).collect()
    }

    pub fn get(&self, name: &str) -> Option<&Function<'a>> {
        self.0.get(name)
    }
}

/// What a function costs.
#[derive(Debug, Default)]
pub struct Cost {
    pub instructions: usize,
    memory: usize,
    branches: usize,
    pub calls: usize,
}

impl Cost {
    pub fn of(function: &Function<'_>, set: InstructionSet) -> Self {
        let mut cost = Self { instructions: function.instructions.len(), ..Self::default() };
        for instruction in &function.instructions {
            let (name, operands) = instruction.split_once(char::is_whitespace).unwrap_or((instruction, ""));
            let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
            let (memory, branch, call) = match set {
                X86 => (
                    begins(&["push", "pop"]) || operands.contains('(') && !begins(&["lea", "nop"]),
                    begins(&["j"]),
                    begins(&["call"]),
                ),
                Aarch64 => (
                    begins(&["ld", "st"]),
                    begins(&["b", "cb", "tb"]) && !begins(&["bl", "bi", "bf"]),
                    begins(&["bl"]),
                ),
                Arm | Thumb => (
                    begins(&["ld", "st", "push", "pop"]),
                    begins(&["b", "cb"]) && !begins(&["bi", "bf"]) && !matches!(name, "bl" | "blx"),
                    matches!(name, "bl" | "blx"),
                ),
                Riscv => (
                    matches!(
                        name,
                        "lb" | "lbu" | "lh" | "lhu" | "lw" | "lwu" | "ld" | "sb" | "sh" | "sw" | "sd"
                    ),
                    begins(&["b", "j"]) && !begins(&["jal"]),
                    begins(&["call", "tail", "jal"]),
                ),
            };
            cost.memory += usize::from(memory);
            cost.branches += usize::from(branch);
            cost.calls += usize::from(call);
        }
        cost
    }

    /// What this has more of than the other.
    ///
    /// Compilers have a branch or several instructions without one for the same thing. So a branch more is no loss where there are
    /// fewer instructions.
    pub fn exceeds(&self, other: &Self) -> Option<&'static str> {
        let branches = if self.instructions < other.instructions { 0 } else { self.branches };
        [
            ("instructions", self.instructions, other.instructions),
            ("memory accesses", self.memory, other.memory),
            ("branches", branches, other.branches),
            ("calls", self.calls, other.calls),
        ]
        .into_iter()
        .find_map(|(what, ours, theirs)| (ours > theirs).then_some(what))
    }
}
