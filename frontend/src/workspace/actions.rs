//! Everything that can be done from anywhere, as the palette lists it: the same intents as the buttons have, none of its own.

use super::order;
use super::panels::Panels;
use super::place::Place;
use super::way::Way;
use super::words;
use crate::browser::fold::fold;
use crate::browser::location;
use crate::browser::theme::{self, Theme};
use crate::desk::{Availability, Desk, OfferCard, WaitingItem};
use crate::language::{Key, t};
use crate::reading::Reading;
use crate::ui::Sign;
use leptos::prelude::*;
use shared::config::Role;
use shared::id::{DispositionId, InteractionId, PauseId, QueueId};
use shared::permit;

/// What is done.
#[derive(Clone, PartialEq)]
pub enum Deed {
    /// Takes what rings.
    Accept(Box<OfferCard>),
    /// Sends it on to somebody else.
    Reject(Box<OfferCard>, Option<String>),
    /// Closes the chat that is open, or asks what stands in the way.
    Close(InteractionId),
    /// Gives it a status.
    Status(InteractionId, DispositionId),
    /// Puts its tab a place further on, or back.
    Shift(InteractionId, bool),
    /// Takes somebody who waits.
    Take(Box<WaitingItem>),
    /// Goes to a screen.
    Go(Place),
    /// Goes to the admin.
    Admin,
    /// Goes on a pause.
    Pause(PauseId),
    /// Comes back from it.
    Resume,
    /// Logs in to a queue, or out of it.
    Queue(QueueId, bool),
    /// Changes the colours.
    Look(Theme),
    /// Shows the shortcuts.
    Keys,
    /// Logs out.
    Leave,
}

/// One thing that can be done.
#[derive(Clone, PartialEq)]
pub struct Action {
    /// Its sign.
    pub sign: Sign,
    /// What it is called.
    pub label: String,
    /// What kind of thing it is.
    pub note: String,
    /// The keys that do it without the palette; empty when there are none.
    pub shortcut: &'static str,
    /// What a search looks in.
    pub folded: String,
    /// What is done.
    pub deed: Deed,
}

/// Does it.
pub fn run(desk: Desk, way: Way, panels: Panels, deed: Deed) {
    match deed {
        Deed::Accept(card) => {
            way.expect(card.ringing.interaction);
            desk.accept(&card);
        }
        Deed::Reject(card, reason) => desk.reject(&card, reason),
        Deed::Close(id) => desk.wish_close(id),
        Deed::Status(id, status) => desk.choose_status(id, status),
        Deed::Shift(id, on) => order::shift(desk, id, on),
        Deed::Take(item) => {
            way.pull(item.row.interaction);
            desk.accept_waiting(&item.row);
        }
        Deed::Go(place) => way.go(place),
        Deed::Admin => location::leave("admin/"),
        Deed::Pause(pause) => desk.pause(pause),
        Deed::Resume => desk.resume(),
        Deed::Queue(queue, true) => desk.join_queue(queue),
        Deed::Queue(queue, false) => desk.leave_queue(queue),
        Deed::Look(theme) => theme::set(theme),
        Deed::Keys => panels.keys.set(true),
        Deed::Leave => panels.leave(desk),
    }
}

/// All actions, in the order of the list: what rings, what is open, who waits, where to go, what to do.
pub fn actions(desk: Desk, way: Way) -> Reading<Vec<Action>> {
    let (tabs, waiting, offers, place) = (desk.tabs(), desk.waiting(), desk.offers(), way.place());
    let (availability, pauses, queues, me) =
        (desk.availability(), desk.pauses(), desk.my_queues(), desk.me());
    Reading::of(move || {
        let mut all = List(Vec::new());
        for card in offers.get().into_iter().filter(OfferCard::is_open) {
            let name = card.customer.clone().unwrap_or_else(|| t(words::SOMEBODY).to_owned());
            let (accept, reject) = if all.0.is_empty() { ("Alt A", "Alt R") } else { ("", "") };
            let card = Box::new(card);
            all.add(Sign::Accept, name.clone(), t(words::ACCEPT_OFFER), accept, Deed::Accept(card.clone()));
            let manner = desk.manner(card.ringing.queue.id);
            if permit::reject(&manner, None).is_ok() {
                all.add(Sign::Close, name, t(words::REJECT_OFFER), reject, Deed::Reject(card, None));
            } else if manner.reject {
                for reason in manner.reject_reasons {
                    let note = [t(words::REJECT_OFFER), " · ", &reason].concat();
                    let deed = Deed::Reject(card.clone(), Some(reason));
                    all.add(Sign::Close, name.clone(), &note, "", deed);
                }
            }
        }
        if let Some(id) = place.get().chat() {
            all.of_chat(desk, id, tabs.with(Vec::len));
        }
        for tab in tabs.get() {
            all.add(
                Sign::User,
                tab.customer,
                t(words::OPEN_CHAT),
                "",
                Deed::Go(Place::Chat(tab.interaction)),
            );
        }
        for item in waiting.get().into_iter().filter(|item| item.mine.is_none() && !item.asked) {
            let note = [t(words::TAKE_WAITING), " · ", &item.row.queue.title].concat();
            all.add(Sign::Waiting, item.row.customer.clone(), &note, "", Deed::Take(Box::new(item)));
        }
        let go = words::GO_TO;
        all.named(Sign::Dashboard, words::DASHBOARD, go, "G D", Deed::Go(Place::Dashboard));
        all.named(Sign::Waiting, words::WAITING, go, "G W", Deed::Go(Place::Waiting));
        all.named(Sign::Activities, words::ACTIVITIES, go, "G A", Deed::Go(Place::Activities));
        all.named(Sign::Settings, words::SETTINGS, go, "G S", Deed::Go(Place::Settings));
        if me.with(|me| me.as_ref().is_some_and(|me| me.role == Role::Admin)) {
            all.named(Sign::Settings, words::ADMIN, go, "", Deed::Admin);
        }
        if let Availability::Paused { .. } = availability.get() {
            all.named(Sign::Play, words::BACK_TO_WORK, words::PRESENCE_NOTE, "", Deed::Resume);
        }
        for pause in pauses.get() {
            all.add(Sign::Pause, pause.title, t(words::PAUSES), "", Deed::Pause(pause.id));
        }
        for queue in queues.get() {
            let note = t(if queue.joined { words::LEAVE_QUEUE } else { words::JOIN_QUEUE });
            let queue = (words::queue(&queue.queue.queue), Deed::Queue(queue.queue.queue.id, !queue.joined));
            all.add(Sign::Activities, queue.0, note, "", queue.1);
        }
        all.named(Sign::Theme, words::THEME_SYSTEM, words::THEME, "", Deed::Look(Theme::System));
        all.named(Sign::Theme, words::THEME_LIGHT, words::THEME, "", Deed::Look(Theme::Light));
        all.named(Sign::Theme, words::THEME_DARK, words::THEME, "", Deed::Look(Theme::Dark));
        all.named(Sign::Question, words::SHORTCUTS, words::KEYBOARD, "?", Deed::Keys);
        all.named(Sign::Logout, words::LOG_OUT, words::SESSION, "", Deed::Leave);
        all.0
    })
}

struct List(Vec<Action>);

impl List {
    fn add(&mut self, sign: Sign, label: String, note: &str, shortcut: &'static str, deed: Deed) {
        let folded = fold(&[label.as_str(), " ", note].concat());
        self.0.push(Action { sign, label, note: note.to_owned(), shortcut, folded, deed });
    }

    /// What can be done with the chat that is open, of so many.
    fn of_chat(&mut self, desk: Desk, id: InteractionId, tabs: usize) {
        let Some(chat) = desk.chat(id).get().filter(|chat| chat.open) else { return };
        for status in chat.statuses {
            let note = [t(words::SET_STATUS), " · ", &chat.customer].concat();
            self.add(Sign::Tick, status.title, &note, "", Deed::Status(id, status.id));
        }
        self.add(Sign::Close, t(words::CLOSE_CHAT).to_owned(), &chat.customer, "Alt C", Deed::Close(id));
        if tabs > 1 {
            self.named(Sign::ChevronStart, words::TAB_BACK, words::TABS, "Shift ←", Deed::Shift(id, false));
            self.named(Sign::ChevronEnd, words::TAB_ON, words::TABS, "Shift →", Deed::Shift(id, true));
        }
    }

    fn named(&mut self, sign: Sign, label: Key, note: Key, shortcut: &'static str, deed: Deed) {
        self.add(sign, t(label).to_owned(), t(note), shortcut, deed);
    }
}
