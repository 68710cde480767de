//! The few calls that strace prints in another way than the kernel takes them.

use crate::{decode::Argument, known, memory::Memory, sets, text};
use alloc::{vec, vec::Vec};
use ring3::abi::{Abi, Call, Length, Meaning};

/// What [`number`] knows.
const CLONE_FLAGS: Meaning = Meaning::Integer("u64", "CloneFlags");
const FRAME: Meaning = Meaning::Integer("u64", "Frame");
const INTERRUPTED: Meaning = Meaning::Integer("u64", "Interrupted");

/// From where the stack ends in rt_sigreturn to the frame's `ucontext`; on the other ABIs it is the `siginfo` before that.
const TO_CONTEXT: [(&str, u64); 3] = [("x86_64", 0), ("x32", 0), ("i386", 12 + SIGINFO)];
const SIGINFO: u64 = 128;

/// The arguments of a call that strace has words of its own for: none for all others.
pub fn arguments(memory: Memory, call: Call, values: &[u64], stack: u64) -> Option<Vec<Argument>> {
    Some(match call.name() {
        "clone" => clone(call, values),
        "rt_sigreturn" => {
            let before = TO_CONTEXT.iter().find(|(name, _)| *name == memory.abi.name());
            vec![Argument::new(FRAME, stack + before.map_or(SIGINFO, |(_, before)| *before))]
        }
        "_llseek" => seek(values)?,
        "fcntl64" => lock(call, values)?,
        "restart_syscall" => vec![Argument::new(INTERRUPTED, 0)],
        _ => return None,
    })
}

/// One element of memory, which the call reads or else writes.
fn one(element: &'static str, reads: bool) -> Meaning {
    let length = Length::Fixed(1);
    Meaning::Memory(ring3::abi::Memory { reads, writes: !reads, element, length, result: false })
}

/// The same order on every ABI, by the names of the parameters.
fn clone(call: Call, values: &[u64]) -> Vec<Argument> {
    let value = |wanted: &[&str]| {
        let place = call.arguments().position(|argument| wanted.contains(&argument.name()));
        place.and_then(|place| values.get(place)).copied().unwrap_or(0)
    };
    let flags = value(&["clone_flags"]);
    let has = |name| flags & sets::bits(call.abi(), "Clone", name) != 0;
    let named = |label, meaning, value| Argument { label, ..Argument::new(meaning, value) };
    let mut arguments =
        vec![named("child_stack=", Meaning::Address, value(&["newsp"])), named("flags=", CLONE_FLAGS, flags)];
    if has("CLONE_PARENT_SETTID") || has("CLONE_PIDFD") {
        arguments.push(named("parent_tid=", one("i32", false), value(&["parent_tidptr"])));
    }
    if has("CLONE_SETTLS") {
        arguments.push(named("tls=", Meaning::Address, value(&["tls"])));
    }
    if has("CLONE_CHILD_SETTID") || has("CLONE_CHILD_CLEARTID") {
        arguments.push(named("child_tidptr=", Meaning::Address, value(&["child_tidptr"])));
    }
    arguments
}

/// A place of 64 bits.
fn seek(values: &[u64]) -> Option<Vec<Argument>> {
    let &[file, high, low, place, whence] = values else { return None };
    Some(vec![
        Argument::new(Meaning::Descriptor, file),
        Argument::new(Meaning::Integer("i64", ""), high << 32 | low & 0xffff_ffff),
        Argument::new(one("i64", false), place),
        Argument::new(Meaning::Set("Seek"), whence),
    ])
}

/// Locks of 64 bits had numbers of their own when there were others.
fn lock(call: Call, values: &[u64]) -> Option<Vec<Argument>> {
    let &[file, operation, place] = values else { return None };
    let is = |name: &&str| operation == sets::bits(call.abi(), "F", name);
    let name = ["F_GETLK64", "F_SETLK64", "F_SETLKW64"].into_iter().find(is)?;
    Some(vec![
        Argument::new(Meaning::Descriptor, file),
        Argument::new(Meaning::Constant(name), operation),
        Argument::new(one("flock64", name != "F_GETLK64"), place),
    ])
}

/// Appends what the numbers of this file are; not those of others.
pub fn number(out: &mut alloc::string::String, memory: Memory, of: &str, value: u64) -> bool {
    match of {
        "CloneFlags" => {
            let signal = value & 0xff;
            if value & !0xff != 0 {
                sets::constant(out, memory.abi, "Clone", value & 0xffff_ff00);
                out.push_str(if signal == 0 { "" } else { "|" });
            }
            if signal != 0 || value == 0 {
                sets::constant(out, memory.abi, "Sig", signal);
            }
        }
        "Frame" => {
            let mask = memory.abi.layout("ucontext").and_then(|layout| {
                layout.fields().find(|field| field.name == "uc_sigmask").map(|field| field.offset)
            });
            let bytes = mask.and_then(|mask| memory.bytes(value + mask as u64, 8).ok());
            out.push_str("{mask=");
            if bytes.is_none_or(|bytes| known::signals(out, memory, &bytes).is_err()) {
                text::address(out, value);
            }
            out.push('}');
        }
        "Interrupted" => out.push_str("<... resuming interrupted system call ...>"),
        _ => return false,
    }
    true
}

/// Whether strace leaves out an argument because of what stands before it: flags that ask for none.
pub fn drops(abi: &Abi, before: &Argument, meaning: Meaning) -> bool {
    let Argument { meaning: known, value, .. } = *before;
    let bits = |set, name| sets::bits(abi, set, name);
    match (known, meaning) {
        // The mode of a file that is not made.
        (Meaning::Set("O"), Meaning::Set("Mode")) => {
            let unnamed = bits("O", "O_TMPFILE") & !bits("O", "O_DIRECTORY");
            value & (bits("O", "O_CREAT") | unnamed) == 0
        }
        // The device of a file that is none.
        (Meaning::Set("Mode"), Meaning::Integer(_, "Dev")) => {
            ![bits("Mode", "S_IFCHR"), bits("Mode", "S_IFBLK")].contains(&(value & bits("Mode", "S_IFMT")))
        }
        // The place of a mapping that may be anywhere.
        (Meaning::Set("Mremap"), Meaning::Address) => {
            value & (bits("Mremap", "MREMAP_FIXED") | bits("Mremap", "MREMAP_DONTUNMAP")) == 0
        }
        _ => false,
    }
}

/// Whether strace prints an argument that the call does not look at, after this one: it does for the commands of System V's objects.
pub fn keeps(abi: &Abi, before: &Argument) -> bool {
    let Meaning::Constant(name) = before.meaning else { return false };
    abi.set("IpcCmd").is_some_and(|set| set.entries().any(|(known, _)| known == name))
}

/// An address as wide as those of the ABI.
pub fn masked(abi: &Abi, value: u64) -> u64 {
    value & (u64::MAX >> (64 - abi.pointer_width()))
}
