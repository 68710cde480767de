//! Lines on standard output.

use core::fmt::{self, Write};

struct Line {
    text: [u8; 512],
    length: usize,
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // What does not fit is lost; the end of the line is not.
        let count = text.len().min(self.text.len() - 1 - self.length);
        self.text[self.length..][..count].copy_from_slice(&text.as_bytes()[..count]);
        self.length += count;
        Ok(())
    }
}

/// Prints a line, in one call as long as the kernel takes it whole.
pub fn say(line: fmt::Arguments<'_>) {
    let mut buffer = Line { text: [0; 512], length: 0 };
    let _ = buffer.write_fmt(line);
    buffer.text[buffer.length] = b'\n';
    let mut rest = &buffer.text[..=buffer.length];
    while !rest.is_empty() {
        // SAFETY: the kernel reads as many bytes as the slice has.
        match unsafe { ring3::raw::write(1, rest.as_ptr().cast(), rest.len()) } {
            Ok(count) => rest = &rest[count..],
            Err(_) => return,
        }
    }
}
