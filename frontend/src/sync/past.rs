//! What the relay said of every stream, as it said it: where a snapshot stood and the events since. The device keeps this
//! and replays it at the next start, so nothing has to be put into words again here. It draws nothing and asks nobody.

use serde::{Deserialize, Serialize};
use shared::event::Stream;
use shared::flat::FlatMap;

/// So many events after a snapshot, a newer one is worth its fetch: a start would have to replay them all.
const EVENTS: usize = 200;

/// What was said of one stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The version of the snapshot.
    pub version: u64,
    /// The snapshot, as the relay wrote it.
    pub start: String,
    /// The events after it as they came, each with its version and in its frame.
    pub since: Vec<(u64, String)>,
    /// How far a conversation was looked at.
    pub viewed: u64,
}

/// What was said of all streams.
#[derive(Default)]
pub struct Past(FlatMap<Stream, Told>);

impl Past {
    /// A snapshot came; what it holds already is dropped. One that is older than the last changes nothing.
    pub fn start(&mut self, stream: Stream, version: u64, text: String) {
        let told = self.0.or_insert_with(stream, Told::default);
        if told.version <= version {
            told.since.retain(|(at, _)| *at > version);
            (told.version, told.start) = (version, text);
        }
    }

    /// An event came, in its frame. Whether there are so many by now that a newer snapshot is wanted.
    pub fn event(&mut self, stream: Stream, version: u64, frame: &str) -> bool {
        let Some(told) = self.0.get_mut(&stream) else { return false };
        told.since.push((version, frame.to_owned()));
        told.since.len() % EVENTS == 0
    }

    /// What was said of a stream, whole enough to begin with.
    pub fn of(&self, stream: Stream) -> Option<&Told> {
        self.0.get(&stream)
    }

    /// Takes up what the device had kept.
    pub fn restore(&mut self, stream: Stream, told: Told) {
        self.0.insert(stream, told);
    }

    /// A stream is of no interest any more.
    pub fn forget(&mut self, stream: Stream) {
        self.0.remove(&stream);
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    const STREAM: Stream = Stream::Config;

    fn since(past: &Past) -> Vec<u64> {
        past.of(STREAM).unwrap().since.iter().map(|(version, _)| *version).collect()
    }

    #[test]
    fn events_of_a_stream_without_a_snapshot_are_not_kept() {
        let mut past = Past::default();
        assert!(!past.event(STREAM, 1, "one"));
        assert_eq!(past.of(STREAM), None);
    }

    #[test]
    fn a_newer_snapshot_takes_the_place_of_the_events_it_holds() {
        let mut past = Past::default();
        past.start(STREAM, 3, "three".into());
        for version in 4..=6 {
            past.event(STREAM, version, "x");
        }
        past.start(STREAM, 5, "five".into());
        assert_eq!((past.of(STREAM).unwrap().start.as_str(), since(&past)), ("five", vec![6]));
        past.start(STREAM, 4, "late".into());
        assert_eq!((past.of(STREAM).unwrap().start.as_str(), since(&past)), ("five", vec![6]));
        past.forget(STREAM);
        assert_eq!(past.of(STREAM), None);
    }

    #[test]
    fn many_events_ask_for_a_newer_snapshot_now_and_then() {
        let mut past = Past::default();
        past.start(STREAM, 0, String::new());
        let asked: Vec<u64> = (1..=450).filter(|version| past.event(STREAM, *version, "x")).collect();
        assert_eq!(asked, [200, 400], "again should the first fetch have failed");
    }
}
