//! The step of the public address: what it is for, what is set, how it is set. It cannot be set from a page.

use super::page::Guide;
use super::progress::Step;
use crate::admin::copy::CopyField;
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
            <p>
                {provider}
                " calls this server when a customer writes. For that it needs an https address that can be reached from \
                 the internet, with a certificate that browsers trust."
            </p>
            <p>"Write it into the configuration file, or set SIGNALBOX_PUBLIC_URL, and start the server again:"</p>
            <CopyField id="public-url-line" label="Line of the configuration" value=Signal::stored(LINE.to_owned()) />
        }
        .into_any(),
        Some(url) if !url.starts_with("https://") => view! {
            <p>
                "The server believes to be reached at " <code>{url}</code> ". " {provider}
                " calls https addresses alone, so a real account cannot be connected to it. The demo's simulator can."
            </p>
            <Button kind=Kind::Primary on_press=go_on testid="address-next">
                "Go on"
            </Button>
        }
        .into_any(),
        Some(url) => view! {
            <p>{provider} " calls this server at " <code>{url}</code> " when a customer writes."</p>
            <Button kind=Kind::Primary on_press=go_on testid="address-next">
                "Go on"
            </Button>
        }
        .into_any(),
    }
    }
}
