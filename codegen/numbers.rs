//! The tables of numbers.

use super::{
    abi::Abi,
    error::{Place, Result},
    table::{Cell, Index, Table},
};

/// A row of the target's table.
pub struct Call<'a> {
    /// The number as it goes into the register.
    pub number: u32,
    pub name: &'a str,
    /// The kernel's function, if there is one behind the number.
    pub entry: Option<Cell<'a>>,
    pub place: Place<'a>,
}

/// The ABI's rows of one table, in its order.
pub fn parse<'a>(table: Table<'a>, abi: &Abi<'_>, calls: &mut Vec<Call<'a>>) -> Result<()> {
    for row in table.rows() {
        row.at_most(6)?;
        let number = row.cell(0, "the number of a call")?;
        let name = row.cell(2, "the name of a call")?;
        name.identifier()?;
        let entry = row.cells.get(3).copied().filter(|entry| entry.text != "sys_ni_syscall");
        if let Some(entry) = entry {
            entry.identifier()?;
        }
        if let Some(cell) = row.cells.get(5).filter(|cell| cell.text != "noreturn") {
            return Err(cell.expected("`noreturn` or nothing"));
        }
        if abi.takes(row.cell(1, "the tag of a call")?.text) {
            calls.push(Call {
                number: number.number()? + abi.offset,
                name: name.text,
                entry,
                place: number.place,
            });
        }
    }
    Ok(())
}

/// Refuses a number or a name that stands twice.
pub fn reject_duplicates(calls: &[Call<'_>]) -> Result<()> {
    let mut names = Index::new();
    for (position, call) in calls.iter().enumerate() {
        let number =
            calls[..position].iter().find(|other| other.number == call.number).map(|other| other.place);
        for (found, other) in [
            (format!("number {} again", call.number), number),
            (format!("name `{}` again", call.name), names.get(call.name).copied()),
        ] {
            if let Some(other) = other {
                let expected = format!("a call of its own: line {} of {} has it", other.line, other.file);
                return Err(call.place.error(found, expected));
            }
        }
        names.insert(call.name, call.place);
    }
    Ok(())
}
