//! Going from page to page: the address bar, the way back, and the question before something is lost. It draws nothing.

use super::place::Place;
use crate::browser::{leave, location};
use crate::reading::{Reading, follow};
use crate::ui::{Icon, Sign};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// Where somebody is, and whether leaving would lose something. A copy is as good as the original.
#[derive(Clone, Copy)]
pub(super) struct Way {
    place: RwSignal<Place>,
    dirty: RwSignal<bool>,
    wanted: RwSignal<Option<Place>>,
}

impl Way {
    /// Begins where the address says, and follows the browser's back button.
    pub(super) fn new() -> Self {
        let way = Self {
            place: RwSignal::new(Place::of(&location::path())),
            dirty: RwSignal::new(false),
            wanted: RwSignal::new(None),
        };
        let back = StoredValue::new_local(location::on_back(move || way.came_back()));
        let guard = StoredValue::new_local(leave::guard(move || way.dirty.get_untracked()));
        on_cleanup(move || {
            back.try_update_value(Option::take);
            guard.try_update_value(Option::take);
        });
        way
    }

    /// The way from context; every view of the admin is below one.
    pub(super) fn here() -> Option<Self> {
        use_context()
    }

    /// Where somebody is.
    pub(super) fn place(self) -> Reading<Place> {
        self.place.into()
    }

    /// Goes somewhere, unless something would be lost: then it is asked first.
    pub(super) fn go(self, place: Place) {
        if self.place.with_untracked(|now| *now == place) {
            return;
        }
        if self.dirty.get_untracked() { self.wanted.set(Some(place)) } else { self.show(place) }
    }

    /// Goes somewhere after something was saved: nothing is asked.
    pub(super) fn go_on(self, place: Place) {
        self.dirty.set(false);
        self.show(place);
    }

    /// The same page under another address, without an entry to come back to.
    pub(super) fn rename(place: &Place) {
        location::replace(&place.path());
    }

    /// Whether there is something that is not saved.
    pub(super) fn keep_dirty(self, dirty: bool) {
        if self.dirty.try_get_untracked().is_some_and(|was| was != dirty) {
            self.dirty.set(dirty);
        }
    }

    /// Follows whether a form has something that is not saved, for as long as it is drawn; `saved` says that the last change
    /// was, and no more once there is another.
    pub(super) fn guard(self, dirty: Reading<bool>, saved: RwSignal<bool>) {
        follow(move || {
            let dirty = dirty.get();
            self.keep_dirty(dirty);
            if dirty {
                saved.set(false);
            }
        });
        on_cleanup(move || self.keep_dirty(false));
    }

    /// Whether a way waits for the answer to the question.
    pub(super) fn asks(self) -> Reading<bool> {
        Reading::of(move || self.wanted.with(Option::is_some))
    }

    /// Stays where it is.
    pub(super) fn stay(self) {
        self.wanted.set(None);
    }

    /// Goes where it was wanted, and what is not saved is lost.
    pub(super) fn lose(self) {
        if let Some(place) = self.wanted.get_untracked() {
            self.wanted.set(None);
            self.go_on(place);
        }
    }

    fn show(self, place: Place) {
        location::push(&place.path());
        self.place.set(place);
    }

    fn came_back(self) {
        let place = Place::of(&location::path());
        if self.place.try_with_untracked(|now| *now == place).unwrap_or(true) {
            return;
        }
        if self.dirty.get_untracked() {
            // The browser has moved already: put the address back, then ask.
            location::push(&self.place.with_untracked(Place::path));
            self.wanted.set(Some(place));
        } else {
            self.place.set(place);
        }
    }

    /// Follows a link inside the admin; a click that wants another window is left to the browser.
    pub(super) fn follow(self, place: Place, event: &MouseEvent) {
        if event.ctrl_key() || event.meta_key() || event.shift_key() || event.button() != 0 {
            return;
        }
        event.prevent_default();
        self.go(place);
    }
}

/// A link to a page of the admin.
#[component]
pub(super) fn Link(
    to: Place,
    #[prop(default = "")] class: &'static str,
    #[prop(optional)] testid: &'static str,
    #[prop(optional)] kind: &'static str,
    children: Children,
) -> impl IntoView {
    let href = location::url(&to.path());
    let way = Way::here();
    let follow = move |event: MouseEvent| {
        if let Some(way) = way {
            way.follow(to.clone(), &event);
        }
    };
    view! {
        <a
            class=class
            href=href
            data-kind=(!kind.is_empty()).then_some(kind)
            data-testid=(!testid.is_empty()).then_some(testid)
            on:click=follow
        >
            {children()}
        </a>
    }
}

/// The way back to the page above.
#[component]
pub(super) fn Crumb(to: Place, words: &'static str) -> impl IntoView {
    view! {
        <Link to class="crumb">
            <Icon sign=Sign::ChevronStart small=true mirror=true />
            {words}
        </Link>
    }
}
