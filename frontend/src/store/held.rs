//! Everything the relay told this desk, as plain data: events in, state out. It draws nothing, asks nobody, reads no clock.

use super::conversation::Conversation;
use super::lists::{List, Lists};
use super::part::Part;
use super::status::Session;
use shared::agent::{Agent, AgentChange, Ringing};
use shared::config::UserRef;
use shared::event::{Change, Event, Stream};
use shared::flat::{FlatMap, FlatSet};
use shared::id::{IdentityId, InteractionId, OfferId};
use shared::interaction::OfferState;
use shared::thread::Content;
use shared::time::Timestamp;
use shared::wire::{DeskConfig, DeskSnapshot, HistoryPage, InteractionSnapshot, ListUpdate};
use shared::world::Applied;

/// Events that came too early are kept for their stream up to this number; the next one then shows the gap again.
const EARLY_EVENTS: usize = 256;
/// Streams for which early events are kept; those of the oldest are fetched instead.
const EARLY_STREAMS: usize = 64;
/// Ended rings that are remembered, so that a card can say how it ended.
const ENDED_RINGS: usize = 8;

/// An offer that rang here and does no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedRing {
    /// What the card showed.
    pub ringing: Ringing,
    /// What it called the customer.
    pub customer: Option<String>,
    /// How it ended.
    pub state: OfferState,
    /// Who took the activity instead.
    pub taken_by: Option<UserRef>,
    /// When, by the relay's clock.
    pub at: Timestamp,
}

/// Everything the relay told.
#[derive(Debug, Default)]
pub struct Held {
    pub(super) session: Option<Session>,
    pub(super) agent: Option<Agent>,
    pub(super) agent_stale: bool,
    pub(super) config: DeskConfig,
    pub(super) conversations: FlatMap<InteractionId, Conversation>,
    pub(super) lists: Lists,
    pub(super) names: FlatMap<IdentityId, Content>,
    pub(super) previews: FlatMap<OfferId, String>,
    pub(super) ended: Vec<EndedRing>,
    early: FlatMap<Stream, FlatMap<u64, (Event, Vec<Content>)>>,
}

impl Held {
    /// Takes in an event with the words beside it; the parts that changed are added to `touched`.
    pub fn apply(&mut self, event: &Event, content: &[Content], touched: &mut FlatSet<Part>) -> Applied {
        self.learn(content, touched);
        let applied = self.place(event, content);
        match applied {
            Applied::Yes => {
                touched.insert(Part::of(event.stream));
                self.catch_up(event.stream, touched);
            }
            Applied::Gap => {
                touched.insert(Part::of(event.stream));
                self.keep_early(event, content);
            }
            Applied::Known => {}
        }
        applied
    }

    fn place(&mut self, event: &Event, content: &[Content]) -> Applied {
        match (event.stream, &event.change) {
            (Stream::Interaction(id), _) => {
                self.conversations.get_mut(&id).map_or(Applied::Gap, |one| one.apply(event, content))
            }
            (Stream::Agent(user), Change::Agent(change)) => {
                let Some(agent) = self.agent.as_ref().filter(|agent| agent.user == user) else {
                    return Applied::Gap;
                };
                if event.version <= agent.version {
                    return Applied::Known;
                }
                if event.version != agent.version + 1 {
                    self.agent_stale = true;
                    return Applied::Gap;
                }
                self.note_ring(event.at, change, content);
                if let Some(agent) = self.agent.as_mut() {
                    agent.apply(event.at, change);
                }
                Applied::Yes
            }
            // The configuration comes as a whole, never as a stream.
            _ => Applied::Known,
        }
    }

    /// Keeps what a card shows beyond the agent's state: its words, and how it ended.
    fn note_ring(&mut self, at: Timestamp, change: &AgentChange, content: &[Content]) {
        match change {
            AgentChange::Rang(ringing) => {
                let words = content.iter().rev().find_map(|one| match one {
                    Content::Text { text, .. } => Some(text.clone()),
                    Content::Cards { .. } | Content::Name { .. } => None,
                });
                if let Some(words) = words {
                    self.previews.insert(ringing.offer, words);
                }
            }
            AgentChange::RingEnded { offer, state, taken_by, .. } => {
                self.previews.remove(offer);
                let rang = self.agent.iter().flat_map(|agent| &agent.ringing).find(|one| one.offer == *offer);
                let Some(ringing) = rang.cloned() else { return };
                let customer = self.caller(&ringing);
                let surplus = (self.ended.len() + 1).saturating_sub(ENDED_RINGS);
                self.ended.drain(..surplus);
                let taken_by = taken_by.clone();
                self.ended.push(EndedRing { ringing, customer, state: *state, taken_by, at });
            }
            _ => {}
        }
    }

    fn keep_early(&mut self, event: &Event, content: &[Content]) {
        if self.early.len() >= EARLY_STREAMS && !self.early.contains_key(&event.stream) {
            self.early.pop_first();
        }
        let early = self.early.or_insert_with(event.stream, FlatMap::new);
        if early.len() < EARLY_EVENTS {
            early.insert(event.version, (event.clone(), content.to_vec()));
        }
    }

    /// Applies the events that had come too early, as far as they now join on.
    fn catch_up(&mut self, stream: Stream, touched: &mut FlatSet<Part>) {
        let Some(mut early) = self.early.remove(&stream) else { return };
        while let Some((version, (event, content))) = early.pop_first() {
            if self.place(&event, &content) == Applied::Gap {
                early.insert(version, (event, content));
                self.early.insert(stream, early);
                return;
            }
            touched.insert(Part::of(stream));
        }
    }

    fn learn(&mut self, content: &[Content], touched: &mut FlatSet<Part>) {
        for one in content {
            // The words of a history come with its own events.
            let Content::Name { identity, .. } = one else { continue };
            if self.names.get(identity) != Some(one) {
                self.names.insert(*identity, one.clone());
                touched.insert(Part::Agent);
            }
            for (id, conversation) in self.conversations.iter_mut() {
                if conversation.customer.identity == *identity {
                    conversation.learn(content);
                    touched.insert(Part::Conversation(*id));
                }
            }
        }
    }

    /// Takes in a whole start. What is held newer already stays; another epoch or person voids all that was held.
    pub fn load(&mut self, snapshot: DeskSnapshot, touched: &mut FlatSet<Part>) {
        let same = self
            .session
            .as_ref()
            .is_some_and(|session| session.epoch == snapshot.epoch && session.user.id == snapshot.user.id);
        if !same {
            self.forget_all(touched);
        }
        let user = snapshot.user.id;
        self.session = Some(Session {
            user: snapshot.user,
            role: snapshot.role,
            logged_in_at: snapshot.logged_in_at,
            epoch: snapshot.epoch,
        });
        if self.agent.as_ref().is_none_or(|agent| agent.version <= snapshot.agent.version) {
            self.agent = Some(snapshot.agent);
            self.agent_stale = false;
        }
        if self.config.version <= snapshot.config.version {
            self.config = snapshot.config;
        }
        touched.extend([Part::Session, Part::Agent, Part::Config]);
        self.learn(&snapshot.content, touched);
        for one in snapshot.interactions {
            self.adopt(one, None, touched);
        }
        self.catch_up(Stream::Agent(user), touched);
    }

    /// Takes in one interaction in full.
    pub fn adopt(&mut self, snapshot: InteractionSnapshot, viewed: Option<u64>, touched: &mut FlatSet<Part>) {
        let id = snapshot.interaction.id;
        let me = self.session.as_ref().map(|session| session.user.id);
        match self.conversations.get_mut(&id) {
            Some(held) => held.adopt(snapshot),
            None => drop(self.conversations.insert(id, Conversation::new(snapshot, viewed, me))),
        }
        touched.insert(Part::Conversation(id));
        self.catch_up(Stream::Interaction(id), touched);
    }

    /// Takes in an older page of a history.
    pub fn prepend(&mut self, id: InteractionId, page: HistoryPage, touched: &mut FlatSet<Part>) {
        if let Some(conversation) = self.conversations.get_mut(&id) {
            conversation.prepend(page);
            touched.insert(Part::Conversation(id));
        }
    }

    /// Takes in changed rows.
    pub fn rows(&mut self, update: ListUpdate, touched: &mut FlatSet<Part>) {
        match self.lists.rows(update) {
            // A row may bring the name a ringing card waits for.
            Some(List::Waiting) => touched.extend([Part::Waiting, Part::Agent]),
            Some(List::Queues) => drop(touched.insert(Part::Queues)),
            Some(List::Colleagues) => drop(touched.insert(Part::Colleagues)),
            Some(List::Accounts) => drop(touched.insert(Part::Accounts)),
            None => {}
        }
    }

    /// Notes how far a conversation was looked at; it never goes back.
    pub fn view(&mut self, id: InteractionId, seq: u64, touched: &mut FlatSet<Part>) {
        if let Some(conversation) = self.conversations.get_mut(&id)
            && conversation.viewed < seq
        {
            conversation.viewed = seq;
            touched.insert(Part::Conversation(id));
        }
    }

    /// Marks a stream as one that must be fetched anew.
    pub fn mark_stale(&mut self, stream: Stream) {
        match stream {
            Stream::Interaction(id) => {
                if let Some(conversation) = self.conversations.get_mut(&id) {
                    conversation.stale = true;
                }
            }
            Stream::Agent(_) => self.agent_stale = true,
            Stream::Config => {}
        }
    }

    /// Drops a stream this person may not see any more.
    pub fn forget(&mut self, stream: Stream, touched: &mut FlatSet<Part>) {
        self.early.remove(&stream);
        if let Stream::Interaction(id) = stream
            && self.conversations.remove(&id).is_some()
        {
            touched.insert(Part::Conversation(id));
        }
    }

    /// Drops everything.
    pub fn forget_all(&mut self, touched: &mut FlatSet<Part>) {
        touched.extend(self.conversations.keys().map(|id| Part::Conversation(*id)));
        touched.extend([
            Part::Session,
            Part::Agent,
            Part::Config,
            Part::Waiting,
            Part::Queues,
            Part::Colleagues,
        ]);
        *self = Self::default();
    }
}
