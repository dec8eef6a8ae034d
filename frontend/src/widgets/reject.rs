//! Rejecting an offer: one button, or a menu of the reasons its queue asks for; where it cannot be rejected it says so.

use crate::desk::{Asked, Desk, OfferCard};
use crate::language::keys::workspace as words;
use crate::language::t;
use crate::reading::{Reading, live};
use crate::sentences;
use crate::ui::{Button, Kind, Menu, MenuItem};
use leptos::prelude::*;
use shared::permit;
use shared::refusal::Refusal;

/// The button. `refused` says why nothing can be asked of the offer just now; `opened` lets a key open the menu.
#[component]
pub fn RejectButton(
    desk: Desk,
    card: Reading<Option<OfferCard>>,
    refused: Signal<Option<String>>,
    opened: RwSignal<bool>,
    #[prop(optional)] kind: Kind,
    #[prop(optional)] small: bool,
    testid: &'static str,
) -> impl IntoView {
    let manner = Reading::of(move || {
        card.with(|card| card.as_ref().map(|card| card.ringing.queue.id)).map(|queue| desk.manner(queue))
    });
    let asked = Reading::of(move || card.with(|card| card.as_ref().and_then(|card| card.asked)));
    let reject = move |reason: Option<String>| {
        if let Some(card) = card.get_untracked() {
            desk.reject(&card, reason);
        }
    };
    let may = Reading::of(move || manner.with(|manner| manner.as_ref().map(|one| permit::reject(one, None))));
    let why = Signal::derive(move || {
        refused.get().or_else(|| match may.get() {
            Some(Err(refusal @ Refusal::NoReject)) => Some(sentences::refusal(&refusal)),
            _ => None,
        })
    });
    let words =
        move || if asked.get() == Some(Asked::Reject) { t(words::REJECTING) } else { t(words::REJECT) };
    let item = move |reason: String| {
        let said = reason.clone();
        view! {
            <MenuItem on_choose=move |()| reject(Some(said.clone())) refused=why testid="reject-reason">
                {reason}
            </MenuItem>
        }
        .into_any()
    };
    live(move || match may.get() {
        Some(Err(Refusal::ReasonRequired)) => {
            let reasons = manner.get_untracked().unwrap_or_default().reject_reasons;
            let reasons = StoredValue::new(reasons);
            view! {
                <Menu
                    class="btn"
                    kind
                    small
                    label=t(words::REJECT_REASON)
                    trigger=move || live(words)
                    end=true
                    opened
                    testid
                >
                    {reasons.get_value().into_iter().map(item).collect_view()}
                </Menu>
            }
            .into_any()
        }
        _ => view! {
            <Button kind small refused=why on_press=move |()| reject(None) shortcut="Alt+R" testid>
                {live(words)}
            </Button>
        }
        .into_any(),
    })
}
