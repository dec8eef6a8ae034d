//! Those who wait: everyone this agent could take, wherever it rings. What rings here has a card of its own.

use super::Desk;
use crate::reading::{Reading, Slot};
use crate::store::{EndedRing, Filter, Held, Part};
use shared::agent::Agent;
use shared::flat::FlatMap;
use shared::id::{ActivityId, OfferId};
use shared::interaction::OfferState;
use shared::permit;
use shared::refusal::Refusal;
use shared::wire::WaitingRow;

/// A row of the Waiting list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingItem {
    /// The row.
    pub row: WaitingRow,
    /// The offer on this agent's card, if it rings here.
    pub mine: Option<OfferId>,
    /// Whether it rang here and was not answered in time.
    pub was_mine: bool,
    /// Whether it was asked for and not yet answered.
    pub asked: bool,
}

impl Desk {
    /// The Waiting list, longest waiting first.
    #[must_use]
    pub fn waiting(self) -> Reading<Vec<WaitingItem>> {
        Reading::of(move || {
            self.store.track(Part::Agent);
            let mut items: FlatMap<_, _> = self.store.read(Part::Waiting, |held| {
                let item = |row: &WaitingRow| WaitingItem {
                    row: shown(held, row),
                    mine: my_offer(held, row.activity),
                    was_mine: expired_here(held, row.activity),
                    asked: false,
                };
                waits(held).map(|row| ((row.queued_at, row.activity), item(row))).collect()
            });
            self.outbox.read(|pile| {
                for item in items.values_mut() {
                    item.asked = pile.rows().any(|one| one.activity() == Some(item.row.activity));
                }
            });
            items.into_values().collect()
        })
    }

    /// What is to be seen of the Waiting list.
    #[must_use]
    pub fn waiting_filter(self) -> Slot<Filter> {
        self.store.waiting_filter.clone()
    }

    /// How many wait: the badge.
    #[must_use]
    pub fn waiting_count(self) -> Reading<usize> {
        Reading::of(move || {
            self.store.track(Part::Agent);
            self.store.read(Part::Waiting, |held| waits(held).count())
        })
    }

    /// Whether a waiting activity may be taken.
    #[must_use]
    pub fn may_accept(self, activity: ActivityId) -> Reading<Result<(), Refusal>> {
        Reading::of(move || {
            self.store.track(Part::Agent);
            self.store.track(Part::Config);
            let waits = self.store.read(Part::Waiting, |held| {
                let queue = held.lists().waiting.get(&activity).map(|row| row.queue.id);
                let rings = my_offer(held, activity).is_some();
                let right = |id| held.config().queues.iter().any(|one| one.queue.id == id);
                let out = |id| held.agent().is_some_and(|agent| agent.logged_out.contains(&id));
                queue.map_or(if rings { Ok(()) } else { Err(Refusal::CustomerGone) }, |id| {
                    if rings {
                        Ok(())
                    } else if right(id) {
                        permit::pull(held.config().workspace, !out(id))
                    } else {
                        Err(Refusal::NoRights)
                    }
                })
            });
            if self.is_asked(|one| one.activity() == Some(activity)) {
                Err(Refusal::OfferOver)
            } else {
                waits
            }
        })
    }

    /// Takes a row of the Waiting list.
    pub fn accept_waiting(self, row: &WaitingRow) {
        let offer = self.store.peek(|held| my_offer(held, row.activity));
        self.take(row.interaction, row.activity, offer);
    }
}

/// Those who wait. The list may be a second older than what this agent has taken of it.
fn waits(held: &Held) -> impl Iterator<Item = &WaitingRow> {
    let open = |row: &&WaitingRow| {
        let taken = |agent: &Agent| agent.open.iter().any(|one| one.activity == row.activity);
        !held.agent().is_some_and(taken)
    };
    held.lists().waiting.values().filter(move |row| open(row))
}

/// A row as the workspace shows it: with the customer's last words, or without.
fn shown(held: &Held, row: &WaitingRow) -> WaitingRow {
    let preview = row.preview.clone().filter(|_| held.config().workspace.preview);
    WaitingRow { preview, ..row.clone() }
}

/// Whether it rang here lately and its time ran out.
fn expired_here(held: &Held, activity: ActivityId) -> bool {
    let ended = |one: &EndedRing| one.ringing.activity == activity && one.state == OfferState::Expired;
    held.ended().iter().any(ended)
}

fn my_offer(held: &Held, activity: ActivityId) -> Option<OfferId> {
    let ringing = &held.agent()?.ringing;
    ringing.iter().find(|one| one.activity == activity).map(|one| one.offer)
}
