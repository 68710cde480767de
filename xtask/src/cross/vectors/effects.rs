//! Which vector state an instruction reads and which it writes.
//!
//! What is not known to leave its first operand unread is taken to read it, so that a mistake here shows as a
//! finding and not as silence. A group of registers goes by the name of its first one.

use std::collections::BTreeSet;

use super::asm::{Instruction, Isa};

/// `v0` to `v31` (all views of a register alike), `p0` to `p15`, and RISC-V's `vtype` with vl.
pub type Registers = BTreeSet<String>;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Effects {
    pub reads: Registers,
    pub writes: Registers,
}

/// What the whole of the vector state is called.
pub fn all(isa: Isa) -> Registers {
    let vectors = (0..32).map(|n| format!("v{n}"));
    match isa {
        Isa::Aarch64 => vectors.chain((0..16).map(|n| format!("p{n}"))).collect(),
        Isa::Riscv64 => vectors.chain(["vtype".to_owned()]).collect(),
    }
}

/// `policy`: the operands of the vsetvli in force, for RISC-V.
pub fn effects(isa: Isa, instruction: &Instruction, policy: &str) -> Effects {
    match isa {
        Isa::Aarch64 => aarch64(instruction),
        Isa::Riscv64 => riscv64(instruction, policy),
    }
}

fn aarch64(instruction: &Instruction) -> Effects {
    let name = &instruction.name[..];
    let registers: Vec<Registers> = instruction.operands.iter().map(|text| aarch64_registers(text)).collect();
    let stores = name.starts_with("st") || name.starts_with("prf");
    let compares = matches!(name, "fcmp" | "fcmpe" | "fccmp" | "fccmpe" | "ptest" | "wrffr");
    let destinations = match name {
        _ if stores || compares => 0,
        "ldp" | "ldnp" => 2,
        _ => 1,
    };
    let mut effects = Effects::default();
    for (at, registers) in registers.into_iter().enumerate() {
        if at < destinations {
            effects.writes.extend(registers.iter().cloned());
            if !aarch64_overwrites(instruction) {
                effects.reads.extend(registers);
            }
        } else {
            effects.reads.extend(registers);
        }
    }
    effects
}

/// Whether the first operand's old value is without influence, as far as the other operands do not name it.
fn aarch64_overwrites(instruction: &Instruction) -> bool {
    const KEEPS: &[&str] = &[
        "aba", "adalp", "bif", "bit", "bsl", "clast", "dec", "dot", "fml", "fcml", "ins", "inc", "mla",
        "mls", "mmla", "mlal", "mlsl", "pfirst", "aese", "aesd", "sha", "sli", "sri", "sra", "tbx", "sqinc",
        "sqdec", "uqinc", "uqdec",
    ];
    let name = &instruction.name[..];
    let first = instruction.operands.first().map_or("", |operand| operand.trim_start_matches(['{', ' ']));
    // Merging predication keeps lanes; so does writing one lane, or the upper half.
    let merges = instruction.operands.iter().skip(1).any(|operand| operand.ends_with("/m"));
    let lane = instruction.operands[0].ends_with(']');
    let upper = name.ends_with('2') && !name.starts_with("ld") && first.starts_with('v');
    // `orr z0.d, z0.d, #1` names its source, `orr v0.4s, #1` does not.
    let immediate = matches!(name, "orr" | "bic") && instruction.operands.len() == 2;
    !(merges || lane || upper || immediate || KEEPS.iter().any(|keeps| name.contains(keeps)))
}

/// The registers that an operand names: `z1.d`, `v1.4s`, `q1`, `p0/m`, `{ z0.d, z1.d }`, `{ z0.d - z3.d }`, `[x0, z1.d]`.
fn aarch64_registers(operand: &str) -> Registers {
    let mut registers = Registers::new();
    let mut from = None;
    for word in operand.split([' ', ',', '{', '}', '[', ']']).filter(|word| !word.is_empty()) {
        if word == "-" {
            continue;
        }
        let name = word.split(['.', '/']).next().unwrap_or_default();
        let Some((kind, number)) = numbered(name, &["z", "v", "q", "d", "s", "h", "b", "pn", "p"]) else {
            from = None;
            continue;
        };
        let (kind, most) = if kind.starts_with('p') { ("p", 15) } else { ("v", 31) };
        if number > most {
            continue;
        }
        let range = operand.contains(" - ").then_some(from).flatten();
        registers.extend((range.unwrap_or(number)..=number).map(|number| format!("{kind}{number}")));
        from = Some(number);
    }
    registers
}

fn riscv64(instruction: &Instruction, policy: &str) -> Effects {
    let name = &instruction.name[..];
    let mut effects = Effects::default();
    if name.starts_with("vset") {
        effects.writes.insert("vtype".into());
        // `vsetvli zero, zero, ...` keeps vl.
        if instruction.operands.iter().take(2).all(|operand| operand == "zero") {
            effects.reads.insert("vtype".into());
        }
        return effects;
    }
    if name == "csrr" && instruction.operands.get(1).is_some_and(|csr| csr == "vl" || csr == "vtype") {
        effects.reads.insert("vtype".into());
    }
    if !name.starts_with('v') {
        return effects;
    }
    // Whole registers are moved without regard to vl.
    let whole =
        ["vl1r", "vl2r", "vl4r", "vl8r", "vs1r", "vs2r", "vs4r", "vs8r", "vmv1r", "vmv2r", "vmv4r", "vmv8r"];
    if !whole.iter().any(|whole| name.starts_with(whole)) {
        effects.reads.insert("vtype".into());
    }
    let stores = ["vse", "vsse", "vsu", "vso", "vsm", "vs1r", "vs2r", "vs4r", "vs8r"];
    let stores = stores.iter().any(|prefix| name.starts_with(prefix)) && !name.starts_with("vsext");
    for (at, operand) in instruction.operands.iter().enumerate() {
        let register = operand.split('.').next().unwrap_or_default();
        if numbered(register, &["v"]).is_none_or(|(_, number)| number > 31) {
            continue;
        }
        if at > 0 || stores {
            effects.reads.insert(register.to_owned());
        } else {
            effects.writes.insert(register.to_owned());
            if riscv64_keeps(instruction, policy) {
                effects.reads.insert(register.to_owned());
            }
        }
    }
    effects
}

/// Whether elements of the first operand survive: it is summed up in, or the policy leaves a part undisturbed.
fn riscv64_keeps(instruction: &Instruction, policy: &str) -> bool {
    let keeps = ["macc", "msac", "madd", "msub", "slideup"];
    let masked = instruction.operands.iter().any(|operand| operand == "v0.t");
    keeps.iter().any(|keeps| instruction.name.contains(keeps))
        || policy.split(", ").any(|word| word == "tu" || (word == "mu" && masked))
}

fn numbered<'a>(name: &'a str, kinds: &[&str]) -> Option<(&'a str, u32)> {
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let (kind, number) = name.split_at(digits);
    kinds.contains(&kind).then(|| Some((kind, number.parse().ok()?)))?
}

#[cfg(test)]
mod tests {
    use super::super::asm::functions;
    use super::*;

    fn of(isa: Isa, line: &str, policy: &str) -> (Vec<String>, Vec<String>) {
        let text = format!("\t.type f,@function\nf:\n\t{line}\n");
        let effects = effects(isa, &functions(isa, &text)[0].instructions[0], policy);
        (effects.reads.into_iter().collect(), effects.writes.into_iter().collect())
    }

    #[track_caller]
    fn check(isa: Isa, line: &str, reads: &[&str], writes: &[&str]) {
        let (read, written) = of(isa, line, "e32, m1, ta, ma");
        assert_eq!((read, written), (to(reads), to(writes)), "{line}");
    }

    fn to(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn aarch64_instructions() {
        let check = |line: &str, reads: &[&str], writes: &[&str]| check(Isa::Aarch64, line, reads, writes);
        check("movi v0.4s, #1", &[], &["v0"]);
        check("add z2.s, z2.s, z0.s", &["v0", "v2"], &["v2"]);
        check("umulh z2.s, p0/m, z2.s, z1.s", &["p0", "v1", "v2"], &["v2"]);
        check("mov z0.s, p1/m, w8", &["p1", "v0"], &["v0"]);
        check("mov z0.s, w8", &[], &["v0"]);
        check("mov v0.s[1], w8", &["v0"], &["v0"]);
        check("ldp q2, q3, [x9], #32", &[], &["v2", "v3"]);
        check("stp q0, q1, [x2]", &["v0", "v1"], &[]);
        check("stp d15, d14, [sp, #-80]!", &["v14", "v15"], &[]);
        check("ld1b { z1.b }, p0/z, [x9, x18]", &["p0"], &["v1"]);
        check("ld4 { v0.4s - v3.4s }, [x0]", &[], &["v0", "v1", "v2", "v3"]);
        check("ld1 { v0.s }[1], [x0]", &["v0"], &["v0"]);
        check("st1w { z1.s }, p0, [x0, z2.s, sxtw]", &["p0", "v1", "v2"], &[]);
        check("whilelo p1.s, x0, x1", &[], &["p1"]);
        check("ptrue p0.s", &[], &["p0"]);
        check("fmla v0.4s, v1.4s, v2.4s", &["v0", "v1", "v2"], &["v0"]);
        check("xtn2 v0.8h, v1.4s", &["v0", "v1"], &["v0"]);
        check("fmov x0, d1", &["v1"], &[]);
        check("cntp x0, p0, p1.d", &["p0", "p1"], &[]);
        check("fcmp s0, s1", &["v0", "v1"], &[]);
        check("add x0, x1, x2", &[], &[]);
        check("b.ne .LBB0_1", &[], &[]);
    }

    #[test]
    fn riscv64_instructions() {
        let check = |line: &str, reads: &[&str], writes: &[&str]| check(Isa::Riscv64, line, reads, writes);
        check("vsetivli zero, 8, e32, m2, ta, ma", &[], &["vtype"]);
        check("vsetvli zero, zero, e32, m2, ta, ma", &["vtype"], &["vtype"]);
        check("vmv.v.i v8, 7", &["vtype"], &["v8"]);
        check("vse32.v v8, (a2)", &["v8", "vtype"], &[]);
        check("vsext.vf2 v8, v9", &["v9", "vtype"], &["v8"]);
        check("vle32.v v10, (a3)", &["vtype"], &["v10"]);
        check("vadd.vv v8, v8, v10", &["v10", "v8", "vtype"], &["v8"]);
        check("vadd.vx v8, v9, a0, v0.t", &["v0", "v9", "vtype"], &["v8"]);
        check("vmacc.vv v8, v9, v10", &["v10", "v8", "v9", "vtype"], &["v8"]);
        check("vs2r.v v8, (a0)", &["v8"], &[]);
        check("vl2r.v v8, (a0)", &[], &["v8"]);
        check("vmv.x.s a0, v8", &["v8", "vtype"], &[]);
        check("csrr a0, vlenb", &[], &[]);
        check("csrr a0, vl", &["vtype"], &[]);
        check("lw a0, 0(a1)", &[], &[]);
    }

    #[test]
    fn an_undisturbed_tail_is_read() {
        let (reads, _) = of(Isa::Riscv64, "vadd.vv v8, v9, v10", "zero, a0, e32, m1, tu, ma");
        assert!(reads.contains(&"v8".to_owned()));
        let (reads, _) = of(Isa::Riscv64, "vadd.vv v8, v9, v10, v0.t", "zero, a0, e32, m1, ta, mu");
        assert!(reads.contains(&"v8".to_owned()));
        let (reads, _) = of(Isa::Riscv64, "vadd.vv v8, v9, v10", "zero, a0, e32, m1, ta, mu");
        assert!(!reads.contains(&"v8".to_owned()));
    }

    #[test]
    fn there_are_forty_eight_and_thirty_three() {
        assert_eq!((all(Isa::Aarch64).len(), all(Isa::Riscv64).len()), (48, 33));
    }
}
