//! The step of the public address: what it is for, what is set, how it is set. It cannot be set from a page.

use super::page::Guide;
use super::progress::Step;
use crate::admin::copy::CopyField;
use crate::language::admin::{form, guide as words};
use crate::language::{Key, fill, t};
use crate::reading::Reading;
use crate::ui::{Button, Kind};
use leptos::prelude::*;

/// The line of the configuration.
const LINE: &str = "public_url = \"https://desk.example.com\"";

/// The step.
#[component]
pub(super) fn AddressStep(guide: Guide) -> impl IntoView {
    let Guide { kind, seen, .. } = guide;
    let url = Reading::of(move || seen.with(|seen| seen.public_url.clone()));
    let go_on = move |()| guide.open.set(Step::Address.after(kind));
    let provider = kind.provider();
    move || {
        match url.get() {
        None => view! {
            <p>{fill(words::ADDRESS_WHY, &[("provider", provider)])}</p>
            <p>{t(words::ADDRESS_HOW)}</p>
            <CopyField id="public-url-line" label=t(words::ADDRESS_LINE) value=Signal::stored(LINE.to_owned()) />
        }
        .into_any(),
        Some(url) => {
            let is_called = url.starts_with("https://");
            let key = if is_called { words::ADDRESS_CALLED } else { words::ADDRESS_BELIEVED };
            view! {
                <p>{around(key, provider, url)}</p>
                <Button kind=Kind::Primary on_press=go_on testid="address-next">
                    {t(form::GO_ON)}
                </Button>
            }
            .into_any()
        }
    }
    }
}

/// A sentence in which the address stands as what is typed elsewhere.
fn around(key: Key, provider: &str, url: String) -> AnyView {
    // A place without a value stays, and there the address goes.
    let sentence = fill(key, &[("provider", provider)]);
    let (before, after) = sentence.split_once("{url}").unwrap_or((&sentence, ""));
    view! {
        {before.to_owned()}
        <code dir="ltr">{url}</code>
        {after.to_owned()}
    }
    .into_any()
}
