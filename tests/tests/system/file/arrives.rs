//! From the phones to the desk while the relay dies and stands still: what customers wrote, what the log has and what a desk is shown are the same (I-03).

use shared::channel::Channel;
use shared::id::InteractionId;
use shared::interaction::Direction;
use shared::thread::Body;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tests::ledger::{self, Stored};
use tests::seed::{self, Seed};
use tests::{Customer, Desk, Phones, Relay};

/// How long a relay stands still at the most, in milliseconds.
const STILL: u64 = 400;

#[tokio::test(flavor = "multi_thread")]
async fn i03_what_customers_write_arrives_once_though_the_relay_dies_and_stands_still() {
    let mut seed = Seed::of("I-03");
    let mut relay = Relay::start_apart_on(None).await;
    let phones = Phones::of(&relay);
    let customers: Vec<Customer> = Channel::ALL.into_iter().map(|one| phones.customer(one)).collect();
    let mut written: BTreeMap<String, String> = BTreeMap::new();
    for round in 0..seed::rounds(50) {
        for n in 0..=seed.below(4) {
            let customer = &customers[usize::try_from(seed.below(customers.len() as u64)).unwrap()];
            let text = format!("round {round}, message {n}");
            written.insert(customer.write(&text).await, text);
        }
        tokio::time::sleep(Duration::from_millis(seed.below(80))).await;
        if seed.once_in(3) {
            let process = relay.pid().unwrap();
            signal(process, "-STOP").await;
            tokio::time::sleep(Duration::from_millis(seed.below(STILL))).await;
            signal(process, "-CONT").await;
        } else {
            relay.kill_and_restart().await;
        }
    }
    tests::wait::until("the providers to have handed everything over", || async {
        // Neither behind others nor on its way, be it between two attempts.
        let accounts = phones.get("/control/accounts").await;
        (accounts["webhooks_waiting"] == 0 && accounts["lanes_busy"] == 0).then_some(())
    })
    .await;
    ledger::understood(&relay.file()).await;
    let stored = Stored::read(&relay.file());
    assert_eq!(stored.faults(), Vec::<String>::new());
    let sent: BTreeSet<&str> = written.keys().map(String::as_str).collect();
    assert_eq!(stored.externals(), sent, "the log against the phones");

    let eva = Desk::open(&relay, "eva").await;
    let chats: BTreeSet<&str> = stored.messages.iter().map(|message| message.interaction.as_str()).collect();
    let mut shown = Vec::new();
    for chat in chats {
        let chat: InteractionId = serde_json::from_value(chat.into()).unwrap();
        let entries = eva.interaction(chat).await.entries;
        shown.extend(entries.into_iter().filter_map(|entry| match entry.body {
            Body::Message(message) if message.direction == Direction::In => message.text,
            _ => None,
        }));
    }
    let mut texts: Vec<String> = written.into_values().collect();
    shown.sort();
    texts.sort();
    assert_eq!(shown, texts, "the desk against the phones");
}

/// Sends a signal to a process, as `kill` does.
async fn signal(process: u32, what: &str) {
    let mut kill = tokio::process::Command::new("kill");
    assert!(kill.args([what, &process.to_string()]).status().await.unwrap().success());
}
