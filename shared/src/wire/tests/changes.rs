//! Samples of everything that can happen, and of what is wished and refused; long because every variant has its sample here.

use super::{CHAT, LATER, MESSAGE, NOON, OFFER, WORK, eva, every, golden, inactive, line, notice, solved};
use crate::agent::{AgentChange, PauseCause, ResumeCause, Ringing, Undelivered};
use crate::channel::{Channel, Unit};
use crate::command::Command;
use crate::config::{ConfigChange, Disposition, Look, Rgb, Role, Workspace};
use crate::event::{Actor, Change, Event, Stream};
use crate::fixture::{self, EVA, INACTIVE, LUNCH, SOLVED, connector, customer, queue};
use crate::id::{AttachmentId, MessageId};
use crate::interaction::{
    Amendment, Attachment, AttachmentKind, AttachmentState, Delivery, Direction, Disconnection, Failure,
    FailureKind, InteractionChange, Lost, LostBecause, MediaFault, MessageKind, Notice, OfferKind,
    OfferState, Pixels, Pricing, ReplyTo, WithdrawnBecause, Withheld,
};
use crate::refusal::Refusal;
use crate::routing::{Considered, Explanation, Strategy, Verdict};
use crate::time::Span;

const CHANNEL: Channel = Channel::WhatsApp;

pub(super) fn file(state: AttachmentState) -> Attachment {
    Attachment { id: AttachmentId::from_u128(0xF11E), kind: AttachmentKind::Image, state }
}

pub(super) fn here() -> AttachmentState {
    let pixels = Some(Pixels { width: 640, height: 480 });
    AttachmentState::Ready { media_type: "image/jpeg".into(), size: 48_213, pixels }
}

pub(super) fn interaction_changes() -> Vec<InteractionChange> {
    use InteractionChange as C;
    let considered = [
        Verdict::Free { idle_since: Some(NOON), ringing: 0 },
        Verdict::Inactive,
        Verdict::LoggedOut,
        Verdict::Unreachable,
        Verdict::Paused,
        Verdict::Busy,
        Verdict::Asleep { until: LATER },
        Verdict::Inside,
    ];
    let considered = considered.map(|verdict| Considered { agent: eva(), verdict }).into();
    let because = Explanation { strategy: Strategy::LongestIdle, considered };
    let withdrawn = OfferState::Withdrawn { because: WithdrawnBecause::Taken };
    vec![
        C::Began {
            channel: CHANNEL,
            connector: connector(CHANNEL),
            connector_title: "Shop".into(),
            identity: customer(CHANNEL, 0),
            direction: Direction::In,
            last_customer_at: None,
            human_agent: true,
        },
        C::Queued { activity: WORK, queue: line(), max_wait_until: Some(LATER) },
        C::CustomerWrote {
            message: MESSAGE,
            kind: MessageKind::Image,
            sent_at: NOON,
            attachments: vec![file(AttachmentState::Pending)],
            reply_to: Some(ReplyTo::Message(MESSAGE)),
        },
        C::SentElsewhere {
            message: MESSAGE,
            kind: MessageKind::Text,
            sent_at: NOON,
            attachments: Vec::new(),
        },
        C::SentAutomatically {
            message: MESSAGE,
            sent_at: NOON,
            delivery: Delivery::Sent,
            external_id: Some("4912661846655238145".into()),
        },
        C::Amended { message: MESSAGE, amendment: Amendment::Edited, at: NOON },
        C::Noted { notice: Notice::Referral { source: "ADS".into() } },
        C::AgentWrote { message: MESSAGE, activity: WORK, author: eva(), seen: 2 },
        C::DeliveryChanged {
            message: MESSAGE,
            delivery: Delivery::Failed(Failure { kind: FailureKind::Window, code: Some("131047".into()) }),
            external_id: Some("wamid.1".into()),
            pricing: Some(Pricing { billable: true, category: "service".into() }),
        },
        C::MessageSettled { message: MESSAGE, by: eva(), again: Some(MessageId::from_u128(0xA6)) },
        C::CustomerNamed { identity: customer(CHANNEL, 0) },
        C::Offered {
            offer: OFFER,
            activity: WORK,
            agent: eva(),
            kind: OfferKind::Queue,
            expires_at: LATER,
            because,
        },
        C::OfferEnded {
            offer: OFFER,
            activity: WORK,
            agent: eva(),
            state: withdrawn,
            sleep_until: None,
            rang: Span::seconds(3),
            reason: Some("Wrong queue".into()),
        },
        C::Withheld { activity: WORK, reason: Some(Withheld::AllAsked { until: LATER }) },
        C::Accepted { activity: WORK, offer: Some(OFFER), owner: eva(), waited: Span::seconds(3) },
        C::Missed { activity: WORK, disconnection: Disconnection::OutOfHours },
        C::CustomerLeft,
        C::Started { activity: WORK, queue: line(), owner: eva() },
        C::SentOnce { activity: WORK, queue: line(), owner: eva(), disposition: Some(solved()) },
        C::DispositionChosen { activity: WORK, disposition: Some(solved()), also: vec![solved()], by: eva() },
        C::Closed { activity: WORK, by: eva(), disposition: Some(solved()), also: Vec::new(), last: true },
        C::OwnerMissed { activity: WORK, lost: Some(Lost { because: LostBecause::Away, until: LATER }) },
        C::Requeued {
            activity: WORK,
            owner: eva(),
            because: LostBecause::LoggedOut,
            max_wait_until: Some(LATER),
        },
    ]
}

pub(super) fn ringing() -> Ringing {
    Ringing {
        offer: OFFER,
        interaction: CHAT,
        activity: WORK,
        kind: OfferKind::Queue,
        channel: CHANNEL,
        connector: connector(CHANNEL),
        identity: customer(CHANNEL, 0),
        queue: line(),
        queued_at: NOON,
        offered_at: NOON,
        expires_at: LATER,
        link: fixture::line(CHANNEL).links.first().cloned(),
    }
}

pub(super) fn event() -> Event {
    Event {
        stream: Stream::Interaction(CHAT),
        version: 3,
        seq: Some(2),
        at: NOON,
        actor: Actor::Customer,
        change: Change::Interaction(InteractionChange::CustomerWrote {
            message: MESSAGE,
            kind: MessageKind::Unsupported,
            sent_at: NOON,
            attachments: Vec::new(),
            reply_to: None,
        }),
    }
}

#[test]
fn interaction_changes_have_a_stored_form() {
    every(&interaction_changes());
}

#[test]
fn agent_changes_have_a_stored_form() {
    let queue = queue(CHANNEL);
    every(&[
        AgentChange::JoinedQueue { queue },
        AgentChange::LeftQueue { queue },
        AgentChange::Paused { pause: inactive(), cause: PauseCause::NoAnswer { offer: OFFER }, until: None },
        AgentChange::Resumed { cause: ResumeCause::LateAccept { offer: OFFER } },
        AgentChange::Rang(ringing()),
        AgentChange::RingEnded {
            offer: OFFER,
            interaction: CHAT,
            state: OfferState::Withdrawn { because: WithdrawnBecause::Taken },
            taken_by: Some(eva()),
        },
        AgentChange::Took { interaction: CHAT, activity: WORK, queue },
        AgentChange::Released { interaction: CHAT, activity: WORK, queue, lost: None },
        AgentChange::Undelivered(Undelivered {
            message: MESSAGE,
            interaction: CHAT,
            identity: customer(CHANNEL, 0),
        }),
        AgentChange::UndeliveredEnded(MESSAGE),
    ]);
    let lost = Some(LostBecause::NoRights);
    golden(
        "AgentChange-Released-lost",
        &AgentChange::Released { interaction: CHAT, activity: WORK, queue, lost },
    );
}

#[test]
fn config_changes_have_a_stored_form() {
    let pause = fixture::pause(INACTIVE, "Inactive", false);
    every(&[
        ConfigChange::UserSaved(fixture::user(EVA, "eva", Role::Agent)),
        ConfigChange::ConnectorSaved(fixture::account(CHANNEL)),
        ConfigChange::QueueSaved(fixture::line(CHANNEL)),
        ConfigChange::DispositionSaved(Disposition::new(SOLVED, "Solved")),
        ConfigChange::PauseSaved(pause),
        ConfigChange::NoticeSaved(notice()),
        ConfigChange::NoticeRemoved(notice().id),
        ConfigChange::WorkspaceSaved(Workspace::default()),
        ConfigChange::LookSaved(Look { accent: Some(Rgb::of(0x7a_1f_a2)) }),
    ]);
}

#[test]
fn events_have_a_stored_form_in_every_stream() {
    golden("Event-interaction", &event());
    let resumed = Change::Agent(AgentChange::Resumed { cause: ResumeCause::Chosen });
    let agent =
        Event { stream: Stream::Agent(EVA), seq: None, actor: Actor::User(EVA), change: resumed, ..event() };
    golden("Event-agent", &agent);
    let saved = Change::Config(ConfigChange::UserSaved(fixture::user(EVA, "eva", Role::Supervisor)));
    let config = Event { stream: Stream::Config, seq: None, actor: Actor::System, change: saved, ..event() };
    golden("Event-config", &config);
}

#[test]
fn small_enums_have_a_stored_form() {
    every(&[
        Delivery::Queued,
        Delivery::Sending,
        Delivery::Unknown,
        Delivery::Sent,
        Delivery::Delivered,
        Delivery::Seen,
        Delivery::Failed(Failure { kind: FailureKind::Provider, code: None }),
    ]);
    every(&[
        FailureKind::Window,
        FailureKind::Unreachable,
        FailureKind::Account,
        FailureKind::Content,
        FailureKind::Limit,
        FailureKind::Provider,
    ]);
    every(&[
        Disconnection::Agent,
        Disconnection::Customer,
        Disconnection::Timeout,
        Disconnection::NotAvailable,
        Disconnection::OutOfHours,
    ]);
    every(&[
        WithdrawnBecause::Taken,
        WithdrawnBecause::CustomerLeft,
        WithdrawnBecause::MaxWait,
        WithdrawnBecause::NoRights,
    ]);
    let all_asked = Withheld::AllAsked { until: LATER };
    every(&[Withheld::NoMembers, Withheld::NobodyThere, Withheld::AllPaused, Withheld::AllBusy, all_asked]);
    let states = [OfferState::Ringing, OfferState::Accepted, OfferState::Rejected, OfferState::Expired];
    golden("OfferState", &states.to_vec());
    golden(
        "PauseCause",
        &vec![
            PauseCause::Chosen,
            PauseCause::Rejected { offer: OFFER },
            PauseCause::TooLong,
            PauseCause::WrapUp,
        ],
    );
}

#[test]
fn what_happens_to_messages_has_a_stored_form() {
    let attachment = file(here()).id;
    every(&[
        Amendment::Reacted { by: Direction::In, emoji: Some("👍".into()) },
        Amendment::Edited,
        Amendment::Unsent,
        Amendment::Attached { attachment, state: here() },
    ]);
    every(&[AttachmentState::Pending, here(), AttachmentState::Failed { why: MediaFault::TooLarge }]);
    every(&[
        Notice::NumberChanged,
        Notice::IdentityChanged,
        Notice::Referral { source: "SHORTLINK".into() },
        Notice::OptedIn,
        Notice::MarketingStopped,
        Notice::MarketingResumed,
        Notice::HandedOver,
        Notice::HandedBack,
    ]);
    let faults = [MediaFault::Gone, MediaFault::TooLarge, MediaFault::Forbidden, MediaFault::Unreachable];
    golden("MediaFault", &faults.to_vec());
    golden("ReplyTo", &vec![ReplyTo::Message(MESSAGE), ReplyTo::Elsewhere]);
    let kinds = [
        MessageKind::Text,
        MessageKind::Image,
        MessageKind::Video,
        MessageKind::Audio,
        MessageKind::Voice,
        MessageKind::File,
        MessageKind::Sticker,
        MessageKind::Location,
        MessageKind::Contact,
        MessageKind::Tap,
        MessageKind::Order,
        MessageKind::Share,
        MessageKind::Story,
        MessageKind::Unsupported,
    ];
    golden("MessageKind", &kinds.to_vec());
    let files = [
        AttachmentKind::Image,
        AttachmentKind::Video,
        AttachmentKind::Audio,
        AttachmentKind::Voice,
        AttachmentKind::File,
        AttachmentKind::Sticker,
    ];
    golden("AttachmentKind", &files.to_vec());
}

#[test]
fn commands_have_a_stored_form() {
    let (interaction, activity, queue, identity) = (CHAT, WORK, queue(CHANNEL), customer(CHANNEL, 0));
    let (message, text) = (MESSAGE, "Dobrý den 🙏".to_owned());
    every(&[
        Command::Accept { interaction, activity, offer: Some(OFFER) },
        Command::Reject { interaction, offer: OFFER, reason: None },
        Command::Send { interaction, message, text: text.clone(), seen: 2 },
        Command::Resend { interaction, message, again: MessageId::from_u128(0xA6), seen: 2 },
        Command::Dismiss { interaction, message },
        Command::ChooseDisposition { interaction, activity, disposition: None, also: vec![SOLVED] },
        Command::Close { interaction, activity, seen: 2 },
        Command::StartChat { interaction, activity, queue, identity },
        Command::SendOnce {
            interaction,
            activity,
            queue,
            identity,
            disposition: Some(SOLVED),
            message,
            text,
        },
        Command::JoinQueue { queue },
        Command::LeaveQueue { queue },
        Command::Pause { pause: LUNCH },
        Command::Resume,
        Command::Unknown,
    ]);
}

#[test]
fn refusals_have_a_stored_form_and_a_sentence() {
    let all = [
        Refusal::Taken { by: Some(eva()) },
        Refusal::CustomerGone,
        Refusal::OfferOver,
        Refusal::Ended,
        Refusal::NotYours,
        Refusal::NotOpen,
        Refusal::Requeued,
        Refusal::NoReject,
        Refusal::ReasonRequired,
        Refusal::PauseUsedUp,
        Refusal::NotLoggedIn,
        Refusal::DispositionRequired,
        Refusal::DispositionUnknown,
        Refusal::NewMessage { seq: 7 },
        Refusal::Empty,
        Refusal::TooLong { unit: Unit::Bytes, size: 1_002, max: 1_000 },
        Refusal::WindowClosed { since: Some(NOON) },
        Refusal::Unsubscribed,
        Refusal::NeverWrote,
        Refusal::AlreadyLive { with: None },
        Refusal::NoRights,
        Refusal::NotFound { what: "chat".into() },
        Refusal::OtherChannel,
        Refusal::Invalid { field: "title".into(), problem: "is missing".into() },
        Refusal::KeyReused,
        Refusal::Settled,
        Refusal::NotSaved,
        Refusal::NotUnderstood,
        Refusal::Unknown,
    ];
    every(&all);
    let sentences: std::collections::BTreeSet<String> = all.iter().map(Refusal::sentence).collect();
    assert_eq!(sentences.len(), all.len(), "no two refusals read alike");
    assert!(sentences.iter().all(|one| one.ends_with(['.', '?'])));
}
