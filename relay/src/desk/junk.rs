//! Frames of a desk that are meant to keep the relay busy: however deep or wide, they are read or refused soon (I-35).
//!
//! That none of them makes the reader panic is shown with many more in the domain crate, which has no clock.

use crate::config::JSON_LIMIT;
use proptest::prelude::*;
use shared::wire::decode_desk;
use std::time::{Duration, Instant};

/// One frame takes no longer: a hundred times what the longest usually takes.
const LONGEST: Duration = Duration::from_millis(50);

/// Reads a frame. On a loaded machine the thread's turn may be taken away in the middle: then once more.
fn soon(text: &str) {
    let quick = || {
        let began = Instant::now();
        let _ = decode_desk(text);
        began.elapsed() <= LONGEST
    };
    assert!((0..5).any(|_| quick()), "{} bytes take longer than {LONGEST:?}", text.len());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn random_parts_over_and_over(part in "[\\[\\]{}\":,0-9a-fu\\\\ \\-+.e]{1,24}", times in 1_usize..400) {
        soon(&part.repeat(times));
    }
}

#[test]
fn the_longest_frames_of_one_part() {
    for part in ["[", "{\"a\":", "[{\"a\":", "\"\\ud83d", "0,", "[0,", "[[],", "{\"a\":{},"] {
        soon(&part.repeat(JSON_LIMIT / part.len()));
        soon(&format!("[{}0]", part.repeat(JSON_LIMIT / part.len())));
    }
}
