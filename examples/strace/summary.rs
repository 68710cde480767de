//! The table of `-c`.

use alloc::{format, string::String, vec::Vec};
use core::fmt::Write as _;

#[derive(Default)]
pub struct Summary {
    rows: Vec<Row>,
}

struct Row {
    name: String,
    calls: u64,
    errors: u64,
    /// Of the kernel's time, in microseconds.
    time: u64,
}

const RULE: &str = "------ ----------- ----------- --------- --------- ----------------\n";

impl Summary {
    pub fn add(&mut self, name: &str, is_error: bool, time: u64) {
        let place = match self.rows.iter().position(|row| row.name == name) {
            Some(place) => place,
            None => {
                self.rows.push(Row { name: name.into(), calls: 0, errors: 0, time: 0 });
                self.rows.len() - 1
            }
        };
        let row = &mut self.rows[place];
        row.calls += 1;
        row.errors += u64::from(is_error);
        row.time += time;
    }

    /// The table: who took most time first.
    pub fn table(mut self) -> String {
        self.rows.sort_by(|one, other| {
            (other.time, other.calls, &one.name).cmp(&(one.time, one.calls, &other.name))
        });
        let sum = |of: fn(&Row) -> u64| self.rows.iter().map(of).sum::<u64>();
        let total = Row {
            name: "total".into(),
            calls: sum(|row| row.calls),
            errors: sum(|row| row.errors),
            time: sum(|row| row.time),
        };
        let mut out = String::from("% time     seconds  usecs/call     calls    errors syscall\n");
        out.push_str(RULE);
        for row in &self.rows {
            row.print(&mut out, total.time);
        }
        out.push_str(RULE);
        total.print(&mut out, total.time);
        out
    }
}

impl Row {
    fn print(&self, out: &mut String, all: u64) {
        // Hundredths of a percent; a table of nothing but zeros is all there is.
        let share = match all {
            0 => {
                if self.name == "total" {
                    10_000
                } else {
                    0
                }
            }
            all => (self.time * 10_000 + all / 2) / all,
        };
        let errors = if self.errors == 0 { String::new() } else { format!("{}", self.errors) };
        let _ = writeln!(
            out,
            "{:>3}.{:02} {:>4}.{:06} {:>11} {:>9} {:>9} {}",
            share / 100,
            share % 100,
            self.time / 1_000_000,
            self.time % 1_000_000,
            self.time / self.calls.max(1),
            self.calls,
            errors,
            self.name,
        );
    }
}
