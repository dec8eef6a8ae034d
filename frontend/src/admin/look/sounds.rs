//! The sounds of the workspace: which are its own; heard, replaced by a file, or brought back to those of Signalbox.

use crate::admin::api::{self, Fault};
use crate::admin::load::{self, Load};
use crate::admin::when::when;
use crate::browser::{location, sound};
use crate::language::admin::look as words;
use crate::language::keys::message;
use crate::language::{Key, fill, number, t};
use crate::reading::Reading;
use crate::ui::{Button, Icon, Sign};
use leptos::html;
use leptos::prelude::*;
use shared::wire::{SOUND_MAX, SoundBody, SoundName};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

/// Where the relay has them.
const PATH: &str = "sounds";
/// What a device offers to choose from.
const TAKEN: &str = "audio/*,.mp3,.m4a,.m4b,.aac,.ogg,.opus,.wav,.flac";

fn path(sound: SoundName) -> String {
    [PATH, "/", sound.key()].concat()
}

/// What a sound is called on the page.
struct Names {
    name: Key,
    when: Key,
    title: &'static str,
    set: &'static str,
    play: &'static str,
    choose: &'static str,
    back: &'static str,
    file: &'static str,
    said: &'static str,
    error: &'static str,
}

const OFFER: Names = Names {
    name: words::OFFER,
    when: words::OFFER_WHEN,
    title: "sound-offer",
    set: "set-offer",
    play: "play-offer",
    choose: "choose-offer",
    back: "back-offer",
    file: "file-offer",
    said: "said-offer",
    error: "error-offer",
};

const MESSAGE: Names = Names {
    name: words::CHAT,
    when: words::CHAT_WHEN,
    title: "sound-message",
    set: "set-message",
    play: "play-message",
    choose: "choose-message",
    back: "back-message",
    file: "file-message",
    said: "said-message",
    error: "error-message",
};

const fn names(sound: SoundName) -> &'static Names {
    match sound {
        SoundName::Offer => &OFFER,
        SoundName::Message => &MESSAGE,
    }
}

/// Both.
#[component]
pub(super) fn Sounds() -> impl IntoView {
    let held: RwSignal<Load<Vec<SoundBody>>> = load::fetched(PATH);
    view! {
        <section class="look-sounds" aria-labelledby="sounds-title">
            <h2 id="sounds-title">{t(words::SOUNDS)}</h2>
            <p class="quiet">{t(words::SOUNDS_ABOUT)}</p>
            {move || match held.get() {
                Load::Coming => load::bones(),
                Load::Failed(why) => load::failed(t(words::SOUNDS_NOT_FETCHED), why, move || {
                    held.set(Load::Coming);
                    load::fetch(held, PATH);
                }),
                Load::Ready(all) => {
                    let one = |sound: SoundName| {
                        let set = RwSignal::new(all.iter().find(|one| one.sound == sound).cloned());
                        view! { <Sound sound set /> }
                    };
                    SoundName::ALL.map(one).into_any()
                }
            }}
        </section>
    }
}

/// What is set.
fn state(set: Option<&SoundBody>) -> String {
    let Some(SoundBody { kind, bytes, at, .. }) = set else { return t(words::BUILT_IN).to_owned() };
    let size = fill(message::KILOBYTES, &[("n", &number(i64::from(bytes.div_ceil(1024))))]);
    fill(words::SET, &[("kind", &kind.key().to_uppercase()), ("size", &size), ("at", &when(*at))])
}

/// What is wrong with a file, in words; the relay's own where the page knows none.
fn wrong(fault: Fault) -> String {
    match fault.status {
        Some(413) => t(words::LARGE).to_owned(),
        Some(415) => t(words::KIND).to_owned(),
        Some(422) => t(words::EMPTY).to_owned(),
        _ => fault.sentence,
    }
}

/// What is wrong with a file of so many bytes, before anybody is asked.
fn refused(bytes: f64) -> Option<Key> {
    let most = u32::try_from(SOUND_MAX).map_or(f64::INFINITY, f64::from);
    if bytes <= 0.0 { Some(words::EMPTY) } else { (bytes > most).then_some(words::LARGE) }
}

/// One sound.
#[component]
fn Sound(sound: SoundName, set: RwSignal<Option<SoundBody>>) -> impl IntoView {
    let names = names(sound);
    let (said, error) = (RwSignal::new(None::<Key>), RwSignal::new(None::<String>));
    let busy = RwSignal::new(false);
    let field = NodeRef::<html::Input>::new();
    let begin = move || {
        said.set(None);
        error.set(None);
    };
    let play = move |()| {
        begin();
        let url = location::url(&["../sounds/", sound.key(), ".wav"].concat());
        sound::play_file(&url, move |played| {
            if !played {
                let _ = error.try_set(Some(t(words::NOT_PLAYED).to_owned()));
            }
        });
    };
    let send = move |file: File| {
        begin();
        if let Some(why) = refused(file.size()) {
            return error.set(Some(t(why).to_owned()));
        }
        busy.set(true);
        spawn_local(async move {
            let answer: Result<SoundBody, Fault> = api::upload(&path(sound), &file).await;
            // The page may have been left meanwhile.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(now) => {
                    set.set(Some(now));
                    said.set(Some(words::TAKEN));
                }
                Err(fault) => error.set(Some(wrong(fault))),
            }
        });
    };
    let choose = move |()| {
        if let Some(field) = field.get_untracked().filter(|_| !busy.get_untracked()) {
            field.click();
        }
    };
    let back = move |()| {
        begin();
        busy.set(true);
        spawn_local(async move {
            let answer = api::call("DELETE", &path(sound), None).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(_) => {
                    set.set(None);
                    said.set(Some(words::IS_BACK));
                }
                Err(fault) => error.set(Some(fault.sentence)),
            }
        });
    };
    let own = Reading::of(move || set.with(Option::is_some));
    let nothing = Signal::derive(move || (!own.get()).then(|| t(words::BUILT_IN_ALREADY).to_owned()));
    view! {
        <div class="card padded look-sound" role="group" aria-labelledby=names.title>
            <div>
                <h3 id=names.title>{t(names.name)}</h3>
                <p class="hint">{t(names.when)}</p>
            </div>
            <p data-testid=names.set>{move || set.with(|set| state(set.as_ref()))}</p>
            <div class="actions">
                <Button on_press=play testid=names.play>
                    <Icon sign=Sign::Play />
                    {t(words::PLAY)}
                </Button>
                <Button on_press=choose busy testid=names.choose>
                    {t(words::CHOOSE)}
                </Button>
                <Button on_press=back busy refused=nothing testid=names.back>
                    {t(words::BACK)}
                </Button>
                <input
                    node_ref=field
                    type="file"
                    hidden
                    accept=TAKEN
                    aria-label=t(words::CHOOSE)
                    data-testid=names.file
                    on:change:target=move |event| {
                        let chosen = event.target();
                        let file = chosen.files().and_then(|files| files.get(0));
                        // The same file can be chosen again.
                        chosen.set_value("");
                        if let Some(file) = file {
                            send(file);
                        }
                    }
                />
            </div>
            <p class="quiet" role="status" data-testid=names.said>
                {move || said.get().map(t)}
            </p>
            <div role="alert">
                {move || {
                    error
                        .get()
                        .map(|words| {
                            view! {
                                <p class="error" data-testid=names.error>
                                    {words}
                                </p>
                            }
                                .into_any()
                        })
                }}
            </div>
        </div>
    }
}
