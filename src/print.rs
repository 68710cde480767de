//! std's macros for printing, on the descriptors themselves.
//!
//! They keep std's words and leave out one thing: std panics when it cannot print, and reports that by printing. Here a failure is
//! not reported; [`io::print`](crate::io::print) and [`io::Writer`](crate::io::Writer) answer it.

use crate::{fd::BorrowedFd, io};
use core::fmt;

/// What the macros call.
#[doc(hidden)]
#[inline]
pub fn print(fd: BorrowedFd<'_>, text: fmt::Arguments<'_>) {
    // Nobody is there to report a failure to.
    let _ = io::print(fd, text);
}

/// Prints to standard output, as std's macro does, without a heap: a text of up to 1024 bytes is one write. One without values is one of any length,
/// and brings nothing that formats into the program.
///
/// Nothing is buffered from one call to the next, and nothing locked: texts of several threads do not mix where each is one write.
///
/// # When it cannot print
///
/// It goes on without a word, where std's macro panics; the rest of the text is lost. A program that has to know calls
/// [`io::print`](crate::io::print), or writes to [`io::stdout()`](crate::io::stdout), which is faster for many lines, too.
///
/// Standard output that nobody reads any more ends a program by SIGPIPE, unless whoever started it has that ignored. (std's programs
/// ignore it from the start.)
///
/// ```
/// ring3::print!("{} ", 1);
/// ring3::println!("and {two}", two = 2);
/// ```
#[macro_export]
macro_rules! print {
    ($($text:tt)*) => {
        $crate::__print($crate::STDOUT, ::core::format_args!($($text)*))
    };
}

/// Prints a line to standard output: see [`print!`](crate::print!).
#[macro_export]
macro_rules! println {
    () => {
        $crate::print!("\n")
    };
    ($($text:tt)*) => {
        $crate::print!("{}\n", ::core::format_args!($($text)*))
    };
}

/// Prints to standard error: see [`print!`](crate::print!).
#[macro_export]
macro_rules! eprint {
    ($($text:tt)*) => {
        $crate::__print($crate::STDERR, ::core::format_args!($($text)*))
    };
}

/// Prints a line to standard error: see [`print!`](crate::print!).
#[macro_export]
macro_rules! eprintln {
    () => {
        $crate::eprint!("\n")
    };
    ($($text:tt)*) => {
        $crate::eprint!("{}\n", ::core::format_args!($($text)*))
    };
}

/// Prints an expression and its value to standard error, with the place, and gives the value: std's macro, on [`eprintln!`](crate::eprintln!).
///
/// ```
/// let twice = ring3::dbg!(2 * 21);
/// assert_eq!(twice, 42);
/// ```
#[macro_export]
macro_rules! dbg {
    () => {
        $crate::eprintln!("[{}:{}:{}]", ::core::file!(), ::core::line!(), ::core::column!())
    };
    ($value:expr $(,)?) => {
        match $value {
            value => {
                $crate::eprintln!(
                    "[{}:{}:{}] {} = {:#?}",
                    ::core::file!(),
                    ::core::line!(),
                    ::core::column!(),
                    ::core::stringify!($value),
                    &value,
                );
                value
            }
        }
    };
    ($($value:expr),+ $(,)?) => {
        ($($crate::dbg!($value)),+,)
    };
}
