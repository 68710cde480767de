//! The tables that are printed.

use core::fmt;
use ring3::{
    Result,
    abi::{self, Abi, Call, Version},
    io::Stdout,
};

/// A release in a column, if it is known.
struct Since(Option<Version>);

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(version) => version.fmt(f),
            None => f.pad("-"),
        }
    }
}

/// A call's arguments with their registers: `fd rdi, buf rsi`. A value of two registers has both.
struct Registers(Call);

impl fmt::Display for Registers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, argument) in self.0.arguments().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            f.write_str(if argument.name().is_empty() { "{ ... }" } else { argument.name() })?;
            for (half, register) in argument.registers().iter().enumerate() {
                write!(f, "{}{register}", if half == 0 { ' ' } else { ':' })?;
            }
        }
        Ok(())
    }
}

/// A call on each of the ABIs that has it, under its prototype where that changes, and the ABIs that do not.
pub fn calls(
    out: &mut Stdout,
    abis: &[&'static Abi],
    find: impl Fn(&'static Abi) -> Option<Call>,
) -> Result<()> {
    let mut last: Option<Call> = None;
    for call in abis.iter().filter_map(|abi| find(abi)) {
        let same = last.is_some_and(|last| {
            (last.name(), last.result(), last.parameters()) == (call.name(), call.result(), call.parameters())
        });
        if !same {
            if last.is_some() {
                writeln!(out)?;
            }
            writeln!(out, "{call}{}", if call.is_live() { "" } else { ": no call is behind the number" })?;
            writeln!(out, "  {:<11} {:>10}  {:<7} {:<10} ARGUMENTS", "ABI", "NUMBER", "SINCE", "NUMBER IN")?;
        }
        last = Some(call);
        let abi = call.abi();
        let (number, since, register) = (call.number(), Since(call.since()), abi.number_register());
        write!(out, "  {abi:<11} {number:>10}  {since:<7} {register:<10}")?;
        if call.arguments().len() > 0 {
            write!(out, " {}", Registers(call))?;
        }
        writeln!(out)?;
    }
    let mut missing = abis.iter().filter(|abi| find(abi).is_none()).peekable();
    if missing.peek().is_some() {
        write!(out, "\nnot on")?;
        missing.try_for_each(|abi| write!(out, " {abi}"))?;
        writeln!(out)?;
    }
    Ok(())
}

/// All numbers of an ABI.
pub fn table(out: &mut Stdout, abi: &'static Abi) -> Result<()> {
    let (instruction, number, result) = (abi.instruction(), abi.number_register(), abi.result_register());
    write!(out, "{abi}: `{instruction}`, number in {number}, arguments in")?;
    for register in abi.argument_registers() {
        write!(out, " {register}")?;
    }
    writeln!(out, ", result in {result}")?;
    let width = abi.calls().map(|call| call.name().len()).max().unwrap_or(0);
    writeln!(out, "{:>10}  {:<width$}  {:<7} PROTOTYPE", "NUMBER", "NAME", "SINCE")?;
    for call in abi.calls() {
        let (number, name, since) = (call.number(), call.name(), Since(call.since()));
        if call.is_live() {
            let (result, parameters) = (call.result(), call.parameters());
            writeln!(out, "{number:>10}  {name:<width$}  {since:<7} {result} {name}({parameters})")?;
        } else {
            writeln!(out, "{number:>10}  {name:<width$}  {since:<7} -")?;
        }
    }
    Ok(())
}

/// A call for scripts. Where no call is behind the number, entry point and prototype are empty.
pub fn tsv(out: &mut Stdout, call: Call) -> Result<()> {
    let (number, name, entry) = (call.number(), call.name(), call.entry().unwrap_or(""));
    write!(out, "{number}\t{name}\t{entry}\t{}\t", call.arguments().len())?;
    if call.is_live() {
        write!(out, "{call}")?;
    }
    writeln!(out, "\t{}", call.abi())
}

/// How much of each ABI that ring3 compiles for it has functions for.
pub fn coverage(out: &mut Stdout) -> Result<()> {
    writeln!(
        out,
        "{:<8} {:>5} {:>5} {:>5} {:>9} {:>11} {:>15} {:>8} {:>5}",
        "ABI", "rows", "live", "raw", "sys safe", "sys unsafe", "rows described", "omitted", "todo"
    )?;
    for abi in abi::ALL.iter().filter(|abi| abi.coverage().safe > 0) {
        let (rows, live) = (abi.calls().len(), abi.calls().filter(|call| call.is_live()).count());
        let abi::Coverage { raw, safe, hazardous, omitted, todo, .. } = abi.coverage();
        let described = live - usize::from(omitted) - usize::from(todo);
        writeln!(
            out,
            "{abi:<8} {rows:>5} {live:>5} {raw:>5} {safe:>9} {hazardous:>11} {described:>15} {omitted:>8} {todo:>5}"
        )?;
    }
    Ok(())
}
