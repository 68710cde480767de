//! The functions of `sys` that were called, and what came of each. The memory is shared with children, whose calls count as well.

use crate::report::{Outcome, Run, Text};
use core::{
    cell::{Cell, RefCell},
    fmt, ptr,
    sync::atomic::AtomicU32,
};
use ring3::{
    Errno, Result,
    consts::{Map, Prot},
    sys,
};

/// How a check has ended for the functions that it has called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    Passed,
    /// The machine lacks what the check needs.
    Apart,
    Failed,
}

struct Row {
    name: Cell<&'static str>,
    /// The last check that has called it.
    check: Cell<u32>,
    passed: Cell<bool>,
    failed: Cell<bool>,
    /// What says that it is not there, or is not allowed.
    lacks: Cell<Option<Errno>>,
}

/// More than `sys` has.
const ROWS: usize = 1024;

/// A part of a check.
pub type Part = fn(&Run) -> Outcome;

pub struct Functions {
    rows: [Row; ROWS],
    count: Cell<usize>,
    check: Cell<u32>,
    /// The first function that the check at work found missing.
    missing: Cell<Option<(&'static str, Errno)>>,
    /// What a check found instead of what must be.
    pub found: RefCell<Text<400>>,
    /// How a child's part of a check has ended.
    pub outcome: Cell<Option<Outcome>>,
    /// What a child does once it has what many of a file's checks need.
    pub then: Cell<Option<Part>>,
    /// What parent and child wait on.
    pub word: AtomicU32,
}

impl Functions {
    /// An empty list in memory that is shared with children.
    pub fn shared() -> Result<&'static Self> {
        let (prot, flags) = (Prot::READ | Prot::WRITE, Map::SHARED | Map::ANONYMOUS);
        // SAFETY: new memory, aligned to a page and large enough; nobody unmaps it. Parent and child take turns.
        unsafe {
            let list = sys::mmap(ptr::null_mut(), size_of::<Self>(), prot, flags, None, 0)?.cast::<Self>();
            list.write(Self {
                rows: [const { Row::new() }; ROWS],
                count: Cell::new(0),
                check: Cell::new(0),
                missing: Cell::new(None),
                found: RefCell::new(Text::new()),
                outcome: Cell::new(None),
                then: Cell::new(None),
                word: AtomicU32::new(0),
            });
            Ok(&*list)
        }
    }

    /// A check begins.
    pub fn begin(&self) {
        self.check.set(self.check.get() + 1);
        self.missing.set(None);
    }

    /// The check has ended. What it says of the functions that it called, and that were there, is noted.
    pub fn end(&self, end: End) {
        for row in self.called().filter(|row| row.check.get() == self.check.get()) {
            match end {
                End::Passed => row.passed.set(true),
                End::Apart => {}
                End::Failed => row.failed.set(true),
            }
        }
    }

    /// A function was called.
    pub fn made(&self, name: &'static str, error: Option<&Errno>) {
        let row = self.row(name);
        row.check.set(self.check.get());
        if error == Some(&Errno::ENOSYS) {
            self.lacks(name, Errno::ENOSYS);
        }
    }

    /// A function that was called is not there, or is not allowed.
    pub fn lacks(&self, name: &'static str, errno: Errno) {
        let Some(row) = self.called().find(|row| row.name.get() == name) else { return };
        row.check.set(0);
        row.lacks.set(Some(errno));
        if self.missing.get().is_none() {
            self.missing.set(Some((name, errno)));
        }
    }

    /// What the check found missing, and first.
    pub fn missing(&self) -> Option<(&'static str, Errno)> {
        self.missing.get()
    }

    fn called(&self) -> impl Iterator<Item = &Row> {
        self.rows[..self.count.get()].iter()
    }

    fn row(&self, name: &'static str) -> &Row {
        if let Some(row) = self.called().find(|row| row.name.get() == name) {
            return row;
        }
        let row = &self.rows[self.count.get()];
        self.count.set(self.count.get() + 1);
        row.name.set(name);
        row
    }
}

impl Row {
    const fn new() -> Self {
        Self {
            name: Cell::new(""),
            check: Cell::new(0),
            passed: Cell::new(false),
            failed: Cell::new(false),
            lacks: Cell::new(None),
        }
    }

    /// Passed where a check has passed, whatever others lack.
    fn end(&self) -> End {
        match (self.failed.get(), self.passed.get()) {
            (true, _) => End::Failed,
            (_, true) => End::Passed,
            _ => End::Apart,
        }
    }
}

impl fmt::Display for Functions {
    /// `N passed, N failed, N not supported: name(ENOSYS) name(EPERM) ...`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |end| self.called().filter(|row| row.end() == end).count();
        let (passed, apart, failed) = (count(End::Passed), count(End::Apart), count(End::Failed));
        write!(f, "{passed} passed, {failed} failed, {apart} not supported")?;
        for (n, row) in self.called().filter(|row| row.end() == End::Apart).enumerate() {
            write!(f, "{}{}", if n == 0 { ": " } else { " " }, row.name.get())?;
            match row.lacks.get() {
                Some(errno) => write!(f, "({errno:?})")?,
                // The machine lacks what its check needs.
                None => f.write_str("(unshown)")?,
            }
        }
        Ok(())
    }
}
