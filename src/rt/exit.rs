//! What `main` may look like, and what becomes of its result.

use super::env::Env;
use core::fmt;

/// What a program tells its parent when it exits: 0 for success, anything else for what went wrong.
///
/// ```
/// use ring3::ExitCode;
///
/// assert_eq!(ExitCode::from(2), ExitCode::from(2));
/// assert_ne!(ExitCode::SUCCESS, ExitCode::FAILURE);
/// ```
///
/// [_exit(2)](https://man7.org/linux/man-pages/man2/_exit.2.html): the parent sees the low 8 bits, all of this type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct ExitCode(u8);

impl ExitCode {
    /// 0.
    pub const SUCCESS: Self = Self(0);
    /// 1.
    pub const FAILURE: Self = Self(1);
}

impl Default for ExitCode {
    #[inline]
    fn default() -> Self {
        Self::SUCCESS
    }
}

impl From<u8> for ExitCode {
    #[inline]
    fn from(code: u8) -> Self {
        Self(code)
    }
}

/// A function that [`entry!`](crate::entry) takes for `main`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the `main` of a program",
    label = "not a `main` that `ring3::entry!` can start",
    note = "`main` takes nothing or a `ring3::Env`",
    note = "`main` returns `()`, `!`, `u8`, `i32`, `ring3::ExitCode`, or `Result` of one of these and an error that implements `Display`"
)]
pub trait Main<Shape>: sealed::Sealed<Shape> {
    /// Whether it asks for an `Env`.
    const ENV: bool;

    /// Calls the function and gives the code to exit with.
    fn call(self, env: Env) -> i32;
}

impl<F: FnOnce() -> T, T: sealed::Status> Main<fn() -> T> for F {
    const ENV: bool = false;

    #[inline(always)]
    fn call(self, _: Env) -> i32 {
        sealed::Status::status(self())
    }
}

impl<F: FnOnce(Env) -> T, T: sealed::Status> Main<fn(Env) -> T> for F {
    const ENV: bool = true;

    #[inline(always)]
    fn call(self, env: Env) -> i32 {
        sealed::Status::status(self(env))
    }
}

/// Whether a `main` asks for an [`Env`]: one that does not need not be given the stack.
pub const fn wants_env<Shape, M: Main<Shape>>(_: &M) -> bool {
    M::ENV
}

/// Keeps the shapes of `main` to those here.
mod sealed {
    use super::{Env, ExitCode, fmt};
    use crate::{STDERR, io};

    /// See [`Main`](super::Main).
    pub trait Sealed<Shape> {}
    impl<F: FnOnce() -> T, T: Status> Sealed<fn() -> T> for F {}
    impl<F: FnOnce(Env) -> T, T: Status> Sealed<fn(Env) -> T> for F {}

    /// What `main` may return.
    pub trait Status {
        /// The code to exit with.
        fn status(self) -> i32;
    }

    impl Status for () {
        #[inline(always)]
        fn status(self) -> i32 {
            0
        }
    }

    /// What a function returns, which is the way to `!` on stable Rust.
    pub trait Returns {
        /// The type.
        type Output;
    }

    impl<T> Returns for fn() -> T {
        type Output = T;
    }

    impl Status for <fn() -> ! as Returns>::Output {
        #[inline(always)]
        fn status(self) -> i32 {
            self
        }
    }

    impl Status for u8 {
        #[inline(always)]
        fn status(self) -> i32 {
            self.into()
        }
    }

    /// The parent sees the low 8 bits.
    impl Status for i32 {
        #[inline(always)]
        fn status(self) -> i32 {
            self
        }
    }

    impl Status for ExitCode {
        #[inline(always)]
        fn status(self) -> i32 {
            self.0.into()
        }
    }

    impl<T: Status, E: fmt::Display> Status for Result<T, E> {
        #[inline(always)]
        fn status(self) -> i32 {
            match self {
                Ok(value) => value.status(),
                Err(error) => {
                    // Nothing is left to report a failure to.
                    let _ = io::print(STDERR, format_args!("Error: {error}\n"));
                    1
                }
            }
        }
    }
}
