//! Going from place to place: the address bar, the way back, what was scrolled. It decides nothing about an activity.

use super::place::{Place, Trail};
use crate::browser::clock::Frames;
use crate::browser::location;
use crate::desk::{Availability, Desk};
use crate::reading::{Local, Reading, follow};
use crate::ui::open_outside;
use leptos::prelude::*;
use shared::flat::FlatSet;
use shared::id::InteractionId;

/// The element that scrolls.
const SCREEN: &str = "screen";

/// Where the agent is and was. A copy is as good as the original.
#[derive(Clone, Copy)]
pub struct Way {
    desk: Desk,
    place: Local<Place>,
    trail: StoredValue<Trail>,
    open: Reading<FlatSet<InteractionId>>,
    expected: StoredValue<FlatSet<InteractionId>>,
    /// Chats that just opened and whose links were not looked at yet.
    beside: Local<FlatSet<InteractionId>>,
    /// Whether somebody was taken from Waiting while on a pause: then it is asked whether that is over.
    pub pulled: RwSignal<bool>,
    scroll: StoredValue<Option<i32>>,
    frames: StoredValue<Option<Frames>, LocalStorage>,
}

impl Way {
    /// Begins where the address says, and follows the browser's back button and the agent's tabs.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        let tabs = desk.tabs();
        let open = Reading::of(move || tabs.with(|tabs| tabs.iter().map(|tab| tab.interaction).collect()));
        let way = Self {
            desk,
            place: Local::new(Place::of(&location::path())),
            trail: StoredValue::new(Trail::default()),
            open,
            expected: StoredValue::new(FlatSet::new()),
            beside: Local::new(FlatSet::new()),
            pulled: RwSignal::new(false),
            scroll: StoredValue::new(None),
            frames: StoredValue::new_local(None),
        };
        way.frames.set_value(Some(Frames::new(move || way.restore())));
        let back = StoredValue::new_local(location::on_back(move || {
            let place = Place::of(&location::path());
            if way.place.try_get_untracked().is_some_and(|now| now != place) {
                way.place.set(place);
            }
        }));
        on_cleanup(move || {
            back.try_update_value(Option::take);
        });
        follow(move || way.open_beside());
        Effect::watch(
            move || open.get(),
            move |now, before, _: Option<()>| way.tabs_changed(now, before),
            false,
        );
        way
    }

    /// The way from context; every view of the workspace is below one.
    #[must_use]
    pub fn here() -> Option<Self> {
        use_context()
    }

    /// Where the agent is.
    #[must_use]
    pub fn place(self) -> Reading<Place> {
        self.place.into()
    }

    /// Goes somewhere; what was scrolled is remembered.
    pub fn go(self, place: Place) {
        let now = self.place.get_untracked();
        if now == place {
            return;
        }
        let scrolled = document().get_element_by_id(SCREEN).map_or(0, |screen| screen.scroll_top());
        self.trail.update_value(|trail| trail.left(now, scrolled));
        self.show(place, 0);
    }

    /// A click on a tab: goes there, and from there back to where the agent was before.
    pub fn toggle(self, id: InteractionId) {
        if self.place.get_untracked() == Place::Chat(id) { self.back() } else { self.go(Place::Chat(id)) }
    }

    /// The agent asked for a chat from here: go there when it opens, if its queue wants that, and open what its admin
    /// wants beside it.
    pub fn expect(self, id: InteractionId) {
        self.expected.update_value(|expected| {
            expected.insert(id);
        });
    }

    /// The agent takes somebody who waits: who does so while on a pause is asked whether that is over, where the workspace
    /// wants it.
    pub fn pull(self, id: InteractionId) {
        let paused = matches!(self.desk.availability().get_untracked(), Availability::Paused { .. });
        if paused && self.desk.workspace().ask_on_pause {
            self.pulled.set(true);
        }
        self.expect(id);
    }

    /// Goes back to the place before.
    fn back(self) {
        let now = self.place.get_untracked();
        let open = self.open.get_untracked();
        let exists = |place: Place| place != now && place.chat().is_none_or(|id| open.contains(&id));
        let (place, scrolled) = self.trail.try_update_value(|trail| trail.back(exists)).unwrap_or_default();
        self.show(place, scrolled);
    }

    fn show(self, place: Place, scrolled: i32) {
        location::push(&place.path());
        self.scroll.set_value((scrolled > 0).then_some(scrolled));
        self.place.set(place);
        self.frames.with_value(|frames| frames.iter().for_each(Frames::ask));
    }

    /// Puts the screen where it was scrolled, once it is drawn.
    fn restore(self) {
        if let (Some(Some(scrolled)), Some(screen)) =
            (self.scroll.try_get_value(), document().get_element_by_id(SCREEN))
        {
            screen.set_scroll_top(scrolled);
            self.scroll.set_value(None);
        }
    }

    /// Opens the links that are to open by themselves, once what stands in them is known.
    fn open_beside(self) {
        for id in self.beside.get() {
            let Some(chat) = self.desk.chat(id).get() else { continue };
            chat.beside.iter().for_each(open_outside);
            self.beside.update(|beside| {
                beside.remove(&id);
            });
        }
    }

    /// A tab opened or closed.
    fn tabs_changed(self, now: &FlatSet<InteractionId>, before: Option<&FlatSet<InteractionId>>) {
        let Some(before) = before else { return };
        if let Some(id) = self.place.get_untracked().chat()
            && before.contains(&id)
            && !now.contains(&id)
        {
            self.back();
        }
        let came = now
            .difference(before)
            .copied()
            .find(|id| self.expected.try_update_value(|expected| expected.remove(id)).unwrap_or_default());
        if let Some(id) = came {
            self.beside.update(|beside| {
                beside.insert(id);
            });
            if self.desk.comes_forward(id) {
                self.go(Place::Chat(id));
            }
        }
    }
}
