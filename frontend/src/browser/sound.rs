//! The two sounds of the desk. Whether something is to be heard is decided elsewhere.

use super::{error_name, location};
use std::cell::RefCell;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlAudioElement;

/// A sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// Somebody waits for an answer.
    Offer,
    /// A customer wrote in an open chat.
    Message,
}

impl Sound {
    const fn file(self) -> &'static str {
        match self {
            Self::Offer => "sounds/offer.wav",
            Self::Message => "sounds/message.wav",
        }
    }
}

thread_local! {
    static LOADED: RefCell<Vec<(Sound, HtmlAudioElement)>> = const { RefCell::new(Vec::new()) };
}

/// The element of a sound, made once.
fn element(sound: Sound) -> Option<HtmlAudioElement> {
    let known = LOADED.with_borrow(|all| all.iter().find(|(one, _)| *one == sound).map(|(_, it)| it.clone()));
    known.or_else(|| {
        let made = HtmlAudioElement::new_with_src(&location::url(sound.file())).ok()?;
        LOADED.with_borrow_mut(|all| all.push((sound, made.clone())));
        Some(made)
    })
}

/// Plays the sound at an address once, as it is there now; `done` hears whether the browser could and did.
pub fn play_file(url: &str, done: impl FnOnce(bool) + 'static) {
    let playing = HtmlAudioElement::new_with_src(url).and_then(|element| element.play());
    spawn_local(async move {
        done(match playing {
            Ok(playing) => JsFuture::from(playing).await.is_ok(),
            Err(_) => false,
        });
    });
}

/// Plays a sound from its beginning at a volume of 0 to 1; `done` hears whether the browser let it. Before the agent has
/// touched the page, browsers play nothing.
pub fn play(sound: Sound, volume: f64, done: impl FnOnce(Result<(), String>) + 'static) {
    let Some(element) = element(sound) else { return done(Err("NotSupportedError".to_owned())) };
    element.set_volume(volume.clamp(0.0, 1.0));
    element.set_current_time(0.0);
    match element.play() {
        Ok(playing) => spawn_local(async move {
            done(JsFuture::from(playing).await.map(drop).map_err(|error| error_name(&error)));
        }),
        Err(error) => done(Err(error_name(&error))),
    }
}
