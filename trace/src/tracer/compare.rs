//! What the kernel saw against what the tables say.

use crate::call::{Call, Kind, Slot};
use crate::ptrace::{Entry, Tracee};
use ring3::Errno;
use trace::print::say;

/// `AUDIT_ARCH_*` of include/uapi/linux/audit.h: the machine's number in ELF, and bits for 64-bit and little-endian.
const BITS_64: u32 = 0x8000_0000;
const LITTLE_ENDIAN: u32 = 0x4000_0000;
const ARCH: u32 = if cfg!(target_endian = "little") { LITTLE_ENDIAN } else { 0 }
    | if cfg!(target_pointer_width = "64") { BITS_64 } else { 0 }
    | MACHINE;
const EM_386: u32 = 3;
const MACHINE: u32 = if cfg!(target_arch = "x86") {
    EM_386
} else if cfg!(target_arch = "x86_64") {
    62
} else if cfg!(target_arch = "arm") {
    40
} else if cfg!(target_arch = "aarch64") {
    183
} else if cfg!(any(target_arch = "riscv64", target_arch = "riscv32")) {
    243
} else {
    panic!("the machine's number in ELF is missing here")
};

/// What the last line says.
#[derive(Default)]
pub struct Sums {
    pub seen: usize,
    pub mismatches: usize,
}

/// Compares a call.
pub fn call(call: &Call, entry: &Entry, tracee: Tracee, sums: &mut Sums) {
    sums.seen += 1;
    let name = call.name;
    let mut differs = |what: &str, found: u64, expected: u64| {
        if found != expected {
            say(format_args!("MISMATCH {name} {what}: found {found:#x}, expected {expected:#x}"));
            sums.mismatches += 1;
        }
    };
    let seen = entry.call();
    differs("(gate)", entry.arch().into(), gate(call.kind).into());
    differs("(number)", seen.nr, call.number.into());
    for (slot, &register) in call.registers.iter().zip(&seen.args) {
        compare(call, slot, register, &mut differs);
    }
    for (index, slot) in call.block.iter().enumerate() {
        let address = seen.args[0] as usize + index * size_of::<usize>();
        match tracee.peek(address) {
            Ok(word) => compare(call, slot, word as u64, &mut differs),
            Err(error) => {
                say(format_args!(
                    "MISMATCH {name} {}: found {error} at {address:#x}, expected a block",
                    slot.argument
                ));
                sums.mismatches += 1;
                break;
            }
        }
    }
}

/// Compares an argument as wide as it is in C, and notes what else is in the register: ring3 widens integers by their sign, but
/// the functions that the kernel has behind its calls do not look. `syscall!` promises it.
fn compare(call: &Call, slot: &Slot, register: u64, differs: &mut impl FnMut(&str, u64, u64)) {
    let arch = gate(call.kind);
    let widened = cut(widen(slot), if arch & BITS_64 == 0 { 32 } else { 64 });
    if call.kind == Kind::Number {
        differs(slot.argument, register, widened);
        return;
    }
    let (found, expected) = (cut(register, slot.bits), cut(slot.value, slot.bits));
    differs(slot.argument, found, expected);
    if arch == ARCH && found == expected && register != widened {
        say(format_args!(
            "note: {} {}: widened to {register:#x}, not {widened:#x}",
            call.name, slot.argument
        ));
    }
}

/// The value as wide as a register can be.
fn widen(slot: &Slot) -> u64 {
    let unused = 64 - slot.bits;
    let top = slot.value << unused;
    if slot.signed { (top.cast_signed() >> unused).cast_unsigned() } else { top >> unused }
}

fn cut(value: u64, bits: u32) -> u64 {
    value & (u64::MAX >> (64 - bits))
}

fn gate(kind: Kind) -> u32 {
    match kind {
        Kind::Raw | Kind::Never | Kind::Number => ARCH,
        #[cfg(target_arch = "x86_64")]
        Kind::Int80 | Kind::Int80Never => LITTLE_ENDIAN | EM_386,
    }
}

/// A call that the kernel forgot answers ENOSYS, through all that ring3 does with an answer.
pub fn answer(call: &Call, answer: Option<Errno>, sums: &mut Sums) {
    if answer != Some(Errno::ENOSYS) {
        let found = answer.map_or(0, Errno::number);
        say(format_args!(
            "MISMATCH {} (answer): found error {found}, expected {}",
            call.name,
            Errno::ENOSYS.number()
        ));
        sums.mismatches += 1;
    }
}
