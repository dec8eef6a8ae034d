//! Events as they travel, written once for all desks that are told of them; keeps the newest few, and no words from the log.

use crate::log::Published;
use axum::extract::ws::Utf8Bytes;
use shared::event::Stream;
use shared::wire::RelayFrame;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Desks hear of an event at about the same time; who is further behind than this writes it for itself.
const NEWEST: usize = 64;

/// The newest events that were told, as text.
#[derive(Default)]
pub struct Frames {
    newest: Mutex<VecDeque<(Stream, u64, Utf8Bytes)>>,
}

impl Frames {
    /// The frame of an event that has just happened.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn of(&self, published: &Published) -> Result<Utf8Bytes, serde_json::Error> {
        let (stream, version) = (published.event.stream, published.event.version);
        let known = |newest: &VecDeque<(Stream, u64, Utf8Bytes)>| {
            let mut from_last = newest.iter().rev();
            from_last.find(|(of, at, _)| *of == stream && *at == version).map(|(.., text)| text.clone())
        };
        if let Some(text) = known(&self.newest.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(text);
        }
        let text = Utf8Bytes::from(write(published)?);
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if newest.len() >= NEWEST {
            newest.pop_front();
        }
        newest.push_back((stream, version, text.clone()));
        Ok(text)
    }
}

/// An event as it travels.
fn write(published: &Published) -> Result<String, serde_json::Error> {
    let event = Box::new(published.event.clone());
    serde_json::to_string(&RelayFrame::Event { event, content: published.content.clone() })
}
