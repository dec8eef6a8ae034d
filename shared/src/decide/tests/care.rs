//! What an agent sends once more or lets be, what a composer makes, and the longer window of some accounts.

use super::{accept, choose, close, open, send};
use crate::channel::{Channel, Choice, Outgoing, Template};
use crate::command::{Command, Occurrence};
use crate::config::ConfigChange;
use crate::decide::{self, Composed};
use crate::event::Change;
use crate::fixture::{EVA, PETR, Stage, account};
use crate::id::{InteractionId, MessageId};
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
