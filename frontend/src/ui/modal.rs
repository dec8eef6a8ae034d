//! A dialog on the browser's own `<dialog>`, which holds the focus and gives it back. It never opens by itself.

use super::afloat::Afloat;
use super::button::{Button, Kind, fresh_id};
use super::when::When;
use crate::reading::{follow, live};
use leptos::html;
use leptos::prelude::*;

/// A dialog shown while `open`; Escape and `close` events call `on_close`. `foot` holds its buttons.
#[component]
pub fn Modal(
    #[prop(into)] open: Signal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] on_close: Callback<()>,
    #[prop(optional, into)] foot: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let heading = fresh_id("dialog-");
    let labelled = heading.clone();
    open_while(dialog, open);
    let closed = move |_| {
        if open.try_get_untracked() == Some(true) {
            on_close.run(());
        }
    };
    view! {
        <dialog class="modal" node_ref=dialog aria-labelledby=labelled on:close=closed>
            <When is=move || open.get()>
                <header class="modal-head">
                    <h2 id=heading.clone()>{live(move || title.get())}</h2>
                </header>
                <div class="modal-body">{children()}</div>
                <footer class="modal-foot">{foot.run()}</footer>
            </When>
        </dialog>
    }
}

/// A question with two answers: to stay as one is, which closing the dialog means too, or to go on.
#[component]
pub fn Ask(
    #[prop(into)] open: Signal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] text: Signal<String>,
    #[prop(into)] stay: Signal<String>,
    #[prop(into)] go: Signal<String>,
    #[prop(into)] on_stay: Callback<()>,
    #[prop(into)] on_go: Callback<()>,
    testids: [&'static str; 2],
) -> impl IntoView {
    let [first, second] = testids;
    let foot = move || {
        view! {
            <Button on_press=on_stay testid=first>
                {live(move || stay.get())}
            </Button>
            <Button kind=Kind::Danger on_press=on_go testid=second>
                {live(move || go.get())}
            </Button>
        }
    };
    view! {
        <Modal open title on_close=on_stay foot>
            <p>{live(move || text.get())}</p>
        </Modal>
    }
}

/// Opens a dialog over everything while `open`, and closes it when not.
pub fn open_while(dialog: NodeRef<html::Dialog>, open: Signal<bool>) {
    let afloat = use_context::<Afloat>();
    follow(move || {
        let Some(dialog) = dialog.get() else { return };
        if open.get() && !dialog.open() {
            // Refused only when the element has just left the document: then there is nothing to show it in.
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
        if let Some(afloat) = afloat {
            afloat.settle();
        }
    });
    on_cleanup(move || {
        if let Some(afloat) = afloat {
            afloat.leave();
        }
    });
}
