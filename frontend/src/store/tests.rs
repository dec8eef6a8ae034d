//! What was told, however it arrives: doubled, early, late, with holes; and who is told of which change; long because every case builds on the same small workspace.

mod earlier;

use super::{Conversation, Held, Link, Part, Store};
use leptos::prelude::*;
use proptest::prelude::*;
use shared::agent::{Agent, AgentChange, Ringing};
use shared::channel::Channel;
use shared::config::{DispositionRef, QueueRef, Role, UserRef};
use shared::event::{Actor, Change, Event, Stream};
use shared::flat::FlatSet;
use shared::id::{
    ActivityId, ConnectorId, DispositionId, IdentityId, InteractionId, MessageId, OfferId, QueueId, UserId,
};
use shared::interaction::{
    Delivery, Direction, InteractionChange, MessageKind, OfferKind, OfferState, WithdrawnBecause,
};
use shared::thread::{Content, Thread};
use shared::time::{Span, Timestamp};
use shared::wire::{
    Customer, DeskConfig, DeskQueue, DeskSnapshot, HistoryPage, InteractionSnapshot, ListUpdate, WaitingRow,
    WaitingState,
};
use shared::world::{Applied, World};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

pub const ME: UserId = UserId::from_u128(3);
pub const CHAT: InteractionId = InteractionId::from_u128(0x10);
pub const WORK: ActivityId = ActivityId::from_u128(0x11);
pub const OFFER: OfferId = OfferId::from_u128(0x12);
pub const CUSTOMER: IdentityId = IdentityId::from_u128(0x13);
pub const NOW: Timestamp = Timestamp(1_790_000_000_000);

pub fn me() -> UserRef {
    UserRef { id: ME, name: "Eva".into() }
}

pub fn queue() -> QueueRef {
    QueueRef { id: QueueId::from_u128(0x20), number: 2001, title: "Support".into() }
}

pub fn solved() -> DispositionRef {
    DispositionRef { id: DispositionId::from_u128(0x30), title: "Solved".into() }
}

/// An event with the words beside it.
pub type Told = (Event, Vec<Content>);

/// A relay as the desk sees one: a log, and snapshots of it.
#[derive(Default)]
pub struct Relay {
    pub world: World,
    pub log: Vec<Told>,
    thread: Thread,
}

impl Relay {
    pub fn on_chat(&mut self, change: InteractionChange, words: Option<&str>) -> Told {
        let message = match &change {
            InteractionChange::CustomerWrote { message, .. }
            | InteractionChange::AgentWrote { message, .. } => Some(*message),
            _ => None,
        };
        let content = message.zip(words).map(|(message, text)| Content::Text { message, text: text.into() });
        self.record(Stream::Interaction(CHAT), Change::Interaction(change), content.into_iter().collect())
    }

    pub fn on_me(&mut self, change: AgentChange, content: Vec<Content>) -> Told {
        self.record(Stream::Agent(ME), Change::Agent(change), content)
    }

    fn record(&mut self, stream: Stream, change: Change, content: Vec<Content>) -> Told {
        let at = NOW.plus(Span::seconds(self.log.len().try_into().unwrap()));
        let event = self.world.record(stream, change, Actor::System, at).unwrap();
        self.thread.apply(&event, &content);
        self.log.push((event.clone(), content.clone()));
        (event, content)
    }

    /// The customer wrote and waits.
    pub fn waiting() -> Self {
        let mut relay = Self::default();
        relay.on_chat(
            InteractionChange::Began {
                channel: Channel::WhatsApp,
                connector: ConnectorId::from_u128(1),
                connector_title: "Shop".into(),
                identity: CUSTOMER,
                direction: Direction::In,
                last_customer_at: None,
                human_agent: false,
            },
            None,
        );
        relay.customer(1, "Where is my parcel?");
        relay.on_chat(
            InteractionChange::Queued { activity: WORK, queue: queue(), max_wait_until: None },
            None,
        );
        relay
    }

    /// The same, accepted by me.
    pub fn open() -> Self {
        let mut relay = Self::waiting();
        relay.accept();
        relay
    }

    pub fn customer(&mut self, n: u128, text: &str) -> Told {
        let (message, kind) = (MessageId::from_u128(n), MessageKind::Text);
        let (attachments, reply_to) = (Vec::new(), None);
        let wrote = InteractionChange::CustomerWrote { message, kind, sent_at: NOW, attachments, reply_to };
        self.on_chat(wrote, Some(text))
    }

    pub fn agent(&mut self, n: u128, text: &str) -> Told {
        let message = MessageId::from_u128(n);
        self.on_chat(
            InteractionChange::AgentWrote { message, activity: WORK, author: me(), seen: 2 },
            Some(text),
        )
    }

    pub fn rings() -> (Ringing, Vec<Content>) {
        let ringing = Ringing {
            offer: OFFER,
            interaction: CHAT,
            activity: WORK,
            kind: OfferKind::Queue,
            channel: Channel::WhatsApp,
            connector: ConnectorId::from_u128(1),
            identity: CUSTOMER,
            queue: queue(),
            queued_at: NOW,
            offered_at: NOW.plus(Span::seconds(5)),
            expires_at: NOW.plus(Span::seconds(25)),
            link: None,
        };
        let name = Content::Name {
            identity: CUSTOMER,
            name: Some("Jana".into()),
            handle: "+420 1".into(),
            avatar: None,
        };
        let words = Content::Text { message: MessageId::from_u128(1), text: "Where is my parcel?".into() };
        (ringing, vec![name, words])
    }

    pub fn accept(&mut self) -> [Told; 2] {
        let accepted = InteractionChange::Accepted {
            activity: WORK,
            offer: None,
            owner: me(),
            waited: Span::seconds(9),
        };
        let took = AgentChange::Took { interaction: CHAT, activity: WORK, queue: queue().id };
        [self.on_chat(accepted, None), self.on_me(took, Vec::new())]
    }

    pub fn snapshot(&self) -> InteractionSnapshot {
        InteractionSnapshot {
            interaction: self.world.interaction(CHAT).unwrap().clone(),
            customer: Customer {
                identity: CUSTOMER,
                name: Some("Jana".into()),
                handle: "+420 1".into(),
                avatar: None,
            },
            entries: self.thread.entries().cloned().collect(),
            earlier: None,
        }
    }

    pub fn desk(&self) -> DeskSnapshot {
        let agent = self.world.agent(ME);
        DeskSnapshot {
            epoch: "first".into(),
            now: NOW,
            user: me(),
            role: Role::Agent,
            logged_in_at: NOW,
            interactions: agent.open.iter().map(|_| self.snapshot()).collect(),
            agent,
            content: Vec::new(),
            config: DeskConfig {
                version: 1,
                queues: vec![DeskQueue {
                    queue: queue(),
                    channel: Channel::WhatsApp,
                    enabled: true,
                    disposition_required: true,
                    dispositions: vec![solved()],
                    status_notes: Vec::new(),
                    links: Vec::new(),
                    manner: shared::config::Manner::default(),
                }],
                ..DeskConfig::default()
            },
            drafts: Vec::new(),
        }
    }
}

pub fn waiting_row(customer: &str) -> WaitingRow {
    WaitingRow {
        activity: WORK,
        interaction: CHAT,
        channel: Channel::WhatsApp,
        customer: customer.into(),
        queue: queue(),
        queued_at: NOW,
        state: WaitingState::Waiting,
        preview: Some("Hello".into()),
    }
}

fn held(relay: &Relay) -> Held {
    let mut held = Held::default();
    held.load(relay.desk(), &mut FlatSet::new());
    held
}

fn apply(held: &mut Held, told: &Told) -> Applied {
    held.apply(&told.0, &told.1, &mut FlatSet::new())
}

fn chat(held: &Held) -> &Conversation {
    held.conversation(CHAT).unwrap()
}

#[test]
fn the_same_event_twice_changes_nothing() {
    let mut relay = Relay::open();
    let mut held = held(&relay);
    let told = relay.customer(2, "Hello?");
    assert_eq!(apply(&mut held, &told), Applied::Yes);
    let before = chat(&held).clone();
    assert_eq!(apply(&mut held, &told), Applied::Known);
    assert_eq!(chat(&held), &before);
    assert_eq!(chat(&held).interaction, relay.snapshot().interaction);
}

#[test]
fn an_early_event_shows_the_hole_and_is_not_lost() {
    let mut relay = Relay::open();
    let mut held = held(&relay);
    let missed = relay.customer(2, "one");
    let snapshot = relay.snapshot();
    let early = relay.customer(3, "two");
    assert_eq!(apply(&mut held, &early), Applied::Gap);
    assert!(chat(&held).stale);
    assert_eq!(held.wanted(), FlatSet::from([CHAT]));
    assert!(
        held.positions().iter().all(|at| at.stream != Stream::Interaction(CHAT)),
        "what has a hole is not resumed"
    );
    // The snapshot was taken before the early event: that one joins on by itself.
    held.adopt(snapshot, None, &mut FlatSet::new());
    assert!(!chat(&held).stale);
    assert_eq!(chat(&held).interaction.version, early.0.version);
    assert_eq!(chat(&held).thread.len(), relay.snapshot().entries.len());
    assert_eq!(apply(&mut held, &missed), Applied::Known);
}

#[test]
fn an_old_snapshot_takes_nothing_back() {
    let mut relay = Relay::open();
    let (old_chat, old_desk) = (relay.snapshot(), relay.desk());
    let mut held = held(&relay);
    let told = relay.customer(2, "Hello?");
    apply(&mut held, &told);
    let release = relay.on_me(
        AgentChange::Released { interaction: CHAT, activity: WORK, queue: queue().id, lost: None },
        Vec::new(),
    );
    apply(&mut held, &release);
    held.adopt(old_chat, None, &mut FlatSet::new());
    held.load(old_desk, &mut FlatSet::new());
    assert_eq!(chat(&held).interaction.version, told.0.version);
    assert!(!held.is_open(CHAT));
}

#[test]
fn another_epoch_or_person_voids_all() {
    let relay = Relay::open();
    let mut held = held(&relay);
    let other = DeskSnapshot {
        epoch: "second".into(),
        agent: Agent::new(ME),
        interactions: Vec::new(),
        ..relay.desk()
    };
    held.load(other, &mut FlatSet::new());
    assert!(held.conversation(CHAT).is_none());
    assert!(held.agent().is_some_and(|agent| agent.open.is_empty()));
}

#[test]
fn unread_counts_the_customers_words_after_the_last_look() {
    let mut relay = Relay::open();
    let mut held = held(&relay);
    assert_eq!(chat(&held).unread(), 1);
    held.view(CHAT, chat(&held).interaction.seq, &mut FlatSet::new());
    assert_eq!(chat(&held).unread(), 0);
    for told in [relay.agent(2, "Moment."), relay.customer(3, "Thanks"), relay.customer(4, "!")] {
        apply(&mut held, &told);
    }
    assert_eq!(chat(&held).unread(), 2, "my own words are none");
    held.view(CHAT, 1, &mut FlatSet::new());
    assert_eq!(chat(&held).unread(), 2, "a look does not go back");
    // A device that never looked: what I answered, I had read.
    let fresh = Conversation::new(relay.snapshot(), None, Some(ME));
    assert_eq!(fresh.unread(), 2);
}

#[test]
fn older_lines_join_and_a_snapshot_after_a_long_absence_does_not_leave_a_hole() {
    let mut relay = Relay::open();
    for n in 2..10 {
        relay.customer(n, "more");
    }
    let page = |snapshot: InteractionSnapshot, keep: usize| {
        let skip = snapshot.entries.len() - keep;
        InteractionSnapshot { entries: snapshot.entries.into_iter().skip(skip).collect(), ..snapshot }
    };
    let mut one = Conversation::new(page(relay.snapshot(), 4), None, None);
    assert!(one.has_older);
    let before = one.thread.first().unwrap();
    let older = relay.snapshot().entries.into_iter().filter(|entry| entry.seq < before).collect();
    one.prepend(HistoryPage { entries: older, before: None });
    assert!(!one.has_older);
    assert_eq!(one.thread.first(), Some(1));
    for n in 10..30 {
        relay.customer(n, "much later");
    }
    one.adopt(page(relay.snapshot(), 4));
    let seqs: Vec<u64> = one.thread.entries().map(|entry| entry.seq).collect();
    assert_eq!(seqs.len(), 4);
    assert!(one.has_older, "the lines between are fetched when asked for");
}

#[test]
fn a_missed_receipt_comes_with_the_snapshot() {
    let mut relay = Relay::open();
    relay.agent(2, "Moment.");
    let mut one = Conversation::new(relay.snapshot(), None, None);
    let message = MessageId::from_u128(2);
    let seen = InteractionChange::DeliveryChanged {
        message,
        delivery: Delivery::Seen,
        external_id: None,
        pricing: None,
    };
    relay.on_chat(seen, None);
    one.adopt(relay.snapshot());
    assert_eq!(one.thread.entries().cloned().collect::<Vec<_>>(), relay.snapshot().entries);
}

#[test]
fn a_card_finds_its_name_wherever_it_comes_from() {
    let mut relay = Relay::waiting();
    let mut held = held(&relay);
    let (ringing, content) = Relay::rings();
    let told = relay.on_me(AgentChange::Rang(ringing.clone()), Vec::new());
    apply(&mut held, &told);
    assert_eq!(held.caller(&ringing), None, "on its way");
    held.rows(
        ListUpdate::Waiting { reset: true, upsert: vec![waiting_row("+420 1")], remove: Vec::new() },
        &mut FlatSet::new(),
    );
    assert_eq!(held.caller(&ringing).as_deref(), Some("+420 1"));
    held.rows(
        ListUpdate::Waiting { reset: true, upsert: Vec::new(), remove: Vec::new() },
        &mut FlatSet::new(),
    );
    apply(&mut held, &(told.0, content.clone()));
    assert_eq!(held.caller(&ringing).as_deref(), Some("Jana"), "words come in even beside a known event");
    let state = OfferState::Withdrawn { because: WithdrawnBecause::Taken };
    let ended = AgentChange::RingEnded { offer: OFFER, interaction: CHAT, state, taken_by: Some(me()) };
    let told = relay.on_me(ended, Vec::new());
    apply(&mut held, &told);
    let last = held.ended().last().unwrap();
    assert_eq!((last.customer.as_deref(), last.state), (Some("Jana"), state));
}

#[test]
fn a_tab_without_its_conversation_is_wanted() {
    let mut relay = Relay::waiting();
    let mut held = held(&relay);
    let [accepted, took] = relay.accept();
    assert_eq!(apply(&mut held, &accepted), Applied::Gap);
    assert_eq!(apply(&mut held, &took), Applied::Yes);
    assert_eq!(held.wanted(), FlatSet::from([CHAT]));
    held.adopt(relay.snapshot(), None, &mut FlatSet::new());
    assert!(held.wanted().is_empty());
}

#[test]
fn conversations_that_rest_are_let_go_of_beyond_a_handful_and_open_ones_never() {
    let relay = Relay::open();
    let mut held = held(&relay);
    for n in 0..20_u128 {
        let mut other = relay.snapshot();
        other.interaction.id = InteractionId::from_u128(0x100 + n);
        held.adopt(other, None, &mut FlatSet::new());
    }
    let gone = held.thin_out(&mut FlatSet::new());
    assert_eq!(gone.len(), 8);
    assert!(held.conversation(CHAT).is_some());
    assert_eq!(held.conversations().count(), 13);
}

#[test]
fn only_what_shows_a_change_is_told_of_it() {
    let owner = Owner::new();
    owner.with(|| {
        let relay = Relay::open();
        let store: &'static Store = Box::leak(Box::default());
        store.load(relay.desk());
        let (waiting, agent) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let count = |part: Part, runs: Arc<AtomicUsize>| {
            ArcMemo::new(move |_: Option<&usize>| {
                store.track(part);
                runs.fetch_add(1, Ordering::Relaxed)
            })
        };
        let (rows, me) = (count(Part::Queues, Arc::clone(&waiting)), count(Part::Agent, Arc::clone(&agent)));
        let look = || (rows.get_untracked(), me.get_untracked());
        look();
        store.rows(ListUpdate::Queues { reset: true, upsert: Vec::new(), remove: Vec::new() });
        look();
        assert_eq!((waiting.load(Ordering::Relaxed), agent.load(Ordering::Relaxed)), (2, 1));
        assert_eq!(store.link.get_untracked(), Link::Starting);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Events of both streams, shuffled, doubled and with holes, with a fetch whenever something is missing: in the end
    /// the desk holds what the relay holds.
    #[test]
    fn whatever_arrives_the_desk_ends_with_what_the_relay_holds(
        lines in prop::collection::vec(0u8..4, 0..25),
        fates in prop::collection::vec(0u8..6, 60),
    ) {
        let mut relay = Relay::open();
        let mut held = held(&relay);
        let start = relay.log.len();
        for (n, line) in (100u128..).zip(&lines) {
            match line {
                0 => drop(relay.customer(n, "in")),
                1 => drop(relay.agent(n, "out")),
                2 => drop(relay.on_chat(InteractionChange::DispositionChosen {
                    activity: WORK, disposition: Some(solved()), also: Vec::new(), by: me(),
                }, None)),
                _ => drop(relay.on_me(AgentChange::LeftQueue { queue: queue().id }, Vec::new())),
            }
        }
        let mut late = Vec::new();
        for (told, fate) in relay.log.iter().skip(start).zip(fates.iter().cycle()) {
            match fate {
                0 => {}
                1 => late.push(told.clone()),
                2 => { apply(&mut held, told); apply(&mut held, told); }
                _ => { apply(&mut held, told); }
            }
            if held.agent_is_stale() || !held.wanted().is_empty() {
                for told in late.drain(..) { apply(&mut held, &told); }
            }
        }
        for told in late { apply(&mut held, &told); }
        // What a reconnect does.
        held.load(relay.desk(), &mut FlatSet::new());
        held.adopt(relay.snapshot(), None, &mut FlatSet::new());
        prop_assert!(held.wanted().is_empty());
        prop_assert_eq!(held.agent(), Some(&relay.world.agent(ME)));
        let fresh = relay.snapshot();
        prop_assert_eq!(&chat(&held).interaction, &fresh.interaction);
        let entries: Vec<_> = chat(&held).thread.entries().cloned().collect();
        prop_assert_eq!(entries, fresh.entries);
    }
}
