//! One interaction as the desk holds it: facts, customer, history, and how much of it was looked at. It asks nobody.

use shared::config::QueueRef;
use shared::event::{Change, Event, Stream};
use shared::id::{InteractionId, UserId};
use shared::interaction::{Activity, ActivityState, Direction, Interaction};
use shared::thread::{Body, Content, Thread};
use shared::wire::{Customer, HistoryPage, InteractionSnapshot};
use shared::world::Applied;

/// One interaction in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// The facts, at their version.
    pub interaction: Interaction,
    /// The customer.
    pub customer: Customer,
    /// The history, as far back as it was fetched.
    pub thread: Thread,
    /// Whether older lines can be fetched.
    pub has_older: bool,
    /// The chat that its customer had before, where there is one this person may read.
    pub earlier: Option<InteractionId>,
    /// Whether that one is to be shown above this one: the agent asked for it.
    pub unrolled: bool,
    /// Whether events are missing, so that it must be fetched anew.
    pub stale: bool,
    /// The number of the newest line that was looked at on this device.
    pub viewed: u64,
}

impl Conversation {
    /// A conversation from a snapshot, looked at up to `viewed`, or up to the agent's own last word.
    #[must_use]
    pub fn new(snapshot: InteractionSnapshot, viewed: Option<u64>, me: Option<UserId>) -> Self {
        let mut thread = Thread::default();
        thread.adopt(snapshot.entries);
        let answered = thread.entries().rev().find_map(|entry| match &entry.body {
            Body::Message(message) if message.author.as_ref().map(|author| author.id) == me => {
                message.author.as_ref().map(|_| entry.seq)
            }
            _ => None,
        });
        let has_older = thread.first().is_some_and(|first| first > 1);
        Self {
            interaction: snapshot.interaction,
            customer: snapshot.customer,
            thread,
            has_older,
            earlier: snapshot.earlier,
            unrolled: false,
            stale: false,
            viewed: viewed.or(answered).unwrap_or(0),
        }
    }

    /// Takes in a newer snapshot; an older one changes nothing. Lines held before stay where they join on to it.
    pub fn adopt(&mut self, snapshot: InteractionSnapshot) {
        if snapshot.interaction.version < self.interaction.version {
            return;
        }
        let fresh = Self::new(snapshot, Some(self.viewed), None);
        let joins = match (self.thread.last(), fresh.thread.first()) {
            (Some(last), Some(first)) => first <= last.saturating_add(1),
            _ => false,
        };
        let mut thread = fresh.thread;
        let mut has_older = fresh.has_older;
        if joins {
            // Lines of the snapshot win: deliveries may have climbed while events were missed.
            thread.adopt(self.thread.entries().cloned());
            has_older = self.has_older && thread.first().is_some_and(|first| first > 1);
        }
        *self = Self { thread, has_older, unrolled: self.unrolled, ..fresh };
    }

    /// The chat that stands above this one; none while lines between the two are missing.
    #[must_use]
    pub fn above(&self) -> Option<InteractionId> {
        self.earlier.filter(|_| self.unrolled && !self.has_older)
    }

    /// Takes in an event of this interaction.
    pub fn apply(&mut self, event: &Event, content: &[Content]) -> Applied {
        let Change::Interaction(change) = &event.change else { return Applied::Known };
        if event.stream != Stream::Interaction(self.interaction.id)
            || event.version <= self.interaction.version
        {
            return Applied::Known;
        }
        if event.version != self.interaction.version + 1 {
            self.stale = true;
            return Applied::Gap;
        }
        self.interaction.apply(event.at, change);
        self.thread.apply(event, content);
        self.learn(content);
        Applied::Yes
    }

    /// Takes in the customer's name, when it is among these words.
    pub fn learn(&mut self, content: &[Content]) {
        for one in content {
            if let Content::Name { identity, name, handle, avatar } = one
                && *identity == self.customer.identity
            {
                self.customer.name.clone_from(name);
                self.customer.handle.clone_from(handle);
                self.customer.avatar = *avatar;
            }
        }
    }

    /// Takes in an older page of the history.
    pub fn prepend(&mut self, page: HistoryPage) {
        self.has_older = page.before.is_some();
        self.thread.adopt(page.entries);
    }

    /// The customer's messages that were not looked at.
    #[must_use]
    pub fn unread(&self) -> usize {
        let newer = self.thread.entries().rev().take_while(|entry| entry.seq > self.viewed);
        newer
            .filter(|entry| matches!(&entry.body, Body::Message(one) if one.direction == Direction::In))
            .count()
    }

    /// The activity this person works on, or worked on last.
    #[must_use]
    pub fn activity_of(&self, user: UserId) -> Option<&Activity> {
        let mine = |activity: &&Activity| activity.owner == Some(user);
        self.interaction.open_of(user).or_else(|| self.interaction.activities.iter().rev().find(mine))
    }

    /// The queue its newest activity came through.
    #[must_use]
    pub fn queue(&self) -> Option<&QueueRef> {
        let activities = &self.interaction.activities;
        let open = activities.iter().rev().find(|activity| activity.state == ActivityState::Open);
        open.or_else(|| activities.last()).map(|activity| &activity.queue)
    }
}
