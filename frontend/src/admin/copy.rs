//! A value to be copied elsewhere: shown whole, selected by a click, copied by a button. It never changes.

use crate::browser::{clipboard, clock};
use crate::language::admin::form as words;
use crate::language::t;
use crate::ui::{Button, Icon, Sign};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// How long a button says that it has copied, in milliseconds: long enough to be read, short enough to be pressed again.
const SAID: i32 = 2_000;

/// What the button says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Copy,
    Copied,
    Selected,
}

/// A labelled value with its button.
#[component]
pub(super) fn CopyField(
    id: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
) -> impl IntoView {
    let said = RwSignal::new(Said::Copy);
    let field = NodeRef::<html::Input>::new();
    let select = move || {
        if let Some(field) = field.get_untracked() {
            field.select();
        }
    };
    let copy = move |()| {
        select();
        spawn_local(async move {
            let text = value.get_untracked();
            let copied = clipboard::copy(&text).await;
            let _ = said.try_set(if copied { Said::Copied } else { Said::Selected });
            clock::sleep(SAID).await;
            let _ = said.try_set(Said::Copy);
        });
    };
    let words = move || {
        t(match said.get() {
            Said::Copy => words::COPY,
            Said::Copied => words::COPIED,
            Said::Selected => words::PRESS_COPY,
        })
    };
    let testid = ["copy-", id].concat();
    view! {
        <div class="field">
            <label class="label" for=id>
                {label}
            </label>
            <div class="copy">
                <input
                    class="input mono"
                    id=id
                    dir="ltr"
                    data-testid=id
                    readonly
                    spellcheck="false"
                    node_ref=field
                    aria-describedby=format!("{id}-hint")
                    prop:value=move || value.get()
                    on:focus=move |_| select()
                />
                <span data-testid=testid>
                    <Button on_press=copy>
                        <Icon sign=Signal::derive(move || {
                            if said.get() == Said::Copied { Sign::Tick } else { Sign::Copy }
                        }) />
                        <span aria-live="polite">{words}</span>
                    </Button>
                </span>
            </div>
            <div id=format!("{id}-hint")>
                {move || hint.get().map(|words| view! { <p class="hint">{words}</p> }.into_any())}
            </div>
        </div>
    }
}
