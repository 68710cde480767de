//! Vector state that is read after a trap without having been written since: what the kernel destroyed.

use std::collections::BTreeSet;

use super::asm::{Function, Isa};
use super::effects::{Registers, all, effects};

/// What the check saw in one function.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub traps: usize,
    /// Instructions that write vector registers: without any, the check would say nothing.
    pub vector_writes: usize,
    /// The registers that are live across a trap, each with the instruction that reads it.
    pub live: BTreeSet<(String, String)>,
}

/// Follows every path from every trap: a register is stale after the trap until it is written again.
pub fn check(isa: Isa, function: &Function) -> Seen {
    let count = function.instructions.len();
    let mut seen = Seen::default();
    let mut policy = String::new();
    let mut steps = Vec::new();
    for instruction in &function.instructions {
        // The policy in force is that of the vsetvli above in the text, as the compiler lays its code out.
        if instruction.name.starts_with("vset") {
            policy = instruction.operands.join(", ");
        }
        let step = effects(isa, instruction, &policy);
        seen.traps += usize::from(isa.is_trap(instruction));
        seen.vector_writes += usize::from(step.writes.iter().any(|register| register != "vtype"));
        steps.push(step);
    }
    let mut stale: Vec<Registers> = vec![Registers::new(); count];
    let mut work: Vec<usize> = (0..count).collect();
    while let Some(at) = work.pop() {
        let instruction = &function.instructions[at];
        let mut after = stale[at].clone();
        for register in steps[at].reads.intersection(&stale[at]) {
            let text = format!("{} {}", instruction.name, instruction.operands.join(", "));
            seen.live.insert((register.clone(), text));
        }
        if isa.is_trap(instruction) {
            after = all(isa);
        } else if isa.is_call(instruction) {
            // What a called function leaves is its own affair; what it is handed, the fixture hands in memory.
            after.clear();
        } else {
            after.retain(|register| !steps[at].writes.contains(register));
        }
        for next in function.successors(isa, at) {
            if !after.is_subset(&stale[next]) {
                stale[next].extend(after.iter().cloned());
                work.push(next);
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::super::asm::functions;
    use super::*;

    fn live(isa: Isa, body: &str) -> Vec<String> {
        let text = format!("\t.type f,@function\nf:\n{body}\n\t.size f, 1\n");
        let seen = check(isa, &functions(isa, &text)[0]);
        seen.live.into_iter().map(|(register, _)| register).collect()
    }

    #[test]
    fn a_read_after_the_trap_is_found() {
        assert_eq!(live(Isa::Aarch64, "movi v0.4s, #7\nstr q0, [x0]\nsvc #0\nstr q0, [x1]\nret"), ["v0"]);
        assert_eq!(live(Isa::Aarch64, "ptrue p0.s\nsvc #0\nst1w { z1.s }, p0, [x0]\nret"), ["p0", "v1"]);
    }

    #[test]
    fn a_write_in_between_is_enough() {
        let body = "movi v0.4s, #7\nstr q0, [x0]\nsvc #0\nmovi v0.4s, #7\nstr q0, [x1]\nret";
        assert!(live(Isa::Aarch64, body).is_empty());
    }

    #[test]
    fn a_read_before_the_trap_counts_around_a_loop() {
        let around = "vsetivli zero, 8, e32, m2, ta, ma\nvmv.v.i v8, 7\n.L1:\nvsetivli zero, 8, e32, m2, ta, ma\n\
                      vse32.v v8, (a2)\necall\nbnez a1, .L1\nret";
        assert_eq!(live(Isa::Riscv64, around), ["v8"]);
        let inside = "li a7, 1\n.L1:\nvsetivli zero, 8, e32, m2, ta, ma\nvmv.v.i v8, 7\nvse32.v v8, (a2)\necall\nbnez a1, .L1\nret";
        assert!(live(Isa::Riscv64, inside).is_empty());
    }

    #[test]
    fn one_path_is_enough() {
        let body = "svc #0\ncbz x0, .L1\nmovi v0.4s, #7\n.L1:\nstr q0, [x0]\nret";
        assert_eq!(live(Isa::Aarch64, body), ["v0"]);
    }

    #[test]
    fn what_stands_behind_a_return_is_not_reached() {
        assert!(live(Isa::Aarch64, "svc #0\nret\nstr q0, [x0]\nret").is_empty());
    }

    #[test]
    fn the_vector_length_is_lost_too() {
        let body = "vsetivli zero, 8, e32, m2, ta, ma\necall\nvle32.v v8, (a0)\nret";
        assert_eq!(live(Isa::Riscv64, body), ["vtype"]);
        let again = "vsetivli zero, 8, e32, m2, ta, ma\necall\nvsetivli zero, 8, e32, m2, ta, ma\nvle32.v v8, (a0)\nret";
        assert!(live(Isa::Riscv64, again).is_empty());
    }

    #[test]
    fn an_undisturbed_tail_survives_only_where_it_was_written() {
        let body = "vmv.v.i v8, 0\necall\nvsetvli a0, a1, e32, m1, tu, ma\nvadd.vv v8, v9, v10\nret";
        assert_eq!(live(Isa::Riscv64, body), ["v10", "v8", "v9"]);
    }
}
