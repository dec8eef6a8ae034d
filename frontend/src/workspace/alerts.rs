//! What is heard, and what the system shows while the desk is out of sight: once for every offer, in the one tab that the relay names.

use super::place::Place;
use super::way::Way;
use super::words;
use crate::alerts::{Sound, Taste};
use crate::browser::{clock, notify, visibility};
use crate::desk::{Desk, OfferCard, Tab};
use crate::language::{fill, t};
use crate::reading::follow;
use leptos::prelude::*;
use shared::flat::{FlatMap, FlatSet};
use shared::id::{InteractionId, OfferId};
use std::cell::RefCell;

/// At most one sound a chat in this time, in milliseconds (D-034).
const PAUSE: i64 = 2_000;

/// Listens until the owner is gone.
pub fn listen(desk: Desk, way: Way, taste: Taste) {
    let offers = desk.offers();
    let rang = RefCell::new(None::<FlatSet<OfferId>>);
    follow(move || {
        let rings = |card: &&OfferCard| card.sounds(desk.now().get_untracked());
        let now: FlatSet<OfferId> =
            offers.with(|cards| cards.iter().filter(rings).map(|card| card.ringing.offer).collect());
        // What rang already when the page was loaded was heard before.
        if let Some(known) = rang.replace(Some(now.clone()))
            && let Some(new) = now.difference(&known).next().copied()
            && desk.is_heard_here()
        {
            taste.play(Sound::Offer);
            if !visibility::has_focus()
                && let Some(card) =
                    offers.with_untracked(|all| all.iter().find(|one| one.ringing.offer == new).cloned())
            {
                let name = card.customer.as_deref().unwrap_or(t(words::SOMEBODY));
                notify::show(
                    &fill(words::NOTICE_OFFER, &[("name", name)]),
                    &words::queue(&card.ringing.queue),
                    &new.to_string(),
                    // The card is over any screen.
                    || {},
                );
            }
        }
    });
    let tabs = desk.tabs();
    let played = RefCell::new(FlatMap::<InteractionId, i64>::new());
    let counted = RefCell::new(None::<FlatMap<InteractionId, usize>>);
    follow(move || {
        let now: FlatMap<InteractionId, usize> =
            tabs.with(|tabs| tabs.iter().map(|tab| (tab.interaction, tab.unread)).collect());
        if let Some(before) = counted.replace(Some(now)) {
            let more = |tab: &&Tab| before.get(&tab.interaction).is_some_and(|known| tab.unread > *known);
            let written: Vec<Tab> = tabs.with_untracked(|tabs| tabs.iter().filter(more).cloned().collect());
            for tab in written {
                // Nobody has to be told of what they are looking at.
                let seen =
                    way.place().get_untracked() == Place::Chat(tab.interaction) && visibility::has_focus();
                let at = clock::now_ms();
                let last = played.borrow().get(&tab.interaction).copied();
                if seen || last.is_some_and(|last| at - last < PAUSE) || !desk.is_heard_here() {
                    continue;
                }
                played.borrow_mut().insert(tab.interaction, at);
                if desk.workspace().message_sound {
                    taste.play(Sound::Message);
                }
                if !visibility::has_focus() {
                    let title = fill(words::NOTICE_MESSAGE, &[("name", &tab.customer)]);
                    notify::show(&title, "", &tab.interaction.to_string(), move || {
                        way.go(Place::Chat(tab.interaction));
                    });
                }
            }
        }
    });
}
