//! What an agent sends once more or lets be, what a composer makes, and the longer window of some accounts.

use super::{accept, choose, close, open, send};
use crate::agent::Undelivered;
use crate::channel::{Channel, Choice, Outgoing, Template};
use crate::command::{Command, Occurrence};
use crate::config::ConfigChange;
use crate::decide::{self, Composed};
use crate::event::{Change, Event};
use crate::fixture::{EVA, PETR, Stage, account};
use crate::id::{InteractionId, MessageId, UserId};
use crate::interaction::{Delivery, Failure, FailureKind, InteractionChange};
use crate::refusal::Refusal;
use crate::time::Span;

/// An open chat with one message that came as far as that.
fn sent(delivery: Delivery) -> (Stage, (InteractionId, crate::id::ActivityId), MessageId) {
    let (mut stage, ids) = open();
    let wish = send(&mut stage, ids.0, "hello");
    stage.does(EVA, &wish).unwrap();
    let message = stage.outgoing[0].1.clone();
    let id = message.id;
    let step =
        Occurrence::Delivered { interaction: ids.0, message, to: delivery, external_id: None, pricing: None };
    stage.occurs(&step).unwrap();
    (stage, ids, id)
}

fn lost() -> Delivery {
    Delivery::Failed(Failure { kind: FailureKind::Provider, code: None })
}

#[test]
fn what_went_wrong_is_sent_once_more_by_its_agent_and_never_twice() {
    for delivery in [lost(), Delivery::Unknown] {
        let (mut stage, (interaction, _), message) = sent(delivery);
        let resend =
            |n| Command::Resend { interaction, message, again: MessageId::from_u128(n), seen: u64::MAX };
        assert_eq!(stage.does(PETR, &resend(1)), Err(Refusal::NotYours));
        let events = stage.does(EVA, &resend(1)).unwrap();
        let again = Some(MessageId::from_u128(1));
        assert!(
            matches!(&events[0].change, Change::Interaction(InteractionChange::AgentWrote { message, .. })
            if Some(*message) == again)
        );
        assert!(matches!(&events[1].change,
            Change::Interaction(InteractionChange::MessageSettled { message: of, again: by, .. })
            if *of == message && *by == again));
        assert_eq!(stage.does(EVA, &resend(2)), Err(Refusal::Settled));
        assert_eq!(stage.does(EVA, &Command::Dismiss { interaction, message }), Err(Refusal::Settled));
    }
}

#[test]
fn what_may_have_arrived_well_cannot_be_sent_again() {
    for delivery in [Delivery::Sending, Delivery::Sent, Delivery::Delivered, Delivery::Seen] {
        let (mut stage, (interaction, _), message) = sent(delivery);
        let again = MessageId::from_u128(1);
        let resend = Command::Resend { interaction, message, again, seen: 0 };
        assert_eq!(stage.does(EVA, &resend), Err(Refusal::Settled));
        assert_eq!(stage.does(EVA, &Command::Dismiss { interaction, message }), Err(Refusal::Settled));
    }
    let (mut stage, (interaction, _), message) = sent(lost());
    let resend = Command::Resend { interaction, message, again: message, seen: 0 };
    assert_eq!(stage.does(EVA, &resend), Err(Refusal::KeyReused));
    let other = Command::Dismiss { interaction, message: MessageId::from_u128(1) };
    assert_eq!(stage.does(EVA, &other), Err(Refusal::NotFound { what: "message".into() }));
}

#[test]
fn a_failed_message_can_be_let_be_after_the_end_but_not_sent_again() {
    let (mut stage, ids, message) = sent(lost());
    stage.does(EVA, &choose(ids)).unwrap();
    stage.does(EVA, &close(ids, u64::MAX)).unwrap();
    let interaction = ids.0;
    let resend = Command::Resend { interaction, message, again: MessageId::from_u128(1), seen: 0 };
    assert_eq!(stage.does(EVA, &resend), Err(Refusal::Ended));
    assert_eq!(stage.does(PETR, &Command::Dismiss { interaction, message }), Err(Refusal::NotYours));
    stage.does(EVA, &Command::Dismiss { interaction, message }).unwrap();
    assert_eq!(stage.interaction(interaction).settled, [message]);
}

/// The provider says how far a message has come.
fn told(stage: &mut Stage, message: MessageId, to: Delivery) -> Vec<Event> {
    let (interaction, facts) = stage.outgoing.iter().find(|(_, facts)| facts.id == message).unwrap().clone();
    let told = Occurrence::Delivered { interaction, message: facts, to, external_id: None, pricing: None };
    stage.occurs(&told).unwrap()
}

/// What stands on an agent's stream as not arrived.
fn undelivered(stage: &Stage, user: UserId) -> Vec<MessageId> {
    stage.world.agent(user).undelivered.iter().map(|one| one.message).collect()
}

#[test]
fn what_goes_wrong_after_the_end_stands_on_its_authors_stream_until_somebody_took_care() {
    for wrong in [lost(), Delivery::Unknown] {
        let (mut stage, ids, message) = sent(Delivery::Sending);
        stage.does(EVA, &choose(ids)).unwrap();
        stage.does(EVA, &close(ids, u64::MAX)).unwrap();
        assert_eq!(told(&mut stage, message, wrong.clone()).len(), 2);
        let one = stage.world.agent(EVA).undelivered[0];
        let identity = stage.interaction(ids.0).identity;
        assert_eq!(one, Undelivered { message, interaction: ids.0, identity });
        assert_eq!(undelivered(&stage, PETR), []);
        let dismiss = Command::Dismiss { interaction: ids.0, message };
        assert_eq!(stage.does(PETR, &dismiss), Err(Refusal::NotYours));
        assert_eq!(stage.does(EVA, &dismiss).unwrap().len(), 2);
        assert_eq!(undelivered(&stage, EVA), []);
        // Of what was let be nothing worse is told.
        told(&mut stage, message, lost());
        assert_eq!(undelivered(&stage, EVA), []);
    }
}

#[test]
fn what_goes_wrong_while_its_author_has_the_chat_open_stands_in_the_chat_alone() {
    for wrong in [lost(), Delivery::Unknown] {
        let (stage, _, _) = sent(wrong);
        assert_eq!(undelivered(&stage, EVA), []);
    }
    let (mut stage, ids, message) = sent(Delivery::Unknown);
    stage.does(EVA, &choose(ids)).unwrap();
    stage.does(EVA, &close(ids, u64::MAX)).unwrap();
    told(&mut stage, message, lost());
    assert_eq!(undelivered(&stage, EVA), [message], "it was known to be worse only then");
}

#[test]
fn what_turns_out_to_have_arrived_is_taken_off_again_and_stands_there_once() {
    let (mut stage, ids, message) = sent(Delivery::Sending);
    stage.does(EVA, &choose(ids)).unwrap();
    stage.does(EVA, &close(ids, u64::MAX)).unwrap();
    told(&mut stage, message, Delivery::Unknown);
    assert_eq!(told(&mut stage, message, Delivery::Unknown), []);
    assert_eq!(undelivered(&stage, EVA), [message]);
    told(&mut stage, message, Delivery::Seen);
    assert_eq!(undelivered(&stage, EVA), []);
}

#[test]
fn a_lost_author_is_told_and_may_let_it_be_and_so_may_whoever_has_the_chat_by_then() {
    for settles in [EVA, PETR] {
        let (mut stage, ids, message) = sent(Delivery::Sending);
        stage.logs_out(EVA);
        stage.passes(Span::minutes(11));
        stage.does(PETR, &accept(ids.0, ids.1, None)).unwrap();
        told(&mut stage, message, lost());
        assert_eq!(undelivered(&stage, EVA), [message]);
        assert_eq!(undelivered(&stage, PETR), []);
        stage.does(settles, &Command::Dismiss { interaction: ids.0, message }).unwrap();
        assert_eq!(undelivered(&stage, EVA), []);
    }
    let (mut stage, ids, message) = sent(Delivery::Sending);
    stage.person(EVA, |user| user.active = false);
    stage.settle();
    stage.passes(Span::minutes(11));
    stage.does(PETR, &accept(ids.0, ids.1, None)).unwrap();
    told(&mut stage, message, lost());
    assert_eq!(undelivered(&stage, EVA), [message], "also of whoever was deactivated");
    let again = MessageId::from_u128(1);
    let resend = Command::Resend { interaction: ids.0, message, again, seen: u64::MAX };
    assert_eq!(stage.does(PETR, &resend).unwrap().len(), 3);
    assert_eq!(undelivered(&stage, EVA), []);
}

#[test]
fn what_was_let_be_still_climbs_when_it_turns_out_to_have_arrived() {
    let (mut stage, (interaction, _), message) = sent(Delivery::Unknown);
    stage.does(EVA, &Command::Dismiss { interaction, message }).unwrap();
    let facts = stage.outgoing[0].1.clone();
    let echo = Occurrence::Delivered {
        interaction,
        message: facts,
        to: Delivery::Sent,
        external_id: None,
        pricing: None,
    };
    assert_eq!(stage.occurs(&echo).unwrap().len(), 1);
}

#[test]
fn an_account_that_may_answer_for_a_week_does_so_in_chats_begun_since() {
    let mut stage = Stage::new();
    let mut shop = account(Channel::Messenger);
    shop.human_agent = true;
    stage.saves(ConfigChange::ConnectorSaved(shop)).unwrap();
    let ids = stage.writes(Channel::Messenger, 0);
    stage.does(EVA, &accept(ids.0, ids.1, None)).unwrap();
    stage.now = stage.now.plus(Span::hours(6 * 24));
    let wish = send(&mut stage, ids.0, "sorry for the wait");
    stage.does(EVA, &wish).unwrap();
    stage.now = stage.now.plus(Span::hours(24));
    let wish = send(&mut stage, ids.0, "too late");
    assert!(matches!(stage.does(EVA, &wish), Err(Refusal::WindowClosed { .. })));
}

#[test]
fn what_a_composer_makes_minds_the_owner_the_limits_and_the_window_but_for_templates() {
    let mut stage = Stage::new();
    let (interaction, activity) = stage.writes(Channel::WhatsApp, 0);
    stage.does(EVA, &accept(interaction, activity, None)).unwrap();
    let choice = |n: usize| Choice { id: n.to_string(), title: "Yes".into(), description: None };
    let ask = |count| Outgoing::Choices {
        text: "?".into(),
        choices: (0..count).map(choice).collect(),
        opens: None,
    };
    let template = Outgoing::Template(Template {
        name: "order".into(),
        language: "en".into(),
        body: Vec::new(),
        header: None,
        buttons: Vec::new(),
    });
    let wish = |content| Composed { interaction, message: MessageId::from_u128(1), content, seen: u64::MAX };
    let decide = |stage: &Stage, user, content| decide::compose(stage.context(None), user, &wish(content));
    assert_eq!(decide(&stage, EVA, ask(3)).unwrap().changes.len(), 1);
    assert!(matches!(decide(&stage, EVA, ask(4)), Err(Refusal::Invalid { .. })), "a list needs its button");
    assert_eq!(decide(&stage, PETR, ask(3)), Err(Refusal::NotYours));
    assert_eq!(decide(&stage, EVA, Outgoing::text(" ")), Err(Refusal::Empty));
    stage.now = stage.now.plus(Span::hours(30));
    assert!(matches!(decide(&stage, EVA, ask(3)), Err(Refusal::WindowClosed { .. })));
    assert!(decide(&stage, EVA, template.clone()).is_ok());
    let left = Occurrence::CustomerLeft {
        connector: account(Channel::WhatsApp).id,
        identity: crate::fixture::customer(Channel::WhatsApp, 0),
    };
    stage.occurs(&left).unwrap();
    assert_eq!(decide(&stage, EVA, template), Err(Refusal::Unsubscribed));
}
