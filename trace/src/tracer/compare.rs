//! What the kernel saw against what the tables say.

use crate::call::{Answer, Call, Expected, Kind, Slot, Step};
use crate::content::Content;
use crate::given;
use crate::ptrace::{Entry, Tracee};
use core::fmt;
use ring3::{Errno, Result};
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

/// What the last line says of a list.
#[derive(Clone, Copy, Default)]
pub struct Sums {
    pub seen: usize,
    pub mismatches: usize,
}

impl Sums {
    fn differs(&mut self, name: &str, what: fmt::Arguments<'_>, found: u64, expected: u64) {
        if found != expected {
            self.mismatch(format_args!("{name} {what}: found {found:#x}, expected {expected:#x}"));
        }
    }

    pub fn mismatch(&mut self, what: fmt::Arguments<'_>) {
        say(format_args!("MISMATCH {what}"));
        self.mismatches += 1;
    }
}

/// Compares what the kernel sees of a call with a step of it.
pub fn call(call: &Call, step: &Step, entry: &Entry, tracee: Tracee, sums: &mut Sums) {
    sums.seen += 1;
    let (name, seen) = (call.name, entry.call());
    sums.differs(name, format_args!("(gate)"), entry.arch().into(), gate(call.kind).into());
    sums.differs(name, format_args!("(number)"), seen.nr, step.number.into());
    for (slot, &register) in step.registers.iter().zip(&seen.args) {
        compare(call, slot, register, tracee, sums);
    }
    for (index, slot) in step.block.iter().enumerate() {
        let address = seen.args[0] as usize + index * size_of::<usize>();
        match tracee.peek(address) {
            Ok(word) => compare(call, slot, word as u64, tracee, sums),
            Err(error) => {
                sums.mismatch(format_args!(
                    "{name} {}: found {error} at {address:#x}, expected a block",
                    slot.argument
                ));
                break;
            }
        }
    }
}

/// Compares an argument as wide as it is in C, and notes what else is in the register: ring3 widens integers by their sign, but
/// the functions that the kernel has behind its calls do not look. `syscall!` promises it.
fn compare(call: &Call, slot: &Slot, register: u64, tracee: Tracee, sums: &mut Sums) {
    let (value, bits, signed) = match slot.expected {
        Expected::Value { value, bits, signed } => (value, bits, signed),
        Expected::Pointer { room, ref content } => {
            let address = cut(register, usize::BITS);
            let room = room.map_or(address, |room| given::room(room) as u64);
            sums.differs(call.name, format_args!("{} (address)", slot.argument), address, room);
            memory(call.name, slot.argument, content, tracee, address as usize, sums);
            (address, usize::BITS, false)
        }
    };
    let (arch, name) = (gate(call.kind), slot.argument);
    let widened = cut(widen(value, bits, signed), if arch & BITS_64 == 0 { 32 } else { 64 });
    if call.kind == Kind::Number {
        sums.differs(call.name, format_args!("{name}"), register, widened);
        return;
    }
    let (found, expected) = (cut(register, bits), cut(value, bits));
    sums.differs(call.name, format_args!("{name}"), found, expected);
    if arch == ARCH && found == expected && register != widened {
        say(format_args!("note: {} {name}: widened to {register:#x}, not {widened:#x}", call.name));
    }
}

/// Compares memory of the tracee, up to the first difference.
fn memory(name: &str, what: &str, content: &Content, tracee: Tracee, address: usize, sums: &mut Sums) {
    for at in 0..content.size() {
        let expected = content.byte(at, address);
        match (tracee.byte(address.wrapping_add(at)), expected) {
            (Ok(found), Some(expected)) if found != expected => {
                return sums.differs(name, format_args!("{what}[{at}]"), found.into(), expected.into());
            }
            (Ok(_), _) => {}
            (Err(error), _) => {
                return sums.mismatch(format_args!(
                    "{name} {what}: found {error} at {:#x}, expected {} bytes",
                    address.wrapping_add(at),
                    content.size()
                ));
            }
        }
    }
}

/// The value as wide as a register can be.
fn widen(value: u64, bits: u32, signed: bool) -> u64 {
    let unused = 64 - bits;
    let top = value << unused;
    if signed { (top.cast_signed() >> unused).cast_unsigned() } else { top >> unused }
}

fn cut(value: u64, bits: u32) -> u64 {
    value & (u64::MAX >> (64 - bits))
}

fn gate(kind: Kind) -> u32 {
    match kind {
        Kind::Function | Kind::Never | Kind::Number => ARCH,
        #[cfg(target_arch = "x86_64")]
        Kind::Int80 | Kind::Int80Never => LITTLE_ENDIAN | EM_386,
    }
}

/// Compares what the function gave.
pub fn answer(call: &Call, error: Option<Errno>, tracee: Tracee, sums: &mut Sums) -> Result<()> {
    let number = |error: Option<Errno>| error.map_or(0, Errno::number).into();
    let expected = match call.answer {
        Answer::Error(error) => Some(error),
        Answer::Values(_) => None,
    };
    if error != expected {
        sums.differs(call.name, format_args!("(error)"), number(error), number(expected));
        return Ok(());
    }
    let Answer::Values(values) = call.answer else { return Ok(()) };
    let (mut address, length) = given::told();
    let size: usize = values.iter().map(Content::size).sum();
    sums.differs(call.name, format_args!("(size of result)"), tracee.peek(length)? as u64, size as u64);
    for value in values {
        memory(call.name, "(result)", value, tracee, address, sums);
        address += value.size();
    }
    Ok(())
}
