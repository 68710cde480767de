//! A bar on standard error.

use crate::{how::How, stop};
use core::fmt;
use ring3::{consts::Clock, eprint, sys};

/// How wide the bar is, and how often it is drawn, in milliseconds.
const WIDTH: u64 = 30;
const PAUSE: u64 = 100;

/// How far a copy is.
pub struct Progress {
    shown: bool,
    /// 0 where nobody knows.
    size: u64,
    drawn: Option<u64>,
}

/// A number of bytes, in the largest unit that leaves at least one.
struct Bytes(u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut scale = 0;
        while scale < 6 && self.0 >> (10 * scale) >= 1024 {
            scale += 1;
        }
        let unit = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"][scale];
        if scale == 0 {
            return write!(f, "{} {unit}", self.0);
        }
        let tenths = (self.0 >> (10 * (scale - 1))) * 10 / 1024;
        write!(f, "{}.{} {unit}", tenths / 10, tenths % 10)
    }
}

fn milliseconds() -> u64 {
    sys::clock_gettime(Clock::MONOTONIC)
        .map_or(0, |now| now.tv_sec as u64 * 1000 + now.tv_nsec as u64 / 1_000_000)
}

impl Progress {
    pub const fn new(shown: bool, size: u64) -> Self {
        Self { shown, size, drawn: None }
    }

    /// Draws the bar, unless it has just been drawn.
    pub fn show(&mut self, position: u64, how: How) {
        if !self.shown {
            return;
        }
        let now = milliseconds();
        if self.drawn.is_none_or(|drawn| now >= drawn + PAUSE) {
            self.drawn = Some(now);
            stop::line_is_open(true);
            self.draw(position, self.size, how, "");
        }
    }

    /// Draws it for the last time: what is there is all there was.
    pub fn finish(&mut self, position: u64, how: How) {
        if self.shown {
            self.draw(position, position, how, "\n");
            stop::line_is_open(false);
        }
    }

    /// Leaves the line to a message.
    pub fn abandon(&self) {
        if self.drawn.is_some() {
            eprint!("\n");
            stop::line_is_open(false);
        }
    }

    fn draw(&self, position: u64, size: u64, how: How, end: &str) {
        let (bytes, how) = (Bytes(position), how.name());
        if size == 0 && end.is_empty() {
            eprint!("\r{bytes}, {how} ");
            return;
        }
        // A file may have grown since its size was asked for, and an empty one is there in full.
        let part = |whole: u64| match u128::from(size) {
            0 => whole,
            size => (u128::from(position).min(size) * u128::from(whole) / size) as u64,
        };
        let (full, rest) = (part(WIDTH) as usize, (WIDTH - part(WIDTH)) as usize);
        eprint!("\r[{:=<full$}{:rest$}] {:3}%  {bytes}, {how} {end}", "", "", part(100));
    }
}
