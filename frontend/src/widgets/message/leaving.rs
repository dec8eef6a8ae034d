//! Asks before an address from a chat is followed, once for each host while the page is open. It decides nothing about addresses.

use super::words;
use crate::language::{fill, t};
use crate::reading::Local;
use crate::ui::{Ask, Device, open_outside};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::Element;

thread_local! {
    /// The hosts the agent chose to open. Nowhere written down: where customers lead is nobody's business afterwards.
    static AGREED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// The address that is asked about; empty while none is.
#[derive(Clone, Copy)]
pub struct Leaving(Local<String>);

impl Leaving {
    /// Asks about nothing yet.
    pub fn new() -> Self {
        Self(Local::new(String::new()))
    }

    /// Holds a press on an address back whose host was not agreed to yet. Letters and telephones leave for no page.
    pub fn pressed(self, event: &MouseEvent) {
        // The second button opens the browser's menu, which leaves for nowhere by itself.
        if event.button() == 2 {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|target| target.closest("a[rel~=nofollow]").ok().flatten());
        let Some(url) = link.and_then(|link| link.get_attribute("href")) else { return };
        let known = AGREED.with_borrow(|agreed| agreed.contains(&words::host(&url)));
        if url.starts_with("http") && !known {
            event.prevent_default();
            self.0.set(url);
        }
    }
}

/// The question.
#[component]
pub fn LeavingAsked(leaving: Leaving) -> impl IntoView {
    let Leaving(url) = leaving;
    let plain = Device::here().plain_host;
    let host = move || url.with(|url| plain(url).unwrap_or_else(|| words::host(url)));
    let go = move |()| {
        let to = url.get_untracked();
        AGREED.with_borrow_mut(|agreed| agreed.push(words::host(&to)));
        open_outside(&(String::new(), to, None));
        url.set(String::new());
    };
    view! {
        <Ask
            open=Signal::derive(move || url.with(|url| !url.is_empty()))
            title=Signal::derive(move || fill(words::LEAVE_TITLE, &[("host", &host())]))
            text=t(words::LEAVE_TEXT)
            stay=t(words::LEAVE_STAY)
            go=t(words::LEAVE_GO)
            on_stay=move |()| url.set(String::new())
            on_go=go
            testids=["leave-stay", "leave-go"]
        />
    }
}
