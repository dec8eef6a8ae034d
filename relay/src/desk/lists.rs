//! Waiting, queues and colleagues as rows, made anew at most once a second; a desk is told only what it may see of them.

use super::line::{End, Line};
use crate::config;
use crate::engine::Engine;
use crate::health::{Health, Trouble};
use crate::log::Published;
use shared::agent::Agent;
use shared::config::UserRef;
use shared::event::{Change, Stream};
use shared::id::{ActivityId, InteractionId, QueueId, UserId};
use shared::interaction::{Interaction, InteractionChange};
use shared::wire::{
    ColleagueRow, Customer, ListUpdate, Presence, QueueRow, RelayFrame, WaitingRow, WaitingState,
};
use shared::world::World;
use shared::{permission, permit};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::{Notify, broadcast, watch};
use tokio_util::sync::CancellationToken;

/// All rows, whoever may see them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    waiting: BTreeMap<ActivityId, WaitingRow>,
    pub(super) queues: BTreeMap<QueueId, QueueRow>,
    colleagues: BTreeMap<UserId, ColleagueRow>,
    /// The queues each person has rights to.
    pub(super) rights: BTreeMap<UserId, BTreeSet<QueueId>>,
    /// The queues each person is logged out of and takes nothing from; empty where they may.
    out: BTreeMap<UserId, BTreeSet<QueueId>>,
    /// What is wrong with accounts.
    pub(super) troubles: Vec<Trouble>,
    /// Who looks after the accounts.
    pub(super) admins: BTreeSet<UserId>,
}

/// A customer's name and last words, for the rows of waiting activities.
pub(super) type Words = BTreeMap<InteractionId, (String, Option<String>)>;

/// Keeps the lists until the stop: at once after a quiet time, then at most once per [`config::LIST_PACE`].
pub(super) async fn keep(
    engine: Engine,
    health: Health,
    reached: Arc<Notify>,
    tell: watch::Sender<Arc<Lists>>,
    stop: CancellationToken,
) {
    let mut events = engine.events();
    let mut gates = health.changes();
    let mut words = Words::new();
    loop {
        refresh(&engine, &mut words).await;
        let mut lists = engine.look(|world| Lists::of(world, &engine.reachable(), &words));
        lists.troubles = health.troubles();
        tell.send_if_modified(|old| {
            let changed = **old != lists;
            if changed {
                *old = Arc::new(lists);
            }
            changed
        });
        tokio::select! {
            () = tokio::time::sleep(config::LIST_PACE) => {}
            () = stop.cancelled() => return,
        }
        let event = tokio::select! {
            event = events.recv() => Some(event),
            () = reached.notified() => None,
            _ = gates.changed() => None,
            () = stop.cancelled() => return,
        };
        match event {
            Some(Err(broadcast::error::RecvError::Closed)) => return,
            Some(Err(broadcast::error::RecvError::Lagged(_))) => words.clear(),
            Some(Ok(published)) => forget(&mut words, &published),
            None => {}
        }
        loop {
            match events.try_recv() {
                Ok(published) => forget(&mut words, &published),
                Err(broadcast::error::TryRecvError::Lagged(_)) => words.clear(),
                Err(_) => break,
            }
        }
    }
}

/// Words that an event made old.
fn forget(words: &mut Words, published: &Published) {
    if let (
        Stream::Interaction(id),
        Change::Interaction(
            InteractionChange::CustomerWrote { .. } | InteractionChange::CustomerNamed { .. },
        ),
    ) = (published.event.stream, &published.event.change)
    {
        words.remove(&id);
    }
}

/// Reads the words of what waits and has none, and lets go of the others.
async fn refresh(engine: &Engine, words: &mut Words) {
    let waiting: BTreeMap<_, _> = engine.look(|world| {
        let waiting = world.interactions().filter(|one| one.waiting().is_some());
        waiting.map(|one| (one.id, one.identity)).collect()
    });
    words.retain(|id, _| waiting.contains_key(id));
    for (id, identity) in waiting {
        if words.contains_key(&id) {
            continue;
        }
        match engine.log().last_words(id, identity).await {
            Ok((customer, text)) => {
                let text = text.map(|(_, text)| preview(&text));
                words.insert(id, (title(&customer), text));
            }
            Err(error) => tracing::error!(%error, "the words of a waiting chat could not be read"),
        }
    }
}

/// The name, or what stands in for it.
fn title(customer: &Customer) -> String {
    customer.title().to_owned()
}

/// The beginning of a text on one line.
#[must_use]
pub fn preview(text: &str) -> String {
    let line = text.split_whitespace().flat_map(|word| [" ", word]).skip(1);
    line.flat_map(str::chars).take(config::PREVIEW).collect()
}

impl Lists {
    /// The rows of this world.
    pub(super) fn of(world: &World, reachable: &BTreeSet<UserId>, words: &Words) -> Self {
        let mut lists = Self::default();
        for queue in world.config.queues.values() {
            let ready = queue.members.keys().filter(|user| {
                let there = reachable.contains(user) && world.active_user(**user).is_some();
                let agent = world.known_agent(**user);
                there
                    && agent
                        .is_none_or(|agent| agent.pause.is_none() && !agent.logged_out.contains(&queue.id))
            });
            let row = QueueRow {
                queue: queue.reference(),
                channel: queue.channel,
                waiting: 0,
                oldest: None,
                ready: count(ready.count()),
            };
            lists.queues.insert(queue.id, row);
            for user in queue.members.keys().filter(|user| world.active_user(**user).is_some()) {
                lists.rights.entry(*user).or_default().insert(queue.id);
            }
        }
        let admins = world.config.users.values().filter(|user| permission::configures(user));
        lists.admins = admins.map(|user| user.id).collect();
        for interaction in world.interactions() {
            lists.add_waiting(world, interaction, words);
        }
        for user in lists.rights.keys() {
            let Some(person) = world.active_user(*user) else { continue };
            let out = world.known_agent(*user).map(|agent| &agent.logged_out);
            if let Some(out) = out.filter(|_| permit::pull(world.config.workspace, false).is_err()) {
                lists.out.insert(*user, out.iter().copied().collect());
            }
            let row = colleague(person.reference(), world.known_agent(*user), reachable.contains(user));
            lists.colleagues.insert(*user, row);
        }
        lists
    }

    fn add_waiting(&mut self, world: &World, interaction: &Interaction, words: &Words) {
        let Some(activity) = interaction.waiting() else { return };
        let queued_at = activity.wait_at.unwrap_or(interaction.entered_at);
        if let Some(row) = self.queues.get_mut(&activity.queue.id) {
            row.waiting += 1;
            row.oldest = Some(row.oldest.map_or(queued_at, |oldest| oldest.min(queued_at)));
        }
        let ringing = interaction.ringing(activity.id).next();
        let at = ringing.and_then(|offer| world.config.users.get(&offer.agent));
        let (customer, preview) = words.get(&interaction.id).cloned().unwrap_or_default();
        let row = WaitingRow {
            activity: activity.id,
            interaction: interaction.id,
            channel: interaction.channel,
            customer,
            queue: activity.queue.clone(),
            queued_at,
            state: at.map_or(WaitingState::Waiting, |user| WaitingState::Ringing { at: user.reference() }),
            preview,
        };
        self.waiting.insert(activity.id, row);
    }

    /// What this person sees: their queues, what waits there, and who else has rights there.
    fn seen_by(&self, user: UserId) -> Seen<'_> {
        let none = BTreeSet::new();
        let own = self.rights.get(&user).unwrap_or(&none);
        let shares = |other: &UserId| {
            *other != user && self.rights.get(other).is_some_and(|theirs| !theirs.is_disjoint(own))
        };
        let out = self.out.get(&user).unwrap_or(&none);
        let takes = |queue: QueueId| own.contains(&queue) && !out.contains(&queue);
        Seen {
            waiting: self.waiting.iter().filter(|(_, row)| takes(row.queue.id)).collect(),
            queues: self.queues.iter().filter(|(id, _)| own.contains(id)).collect(),
            colleagues: self.colleagues.iter().filter(|(other, _)| shares(other)).collect(),
        }
    }

    /// What to tell this person who was shown `before`; everything when nothing was.
    #[must_use]
    pub fn updates(&self, before: Option<&Self>, user: UserId) -> Vec<ListUpdate> {
        let nothing = Self::default();
        let (old, new) = (before.unwrap_or(&nothing).seen_by(user), self.seen_by(user));
        let reset = before.is_none();
        let mut updates = Vec::new();
        for (reset, upsert, remove) in chunks(reset, &old.waiting, &new.waiting) {
            updates.push(ListUpdate::Waiting { reset, upsert, remove });
        }
        for (reset, upsert, remove) in chunks(reset, &old.queues, &new.queues) {
            updates.push(ListUpdate::Queues { reset, upsert, remove });
        }
        for (reset, upsert, remove) in chunks(reset, &old.colleagues, &new.colleagues) {
            updates.push(ListUpdate::Colleagues { reset, upsert, remove });
        }
        let told = self.told(user);
        if before.is_none_or(|before| before.told(user) != told) {
            updates.push(told);
        }
        updates
    }
}

/// What one person sees.
struct Seen<'a> {
    waiting: BTreeMap<&'a ActivityId, &'a WaitingRow>,
    queues: BTreeMap<&'a QueueId, &'a QueueRow>,
    colleagues: BTreeMap<&'a UserId, &'a ColleagueRow>,
}

/// The difference between two states of a list, in pieces of [`config::LIST_ROWS`]; only the first is a reset.
fn chunks<K: Ord + Copy, R: Clone + PartialEq>(
    reset: bool,
    old: &BTreeMap<&K, &R>,
    new: &BTreeMap<&K, &R>,
) -> Vec<(bool, Vec<R>, Vec<K>)> {
    let mut remove: Vec<K> = old.keys().filter(|key| !new.contains_key(**key)).map(|key| **key).collect();
    let changed = new.iter().filter(|(key, row)| old.get(**key) != Some(*row));
    let upsert: Vec<R> = changed.map(|(_, row)| (*row).clone()).collect();
    if !reset && remove.is_empty() && upsert.is_empty() {
        return Vec::new();
    }
    let mut all = vec![(reset, Vec::new(), std::mem::take(&mut remove))];
    for (at, rows) in upsert.chunks(config::LIST_ROWS).enumerate() {
        match all.first_mut().filter(|_| at == 0) {
            Some(first) => first.1 = rows.to_vec(),
            None => all.push((false, rows.to_vec(), Vec::new())),
        }
    }
    all
}

fn colleague(user: UserRef, agent: Option<&Agent>, reachable: bool) -> ColleagueRow {
    let presence = match agent.and_then(|agent| agent.pause.as_ref()) {
        _ if !reachable => Presence::Away,
        Some(on) => Presence::Paused { title: on.pause.title.clone(), since: on.since },
        None => Presence::Ready,
    };
    ColleagueRow { user, presence, open: count(agent.map_or(0, |agent| agent.open.len())) }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Line<'_> {
    /// Tells the desk what changed in the lists since it was last told.
    pub(super) async fn show_lists(&mut self) -> Result<(), End> {
        let lists = Arc::clone(&self.lists.borrow_and_update());
        for update in lists.updates(self.shown.as_deref(), self.pass.user) {
            self.out.send(&RelayFrame::List { update }).await?;
        }
        self.shown = Some(lists);
        Ok(())
    }
}
