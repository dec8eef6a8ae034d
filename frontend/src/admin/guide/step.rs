//! One step of connecting an account: its number, how it stands, and its body when it is open. It does nothing itself.

use super::advice::advice;
use super::page::Guide;
use super::progress::{Stand, Step};
use crate::admin::when::when;
use crate::language::admin::guide as say;
use crate::language::t;
use crate::reading::Reading;
use crate::ui::{Icon, Sign, When};
use leptos::prelude::*;

/// A step.
#[component]
pub(super) fn StepCard(guide: Guide, step: Step, number: u8, #[prop(into)] body: ViewFn) -> impl IntoView {
    let Guide { kind, seen, open, .. } = guide;
    let stand = Reading::of(move || seen.with(|seen| step.stand(kind, seen, when)));
    let is_open = Reading::of(move || open.get() == Some(step));
    // Once opened it stays, so that closing it loses nothing of what was typed.
    let was_open = RwSignal::new(is_open.get_untracked());
    Effect::new(move |_| {
        if is_open.get() {
            was_open.set(true);
        }
    });
    let state = move || match stand.get() {
        Stand::Done(_) => "done",
        Stand::Missing(_) => "missing",
        Stand::Warned(_) => "warned",
    };
    let words = move || match stand.get() {
        Stand::Done(words) | Stand::Missing(words) | Stand::Warned(words) => words,
    };
    let sign = move || match stand.get() {
        Stand::Done(_) => {
            view! { <Icon sign=Sign::Tick small=true /><span class="sr">{t(say::DONE_MARK)}</span> }
                .into_any()
        }
        Stand::Warned(_) => {
            view! { <Icon sign=Sign::Alert small=true /><span class="sr">{t(say::CARE)}</span> }.into_any()
        }
        Stand::Missing(_) => number.to_string().into_any(),
    };
    let body_id = ["step-", step.key(), "-body"].concat();
    let toggle = move |_| open.update(|open| *open = if *open == Some(step) { None } else { Some(step) });
    view! {
        <li
            class="step"
            data-state=state
            data-open=move || is_open.get().then_some("")
            data-testid=["step-", step.key()].concat()
        >
            <h2>
                <button
                    class="step-head"
                    type="button"
                    aria-expanded=move || if is_open.get() { "true" } else { "false" }
                    aria-controls=body_id.clone()
                    on:click=toggle
                >
                    <span class="step-sign">{sign}</span>
                    <span class="step-words">
                        <span class="step-title">{t(step.title(kind))}</span>
                        <span class="step-stand" aria-live="polite">{words}</span>
                    </span>
                    <Icon sign=Signal::derive(move || {
                        if is_open.get() { Sign::ChevronUp } else { Sign::ChevronDown }
                    }) />
                </button>
            </h2>
            <When is=move || was_open.get()>
                <div class="step-body" id=body_id.clone() hidden=move || !is_open.get()>
                    {todo(kind, step)}
                    {body.run()}
                </div>
            </When>
        </li>
    }
}

/// What is to be done at the provider.
fn todo(kind: super::kind::Kind, step: Step) -> Option<AnyView> {
    let lines = advice(kind, step);
    let list = || lines.iter().map(|line| view! { <li>{t(*line)}</li> }).collect_view();
    (!lines.is_empty()).then(|| view! { <ol class="todo">{list()}</ol> }.into_any())
}
