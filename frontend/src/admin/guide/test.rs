//! The last step: somebody writes as a customer, and the page says when it arrived. It sends nothing itself.

use super::advice::{patience, test};
use super::page::Guide;
use crate::admin::place::Place;
use crate::admin::way::Link;
use crate::admin::when::when;
use crate::browser::location;
use crate::language::admin::guide as words;
use crate::language::{fill, t};
use crate::reading::Reading;
use crate::ui::{Icon, Sign};
use leptos::prelude::*;

/// The step.
#[component]
pub(super) fn TestStep(guide: Guide) -> impl IntoView {
    let Guide { kind, seen, .. } = guide;
    let facts = Reading::of(move || seen.with(|seen| seen.facts.clone()));
    move || {
        let Some(facts) = facts.get() else {
            return view! { <p class="quiet">{t(words::FINISH_ABOVE)}</p> }.into_any();
        };
        let Some(at) = facts.message_at else {
            let waits = match facts.webhook_at {
                Some(at) => fill(words::WAITS_AFTER_WEBHOOK, &[("at", &when(at))]),
                None => t(words::WAITS_MESSAGE).to_owned(),
            };
            return view! {
                <p>{t(test(kind))}</p>
                <p class="waits" role="status" data-testid="test-waits">
                    <span class="spinner" aria-hidden="true"></span>
                    {waits}
                </p>
                <p class="hint">{t(patience(kind))}</p>
            }
            .into_any();
        };
        view! {
            <p class="waits" role="status" data-tone="green" data-testid="test-received">
                <Icon sign=Sign::Accept />
                {fill(words::CONNECTED, &[("at", &when(at))])}
            </p>
            <div class="actions">
                <Link to=Place::Connectors class="btn" kind="primary" testid="guide-done">
                    {t(words::DONE)}
                </Link>
                <a class="btn" href=location::url("../waiting")>
                    {t(words::ANSWER)}
                </a>
            </div>
        }
        .into_any()
    }
}
