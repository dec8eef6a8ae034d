//! What this person likes: appearance, language, sounds and notices of the system, all of which stays on this device; and whether the device is in sync.

use crate::alerts::{Sound, Taste};
use crate::browser::location;
use crate::browser::notify::{self, Consent};
use crate::browser::theme::{self, Theme};
use crate::browser::words::{self as tongue, Language};
use crate::desk::{Desk, Keeping};
use crate::language::keys::{settings, workspace};
use crate::language::{Key, t};
use crate::reading::{Local, live, told};
use crate::ui::{Button, When};
use leptos::prelude::*;

/// The page; `keys` draws the list of shortcuts.
#[component]
pub fn SettingsPage(desk: Desk, taste: Taste, #[prop(into)] keys: ViewFn) -> impl IntoView {
    view! {
        <div class="page settings" data-testid="settings-page">
            <header class="page-head">
                <h1>{t(workspace::SETTINGS)}</h1>
                <p class="quiet">{t(settings::TEXT)}</p>
            </header>
            <Section title=settings::LOOK>
                <Appearance />
                <Tongue />
            </Section>
            <Section title=settings::ALERTS>
                <Volume taste />
                <Notices />
            </Section>
            <Section title=settings::DEVICE>
                <InSync desk />
            </Section>
            <Section title=workspace::SHORTCUTS>{keys.run()}</Section>
        </div>
    }
}

/// Whether everything written here has reached the relay and the other way round, and what the device keeps.
#[component]
fn InSync(desk: Desk) -> impl IntoView {
    let connection = desk.connection();
    let keeping = desk.storage_state();
    let sync = move || connection.get().lacks().unwrap_or_else(|| t(settings::IN_SYNC).to_owned());
    let kept = move || match keeping.get() {
        Keeping::Nothing(why) => [&why, " ", t(workspace::NOT_KEPT)].concat(),
        _ => t(settings::KEPT).to_owned(),
    };
    view! {
        <p role="status" data-testid="in-sync">
            {live(sync)}
        </p>
        <p class="quiet" data-testid="kept">
            {live(kept)}
        </p>
    }
}

/// A group of settings.
#[component]
fn Section(title: Key, children: Children) -> impl IntoView {
    view! {
        <section class="card settings-card">
            <h2>{t(title)}</h2>
            {children()}
        </section>
    }
}

/// A choice of a few as radio buttons; `options` are value, words and whether it is chosen.
#[component]
fn Choice(
    name: &'static str,
    title: Key,
    options: Vec<(String, String)>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
) -> impl IntoView {
    let option = |(own, words): (String, String)| {
        let (key, chosen) = (own.clone(), own.clone());
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name=name
                    value=own
                    prop:checked=move || value.get() == chosen
                    on:change=move |_| on_choose.run(key.clone())
                />
                <span dir="auto">{words}</span>
            </label>
        }
        .into_any()
    };
    view! {
        <div class="setting" role="radiogroup" aria-label=t(title) data-testid=name>
            <span>{t(title)}</span>
            <div class="choices">{options.into_iter().map(option).collect_view()}</div>
        </div>
    }
}

/// Light or dark.
#[component]
fn Appearance() -> impl IntoView {
    let chosen = Local::new(theme::remembered());
    let name = |theme: Theme| theme.key().unwrap_or("system").to_owned();
    let all = [
        (Theme::System, workspace::THEME_SYSTEM),
        (Theme::Light, workspace::THEME_LIGHT),
        (Theme::Dark, workspace::THEME_DARK),
    ];
    let options = all.map(|(theme, key)| (name(theme), t(key).to_owned())).to_vec();
    let choose = move |wanted: String| {
        if let Some((theme, _)) = all.into_iter().find(|(theme, _)| name(*theme) == wanted) {
            theme::set(theme);
            chosen.set(theme);
        }
    };
    view! {
        <Choice
            name="theme"
            title=workspace::THEME
            options
            value=Signal::derive(move || name(chosen.get()))
            on_choose=choose
        />
    }
}

/// The language: another one is another start of the page, in which all that was written is kept.
#[component]
fn Tongue() -> impl IntoView {
    let options = tongue::languages().into_iter().map(|Language { tag, name }| (tag, name)).collect();
    let choose = move |tag: String| {
        tongue::choose(&tag);
        location::reload();
    };
    let value = Signal::stored(tongue::spoken().unwrap_or_default());
    view! { <Choice name="language" title=workspace::LANGUAGE options value on_choose=choose /> }
}

/// How loud, and both sounds to try.
#[component]
fn Volume(taste: Taste) -> impl IntoView {
    let percent = move || {
        let volume = taste.volume.get();
        if volume == 0 {
            t(settings::SILENT).to_owned()
        } else {
            [volume.to_string().as_str(), " %"].concat()
        }
    };
    view! {
        <div class="setting">
            <label for="volume">{t(settings::SOUNDS)}</label>
            <div class="choices">
                <input
                    id="volume"
                    class="range"
                    type="range"
                    min="0"
                    max="100"
                    step="5"
                    data-testid="volume"
                    prop:value=move || taste.volume.get().to_string()
                    aria-valuetext=told(percent)
                    on:input=move |event| {
                        if let Ok(percent) = event_target_value(&event).parse() {
                            taste.set_volume(percent);
                        }
                    }
                />
                <output class="num setting-value" for="volume">
                    {live(percent)}
                </output>
                <Button small=true on_press=move |()| taste.play(Sound::Offer) testid="try-offer">
                    {t(settings::TRY_OFFER)}
                </Button>
                <Button small=true on_press=move |()| taste.play(Sound::Message) testid="try-message">
                    {t(settings::TRY_MESSAGE)}
                </Button>
            </div>
            <p class="quiet" role="status" data-testid="sound-state">
                {live(move || t(if taste.held_back.get() { settings::HELD_BACK } else { settings::SOUNDS_TEXT }))}
            </p>
        </div>
    }
}

/// Whether the system shows notices, and what to do when it does not.
#[component]
fn Notices() -> impl IntoView {
    let consent = Local::new(notify::consent());
    let ask = move |()| {
        notify::ask(move |now| {
            consent.set(now);
        });
    };
    let state = move || {
        t(match consent.get() {
            Consent::Granted => settings::NOTICES_ON,
            Consent::Unasked => settings::NOTICES_OFF,
            Consent::Denied => settings::NOTICES_DENIED,
            Consent::Missing => settings::NOTICES_MISSING,
        })
    };
    let try_one = |()| notify::show(t(settings::TRY_TITLE), t(settings::TRY_TEXT), "try", || {});
    view! {
        <div class="setting">
            <span>{t(settings::NOTICES)}</span>
            <div class="choices">
                <When is=move || consent.get() == Consent::Unasked>
                    <Button small=true on_press=ask testid="ask-notices">
                        {t(settings::NOTICES_ASK)}
                    </Button>
                </When>
                <When is=move || consent.get() == Consent::Granted>
                    <Button small=true on_press=try_one testid="try-notice">
                        {t(settings::TRY_NOTICE)}
                    </Button>
                </When>
            </div>
            <p class="quiet" role="status" data-testid="notices-state">
                {live(state)}
            </p>
        </div>
    }
}
