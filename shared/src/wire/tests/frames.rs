//! Samples of the socket's frames, of list rows and of snapshots.

use super::changes::{event, file, here, ringing};
use super::{CHAT, LATER, MESSAGE, NOON, OFFER, WORK, eva, every, golden, inactive, line, notice, solved};
use crate::agent::{Agent, Held, PauseCause, Paused};
use crate::card::{Card, CardKind, FileName, Row};
use crate::channel::Channel;
use crate::command::Command;
use crate::config::{Colour, Manner, Role, Workspace};
use crate::event::{Actor, Stream};
use crate::fixture::{EVA, INACTIVE, SOLVED, Stage, customer, queue};
use crate::id::{AttachmentId, CommandId};
use crate::interaction::{Direction, InteractionChange, MessageKind, Pricing, ReplyTo};
use crate::refusal::Refusal;
use crate::thread::{Body, Content, Entry, Message, Reaction};
use crate::time::Span;
use crate::wire::{
    AccountTrouble, AccountWrong, Bye, ColleagueRow, Customer, DeskConfig, DeskFrame, DeskQueue,
    DeskSnapshot, Draft, InteractionSnapshot, ListUpdate, Outcome, PROTOCOL, Position, Presence, QueueRow,
    RelayFrame, Resume, Resumed, StatusNote, WaitingRow, WaitingState,
};

const CHANNEL: Channel = Channel::WhatsApp;
const ID: CommandId = CommandId::from_u128(0xA5);

fn waiting() -> ListUpdate {
    let row = WaitingRow {
        activity: WORK,
        interaction: CHAT,
        channel: CHANNEL,
        customer: "<b>Jana</b> & שרה".into(),
        queue: line(),
        queued_at: NOON,
        state: WaitingState::Ringing { at: eva() },
        preview: Some("Good day".into()),
    };
    ListUpdate::Waiting { reset: true, upsert: vec![row], remove: vec![WORK] }
}

fn names() -> Vec<FileName> {
    vec![FileName { attachment: file(here()).id, name: "receipt.jpg".into() }]
}

/// One card of every kind, each field filled once.
fn cards() -> Vec<Card> {
    use CardKind as K;
    let kinds = [
        K::Location,
        K::Contact,
        K::Order,
        K::Share,
        K::StoryReply,
        K::StoryMention,
        K::Ad,
        K::Form,
        K::Appointment,
        K::Forwarded,
        K::Unsupported,
        K::Unknown,
    ];
    let mut cards: Vec<Card> = kinds.into_iter().map(Card::new).collect();
    let row = Row { label: "start".into(), value: "10:00".into(), at: Some(NOON) };
    let (title, text, url) = ("Shop".into(), "Main street 1".into(), "https://example.com".into());
    cards[0] =
        Card { title: Some(title), text: Some(text), url: Some(url), rows: vec![row], kind: K::Location };
    cards
}

fn content() -> Vec<Content> {
    let name = Content::Name {
        identity: customer(CHANNEL, 0),
        name: Some("Jana".into()),
        handle: "+420 1".into(),
        avatar: Some(AttachmentId::from_u128(0xFACE)),
    };
    let cards = Content::Cards { message: MESSAGE, cards: cards(), names: names() };
    vec![Content::Text { message: MESSAGE, text: "Good day".into() }, cards, name]
}

fn body() -> Body {
    Body::Message(Message {
        text: Some("Good day".into()),
        sent_at: Some(NOON),
        attachments: vec![file(here())],
        names: names(),
        cards: cards(),
        reply_to: Some(ReplyTo::Elsewhere),
        reactions: vec![Reaction { by: Direction::Out, emoji: "❤️".into() }],
        edited_at: Some(NOON),
        unsent_at: Some(NOON),
        pricing: Some(Pricing { billable: false, category: "utility".into() }),
        ..Message::new(MESSAGE, Direction::In, MessageKind::Image)
    })
}

#[test]
fn desk_frames_have_a_stored_form() {
    let position = Position { stream: Stream::Interaction(CHAT), version: 12 };
    every(&[
        DeskFrame::Hello { protocol: PROTOCOL, epoch: Some("e1".into()), resume: vec![position] },
        DeskFrame::Command {
            id: ID,
            command: Command::Reject { interaction: CHAT, offer: OFFER, reason: None },
        },
        DeskFrame::Watch { interaction: CHAT, version: 12 },
        DeskFrame::Unwatch { interaction: CHAT },
        DeskFrame::Attention,
        DeskFrame::Draft { interaction: CHAT, text: "Dear Jana".into() },
        DeskFrame::Ping,
        DeskFrame::Unknown,
    ]);
}

#[test]
fn relay_frames_have_a_stored_form() {
    let resumed = |how| Resumed { stream: Stream::Agent(EVA), how };
    let streams = [Resume::Resumed, Resume::Anew, Resume::Forget].map(resumed).into();
    every(&[
        RelayFrame::Welcome { protocol: PROTOCOL, epoch: "e1".into(), now: NOON, user: eva(), streams },
        RelayFrame::Event { event: Box::new(event()), content: content() },
        RelayFrame::List { update: waiting() },
        RelayFrame::Answer {
            id: ID,
            outcome: Outcome::Refused { refusal: Refusal::Taken { by: Some(eva()) } },
        },
        RelayFrame::Reveal { stream: Stream::Config },
        RelayFrame::Forget { stream: Stream::Interaction(CHAT) },
        RelayFrame::ConfigChanged { version: 20 },
        RelayFrame::Sounds { here: true },
        RelayFrame::Draft { interaction: CHAT, text: "Dear Jana".into(), at: NOON },
        RelayFrame::Pong { now: NOON },
        RelayFrame::Bye { reason: Bye::TooSlow, retry_after: Some(Span::seconds(2)) },
        RelayFrame::Unknown,
    ]);
}

#[test]
fn answers_and_byes_have_a_stored_form() {
    let moved = vec![Position { stream: Stream::Agent(EVA), version: 3 }];
    every(&[Outcome::Done { moved }, Outcome::Refused { refusal: Refusal::Ended }, Outcome::Unknown]);
    every(&[Bye::LoggedOut, Bye::Protocol, Bye::TooSlow, Bye::Restarting, Bye::Malformed, Bye::Unknown]);
    every(&[Resume::Resumed, Resume::Anew, Resume::Forget]);
}

#[test]
fn lists_have_a_stored_form() {
    let queue_row = QueueRow { queue: line(), channel: CHANNEL, waiting: 2, oldest: Some(NOON), ready: 1 };
    let colleague = ColleagueRow { user: eva(), presence: Presence::Ready, open: 3 };
    every(&[
        waiting(),
        ListUpdate::Queues { reset: false, upsert: vec![queue_row], remove: vec![queue(CHANNEL)] },
        ListUpdate::Colleagues { reset: false, upsert: vec![colleague], remove: vec![EVA] },
        ListUpdate::Accounts {
            troubles: vec![AccountTrouble { title: "Shop".into(), wrong: AccountWrong::Waiting }],
            sentences: vec!["Shop cannot send.".into()],
        },
        ListUpdate::Unknown,
    ]);
    every(&[
        AccountWrong::Ending,
        AccountWrong::Limit,
        AccountWrong::Quality,
        AccountWrong::Refused,
        AccountWrong::Rights,
        AccountWrong::Silent,
        AccountWrong::Token,
        AccountWrong::Unsubscribed,
        AccountWrong::Waiting,
        AccountWrong::Unknown,
    ]);
    every(&[WaitingState::Waiting, WaitingState::Ringing { at: eva() }]);
    every(&[Presence::Ready, Presence::Paused { title: "Lunch".into(), since: NOON }, Presence::Away]);
}

#[test]
fn history_has_a_stored_form() {
    every(&[body(), Body::Event { change: InteractionChange::CustomerLeft }]);
    every(&content());
    golden("Entry", &Entry { seq: 2, at: NOON, actor: Actor::Customer, body: body() });
}

#[test]
fn snapshots_have_a_stored_form() {
    let mut stage = Stage::new();
    let (interaction, _) = stage.writes(CHANNEL, 0);
    let customer =
        Customer { identity: customer(CHANNEL, 0), name: None, handle: "+420 1".into(), avatar: None };
    let entries = vec![Entry { seq: 2, at: NOON, actor: Actor::Customer, body: body() }];
    let interaction = stage.interaction(interaction).clone();
    let whole = InteractionSnapshot { interaction, customer, entries, earlier: Some(CHAT) };
    golden("InteractionSnapshot", &whole);
    let line = DeskQueue {
        queue: line(),
        channel: CHANNEL,
        enabled: true,
        disposition_required: true,
        dispositions: vec![solved()],
        status_notes: vec![StatusNote {
            id: SOLVED,
            description: "Nothing is left to do.".into(),
            colour: Colour::Green,
            path: vec!["Done".into()],
        }],
        links: crate::fixture::line(CHANNEL).links,
        manner: Manner::default(),
    };
    let queue = queue(CHANNEL);
    let agent = Agent {
        version: 4,
        logged_out: [queue].into(),
        last_worked: [(queue, NOON)].into(),
        resumed_at: Some(NOON),
        pause: Some(Paused {
            pause: inactive(),
            since: LATER,
            cause: PauseCause::Chosen,
            until: Some(LATER),
        }),
        ringing: vec![ringing()],
        open: vec![Held { interaction: CHAT, activity: WORK, queue, since: NOON }],
        ..Agent::new(EVA)
    };
    let config = DeskConfig {
        version: 20,
        queues: vec![line],
        pauses: vec![inactive()],
        longest: [(INACTIVE, Span::minutes(30))].into(),
        notices: vec![notice()],
        workspace: Workspace::default(),
    };
    let (epoch, role) = ("e1".into(), Role::Agent);
    let interactions = vec![whole];
    let desk = DeskSnapshot {
        epoch,
        now: NOON,
        user: eva(),
        role,
        logged_in_at: NOON,
        agent,
        content: content(),
        config,
        interactions,
        drafts: vec![Draft { interaction: CHAT, text: "Dear Jana".into(), at: LATER }],
    };
    golden("DeskSnapshot", &desk);
}

#[test]
fn a_customer_without_a_name_is_shown_by_the_handle() {
    let named = |name: Option<&str>| {
        let name = name.map(Into::into);
        Customer { identity: customer(CHANNEL, 0), name, handle: "+420 1".into(), avatar: None }
            .title()
            .to_owned()
    };
    assert_eq!(
        (named(None).as_str(), named(Some(" ")).as_str(), named(Some("Jana")).as_str()),
        ("+420 1", "+420 1", "Jana")
    );
}
