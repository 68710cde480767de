//! Telling a package without `panic = "abort"` what it lacks.
//!
//! A program compiled for unwinding is left to std, but one that says `no_std` does not have it, and the compiler's own words about
//! that lead astray. No `cfg` tells whether a crate has std; its prelude does. `(&Probe).to_owned()` is `ToOwned`'s
//! method where that is in scope, by one reference less than [`Fallback`]'s, which is what remains otherwise.

/// What [`entry!`](crate::entry) calls `to_owned` on.
#[derive(Clone)]
pub struct Probe;

/// What comes of it without std.
pub struct ProgramWithoutPanicAbort;

/// The method that is taken without std.
pub trait Fallback {
    /// Stands in for `ToOwned`'s.
    fn to_owned(&self) -> ProgramWithoutPanicAbort {
        ProgramWithoutPanicAbort
    }
}

impl Fallback for &Probe {}

/// What comes of the probe with std.
#[diagnostic::on_unimplemented(
    message = "a `no_std` program is compiled for unwinding",
    label = "needs `panic = \"abort\"`",
    note = "write `panic = \"abort\"` in both `[profile.dev]` and `[profile.release]` of the workspace's Cargo.toml",
    note = "`cargo test` compiles for unwinding all the same: begin the program with `#![cfg_attr(panic = \"abort\", no_std)]`, or say \
            `test = false` in its `[[bin]]`"
)]
pub trait Std {}

impl Std for Probe {}

/// Accepts what comes of the probe with std.
pub const fn has_std<T: Std>(_: &T) {}
