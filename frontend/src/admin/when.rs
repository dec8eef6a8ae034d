//! Instants in words: today as a time of day, other days with the day. It reads the device's clock for "today" alone.

use crate::browser::{clock, format};
use crate::language::admin::when as words;
use crate::language::fill;
use shared::time::Timestamp;

/// `10:41`, or `12 Nov, 10:41`.
pub(super) fn when(at: Timestamp) -> String {
    let time = format::time_of_day(at.0);
    if format::local_day(at.0) == format::local_day(clock::now_ms()) {
        return time;
    }
    fill(words::DAY_TIME, &[("day", &format::short_day(at.0)), ("time", &time)])
}

/// `Thursday, 12 November`, with its year when it is not this one.
pub(super) fn day(at: Timestamp) -> String {
    format::day(at.0, clock::now_ms())
}
