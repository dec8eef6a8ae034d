//! Thousands of messages on their way out while providers stumble and the relay dies: each comes to an end in time, each chat's leave in the order of typing, and a lost answer is no reason to send again (I-19, I-20, I-22).

use serde_json::json;
use shared::channel::Channel;
use shared::id::{CommandId, InteractionId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tests::crowd::{self, Chat};
use tests::ledger::{self, Step, Stored};
use tests::relay::Database;
use tests::seed::{self, Seed};
use tests::{Desk, Fault, Phones, Relay, Setup};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

/// A quarter of an hour of tries and a minute's pause before the last one; and as much again, since the relay's clock
/// goes a minute a second here, also while a busy machine lets the relay wait for its turn.
const LONGEST: Duration = Duration::from_mins(32);

/// A relay that reads as fast as a test types.
async fn start() -> Relay {
    let environment = vec![("SIGNALBOX_LIMITS".into(), "socket_frames = 100000".into())];
    Relay::start_with(Setup { apart: true, environment, database: Database::File, ..Setup::default() }).await
}

/// Chats of every channel that an agent has open, as many of each.
async fn open(phones: &Phones, desk: &Desk, each: usize) -> Vec<Chat> {
    let mut chats = Vec::new();
    for channel in Channel::ALL {
        phones.unlimited(channel).await;
        chats.extend(crowd::open(phones, desk, channel, each).await);
    }
    chats
}

#[tokio::test(flavor = "multi_thread")]
async fn i20_each_message_comes_to_an_end_in_time_whatever_providers_do() {
    let mut seed = Seed::of("I-20");
    let mut relay = start().await;
    let phones = Phones::of(&relay);
    phones.settings(&json!({ "receipts": "manual" })).await;
    let mut eva = Desk::open(&relay, "eva").await;
    let chats = open(&phones, &eva, 26).await;
    // The last of each channel has a provider that never takes anything; the one before it, one that never answers.
    let (hopeless, rest): (Vec<&Chat>, Vec<&Chat>) = {
        let place = |chat: &Chat| {
            chats.iter().filter(|one| one.channel == chat.channel).position(|one| one.id == chat.id)
        };
        chats.iter().partition(|chat| place(chat) == Some(25))
    };
    for chat in &hopeless {
        phones.fault(&Fault::new("internal").on("send").with("customer", chat.customer.key.as_str())).await;
        eva.send(chat.id, "nobody takes this").await;
    }
    // For longer than the 20 s that the relay waits for an answer.
    phones
        .fault(
            &Fault::new("timeout_after").on("send").with("customer", rest[0].customer.key.as_str()).times(1),
        )
        .await;
    eva.send(rest[0].id, "nobody answers this").await;
    for (fault, chance) in [("cut", 0.02), ("lost", 0.02), ("internal", 0.03), ("rate", 0.002)] {
        phones.fault(&Fault::new(fault).on("send").chance(chance)).await;
    }
    for (fault, chance, ms) in
        [("timeout_before", 0.005, 900), ("timeout_after", 0.005, 900), ("slow", 0.02, 300)]
    {
        phones.fault(&Fault::new(fault).on("send").chance(chance).with("ms", ms)).await;
    }
    let hurry = relay.hurry(Duration::from_secs(10));
    let all = seed::rounds(5_000);
    let parts = 10;
    let mut typed = 0;
    for part in 1..=parts {
        let mut wishes = BTreeSet::new();
        while typed < all * part / parts {
            let chat = rest[usize::try_from(seed.below(rest.len() as u64)).unwrap()];
            wishes.insert(eva.types(chat.id, &format!("message {typed}")).0);
            typed += 1;
        }
        eva.all_done(&wishes).await;
        if part % 3 == 0 {
            // In the middle of sending.
            relay.kill_and_restart().await;
            eva = Desk::open_with(&relay, eva.token.clone(), None, Vec::new()).await;
        }
    }
    // Those that nobody takes are given up after a quarter of an hour, and nothing else waits for anything by then.
    drop(hurry);
    let hurry = relay.hurry(Duration::from_mins(1));
    ledger::sent(&relay.file()).await;
    drop(hurry);
    let stored = Stored::read(&relay.file());
    assert_eq!(stored.faults(), Vec::<String>::new());
    let out: Vec<_> = stored.messages.iter().filter(|one| one.direction == "out").collect();
    assert_eq!(out.len(), all + 1 + hopeless.len(), "what was accepted is there");
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for one in &out {
        let end = one.delivery.as_ref().map(ToString::to_string).unwrap_or_default();
        *ends.entry(end).or_default() += 1;
    }
    println!("I-20: {ends:?}");
    let honest = |end: &String| ["\"sent\"", "\"unknown\""].contains(&end.as_str()) || end.contains("failed");
    assert!(ends.keys().all(honest), "{ends:?}");
    let (steps, mut since, mut longest) = (stored.steps(), BTreeMap::new(), 0);
    for step in &steps {
        let began = *since.entry(step.message.clone()).or_insert(step.at);
        if step.ends() {
            longest = longest.max(step.at - began);
        }
    }
    assert!(longest <= i64::try_from(LONGEST.as_millis()).unwrap(), "one was on its way for {longest} ms");
    // Each key at most once, here as everywhere.
    let twice: Vec<_> = phones.counted().await.into_iter().filter(|(_, times)| *times > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i22_messages_leave_in_the_order_of_typing_and_none_jumps_past_a_failed_one_unseen() {
    let mut seed = Seed::of("I-22");
    let relay = start().await;
    let phones = Phones::of(&relay);
    phones.settings(&json!({ "receipts": "manual" })).await;
    let eva = Desk::open(&relay, "eva").await;
    let chats = open(&phones, &eva, seed::rounds(200).div_ceil(4)).await;
    // One send in twenty fails: for now, for good, or nobody knows.
    for (fault, chance) in [("internal", 0.02), ("lost", 0.015)] {
        phones.fault(&Fault::new(fault).on("send").chance(chance)).await;
    }
    for (channel, code) in [
        (Channel::Messenger, 100),
        (Channel::WhatsApp, 131_051),
        (Channel::Viber, 13),
        (Channel::Instagram, 100),
    ] {
        phones.fault(&Fault::new("error").at(channel).on("send").chance(0.015).with("code", code)).await;
    }
    let hurry = relay.hurry(Duration::from_mins(1));
    let mut typed: BTreeMap<InteractionId, Vec<String>> = BTreeMap::new();
    let mut owner = BTreeMap::new();
    let mut wishes: BTreeSet<CommandId> = BTreeSet::new();
    for burst in 0..5 {
        // Ten at once in each chat: typed faster than they leave, so that something always waits behind another.
        for chat in &chats {
            for line in burst * 10..burst * 10 + 10 {
                let text = format!("{}, line {line}", chat.customer.key);
                let (wish, message) = eva.types(chat.id, &text);
                wishes.insert(wish);
                owner.insert(text, (chat.id, message.to_string()));
                typed.entry(chat.id).or_default().push(message.to_string());
            }
        }
        if seed.once_in(2) {
            eva.all_done(&wishes).await;
        }
    }
    eva.all_done(&wishes).await;
    ledger::sent(&relay.file()).await;
    drop(hurry);
    let mut taken: BTreeMap<InteractionId, Vec<String>> = BTreeMap::new();
    for row in phones.taken().await {
        let (chat, message) = &owner[&row.text.unwrap()];
        taken.entry(*chat).or_default().push(message.clone());
    }
    let stored = Stored::read(&relay.file());
    assert_eq!(stored.faults(), Vec::<String>::new());
    let steps = stored.steps();
    let mut of_chat: BTreeMap<&str, Vec<&Step<'_>>> = BTreeMap::new();
    for step in &steps {
        of_chat.entry(step.stream).or_default().push(step);
    }
    let mut stumbled = 0;
    for (chat, typed) in &typed {
        let taken = taken.remove(chat).unwrap_or_default();
        let there: BTreeSet<&String> = taken.iter().collect();
        let expected: Vec<&String> = typed.iter().filter(|one| there.contains(one)).collect();
        assert_eq!(taken.iter().collect::<Vec<_>>(), expected, "{chat}: out of order, or one twice");
        // Before the next one goes, everybody can see what became of the one before.
        let steps = &of_chat[format!("interaction:{chat}").as_str()];
        let mut ended = 0;
        for step in steps {
            let place = typed.iter().position(|one| *one == step.message).expect("a message of this chat");
            if step.ends() {
                ended = ended.max(place + 1);
            } else {
                assert!(place <= ended, "{chat}: line {place} goes while line {ended} is on its way");
            }
        }
        assert_eq!(ended, typed.len(), "{chat}: not all came to an end");
        stumbled +=
            steps.iter().filter(|step| !matches!(step.delivery.as_str(), Some("sending" | "sent"))).count();
    }
    println!("I-22: {} chats, {stumbled} messages failed or unknown", typed.len());
    assert!(stumbled > typed.len() / 2, "{stumbled} failures are too few to show anything");
}

#[tokio::test(flavor = "multi_thread")]
async fn i19_a_lost_answer_is_unknown_and_the_message_is_not_sent_again() {
    let provider = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", provider.local_addr().unwrap());
    let mut relay = Relay::start_apart_on(None).await;
    let phones = Phones::of(&relay);
    let customer = phones.customer(Channel::Viber);
    let mut eva = Desk::open(&relay, "eva").await;
    customer.write("Hello").await;
    let card = eva.card().await;
    let chat = eva.accept(&card).await.interaction.id;
    // From now on the provider is one that takes what is sent and hangs up without an answer.
    let calls = Arc::new(AtomicUsize::new(0));
    tokio::spawn(hang_up(provider, Arc::clone(&calls)));
    relay.kill().await;
    relay.simulator = address;
    relay.restart().await;
    eva = Desk::open_with(&relay, eva.token.clone(), None, Vec::new()).await;
    let message = eva.send(chat, "Is it there?").await;
    tests::wait::until("the unknown state", || {
        let stored = Stored::read(&relay.file()).messages;
        let state = stored.into_iter().find(|one| one.id == message.to_string()).and_then(|one| one.delivery);
        async move { (state == Some(json!("unknown"))).then_some(()) }
    })
    .await;
    // Longer than the first pause between two tries.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(calls.load(Ordering::SeqCst), 1, "calls of the provider");
}

/// A provider that takes the call of the message above and hangs up; other calls get no answer either.
async fn hang_up(listener: TcpListener, calls: Arc<AtomicUsize>) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let calls = Arc::clone(&calls);
        tokio::spawn(async move {
            let mut request = Vec::new();
            while stream.read_buf(&mut request).await.is_ok_and(|more| more > 0) {
                if request.windows(12).any(|part| part == b"Is it there?") {
                    calls.fetch_add(1, Ordering::SeqCst);
                    return;
                }
            }
        });
    }
}
