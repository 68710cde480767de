//! Times with their dates, in UTC.

use alloc::{format, string::String};
use core::fmt::Write as _;

const DAY: i64 = 86400;
/// From the first of March of the year 0 to the first day of 1970.
const EPOCH: i64 = 719_468;
/// In 400 years.
const DAYS: i64 = 146_097;

/// `2001-09-09T01:46:40.250000+0000`: a fraction in so many digits is shown if there is one.
pub fn date(seconds: i64, fraction: u64, digits: usize) -> String {
    let (days, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    // Years begin in March: a leap day is the last of its year.
    let (era, day) = ((days + EPOCH).div_euclid(DAYS), (days + EPOCH).rem_euclid(DAYS));
    let year = (day - day / 1460 + day / 36524 - day / (DAYS - 1)) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + 400 * era + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let fraction = if fraction == 0 { String::new() } else { format!(".{fraction:0digits$}") };
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}+0000")
}

/// Appends the date of a time that is one: not that of 0, which seldom means 1970.
pub fn comment(out: &mut String, seconds: i64, fraction: u64, digits: usize) {
    if (seconds, fraction) != (0, 0) && fraction < 10_u64.pow(digits as u32) {
        let _ = write!(out, " /* {} */", date(seconds, fraction, digits));
    }
}
