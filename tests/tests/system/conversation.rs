//! The whole conversation on each channel: a customer writes, it rings, an agent answers, it is delivered and seen, closed, and begins anew.

use shared::channel::Channel;
use shared::interaction::{Delivery, InteractionChange, Phase};
use shared::thread::{Body, Content};
use tests::{Desk, Phones, Relay};

async fn whole(channel: Channel) {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    let customer = phones.customer(channel);

    customer.write("Dobrý den, kde je moje zásilka? 🙏").await;
    let card = eva.card().await;
    assert_eq!(card.ringing.channel, channel);
    let said =
        card.content.iter().any(|one| matches!(one, Content::Text { text, .. } if text.contains("zásilka")));
    assert!(said, "the card shows the customer's last message");

    let snapshot = eva.accept(&card).await;
    let id = snapshot.interaction.id;
    assert_eq!(snapshot.interaction.phase, Phase::Active);
    assert_eq!(
        snapshot.entries.iter().map(|e| e.seq).collect::<Vec<_>>(),
        (1..=snapshot.interaction.seq).collect::<Vec<_>>()
    );

    let message = eva.send(id, "Hned se podívám.\nDruhý řádek").await;
    customer.shows("Hned se podívám.\nDruhý řádek").await;
    let reached = |wanted: fn(&Delivery) -> bool| {
        move |change: &InteractionChange| match change {
            InteractionChange::DeliveryChanged { message: m, delivery, .. }
                if *m == message && wanted(delivery) =>
            {
                Some(())
            }
            _ => None,
        }
    };
    eva.change(id, "sent", reached(|d| matches!(d, Delivery::Sent | Delivery::Delivered))).await;
    if channel.capabilities().tells_delivered {
        eva.change(id, "delivered", reached(|d| *d == Delivery::Delivered)).await;
    }
    customer.read().await;
    eva.change(id, "seen", reached(|d| *d == Delivery::Seen)).await;

    eva.close(id, card.ringing.activity).await;
    let ended = eva.interaction(id).await.interaction;
    assert_eq!(ended.phase, Phase::Ended);
    assert!(eva.snapshot().await.agent.open.is_empty(), "the tab is gone");

    customer.write("Ještě jedna otázka").await;
    let again = eva.card().await;
    assert_ne!(again.ringing.interaction, id, "the next message starts a new chat");
    assert_eq!(phones.sends().await.len(), 1, "one send for one message");
}

#[tokio::test(flavor = "multi_thread")]
async fn messenger() {
    whole(Channel::Messenger).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatsapp() {
    whole(Channel::WhatsApp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn viber() {
    whole(Channel::Viber).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn instagram() {
    whole(Channel::Instagram).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_reach_the_desk_on_every_channel() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    for (channel, name) in [
        (Channel::WhatsApp, "Petr Novák"),
        (Channel::Viber, "Lucie Horáková"),
        (Channel::Messenger, "Jana Malá"),
        (Channel::Instagram, "Tomáš Dvořák"),
    ] {
        phones.customer(channel).write("Ahoj").await;
        let card = eva.card().await;
        tests::wait::until(name, || async {
            let customer = eva.interaction(card.ringing.interaction).await.customer;
            (customer.name.as_deref() == Some(name)).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_one_chat_leave_in_the_order_of_typing() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    let customer = phones.customer(Channel::Messenger);
    customer.write("Hello").await;
    let card = eva.card().await;
    let id = eva.accept(&card).await.interaction.id;
    // The provider stumbles over the first one: the others wait behind it.
    phones
        .post(
            "/control/fail",
            &serde_json::json!({
                "account": Phones::account(Channel::Messenger), "times": 1, "status": 500,
                "body": { "error": { "message": "temporary", "type": "OAuthException", "code": 2 } },
            }),
        )
        .await;
    for n in 1..=8 {
        eva.send(id, &format!("line {n}")).await;
    }
    customer.shows("line 8").await;
    let lines: Vec<String> = customer
        .thread()
        .await
        .iter()
        .filter_map(|m| m["text"].as_str())
        .filter(|text| text.starts_with("line"))
        .map(Into::into)
        .collect();
    assert_eq!(lines, (1..=8).map(|n| format!("line {n}")).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_drawn_yet_still_rings_and_is_kept() {
    let relay = Relay::start().await;
    let phones = Phones::of(&relay);
    let mut eva = Desk::open(&relay, "eva").await;
    phones.customer(Channel::WhatsApp).write_with(&serde_json::json!({ "kind": "unsupported" })).await;
    let card = eva.card().await;
    let snapshot = eva.accept(&card).await;
    let unsupported = snapshot.entries.iter().any(|entry| {
        matches!(&entry.body, Body::Message(m) if m.kind == shared::interaction::MessageKind::Unsupported)
    });
    assert!(unsupported);
}
