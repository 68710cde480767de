//! Where the lines go: each belongs to a thread, and at most one is open.

use alloc::string::String;
use core::fmt::Write as _;
use ring3::{OwnedFd, Pid, STDERR, io};

pub struct Output {
    /// The file of `-o`; standard error otherwise.
    pub file: Option<OwnedFd>,
    /// Whether each line begins with the thread's number.
    pub numbered: bool,
    /// Whose line is open.
    open: Option<Pid>,
    column: usize,
}

/// Where results stand.
const RESULT: usize = 40;

impl Output {
    pub fn new(file: Option<OwnedFd>, numbered: bool) -> Self {
        Self { file, numbered, open: None, column: 0 }
    }

    fn write(&mut self, text: &str) {
        // A trace that cannot be written must not end the program that is traced.
        let _ = match &self.file {
            Some(file) => io::write_all(file, text.as_bytes()),
            None => io::write_all(STDERR, text.as_bytes()),
        };
        self.column = match text.rfind('\n') {
            Some(end) => text.len() - end - 1,
            None => self.column + text.len(),
        };
    }

    /// Begins a line of a thread, with `several` threads there.
    pub fn begin(&mut self, pid: Pid, several: bool, text: &str) {
        let mut line = String::new();
        if self.open.is_some() && self.column > 0 {
            line.push_str(" <unfinished ...>\n");
        }
        if self.numbered {
            let _ = write!(line, "{:<5} ", pid.as_raw());
        } else if several && self.file.is_none() {
            let _ = write!(line, "[pid {:>5}] ", pid.as_raw());
        }
        line.push_str(text);
        self.write(&line);
        self.open = Some(pid);
    }

    /// Goes on with the thread's line, which has been left if another one was begun.
    pub fn resume(&mut self, pid: Pid, several: bool, name: &str) {
        if self.open != Some(pid) || self.column == 0 {
            let mut text = String::from("<... ");
            text.push_str(name);
            text.push_str(" resumed>");
            self.begin(pid, several, &text);
        }
    }

    /// Ends the open line: the rest of the arguments, then the result in its column.
    pub fn end(&mut self, rest: &str, result: &str) {
        let mut text = String::from(rest);
        text.push_str(") ");
        let column = self.column + text.len();
        for _ in column..RESULT {
            text.push(' ');
        }
        text.push_str("= ");
        text.push_str(result);
        text.push('\n');
        self.write(&text);
        self.open = None;
    }

    /// A whole line.
    pub fn line(&mut self, pid: Pid, several: bool, text: &str) {
        self.begin(pid, several, text);
        self.write("\n");
        self.open = None;
    }

    /// Leaves the open line, if there is one.
    pub fn leave(&mut self) {
        if self.open.take().is_some() && self.column > 0 {
            self.write(" <detached ...>\n");
        }
    }

    /// Text that belongs to no thread.
    pub fn plain(&mut self, text: &str) {
        self.write(text);
    }
}
