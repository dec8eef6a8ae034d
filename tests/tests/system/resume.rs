//! A desk that was cut off resumes exactly where it stood, and is told plainly when it cannot.

use shared::channel::Channel;
use shared::event::Stream;
use shared::wire::{DeskFrame, Position, RelayFrame, Resume};
use shared::world::{Applied, World};
use tests::{Desk, Phones, Relay};

#[tokio::test(flavor = "multi_thread")]
async fn missed_events_follow_without_gap_or_double() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    let customer = phones.customer(Channel::WhatsApp);
    customer.write("Hello").await;
    let card = eva.card().await;
    let id = card.ringing.interaction;
    let held = eva.accept(&card).await;
    let agent = eva.snapshot().await.agent;
    let epoch = eva.snapshot().await.epoch;
    eva.cut();
    for n in 0..20 {
        customer.write(&format!("while away {n}")).await;
    }
    tests::wait::until("all of them", || async {
        let now = eva.interaction(id).await.interaction;
        (now.seq >= held.interaction.seq + 20).then_some(())
    })
    .await;
    let resume = vec![
        Position { stream: Stream::Agent(eva.user), version: agent.version },
        Position { stream: Stream::Interaction(id), version: held.interaction.version },
    ];
    let back = Desk::open_with(&relay, eva.token.clone(), Some(epoch), resume).await;
    let streams = back
        .ever("the welcome", |f| match f {
            RelayFrame::Welcome { streams, .. } => Some(streams.clone()),
            _ => None,
        })
        .await;
    assert!(streams.iter().all(|one| one.how == Resume::Resumed), "{streams:?}");
    customer.write("back again").await;
    let mut world = World::default();
    world.adopt(held.interaction.clone());
    let fresh = tests::wait::until("the same state", || {
        let (mut world, events) = (world.clone(), back.events());
        let fresh = back.interaction(id);
        async move {
            for event in events.iter().filter(|e| e.stream == Stream::Interaction(id)) {
                assert_ne!(world.apply(event), Applied::Gap, "no hole");
            }
            let fresh = fresh.await.interaction;
            (world.interaction(id) == Some(&fresh) && fresh.seq == held.interaction.seq + 21).then_some(fresh)
        }
    })
    .await;
    let versions: Vec<u64> =
        back.events().iter().filter(|e| e.stream == Stream::Interaction(id)).map(|e| e.version).collect();
    let expected: Vec<u64> = (held.interaction.version + 1..=fresh.version).collect();
    assert_eq!(versions, expected, "each event once, in order");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_epoch_and_an_impossible_version_are_fetched_anew() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    phones.customer(Channel::WhatsApp).write("Hello").await;
    let card = eva.card().await;
    eva.accept(&card).await;
    let epoch = eva.snapshot().await.epoch;
    let stream = Stream::Interaction(card.ringing.interaction);
    for (epoch, version) in [("another".to_owned(), 1), (epoch, 1_000_000)] {
        let resume = vec![Position { stream, version }];
        let desk = Desk::open_with(&relay, eva.token.clone(), Some(epoch), resume).await;
        let how = desk
            .ever("the welcome", |f| match f {
                RelayFrame::Welcome { streams, .. } => {
                    streams.iter().find(|s| s.stream == stream).map(|s| s.how)
                }
                _ => None,
            })
            .await;
        assert_eq!(how, Resume::Anew);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_watches_what_they_have_no_rights_to() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    phones.customer(Channel::WhatsApp).write("secret words").await;
    let card = eva.card().await;
    eva.accept(&card).await;
    // The admin has no queue: administration is no right to read customers' words.
    let admin = Desk::open(&relay, "admin").await;
    let id = card.ringing.interaction;
    admin.say(DeskFrame::Watch { interaction: id, version: 0 });
    phones.customer(Channel::WhatsApp).write("more secret words").await;
    eva.change(id, "the message", |_| Some(())).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(admin.events().iter().all(|e| e.stream != Stream::Interaction(id)));
    let url = format!("{}/api/v1/interactions/{id}", relay.base);
    let answer = relay.http.get(url).bearer_auth(&admin.token).send().await.unwrap();
    assert!(answer.status().is_client_error(), "{}", answer.status());
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_cuts_the_socket_within_a_second() {
    let relay = Relay::start().await;
    let eva = Desk::open(&relay, "eva").await;
    let url = format!("{}/api/v1/session", relay.base);
    let answer = relay.http.delete(url).bearer_auth(&eva.token).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
    let cut = async {
        while !eva.is_cut() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(1), cut).await.expect("still open after a second");
}
