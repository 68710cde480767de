//! The table, the chart, and the chart as a drawing.

use crate::measure::{Lack, Outcome, Times};
use core::ffi::CStr;
use core::fmt;
use ring3::consts::{Mode, O};
use ring3::io::{self, Writer};
use ring3::{AT_FDCWD, AsFd, Result, sys};

const MOST: usize = 16;
/// Columns of the longest bar.
const COLUMNS: u64 = 48;

pub struct Report {
    rounds: u32,
    rows: [Option<(&'static str, Times)>; MOST],
    lacking: [Option<(&'static str, Lack)>; MOST],
}

/// Picoseconds, as nanoseconds or more for people: three digits.
struct Time(u64);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (thousandths, unit) = match self.0 {
            0..1_000_000 => (self.0, "ns"),
            1_000_000..1_000_000_000 => (self.0 / 1000, "us"),
            _ => (self.0 / 1_000_000, "ms"),
        };
        let (whole, rest) = (thousandths / 1000, thousandths % 1000);
        match whole {
            0..10 => write!(f, "{whole:>4}.{:02} {unit}", rest / 10),
            10..100 => write!(f, "{whole:>5}.{} {unit}", rest / 100),
            _ => write!(f, "{whole:>7} {unit}"),
        }
    }
}

/// The logarithm to the base 2, in 256ths, straight between powers of two. For numbers of 56 bits: a day of picoseconds.
fn logarithm(number: u64) -> u64 {
    let power = number.max(1).ilog2();
    (u64::from(power) << 8) + ((number << 8 >> power) & 0xff)
}

/// The ends of the bars: half of the least time, and the most.
#[derive(Clone, Copy)]
struct Scale {
    least: u64,
    most: u64,
}

impl Scale {
    /// How long a bar is, if the longest has `room`.
    fn length(self, value: u64, room: u64) -> u64 {
        let range = (logarithm(self.most) - logarithm(self.least)).max(1);
        ((logarithm(value) - logarithm(self.least)) * room / range).clamp(1, room)
    }
}

impl Report {
    pub fn new(rounds: u32) -> Self {
        Self { rounds, rows: [None; MOST], lacking: [None; MOST] }
    }

    pub fn add(&mut self, name: &'static str, outcome: Outcome) {
        fn push<T>(places: &mut [Option<T>; MOST], value: T) {
            if let Some(place) = places.iter_mut().find(|place| place.is_none()) {
                *place = Some(value);
            }
        }
        match outcome {
            Ok(times) => push(&mut self.rows, (name, times)),
            Err(lack) => push(&mut self.lacking, (name, lack)),
        }
    }

    fn rows(&self) -> impl Iterator<Item = (&'static str, Times)> {
        self.rows.into_iter().flatten()
    }

    /// The least of all.
    fn floor(&self) -> u64 {
        self.rows().map(|(_, times)| times.median).min().unwrap_or(1)
    }

    fn scale(&self) -> Scale {
        let most = self.rows().map(|(_, times)| times.median).max().unwrap_or(1);
        Scale { least: (self.floor() / 2).max(1), most }
    }

    pub fn print(&self) -> Result<()> {
        let mut out = io::stdout();
        let floor = self.floor();
        writeln!(out, "{:30} {:>10} {:>10} {:>9}", "", "median", "p99", "ratio")?;
        for (name, Times { median, p99 }) in self.rows() {
            let tenths = median * 10 / floor;
            writeln!(out, "{name:30} {} {} {:>7}.{}", Time(median), Time(p99), tenths / 10, tenths % 10)?;
        }
        for (name, lack) in self.lacking.iter().flatten() {
            writeln!(out, "{name:30} not here: {lack}")?;
        }
        writeln!(out, "\nmedians of {} rounds, on a logarithmic scale", self.rounds)?;
        let scale = self.scale();
        for (name, Times { median, .. }) in self.rows() {
            write!(out, "{name:30} ")?;
            for _ in 0..scale.length(median, COLUMNS) {
                write!(out, "█")?;
            }
            writeln!(out)?;
        }
        out.flush()
    }

    /// Writes the chart to a file.
    pub fn draw(&self, file: &CStr) -> Result<()> {
        let flags = O::WRONLY | O::CREAT | O::TRUNC | O::CLOEXEC;
        let file = sys::openat(AT_FDCWD, file, flags, Mode::from_bits_retain(0o666))?;
        self.drawing(&file)
    }

    fn drawing(&self, to: impl AsFd) -> Result<()> {
        const LEFT: u64 = 230;
        const BAR: u64 = 500;
        const WIDTH: u64 = LEFT + BAR + 100;
        const STEP: u64 = 24;
        let mut out = Writer::<_, 4096>::new(to);
        let (scale, count) = (self.scale(), self.rows().count() as u64);
        let height = STEP * (count + 2);
        writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
             font-family=\"sans-serif\" font-size=\"13\">\n\
             <title>What a call costs, on a logarithmic scale</title>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
        )?;
        // A line for each power of ten, from a picosecond on.
        let mut power = 1_u64;
        for _ in 0..16 {
            if power > scale.least && power <= scale.most {
                let x = LEFT + scale.length(power, BAR);
                let bottom = STEP * (count + 1);
                writeln!(out, "<path d=\"M{x} {}V{bottom}\" stroke=\"#ccc\"/>", STEP / 2)?;
                writeln!(
                    out,
                    "<text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                    bottom + 16,
                    Time(power)
                )?;
            }
            power *= 10;
        }
        for (index, (name, Times { median, .. })) in self.rows().enumerate() {
            let (top, length) = (STEP * (index as u64 + 1) - STEP / 2, scale.length(median, BAR));
            let base = top + 13;
            writeln!(out, "<text x=\"{}\" y=\"{base}\" text-anchor=\"end\">{name}</text>", LEFT - 8)?;
            writeln!(out, "<rect x=\"{LEFT}\" y=\"{top}\" width=\"{length}\" height=\"16\" fill=\"#47a\"/>")?;
            writeln!(out, "<text x=\"{}\" y=\"{base}\">{}</text>", LEFT + length + 4, Time(median))?;
        }
        writeln!(out, "</svg>")?;
        out.flush()
    }
}
