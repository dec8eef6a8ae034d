//! Work in an open chat: T-12, R-09, R-16, limits, windows, delivery.

use super::{ANY, accept, choose, close, open, send};
use crate::channel::{Channel, Unit};
use crate::command::{Command, Occurrence};
use crate::config::ConfigChange;
use crate::event::Change;
use crate::fixture::{ADMIN, DANA, EVA, LOOSE, PETR, SOLVED, SPAM, Stage, account};
use crate::id::{DispositionId, InteractionId};
use crate::interaction::{Delivery, Disconnection, Failure, FailureKind, InteractionChange, Phase};
use crate::refusal::Refusal;
use crate::time::Span;

#[test]
fn t12_the_owner_closes_with_a_status_and_the_interaction_ends() {
    let (mut stage, ids) = open();
    stage.does(EVA, &choose(ids)).unwrap();
    let seen = stage.interaction(ids.0).last_customer_seq;
    stage.passes(Span::seconds(5));
    let events = stage.does(EVA, &close(ids, seen)).unwrap();
    let Change::Interaction(InteractionChange::Closed { disposition, last, .. }) = &events[0].change else {
        panic!("{events:?}")
    };
    assert_eq!((disposition.as_ref().unwrap().id, *last), (SOLVED, true));
    let state = stage.interaction(ids.0);
    assert_eq!((state.phase, state.disconnection), (Phase::Ended, Some(Disconnection::Agent)));
    assert!(stage.world.agent(EVA).open.is_empty());
    assert_eq!(stage.does(EVA, &close(ids, seen)), Err(Refusal::Ended));
}

#[test]
fn t12_a_supervisor_with_rights_closes_for_another_and_the_owners_tab_goes() {
    let (mut stage, ids) = open();
    assert_eq!(stage.does(PETR, &close(ids, u64::MAX)), Err(Refusal::NotYours));
    assert_eq!(stage.does(ADMIN, &close(ids, u64::MAX)), Err(Refusal::NotYours), "no rights to the queue");
    assert_eq!(stage.does(DANA, &close(ids, u64::MAX)), Err(Refusal::DispositionRequired));
    stage.does(DANA, &choose(ids)).unwrap();
    stage.does(DANA, &close(ids, u64::MAX)).unwrap();
    assert!(stage.world.agent(EVA).open.is_empty() && stage.world.agent(DANA).open.is_empty());
    assert_eq!(stage.interaction(ids.0).activities[0].owner, Some(EVA), "whose work it was stays known");
}

#[test]
fn t12_the_chat_of_a_deactivated_owner_can_be_closed_by_a_supervisor() {
    let (mut stage, ids) = open();
    stage.person(EVA, |eva| eva.active = false);
    assert_eq!(stage.does(EVA, &choose(ids)), Err(Refusal::NoRights));
    stage.does(DANA, &choose(ids)).unwrap();
    stage.does(DANA, &close(ids, u64::MAX)).unwrap();
    assert!(stage.world.agent(EVA).open.is_empty());
}

#[test]
fn who_lost_the_queue_still_finishes_the_chat_they_have_open() {
    let (mut stage, ids) = open();
    stage.queue(ANY, |queue| queue.members.retain(|id, _| *id != EVA));
    let wish = send(&mut stage, ids.0, "one moment");
    stage.does(EVA, &wish).unwrap();
    stage.does(EVA, &choose(ids)).unwrap();
    stage.does(EVA, &close(ids, u64::MAX)).unwrap();
}

#[test]
fn r09_a_close_without_a_required_status_is_refused_unless_the_queue_has_none_to_choose() {
    let (mut stage, ids) = open();
    assert_eq!(stage.does(EVA, &close(ids, u64::MAX)), Err(Refusal::DispositionRequired));
    stage.queue(ANY, |queue| queue.dispositions.clear());
    assert!(stage.clone().does(EVA, &close(ids, u64::MAX)).is_ok());
    stage.queue(ANY, |queue| (queue.dispositions, queue.disposition_required) = (vec![SOLVED], false));
    stage.does(EVA, &close(ids, u64::MAX)).unwrap();
}

#[test]
fn r16_an_ended_chat_never_reopens_but_its_status_can_be_corrected() {
    let (mut stage, ids) = open();
    stage.does(EVA, &choose(ids)).unwrap();
    stage.does(EVA, &close(ids, u64::MAX)).unwrap();
    let wish = send(&mut stage, ids.0, "one more thing");
    assert_eq!(stage.does(EVA, &wish), Err(Refusal::Ended));
    let (interaction, activity) = ids;
    let edit =
        |disposition| Command::ChooseDisposition { interaction, activity, disposition, also: Vec::new() };
    stage.does(EVA, &edit(Some(SPAM))).unwrap();
    assert_eq!(stage.interaction(ids.0).activities[0].disposition.as_ref().unwrap().id, SPAM);
    assert_eq!(stage.interaction(ids.0).phase, Phase::Ended);
    assert_eq!(stage.does(EVA, &edit(Some(SPAM))), Ok(vec![]));
    assert_eq!(stage.does(EVA, &edit(None)), Err(Refusal::DispositionRequired));
    assert_eq!(stage.does(PETR, &edit(Some(SOLVED))), Err(Refusal::NotYours));
}

#[test]
fn several_statuses_are_chosen_where_the_queue_allows_it_and_each_once() {
    let (mut stage, ids) = open();
    let (interaction, activity) = ids;
    let choose = |all: &[DispositionId]| Command::ChooseDisposition {
        interaction,
        activity,
        disposition: all.first().copied(),
        also: all.iter().skip(1).copied().collect(),
    };
    let chosen = |stage: &Stage| {
        stage.interaction(interaction).activities[0].outcomes().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(stage.does(EVA, &choose(&[SOLVED, SPAM])), Err(Refusal::DispositionUnknown));
    stage.does(EVA, &choose(&[SOLVED, SOLVED])).unwrap();
    assert_eq!(chosen(&stage), [SOLVED], "one chosen twice is one");
    let mut queue = stage.world.config.queues[&stage.interaction(interaction).activities[0].queue.id].clone();
    queue.manner.several = true;
    stage.saves(ConfigChange::QueueSaved(queue)).unwrap();
    stage.does(EVA, &choose(&[SOLVED, SPAM])).unwrap();
    assert_eq!(chosen(&stage), [SOLVED, SPAM]);
    assert_eq!(stage.does(EVA, &choose(&[SPAM, LOOSE])), Err(Refusal::DispositionUnknown));
    // One that is switched off stays when the other is taken back.
    let mut spam = stage.world.config.dispositions[&SPAM].clone();
    spam.enabled = false;
    stage.saves(ConfigChange::DispositionSaved(spam)).unwrap();
    stage.does(EVA, &choose(&[SPAM])).unwrap();
    assert_eq!(chosen(&stage), [SPAM]);
    stage.does(EVA, &choose(&[SPAM, SOLVED])).unwrap();
    stage.does(EVA, &close(ids, u64::MAX)).unwrap();
    assert_eq!(chosen(&stage), [SPAM, SOLVED], "closed with both");
}

#[test]
fn a_status_must_belong_to_the_queue_and_be_in_use() {
    let (mut stage, (interaction, activity)) = open();
    let choose =
        |disposition| Command::ChooseDisposition { interaction, activity, disposition, also: Vec::new() };
    assert_eq!(stage.does(EVA, &choose(Some(LOOSE))), Err(Refusal::DispositionUnknown));
    stage.does(EVA, &choose(Some(SPAM))).unwrap();
    let mut spam = stage.world.config.dispositions[&SPAM].clone();
    spam.enabled = false;
    stage.saves(ConfigChange::DispositionSaved(spam)).unwrap();
    assert_eq!(stage.does(EVA, &choose(Some(SPAM))), Ok(vec![]), "it stays as it is");
    assert!(
        stage.clone().does(EVA, &close((interaction, activity), u64::MAX)).is_ok(),
        "what was chosen counts"
    );
    stage.does(EVA, &choose(None)).unwrap();
    assert_eq!(stage.does(EVA, &choose(None)), Ok(vec![]));
    assert_eq!(stage.does(EVA, &choose(Some(SPAM))), Err(Refusal::DispositionUnknown));
    let waiting = stage.writes(ANY, 1);
    assert_eq!(stage.does(EVA, &super::choose(waiting)), Err(Refusal::NotOpen));
    assert_eq!(stage.does(EVA, &super::close(waiting, u64::MAX)), Err(Refusal::NotOpen));
}

#[test]
fn only_the_owner_of_an_open_chat_sends() {
    let (mut stage, (id, _)) = open();
    let wish = send(&mut stage, id, "hello");
    assert_eq!(stage.does(PETR, &wish), Err(Refusal::NotYours));
    assert_eq!(stage.does(DANA, &wish), Err(Refusal::NotYours));
    let (waiting, _) = stage.writes(ANY, 1);
    let wish = send(&mut stage, waiting, "hello");
    assert_eq!(stage.does(EVA, &wish), Err(Refusal::NotOpen));
    let wish = send(&mut stage, InteractionId::from_u128(1), "hello");
    assert_eq!(stage.does(EVA, &wish), Err(Refusal::NotFound { what: "chat".into() }));
}

#[test]
fn what_was_seen_is_kept_beside_the_message_and_never_more_than_there_is() {
    let (mut stage, (interaction, _)) = open();
    let last = stage.interaction(interaction).last_customer_seq;
    let mut wish = send(&mut stage, interaction, "hello");
    if let Command::Send { seen, .. } = &mut wish {
        *seen = u64::MAX;
    }
    let events = stage.does(EVA, &wish).unwrap();
    let Change::Interaction(InteractionChange::AgentWrote { seen, .. }) = &events[0].change else { panic!() };
    assert_eq!(*seen, last);
}

#[test]
fn every_channel_takes_a_text_at_its_limit_and_refuses_one_above_or_blank() {
    for channel in Channel::ALL {
        let mut stage = Stage::new();
        let (id, activity) = stage.writes(channel, 0);
        stage.does(EVA, &accept(id, activity, None)).unwrap();
        let limit = channel.capabilities().text;
        let max = u64::try_from(limit.max).unwrap();
        let fits = send(&mut stage, id, &"a".repeat(limit.max));
        stage.does(EVA, &fits).unwrap();
        let long = send(&mut stage, id, &"a".repeat(limit.max + 1));
        let too_long = Refusal::TooLong { unit: limit.unit, size: max + 1, max };
        assert_eq!(stage.does(EVA, &long), Err(too_long));
        let wide = send(&mut stage, id, &"ř".repeat(limit.max));
        assert_eq!(stage.does(EVA, &wide).is_ok(), limit.unit == Unit::Characters);
        for blank in ["", " \t\n", "\u{200B}\u{FEFF}", "\u{3164}\u{2800}", "\0\u{7}"] {
            let blank = send(&mut stage, id, blank);
            assert_eq!(stage.does(EVA, &blank), Err(Refusal::Empty));
        }
        let smile = send(&mut stage, id, "❤️");
        stage.does(EVA, &smile).expect("an emoji alone is a message");
    }
}

#[test]
fn a_closed_window_refuses_and_the_next_message_of_the_customer_opens_it() {
    let (mut stage, (id, _)) = open();
    let wish = send(&mut stage, id, "hello");
    let last = stage.interaction(id).last_customer_at.unwrap();
    stage.now = last.plus(Span::minutes(24 * 60 - 3));
    assert_eq!(stage.does(EVA, &wish), Err(Refusal::WindowClosed { since: Some(stage.now) }));
    stage.now = crate::time::Timestamp(stage.now.0 - 1);
    assert!(stage.clone().does(EVA, &wish).is_ok(), "a millisecond earlier it is open");
    stage.now = stage.now.plus(Span::hours(2));
    stage.writes(ANY, 0);
    stage.does(EVA, &wish).unwrap();
}

#[test]
fn nothing_is_sent_through_an_account_that_is_switched_off() {
    let (mut stage, (id, _)) = open();
    let mut off = account(ANY);
    off.enabled = false;
    stage.saves(ConfigChange::ConnectorSaved(off)).unwrap();
    let wish = send(&mut stage, id, "hello");
    assert_eq!(stage.does(EVA, &wish), Err(Refusal::NotFound { what: "account".into() }));
}

#[test]
fn a_delivery_only_climbs_also_after_the_end_and_keeps_an_overtaken_id() {
    let (mut stage, ids) = open();
    let wish = send(&mut stage, ids.0, "hello");
    stage.does(EVA, &wish).unwrap();
    stage.does(EVA, &choose(ids)).unwrap();
    stage.does(EVA, &close(ids, u64::MAX)).unwrap();
    let step = |stage: &mut Stage, to: Delivery, external: Option<&str>| {
        let (interaction, message) = stage.outgoing[0].clone();
        let external_id = external.map(Into::into);
        stage
            .occurs(&Occurrence::Delivered { interaction, message, to, external_id, pricing: None })
            .unwrap()
            .len()
    };
    assert_eq!(step(&mut stage, Delivery::Sending, None), 1);
    assert_eq!(step(&mut stage, Delivery::Delivered, None), 1);
    assert_eq!(step(&mut stage, Delivery::Sent, Some("mid")), 1, "the overtaken answer brings the id");
    assert_eq!(stage.outgoing[0].1.delivery, Delivery::Delivered);
    assert_eq!(step(&mut stage, Delivery::Sent, None), 0);
    assert_eq!(step(&mut stage, Delivery::Delivered, Some("mid")), 0, "the same step again is none");
    let failed = Delivery::Failed(Failure { kind: FailureKind::Provider, code: None });
    assert_eq!(step(&mut stage, failed, None), 0, "what arrived cannot fail");
    assert_eq!(step(&mut stage, Delivery::Seen, None), 1);
    assert_eq!(stage.interaction(ids.0).phase, Phase::Ended);
}
