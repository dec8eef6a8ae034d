//! What this person likes to hear on this device, and playing it. When something is to be heard is decided elsewhere.

pub use crate::browser::sound::Sound;

use crate::browser::{keep, sound};
use crate::reading::Local;
use leptos::prelude::*;

/// Where it is remembered: the volume in percent, 0 for silence.
const VOLUME: &str = "signalbox-volume";
/// Loud enough to be heard beside other windows, and not startling.
const USUAL: u8 = 70;

/// What is liked. A copy is as good as the original.
#[derive(Clone, Copy)]
pub struct Taste {
    /// How loud sounds are, in percent; 0 is silence.
    pub volume: Local<u8>,
    /// Whether the browser keeps sounds back until the agent has touched the page.
    pub held_back: RwSignal<bool>,
}

impl Taste {
    /// As it was left, handed down to everything below.
    #[expect(clippy::must_use_candidate, reason = "called for what it hands down")]
    pub fn provide() -> Self {
        let volume = keep::recall(VOLUME).and_then(|kept| kept.parse().ok()).unwrap_or(USUAL);
        let taste = Self { volume: Local::new(volume.min(100)), held_back: RwSignal::new(false) };
        provide_context(taste);
        taste
    }

    /// The one from context; every screen is below one.
    #[must_use]
    pub fn here() -> Option<Self> {
        use_context()
    }

    /// Takes up another volume.
    pub fn set_volume(self, percent: u8) {
        let percent = percent.min(100);
        self.volume.set(percent);
        keep::remember(VOLUME, &percent.to_string());
    }

    /// Plays a sound as loud as is liked, and notes whether the browser let it.
    pub fn play(self, sound: Sound) {
        let volume = self.volume.get_untracked();
        if volume == 0 {
            return;
        }
        sound::play(sound, f64::from(volume) / 100.0, move |played| {
            let kept = matches!(played.as_ref().map_err(String::as_str), Err("NotAllowedError"));
            if self.held_back.try_get_untracked().is_some_and(|was| was != kept) {
                self.held_back.set(kept);
            }
        });
    }
}
