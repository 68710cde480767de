//! The text that the compiler emits, as functions of basic instructions: enough of an assembler's reader for the
//! two instruction sets whose vector registers a system call destroys.

use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isa {
    Aarch64,
    Riscv64,
}

/// One instruction: its name and its operands, split at the commas that stand outside of brackets.
#[derive(Debug, PartialEq, Eq)]
pub struct Instruction {
    pub name: String,
    pub operands: Vec<String>,
}

/// The instructions of one function, and where its labels point.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub instructions: Vec<Instruction>,
    labels: BTreeMap<String, usize>,
}

impl Isa {
    fn comment(self) -> &'static str {
        match self {
            Self::Aarch64 => "//",
            Self::Riscv64 => "#",
        }
    }

    /// Whether the instruction enters the kernel.
    pub fn is_trap(self, instruction: &Instruction) -> bool {
        instruction.name == if self == Self::Aarch64 { "svc" } else { "ecall" }
    }

    pub fn is_call(self, instruction: &Instruction) -> bool {
        match self {
            Self::Aarch64 => matches!(&instruction.name[..], "bl" | "blr"),
            Self::Riscv64 => matches!(&instruction.name[..], "call" | "jal" | "jalr"),
        }
    }

    /// Whether control never goes on to the next instruction.
    fn is_end(self, instruction: &Instruction) -> bool {
        match self {
            Self::Aarch64 => matches!(&instruction.name[..], "b" | "br" | "ret" | "brk" | "udf"),
            Self::Riscv64 => {
                matches!(&instruction.name[..], "j" | "jr" | "ret" | "tail" | "unimp" | "ebreak")
            }
        }
    }

    /// A jump whose goal is in a register: a table of labels.
    fn is_indirect(self, instruction: &Instruction) -> bool {
        instruction.name == if self == Self::Aarch64 { "br" } else { "jr" }
    }
}

impl Function {
    /// The instructions that can follow the one at `at`.
    pub fn successors(&self, isa: Isa, at: usize) -> Vec<usize> {
        let instruction = &self.instructions[at];
        let mut next: Vec<usize> = match isa.is_indirect(instruction) {
            true => self.labels.values().copied().collect(),
            false => instruction.operands.iter().filter_map(|name| self.labels.get(name)).copied().collect(),
        };
        if !isa.is_end(instruction) {
            next.push(at + 1);
        }
        next.retain(|&next| next < self.instructions.len());
        next
    }
}

/// The functions in `text`: from the label that `.type NAME, @function` announces to `.size NAME`.
pub fn functions(isa: Isa, text: &str) -> Vec<Function> {
    let mut announced = Vec::new();
    let mut functions = Vec::new();
    let mut current: Option<Function> = None;
    for line in text.lines() {
        let line = line.split(isa.comment()).next().unwrap_or_default();
        // Inline assembly may put several statements on a line.
        for statement in line.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
            let (name, rest) = statement.split_once(char::is_whitespace).unwrap_or((statement, ""));
            if let Some(label) = name.strip_suffix(':') {
                if announced.iter().any(|name| name == label) {
                    functions.extend(current.take());
                    current = Some(Function { name: label.to_owned(), ..Function::default() });
                } else if let Some(function) = &mut current {
                    function.labels.insert(label.to_owned(), function.instructions.len());
                }
            } else if name == ".type" && rest.ends_with("function") {
                announced.extend(rest.split(',').next().map(str::to_owned));
            } else if name == ".size" {
                functions.extend(current.take());
            } else if !name.starts_with('.')
                && let Some(function) = &mut current
            {
                function
                    .instructions
                    .push(Instruction { name: name.to_ascii_lowercase(), operands: operands(rest) });
            }
        }
    }
    functions.extend(current);
    functions
}

fn operands(text: &str) -> Vec<String> {
    let mut operands = vec![String::new()];
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => depth -= 1,
            _ => {}
        }
        match (c, depth) {
            (',', 0) => operands.push(String::new()),
            _ => operands.last_mut().expect("there is one from the start").push(c),
        }
    }
    operands
        .into_iter()
        .map(|operand| operand.trim().to_owned())
        .filter(|operand| !operand.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operands_keep_their_brackets() {
        assert_eq!(operands("{ z1.b, z2.b }, p0/z, [x9, x18]"), ["{ z1.b, z2.b }", "p0/z", "[x9, x18]"]);
        assert_eq!(operands("q0, q1, [sp, #-16]!"), ["q0", "q1", "[sp, #-16]!"]);
        assert_eq!(operands(""), [""; 0]);
    }

    #[test]
    fn functions_and_their_flow() {
        let text = "\t.text\n\t.type\tone,@function\none:\n.Lfunc_begin0:\n\t.cfi_startproc\n\tcbz\tx1, .L2\n.L1:\n\t//APP\n\
                    \tmov x8, #1; svc #0 // why\n\t//NO_APP\n\tb.ne\t.L1\n.L2:\n\tret\n.Lfunc_end0:\n\t.size\tone, .-one\n\
                    \t.type\ttwo,@function\ntwo:\n\tb\tone\n\t.size\ttwo, .-two\n\t.section .rodata\ntable:\n\t.word 1\n";
        let functions = functions(Isa::Aarch64, text);
        assert_eq!(functions.iter().map(|f| &f.name[..]).collect::<Vec<_>>(), ["one", "two"]);
        let names: Vec<_> = functions[0].instructions.iter().map(|i| &i.name[..]).collect();
        assert_eq!(names, ["cbz", "mov", "svc", "b.ne", "ret"]);
        let flow: Vec<_> = (0..5).map(|at| functions[0].successors(Isa::Aarch64, at)).collect();
        assert_eq!(flow, [vec![4, 1], vec![2], vec![3], vec![1, 4], vec![]]);
        assert!(functions[1].successors(Isa::Aarch64, 0).is_empty());
    }

    #[test]
    fn a_number_sign_comments_on_riscv_alone() {
        let text = "\t.type f,@function\nf:\n\t#APP\n\tecall\n\t#NO_APP\n\tbnez a1, .L1 # note\n.L1:\n\tjr a5\n\t.size f, 1\n";
        let functions = functions(Isa::Riscv64, text);
        assert_eq!(functions[0].instructions.len(), 3);
        assert_eq!(functions[0].instructions[1].operands, ["a1", ".L1"]);
        // A jump through a register may go to any label.
        assert_eq!(functions[0].successors(Isa::Riscv64, 2), [2]);
    }
}
