//! The readings and intents of a desk without a browser: what a widget would see, click by click; long because every reading and intent has its case here.

use super::{Asked, Availability, Desk, Line, LineBody, LineKey, Lines, Over, Progress, Standing};
use crate::outbox::{Outbox, Wish};
use crate::store::tests::{CHAT, ME, NOW, OFFER, Relay, Told, WORK, queue, solved, waiting_row};
use crate::store::{Link, Store};
use leptos::prelude::*;
use shared::agent::{AgentChange, ResumeCause};
use shared::command::Command;
use shared::config::UserRef;
use shared::event::Stream;
use shared::id::{InteractionId, MessageId, UserId};
use shared::interaction::{Delivery, InteractionChange, OfferState, WithdrawnBecause};
use shared::refusal::Refusal;
use shared::time::Span;
use shared::wire::{InteractionSnapshot, ListUpdate, Outcome, Position};
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

struct Page {
    desk: Desk,
    store: &'static Store,
    outbox: &'static Outbox,
    relay: Relay,
    _owner: Owner,
}

fn fresh() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(0x1000);
    Uuid::from_u128(NEXT.fetch_add(1, Ordering::Relaxed).into())
}

fn page(relay: Relay) -> Page {
    let owner = Owner::new();
    owner.set();
    let store: &'static Store = Box::leak(Box::default());
    let outbox: &'static Outbox = Box::leak(Box::default());
    store.load(relay.desk());
    store.now.set(NOW.plus(Span::seconds(30)));
    store.link.set(Link::Live);
    Page { desk: Desk::new(store, outbox, fresh), store, outbox, relay, _owner: owner }
}

impl Page {
    fn told(&self, told: &Told) {
        self.store.apply(&told.0, &told.1);
    }

    /// The newest command, sent and answered.
    fn answer(&self, outcome: &Outcome) -> Command {
        let last = self.outbox.peek(|pile| pile.rows().next_back().cloned()).unwrap();
        self.outbox.change(|pile| {
            pile.saved(last.id);
            pile.sent(last.id);
            pile.answered(last.id, outcome);
        });
        last.command
    }

    fn commands(&self) -> Vec<Command> {
        self.outbox.peek(|pile| pile.rows().map(|one| one.command.clone()).collect())
    }
}

#[test]
fn a_card_rings_is_asked_for_and_becomes_a_tab() {
    let mut page = page(Relay::waiting());
    let (cards, tabs) = (page.desk.offers(), page.desk.tabs());
    assert!(cards.get_untracked().is_empty());
    let (ringing, content) = Relay::rings();
    let told = page.relay.on_me(AgentChange::Rang(ringing), content);
    page.told(&told);
    let card = cards.get_untracked().remove(0);
    assert_eq!((card.customer.as_deref(), card.asked), (Some("Jana"), None));
    assert_eq!(card.preview.as_deref(), Some("Where is my parcel?"));
    let at = NOW.plus(Span::seconds(15));
    assert_eq!(
        (card.rung(at), card.waited(at), card.left(at)),
        (Span::seconds(10), Span::seconds(15), Span::seconds(10))
    );
    assert!(
        card.sounds(at) && !card.sounds(NOW.plus(Span::seconds(24))),
        "below two seconds it stays silent"
    );
    page.desk.accept(&card);
    page.desk.accept(&card);
    page.desk.reject(&card, None);
    assert_eq!(page.commands().len(), 1, "a second click is not a second wish");
    assert_eq!(cards.get_untracked().first().and_then(|card| card.asked), Some(Asked::Accept));
    assert!(tabs.get_untracked().is_empty(), "nothing moves before the relay says so");
    let state = OfferState::Accepted;
    let ended = AgentChange::RingEnded { offer: OFFER, interaction: CHAT, state, taken_by: None };
    let told = page.relay.on_me(ended, Vec::new());
    page.told(&told);
    for told in page.relay.accept() {
        page.told(&told);
    }
    assert!(cards.get_untracked().is_empty());
    assert_eq!(tabs.get_untracked().first().map(|tab| tab.channel), Some(None), "on its way");
    page.store.adopt(page.relay.snapshot(), None);
    let tab = tabs.get_untracked().remove(0);
    assert_eq!((tab.customer.as_str(), tab.unread, tab.flashes()), ("Jana", 1, true));
    page.desk.viewed(CHAT);
    assert!(!tabs.get_untracked().remove(0).flashes());
}

#[test]
fn a_card_says_for_three_seconds_who_was_faster() {
    let mut page = page(Relay::waiting());
    let cards = page.desk.offers();
    let (ringing, content) = Relay::rings();
    let told = page.relay.on_me(AgentChange::Rang(ringing), content);
    page.told(&told);
    let petr = UserRef { id: UserId::from_u128(4), name: "Petr".into() };
    let state = OfferState::Withdrawn { because: WithdrawnBecause::Taken };
    let ended =
        AgentChange::RingEnded { offer: OFFER, interaction: CHAT, state, taken_by: Some(petr.clone()) };
    let told = page.relay.on_me(ended, Vec::new());
    page.store.now.set(told.0.at.plus(Span(2_900)));
    page.told(&told);
    let over = cards.get_untracked().remove(0).over;
    assert_eq!(over, Some(Over::Taken(Some(petr))));
    assert_eq!(over.unwrap().sentence(), "Petr answered first.");
    page.store.now.set(told.0.at.plus(Span(3_000)));
    assert!(cards.get_untracked().is_empty());
}

#[test]
fn a_waiting_row_may_be_taken_with_rights_only() {
    let page = page(Relay::waiting());
    let may = page.desk.may_accept(WORK);
    assert_eq!(may.get_untracked(), Err(Refusal::CustomerGone));
    let rows =
        |row| page.store.rows(ListUpdate::Waiting { reset: true, upsert: vec![row], remove: Vec::new() });
    rows(waiting_row("Jana"));
    assert_eq!(may.get_untracked(), Ok(()));
    let mut foreign = waiting_row("Jana");
    foreign.queue.id = shared::id::QueueId::from_u128(0x99);
    rows(foreign);
    assert_eq!(may.get_untracked(), Err(Refusal::NoRights));
    rows(waiting_row("Jana"));
    let item = page.desk.waiting().get_untracked().remove(0);
    page.desk.accept_waiting(&item.row);
    assert!(page.desk.waiting().get_untracked().remove(0).asked);
    assert!(may.get_untracked().is_err());
    assert_eq!(page.desk.waiting_count().get_untracked(), 1);
}

#[test]
fn a_message_is_drawn_at_once_and_keeps_its_key_to_the_end() {
    let mut page = page(Relay::open());
    let lines = || lines(&page.desk);
    let before = lines().len();
    page.desk.set_draft(CHAT, "Moment, please.".into());
    assert_eq!(page.desk.may_send(CHAT).get_untracked(), Ok(()));
    page.desk.send_draft(CHAT).unwrap();
    assert_eq!(page.desk.draft(CHAT).get_untracked(), "");
    let progress = || match lines().last().map(|line| (line.key, line.body.clone())) {
        Some((key, LineBody::Message(said))) => (key, said.progress),
        _ => panic!("the last line is the message"),
    };
    let (key, state) = progress();
    assert_eq!(state, Some(Progress::Sending));
    page.store.link.set(Link::Offline);
    assert_eq!(progress().1, Some(Progress::WaitsForConnection));
    let connection = page.desk.connection().get_untracked();
    assert_eq!(connection.sentence().as_deref(), Some("No network. 1 message waits to be sent."));
    page.store.link.set(Link::Live);
    let LineKey::Message(MessageId(id)) = key else { panic!("a message") };
    let moved = vec![Position { stream: Stream::Interaction(CHAT), version: 99 }];
    page.answer(&Outcome::Done { moved });
    assert_eq!(progress(), (key, Some(Progress::Delivery(Delivery::Queued))));
    let told = page.relay.agent(id.as_u128(), "Moment, please.");
    page.told(&told);
    assert_eq!(lines().len(), before + 1, "never twice");
    let seen = InteractionChange::DeliveryChanged {
        message: MessageId(id),
        delivery: Delivery::Seen,
        external_id: None,
        pricing: None,
    };
    let told = page.relay.on_chat(seen, None);
    page.told(&told);
    assert_eq!(progress(), (key, Some(Progress::Delivery(Delivery::Seen))));
}

#[test]
fn refused_words_come_back_before_what_is_being_written() {
    let page = page(Relay::open());
    page.desk.send(CHAT, "first").unwrap();
    page.answer(&Outcome::Refused { refusal: Refusal::NotSaved });
    let line = lines(&page.desk).last().cloned().unwrap();
    let LineBody::Message(said) = line.body else { panic!("a message") };
    assert_eq!(said.progress, Some(Progress::Refused(Refusal::NotSaved)));
    page.desk.set_draft(CHAT, "second".into());
    page.desk.restore(said.message.id);
    assert_eq!(page.desk.draft(CHAT).get_untracked(), "first\nsecond");
    assert!(page.commands().is_empty());
}

#[test]
fn what_may_not_be_sent_is_refused_with_the_relays_own_words() {
    let page = page(Relay::open());
    let may = page.desk.may_send(CHAT);
    assert_eq!(may.get_untracked(), Err(Refusal::Empty));
    assert_eq!(page.desk.send(CHAT, " \u{200B}\n"), Err(Refusal::Empty));
    page.desk.set_draft(CHAT, "x".repeat(5_000));
    assert!(matches!(may.get_untracked(), Err(Refusal::TooLong { .. })));
    page.store.now.set(NOW.plus(Span::hours(25)));
    assert!(matches!(
        page.desk.may_write(CHAT).get_untracked(),
        Err(Refusal::WindowClosed { since: Some(_) })
    ));
    assert!(page.desk.send(CHAT, "late").is_err());
    assert!(page.commands().is_empty());
}

#[test]
fn closing_asks_for_a_status_and_for_what_was_not_seen() {
    let mut page = page(Relay::open());
    let may = page.desk.may_close(CHAT);
    assert_eq!(may.get_untracked(), Err(Refusal::DispositionRequired));
    let told = page.relay.on_chat(
        InteractionChange::DispositionChosen {
            activity: WORK,
            disposition: Some(solved()),
            also: Vec::new(),
            by: UserRef { id: ME, name: "Eva".into() },
        },
        None,
    );
    page.told(&told);
    assert_eq!(may.get_untracked(), Err(Refusal::NewMessage { seq: 2 }));
    page.desk.viewed(CHAT);
    assert_eq!(may.get_untracked(), Ok(()));
    let told = page.relay.customer(7, "One more thing");
    page.told(&told);
    assert!(matches!(page.desk.close(CHAT), Err(Refusal::NewMessage { .. })));
    page.desk.close_anyway(CHAT).unwrap();
    page.desk.close_anyway(CHAT).unwrap();
    let seq = told.0.seq.unwrap();
    assert_eq!(page.commands(), [Command::Close { interaction: CHAT, activity: WORK, seen: seq }]);
    assert!(page.desk.asked(CHAT, Asked::Close).get_untracked());
    assert!(page.desk.tabs().get_untracked().remove(0).closing);
}

#[test]
fn a_status_chosen_and_not_told_back_yet_is_enough_to_close() {
    let page = page(Relay::open());
    page.desk.viewed(CHAT);
    page.desk.choose_status(CHAT, solved().id);
    assert_eq!(page.desk.may_close(CHAT).get_untracked(), Ok(()));
    page.desk.choose_statuses(CHAT, &[]);
    assert_eq!(page.desk.may_close(CHAT).get_untracked(), Err(Refusal::DispositionRequired));
    page.desk.choose_status(CHAT, solved().id);
    page.desk.close(CHAT).unwrap();
    let wishes = page.commands();
    assert!(matches!(wishes.last(), Some(Command::Close { .. })), "closed after the choice: {wishes:?}");
}

#[test]
fn the_facts_of_a_chat_are_what_its_header_shows() {
    let page = page(Relay::open());
    let chat = page.desk.chat(CHAT).get_untracked().unwrap();
    assert_eq!((chat.customer.as_str(), chat.handle.as_str(), chat.open), ("Jana", "+420 1", true));
    assert_eq!((chat.queue, chat.statuses, chat.status_required), (Some(queue()), vec![solved()], true));
    let until = page.desk.window(CHAT).get_untracked().unwrap();
    assert!(until.is_open());
}

/// All lines of the chat, block by block.
fn lines(desk: &Desk) -> Vec<Line> {
    let blocks = desk.blocks(CHAT).get_untracked();
    blocks.into_iter().flat_map(|block| desk.lines(CHAT, block).own).collect()
}

#[test]
fn every_line_stands_in_one_block_and_knows_its_neighbours() {
    let mut relay = Relay::open();
    for n in 1_000..1_200 {
        relay.customer(n, "more");
    }
    let seqs: Vec<u64> = relay.snapshot().entries.iter().map(|entry| entry.seq).collect();
    let page = page(relay);
    page.desk.send(CHAT, "on its way").unwrap();
    assert_eq!(lines(&page.desk).len(), seqs.len() + 1);
    let blocks = page.desk.blocks(CHAT).get_untracked();
    assert_eq!(blocks, [0, 1, 2, 3]);
    let all: Vec<_> = blocks.iter().map(|block| page.desk.lines(CHAT, *block)).collect();
    for pair in all.windows(2) {
        assert_eq!(pair[0].below.as_ref(), pair[1].own.first());
        assert_eq!(pair[1].above.as_ref(), pair[0].own.last());
    }
    assert!(all[0].above.is_none() && all[3].below.is_none());
    let before = page.desk.chat(CHAT).get_untracked().unwrap().newest - 10;
    assert_eq!(page.desk.came_after(CHAT, before), 10);
}

#[test]
fn older_lines_are_asked_for_once() {
    let mut relay = Relay::open();
    for n in 10..20 {
        relay.customer(n, "more");
    }
    let page = page(Relay::waiting());
    let mut snapshot = relay.snapshot();
    snapshot.entries.drain(..5);
    page.store.adopt(snapshot, None);
    page.desk.load_older(CHAT);
    page.desk.load_older(CHAT);
    let mut older = 0;
    while let Some(wish) = page.outbox.wishes.take() {
        older += usize::from(wish == Wish::Older(CHAT));
    }
    assert_eq!(older, 1);
    assert!(page.desk.loading_older(CHAT).get_untracked());
}

#[test]
fn an_earlier_chat_stands_above_and_is_only_read() {
    let mut relay = Relay::open();
    relay.agent(2, "Where do you live?");
    let message = MessageId::from_u128(2);
    let lost = InteractionChange::DeliveryChanged {
        message,
        delivery: Delivery::Unknown,
        external_id: None,
        pricing: None,
    };
    relay.on_chat(lost, None);
    let page = page(Relay::open());
    let (chats, more) = (page.desk.chats(CHAT), page.desk.has_older(CHAT));
    assert_eq!((chats.get_untracked(), more.get_untracked()), (vec![CHAT], false));
    page.desk.load_older(CHAT);
    assert!(!page.desk.loading_older(CHAT).get_untracked(), "there is nothing to load");
    let old = InteractionId::from_u128(0xF);
    page.store.adopt(InteractionSnapshot { earlier: Some(old), ..page.relay.snapshot() }, None);
    assert!(more.get_untracked());
    page.desk.load_older(CHAT);
    assert!(page.desk.loading_older(CHAT).get_untracked());
    let mut earlier = relay.snapshot();
    earlier.interaction.id = old;
    assert!(page.store.unroll(CHAT, earlier));
    assert_eq!((chats.get_untracked(), more.get_untracked()), (vec![old, CHAT], false));
    let told = page.desk.earlier(old).get_untracked().unwrap();
    assert_eq!((told.queue, told.missed, told.status), (queue(), None, None));
    let unsettled = |lines: Lines| {
        let said = |line: &Line| match &line.body {
            LineBody::Message(said) => said.unsettled.map(|chat| (chat, said.open)),
            LineBody::Event(_) => None,
        };
        lines.own.iter().find_map(said)
    };
    assert_eq!(unsettled(page.desk.lines(old, 0)), Some((old, true)));
    assert_eq!(unsettled(page.desk.lines(old, 0).to_read()), None);
}

#[test]
fn what_never_left_is_no_part_of_an_earlier_chat() {
    let page = page(Relay::open());
    page.desk.send(CHAT, "Moment").unwrap();
    let lines = page.desk.lines(CHAT, 0);
    assert_eq!(lines.clone().to_read().own.len() + 1, lines.own.len());
}

#[test]
fn ready_counts_from_the_login_or_from_a_later_pause() {
    let mut page = page(Relay::open());
    page.store.link.set(Link::Live);
    let availability = page.desk.availability();
    assert_eq!(availability.get_untracked(), Availability::Ready { since: NOW });
    let told = page.relay.on_me(AgentChange::Resumed { cause: ResumeCause::Chosen }, Vec::new());
    page.told(&told);
    assert_eq!(availability.get_untracked(), Availability::Ready { since: told.0.at });
    assert!(told.0.at > NOW);
    page.store.link.set(Link::Starting);
    assert_eq!(availability.get_untracked(), Availability::NotConnected);
}

#[test]
fn the_countdown_is_the_relays() {
    let page = page(Relay::open());
    page.store.link.set(Link::Retrying(NOW.plus(Span::seconds(33))));
    let connection = page.desk.connection();
    assert_eq!(connection.get_untracked().standing, Standing::Retrying(3));
    page.store.now.set(NOW.plus(Span(32_001)));
    assert_eq!(connection.get_untracked().sentence().as_deref(), Some("Reconnecting in 1 s."));
    page.store.now.set(NOW.plus(Span::seconds(40)));
    assert_eq!(connection.get_untracked().standing, Standing::Retrying(0));
}

#[test]
fn a_password_is_asked_for_once_and_handed_on() {
    let page = page(Relay::open());
    page.desk.log_in("eva", "secret");
    page.desk.log_in("eva", "secret");
    assert!(page.outbox.wishes.take().is_some());
    assert!(page.outbox.wishes.take().is_none());
}
