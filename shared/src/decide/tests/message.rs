//! What happens to messages that are there, and what is written elsewhere: never a chat of its own.

use super::{ANY, accept, close, open};
use crate::command::Occurrence;
use crate::fixture::{EVA, Stage, connector, customer};
use crate::id::{AttachmentId, MessageId};
use crate::interaction::{
    Amendment, Attachment, AttachmentKind, AttachmentState, Direction, InteractionChange, MediaFault,
    MessageKind, Notice,
};
use crate::time::Span;

const FILE: AttachmentId = AttachmentId::from_u128(0xF11E);

/// A customer's message with a file that is still to come.
fn photo(stage: &mut Stage) -> MessageId {
    let mut wrote = stage.message(ANY, 0);
    let Occurrence::CustomerWrote { message, kind, attachments, .. } = &mut wrote else { panic!() };
    *kind = MessageKind::Image;
    attachments.push(Attachment { id: FILE, kind: AttachmentKind::Image, state: AttachmentState::Pending });
    let message = *message;
    stage.occurs(&wrote).unwrap();
    message
}

/// How many events an amendment makes, a second after the one before it.
fn amend(stage: &mut Stage, id: MessageId, amendment: Amendment, seconds: i64) -> usize {
    let known = stage.messages.iter().find(|one| one.id == id).unwrap();
    let (interaction, message) = (known.interaction, known.facts(&amendment));
    let at = stage.now.plus(Span::seconds(seconds));
    stage.occurs(&Occurrence::Amended { interaction, message, amendment, at }).unwrap().len()
}

fn reacted(emoji: Option<&str>) -> Amendment {
    Amendment::Reacted { by: Direction::In, emoji: emoji.map(Into::into) }
}

#[test]
fn a_reaction_stands_until_a_newer_one_and_is_never_a_line() {
    let mut stage = Stage::new();
    let message = photo(&mut stage);
    assert_eq!(amend(&mut stage, message, reacted(None), 1), 1, "its reaction may still come");
    assert_eq!(amend(&mut stage, message, reacted(Some("👍")), 0), 0, "taken off before it came");
    assert_eq!(amend(&mut stage, message, reacted(Some("👍")), 2), 1);
    assert_eq!(amend(&mut stage, message, reacted(Some("👍")), 2), 0, "the same once more");
    assert_eq!(amend(&mut stage, message, reacted(Some("❤")), 1), 0, "older than what stands");
    assert_eq!(amend(&mut stage, message, reacted(None), 3), 1);
    assert!(stage.log.last().unwrap().seq.is_none());
}

#[test]
fn edits_keep_their_order_and_nothing_follows_an_unsend() {
    let mut stage = Stage::new();
    let message = photo(&mut stage);
    assert_eq!(amend(&mut stage, message, Amendment::Edited, 2), 1);
    assert_eq!(amend(&mut stage, message, Amendment::Edited, 1), 0, "an earlier edit came late");
    assert_eq!(amend(&mut stage, message, Amendment::Unsent, 3), 1);
    assert_eq!(amend(&mut stage, message, Amendment::Unsent, 4), 0);
    assert_eq!(amend(&mut stage, message, Amendment::Edited, 5), 0);
    assert_eq!(amend(&mut stage, message, reacted(Some("👍")), 6), 0);
}

#[test]
fn a_file_comes_once_and_may_be_asked_for_again_after_it_failed() {
    let mut stage = Stage::new();
    let message = photo(&mut stage);
    let attached = |state| Amendment::Attached { attachment: FILE, state };
    let failed = AttachmentState::Failed { why: MediaFault::Unreachable };
    let ready = AttachmentState::Ready { media_type: "image/png".into(), size: 70, pixels: None };
    assert_eq!(amend(&mut stage, message, attached(failed.clone()), 0), 1);
    assert_eq!(amend(&mut stage, message, attached(AttachmentState::Pending), 0), 1);
    assert_eq!(amend(&mut stage, message, attached(ready.clone()), 0), 1);
    assert_eq!(amend(&mut stage, message, attached(ready), 0), 0);
    assert_eq!(amend(&mut stage, message, attached(failed), 0), 0, "what is here stays here");
    let other =
        Amendment::Attached { attachment: AttachmentId::from_u128(1), state: AttachmentState::Pending };
    assert_eq!(amend(&mut stage, message, other, 0), 0, "a file of another message");
}

#[test]
fn amendments_reach_a_chat_that_has_ended_and_start_none() {
    let (mut stage, ids) = open();
    let message = stage.messages[0].id;
    stage.does(EVA, &super::choose(ids)).unwrap();
    stage.does(EVA, &close(ids, u64::MAX)).unwrap();
    let before = stage.interaction(ids.0).clone();
    assert_eq!(amend(&mut stage, message, Amendment::Edited, 1), 1);
    let after = stage.interaction(ids.0);
    assert_eq!((after.seq, after.phase, after.ended_at), (before.seq, before.phase, before.ended_at));
    assert!(stage.world.live_of(connector(ANY), customer(ANY, 0)).is_none());
}

fn elsewhere(stage: &mut Stage) -> Occurrence {
    Occurrence::SentElsewhere {
        connector: connector(ANY),
        identity: customer(ANY, 0),
        message: MessageId::from_u128(stage.id()),
        kind: MessageKind::Text,
        sent_at: stage.now,
        attachments: Vec::new(),
        known: false,
    }
}

#[test]
fn what_is_sent_elsewhere_is_a_line_of_a_live_chat_and_nothing_without_one() {
    let mut stage = Stage::new();
    let sent = elsewhere(&mut stage);
    assert!(stage.occurs(&sent).unwrap().is_empty());
    let ids = stage.writes(ANY, 0);
    stage.does(EVA, &accept(ids.0, ids.1, None)).unwrap();
    let before = stage.interaction(ids.0).clone();
    let mut sent = elsewhere(&mut stage);
    assert_eq!(stage.occurs(&sent).unwrap().len(), 1);
    let after = stage.interaction(ids.0);
    assert_eq!(after.seq, before.seq + 1);
    assert_eq!((after.last_customer_seq, after.phase), (before.last_customer_seq, before.phase));
    if let Occurrence::SentElsewhere { known, .. } = &mut sent {
        *known = true;
    }
    assert!(stage.occurs(&sent).unwrap().is_empty(), "the same once more");
}

#[test]
fn words_aside_join_a_live_chat_and_begin_none() {
    let mut stage = Stage::new();
    let aside = |stage: &mut Stage| {
        let mut wrote = stage.message(ANY, 0);
        if let Occurrence::CustomerWrote { fresh, .. } = &mut wrote {
            *fresh = None;
        }
        stage.occurs(&wrote).unwrap().len()
    };
    assert_eq!(aside(&mut stage), 0);
    stage.writes(ANY, 0);
    assert_eq!(aside(&mut stage), 1);
}

#[test]
fn a_notice_is_a_line_of_a_live_chat() {
    let mut stage = Stage::new();
    let (connector, identity) = (connector(ANY), customer(ANY, 0));
    let noted = Occurrence::Noted { connector, identity, notice: Notice::NumberChanged };
    assert!(stage.occurs(&noted).unwrap().is_empty());
    stage.writes(ANY, 0);
    let events = stage.occurs(&noted).unwrap();
    let change =
        crate::event::Change::Interaction(InteractionChange::Noted { notice: Notice::NumberChanged });
    assert_eq!(events.iter().map(|event| &event.change).collect::<Vec<_>>(), [&change]);
}
