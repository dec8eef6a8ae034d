//! What must hold of one interaction by itself, written down from the specification a second time.

use crate::channel::Channel;
use crate::command::Command;
use crate::config::Config;
use crate::fixture::Stage;
use crate::id::{InteractionId, QueueId, UserId};
use crate::interaction::{
    Activity, ActivityKind, ActivityState, CloseReason, Disconnection, Interaction, OfferState, Phase,
};
use crate::refusal::Refusal;

pub(super) fn check(one: &Interaction) {
    assert_eq!(one.phase, one.derived_phase());
    let count = |state| one.activities.iter().filter(|a| a.state == state).count();
    let (waiting, open) = (count(ActivityState::Wait), count(ActivityState::Open));
    let expected = match (one.activities.len(), open, waiting) {
        (0, _, _) => Phase::Routing,
        (_, 0, 0) if !one.answered => Phase::Missed,
        (_, 0, 0) => Phase::Ended,
        (_, 0, _) => Phase::Queued,
        _ => Phase::Active,
    };
    assert_eq!(one.phase, expected, "{one:?}");
    let ended = matches!(one.phase, Phase::Missed | Phase::Ended);
    assert_eq!(ended, one.ended_at.is_some());
    assert_eq!(ended, one.disconnection.is_some());
    let answered = |a: &Activity| a.owner.is_some() || a.requeued_at.is_some();
    assert_eq!(one.answered, one.activities.iter().any(answered));
    assert!(one.last_customer_seq <= one.seq);
    assert!(one.seq <= one.version);
    assert!(waiting + open <= 1, "transfers and invitations do not exist yet");
    for activity in &one.activities {
        assert_eq!(activity.owner.is_some(), activity.open_at.is_some(), "owner exactly when opened");
        assert_eq!(
            activity.state == ActivityState::Wait,
            activity.open_at.is_none() && activity.close_at.is_none()
        );
        assert_eq!(activity.state == ActivityState::Close, activity.close_at.is_some());
        assert_eq!(activity.close_at.is_some(), activity.close_reason.is_some());
        let back = activity.requeued_at.is_some();
        assert_eq!(activity.kind == ActivityKind::Inbound || back, activity.wait_at.is_some());
        assert!(
            activity.disposition.is_some() || activity.also.is_empty(),
            "further statuses without a first"
        );
        let once: std::collections::BTreeSet<_> = activity.outcomes().map(|one| one.id).collect();
        assert_eq!(once.len(), activity.outcomes().count(), "a status chosen twice");
        assert!(activity.lost.is_none() || activity.state == ActivityState::Open);
        assert!(activity.withheld.is_none() || activity.state == ActivityState::Wait);
        match activity.close_reason {
            Some(CloseReason::Missed) => {
                assert!(activity.owner.is_none() && (back || activity.disposition.is_none()));
            }
            Some(CloseReason::Sent) => assert_eq!(activity.kind, ActivityKind::OneShot),
            Some(CloseReason::Closed) => assert!(activity.owner.is_some()),
            None => {}
        }
    }
    for (n, offer) in one.offers.iter().enumerate() {
        let activity = one.activity(offer.activity).expect("offers are of activities of the interaction");
        assert_eq!(activity.state, ActivityState::Wait, "offers are forgotten when waiting ends");
        assert!(offer.expires_at > offer.offered_at);
        assert!(offer.state != OfferState::Accepted);
        let twins = |other: &&crate::interaction::Offer| {
            other.agent == offer.agent && other.activity == offer.activity
        };
        assert!(!one.offers.iter().skip(n + 1).any(|other| twins(&other)), "one memory per agent");
    }
}

/// The transition by which waiting ended.
pub(super) fn missed(why: Disconnection) -> &'static str {
    match why {
        Disconnection::Timeout => "T-07",
        Disconnection::NotAvailable | Disconnection::OutOfHours => "T-08",
        Disconnection::Customer => "T-09",
        Disconnection::Agent => panic!("missed by an agent's hand"),
    }
}

/// Whether somebody may work in the queue of a chat.
pub(super) fn has_rights(stage: &Stage, chat: InteractionId, user: UserId) -> bool {
    let config = &stage.world.config;
    let queue = stage.interaction(chat).activities.last().unwrap().queue.id;
    config.users[&user].active && config.queues[&queue].members.contains_key(&user)
}

/// What must hold of a wish that was granted.
pub(super) fn told(before: &Config, stage: &Stage, command: &Command) {
    match command {
        Command::Send { interaction, text, .. } => sendable(stage.interaction(*interaction).channel, text),
        Command::SendOnce { interaction, text, queue, disposition, .. } => {
            sendable(stage.interaction(*interaction).channel, text);
            assert!(disposition.is_some() || !demands(before, *queue), "sent without a required status");
        }
        Command::Close { interaction, activity, seen } => {
            let one = stage.interaction(*interaction);
            let piece = one.activity(*activity).expect("what was closed is there");
            assert!(
                piece.disposition.is_some() || !demands(before, piece.queue.id),
                "closed without a status"
            );
            assert!(*seen >= one.last_customer_seq, "closed over an unseen message");
        }
        _ => {}
    }
}

fn demands(config: &Config, queue: QueueId) -> bool {
    let line = &config.queues[&queue];
    line.disposition_required && line.dispositions.iter().any(|id| config.dispositions[id].enabled)
}

fn sendable(channel: Channel, text: &str) {
    assert!(!text.trim().is_empty(), "blanks were sent");
    let fits = match channel {
        Channel::Messenger => text.chars().count() <= 2_000,
        Channel::Instagram => text.len() <= 1_000,
        Channel::WhatsApp => text.chars().count() <= 4_096,
        Channel::Viber => text.chars().count() <= 7_000,
    };
    assert!(fits, "a text over the limit was sent");
}

/// That a refusal names a colleague only to somebody who may read the colleague's chat: they worked on it, or are a
/// member of a queue it went through. Whether it names one.
pub(super) fn named(stage: &Stage, user: UserId, command: &Command, refusal: &Refusal) -> bool {
    let (Refusal::Taken { by: Some(name) } | Refusal::AlreadyLive { with: Some(name) }) = refusal else {
        return false;
    };
    let about = |one: &&Interaction| match command {
        Command::StartChat { identity, .. } | Command::SendOnce { identity, .. } => one.identity == *identity,
        _ => Some(one.id) == command.interaction(),
    };
    let reads = |one: &Interaction| {
        one.activities.iter().any(|activity| {
            let queue = stage.world.config.queues.get(&activity.queue.id);
            activity.owner == Some(user) || queue.is_some_and(|queue| queue.members.contains_key(&user))
        })
    };
    let holds = |one: &Interaction| one.activities.iter().any(|activity| activity.owner == Some(name.id));
    let told = stage.world.interactions().filter(about).any(|one| holds(one) && reads(one));
    assert!(told, "{command:?} of {user} names {name:?}");
    assert!(stage.world.config.users[&user].active, "who was let go is told a name");
    true
}

/// What the second of two who accept the same chat is told, and under which name that is counted.
pub(super) fn second(
    stage: &Stage,
    chat: InteractionId,
    first: UserId,
    second: UserId,
) -> (Refusal, &'static str) {
    let queue = stage.interaction(chat).activities.last().unwrap().queue.id;
    if stage.world.config.queues[&queue].members.contains_key(&second) {
        let by = stage.world.config.users[&first].reference();
        (Refusal::Taken { by: Some(by) }, "R-01")
    } else {
        (Refusal::NoRights, "R-01 without rights")
    }
}
