//! The sheet of shortcuts. The keys themselves are heard elsewhere.

use super::words;
use crate::language::{Key, t};
use crate::ui::{Button, Kbd, Modal};
use leptos::prelude::*;

/// Every key with what it does; a test of the desk in a browser presses them all.
const ALL: [(&str, Key); 15] = [
    ("Ctrl K", words::PALETTE),
    ("Alt A", words::KEY_ACCEPT),
    ("Alt R", words::KEY_REJECT),
    ("Alt S", words::KEY_STATUS),
    ("Alt C", words::CLOSE_CHAT),
    ("P", words::KEY_PAUSES),
    ("G D", words::DASHBOARD),
    ("G W", words::WAITING),
    ("G A", words::ACTIVITIES),
    ("G S", words::SETTINGS),
    ("Alt 1 … 9", words::KEY_TAB),
    ("Shift ← →", words::KEY_MOVE_TAB),
    ("Enter", words::KEY_SEND),
    ("Shift Enter", words::KEY_LINE),
    ("?", words::SHORTCUTS),
];

/// The sheet, over everything while `open`.
#[component]
pub fn Shortcuts(open: RwSignal<bool>) -> impl IntoView {
    let close = move |()| open.set(false);
    let foot = move || {
        view! {
            <Button on_press=close testid="shortcuts-close">
                {t(words::DONE)}
            </Button>
        }
    };
    view! {
        <Modal open title=t(words::SHORTCUTS) on_close=close foot>
            <Keys />
        </Modal>
    }
}

/// The list alone, as the settings show it too.
#[component]
pub fn Keys() -> impl IntoView {
    let rows = ALL.into_iter().map(|(keys, name)| {
        view! {
            <div class="keys-row">
                <dt>{t(name)}</dt>
                <dd>
                    <Kbd keys />
                </dd>
            </div>
        }
        .into_any()
    });
    view! { <dl class="keys" data-testid="shortcuts">{rows.collect_view()}</dl> }
}
