//! The races, decided by the relay: two accept at once, late accepts, lost answers, closing against writing; long because each is told once, side by side with the others.

use serde_json::json;
use shared::agent::{AgentChange, ResumeCause};
use shared::channel::Channel;
use shared::command::Command;
use shared::event::Change;
use shared::id::CommandId;
use shared::interaction::{InteractionChange, OfferState, Phase};
use shared::refusal::Refusal;
use shared::wire::Outcome;
use std::time::Duration;
use tests::desk::Card;
use tests::{Desk, Phones, Relay};
use uuid::Uuid;

fn accept(card: &Card, from_card: bool) -> Command {
    let ringing = &card.ringing;
    Command::Accept {
        interaction: ringing.interaction,
        activity: ringing.activity,
        offer: from_card.then_some(ringing.offer),
    }
}

/// How many pauses this desk was told of.
fn pauses(desk: &Desk) -> usize {
    let paused =
        |event: &shared::event::Event| matches!(event.change, Change::Agent(AgentChange::Paused { .. }));
    desk.events().iter().filter(|event| paused(event)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn r01_two_accept_at_once_and_one_wins() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    let petr = Desk::open(&relay, "petr").await;
    for round in 0..10 {
        let name = format!("Customer {round}");
        phones.create(Channel::WhatsApp, &name).await.write("Hello").await;
        let row = eva
            .next("the waiting row", |frame| match frame {
                shared::wire::RelayFrame::List {
                    update: shared::wire::ListUpdate::Waiting { upsert, .. },
                } => upsert.iter().find(|row| row.customer == name).cloned(),
                _ => None,
            })
            .await;
        let accept = Command::Accept { interaction: row.interaction, activity: row.activity, offer: None };
        let (one, two) = tokio::join!(eva.command(accept.clone()), petr.command(accept));
        let done = [&one, &two].iter().filter(|o| matches!(o, Outcome::Done { .. })).count();
        assert_eq!(done, 1, "{one:?} / {two:?}");
        let lost = if matches!(one, Outcome::Done { .. }) { two } else { one };
        assert!(matches!(lost, Outcome::Refused { refusal: Refusal::Taken { by: Some(_) } }), "{lost:?}");
        let state = eva.interaction(row.interaction).await.interaction;
        assert_eq!(state.activities.iter().filter(|a| a.owner.is_some()).count(), 1);
        assert_eq!(pauses(&petr), 0, "a withdrawn offer never pauses");
    }
    assert_eq!(pauses(&eva), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn r02_a_late_accept_still_counts_and_lifts_the_pause_it_caused() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    phones.customer(Channel::WhatsApp).write("Hello").await;
    let card = eva.card().await;
    relay.advance(Duration::from_secs(31)).await;
    eva.ever("the automatic pause", |frame| match frame {
        shared::wire::RelayFrame::Event { event, .. } => match &event.change {
            Change::Agent(AgentChange::Paused { pause, .. }) => (!pause.paid).then_some(()),
            _ => None,
        },
        _ => None,
    })
    .await;
    eva.done(accept(&card, true)).await;
    let resumed = |frame: &shared::wire::RelayFrame| match frame {
        shared::wire::RelayFrame::Event { event, .. } => match &event.change {
            Change::Agent(AgentChange::Resumed { cause: ResumeCause::LateAccept { offer } }) => {
                (*offer == card.ringing.offer).then_some(())
            }
            _ => None,
        },
        _ => None,
    };
    eva.ever("the pause lifted", resumed).await;
    let agent = eva.snapshot().await.agent;
    assert!(agent.pause.is_none());
    assert_eq!(agent.open.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn r03_whoever_left_before_the_accept_cannot_be_accepted() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    let lucie = phones.customer(Channel::Viber);
    lucie.write("Hello").await;
    let card = eva.card().await;
    lucie.subscribe(false).await;
    eva.ever("the offer withdrawn", |frame| match frame {
        shared::wire::RelayFrame::Event { event, .. } => match &event.change {
            Change::Agent(AgentChange::RingEnded { state: OfferState::Withdrawn { .. }, .. }) => Some(()),
            _ => None,
        },
        _ => None,
    })
    .await;
    assert_eq!(eva.refused(accept(&card, true)).await, Refusal::CustomerGone);
    assert_eq!(eva.interaction(card.ringing.interaction).await.interaction.phase, Phase::Missed);
    assert_eq!(pauses(&eva), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn r04_the_same_command_again_has_one_effect_and_one_answer() {
    let mut relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    phones.customer(Channel::Messenger).write("Hello").await;
    let card = eva.card().await;
    let id = CommandId(Uuid::now_v7());
    let first = eva.command_as(id, accept(&card, true)).await;
    assert_eq!(first, eva.command_as(id, accept(&card, true)).await);
    let other =
        Command::Reject { interaction: card.ringing.interaction, offer: card.ringing.offer, reason: None };
    let reused = eva.command_as(id, other).await;
    assert!(matches!(reused, Outcome::Refused { refusal: Refusal::KeyReused }), "{reused:?}");
    relay.kill_and_restart().await;
    let eva = Desk::open(&relay, "eva").await;
    assert_eq!(first, eva.command_as(id, accept(&card, true)).await, "also after a crash");
    assert_eq!(eva.snapshot().await.agent.open.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn r05_an_offer_ends_once_when_reject_and_expiry_cross() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    phones.customer(Channel::Viber).write("Hello").await;
    let card = eva.card().await;
    let reject =
        Command::Reject { interaction: card.ringing.interaction, offer: card.ringing.offer, reason: None };
    tokio::join!(relay.advance(Duration::from_secs(31)), eva.command(reject));
    // The pause is told after the end of the offer, in a frame of its own.
    eva.ever("the pause", |frame| match frame {
        shared::wire::RelayFrame::Event { event, .. } => {
            matches!(&event.change, Change::Agent(AgentChange::Paused { .. })).then_some(())
        }
        _ => None,
    })
    .await;
    let ends = eva
        .events()
        .iter()
        .filter(|e| matches!(&e.change, Change::Agent(AgentChange::RingEnded { offer, .. }) if *offer == card.ringing.offer))
        .count();
    assert_eq!(ends, 1);
    assert_eq!(pauses(&eva), 1, "one pause at most, and this queue gives one");
}

#[tokio::test(flavor = "multi_thread")]
async fn r07_closing_against_a_new_message_asks_first_and_after_the_end_starts_anew() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    let customer = phones.customer(Channel::WhatsApp);
    customer.write("Hello").await;
    let card = eva.card().await;
    let snapshot = eva.accept(&card).await;
    let (id, activity) = (snapshot.interaction.id, card.ringing.activity);
    let statuses = eva.snapshot().await.config.queues;
    let queue = statuses.iter().find(|q| q.queue.id == card.ringing.queue.id).unwrap();
    let disposition = Some(queue.dispositions[0].id);

    // without a status the relay refuses, whatever the desk shows.
    let seen = snapshot.interaction.last_customer_seq;
    assert_eq!(
        eva.refused(Command::Close { interaction: id, activity, seen }).await,
        Refusal::DispositionRequired
    );
    eva.done(Command::ChooseDisposition { interaction: id, activity, disposition, also: Vec::new() }).await;

    customer.write("And one more thing").await;
    let newest = eva
        .change(id, "the second message", |change| {
            matches!(change, InteractionChange::CustomerWrote { .. }).then_some(())
        })
        .await;
    let () = newest;
    let refusal = eva.refused(Command::Close { interaction: id, activity, seen }).await;
    let Refusal::NewMessage { seq } = refusal else { panic!("{refusal:?}") };
    eva.done(Command::Close { interaction: id, activity, seen: seq }).await;

    customer.write("After the end").await;
    let again = eva.card().await;
    assert_ne!(again.ringing.interaction, id);
    // nothing leads out of the end, but the status may still be corrected.
    assert_eq!(eva.refused(Command::Close { interaction: id, activity, seen: seq }).await, Refusal::Ended);
    let other = Some(queue.dispositions[1].id);
    eva.done(Command::ChooseDisposition { interaction: id, activity, disposition: other, also: Vec::new() })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r17_a_message_delivered_twice_is_one_message() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    for channel in Channel::ALL {
        let customer = phones.customer(channel);
        customer.write("Hello").await;
        let card = eva.card().await;
        for _ in 0..5 {
            customer.duplicate().await;
        }
        customer.write("The end").await;
        let id = card.ringing.interaction;
        tests::wait::until("both messages", || async {
            (eva.interaction(id)
                .await
                .entries
                .iter()
                .filter(|e| matches!(e.body, shared::thread::Body::Message(_)))
                .count()
                == 2)
                .then_some(())
        })
        .await;
        eva.accept(&card).await;
        eva.close(id, card.ringing.activity).await;
        // A duplicate after the end starts nothing either.
        customer.duplicate().await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let page = relay.get(&eva.token, "/api/v1/interactions").await;
    assert_eq!(page["interactions"].as_array().unwrap().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn r22_two_desks_of_one_agent_see_the_same_and_act_once() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut one = Desk::open(&relay, "eva").await;
    let mut two = Desk::open(&relay, "eva").await;
    phones.customer(Channel::Messenger).write("Hello").await;
    let card = one.card().await;
    assert_eq!(two.card().await.ringing, card.ringing);
    let (a, b) = tokio::join!(one.command(accept(&card, true)), two.command(accept(&card, true)));
    assert!(matches!((a, b), (Outcome::Done { .. }, Outcome::Done { .. })), "both desks are the same agent");
    let took = |desk: &Desk| {
        desk.events().iter().filter(|e| matches!(&e.change, Change::Agent(AgentChange::Took { .. }))).count()
    };
    tests::wait::until("the tab on both", || {
        let both = took(&one) == 1 && took(&two) == 1;
        async move { both.then_some(()) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r28_a_reload_finds_the_offer_with_its_true_deadline() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    phones.customer(Channel::Messenger).write("Hello").await;
    let card = eva.card().await;
    relay.advance(Duration::from_secs(28)).await;
    drop(eva);
    let eva = Desk::open(&relay, "eva").await;
    let snapshot = eva.snapshot().await;
    let still = &snapshot.agent.ringing[0];
    assert_eq!(still.offer, card.ringing.offer);
    assert_eq!(still.expires_at, card.ringing.expires_at);
    // what is left is told by the relay's clock alone.
    assert!(still.expires_at.since(snapshot.now).0 <= 2_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn reject_goes_to_the_next_and_pauses_once() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    phones.customer(Channel::WhatsApp).write("Hello").await;
    let card = eva.card().await;
    let mut petr = Desk::open(&relay, "petr").await;
    eva.done(Command::Reject {
        interaction: card.ringing.interaction,
        offer: card.ringing.offer,
        reason: None,
    })
    .await;
    let next = petr.card().await;
    assert_eq!(next.ringing.activity, card.ringing.activity);
    assert_eq!(next.ringing.queued_at, card.ringing.queued_at, "the time in queue goes on");
    assert_eq!(pauses(&eva), 1);
    eva.done(Command::Resume).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn max_wait_ends_as_missed() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let eva = Desk::open(&relay, "eva").await;
    let lunch = eva.snapshot().await.config.pauses[0].id;
    eva.done(Command::Pause { pause: lunch }).await;
    phones.customer(Channel::Messenger).write("Hello").await;
    let id = eva
        .ever("the waiting row", |frame| match frame {
            shared::wire::RelayFrame::List { update: shared::wire::ListUpdate::Waiting { upsert, .. } } => {
                upsert.first().map(|row| row.interaction)
            }
            _ => None,
        })
        .await;
    relay.advance(Duration::from_secs(3_601)).await;
    tests::wait::until("missed", || async {
        (eva.interaction(id).await.interaction.phase == Phase::Missed).then_some(())
    })
    .await;
    let page = relay.get(&eva.token, "/api/v1/interactions?phase=missed").await;
    assert_eq!(page["interactions"][0]["disconnection"], json!("timeout"));
}
