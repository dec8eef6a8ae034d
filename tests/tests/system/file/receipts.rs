//! Receipts in any order, again and again, and before the answer they belong to: what is shown only climbs (I-08).

use serde_json::{Value, json};
use shared::channel::Channel;
use shared::event::Change;
use shared::interaction::{Delivery, InteractionChange};
use std::collections::BTreeMap;
use tests::ledger::{self, Stored};
use tests::seed::{self, Seed};
use tests::{Desk, Phones, Relay};

/// What a provider says of one message, from the lowest step to the highest.
const STEPS: [&str; 3] = ["sent", "delivered", "read"];

#[tokio::test(flavor = "multi_thread")]
async fn i08_receipts_in_any_order_only_climb() {
    let mut seed = Seed::of("I-08");
    let relay = Relay::start_apart_on(None).await;
    let phones = Phones::of(&relay);
    phones.settings(&json!({ "receipts": "manual" })).await;
    phones.unlimited(Channel::WhatsApp).await;
    let customer = phones.customer(Channel::WhatsApp);
    let mut eva = Desk::open(&relay, "eva").await;
    customer.write("Hello").await;
    let card = eva.card().await;
    let chat = eva.accept(&card).await.interaction.id;
    for round in 0..seed::rounds(100) {
        let text = format!("message {round}");
        let message = eva.send(chat, &text).await;
        customer.shows(&text).await;
        let sent = |change: &InteractionChange| match change {
            InteractionChange::DeliveryChanged { message: one, external_id: Some(id), .. } => {
                (*one == message).then(|| id.clone())
            }
            _ => None,
        };
        let external = eva.change(chat, "the provider's id", sent).await;
        let mut told: Vec<&str> = STEPS.iter().flat_map(|step| [*step].repeat(2)).collect();
        for n in (1..told.len()).rev() {
            told.swap(n, usize::try_from(seed.below(n as u64 + 1)).unwrap());
        }
        for step in told {
            assert_eq!(phones.webhook(Channel::WhatsApp, &status(&external, step)).await, 200);
        }
    }
    ledger::understood(&relay.file()).await;
    let mut highest: BTreeMap<String, Delivery> = BTreeMap::new();
    let mut fell = Vec::new();
    for event in eva.events() {
        if let Change::Interaction(InteractionChange::DeliveryChanged { message, delivery, .. }) =
            event.change
        {
            let known = highest.insert(message.to_string(), delivery.clone());
            fell.extend(
                known.filter(|known| known.climbs_to(&delivery).eq(&false)).map(|known| (known, delivery)),
            );
        }
    }
    // The answer's step may be told once more with the provider's id, when a receipt overtook it; never a lower one.
    fell.retain(|(before, after)| before != after);
    assert!(fell.is_empty(), "{fell:?}");
    let ends = Stored::read(&relay.file()).messages;
    let ends: Vec<_> = ends.iter().filter_map(|message| message.delivery.as_ref()).collect();
    assert!(ends.iter().all(|end| **end == json!("seen")), "{ends:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i08_a_receipt_before_its_answer_is_not_lost() {
    let relay = Relay::start_apart_on(None).await;
    let phones = Phones::of(&relay);
    phones.settings(&json!({ "receipts": "manual" })).await;
    let customer = phones.customer(Channel::Viber);
    let mut eva = Desk::open(&relay, "eva").await;
    customer.write("Hello").await;
    let card = eva.card().await;
    let chat = eva.accept(&card).await.interaction.id;
    for round in 0..5 {
        let text = format!("message {round}");
        let hold = json!({ "what": "answers", "account": Phones::account(Channel::Viber) });
        phones.post("/control/hold", &hold).await;
        let message = eva.send(chat, &text).await;
        customer.shows(&text).await;
        let before = Stored::read(&relay.file()).items.values().sum::<usize>();
        customer.deliver().await;
        // The receipt is taken while the answer is held: every item is looked at, and this one has to wait.
        tests::wait::until("the receipt at the relay", || {
            let items = Stored::read(&relay.file()).items;
            let open = items.get("new").copied().unwrap_or(0);
            let came = items.values().sum::<usize>() > before;
            async move { (open == 0 && came).then_some(()) }
        })
        .await;
        phones.post("/control/release", &json!({})).await;
        let delivered = |change: &InteractionChange| {
            let wanted = matches!(change, InteractionChange::DeliveryChanged { message: one, delivery, .. }
                if *one == message && *delivery == Delivery::Delivered);
            wanted.then_some(())
        };
        eva.change(chat, "delivered, although it was told before sent", delivered).await;
    }
}

/// A status of WhatsApp.
fn status(external: &str, step: &str) -> Value {
    let account = Phones::account(Channel::WhatsApp);
    json!({ "body": { "object": "whatsapp_business_account", "entry": [{ "id": "102290129340398", "changes": [{
        "field": "messages",
        "value": {
            "messaging_product": "whatsapp",
            "metadata": { "display_phone_number": "15550783881", "phone_number_id": account },
            "statuses": [{ "id": external, "status": step, "timestamp": "1700000000", "recipient_id": "420777123456" }],
        },
    }]}]}})
}
