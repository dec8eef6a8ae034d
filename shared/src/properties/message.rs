//! The steps of messages that are there: receipts, reactions, edits, unsends, files, and words from elsewhere.

use super::game::Game;
use crate::command::{Occurrence, Welcome};
use crate::event::Stream;
use crate::fixture::Known;
use crate::id::{AttachmentId, ConnectorId, IdentityId, MessageId};
use crate::interaction::{
    Amendment, Attachment, AttachmentKind, AttachmentState, Delivery, Direction, Failure, FailureKind,
    Interaction, MediaFault, MessageKind, Notice, Pricing,
};
use crate::time::Span;

/// A file that is still to come.
pub(super) fn file(game: &mut Game) -> Attachment {
    let id = AttachmentId::from_u128(game.stage.id());
    Attachment { id, kind: AttachmentKind::Image, state: AttachmentState::Pending }
}

/// What greeted a customer a minute ago.
pub(super) fn welcome(game: &mut Game) -> Welcome {
    let message = MessageId::from_u128(game.stage.id());
    let delivery = game.die.pick(&[Delivery::Sent, Delivery::Unknown]).unwrap();
    let sent_at = game.stage.now.plus(Span::minutes(-1));
    Welcome { message, sent_at, delivery, external_id: format!("mid-{message}") }
}

/// A step of some message's delivery, in any order.
pub(super) fn deliver(game: &mut Game) {
    let outgoing = game.stage.outgoing.clone();
    let Some((interaction, message)) = game.die.pick(&outgoing) else { return };
    let kinds = [FailureKind::Window, FailureKind::Unreachable, FailureKind::Provider];
    let failed = Failure { kind: game.die.pick(&kinds).unwrap(), code: None };
    let steps = [
        Delivery::Sending,
        Delivery::Unknown,
        Delivery::Sent,
        Delivery::Sent,
        Delivery::Delivered,
        Delivery::Seen,
        Delivery::Failed(failed),
        Delivery::Queued,
    ];
    let to = game.die.pick(&steps).unwrap();
    let external_id = (to == Delivery::Sent).then(|| format!("mid-{}", message.id));
    // Prices come with receipts; the other steps are our own.
    let receipt = !matches!(to, Delivery::Queued | Delivery::Sending | Delivery::Unknown);
    let priced = receipt && game.die.one_in(3);
    let pricing = priced.then(|| Pricing { billable: true, category: "service".into() });
    let was = message.delivery.clone();
    let delivered = Occurrence::Delivered {
        interaction,
        message: message.clone(),
        to: to.clone(),
        external_id,
        pricing: pricing.clone(),
    };
    let events = game.befall(&delivered).unwrap();
    let facts = game.stage.outgoing.iter().find(|(_, facts)| facts.id == message.id).unwrap().1.clone();
    let now = facts.delivery;
    assert!(now == was || was.climbs_to(&now), "a delivery fell from {was:?} to {now:?}");
    assert!(now == was || now == to);
    assert!(facts.priced || pricing.is_none(), "a price was lost");
    let lines = events.iter().filter(|event| matches!(event.stream, Stream::Interaction(_))).count();
    assert!(lines <= 1 && events.len() <= lines * 2, "one step, and at most one author to tell");
}

/// A message that is on its way fails.
pub(super) fn go_wrong(game: &mut Game) {
    let outgoing = game.stage.outgoing.clone();
    let Some((interaction, message)) = game.die.pick(&outgoing) else { return };
    let to = Delivery::Failed(Failure { kind: FailureKind::Provider, code: None });
    let step = Occurrence::Delivered { interaction, message, to, external_id: None, pricing: None };
    game.befall(&step).unwrap();
}

/// Something happens to some message, in any order and at any time.
pub(super) fn amend(game: &mut Game) {
    let messages = game.stage.messages.clone();
    // Preferably one whose file could not be had, or is still to come.
    let stands = |known: &Known, wanted: fn(&AttachmentState) -> bool| {
        known.attachments.first().is_some_and(|one| wanted(&one.state))
    };
    let failed = |state: &AttachmentState| matches!(state, AttachmentState::Failed { .. });
    let of = |wanted: fn(&AttachmentState) -> bool| {
        messages.iter().filter(|known| stands(known, wanted)).cloned().collect::<Vec<_>>()
    };
    let preferred = match game.die.below(3) {
        0 if !of(failed).is_empty() => of(failed),
        1 => of(|state| *state == AttachmentState::Pending),
        _ => messages.clone(),
    };
    let Some(known) = game.die.pick(&preferred) else { return };
    let state = match game.die.below(3) {
        0 => AttachmentState::Pending,
        1 => AttachmentState::Failed { why: MediaFault::Unreachable },
        _ => AttachmentState::Ready { media_type: "image/png".into(), size: 9, pixels: None },
    };
    let by = game.die.pick(&[Direction::In, Direction::Out]).unwrap();
    let emoji = (!game.die.one_in(3)).then(|| game.die.pick(&["👍", "❤"]).unwrap().to_owned());
    let attachment = known.attachments.first().map_or(AttachmentId::from_u128(7), |one| one.id);
    let amendment = match game.die.below(6) {
        _ if stands(&known, failed) && game.die.one_in(2) => {
            Amendment::Attached { attachment, state: AttachmentState::Pending }
        }
        0 => Amendment::Edited,
        1 if game.die.one_in(3) => Amendment::Unsent,
        2 | 3 => Amendment::Attached { attachment, state },
        _ => Amendment::Reacted { by, emoji },
    };
    let back = game.die.below(3);
    let at = game.stage.now.plus(Span::seconds(-i64::try_from(back).unwrap()));
    let facts = known.facts(&amendment);
    let before = game.stage.interaction(known.interaction).clone();
    let occurrence = Occurrence::Amended { interaction: known.interaction, message: facts, amendment, at };
    let events = game.befall(&occurrence).unwrap();
    assert!(events.iter().all(|event| event.seq.is_none()), "an amendment is no line of the history");
    let after = game.stage.interaction(known.interaction);
    let same = Interaction { version: after.version, ..before };
    assert_eq!(&same, after, "an amendment moved the chat itself");
}

/// A customer whose live interaction somebody may be told about, mostly.
fn customer(game: &mut Game) -> Option<(ConnectorId, IdentityId, bool)> {
    let all = game.all(|_| true);
    let one = game.stage.interaction(game.die.pick(&all)?);
    let live = game.stage.world.live_of(one.connector, one.identity).is_some();
    Some((one.connector, one.identity, live))
}

/// Somebody writes to a customer from elsewhere.
pub(super) fn elsewhere(game: &mut Game) {
    let Some((connector, identity, live)) = customer(game) else { return };
    let message = MessageId::from_u128(game.stage.id());
    let attachments = if game.die.one_in(3) { vec![file(game)] } else { Vec::new() };
    let (kind, sent_at, known) = (MessageKind::Text, game.stage.now, false);
    let sent = Occurrence::SentElsewhere { connector, identity, message, kind, sent_at, attachments, known };
    let events = game.befall(&sent).unwrap();
    assert_eq!(events.len(), usize::from(live), "what is sent from elsewhere starts nothing");
}

/// Something about a customer that is no message.
pub(super) fn note(game: &mut Game) {
    let Some((connector, identity, live)) = customer(game) else { return };
    let notices = [Notice::NumberChanged, Notice::HandedOver, Notice::Referral { source: "ADS".into() }];
    let notice = game.die.pick(&notices).unwrap();
    let events = game.befall(&Occurrence::Noted { connector, identity, notice }).unwrap();
    assert_eq!(events.len(), usize::from(live), "a notice starts nothing");
}
