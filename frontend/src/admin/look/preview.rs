//! What a colour comes to: a button, a link, a message and the ring, in light and in dark beside each other, whatever theme
//! the page itself has. It is a picture; nothing of it can be used.

use crate::language::admin::look as words;
use crate::language::{Key, fill, t};
use crate::reading::Reading;
use leptos::prelude::*;
use shared::config::{Look, Rgb, Shades, Theme};

/// Both panes, and what had to be moved; while no colour is chosen they show the last one.
#[component]
pub(super) fn Preview(chosen: Reading<Option<Look>>) -> impl IntoView {
    let shown = RwSignal::new(chosen.get_untracked().and_then(|look| look.accent));
    Effect::new(move |_| {
        if let Some(look) = chosen.get() {
            shown.set(look.accent);
        }
    });
    view! {
        <div class="look-panes">
            <Pane theme=Theme::Light key="light" name=words::LIGHT shown />
            <Pane theme=Theme::Dark key="dark" name=words::DARK shown />
        </div>
        <div class="look-moved" role="status" data-testid="moved">
            {move || moved(shown.get(), Theme::Light, words::MOVED_LIGHT)}
            {move || moved(shown.get(), Theme::Dark, words::MOVED_DARK)}
        </div>
    }
}

fn shades(colour: Option<Rgb>, theme: Theme) -> Shades {
    colour.map_or_else(|| Shades::own(theme), |colour| Shades::of(colour, theme))
}

/// What is said where a colour could not be read as it is.
fn moved(colour: Option<Rgb>, theme: Theme, key: Key) -> Option<AnyView> {
    let colour = colour?;
    let accent = Shades::of(colour, theme).accent;
    let words = (accent != colour).then(|| fill(key, &[("colour", &accent.to_string())]))?;
    Some(view! { <p class="hint">{words}</p> }.into_any())
}

/// The picture in one theme; the tokens in it are those that desks will have.
#[component]
fn Pane(theme: Theme, key: &'static str, name: Key, shown: RwSignal<Option<Rgb>>) -> impl IntoView {
    let shades = Reading::of(move || shades(shown.get(), theme));
    let of = move |pick: fn(Shades) -> Rgb| move || pick(shades.get()).to_string();
    view! {
        <div
            class="look-pane"
            data-scheme=key
            data-testid=["pane-", key].concat()
            role="img"
            aria-label=t(name)
            style:--accent=of(|one| one.accent)
            style:--accent-strong=of(|one| one.strong)
            style:--on-accent=of(|one| one.on)
            style:--accent-soft=of(|one| one.soft)
            style:--accent-text=of(|one| one.text)
            style:--ring=of(|one| one.ring)
        >
            <span class="look-name">{t(name)}</span>
            <span class="look-line">
                <span class="btn" data-kind="primary" data-testid=["button-", key].concat()>
                    {t(words::BUTTON)}
                </span>
                <span class="btn look-ring">{t(words::FOCUS)}</span>
            </span>
            <span class="look-message">
                {t(words::MESSAGE)} " " <span class="look-link">{t(words::LINK)}</span>
            </span>
        </div>
    }
}
