//! Messages whose answer was lost: what the provider tells of them later settles them, whenever and however often it comes; nothing is ever sent again for it (I-21).

use serde_json::{Value, json};
use shared::channel::Channel;
use std::collections::{BTreeMap, BTreeSet};
use tests::crowd::{self, Chat};
use tests::ledger::{self, Stored};
use tests::relay::Database;
use tests::seed;
use tests::wait::until;
use tests::{Desk, Fault, Phones, Relay, Setup};

/// Chats of each channel.
const CHATS: usize = 10;

/// When the provider tells that it has the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Echo {
    /// Before the answer is known to be lost.
    Early,
    /// Long after it.
    Late,
    /// More than once.
    Twice,
    /// Never.
    Never,
}

const ECHOES: [Echo; 4] = [Echo::Early, Echo::Late, Echo::Twice, Echo::Never];

#[tokio::test(flavor = "multi_thread")]
async fn i21_what_is_unknown_is_settled_by_the_providers_own_words_and_never_sent_again() {
    let environment = vec![("SIGNALBOX_LIMITS".into(), "socket_frames = 100000".into())];
    let setup = Setup { apart: true, environment, database: Database::File, ..Setup::default() };
    let mut relay = Relay::start_with(setup).await;
    let phones = Phones::of(&relay);
    let eva = Desk::open(&relay, "eva").await;
    let mut chats = BTreeMap::new();
    // Viber tells nothing by which a message of ours could be known again.
    for channel in [Channel::Messenger, Channel::WhatsApp, Channel::Viber] {
        phones.unlimited(channel).await;
        chats.insert(channel, crowd::open(&phones, &eva, channel, CHATS).await);
    }
    let each = seed::rounds(1_000) / 9;
    let mut typed: BTreeMap<(Channel, Echo), BTreeSet<String>> = BTreeMap::new();
    let mut words = BTreeMap::new();
    for echo in ECHOES {
        let channels: &[Channel] = match echo {
            Echo::Never => &[Channel::Messenger, Channel::WhatsApp, Channel::Viber],
            _ => &[Channel::Messenger, Channel::WhatsApp],
        };
        prepare(&phones, echo).await;
        let mut wishes = BTreeSet::new();
        for channel in channels {
            for n in 0..each {
                let chat: &Chat = &chats[channel][n % CHATS];
                let text = format!("{channel:?} {echo:?} {n}");
                let (wish, message) = eva.types(chat.id, &text);
                wishes.insert(wish);
                words.insert(message.to_string(), text);
                typed.entry((*channel, echo)).or_default().insert(message.to_string());
            }
        }
        eva.all_done(&wishes).await;
        // What is behind an unknown message is not held up by it.
        ledger::sent(&relay.file()).await;
        if echo == Echo::Late {
            let all: BTreeSet<&String> = channels.iter().flat_map(|one| &typed[&(*one, echo)]).collect();
            let stored = Stored::read(&relay.file());
            let states = states(&stored);
            assert!(all.iter().all(|one| states[*one] == json!("unknown")), "told too early");
        }
        phones.no_faults().await;
        phones.release(&json!({})).await;
        if echo != Echo::Never {
            settled(&relay, channels.iter().flat_map(|one| &typed[&(*one, echo)]).collect()).await;
        }
    }
    // Nothing changes by a new start either.
    relay.kill_and_restart().await;
    phones.customer(Channel::Viber).write("Another").await;
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    let stored = Stored::read(&relay.file());
    assert_eq!(stored.faults(), Vec::<String>::new());
    let (states, steps) = (states(&stored), stored.steps());
    let was_unknown: BTreeSet<&str> =
        steps.iter().filter(|one| one.delivery == json!("unknown")).map(|one| one.message.as_str()).collect();
    let times = phones.counted().await;
    for ((channel, echo), all) in &typed {
        for message in all {
            assert_eq!(
                times.get(&words[message]),
                Some(&1),
                "{channel:?} {echo:?}: {message} was not sent once"
            );
            let still = states[message] == json!("unknown");
            assert_eq!(still, *echo == Echo::Never, "{channel:?} {echo:?}: {message} is {}", states[message]);
        }
        let seen = all.iter().filter(|one| was_unknown.contains(one.as_str())).count();
        println!(
            "I-21: {channel:?} {echo:?}: {} messages, {seen} of them were unknown for a while",
            all.len()
        );
        assert!(
            *echo == Echo::Early || seen > all.len() / 2,
            "{channel:?} {echo:?}: only {seen} were unknown"
        );
    }
}

/// Sets the providers up: from now on every answer is lost.
async fn prepare(phones: &Phones, echo: Echo) {
    let tells = echo != Echo::Never;
    phones.settings(&json!({ "receipts": if tells { "auto" } else { "manual" }, "delay_ms": 0 })).await;
    phones.change_account(Channel::Messenger, &json!({ "echoes": tells })).await;
    match echo {
        Echo::Early => drop(phones.fault(&Fault::new("timeout_after").on("send").with("ms", 150)).await),
        Echo::Late => {
            phones.hold_webhooks().await;
            phones.fault(&Fault::new("lost").on("send")).await;
        }
        Echo::Twice => {
            phones.fault(&Fault::new("lost").on("send")).await;
            phones.fault(&Fault::new("duplicate")).await;
            // So that the answer is known to be lost first, which the messages above show the other way round.
            phones.fault(&Fault::new("delay").with("ms", 20)).await;
        }
        Echo::Never => drop(phones.fault(&Fault::new("lost").on("send")).await),
    }
}

/// Waits until none of these is unknown any more.
async fn settled(relay: &Relay, all: BTreeSet<&String>) {
    until("the unknown to be settled", || {
        let stored = Stored::read(&relay.file());
        let states = states(&stored);
        let open = all.iter().any(|one| states[*one] == json!("unknown"));
        async move { (!open).then_some(()) }
    })
    .await;
}

/// How far each message of ours has come.
fn states(stored: &Stored) -> BTreeMap<String, Value> {
    let out = stored.messages.iter().filter(|one| one.direction == "out");
    out.map(|one| (one.id.clone(), one.delivery.clone().unwrap_or_default())).collect()
}
