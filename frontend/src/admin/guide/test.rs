//! The last step: somebody writes as a customer, and the page says when it arrived. It sends nothing itself.

use super::advice::{patience, test};
use super::page::Guide;
use crate::admin::place::Place;
use crate::admin::way::Link;
use crate::admin::when::when;
use crate::browser::location;
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
            return view! { <p class="quiet">"Finish the steps above first."</p> }.into_any();
        };
        let Some(at) = facts.message_at else {
            let words = match facts.webhook_at {
                Some(at) => ["A webhook arrived at ", &when(at), ". Waiting for a message…"].concat(),
                None => "Waiting for your message…".to_owned(),
            };
            return view! {
                <p>{test(kind)}</p>
                <p class="waits" role="status" data-testid="test-waits">
                    <span class="spinner" aria-hidden="true"></span>
                    {words}
                </p>
                <p class="hint">{patience(kind)}</p>
            }
            .into_any();
        };
        view! {
            <p class="waits" role="status" data-tone="green" data-testid="test-received">
                <Icon sign=Sign::Accept />
                {["Received at ", &when(at), ". The account is connected."].concat()}
            </p>
            <div class="actions">
                <Link to=Place::Connectors class="btn" kind="primary" testid="guide-done">
                    "Done"
                </Link>
                <a class="btn" href=location::url("../waiting")>
                    "Answer it in the desk"
                </a>
            </div>
        }
        .into_any()
    }
}
